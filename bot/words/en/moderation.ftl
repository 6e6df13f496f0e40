# What moderators do about wrong corrections.
undo-nothing = **{ $name }** has said nothing here that still counts.
undo-done = Taken back: { $corrections ->
    [one] 1 correction
   *[other] { $corrections } corrections
} of **{ $name }**. { $faces ->
    [0] Nothing to learn from rested on that.
    [one] 1 face to learn from lost its name or got another; I go by that from the next picture on.
   *[other] { $faces } faces to learn from lost their names or got another; I go by that from the next picture on.
}

suspects-none = No face that I learn from looks wrong to me. I look again at each `/retrain`.
suspects-head = { $faces ->
    [one] 1 face of those that I learn from looks
   *[other] { $faces } faces of those that I learn from look
} wrong to me.
suspects-line = **{ $number }** { $name }, looks like { $other } · { $source }
suspects-answer = [answer]({ $link })
suspects-imported = imported from { $folder }
suspects-imported-somewhere = imported
suspects-what-to-do = Choose one below to correct it, or to confirm its name; those that you leave stay as they are. What was imported is my operator's to mend.
suspects-more = { $faces ->
    [one] 1 more follows
   *[other] { $faces } more follow
} once these are answered.
suspects-alt = Faces that look wrong. { $lines }
suspects-alt-line = { $number }: named { $name }, looks like { $other }
