"""What members see of characters: all of them, one of them, and their names while typing."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Literal, TypeAlias

import discord
from discord import app_commands
from discord.abc import Snowflake

from bot.chat.errors import UserError
from bot.chat.permissions import Speaker
from bot.chat.places import shown_to
from bot.chat.replies import ALT_TEXT, MESSAGE_LIMIT, fit, shown
from bot.client import Koredare, Place
from bot.database import characters, examples, portraits, samples
from bot.database.errors import BadName
from bot.database.portraits import Portrait
from bot.recognition import worker
from bot.words import Words
from ml.measuring.scores import Score
from ml.naming.names import Names, fold, plain
from ml.reviewing.gallery import Tile
from ml.training.report import measured

PER_PAGE = 15  # names in a list, which a phone shows at once
_FACES = 6  # in the picture of a page
_CONFUSED = 4  # names on a page
_NEAREST = 10  # of "did you mean"

Level: TypeAlias = Literal["very-well", "well", "fairly", "badly", "unmeasured", "unlearned"]
# From which share named rightly, of how many faces set aside at least: of few, the best share says little.
_LEVELS: tuple[tuple[float, int, Level], ...] = ((0.9, 5, "very-well"), (0.7, 2, "well"), (0.5, 2, "fairly"))
_ENOUGH = 2  # below which a share says nothing


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown of characters: words, and a picture (PNG) with its description, if there are faces to show."""

    text: str
    picture: bytes | None = None
    alt_text: str = ""

    def files(self) -> list[discord.File]:
        """The picture, to be sent."""
        if self.picture is None:
            return []
        return [discord.File(BytesIO(self.picture), "character.png", description=self.alt_text)]


async def page(speaker: Speaker, name: str, *, channel: Snowflake) -> Page:
    """All that a guild knows of a character: aliases, examples, how well it is known, its doubles, a few faces.

    A part of a name does where only one character has it, and so does one with a slip.

    Parameters
    ----------
    speaker, channel
        Who asks, and where it is shown: not every face may be, to them and there.

    Raises
    ------
    UserError, BadName
        The name means nobody; it says who may be meant.
    """
    if not fold(name):
        raise BadName(characters.NAME_LIMIT)
    place = speaker.place
    async with place.database.reading() as session:
        found = await portraits.portrait(session, name, guild_id=place.id, quorum=place.quorum)
        if found is None:
            called = await characters.called_as_said(session, name, guild_id=place.id)
            near = [called.name] if called else await characters.meant_by(session, name, guild_id=place.id)
            if len(near) == 1:
                found = await portraits.portrait(session, near[0], guild_id=place.id, quorum=place.quorum)
        today = await characters.names(session, guild_id=place.id)
        faces = found.faces if found else {}
        posted_in = {each for each in faces.values() if each is not None}
        seen = await shown_to(speaker, posted_in, channel) | {None}  # what was imported is everybody's to look at
        shown_here = [face for face, posted in faces.items() if posted in seen]
        crops = await samples.crops(session, shown_here[:_FACES])
    if found is None:
        raise await unknown(place, name)
    words = place.words
    score = (await _measured(place, today)).get(found.known.name)
    text = _told(found, score, words)
    if not crops:
        return Page(text)
    picture = await place.recognition.run(
        worker.draw_gallery, [Tile(crops[face]) for face in shown_here if face in crops]
    )
    who = plain(found.known.name)
    return Page(text, picture, words("character-faces", name=who, faces=len(crops))[:ALT_TEXT])


def _told(found: Portrait, score: Score | None, words: Words) -> str:
    known, comma = found.known, words("comma")
    total = found.posted + found.imported + found.shared
    lines = [words("character-name", name=shown(known.name))]
    if known.aliases:
        lines.append(words("character-aliases", aliases=comma.join(map(shown, known.aliases))))
    origins = [
        text
        for count, text in (
            (found.posted, words("character-posted", faces=found.posted)),
            (found.imported, words("character-imported", faces=found.imported)),
            (found.shared, words("character-shared", faces=found.shared)),
        )
        if count
    ]
    lines.append(words("character-examples", faces=total, origins=comma.join(origins)))
    level = _level(score, examples=total)
    right, of = (score.right, score.total) if score is not None else (0, 0)
    lines.append(words("character-known", level=level, right=right, total=of))
    if found.confused_with:
        others = [
            words("character-double", name=shown(name), times=times) for name, times in found.confused_with[:_CONFUSED]
        ]
        lines.append(words("character-confused", others=comma.join(others)))
    return "\n".join(lines)[:MESSAGE_LIMIT]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a guild's characters, by name; pages count from 1, and there is at least one."""

    text: str
    page: int
    pages: int


async def listing(place: Place, number: int) -> Listing:
    """A page of a guild's characters, with the number of their examples and how well they are known.

    Parameters
    ----------
    number
        From 1; beyond the last it is the last.
    """
    async with place.database.reading() as session:
        known = await characters.known(session, guild_id=place.id)
        counts = await examples.counts(session, guild_id=place.id, quorum=place.quorum)
        today = await characters.names(session, guild_id=place.id)
    words = place.words
    if not known:
        return Listing(words("characters-none"), 1, 1)
    total = {each.name: each.training + each.held_out for each in counts}
    by_name = await _measured(place, today)
    pages = -(-len(known) // PER_PAGE)
    number = min(max(1, number), pages)
    lines = [words("characters-head", characters=len(known), page=number, pages=pages)]
    for each in known[(number - 1) * PER_PAGE : number * PER_PAGE]:
        faces = total.get(each.name, 0)
        level = _level(by_name.get(each.name), examples=faces)
        lines.append(words("characters-line", name=shown(each.name), faces=faces, level=level))
    return Listing(fit(lines), number, pages)


async def _measured(place: Place, today: Names) -> Mapping[str, Score]:
    """How many faces set aside the active version named rightly, of the characters that it knows, by today's name."""
    active = await place.model()
    report = None if active is None else measured(active)
    if report is None:
        return {}
    found: dict[str, Score] = {}
    for each in report.characters:
        name = today(each.name)
        before = found.get(name, Score(0, 0))  # of one that was merged into it since
        found[name] = Score(before.right + each.after.right, before.total + each.after.total)
    return found


def _level(score: Score | None, *, examples: int) -> Level:
    if score is None:
        return "unmeasured" if examples else "unlearned"  # what is trusted counts at once
    if score.rate is None or score.total < _ENOUGH:
        return "unmeasured"
    for share, faces, level in _LEVELS:
        if score.rate >= share and score.total >= faces:
            return level
    return "badly"


async def unknown(place: Place, name: str) -> UserError:
    """The refusal of a name that means nobody, with those that may be meant."""
    async with place.database.reading() as session:
        meant = await characters.meant_by(session, name, guild_id=place.id)
        meant = meant or await characters.alike(session, name, guild_id=place.id)  # of two at once, both
    words, nearest = place.words, meant[:_NEAREST]
    if not nearest:
        return UserError(words("character-unknown", name=shown(name[: characters.NAME_LIMIT])))
    listed = [f"**{shown(each)}**" for each in nearest]
    if more := len(meant) - len(nearest):
        listed.append(words("character-more", count=more))
    near = words("comma").join(listed)
    return UserError(words("character-did-you-mean", name=shown(name[: characters.NAME_LIMIT]), nearest=near))


async def suggest(interaction: discord.Interaction[Koredare], typed: str) -> list[app_commands.Choice[str]]:
    """The names to choose from while one is typed."""
    place = interaction.client.place_of(interaction)
    async with place.database.reading() as session:
        found = await characters.search(session, typed, guild_id=place.id)
    return [app_commands.Choice(name=plain(name), value=name) for name in found]
