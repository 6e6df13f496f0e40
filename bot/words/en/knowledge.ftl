# A server's knowledge as one file.
knowledge-files = { $files ->
    [0] Nothing has been imported here.
    [one] One file was imported here:
   *[other] { $files } files were imported here:
}
knowledge-file = **{ $file }**: { $faces ->
    [one] one face
   *[other] { $faces } faces
}
knowledge-exported = What this server has taught me: { $characters ->
    [one] one character
   *[other] { $characters } characters
} and { $faces ->
    [one] one face
   *[other] { $faces } faces
}, without who posted or said anything. The faces are from pictures of people who agreed that I learn from them here: give the file to nobody who should not see them. `/knowledge import` takes it in elsewhere.
knowledge-unseen = Faces from channels that you cannot see are left out.
knowledge-sent = I have sent you the file in a direct message, as it holds faces from members' pictures.
knowledge-no-messages = I may not send you direct messages. Use `/knowledge export`: only you see its answer.
knowledge-nothing = There is nothing to export yet: this server has not taught me anybody.
knowledge-too-large = { $faces } faces do not fit into a file of { $megabytes } MB, which is all that Discord takes here.
knowledge-too-heavy = That file is too large: I take up to { $megabytes } MB.
knowledge-unfit = { $reason ->
    [other] That is not a file of `/knowledge export`. For pictures of your own, ask my operator for `koredare import`.
    [newer] A newer Koredare wrote that file. Ask my operator to update me.
    [too-many] That file holds too much: I take up to { $most } faces at once.
   *[damaged] That file is damaged or was altered. Export it again, and leave it as it is. Nothing was imported.
}
knowledge-added = { $faces ->
    [0] No new face
    [one] One new face of { $names }
   *[other] { $characters ->
        [one] { $faces } new faces of { $names }
       *[other] { $faces } new faces of { $characters } characters: { $names }
    }
}{ $aliases ->
    [0] .
    [one] ; one new alias.
   *[other] ; { $aliases } new aliases.
}
knowledge-passed-over = { $known ->
    [0] { "" }
    [one] One face I had already.
   *[other] { $known } faces I had already.
}{ $disputed ->
    [0] { "" }
    [one] { " " }One face has another name here, which stands.
   *[other] { " " }{ $disputed } faces have another name here, which stands.
}
knowledge-next = { $faces ->
    [0] { "" }
   *[other] They count from the next picture on; `{ $prefix }knowledge remove { $file }` forgets them again.
}
knowledge-no-such-file = Nothing here came from a file called **{ $file }**. `/knowledge show` lists those that did.
knowledge-removed = { $faces ->
    [one] One face
   *[other] { $faces } faces
} that came with **{ $file }** { $faces ->
    [one] is
   *[other] are
} forgotten, from the next picture on.
