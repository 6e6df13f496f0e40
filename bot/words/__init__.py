"""What people read, in each language: a folder a language, a Project Fluent file an area, a message a sentence."""

from functools import cache
from pathlib import Path
from typing import Final, get_args

import discord
from fluent.runtime import FluentBundle, FluentResource

from bot.config.tables import Language

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
_FOLDER = Path(__file__).parent
_LONGEST: Final = 2000  # characters that a gap is filled with, as many as a message has; Fluent refuses over 2500


class Words:
    """The messages of one language.

    Examples
    --------
    >>> words = words_in("en")
    >>> words("watching", channel="<#5>")
    'From now on I answer every picture in <#5>.'
    """

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        # No isolation marks around what is filled in: Discord shows them as boxes on some phones.
        self._bundle = FluentBundle([language], use_isolating=False)
        for file in sorted((_FOLDER / language).glob("*.ftl")):
            self._bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))

    def __contains__(self, message: str) -> bool:
        return self._bundle.has_message(message)

    def __call__(self, message: str, /, **values: str | int | float) -> str:
        """A message with its gaps filled in; of what is longer than a message the beginning.

        Raises
        ------
        LookupError
            There is no such message, or a value that it needs is missing.
        """
        if not self._bundle.has_message(message):
            raise LookupError(f"no message {message!r} in {self.language!r}")
        pattern = self._bundle.get_message(message).value
        if pattern is None:
            raise LookupError(f"{message!r} in {self.language!r} has no text")
        filled = {name: value[:_LONGEST] if isinstance(value, str) else value for name, value in values.items()}
        text, errors = self._bundle.format_pattern(pattern, filled)
        if errors:
            raise LookupError(f"{message!r} in {self.language!r}: {errors[0]}")
        return str(text)


@cache
def words_in(language: Language) -> Words:
    """The messages of a language, read from disk once."""
    return Words(language)


def language_of(locale: discord.Locale | str | None) -> Language:
    """The language that we have for a locale as Discord gives it: Japanese for Japanese, else English."""
    return "ja" if str(locale or "").startswith("ja") else "en"
