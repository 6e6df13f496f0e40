"""What an answer says: a line a face, the names that its picture bears, and the thanks for a correction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, TypeAlias

import discord

from bot.chat.replies import MESSAGE_LIMIT, shown
from bot.database.pictures import Face
from bot.database.verdicts import Standing, Votes
from bot.words import Words
from ml.faces.quality import NAMEABLE
from ml.naming.classifier import Candidate, asked
from ml.naming.names import plain
from ml.versions.charge import InCharge

Learning: TypeAlias = Literal["next", "waits", "refused", "never", "no room", "none"]
"""Whether a settled face is learned: with the next retraining, once its poster agrees, not as they refused, not as
nothing from the place is, once the disk has room; "none": there is nothing to learn from it."""
SURE: Final = 0.9  # from here on "almost sure", by the calibrated confidence …
PROBABLE: Final = 0.6  # … and "probably"; below, "perhaps"
CLOSE: Final = 0.5  # a runner-up is named that has at least this part of the best one's confidence
NEAR: Final = 0.1  # of a stranger, the closest is named from this confidence on
ALT_LIMIT: Final = 1024  # characters of a description, as Discord has it
_NOTE: Final = "-# "  # what Discord shows small
_VEIL: Final = "||"  # around what Discord hides until it is tapped
_LIST_LIMIT: Final = 900  # characters of a list in a sentence; Fluent fills no more than 1000 into a gap


def describe(faces: Sequence[Face], standings: Mapping[int, Standing], words: Words) -> str:
    """One line for each face of a reply: who it seems to be, and what people said of it."""
    lines = [f"**{face.number}** {_line(face, standings.get(face.spoken_of), words)}" for face in faces]
    return fitting(lines, MESSAGE_LIMIT - 2 * len(_VEIL), "\n", words)


def nobody_known(faces: Sequence[Face], standings: Mapping[int, Standing]) -> bool:
    """Whether there is nobody to name: no guess, not even one to ask about, and nothing that people settled."""
    of_each = [(face, standings.get(face.spoken_of)) for face in faces]
    return not any(name_shown(face, standing) or name_asked(face, standing) for face, standing in of_each)


def in_a_line(faces: Sequence[Face], words: Words, *, prefix: str) -> str:
    """As `describe`, of faces of whom none is known, for those who did not ask."""
    if len(faces) == 1:
        return describe(faces, {}, words)
    return words("answer-strangers", first=faces[0].number, last=faces[-1].number, prefix=prefix)


def veiled(text: str, pictures: Iterable[discord.Attachment]) -> str:
    """The lines of an answer, hidden like its pictures: who is in one that is a spoiler is one too."""
    return f"{_VEIL}{text}{_VEIL}" if any(picture.is_spoiler() for picture in pictures) else text


def with_notes(text: str, notes: Sequence[str]) -> str:
    """A text, and below it, small, how the pictures were looked at."""
    return "\n".join([text, *(_NOTE + note for note in notes)])[:MESSAGE_LIMIT]


def notes_of(content: str) -> list[str]:
    """The notes below an answer, which stay when its lines change."""
    return [line.removeprefix(_NOTE) for line in content.splitlines() if line.startswith(_NOTE)]


def damage(charge: InCharge, words: Words, *, prefix: str) -> str | None:
    """What is to be known where the version that was put in charge is damaged; None: it answers, or there is none."""
    if charge.damaged is None:
        return None
    instead = charge.version
    return words(
        "answer-damaged",
        whose="everyone" if charge.damaged.shared else "own",
        damaged=charge.damaged.name,
        instead="nobody" if instead is None else instead.name,
        theirs="everyone" if instead is not None and charge.shared else "own",
        prefix=prefix,
    )


def name_shown(face: Face, standing: Standing | None) -> str | None:
    """The name that a face bears in the picture: what is settled, else the guess; None: a stranger, or no face."""
    if standing is not None and standing.verdict is not None:
        return standing.verdict.name
    refused = frozenset[str]() if standing is None else standing.refused
    return None if face.name in refused else face.name


def name_asked(face: Face, standing: Standing | None) -> str | None:
    """The name that a face bears as a question: the likeliest, where none is said or settled and nobody refused it."""
    if (standing is not None and standing.verdict is not None) or name_shown(face, standing) is not None:
        return None
    refused = frozenset[str]() if standing is None else standing.refused
    return None if is_poor(face) else asked([each for each in face.candidates if each.name not in refused])


def is_face(standing: Standing | None) -> bool:
    """Whether nobody has settled that it is none."""
    return standing is None or standing.verdict is None or standing.verdict.name is not None


def is_poor(face: Face) -> bool:
    """Whether a face is too small or blurred to be told from any other."""
    return face.quality is not None and face.quality < NAMEABLE


def alt_text(faces: Sequence[Face], standings: Mapping[int, Standing], words: Words) -> str:
    """What a screen reader says of the labelled picture: the names that it bears."""
    who: list[str] = []
    for face in faces:
        standing = standings.get(face.spoken_of)
        name = name_shown(face, standing)
        if name is not None:
            who.append(words("answer-alt-face", number=str(face.number), name=plain(name)))
        elif (question := name_asked(face, standing)) is not None:
            who.append(words("answer-alt-question", number=str(face.number), name=plain(question)))
        elif is_face(standing):
            who.append(words("answer-alt-stranger", number=str(face.number)))
    return words("answer-alt", faces=fitting(who, _LIST_LIMIT, words("comma"), words))[:ALT_LIMIT]


def fitting(lines: list[str], limit: int, between: str, words: Words) -> str:
    """Join as many as fit, and say how many do not."""
    if len(text := between.join(lines)) <= limit:
        return text
    for kept in range(len(lines) - 1, 0, -1):
        text = between.join([*lines[:kept], words("answer-more", count=len(lines) - kept)])
        if len(text) <= limit:
            return text
    return "".join(lines[:1])[:limit]


def _line(face: Face, standing: Standing | None, words: Words) -> str:
    if standing is not None and standing.verdict is not None:
        return _settled(face, standing.verdict.name, words, trusted=standing.verdict.trusted)
    guess = _guess(face, frozenset() if standing is None else standing.refused, words)
    told = [each for vote in (() if standing is None else standing.votes) for each in said(vote, words)]
    return words("answer-said", guess=guess, said=words("comma").join(told)) if told else guess


def _settled(face: Face, name: str | None, words: Words, *, trusted: bool) -> str:
    who = _who(name, words)
    if face.picture.guild_id == face.picture.channel_id:  # alone with the bot
        return words("answer-settled-by-you", who=who)
    if trusted:
        return words("answer-settled-by-moderator", who=who)
    return words("answer-settled-by-members", who=who)


def _guess(face: Face, refused: frozenset[str], words: Words) -> str:
    left = [candidate for candidate in face.candidates if candidate.name not in refused]
    if face.name is not None and face.name not in refused:
        named = _named(face.name, face.confidence, [each for each in left if each.name != face.name], words)
        return _learned(named, face.name, left, words)
    if is_poor(face):
        return words("answer-poor")
    if asked(left) is not None:
        question = words("answer-question", name=shown(left[0].name), percent=percent(left[0].confidence))
        return _learned(question, left[0].name, left, words)
    if left and left[0].confidence >= NEAR:
        return words("answer-stranger-closest", name=shown(left[0].name), percent=percent(left[0].confidence))
    return words("answer-stranger")


def _learned(guess: str, name: str, candidates: Iterable[Candidate], words: Words) -> str:
    """A guess, with how little it rests on where no version knows the character yet."""
    pictures = next((each.learned for each in candidates if each.name == name), 0)
    return words("answer-learned", guess=guess, pictures=pictures) if pictures else guess


def _named(name: str, confidence: float, others: Sequence[Candidate], words: Words) -> str:
    who, parts = shown(name), percent(confidence)
    if confidence >= SURE:
        guess = words("answer-sure", name=who, percent=parts)
    elif confidence >= PROBABLE:
        guess = words("answer-probable", name=who, percent=parts)
    else:
        guess = words("answer-doubtful", name=who, percent=parts)
    if others and others[0].confidence >= CLOSE * confidence:
        second = others[0]
        return words("answer-runner-up", guess=guess, name=shown(second.name), percent=percent(second.confidence))
    return guess


def said(vote: Votes, words: Words) -> list[str]:
    """What people say of a face in favour of a name, and against it."""
    who = _who(vote.name, words)
    told: list[str] = []
    if idle := vote.people - vote.counting:
        told.append(words("answer-says-in-vain", people=vote.people, idle=idle, who=who))
    elif vote.people:
        told.append(words("answer-says", people=vote.people, who=who))
    if vote.against:
        told.append(words("answer-says-not", people=vote.against, who=who))
    return told


def _who(name: str | None, words: Words) -> str:
    return words("answer-not-a-face") if name is None else shown(name)


def percent(share: float) -> int:
    """0..1 as people read it; never 100, which no classifier should claim."""
    return min(round(share * 100), 99)


def noted(name: str | None, standing: Standing, words: Words, *, quorum: int, learning: Learning, yours: bool) -> str:
    """The thanks for a correction: what it did, and what it still needs; `yours`: they who are thanked posted it."""
    who = _who(name, words)
    if standing.verdict is None:
        if sum(1 for vote in standing.votes if vote.counting) > 1:
            return words("correction-noted-disputed", who=who)
        agree = next((vote.counting for vote in standing.votes if vote.name == name), 0)
        return words("correction-noted-wanting", who=who, wanting=max(quorum - agree, 1))
    if standing.verdict.name != name:
        return words("correction-noted-overruled", who=who)
    match learning:
        case "next":
            # What members alone say of somebody known waits for a retraining.
            return words("correction-noted-settled" if standing.verdict.trusted else "correction-noted-agreed", who=who)
        case "waits":
            return words("correction-noted-waits", who=who, yours="yes" if yours else "no")
        case "refused":
            return words("correction-noted-refused", who=who)
        case "never":
            return words("correction-noted-never", who=who)
        case "no room":
            return words("correction-noted-no-room", who=who)
        case "none":
            return words("correction-noted", who=who)
