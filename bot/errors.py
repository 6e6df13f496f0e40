"""Every error becomes one sentence that says what to do; the log has the rest, under the id that the sentence gives."""

import logging
import secrets
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from ml.errors import KoredareError

log = logging.getLogger(__name__)


class UserError(KoredareError):
    """Something that the one who asked can mend; the message says how."""


def explain(error: BaseException) -> str:
    """The sentence to answer an error with; what nobody foresaw is logged under an id that the sentence gives."""
    while isinstance(inner := getattr(error, "original", None), Exception):
        error = inner  # discord.py wraps what a command raised
    match error:
        case KoredareError():
            return str(error)
        case commands.MissingPermissions() | app_commands.MissingPermissions():
            return "That is for moderators: it needs the permission **Manage Server**."
        case commands.NoPrivateMessage() | app_commands.NoPrivateMessage():
            return "That works in a server only, not in direct messages."
        case commands.BotMissingPermissions() | app_commands.BotMissingPermissions() | discord.Forbidden():
            return "Discord does not let me do that here: please check my permissions in this channel."
        case commands.CheckFailure() | app_commands.CheckFailure():
            return "You may not do that here."
        case commands.MissingRequiredArgument():
            return f"Something is missing: **{error.param.name}**. `@me help` shows how to say it."
        case commands.ChannelNotFound():
            return "I find no such channel here. Name it like #pictures, or leave it out for this one."
        case commands.UserInputError():
            return f"I did not understand that: {error} `@me help` shows how to say it."
        case commands.CommandOnCooldown() | app_commands.CommandOnCooldown():
            return f"Slower, please: try again in {error.retry_after:.0f} seconds."
        case discord.NotFound():
            return "Discord no longer has that message or file: post the picture again."
        case _:
            number = secrets.token_hex(4)
            log.error("Unforeseen error %s", number, exc_info=error)
            return f"Something went wrong that I did not foresee; my operator finds it in the log as `{number}`."


async def answer(interaction: discord.Interaction, error: BaseException) -> None:
    """Tell the one who pressed, and only them, whether or not the interaction was answered before."""
    text = explain(error)
    if interaction.response.is_done():
        await interaction.followup.send(text, ephemeral=True)
    else:
        await interaction.response.send_message(text, ephemeral=True)


async def reply(message: discord.Message, text: str) -> None:
    """Answer a message in words, also if it has been deleted meanwhile."""
    await message.channel.send(text, reference=message.to_reference(fail_if_not_exists=False))


class Answering:
    """A button or menu that answers its errors in words; discord.py would only log those of dynamic items."""

    async def act(self, interaction: discord.Interaction[Any]) -> None:
        """What it does when it is used."""
        raise NotImplementedError

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Act, and answer whatever goes wrong."""
        try:
            await self.act(interaction)
        except Exception as error:  # noqa: BLE001  every one is answered in words, and logged if unforeseen
            await answer(interaction, error)
