"""Who a face is, as people have settled it: the rules, applied to what was said.

The rules, for one face. Corrections that were taken back do not exist. Names are those of the guild where the face was
posted, so characters that were merged there are one; of what was imported for everyone, everyone's.

1. A person's *word* is the latest of their "right", "name" and "not_face" ("right" names the guess). A later "not
   X" of the same person cancels their word X, and a later word X cancels their "not X".
2. The latest word of a moderator or an importer settles the face, unless one of these has since said "not" that.
3. Otherwise the face is settled where at least `quorum` people have the same word, nobody has another, and nobody
   says "not" that. Here only what *counts* is heard.
4. Otherwise it is unsettled, and nobody's example.

What a moderator or an importer says counts. What a member says is always shown, and counts unless

a. their account was younger than `NEW_ACCOUNT` when they said it,
b. they spoke of more than `BURST` pictures within that minute,
c. it was not among the first `PER_DAY` things that they said in the guild on that day (UTC), so that nobody teaches
   a guild alone with one helper in one night,
d. rule 2 has overruled them in the guild at least `OVERRULED` times, and more often than it has upheld them. Lies
   that a moderator finds so take the liars' other words along, and those of the friends who agreed, at once.

Rules 1 and 2 need what was said of the face alone, a to c what a person said on one day, d two numbers for each person:
so nothing here ever goes through all that was said. `bot.database.judging` applies them, `judgements` keeps what comes
of it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

NEW_ACCOUNT: Final = timedelta(days=7)
BURST: Final = 20  # pictures a minute: three seconds each, which nobody needs who looks at them
PER_DAY: Final = 100  # things said: an evening's work, and a small part of what a guild learns from
OVERRULED: Final = 3

TRUSTED: Final = 1_000_000  # voices: more than any quorum asks for
_DISCORD: Final = 1_420_070_400  # when Discord's ids begin, in Unix time


class Said(NamedTuple):
    """A correction that stands.

    Attributes
    ----------
    guild_id, picture_id
        Of the face.
    character_id
        Of the character that it means today; None: not a face.
    against
        It says that it is *not* that.
    trusted
        It is a moderator's or an importer's.
    """

    id: int
    face_id: int
    guild_id: int | None
    picture_id: int
    user_id: int | None
    at: datetime
    character_id: int | None
    against: bool
    trusted: bool


class Word(NamedTuple):
    """What a person says last of a character of a face, and what trusted people make of that.

    Attributes
    ----------
    id, …, trusted
        As of `Said`.
    upheld
        Rule 2 settles the face as this character.
    overruled
        Rule 2 settles the face otherwise, or somebody trusted says "not" that.
    heard
        It counts, unless its speaker has lost their voice by rule d.
    """

    id: int
    face_id: int
    guild_id: int | None
    picture_id: int
    user_id: int | None
    at: datetime
    character_id: int | None
    against: bool
    trusted: bool
    upheld: bool
    overruled: bool
    heard: bool

    @property
    def speaker(self) -> tuple[int, int] | None:
        """The guild and the person whose conduct it is part of; None where none is watched.

        What trusted people say is no member's conduct, and in what everyone shares nobody but importers speaks.
        """
        return None if self.trusted or self.guild_id is None or self.user_id is None else (self.guild_id, self.user_id)

    @property
    def is_wrong(self) -> bool:
        """Rule 2 has overruled it. Who says "not X" of an X is overruled too."""
        return self.upheld if self.against else self.overruled

    @property
    def is_right(self) -> bool:
        """Rule 2 has upheld it. Who says "not X" of another is not upheld by that, which would be cheap."""
        return self.upheld and not self.against


def words(said: Iterable[Said]) -> list[Word]:
    """What people say of one face by rule 1, and what rule 2 makes of it; `heard` as if nobody had said anything else.

    Parameters
    ----------
    said
        All that stands of the face, in the order in which it was said.
    """
    latest: dict[tuple[int | None, int | None], Said] = {}
    word: dict[int | None, int] = {}
    for each in said:
        latest[each.user_id, each.character_id] = each
        if not each.against:
            word[each.user_id] = each.id
    last = [each for each in latest.values() if each.against or word[each.user_id] == each.id]
    named: dict[int | None, int] = {}
    refused: dict[int | None, int] = {}
    for each in last:
        if each.trusted:
            told = refused if each.against else named
            told[each.character_id] = max(each.id, told.get(each.character_id, 0))
    winner = max(named, key=named.__getitem__, default=None)
    decided = bool(named) and named[winner] > refused.get(winner, 0)
    found: list[Word] = []
    for each in last:
        who = each.character_id
        upheld = decided and who == winner
        overruled = not upheld and (decided or refused.get(who, 0) > named.get(who, 0))
        found.append(Word(*each, upheld=upheld, overruled=overruled, heard=each.trusted or not is_new(each)))
    return found


def is_new(said: Said | Word) -> bool:
    """Rule a."""
    if said.user_id is None:
        return False
    # A snowflake holds the moment when the account was made. One from the future tells of a clock that is wrong.
    age = int(said.at.timestamp()) - ((said.user_id >> 22) / 1000 + _DISCORD)
    return 0 <= age <= NEW_ACCOUNT.total_seconds()


def heard(day: Sequence[Word]) -> list[Word]:
    """All words of a person in a guild on one day, in the order of their ids, with `heard` by rules a to c."""
    looked_at: dict[datetime, set[int]] = defaultdict(set)
    for word in day:
        looked_at[_minute(word)].add(word.picture_id)

    def ordinary(nth: int, word: Word) -> bool:
        hasty = word.guild_id is not None and len(looked_at[_minute(word)]) > BURST
        return not hasty and nth <= PER_DAY and not is_new(word)

    return [word._replace(heard=word.trusted or ordinary(nth, word)) for nth, word in enumerate(day, start=1)]


def day_of(word: Word) -> datetime:
    """The beginning of the day (UTC) on which something was said."""
    return word.at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _minute(word: Word) -> datetime:
    return word.at.replace(second=0, microsecond=0)


def is_liar(*, wrong: int, right: int) -> bool:
    """Rule d, from how many words of a person in a guild are overruled and upheld."""
    return wrong >= OVERRULED and wrong > right


@dataclass(frozen=True, slots=True)
class Claim:
    """What is said of a face and a character (None: that it is not a face).

    Attributes
    ----------
    people, against
        How many people say so, and how many that it is not so.
    counting
        Those of `people` whose word counts.
    """

    character_id: int | None
    people: int
    against: int
    counting: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said of a face, and who it is by rules 2 and 3.

    Attributes
    ----------
    character_id
        Who it is, None: not a face; nothing where there are no voices.
    voices
        How many people settle it: it is settled under any quorum that is not higher. `TRUSTED`: rule 2 settles it.
        0: nothing does.
    """

    claims: tuple[Claim, ...]
    character_id: int | None
    voices: int


def judge(of_face: Iterable[Word], *, liars: Collection[tuple[int, int]]) -> Judged:
    """Who a face is, by the words on it and by who has lost their voice (guild and person)."""
    people, against, counting, objections = (Counter[int | None]() for _ in range(4))
    who: int | None = None
    voices = 0
    for word in of_face:
        counts = word.heard and word.speaker not in liars
        if word.against:
            against[word.character_id] += 1
            objections[word.character_id] += counts
        else:
            people[word.character_id] += 1
            counting[word.character_id] += counts
        if word.upheld:
            who, voices = word.character_id, TRUSTED
    if not voices:
        named = [(each, number) for each, number in counting.items() if number]
        if len(named) == 1 and not objections[named[0][0]]:
            ((who, voices),) = named
    claims = tuple(
        Claim(each, people[each], against[each], counting[each]) for each in dict.fromkeys([*people, *against])
    )
    return Judged(claims, who, voices)
