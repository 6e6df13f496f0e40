"""What the gateway tells passes here: an event that cannot be read costs itself alone, and no press is heard twice.

Of itself discord.py ends for good with the first event that it cannot read, and where a gateway to which it connects
anew shuts the door at once. Source: discord.py (`discord/shard.py`, `discord/state.py`).
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, TypeAlias

import discord
from discord.backoff import ExponentialBackoff
from discord.state import ConnectionState

from bot.latest import Latest

log = logging.getLogger(__name__)

Read: TypeAlias = Callable[[Any], None]

_BEGINNING: Final = ("READY", "RESUMED")  # without these nothing that follows can be read: connected is anew
_OF_SERVERS: Final = ("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE")
_REMEMBERED: Final = 1000  # interactions, the latest; all are done with by then


class Events:
    """Reads the events of a bot.

    Parameters
    ----------
    state
        What reads them for discord.py.
    knows
        Whether Discord has told of a server.
    """

    def __init__(self, state: ConnectionState[Any], knows: Callable[[int], bool]) -> None:
        self._knows = knows
        self._used = Latest[str, None](_REMEMBERED)
        self._unread = set[str]()  # the kinds of which the log has heard
        for name, read in state.parsers.items():
            if name not in _BEGINNING:
                state.parsers[name] = self._reading(name, read)

    def _reading(self, name: str, read: Read) -> Read:
        def careful(data: Any) -> None:
            try:
                if self._concerns_us(name, data):
                    read(data)
            except Exception as error:  # noqa: BLE001  whatever is wrong with it, the next one may be whole
                first = name not in self._unread
                self._unread.add(name)
                log.log(
                    logging.WARNING if first else logging.DEBUG, "Cannot read what Discord tells, %s: %r", name, error
                )

        return careful

    def _concerns_us(self, name: str, data: Mapping[str, Any]) -> bool:
        """Whether an event is new, and of a server of which we were told.

        Of others nobody knows what channel it is, nor who may do what there: discord.py takes it for a conversation.
        What was said there is heard when we are told (`bot.catching_up`).
        """
        if name == "INTERACTION_CREATE":
            if data["id"] in self._used:
                return False
            self._used[data["id"]] = None
        return name not in _OF_SERVERS or data.get("guild_id") is None or self._knows(int(data["guild_id"]))


class _Pauses(ExponentialBackoff[Literal[False]]):
    """Seconds before a shard connects anew: longer each time that it fails, up to a minute.

    Of itself discord.py waits for up to 17 of them, and begins from the start only after half an hour without trouble.
    """

    def __init__(self) -> None:
        super().__init__()
        self._max = 6  # as a power of two
        self._reset_time = 180


def hold(shard: discord.ShardInfo) -> None:
    """Have a shard connect anew whatever ends its connection, after pauses that grow, unless Discord ends it itself."""
    shard._parent._handled_exceptions = (Exception,)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    shard._parent._backoff = _Pauses()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
