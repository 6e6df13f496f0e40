"""The words of a chart: whoever has it drawn says them, in the language of whoever will look at it."""

from typing import Protocol


class Wording(Protocol):
    """Gives a message by its name, with its gaps filled; `bot.words` has them."""

    def __call__(self, message: str, /, **values: str | int | float) -> str:
        """The message `message`, with `values` in it."""
        ...
