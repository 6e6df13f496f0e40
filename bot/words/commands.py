"""Slash commands in other languages: English is in the docstrings, the rest in `commands.ftl` of each language."""

import re
from typing import Any, Final, Literal, get_args, get_origin

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location
from discord.ext import commands

from bot.words import Words, language_of, words_in


class Translator(app_commands.Translator):
    """Gives Discord the descriptions of commands and options, and the names of message menus, in Japanese.

    The names of commands stay as they are, since people type them with a prefix too.
    """

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """What Discord shows instead of English; None: English."""
        words, message = words_in(language_of(locale)), _message(context.location, context.data)
        return words(message) if message in words else None


def _message(location: Location, data: Any) -> str:
    match location:
        case Location.command_description | Location.group_description:
            return of_command(data.qualified_name)
        case Location.parameter_description:
            return of_option(data.command.qualified_name, data.name)
        case Location.command_name if isinstance(data, app_commands.ContextMenu):
            return of_menu(data.name)
        case _:
            return ""


def of_command(name: str) -> str:
    """The id of a command's description; `name` with those of its groups."""
    return "command-" + name.replace(" ", "-")


def of_option(command: str, name: str) -> str:
    """The id of an option's description."""
    return f"option-{command.replace(' ', '-')}-{name}"


def of_menu(name: str) -> str:
    """The id of a message menu's name."""
    return "menu-" + re.sub(r"\W+", "-", name.lower()).strip("-")


def description(command: commands.Command[Any, ..., Any], words: Words) -> str:
    """What a command does, in one line."""
    message = of_command(command.qualified_name)
    return words(message) if message in words else command.short_doc


_ANOTHER: Final = re.compile(r"picture\d+")


def options(command: commands.Command[Any, ..., Any], words: Words) -> dict[str, str]:
    """What each option of a hybrid command means; of several pictures the first."""
    slash = getattr(command, "app_command", None)
    if not isinstance(slash, app_commands.Command):
        return {}
    found: dict[str, str] = {}
    for option in slash.parameters:
        if _ANOTHER.fullmatch(option.name):
            continue
        message = of_option(command.qualified_name, option.name)
        found[option.display_name] = words(message) if message in words else str(option.description)
    return found


def choices(command: commands.Command[Any, ..., Any]) -> tuple[str, ...]:
    """The words that some parameter of a command leaves to choose from; empty if none does."""
    return next((found for each in command.clean_params.values() if (found := _choices(each.annotation))), ())


def usage(command: commands.Command[Any, ..., Any], prefix: str) -> str:
    """How a command is typed: `!command <needed> [may be left out] [one|of|these]`."""
    parts = [f"{prefix}{command.qualified_name}"]
    for name, parameter in command.clean_params.items():
        if _ANOTHER.fullmatch(name):
            continue  # with a slash each picture is an option of its own
        what = "|".join(_choices(parameter.annotation)) or name
        parts.append(f"<{what}>" if parameter.required else f"[{what}]")
    return " ".join(parts)


def _choices(annotation: Any) -> tuple[str, ...]:
    """The words that an annotation leaves to choose from; empty if it is none of those."""
    if get_origin(annotation) is Literal:
        return tuple(str(choice) for choice in get_args(annotation))
    literals = (arg for arg in get_args(annotation) if get_origin(arg) is Literal)
    return tuple(str(choice) for literal in literals for choice in get_args(literal))
