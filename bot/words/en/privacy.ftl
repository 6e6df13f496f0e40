# What is kept of a person, and their say in it.
consent-question = **{ $poster }**, may I keep the faces from pictures you post, to learn who they are? Until you say yes nothing of them is kept; you can change your mind with `/privacy`.
consent-yes-label = Yes, learn from them
consent-no-label = No
consent-say-how = Please press one of the buttons, or reply `yes` or `no`. Until you say yes nothing is kept.
consent-given = Thank you! I keep faces from your pictures to learn from. `/privacy` shows and changes that.
consent-refused = All right: nothing of your pictures is kept. `/privacy` shows and changes that.
waiting = { $faces ->
    [one] **1 face that has a name waits**
   *[other] **{ $faces } faces that have a name wait**
} for the yes of { $people ->
    [one] 1 person
   *[other] { $people } people
} who posted { $faces ->
    [one] it
   *[other] them
}: until then I learn nothing from { $faces ->
    [one] it
   *[other] them
}.
waiting-ask-label = Ask again
waiting-for-nobody = Nothing waits for a yes any more.
waiting-asked = { $people ->
    [one] I have asked 1 person again, below a picture of theirs.
   *[other] I have asked { $people } people again, below a picture of theirs.
}
waiting-asked-lately = { $people ->
    [one] 1 person was asked less than a day ago; I ask nobody more often.
   *[other] { $people } people were asked less than a day ago; I ask nobody more often.
}
waiting-unreached = { $people ->
    [one] 1 person I could not ask: their picture is where I may not write, or they are gone.
   *[other] { $people } people I could not ask: their pictures are where I may not write, or they are gone.
}
never-learned = From pictures posted here nothing is learned: `settings consent` says so.
consent-not-yours = Only the person who posted the picture can answer that.

privacy-held = { $pictures ->
    [one] 1 picture
   *[other] { $pictures } pictures
} of yours that I answered (no pixels, only where the faces are), { $faces ->
    [one] 1 face
   *[other] { $faces } faces
} kept to learn from{ $unnamed ->
    [0] {""}
    [one] { " " }(1 of them waits for a name)
   *[other] { " " }({ $unnamed } of them wait for a name)
}, and { $corrections ->
    [one] 1 correction
   *[other] { $corrections } corrections
} that you made
privacy-never = No picture from Discord is learned from here. I hold { $held }. `/forgetme` deletes all of that.
privacy-agreed = You agreed that I keep the faces from your pictures to learn from: those that people have named, and for 30 days those that I do not know yet. Say no, and they are deleted at once. I hold { $held }. `/forgetme` deletes all of that.
privacy-refused = You said no: nothing of your pictures is kept. You can say yes for those that you post from now on. I hold { $held }. `/forgetme` deletes all of that.
privacy-unanswered = You have not answered yet whether I may learn from your pictures. You can now. I hold { $held }. `/forgetme` deletes all of that.
privacy-retention = { $days ->
    [0] Pictures are not forgotten by themselves.
    [one] Pictures are forgotten by themselves after a day, with all that was said of them.
   *[other] Pictures are forgotten by themselves after { $days } days, with all that was said of them.
}

forget-question = I hold { $held }. Shall I delete all that, on every server? It cannot be brought back.
forget-yes-label = Delete it all
forget-no-label = Keep it
forget-kept = All right: nothing was deleted.
forget-not-yours = Only the person who asked to be forgotten can answer that.
forget-name = { $name } ({ $faces })
forget-fewer = The next `/retrain` learns from { $faces ->
    [one] 1 face
   *[other] { $faces } faces
} fewer: { $names }. Until then answers still come from a version that has seen them.
forget-nothing-learned = Nothing that I learn from changes by it.
forget-done = Forgotten: { $held }. { $learning } My answers in chat stay until somebody deletes them. All that I keep is a “no” with your id, so that I neither keep nor ask anything again; `/privacy` changes that.
forget-traces = The database is in use just now, so traces of that are still on the disk. I overwrite them as soon as it lets me, also after a restart.
