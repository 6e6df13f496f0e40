"""The one answer to all lessons: whom they taught, a sheet of it, what is still asked, and what was left out."""

from collections.abc import Mapping
from io import BytesIO

import discord

from bot.answers import describing, taught
from bot.answers.buttons import reply_view
from bot.chat.items import view
from bot.chat.permissions import Speaker
from bot.chat.replies import quoted, shown
from bot.database import consents, verdicts
from bot.database.verdicts import Standing
from bot.teaching.lessons import LeftOut
from bot.teaching.menus import BackButton, WhichMenu
from bot.teaching.teach import Taught

_LISTED = 5  # files left out that are told one by one; more go into a file
_LIST = "left-out.txt"


async def answer(
    speaker: Speaker, outcome: Taught, message: discord.Message, *, spoiler: bool, file: str | None
) -> None:
    """Put what came of it in the place of a message.

    Parameters
    ----------
    file
        What the ZIP is called by which its faces can be forgotten; None: there was none.
    """
    place, words = speaker.place, speaker.place.words
    async with place.database.reading() as session:
        standings = await verdicts.standings_of(session, outcome.faces, guild_id=place.id, quorum=place.quorum)
    notes = await _notes(speaker, outcome, standings, file=file)
    text = taught.describe(outcome.faces, standings, words, quorum=place.quorum)
    text = describing.with_notes(f"||{text}||" if spoiler else text, notes)
    files = [_listed(outcome.left_out)] if len(outcome.left_out) > _LISTED else []
    below = view()
    if outcome.faces:
        sheet = taught.sheet(outcome.faces, standings, outcome.crops, words)
        files.insert(0, await taught.drawn(place, sheet, outcome.crops, spoiler=spoiler))
        below = reply_view(words)
        below.add_item(BackButton.of(speaker.user_id, words))
    if asked := taught.asked_about(outcome.faces, standings):
        below.add_item(WhichMenu.of(asked, words))
    await message.edit(content=text, attachments=files, view=below)


async def _notes(
    speaker: Speaker, outcome: Taught, standings: Mapping[int, Standing], *, file: str | None
) -> list[str]:
    place, words = speaker.place, speaker.place.words
    notes: list[str] = []
    if outcome.new:
        ((name, near), *others) = outcome.new.items()
        names = words("comma").join(map(shown, outcome.new)) if not others else ""
        if near and not others:
            notes.append(words("taught-near", name=shown(name), near=shown(near[0])))
        else:
            notes.append(words("taught-new", characters=len(outcome.new), names=names))
    settled = [each for each in outcome.faces if standings[each.spoken_of].verdict is not None]
    if any(each.picture.poster_id not in outcome.waiting for each in settled):
        notes.append(words("taught-next"))
    if any(each.picture.given for each in outcome.faces):
        notes.append(words("taught-agreed"))
    if outcome.waiting:
        async with place.database.reading() as session:
            said = [await consents.get(session, poster) for poster in outcome.waiting]
        refused = "no" in said or any(picture.declined for picture in outcome.waiting.values())
        notes.append(words("taught-refused") if refused else words("taught-waits"))
    if outcome.known:
        notes.append(words("taught-known", pictures=outcome.known))
    if file is not None and outcome.faces and speaker.moderator:
        notes.append(words("taught-remove", file=shown(file), prefix=place.bot.prefix))
    if len(outcome.left_out) > _LISTED:
        notes.append(words("taught-left-out-many", pictures=len(outcome.left_out)))
    else:
        notes += [words("taught-left-out", file=_named(each), reason=each.reason) for each in outcome.left_out]
    return notes


def _named(each: LeftOut) -> str:
    return quoted(each.file[-100:])


def _listed(left_out: list[LeftOut]) -> discord.File:
    lines = "".join(f"{each.file}: {each.reason}\n" for each in left_out)
    return discord.File(BytesIO(lines.encode()), _LIST)
