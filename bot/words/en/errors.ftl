# What went wrong, and what to do. Refusals of our own have their English in the code that raises them.
error-moderators = That is for moderators: it needs the permission **Manage Server**, or a role that this server counts as theirs.
error-out-of-sight = That was posted in a channel that you cannot see, so it is not yours to change.
error-servers-only = That works in a server only, not in direct messages.
error-my-permissions = Discord does not let me do that here: please check my permissions in this channel.
error-not-allowed = You may not do that here.
error-usage = It is said like this: `{ $usage }`
error-did-you-mean = Did you mean `{ $near }`?
error-no-such-part = `{ $command }` has no part **{ $part }**. It has: { $parts }.
error-missing = Something is missing: **{ $name }**.
error-no-such-channel = I find no such channel here, or none where people write. Name it like #pictures, or leave it out for this one.
error-no-such-person = I find nobody of that name here. Mention them with @, or give their id.
error-no-such-role = I find no such role here. Mention it with @, or give its id.
error-not-a-choice = **{ $name }** can only be one of: { $choices }.
error-too-much = I take one at a time there.
error-quotes = I did not understand all of that. A name of several words goes in quotes: `"Riko Sakura"`.
error-out-of-range = That must be a number from { $least } to { $most }.
error-not-understood = I did not understand that.
error-too-fast = Slower, please: try again in { $seconds ->
    [one] a second
   *[other] { $seconds } seconds
}.
error-command-changed = That command has changed: restart Discord, or wait a minute, and use it again.
error-gone = Discord no longer has that message or file: post the picture again.
error-discord = Discord has trouble at the moment: please try again in a minute.
error-picture-gone = Discord does not give me that picture any more: please post it again.
error-picture-later = Discord does not give me that picture just now: please try again in a minute.
error-automod = This server’s AutoMod does not let my answer through; its moderators can make an exception for me.
error-operator = Something is wrong with how I am set up; my operator can mend it, and finds it in the log as `{ $number }`.
error-unforeseen = Something went wrong that I did not foresee; my operator finds it in the log as `{ $number }`.
