# All characters.
characters-none = I know nobody yet. Tell me who a face is, below one of my answers.
characters-head = { $characters ->
    [one] I know **one character**.
   *[other] I know **{ $characters } characters**.
}{ $pages ->
    [1] { "" }
   *[other] { " " }Page { $page } of { $pages }.
}
characters-line = **{ $name }** · { $faces ->
    [0] no example yet
    [one] 1 example
   *[other] { $faces } examples
} · { $level ->
    [very-well] very well known
    [well] well known
    [fairly] fairly well known
    [badly] often mistaken
    [unlearned] not learned yet
   *[unmeasured] learned, not measured yet
}
characters-back = Back
characters-on = On

# One character.
character-name = **{ $name }**
character-aliases = Also called: { $aliases }.
character-examples = { $faces ->
    [0] I have no example of this face yet.
    [one] One example: { $origins }.
   *[other] { $faces } examples: { $origins }.
}
character-posted = { $faces } from pictures posted here
character-imported = { $faces } from what this server imported
character-shared = { $faces } from what all servers share
character-known = { $level ->
    [very-well] I know this face very well: { $right } of { $total } held out to try me were named rightly.
    [well] I know this face well: { $right } of { $total } held out to try me were named rightly.
    [fairly] I know this face fairly well: { $right } of { $total } held out to try me were named rightly. More examples help.
    [badly] I often get this face wrong: { $right } of { $total } held out to try me were named rightly. More examples help.
    [unlearned] I have not learned this face yet: I do as soon as there is an example.
   *[unmeasured] I have learned this face, but too few examples are held out to say how well. More help.
}
character-confused = Taken for somebody else in chat: { $others }.
character-double = { $name } ({ $times ->
    [one] once
    [2] twice
   *[other] { $times } times
})
character-faces = { $faces ->
    [one] A face
   *[other] { $faces } faces
} that I learned { $name } from.
character-unknown = I know nobody called **{ $name }**. `/characters` shows everybody I know.
character-more = { $count } more
character-did-you-mean = I know nobody called **{ $name }**. Did you mean { $nearest }?

# What moderators do to characters.
character-renamed = **{ $name }** is called **{ $other }** from now on, and still found as { $name }. `{ $undo }` undoes that.
character-merged = **{ $name }** is **{ $other }** from now on: { $faces ->
    [0] no example moves
    [one] one example moves
   *[other] { $faces } examples move
}, and { $name } is another name of { $other }. I go by that from the next picture on. `{ $undo }` undoes that.
character-alias-given = **{ $other }** is another name of **{ $name }** from now on.
character-alias-taken = **{ $other }** is no longer a name of **{ $name }**.
character-undone = Undone: { $what } Say it again for the change before.
character-undone-rename = **{ $other }** is called **{ $name }** again.
character-undone-merge = **{ $name }** and **{ $other }** are two again.
character-undone-alias = **{ $other }** is no longer a name of **{ $name }**.
character-undone-unalias = **{ $other }** is a name of **{ $name }** again.
character-undone-import = the other names that came with **{ $file }** are gone; its faces stay.
character-changes = { $changes ->
    [0] No name has been changed here yet. `/help character` shows how.
   *[other] The latest changes to names:
}
character-change = { $when }, { $who }: { $kind ->
    [rename] { $name } is called **{ $other }**
    [merge] { $name } is **{ $other }**
    [alias] **{ $other }** is another name of { $name }
    [unalias] **{ $other }** is no name of { $name }
   *[import] other names from the file **{ $name }**
}{ $stands ->
    [false] { " " }(undone)
   *[true] { "" }
}
character-changed-by-somebody = somebody
delete-question = Delete **{ $name }**? { $corrections ->
    [0] Nobody has called a face so.
    [one] 1 correction that speaks of that name counts no more,
   *[other] { $corrections } corrections that speak of that name count no more,
}{ $corrections ->
    [0] { "" }
   *[other] { " " }and { $faces ->
        [0] no face that I learn from loses it
        [one] 1 face that I learn from loses it
       *[other] { $faces } faces that I learn from lose it
    }.
} **This cannot be undone.** To give them another name instead: `character rename` or `character merge`.
delete-yes-label = Delete it
delete-no-label = Keep it
delete-kept = All right: nothing was deleted.
delete-done = **{ $name }** is deleted: { $corrections ->
    [one] 1 correction counts
   *[other] { $corrections } corrections count
} no more, and { $faces ->
    [0] no face that I learn from loses its name
    [one] 1 face that I learn from loses its name
   *[other] { $faces } faces that I learn from lose their names
}. I go by that from the next picture on.
delete-gone = There is no such character here any more: nothing was deleted just now.
delete-shared = **{ $name }** is not this server's alone: all servers share faces of that name, which my operator imported. Here you can call them otherwise with `character rename`, or make them somebody else with `character merge`.
character-taken = **{ $name }** { $same ->
    [true] is somebody here already
   *[false] already means **{ $by }**
}. Choose another name, or make two characters one with `character merge`.
character-same = **{ $name }** and **{ $by }** are the same character already.
character-no-alias = **{ $name }** is not another name of **{ $of }** that I could take away: what a character was called at first, and what it is called now, stays.
character-nothing-to-undo = There is nothing left to undo: every character is called as at first.
