"""Every error becomes one sentence that says what to do; the log has the rest, under the id that the sentence gives."""

import logging
import math
import secrets
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.calls import NoPicture, Unreached
from bot.chat import refusals
from bot.chat.lost import LOST, tell
from bot.chat.permissions import Refused, Why
from bot.database.search import slipped
from bot.words import Words
from ml.errors import KoredareError

log = logging.getLogger(__name__)

_REFUSALS: dict[Why, str] = {
    "moderators only": "error-moderators",
    "not there": "answer-forgotten",
    "out of sight": "error-out-of-sight",
    "not your picture": "consent-not-yours",
    "not your word": "correction-not-yours",
    "not your request": "forget-not-yours",
}


class UserError(KoredareError):
    """Something that the one who asked can mend; the message says how."""


def explain(error: BaseException, words: Words, *, usage: str = "") -> str:
    """The sentence to answer an error with; what nobody in chat can mend is logged under an id that it gives.

    `usage`: how the command is typed that was not understood; empty: none was typed.
    """
    while isinstance(inner := getattr(error, "original", None), Exception):
        error = inner  # discord.py wraps what a command raised
    match error:
        case UserError():
            return str(error)
        case KoredareError():
            return refusals.tell(error, words) or words("error-operator", number=_logged(error))
        case discord.DiscordException():
            return _of_discord(error, words, usage) or words("error-unforeseen", number=_logged(error))
        case OSError() if error.filename is not None:  # a disk that is full, away, or not ours to write
            return words("error-operator", number=_logged(error))
        case _:
            return words("error-unforeseen", number=_logged(error))


def _of_discord(error: discord.DiscordException, words: Words, usage: str) -> str | None:
    match error:
        case Refused():
            return words(_REFUSALS[error.why])
        case commands.MissingPermissions() | app_commands.MissingPermissions():
            return words("error-moderators")
        case commands.NoPrivateMessage() | app_commands.NoPrivateMessage():
            return words("error-servers-only")
        case commands.BotMissingPermissions() | app_commands.BotMissingPermissions():
            return words("error-my-permissions")
        case commands.CommandOnCooldown() | app_commands.CommandOnCooldown():
            return words("error-too-fast", seconds=math.ceil(error.retry_after))
        case commands.CheckFailure() | app_commands.CheckFailure():
            return words("error-not-allowed")
        case commands.UserInputError() | app_commands.TransformerError():
            return " ".join(filter(None, (_of_input(error, words), usage and words("error-usage", usage=usage))))
        case app_commands.CommandSignatureMismatch() | app_commands.CommandNotFound():  # whoever asks has an old list
            return words("error-command-changed")
        case _:
            return _of_call(error, words)


def _of_call(error: discord.DiscordException, words: Words) -> str | None:
    """What Discord did not do for us."""
    match error:
        case discord.Forbidden() | discord.HTTPException(code=50_083 | 160_005):  # a thread is archived, or locked
            return words("error-my-permissions")
        case discord.NotFound():
            return words("error-gone")
        case discord.HTTPException(code=200_000 | 200_001 | 240_000):  # AutoMod, and what Discord itself filters
            return words("error-automod")
        case NoPicture(gone=gone):
            log.warning("A picture is not to be had: %s", error)
            return words("error-picture-gone" if gone else "error-picture-later")
        case discord.DiscordServerError() | discord.HTTPException(status=401 | 429) | Unreached():
            log.warning("Discord is not reached: %r", error)
            return words("error-discord")
        case _:
            return None


def _of_input(error: commands.UserInputError | app_commands.TransformerError, words: Words) -> str:
    match error:
        case commands.MissingRequiredArgument() | commands.MissingRequiredAttachment():
            return words("error-missing", name=error.param.displayed_name or error.param.name)
        case commands.BadUnionArgument(errors=[*_, commands.ThreadNotFound()]):
            return words("error-no-such-channel")
        case commands.ChannelNotFound():
            return words("error-no-such-channel")
        case commands.UserNotFound() | commands.MemberNotFound():
            return words("error-no-such-person")
        case commands.RoleNotFound():
            return words("error-no-such-role")
        case commands.BadLiteralArgument():
            choices = words("comma").join(f"`{choice}`" for choice in error.literals)
            said = words("error-not-a-choice", name=error.param.displayed_name or error.param.name, choices=choices)
            return " ".join([said, *did_you_mean(slipped(error.argument, map(str, error.literals)), words)])
        case commands.TooManyArguments() | commands.ArgumentParsingError():
            return words("error-quotes")
        case commands.RangeError(minimum=int(least), maximum=int(most)):
            return words("error-out-of-range", least=least, most=most)
        case _:
            return words("error-not-understood")


def did_you_mean(near: Sequence[str], words: Words, *, before: str = "") -> list[str]:
    """A question that offers the nearest of these, with what is typed `before` it; nothing if there is none."""
    return [words("error-did-you-mean", near=f"{before}{near[0]}")] if near else []


def _logged(error: BaseException) -> str:
    number = secrets.token_hex(4)
    log.error("Error %s", number, exc_info=error)
    return number


async def answer(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Tell the one who pressed, and only them, whether or not the interaction was answered before."""
    text = explain(error, interaction.client.place_of(interaction).words)
    try:
        await tell(interaction, text)
    except LOST as unsaid:
        log.warning("Interaction %s cannot be told %r: %s", interaction.id, text, unsaid)


async def reply(message: discord.Message, text: str) -> None:
    """Answer a message in words, also if it has been deleted meanwhile; what cannot be said there is in the log."""
    try:
        await message.channel.send(text, reference=message.to_reference(fail_if_not_exists=False))
    except LOST as unsaid:
        log.warning("Message %s in %s cannot be answered %r: %s", message.id, message.channel.id, text, unsaid)
