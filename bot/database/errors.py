"""What the database refuses, each in a sentence for people."""

from ml.errors import KoredareError


class DatabaseError(KoredareError):
    """The root of the database's refusals."""


class DatabaseBusy(DatabaseError):
    """Others have kept the database locked for longer than we wait, or it gave up what was done for theirs."""

    code = "database_busy"

    def __init__(self) -> None:
        super().__init__("The database is busy with something else; please try again in a moment.")


class UnreachableDatabase(DatabaseBusy):
    """The server of the database does not answer, or no more: who asks again in a moment may be answered.

    `cause`: why, for the log; people are told as much as of any that is busy.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__()
        self.cause = f"I cannot reach the database {name}: {reason}"


class NoDriver(DatabaseError):
    """There is nothing installed that speaks with PostgreSQL."""

    def __init__(self) -> None:
        super().__init__("The database is one of PostgreSQL, which needs its driver: pip install 'koredare[postgres]'")


class NewerDatabase(DatabaseError):
    """The database has been migrated by a version of Koredare that knows more migrations than this one."""

    def __init__(self, name: str, revision: str) -> None:
        super().__init__(
            f"{name} was written by a newer Koredare (its schema is {revision}). "
            "Update Koredare, or choose another folder with --home."
        )


class ShardTaken(DatabaseError):
    """Another process of the bot has a shard, or all of them (None), that this one was to have."""

    def __init__(self, shard: int | None) -> None:
        which = "shards that I am to hold" if shard is None else f"shard {shard}"
        super().__init__(
            f"Another process of this bot holds {which} already: each needs its own, by shards and shard_ids under "
            "[discord]."
        )


class HalfCopied(DatabaseError):
    """A copy of another database that was broken off."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is a copy that is not whole yet: let `koredare db copy` go on, with the same words as before."
        )


class UnusableDatabase(DatabaseError):
    """The database cannot be opened, read, written or migrated; nobody in chat can do anything about it."""

    def __init__(self, name: str, reason: str, *, damaged: bool = False) -> None:
        mend = (
            " Put a backup in its place: `koredare restore FILE`; what lies there now is kept aside." if damaged else ""
        )
        super().__init__(f"I cannot use the database {name}: {reason}.{mend}")


class LogGone(UnusableDatabase):
    """A file beside SQLite's was taken away or replaced in which is what was written last; we have it open still."""

    def __init__(self, name: str, file: str) -> None:
        super().__init__(name, f"{file} was taken away while I use it; start me again")
        self.file = file


class BadName(DatabaseError):
    """A character's name is empty or too long."""

    code = "bad_name"

    def __init__(self, limit: int) -> None:
        super().__init__(f"A name needs at least one visible character and at most {limit}.")
        self.limit = limit


class OwnWord(BadName):
    """A name that we call strangers by ourselves, so that nobody could tell who is meant."""

    code = "own_word"

    def __init__(self, name: str) -> None:
        DatabaseError.__init__(self, f"“{name}” is what I call somebody whom I don't know, so nobody can be called so.")
        self.name = name


class TooManyNames(DatabaseError):
    """A guild knows as many names as it may, and one more is given."""

    code = "too_many_names"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"I take no more than {limit} names, and so many are known here. Moderators can delete characters that "
            "nobody needs."
        )
        self.limit = limit


class TooManyExamples(DatabaseError):
    """A guild keeps as many faces to learn from as it may, and a file has more."""

    code = "too_many_examples"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"I keep up to {limit} faces of one server to learn from, and with this file there would be more. "
            "`/knowledge remove` forgets those of another."
        )
        self.limit = limit


class NoSuchFace(DatabaseError):
    """There is no face with that id."""

    code = "no_such_face"

    def __init__(self, face_id: int) -> None:
        super().__init__(f"I don't remember face {face_id} any more.")
        self.face_id = face_id


class NoGuess(DatabaseError):
    """A face that was answered with "unknown" has no guess that could be right or wrong."""

    code = "no_guess"

    def __init__(self, number: int) -> None:
        super().__init__(f"I had no name for face {number}; tell me who it is instead.")
        self.number = number


class AlreadyTakenBack(DatabaseError):
    """A correction can be taken back once."""

    code = "already_taken_back"

    def __init__(self) -> None:
        super().__init__("That correction has already been taken back.")


class NoConsent(DatabaseError):
    """The poster has not agreed that anything of the picture is kept."""

    code = "no_consent"

    def __init__(self) -> None:
        super().__init__("The person who posted that picture has not agreed that I learn from it.")


class Unsettled(DatabaseError):
    """Nobody trusted has named the face, or people disagree about it."""

    code = "unsettled"

    def __init__(self) -> None:
        super().__init__("It is not settled yet who that is.")


class NoSuchCharacter(DatabaseError):
    """A name means nobody in a guild."""

    def __init__(self, name: str) -> None:
        super().__init__(f"I know nobody called {name}.")
        self.name = name


class NameTaken(DatabaseError):
    """A name means somebody already."""

    def __init__(self, name: str, by: str) -> None:
        super().__init__(f"{name} means {by} already; choose another name, or merge the two.")
        self.name = name
        self.by = by


class SameCharacter(DatabaseError):
    """Two names mean one character already."""

    def __init__(self, name: str, by: str) -> None:
        super().__init__(f"{name} and {by} are the same character already.")
        self.name = name
        self.by = by


class NoAlias(DatabaseError):
    """A name is no alias of a character, or one that stays: what a character was called at first."""

    def __init__(self, name: str, of: str) -> None:
        super().__init__(f"{name} is no alias of {of} that I could take away.")
        self.name = name
        self.of = of


class NothingToUndo(DatabaseError):
    """No change to a character of the guild stands."""

    def __init__(self) -> None:
        super().__init__("There is nothing left to undo: every character is called as at first.")
