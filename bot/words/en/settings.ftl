# Channels that are watched.
watching = From now on I answer every picture in { $channel }.
watching-already = As before, I answer every picture in { $channel }.
watching-with = I answer pictures in { $channel } because I watch { $parent }, where it belongs; `{ $prefix }unwatch` there ends it.
watching-ended = From now on I answer pictures in { $channel } only when asked.
watching-never = I was not watching: I answer pictures in { $channel } only when asked.
watching-blind = I cannot see pictures posted there without being asked: Discord does not let me read messages. My operator can switch on the **Message Content Intent** in Discord's developer portal. Until then mention me, or use `/whois`.
answer-hidden = Discord hides that message from me, as I may not read messages that do not mention me. Open its menu instead: **Apps**, then **Who is this?**

# What moderators choose. The words in `…` are what they type.
settings-heading = **How I am set up here.** Change it with the menus below, or write for example `{ $prefix }settings quorum 3`; `default` goes back.
settings-threshold = **Names** (`threshold`): { $threshold ->
    [strict] `strict`, I say a name only when I am surer than measured: fewer wrong names, more people I don't know
    [bold] `bold`, I say a name also when I am less sure than measured: fewer people I don't know, more wrong names
   *[default] `default`, I say a name when I am as sure as the last retraining measured that I should be
}.
settings-threshold-percent = { " " }That is from { $percent } % on.
settings-quorum = **Agreement** (`quorum`): { $members ->
    [one] one member's word is enough for me to trust a name
   *[other] { $members } members must agree before I trust a name; a moderator's word is enough alone
}.
settings-roles = **Moderators** (`roles`): who may manage the server{ $count ->
    [0] . You can choose roles that count as well.
   *[other] , and { $roles }. Discord shows them my moderators' slash commands once you allow it under Server Settings, Integrations; written commands work at once.
}
settings-language = **Language** (`language`): { $language ->
    [ja] Japanese
   *[en] English
}.
settings-consent = **Learning** (`consent`): { $consent ->
    [ask] `ask`, I ask people once before I keep anything of their pictures to learn from
    [given] `given`, I keep faces to learn from without asking; who says no with `privacy` is left out
   *[never] `never`, I learn nothing from pictures posted here, and keep no more of them
}.
settings-reports = **Reports** (`reports`): I retrain by myself, and say in { $channel } what came of it.
settings-reports-nowhere = **Reports** (`reports`): I retrain by myself, and say nothing of it anywhere.
settings-watched = **Watched channels**: { $count ->
    [0] none. `{ $prefix }watch` in a channel has me answer every picture there.
   *[other] { $channels }{ $more ->
        [0] .
       *[other] { " " }and { $more } more.
    }
}
settings-as-operator = { " " }(As my operator has it.)
settings-as-discord = { " " }(As in Discord's server settings.)
settings-accepted = **{ $setting }** can be one of: { $choices }.
settings-quorum-accepted = **quorum** can be a number of members, from 1 to { $most }, or `default`.
settings-roles-everyone = Everybody has the role @everyone: choose a role that only moderators have.
settings-roles-too-many = Choose up to { $most } roles.

# In the menus: at most 100 letters.
settings-menu-strict = Names: stricter, fewer wrong
settings-menu-measured = Names: as sure as measured
settings-menu-bold = Names: bolder, more wrong
settings-menu-quorum = Agreement: { $members ->
    [one] one member is enough
   *[other] { $members } members
}
settings-menu-quorum-default = Agreement: { $members ->
    [one] one is enough
   *[other] { $members } members
} (default)
settings-menu-language-default = Language: as on Discord
settings-menu-never = Learning: never from here
settings-menu-consent-default = Learning: { $consent ->
    [ask] ask once
    [given] without asking
   *[never] never
} (default)
settings-roles-choose = Moderators: choose roles
