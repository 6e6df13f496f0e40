# What stands in charts: a few words each, as a phone shows them.
chart-first = What this retraining came to
chart-changes = Before and after
chart-changes-below = named rightly, of faces held out{ $hidden ->
    [0] { "" }
    [one] ; 1 character changed less
   *[other] ; { $hidden } characters changed less
}
chart-all = all faces held out
chart-strangers = strangers left unnamed
chart-none = none held out
chart-no-worse = before, after: no worse
chart-worse = before, after: worse
chart-of = { $share } of { $total }
chart-from-to = { $before } → { $share } of { $total }
chart-history = Version by version
chart-history-below = measured on the faces held out at that time, with 95 % intervals
chart-named = faces named rightly
chart-faces = { $faces ->
    [one] 1 face
   *[other] { $faces } faces
}
chart-answers = answers
chart-confusion = Who was called what
chart-confusion-below = { $version }, on faces held out
chart-rows-hidden = { $hidden ->
    [one] 1 row with fewer mistakes is not shown
   *[other] { $hidden } rows with fewer mistakes are not shown
}
chart-no-name = strangers
chart-unknown = unknown
chart-true = true
chart-called = called
chart-right = right
chart-wrong-name = wrong name
chart-left-unnamed = left unnamed
