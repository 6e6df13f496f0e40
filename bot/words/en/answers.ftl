# An answer: one line a face.
answer-sure = { $name } · almost sure · { $percent } %
answer-probable = { $name } · probably · { $percent } %
answer-doubtful = { $name } · perhaps · { $percent } %
answer-runner-up = { $guess } (or { $name }, { $percent } %)
answer-learned = { $guess } · learned from { $pictures ->
    [one] 1 picture
   *[other] { $pictures } pictures
}, not measured yet
answer-stranger = someone I don't know
answer-stranger-closest = someone I don't know (closest: { $name }, { $percent } %)
answer-strangers = **{ $first }** to **{ $last }**: nobody I know (`{ $prefix }whois` in reply to the picture shows which is which)
answer-question = perhaps { $name }? · { $percent } %
answer-poor = too small or blurred to tell
answer-not-a-face = not a face
answer-settled-by-moderator = { $who } ✔ a moderator says so
answer-settled-by-members = { $who } ✔ you agree
answer-settled-by-you = { $who } ✔ you say so
answer-said = { $guess } — { $said }
answer-says = { $people ->
    [one] 1 says { $who }
   *[other] { $people } say { $who }
}
answer-says-in-vain = { $people ->
    [one] 1 says { $who } (does not count)
   *[other] { $people } say { $who } ({ $idle ->
        [one] 1 does
       *[other] { $idle } do
    } not count)
}
answer-says-not = { $people ->
    [one] 1 says not { $who }
   *[other] { $people } say not { $who }
}
answer-more = … and { $count } more

# What a screen reader says of the labelled picture.
answer-alt = Faces, left to right: { $faces }
answer-alt-face = { $number }: { $name }
answer-alt-question = { $number }: perhaps { $name }
answer-alt-stranger = { $number }: unknown

# Below the lines.
answer-more-faces = There are more faces in it than I look at in one picture. For the others, post a part of it.
answer-looked-at = I looked at the first { $looked } of { $posted } pictures.
answer-animated = { $pictures ->
    [one] The picture moves: I judged it by its first frame.
   *[other] Pictures that move I judged by their first frame.
}
answer-too-large = Discord did not take the labelled picture: it is too large for this server.
answer-damaged = { $damaged ->
    [active] The note of which version answers
   *[other] { $whose ->
        [everyone] The shared { $damaged }
       *[own] { $damaged }
    }
} is damaged, so { $instead ->
    [nobody] nobody is named
   *[other] { $theirs ->
        [everyone] the shared { $instead }
       *[own] { $instead }
    } answers
} until a moderator says `{ $prefix }retrain`.

# Until there is an answer, or instead of one.
answer-waits = Many pictures are waiting: the answer comes in about { $minutes ->
    [0] { $seconds } s
   *[other] { $minutes } min
}.
answer-no-face = { $pictures ->
    [one] I see no anime face in that picture.
   *[other] I see no anime face in those pictures.
} A face that looks at us, upright and at least 30 pixels wide, helps; a screenshot or drawing works better than a photograph.
answer-no-picture = Which picture? Attach one, or use this in reply to a message that has one.
answer-other-files = I look at pictures only: JPEG, PNG, WebP, GIF, AVIF or HEIC. Of a video or a document, attach a screenshot.
answer-only-a-link = I look at attached pictures only, not at links: save the picture, and attach it.
answer-my-own = That is my own answer. Use this in reply to the picture itself, or press Correct… below the answer.
answer-forgotten = I don't remember that answer any more. Post the picture again.
answer-hint = Hello! Show me a picture: mention me with one, or in reply to one, and I say who is in it.
