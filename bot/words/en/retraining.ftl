# What a retraining came to, in chat and on the shell.
retraining-progress = Retraining: { $stage ->
    [starting] warming up
    [embedding] looking at kept faces again, with a new embedder
    [training] learning
   *[measuring] comparing with the version before
}… { $bar }
retraining-stopped = The retraining was stopped, because I was. The old version stays; say `retrain` again.

retrained-published = Published as { $version }.
retrained-overridden = Published as { $version }, against the gate.
retrained-kept = { $whose ->
    [nobody] The old version
    [everyone] The shared { $version }
   *[own] The old { $version }
} stays.
retrained-before = { $whose ->
    [nobody] the old version
    [everyone] the shared { $version }
   *[own] the old { $version }
}
retrained-go-back = Go back with `{ $command }`.
retrained-override = To publish it all the same: `{ $command }`.

retrained-first = It is the first version.
retrained-no-worse = It is no worse than { $before }.
retrained-too-few = Only { $faces ->
    [one] 1 face is
   *[other] { $faces } faces are
} set aside, too few to tell it from { $before } ({ $enough } would do); it does not lose more than one of them, so it is taken.
retrained-naming-worse = Of { $faces ->
    [one] 1 face
   *[other] { $faces } faces
} set aside it names { $fewer } fewer rightly than { $before } ({ $lost } lost, { $gained } gained; { $chance }).
retrained-strangers-worse = It gives names to strangers more often than { $before } ({ $more } more of { $faces }; { $chance }).
retrained-more-than-chance = more than chance, p = { $p }
retrained-may-be-chance = it may be chance, p = { $p }

report-learned = Learned from { $faces ->
    [one] 1 face
   *[other] { $faces } faces
} of { $characters ->
    [one] 1 character
   *[other] { $characters } characters
}.
report-named = Faces set aside named rightly: { $rate }.
report-named-but = Faces set aside named rightly: { $rate } ({ $waiting } more { $waiting ->
    [one] waits
   *[other] wait
} for a moderator: members name them otherwise than it).
report-strangers = Strangers left unnamed: { $rate }.
report-look-alikes = Faces set aside left unnamed, if I did not know their names: { $rate }.
report-character = · { $name } ({ $facts }): { $rate }
report-character-faces = { $faces }
report-character-was = was { $name }
report-character-new = new
report-character-added = { $faces } new
report-character-gone = { $faces } gone
report-dropped = No longer known: { $names }.
report-stale = { $faces ->
    [one] 1 face was
   *[other] { $faces } faces were
} left out: they could not be embedded with this embedder.
report-suspects = { $faces ->
    [one] 1 face looks
   *[other] { $faces } faces look
} wrong ({ $who }): `/suspects` shows a moderator which.
report-suspects-pair = { $faces } of { $name } like { $other }
report-helps-next = What would help most: { $name } has { $faces ->
    [one] 1 face
   *[other] { $faces } faces
}; { $more } more would do it. With { $many } instead of { $few } the likeliest name was right for { $after } % instead of { $before } % (measured on { $measured ->
    [one] 1 face
   *[other] { $measured } faces
} of { $characters ->
    [one] 1 character
   *[other] { $characters } characters
}).

rate-first = { $share } % of { $total } ({ $low } to { $high } %)
rate-alone = { $share } % of { $total }
rate-changed = { $before } % → { $share } % of { $total }
rate-same = { $share } % of { $total }, face for face as before
rate-compared = { $rate } (a change of { $down } to { $up } points; { $gained } gained, { $lost } lost)
rate-none = none to measure
rate-none-yet = none set aside yet

changes-alt = Chart. { $lines }
changes-alt-named = All faces set aside: { $rate }
changes-alt-strangers = strangers left unnamed: { $rate }
changes-alt-character = { $name }: { $rate }
