"""Buttons and menus. Each carries in its id what it is about, so that all of them work after any restart."""

import re
from collections.abc import Sequence
from typing import Any, Self

import discord
from discord import ui

from bot import errors, feedback, replies
from bot.client import Koredare
from bot.database import characters, pictures, suspects, verdicts
from bot.database.pictures import Face
from bot.database.suspects import Suspected
from bot.errors import Answering

OTHER, NOBODY, NAME = "other", "not a face", "name:"
Interaction = discord.Interaction[Koredare]


class RightButton(Answering, ui.DynamicItem[ui.Button[Any]], template=r"koredare:right"):
    """Every name of the answer is right."""

    def __init__(self) -> None:
        super().__init__(ui.Button(label="All right", emoji=replies.RIGHT, custom_id="koredare:right"))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls()

    async def act(self, interaction: Interaction) -> None:
        """Confirm every name of the answer."""
        assert interaction.message is not None
        await interaction.response.defer(ephemeral=True)
        await feedback.confirm(feedback.Speaker.of(interaction), interaction.message.id, via="button")
        await interaction.followup.send("Noted, thank you!", ephemeral=True)


class CorrectButton(Answering, ui.DynamicItem[ui.Button[Any]], template=r"koredare:correct"):
    """Something in the answer is wrong."""

    def __init__(self) -> None:
        super().__init__(ui.Button(label="Correct…", emoji="✏️", custom_id="koredare:correct"))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls()

    async def act(self, interaction: Interaction) -> None:
        """Ask which face, or who it is where there is one only."""
        assert interaction.message is not None
        text, view = await question(interaction.client, interaction.message.id)
        await interaction.response.send_message(text, view=view, ephemeral=True)


def reply_view() -> ui.View:
    """The buttons below every answer that shows a face."""
    view = ui.View(timeout=None)
    view.add_item(RightButton())
    view.add_item(CorrectButton())
    return view


class FaceMenu(Answering, ui.DynamicItem[ui.Select[Any]], template=r"koredare:faces:(?P<reply>\d+)"):
    """Which face of a reply?"""

    def __init__(self, reply_id: int, faces: list[Face] | None = None) -> None:
        self.reply_id = reply_id
        options = [
            discord.SelectOption(
                label=f"{face.number}: {(face.name or 'someone I do not know').replace('_', ' ')}"[:100],
                value=str(face.id),
            )
            for face in (faces or [])[:25]
        ]
        super().__init__(
            ui.Select(
                custom_id=f"koredare:faces:{reply_id}",
                placeholder="Choose a face",
                options=options or [discord.SelectOption(label="?")],
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["reply"]))

    async def act(self, interaction: Interaction) -> None:
        """Go on to the names of the chosen face."""
        text, view = await ask_name(interaction.client, int(self.item.values[0]), feedback.scope(interaction))
        await interaction.response.edit_message(content=text, view=view)


class NameMenu(Answering, ui.DynamicItem[ui.Select[Any]], template=r"koredare:names:(?P<face>\d+)"):
    """Who is it? The likeliest, then others that are known, somebody new, or no face at all."""

    def __init__(self, face_id: int, names: list[str] | None = None) -> None:
        self.face_id = face_id
        options = [
            *(discord.SelectOption(label=name.replace("_", " "), value=NAME + name) for name in names or []),
            discord.SelectOption(label="Someone else…", value=OTHER, emoji="✏️"),
            discord.SelectOption(label="Not a face", value=NOBODY, emoji=replies.NOT_A_FACE),
        ]
        super().__init__(ui.Select(custom_id=f"koredare:names:{face_id}", placeholder="Choose a name", options=options))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["face"]))

    async def act(self, interaction: Interaction) -> None:
        """Write the choice down, or ask for a name."""
        choice = self.item.values[0]
        if choice == OTHER:
            await interaction.response.send_modal(NameForm(self.face_id))
        else:
            await _note(interaction, self.face_id, None if choice == NOBODY else choice.removeprefix(NAME))


class NameForm(ui.Modal, title="Who is it?"):
    """A name typed by hand."""

    name: ui.TextInput[Self] = ui.TextInput(
        label="Name", custom_id="name", placeholder="As your server writes it", max_length=characters.NAME_LIMIT
    )

    def __init__(self, face_id: int) -> None:
        super().__init__()
        self.face_id = face_id

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Write the name down."""
        await _note(interaction, self.face_id, self.name.value)

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:
        """Answer whatever went wrong."""
        await errors.answer(interaction, error)


async def _note(interaction: Interaction, face_id: int, name: str | None) -> None:
    # Acknowledged first: Discord waits three seconds only, and a picture may have to be read again.
    await interaction.response.defer()
    thanks = await feedback.name(feedback.Speaker.of(interaction), face_id, name, via="menu")
    await interaction.edit_original_response(content=thanks, view=None)


async def question(bot: Koredare, reply_id: int) -> tuple[str, ui.View]:
    """What to ask about a reply: which face, or who it is where there is one only."""
    async with bot.database.reading() as session:
        faces = await pictures.faces_of_reply(session, reply_id)
    if not faces:
        raise feedback.Forgotten
    if len(faces) == 1:
        return await ask_name(bot, faces[0].id, faces[0].picture.guild_id)
    view = ui.View(timeout=None)
    view.add_item(FaceMenu(reply_id, faces))
    return replies.ask_face(), view


class SuspectMenu(Answering, ui.DynamicItem[ui.Select[Any]], template=r"koredare:suspects"):
    """Which of the faces that look wrong?"""

    def __init__(self, found: Sequence[Suspected] = ()) -> None:
        options = [
            discord.SelectOption(
                label=f"{number}: {each.name.replace('_', ' ')}, or {each.looks_like.replace('_', ' ')}?"[:100],
                value=str(each.face.id),
            )
            for number, each in enumerate(found, start=1)
            if each.face.picture.guild_id is not None  # what everyone shares is not one guild's to correct
        ]
        super().__init__(
            ui.Select(
                custom_id="koredare:suspects",
                placeholder="Correct or confirm a face",
                options=options or [discord.SelectOption(label="?")],
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls()

    async def act(self, interaction: Interaction) -> None:
        """Ask who it is: the name that it bears, the one that it looks like, or another."""
        bot, guild_id, face_id = interaction.client, feedback.scope(interaction), int(self.item.values[0])
        async with bot.database.reading() as session:
            found = await suspects.unanswered(session, guild_id=guild_id, quorum=bot.settings.feedback.quorum)
        first = [name for each in found if each.face.id == face_id for name in (each.name, each.looks_like)]
        text, view = await ask_name(bot, face_id, guild_id, first=first)
        await interaction.response.send_message(text, view=view, ephemeral=True)


def suspects_view(found: Sequence[Suspected]) -> ui.View:
    """The menu below a sheet of faces that look wrong; empty if none of them is the guild's own."""
    view = ui.View(timeout=None)
    if any(each.face.picture.guild_id is not None for each in found):
        view.add_item(SuspectMenu(found))
    return view


async def ask_name(
    bot: Koredare, face_id: int, guild_id: int | None, *, first: Sequence[str] = ()
) -> tuple[str, ui.View]:
    """The menu of names for a face, some of them first, without those that people said it is not."""
    async with bot.database.reading() as session:
        face = await pictures.find_face(session, face_id, guild_id=guild_id)
        if face is None:
            raise feedback.Forgotten
        refused = await verdicts.refused_names(session, face_id)
        known = await characters.search(session, "", guild_id=guild_id)
    likeliest = [candidate.name for candidate in face.candidates]
    names = [name for name in dict.fromkeys([*first, *likeliest, *known]) if name not in refused]
    view = ui.View(timeout=None)
    view.add_item(NameMenu(face_id, names[:23]))  # 25 at most, with the two that are always there
    return replies.ask_name(face), view
