# Teaching with pictures.
teach-looking = Looking at { $pictures ->
    [one] the picture…
   *[other] the { $pictures } pictures…
}
teach-looked = Looking at the { $pictures } pictures… { $done } done.

# What was learned.
taught-one = **{ $name }**: { $faces ->
    [one] 1 face
   *[other] { $faces } faces
} · { $how }
taught-several = { $faces } faces of { $characters } characters · { $how }: { $names }
taught-how = { $how ->
    [moderator] ✔ a moderator says so
    [members] ✔ you agree
    [disputed] people disagree, so a moderator must say
   *[wanting] { $wanting } more to agree, or a moderator
}
taught-which = { $pictures ->
    [one] One picture has several faces
   *[other] { $pictures } pictures have several faces
}: which is meant? Choose below.
taught-nobody = Nothing was learned.
taught-choose = Which faces are meant?
taught-choice = { $number }: { $name }

# Below.
taught-next = I go by that from the next picture on.
taught-agreed = Whoever uploads pictures to teach me agrees that I keep the faces in them to learn from. Take it back, and they are deleted; `/privacy` shows what I keep.
taught-waits = What somebody else posted I learn from once they agree.
taught-refused = Who posted that has not agreed that I learn from their pictures, so I don't.
taught-new = { $characters ->
    [one] { $names } is new to me.
   *[other] { $characters } of them are new to me.
}
taught-near = { $name } is new to me. If you meant { $near }, take it back.
taught-known = { $pictures ->
    [one] One picture I had already.
   *[other] { $pictures } pictures I had already.
}
taught-left-out = Left out: { $file }: { $reason }
taught-left-out-many = { $pictures } files are left out; the list is attached.
taught-remove = `{ $prefix }knowledge remove { $file }` forgets them again.
taught-alt = The faces: { $lines }

# Why something is left out.
teach-no-face = no face found
teach-too-poor = the face is too small or blurred to learn from
teach-several = { $faces } faces, of which I cannot ask here
teach-known-as = the same picture is { $name } here
teach-damaged = damaged
teach-gone = it cannot be fetched
teach-nobodys = neither in a character's folder, nor named after one

# What is wrong with what was asked.
teach-no-name = Whom do the pictures show? Say it like this, with up to ten pictures or in reply to some: `{ $prefix }teach Riko`. Or attach a ZIP with a folder of pictures for each character.
teach-no-such-name = **{ $name }** says more than a name. Say only the name, or put it in quotes if that is what they are called: `"Riko"`.
teach-no-picture = Attach up to ten pictures of **{ $name }**, or use this in reply to a message that has some.
teach-never = No picture from Discord is learned from here, so I cannot be taught with any. My operator can do it with `koredare import --guild { $guild }`.
teach-zip-members = That ZIP has { $pictures } pictures. From a member I take up to { $most } at a time, so that others can look at them and agree; a moderator can send me all of them.
teach-zip-too-heavy = That ZIP is too large: I take up to { $megabytes } MB, as Discord does here. Send it in parts, or ask my operator for `koredare import --guild { $guild }`.
teach-zip-unfit = { $reason ->
    [other] That is no ZIP file. Pack the pictures as a ZIP, with a folder for each character.
    [too-many] That ZIP holds too much: I take up to { $most } pictures at once. Send it in parts.
    [nobody] That ZIP shows nobody whose name I could tell. I expect a folder of pictures for each character, named after them, or files such as `Riko_01.png`.
   *[damaged] I cannot read that ZIP: it is damaged, protected by a password, or packed in another way than usual.
}
teach-form = Teach me who that is
teach-form-name = Name
