"""The menus and buttons of a review. Their ids hold when it began and which faces they are about: all there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, Literal, Self, TypeAlias, cast

import discord
from discord import ui

from bot.answers import update
from bot.chat import replies
from bot.chat.items import ControlT, Interaction, Item, acknowledge, number, replace, view
from bot.chat.permissions import Claim, Speaker
from bot.chat.places import Channel
from bot.client import Place
from bot.correcting import correct, hearing, menus, wording
from bot.correcting.menus import NAME, NOBODY, OTHER
from bot.database import characters, corrections, reviews, verdicts
from bot.database.pictures import Face
from bot.privacy.waiting import waiting
from bot.reviewing import sheets
from bot.reviewing.ids import ABOUT, About
from bot.reviewing.sheets import Sheet
from bot.words import Words
from ml.reviewing.asking import Question

Press: TypeAlias = Literal["skip", "apart", "back", "unsay"]


class _Asked(Item[ControlT], template=r"(?!)"):
    """What a review asks, and of which faces; its answer is a moderator's."""

    @property
    def about(self) -> About:
        """What its id says."""
        return About.of(self.match)

    def claim(self, interaction: Interaction) -> Claim:
        """All the faces."""
        return Claim(moderators=True, faces=self.about.faces)


class ReviewNamesMenu(_Asked[ui.Select[Any]], template=rf"koredare:review:names:{ABOUT}"):
    """Who is it? The choice holds for all the faces that it is about."""

    @classmethod
    def of(cls, about: About, placeholder: str, options: list[discord.SelectOption]) -> Self:
        """Make it."""
        return cls(menus.menu_of(f"koredare:review:names:{about}", placeholder, options))

    async def act(self, interaction: Interaction) -> None:
        """Write the choice down and go on, or ask for a name."""
        choice = self.item.values[0]
        if choice == OTHER:
            form = ReviewForm(self.claim(interaction), self.about, _words(interaction))
            await interaction.response.send_modal(form)
            return
        await acknowledge(interaction)
        await _name(interaction, self.shown, self.about, None if choice == NOBODY else choice.removeprefix(NAME))


class ReviewForm(menus.NameForm):
    """A name typed by hand, for all the faces that it is about."""

    def __init__(self, claim: Claim, about: About, words: Words) -> None:
        super().__init__(claim, about.faces[0], words)
        self.about = about

    async def act(self, interaction: Interaction) -> None:
        """Write the name down and go on; or ask who is meant, where nobody is called so."""
        await acknowledge(interaction)
        place, words = interaction.client.place_of(interaction), _words(interaction)
        if wording.phrase(self.name.value) == "nobody":
            await _name(interaction, self.shown, self.about, None)
            return
        typed = characters.clean(self.name.value)
        async with place.database.reading() as session:
            known = await menus.whom(session, place, typed)
            near = [] if known else await characters.alike(session, typed, guild_id=place.id)
        if known is not None or not (near or hearing.is_statement(typed)):
            await _name(interaction, self.shown, self.about, known.name if known else typed)
            return
        menu = ReviewNamesMenu.of(self.about, words("correction-choose-name"), menus.meant_options(typed, near, words))
        await replace(
            interaction,
            content=words("correction-did-you-mean" if near else "correction-is-new", typed=replies.shown(typed)),
            view=view(menu, ReviewButton.of("back", self.about, words)),
        )


class ReviewFaceMenu(_Asked[ui.Select[Any]], template=rf"koredare:review:face:{ABOUT}"):
    """Which of the faces of a sheet?"""

    @classmethod
    def of(cls, about: About, placeholder: str, options: list[discord.SelectOption]) -> Self:
        """Make it."""
        return cls(menus.menu_of(f"koredare:review:face:{about}", placeholder, options))

    def claim(self, interaction: Interaction) -> Claim:
        """The chosen one of the faces."""
        chosen = number(self.item.values[0])
        return Claim(moderators=True, faces=[face for face in self.about.faces if face == chosen])

    async def act(self, interaction: Interaction) -> None:
        """Ask who the chosen face is; if it is settled meanwhile, go on."""
        await acknowledge(interaction)
        speaker, words = Speaker.of(interaction), _words(interaction)
        face = number(self.item.values[0])
        sheet = await sheets.next_sheet(speaker, _channel(interaction), since=self.about.since)
        asked = next((each for each in sheet.questions if each.faces == (face,)), None) if sheet else None
        if sheet is None or asked is None:
            await _go_on(interaction, self.about.since)
            return
        about, nth = About(self.about.since, asked.faces), self.about.faces.index(face) + 1
        options = await _names(speaker.place, asked)
        await replace(
            interaction,
            content=words("review-who", number=str(nth), why=sheets.why(sheet, asked, words)),
            view=view(
                ReviewNamesMenu.of(about, words("correction-choose-name"), options),
                ReviewButton.of("skip", about, words),
                ReviewButton.of("back", about, words),
            ),
        )


class ReviewOddMenu(_Asked[ui.Select[Any]], template=rf"koredare:review:odd:{ABOUT}"):
    """Which faces of a group are somebody else's?"""

    @classmethod
    def of(cls, about: About, words: Words) -> Self:
        """Make it."""
        options = [
            discord.SelectOption(label=words("review-odd-face", number=str(place)), value=str(face))
            for place, face in enumerate(about.faces, start=1)
        ]
        menu = menus.menu_of(f"koredare:review:odd:{about}", words("review-odd"), options)
        menu.max_values = len(menu.options)
        return cls(menu)

    def _chosen(self) -> list[int]:
        chosen = {number(value) for value in self.item.values}
        return [face for face in self.about.faces if face in chosen]

    def claim(self, interaction: Interaction) -> Claim:
        """The chosen ones of the faces."""
        return Claim(moderators=True, faces=self._chosen())

    async def act(self, interaction: Interaction) -> None:
        """Take these out of the group, and go on."""
        await acknowledge(interaction)
        await _part(interaction, About(self.about.since, self._chosen()))


class ReviewButton(_Asked[ui.Button[Any]], template=rf"koredare:review:(?P<press>skip|apart|back|unsay):{ABOUT}"):
    """Goes on without a name: these are skipped, not the same, not asked after all; or a name is taken back."""

    @classmethod
    def of(cls, press: Press, about: About, words: Words) -> Self:
        """Make it."""
        match press:
            case "skip":
                label, emoji = words("review-skip", faces=len(about.faces)), "⏭️"
            case "apart":
                label, emoji = words("review-apart"), "✂️"
            case "back":
                label, emoji = words("review-back"), None
            case "unsay":
                label, emoji = words("correction-take-back"), "↩️"
        return cls(ui.Button(label=label, emoji=emoji, custom_id=f"koredare:review:{press}:{about}"))

    async def act(self, interaction: Interaction) -> None:
        """Do what it says, and go on."""
        about = self.about
        await acknowledge(interaction)
        match cast("Press", self.match["press"]):
            case "skip":
                async with interaction.client.database.writing() as session:
                    await reviews.skip(session, about.faces)
                await _go_on(interaction, about.since)
            case "apart":
                await _part(interaction, about)
            case "back":
                await _go_on(interaction, about.since)
            case "unsay":
                await correct.unsay(Speaker.of(interaction), self.shown, about.faces, via="button")
                await _go_on(interaction, about.since, said=_words(interaction)("review-taken-back"))


ITEMS = (ReviewNamesMenu, ReviewFaceMenu, ReviewOddMenu, ReviewButton)


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of a review: its text, its picture if there is one, and its menus."""

    content: str
    files: list[discord.File]
    view: ui.View


async def show(
    speaker: Speaker, channel: Channel, since: datetime, *, said: str = "", noted: Sequence[int] = (), nothing: str
) -> Shown:
    """What a review that began then asks next.

    Parameters
    ----------
    said
        What came of the answer before; `noted`: the faces that it named, to be taken back.
    nothing
        What to say where nothing is left.
    """
    place, words = speaker.place, speaker.place.words
    items: list[ui.Item[Any]] = []
    files: list[discord.File] = []
    sheet = await sheets.next_sheet(speaker, channel, since=since)
    if sheet is None:
        text = words("review-never") if place.consent == "never" else nothing
    else:
        text = sheets.describe(sheet, words)
        picture = await sheets.draw(place, sheet, words)
        files.append(discord.File(BytesIO(picture), "review.png", description=sheets.alt_text(sheet, words)))
        items += await _items(place, since, sheet)
    if sheet is None or not said:  # of a sheet in between it need not be asked again
        found = await waiting(place)
        text = "\n".join([text, *found.told(words)])
        items += found.buttons(words)
    if noted:
        items.append(ReviewButton.of("unsay", About(since, noted), words))
    return Shown("\n".join(filter(None, (said, text)))[: replies.MESSAGE_LIMIT], files, view(*items))


async def _items(place: Place, since: datetime, sheet: Sheet) -> list[ui.Item[Any]]:
    words, about = place.words, About(since, sheet.shown)
    skip = ReviewButton.of("skip", about, words)
    if sheet.group is None:
        options = [
            discord.SelectOption(
                label=f"{number}: {discord.utils.remove_markdown(sheets.why(sheet, each, words))}"[:100],
                value=str(each.faces[0]),
            )
            for number, each in enumerate(sheet.questions, start=1)
        ]
        return [ReviewFaceMenu.of(about, words("review-choose"), options), skip]
    options = await _names(place, sheet.group)
    names = ReviewNamesMenu.of(about, words("review-all-are", faces=len(sheet.shown)), options)
    return [names, ReviewOddMenu.of(about, words), ReviewButton.of("apart", about, words), skip]


async def _names(place: Place, asked: Question) -> list[discord.SelectOption]:
    async with place.database.reading() as session:
        standings = await verdicts.standings(session, asked.faces, guild_id=place.id, quorum=place.quorum)
        return await menus.name_options(session, place, standings.values(), asked.candidates)


async def _name(interaction: Interaction, shown: Sequence[Face], about: About, who: str | None) -> None:
    """Write down who they are; what another moderator has said of them since the sheet was shown stands."""
    speaker, words = Speaker.of(interaction), _words(interaction)
    spoken_of = {face.id: face.spoken_of for face in shown if face.id in about.faces}
    standings = await update.standings_of(speaker.place, shown)
    async with speaker.place.database.reading() as session:
        named_by_others = await corrections.named_by_others(session, spoken_of.values(), user_id=speaker.user_id)
    stands = {face: standings[spoken].verdict for face, spoken in spoken_of.items() if spoken in named_by_others}
    settled = {face: verdict.name for face, verdict in stands.items() if verdict is not None and verdict.trusted}
    left = [face for face in about.faces if face not in settled]
    said: list[str] = []
    named: list[Face] = []
    if left:
        named, called = await correct.name_all(speaker, shown, left, who, via="menu")
        said.append(
            words("review-noted-no-face", faces=len(left))
            if called is None
            else words("review-noted", faces=len(left), who=replies.shown(called))
        )
    if settled:
        names = {words("correction-no-face") if each is None else replies.shown(each) for each in settled.values()}
        told = words("comma").join(sorted(names))
        said.append(words("review-meanwhile", faces=len(settled), all=str(not left).lower(), names=told))
    await _go_on(interaction, about.since, said=" ".join(said), noted=left)
    await correct.follow(speaker.place, shown, named)


async def _part(interaction: Interaction, about: About) -> None:
    async with interaction.client.database.writing() as session:
        await reviews.part(session, about.faces)
    said = _words(interaction)("review-noted-apart", faces=len(about.faces))
    await _go_on(interaction, about.since, said=said)


async def _go_on(interaction: Interaction, since: datetime, *, said: str = "", noted: Sequence[int] = ()) -> None:
    """Put the next sheet in the place of this one."""
    over = _words(interaction)("review-over")
    shown = await show(Speaker.of(interaction), _channel(interaction), since, said=said, noted=noted, nothing=over)
    await replace(interaction, content=shown.content, attachments=shown.files, view=shown.view)


def _channel(interaction: Interaction) -> Channel:
    return cast("Channel", interaction.channel)  # the command works in servers only


def _words(interaction: discord.Interaction[Any]) -> Words:
    return interaction.client.place_of(interaction).words
