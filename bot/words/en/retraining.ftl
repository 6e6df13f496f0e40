# What a retraining came to, in chat and on the shell.
retraining-progress = Retraining: { $stage ->
    [waiting] waiting until another one has ended
    [starting] warming up
    [embedding] looking at kept faces again, with a new embedder
    [training] learning
   *[measuring] comparing with the version before
}… { $bar }
retraining-below = This retraining has ended; what came of it stands below.
retraining-stopped = The retraining was stopped, because I was. The old version stays; say `retrain` again.

# First what is new, then who is better or worse, then what would help.
report-new = I know { $names } now.
report-nobody-new = Nobody is new; { $better ->
    [0] nobody is safer
    [one] 1 is safer
   *[other] { $better } are safer
}, { $worse ->
    [0] nobody is less safe
    [one] 1 is less safe
   *[other] { $worse } are less safe
}.
report-nothing-new = Nobody is new, and nobody is named better or worse than before.
report-kept = I keep to what I knew: the new version would have been worse.
report-and = { $others } and { $last }
report-more = { $count } more
report-better = Safer: { $who }.
report-worse = Less safe: { $who }.
report-would-be-worse = It would have been less safe of { $who }.
report-moved = { $name } ({ $rate })
report-dropped = No longer known: { $names }.
report-helps-next = What would help most: { $more ->
    [one] 1 more picture
   *[other] { $more } more pictures
} of { $name }, who has { $faces }.
report-suspects = { $faces ->
    [one] 1 face that I learned from looks
   *[other] { $faces } faces that I learned from look
} wrong to me: `{ $command }` shows a moderator which.

# Which version answers, and why.
retrained-published = Published as { $version }.
retrained-overridden = Published as { $version }, against the gate.
retrained-kept = { $whose ->
    [nobody] The old version
    [everyone] What all servers share
   *[own] The old { $version }
} stays.
retrained-go-back = Go back with `{ $command }`.
retrained-override = To publish it all the same: `{ $command }`.
retrained-too-few = { $faces ->
    [0] No face is held out yet
    [one] Only 1 face is held out
   *[other] Only { $faces } faces are held out
}, too few to say whether it is better ({ $enough } would do).
retrained-naming-worse = Of { $faces ->
    [one] 1 face
   *[other] { $faces } faces
} held out the new one names { $fewer } fewer rightly.
retrained-strangers-worse = The new one gives names to strangers more often: to { $more } more of { $faces }.
report-tally = { $faces ->
    [one] 1 face has
   *[other] { $faces } faces have
} a name that I trust. I learned { $characters ->
    [one] 1 character
   *[other] { $characters } characters
} from { $learned }; { $held_out ->
    [0] none is held out to try me
    [one] 1 is held out to try me
   *[other] { $held_out } are held out to try me
}{ $repeated ->
    [0] { "" }
    [one] ; 1 looks like another of the same character and is left aside
   *[other] ; { $repeated } look like others of the same character and are left aside
}{ $unwanted ->
    [0] { "" }
    [one] ; 1 was posted here, where nothing is learned
   *[other] ; { $unwanted } were posted here, where nothing is learned
}{ $stale ->
    [0] { "" }
    [one] ; 1 could not be embedded with this embedder
   *[other] ; { $stale } could not be embedded with this embedder
}.

# The figures, in a file and on the shell.
report-learned = Learned from { $faces ->
    [one] 1 face
   *[other] { $faces } faces
} of { $characters ->
    [one] 1 character
   *[other] { $characters } characters
}.
report-named = Faces held out named rightly: { $rate }.
report-named-but = Faces held out named rightly: { $rate } ({ $waiting } more { $waiting ->
    [one] waits
   *[other] wait
} for a moderator: members name them otherwise than it).
report-strangers = Strangers left unnamed: { $rate }.
report-look-alikes = Faces held out left unnamed, if I did not know their names: { $rate }.
report-step = With { $many } instead of { $few } pictures the likeliest name was right for { $after } % instead of { $before } % (measured on { $measured ->
    [one] 1 face
   *[other] { $measured } faces
} held out, of { $characters ->
    [one] 1 character
   *[other] { $characters } characters
}).
report-suspects-pair = Looks wrong: { $faces ->
    [one] 1 face
   *[other] { $faces } faces
} of { $name }, like { $other }.
report-character = { $name } ({ $facts }): { $rate }
report-character-faces = learned from { $faces }
report-character-was = was { $name }
report-character-new = new
report-character-added = { $faces } new
report-character-gone = { $faces } gone

rate-first = { $share } % of { $total } ({ $low } to { $high } %)
rate-alone = { $share } % of { $total }
rate-changed = { $before } % → { $share } % of { $total }
rate-few = { $right } of { $total }
rate-few-changed = { $before } → { $right } of { $total }
rate-same = { $rate }, face for face as before
rate-moved = { $rate } ({ $gained } gained, { $lost } lost)
rate-compared = { $rate } (a change of { $down } to { $up } points; { $gained } gained, { $lost } lost{ $chance ->
    [sure] ; more than chance, p = { $p }
    [maybe] ; it may be chance, p = { $p }
   *[no] { "" }
})
rate-none = none to measure
rate-none-yet = none held out yet

changes-alt = Chart. { $lines }
changes-alt-named = All faces held out: { $rate }
changes-alt-strangers = strangers left unnamed: { $rate }
changes-alt-character = { $name }: { $rate }
