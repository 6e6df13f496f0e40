"""Refusals in the language of a chat: their English is in the classes themselves, the others' in `bot/words`."""

from bot.chat.replies import harmless
from bot.words import Words
from ml.errors import KoredareError


def tell(error: KoredareError, words: Words) -> str | None:
    """What was refused and what to do, for people in chat; None: only the operator can do anything about it."""
    if not error.code:
        return None
    message = f"refusal-{error.code.replace('_', '-')}"
    if message not in words:
        return harmless(str(error))
    return words(message, **{name: _listed(fact, words) for name, fact in error.facts.items()})


def _listed(fact: str | int | float | tuple[str, ...], words: Words) -> str | int | float:
    if isinstance(fact, tuple):
        return words("comma").join(map(harmless, fact)) or "none"
    return harmless(fact) if isinstance(fact, str) else fact
