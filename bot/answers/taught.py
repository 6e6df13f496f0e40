"""What an answer to a lesson says: whom it taught, by how many faces, what people made of that, what is still asked."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, Literal, TypeAlias

import discord

from bot.answers.describing import fitting
from bot.chat.replies import MESSAGE_LIMIT, shown
from bot.database.pictures import Face
from bot.database.verdicts import Standing
from bot.words import Words

SHEET: Final = "taught"
"""What the picture of such an answer is called; by that it is told from other answers."""

How: TypeAlias = Literal["moderator", "members", "wanting", "disputed"]


def is_one(answer: discord.Message) -> bool:
    """Whether an answer is one to a lesson."""
    return any(each.filename.removeprefix("SPOILER_").startswith(f"{SHEET}.") for each in answer.attachments)


def describe(faces: Sequence[Face], standings: Mapping[int, Standing], words: Words, *, quorum: int) -> str:
    """A line for all faces that stand alike among people, and one for what is still asked."""
    alike: dict[tuple[How, int], Counter[str]] = defaultdict(Counter)
    for face in faces:
        if (stands := _how(standings[face.spoken_of], quorum)) is not None:
            name, how, wanting = stands
            alike[how, wanting][name] += 1
    lines = [_line(names, how, wanting, words) for (how, wanting), names in alike.items()]
    if asked := asked_about(faces, standings):
        lines.append(words("taught-which", pictures=len({face.picture_id for face in asked})))
    return fitting(lines, MESSAGE_LIMIT // 2, "\n", words) if lines else words("taught-nobody")


def asked_about(faces: Sequence[Face], standings: Mapping[int, Standing]) -> list[Face]:
    """The faces of pictures with several of them, of none of which anybody has said who it is."""
    spoken = {face.picture_id for face in faces if face.name is not None or standings[face.spoken_of].votes}
    return [face for face in faces if face.picture_id not in spoken]


def _how(standing: Standing, quorum: int) -> tuple[str, How, int] | None:
    """Whom people take a face for, how that stands, and how many more must agree; None: for nobody."""
    if (verdict := standing.verdict) is not None:
        return None if verdict.name is None else (verdict.name, "moderator" if verdict.trusted else "members", 0)
    names = [vote for vote in standing.votes if vote.name is not None and vote.people]
    if not names:
        return None
    name = names[0].name or ""
    return (name, "disputed", 0) if len(names) > 1 else (name, "wanting", max(quorum - names[0].counting, 1))


def _line(names: Counter[str], how: How, wanting: int, words: Words) -> str:
    said = words("taught-how", how=how, wanting=wanting)
    if len(names) == 1:
        ((name, faces),) = names.items()
        return words("taught-one", name=shown(name), faces=faces, how=said)
    each = [f"{shown(name)} ({faces})" for name, faces in sorted(names.items())]
    listed = fitting(each, MESSAGE_LIMIT // 3, words("comma"), words)
    return words("taught-several", faces=names.total(), characters=len(names), how=said, names=listed)
