"""The root of all errors that a person can mend."""

from typing import Any, ClassVar, TypeVar

E = TypeVar("E", bound="KoredareError")


class KoredareError(Exception):
    """Something that was refused or could not be done; `str` of it is a sentence for the person who asked.

    It says what was wrong and what to do next. On the command line it is shown as it is, in chat as `bot.chat.errors`
    has it; any other exception is a fault of ours. Whatever its constructor takes, it can be pickled.

    Attributes
    ----------
    code
        For machines and for translations; never changes for a class. Empty: only whoever runs the bot can mend it.
    """

    code: ClassVar[str] = ""

    @property
    def facts(self) -> dict[str, str | int | float | tuple[str, ...]]:
        """What the sentence fills in, by name, so that it can be said in another language: what the error bears."""
        return {name: value for name, value in vars(self).items() if isinstance(value, str | int | float | tuple)}

    def __reduce__(self) -> tuple[Any, ...]:
        # Python's own way calls the constructor with `args`, the sentence, which is seldom what a constructor takes.
        return _made_again, (type(self), self.args), self.__dict__


def _made_again(kind: type[E], args: tuple[object, ...]) -> E:
    return kind.__new__(kind, *args)
