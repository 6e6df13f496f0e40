# How well the bot does in a server, and who helped.
stats-done = Here I answered { $pictures ->
    [one] 1 picture
   *[other] { $pictures } pictures
}; { $corrections ->
    [one] 1 correction counts
   *[other] { $corrections } corrections count
}. I can learn { $characters ->
    [one] 1 character
   *[other] { $characters } characters
} from { $examples ->
    [one] 1 face
   *[other] { $examples } faces
}.
stats-no-version = I have not been retrained yet: correct some faces, and I go by that at once; how well, a retraining measures.
stats-weak = **Still weak** in { $version }, of faces held out: { $characters }. Pictures of them, corrected, help most.
stats-weak-character = { $name } ({ $right } of { $total } named)
stats-none-weak = { $version } named { $faces ->
    [one] the one face
   *[other] all { $faces } faces
} held out.
stats-few = **Too few pictures to measure** { $count ->
    [one] one character
   *[other] { $count } characters
}: { $characters }.
stats-few-character = { $name } ({ $faces ->
    [one] 1 face
   *[other] { $faces } faces
})
stats-helpers = **Helped most**: { $helpers }.
stats-helper = { $who } ({ $faces ->
    [one] 1 face
   *[other] { $faces } faces
} rightly named)
stats-no-helpers = **Helped most**: nobody has asked to be named yet.
stats-join-label = Name me too
stats-leave-label = Don't name me
stats-joined = You are named here among those who helped most, once something that you said of a face holds. `stats leave` takes your name away.
stats-left = You are not named here. `stats join` changes that.
