"""The menus and buttons of a review. Their ids hold when it began and which faces they are about: all there is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, Literal, Self, TypeAlias, cast

import discord
from discord import ui

from bot import feedback, replies, reviewing, views
from bot.client import Koredare
from bot.database import characters, reviews
from bot.errors import Answering
from bot.feedback import Speaker
from bot.permissions import require_moderator
from bot.places import Place
from bot.review_ids import ABOUT, About
from bot.reviewing import Sheet
from bot.views import NAME, NOBODY, OTHER, Interaction
from bot.words import Words
from ml.review import Question

Press: TypeAlias = Literal["skip", "apart", "back", "unsay"]


class ReviewNamesMenu(Answering, ui.DynamicItem[ui.Select[Any]], template=rf"koredare:review:names:{ABOUT}"):
    """Who is it? The choice holds for all the faces that it is about."""

    def __init__(self, about: About, placeholder: str, options: list[discord.SelectOption]) -> None:
        self.about = about
        super().__init__(views.menu_of(f"koredare:review:names:{about}", placeholder, options))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(About.of(match), "", [])

    async def act(self, interaction: Interaction) -> None:
        """Write the choice down and go on, or ask for a name."""
        require_moderator(interaction)
        choice = self.item.values[0]
        if choice == OTHER:
            await interaction.response.send_modal(ReviewForm(self.about, _words(interaction)))
            return
        await interaction.response.defer()
        await _name(interaction, self.about, None if choice == NOBODY else choice.removeprefix(NAME))


class ReviewForm(views.NameForm):
    """A name typed by hand, for all the faces that it is about."""

    def __init__(self, about: About, words: Words) -> None:
        super().__init__(about.faces[0], words)
        self.about = about

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Write the name down and go on; or ask who is meant, where nobody is called so."""
        require_moderator(interaction)
        await interaction.response.defer()
        guild_id, words = interaction.guild_id, _words(interaction)
        typed = characters.clean(self.name.value)
        async with interaction.client.database.reading() as session:
            known = await characters.find(session, typed, guild_id=guild_id)
            near = [] if known else await characters.search(session, typed, guild_id=guild_id)
        if known is not None or not near:
            await _name(interaction, self.about, typed)
            return
        menu = ReviewNamesMenu(self.about, words("correction-choose-name"), views.meant_options(typed, near, words))
        await interaction.edit_original_response(
            content=words("correction-did-you-mean", typed=replies.shown(typed)),
            view=_view(menu, ReviewButton("back", self.about, words)),
        )


class ReviewFaceMenu(Answering, ui.DynamicItem[ui.Select[Any]], template=rf"koredare:review:face:{ABOUT}"):
    """Which of the faces of a sheet?"""

    def __init__(self, about: About, placeholder: str, options: list[discord.SelectOption]) -> None:
        self.about = about
        super().__init__(views.menu_of(f"koredare:review:face:{about}", placeholder, options))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(About.of(match), "", [])

    async def act(self, interaction: Interaction) -> None:
        """Ask who the chosen face is; if it is settled meanwhile, go on."""
        require_moderator(interaction)
        await interaction.response.defer()
        bot, words = interaction.client, _words(interaction)
        face = int(self.item.values[0])
        sheet = await reviewing.next_sheet(bot, _place(interaction), since=self.about.since)
        asked = next((each for each in sheet.questions if each.faces == (face,)), None) if sheet else None
        if sheet is None or asked is None:
            await _go_on(interaction, self.about.since)
            return
        about, number = About(self.about.since, asked.faces), self.about.faces.index(face) + 1
        options = await _names(bot, _place(interaction).guild.id, asked, words)
        await interaction.edit_original_response(
            content=words("review-who", number=str(number), why=reviewing.why(sheet, asked, words)),
            view=_view(
                ReviewNamesMenu(about, words("correction-choose-name"), options),
                ReviewButton("skip", about, words),
                ReviewButton("back", about, words),
            ),
        )


class ReviewOddMenu(Answering, ui.DynamicItem[ui.Select[Any]], template=rf"koredare:review:odd:{ABOUT}"):
    """Which faces of a group are somebody else's?"""

    def __init__(self, about: About, words: Words) -> None:
        self.about = about
        options = [
            discord.SelectOption(label=words("review-odd-face", number=str(number)), value=str(face))
            for number, face in enumerate(about.faces, start=1)
        ]
        menu = views.menu_of(f"koredare:review:odd:{about}", words("review-odd"), options)
        menu.max_values = len(menu.options)
        super().__init__(menu)

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(About.of(match), _words(interaction))

    async def act(self, interaction: Interaction) -> None:
        """Take these out of the group, and go on."""
        require_moderator(interaction)
        await interaction.response.defer()
        await _part(interaction, About(self.about.since, [int(face) for face in self.item.values]))


class ReviewButton(
    Answering,
    ui.DynamicItem[ui.Button[Any]],
    template=rf"koredare:review:(?P<press>skip|apart|back|unsay):{ABOUT}",
):
    """Goes on without a name: these are skipped, not the same, not asked after all; or a name is taken back."""

    def __init__(self, press: Press, about: About, words: Words) -> None:
        self.press: Press = press
        self.about = about
        match press:
            case "skip":
                label, emoji = words("review-skip", faces=len(about.faces)), "⏭️"
            case "apart":
                label, emoji = words("review-apart"), "✂️"
            case "back":
                label, emoji = words("review-back"), None
            case "unsay":
                label, emoji = words("correction-take-back"), "↩️"
        super().__init__(ui.Button(label=label, emoji=emoji, custom_id=f"koredare:review:{press}:{about}"))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(cast("Press", match["press"]), About.of(match), _words(interaction))

    async def act(self, interaction: Interaction) -> None:
        """Do what it says, and go on."""
        require_moderator(interaction)
        await interaction.response.defer()
        match self.press:
            case "skip":
                async with interaction.client.database.writing() as session:
                    await reviews.skip(session, self.about.faces)
                await _go_on(interaction, self.about.since)
            case "apart":
                await _part(interaction, self.about)
            case "back":
                await _go_on(interaction, self.about.since)
            case "unsay":
                await feedback.unsay(Speaker.of(interaction), *self.about.faces, via="button")
                await _go_on(interaction, self.about.since, said=_words(interaction)("review-taken-back"))


ITEMS = (ReviewNamesMenu, ReviewFaceMenu, ReviewOddMenu, ReviewButton)


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of a review: its text, its picture if there is one, and its menus."""

    content: str
    files: list[discord.File]
    view: ui.View


async def show(
    bot: Koredare, place: Place, since: datetime, *, said: str = "", noted: Sequence[int] = (), nothing: str
) -> Shown:
    """What a review that began then asks next.

    Parameters
    ----------
    said
        What came of the answer before; `noted`: the faces that it named, to be taken back.
    nothing
        What to say where nothing is left.
    """
    words = bot.words(place.guild.id)
    view = ui.View(timeout=None)
    files: list[discord.File] = []
    sheet = await reviewing.next_sheet(bot, place, since=since)
    if sheet is None:
        text = words("review-never") if bot.feedback(place.guild.id).consent == "never" else nothing
    else:
        text = reviewing.describe(sheet, words)
        picture = await reviewing.draw(bot, sheet, words)
        files.append(discord.File(BytesIO(picture), "review.png", description=reviewing.alt_text(sheet, words)))
        for item in await _items(bot, place.guild.id, since, sheet):
            view.add_item(item)
    if noted:
        view.add_item(ReviewButton("unsay", About(since, noted), words))
    return Shown("\n".join(filter(None, (said, text)))[: replies.MESSAGE_LIMIT], files, view)


async def _items(bot: Koredare, guild_id: int, since: datetime, sheet: Sheet) -> list[ui.Item[Any]]:
    words, about = bot.words(guild_id), About(since, sheet.shown)
    skip = ReviewButton("skip", about, words)
    if sheet.group is None:
        options = [
            discord.SelectOption(
                label=f"{number}: {discord.utils.remove_markdown(reviewing.why(sheet, each, words))}"[:100],
                value=str(each.faces[0]),
            )
            for number, each in enumerate(sheet.questions, start=1)
        ]
        return [ReviewFaceMenu(about, words("review-choose"), options), skip]
    options = await _names(bot, guild_id, sheet.group, words)
    names = ReviewNamesMenu(about, words("review-all-are", faces=len(sheet.shown)), options)
    return [names, ReviewOddMenu(about, words), ReviewButton("apart", about, words), skip]


async def _names(bot: Koredare, guild_id: int, asked: Question, words: Words) -> list[discord.SelectOption]:
    async with bot.database.reading() as session:
        return await views.name_options(session, asked.faces, asked.candidates, words, guild_id=guild_id)


async def _name(interaction: Interaction, about: About, who: str | None) -> None:
    words, faces = _words(interaction), len(about.faces)
    named = await feedback.name_all(Speaker.of(interaction), about.faces, who, via="menu")
    said = (
        words("review-noted-no-face", faces=faces)
        if who is None
        else words("review-noted", faces=faces, who=replies.shown(who))
    )
    await _go_on(interaction, about.since, said=said, noted=about.faces)
    await feedback.follow(interaction.client, named)


async def _part(interaction: Interaction, about: About) -> None:
    async with interaction.client.database.writing() as session:
        await reviews.part(session, about.faces)
    said = _words(interaction)("review-noted-apart", faces=len(about.faces))
    await _go_on(interaction, about.since, said=said)


async def _go_on(interaction: Interaction, since: datetime, *, said: str = "", noted: Sequence[int] = ()) -> None:
    """Put the next sheet in the place of this one."""
    over = _words(interaction)("review-over")
    shown = await show(interaction.client, _place(interaction), since, said=said, noted=noted, nothing=over)
    await interaction.edit_original_response(content=shown.content, attachments=shown.files, view=shown.view)


def _view(*items: ui.Item[Any]) -> ui.View:
    view = ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    return view


def _place(interaction: Interaction) -> Place:
    return cast("Place", interaction.channel)  # the command works in servers only


def _words(interaction: discord.Interaction[Any]) -> Words:
    return interaction.client.words(interaction.guild_id)
