# Which version answers, and how versions came along.
version-none = No version yet, so I know only whom I am being shown. Correct some faces, then `{ $prefix }retrain`.
version-since = **{ $version } answers** since { $when }.
version-since-by = **{ $version } answers** since { $when }, { $how ->
    [overridden] published against the gate
    [rolled_back] gone back to
    [imported] imported
   *[published] published
} by { $who }.
version-since-via = **{ $version } answers** since { $when }, { $how ->
    [overridden] published against the gate
    [rolled_back] gone back to
    [imported] imported
   *[published] published
}{ $via ->
    [shell] { " on the command line" }
    [schedule] { " by the schedule" }
   *[chat] { "" }
}.
version-shared = It is the one that all servers share; yours begins with the first `{ $prefix }retrain`.
version-unreadable = An earlier Koredare made it; what it measured I cannot read. `{ $prefix }retrain` makes a new one.
version-threshold = A name is said from { $percent } % on.
version-forgotten = It was trained with { $faces ->
    [one] 1 face that has
   *[other] { $faces } faces that have
} been forgotten since: `{ $prefix }retrain` makes one without.
version-last-kept = The last retraining, { $when }, changed nothing: { $verdict ->
    [strangers_worse] it would have given names to strangers more often
   *[naming_worse] it would have named fewer faces rightly
}.
version-set-aside = Damaged, and set aside for my operator; nothing of it is deleted: { $versions }.
version-confusion-alt = Chart: of the faces held out, who was called what.
version-back = **{ $version }** answers from now on.

versions-none = No version yet.
versions-kept = { $versions ->
    [one] 1 version is kept: { $last }.
   *[other] { $versions } versions are kept, { $first } to { $last }.
}
versions-alt = Chart. { $lines }
versions-alt-line = { $version }: named { $named }, strangers left unnamed { $strangers }
