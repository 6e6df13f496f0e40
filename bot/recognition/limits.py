"""How many pictures may be in the queue, and what is said where there are more."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from bot.recognition.errors import RecognitionError

_MINUTES: Final = 2  # from so many on, minutes are told instead of seconds

Whose: TypeAlias = Literal["person", "server", "everybody"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How many pictures may be waiting, looked at or answered at a time: of a person, a server, all."""

    person: int = 100
    server: int = 400
    everybody: int = 1000


def spell_out(seconds: int) -> dict[str, int]:
    """What a sentence needs that says how long something takes; `minutes`: 0 where seconds are to be told."""
    return {"seconds": seconds, "minutes": seconds // 60 if seconds >= _MINUTES * 60 else 0}


MOST: Final = Limits()


class Busy(RecognitionError):
    """More pictures are waiting than may.

    Attributes
    ----------
    whose
        Which of the limits is reached.
    seconds
        After about how many there is room again.
    """

    code = "busy"

    def __init__(self, whose: Whose, seconds: int) -> None:
        waiting = {
            "person": "as many of your pictures as I take at a time are waiting",
            "server": "as many pictures of this server as I take at a time are waiting",
            "everybody": "as many pictures as I can take are waiting",
        }[whose]
        spelt = spell_out(seconds)
        when = f"{spelt['minutes']} min" if spelt["minutes"] else f"{seconds} s"
        super().__init__(f"I am busy: {waiting}, and I pass over what is more. Post it again in about {when}.")
        self.whose = whose
        self.seconds = seconds
        self.minutes = spelt["minutes"]


class StillBusy(Busy):
    """The same person was told that a moment ago; whoever only posts need not hear it for each picture."""
