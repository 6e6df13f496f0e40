"""Buttons, menus and forms: what all of them have in common. Whoever uses one passes `bot.chat.permissions` first."""

import logging
import re
from typing import Any, Final, Generic, Self, TypeVar

import discord
from discord import ui
from discord.ext import commands

from bot.chat import errors
from bot.chat.lost import LOST
from bot.chat.permissions import Claim, Refused, Speaker, admit
from bot.client import Koredare
from bot.database.pictures import Face

log = logging.getLogger(__name__)

Interaction = discord.Interaction[Koredare]
_OPEN: Final = 900.0  # seconds that a form waits to be sent: Discord does not tell of those that people close again
ControlT = TypeVar("ControlT", bound=ui.Item[Any])


class Item(ui.DynamicItem[ControlT], Generic[ControlT], template=r"(?!)"):
    """A button or menu that carries in its id what it is about, so that it works after any restart.

    It is made and found again in the same way: from Discord's own, whose id is read (`match`). It acts after `claim` is
    admitted, on what was loaded for that (`shown`, as `admit` gives it); whatever goes wrong is answered in words,
    which discord.py would only log.
    """

    def __init__(self, control: ControlT) -> None:
        super().__init__(control)
        found = self.template.fullmatch(self.custom_id)
        if found is None:
            raise ValueError(f"{self.custom_id!r} is no id of {type(self).__name__}")
        self.match = found
        self.shown: list[Face] = []

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Find it again, as discord.py does when it is used."""
        del interaction, match
        return cls(item)  # pyright: ignore[reportArgumentType]  - of the type that the id stands for

    def claim(self, interaction: Interaction) -> Claim:
        """What it acts on, and who may."""
        raise NotImplementedError

    async def act(self, interaction: Interaction) -> None:
        """What it does when somebody uses it who may."""
        raise NotImplementedError

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Act for who may, and answer whatever goes wrong."""
        try:
            self.shown = await admit(Speaker.of(interaction), self.claim(interaction))
            await self.act(interaction)
        except Exception as error:  # noqa: BLE001  every one is answered in words, and logged if unforeseen
            await errors.answer(interaction, error)


class Form(ui.Modal):
    """Something typed; whoever sends it passes as if they used the button that opened it."""

    def __init__(self, claim: Claim, *, title: str) -> None:
        super().__init__(title=title, timeout=_OPEN)
        self.claim = claim
        self.shown: list[Face] = []

    async def act(self, interaction: Interaction) -> None:
        """What it does when somebody sends it who may."""
        raise NotImplementedError

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Act for who may."""
        self.shown = await admit(Speaker.of(interaction), self.claim)
        await self.act(interaction)

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:
        """Answer whatever went wrong."""
        await errors.answer(interaction, error)


def view(*items: ui.Item[Any]) -> ui.View:
    """These buttons and menus, for as long as their message stands.

    They are found by their ids whenever they are used. discord.py need hold none of them, which it would do for each
    message until the bot is stopped.
    """
    made = ui.View(timeout=None)
    for item in items:
        made.add_item(item)
    made.stop()
    return made


def yes_or_no(
    button: type[Item[ui.Button[Any]]], about: str, *, yes: str, no: str, style: discord.ButtonStyle
) -> ui.View:
    """The two answers to a question, of this kind of button: their ids are what it is `about`, and `:yes` or `:no`.

    `yes`, `no`: their labels; `style`: of the yes.
    """
    agree = ui.Button[Any](label=yes, style=style, custom_id=f"{about}:yes")
    decline = ui.Button[Any](label=no, style=discord.ButtonStyle.secondary, custom_id=f"{about}:no")
    return view(button(agree), button(decline))


def number(text: str) -> int:
    """The id of a row or a person that an id or an option holds.

    Raises
    ------
    Refused
        It is none, or none that the database could hold.
    """
    if not (text.isdecimal() and 0 < int(text) < 2**63):
        raise Refused("not there")
    return int(text)


async def acknowledge(used: Interaction | commands.Context[Koredare], *, ephemeral: bool = False) -> None:
    """Have Discord wait longer than its three seconds. It promises nothing, so it may come before what is written.

    Where Discord does not hear it, what was asked for is done all the same: whoever asked sees less, and nothing that
    is not so.
    """
    interaction = used.interaction if isinstance(used, commands.Context) else used
    if interaction is None:
        return  # a text command
    try:
        await interaction.response.defer(ephemeral=ephemeral)
    except LOST as error:
        log.warning("Interaction %s is not acknowledged: %s", interaction.id, error)


async def replace(interaction: Interaction, **what: Any) -> None:
    """Put something in the place of the message that a button or menu stands below.

    `what`: discord.py's `content`, `view`, `attachments`.
    """
    if not interaction.response.is_done():  # Discord did not hear `acknowledge`, or we did not hear that it had
        try:
            await interaction.response.edit_message(**what)
        except LOST as error:
            log.warning("Interaction %s is not answered at once: %s", interaction.id, error)
        else:
            return
    await interaction.edit_original_response(**what)


def ids_below(message: discord.Message) -> list[str]:
    """The ids of the buttons and menus below a message."""
    rows = [row for row in message.components if isinstance(row, discord.ActionRow)]
    return [item.custom_id for row in rows for item in row.children if item.custom_id is not None]
