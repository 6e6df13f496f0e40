# A review: the faces that would teach most.
review-strangers = **Somebody new:** these { $faces } faces look alike to me, and I know none of them. Who is it?
review-alike = **Alike:** these { $faces } faces look alike to me. Who is it: { $who }?
review-singles = Who are these? Choose a face below.
review-line = **{ $number }** { $why } · [picture]({ $link })
review-pictures = Pictures: { $links }
review-left = { $left ->
    [one] 1 question follows.
   *[other] { $left } questions follow.
}

# Why a face is asked for.
review-unsure = unsure: { $who }
review-either = { $one } or { $other }
review-somebody-new = somebody new
review-stranger = not who it looked like; somebody new?
review-alone = somebody new?
review-caption-or = or
review-caption = { $who }?

# Menus and buttons.
review-choose = Choose a face
review-all-are = All { $faces } are…
review-odd = Some are somebody else…
review-odd-face = Face { $number }
review-apart = These are not the same
review-skip = { $faces ->
    [one] Skip
   *[other] Skip these { $faces }
}
review-back = Back
review-who = **{ $number }** { $why }. Who is it?

# What came of it.
review-noted = Noted: { $faces ->
    [one] that is **{ $who }**.
   *[other] these { $faces } are **{ $who }**.
}
review-noted-no-face = Noted: { $faces ->
    [one] that is no face.
   *[other] these { $faces } are no faces.
}
review-noted-apart = Noted: { $faces ->
    [one] that face is somebody else.
   *[other] these { $faces } faces are not the same.
}
review-meanwhile = { $all ->
    [true] Another moderator has said so meanwhile: **{ $names }**. That stands.
   *[false] Of { $faces ->
        [one] 1 of them another moderator has said meanwhile who it is
       *[other] { $faces } of them another moderator has said meanwhile who they are
    }: **{ $names }**. That stands.
}
review-taken-back = Taken back.

review-nothing = There is nothing to review. I ask here about faces that I don't know or am unsure about, and about those that people disagree on, in pictures whose posters let me learn from them.
review-over = That was all. What you skipped comes again with the next `review`.
review-never = No picture from Discord is learned from here, so there is nothing to review. `settings` changes that.

# What a screen reader says of a sheet.
review-alt = Faces without a name: { $lines }
review-alt-group = { $faces } faces that look alike
