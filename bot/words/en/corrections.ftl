# Buttons and menus.
correction-right = All right
correction-wrong = Correct…
correction-take-back = Take it back
correction-which-face = Which face?
correction-which-is-no-face = Which one is not a face?
correction-choose-face = Choose a face
correction-choose-name = Choose a name
correction-who = Who is face **{ $number }**?
correction-suspect = Correct or confirm a face
correction-suspect-either = { $number }: { $one }, or { $other }?
correction-search = Search by typing…
correction-no-face = Not a face
correction-a-stranger = someone I don't know
correction-likelihood = { $percent } %
correction-new = New character: { $name }
correction-form = Who is it?
correction-form-name = Name
correction-form-hint = As your server writes it; a part is enough
correction-did-you-mean = I know nobody called **{ $typed }**. Did you mean one of these?
correction-is-new = I know nobody called **{ $typed }**. Is that somebody new?

# Thanks.
correction-thanks = Noted, thank you!
correction-thanks-waits = Learning from it waits for { $yours ->
    [yes] your
   *[no] the poster's
} yes.
correction-noted = Noted: **{ $who }**.
correction-noted-settled = Noted: **{ $who }**. I go by that from the next picture on.
correction-noted-waits = Noted: **{ $who }**. It waits for { $yours ->
    [yes] your
   *[no] the poster's
} yes; then I learn it.
correction-noted-refused = Noted: **{ $who }**. It is not learned, as who posted it has not agreed to that.
correction-noted-never = Noted: **{ $who }**. It is not learned: nothing that is posted here is.
correction-noted-no-room = Noted: **{ $who }**. I learn from it once my disk has room again, with the next retraining; my operator sees to that.
correction-noted-agreed = Noted: **{ $who }**. You agree, so I learn from it.
correction-noted-wanting = Noted: **{ $who }** ({ $wanting } more to agree, or a moderator).
correction-noted-disputed = Noted: **{ $who }** (people disagree, so a moderator must say).
correction-noted-overruled = Noted: **{ $who }**, though a moderator has said otherwise.
correction-noted-stranger = Noted: not **{ $who }**, but someone I don't know.
correction-stranger-already = Then it stays someone I don't know. Once somebody knows: `{ $number } is Riko`.
correction-noted-not = Noted: not **{ $who }**. Who is it?
correction-somebody-new = **{ $who }** is new to me.
correction-too-poor = The face is too small or blurred to learn from; a larger or sharper picture of it would teach me.
correction-taken-back = Taken back: it counts no more.
correction-nothing-to-take-back = There is nothing to take back: you have said nothing of that which still counts.
correction-not-yours = Only the one who said that can take it back.

# What was not understood.
correction-say-which = Which face do you mean? Say it like this: `2 is Riko`.
correction-say-how = To tell me who that is, say it like this: `{ $number } is Riko`.
correction-no-such-number = There is no face { $number } in that answer: it shows { $faces ->
    [one] one
   *[other] 1 to { $faces }
}.
correction-nobody-named = I have named nobody there. Press Correct… to tell me who it is.
correction-choose-name-of = Who is face { $number }?
correction-ask-again = I have a question about each of these too: say them again, a few at a time.
correction-of-sheet = Answer that sheet with the menu below it: its numbers are not those of an answer.
correction-too-many = That is too much at once: up to { $most } things, please.
correction-contradiction = Of face { $number } you say more than one thing, so I noted nothing.
