"""What stands in the queue: what is to be looked at, for whom, and how far that has come."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import TypeAlias

Tell: TypeAlias = Callable[[int], Awaitable[None]]


class Withdrawn(Exception):
    """What was asked about, or the message that asked, is deleted; `message_id`: which, None: with all around it."""

    def __init__(self, message_id: int | None) -> None:
        super().__init__(message_id)
        self.message_id = message_id


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be looked at, for whom.

    Attributes
    ----------
    server, person, channel
        By their ids; a conversation with the bot alone is a server of its own.
    messages
        Without any one of these messages it is not looked at.
    pictures, size
        How many, and of how many bytes together, as they are declared.
    """

    server: int
    person: int
    channel: int
    messages: Collection[int]
    pictures: int
    size: int


@dataclass(eq=False, slots=True)
class Ticket:
    """The place of something in the queue, which alone changes it.

    Attributes
    ----------
    withdrawn
        Why it need not be looked at any more.
    reserved
        Whether room for its bytes is.
    turns
        How many of its pictures have had theirs.
    since
        By the queue's clock, when it came.
    come
        Done with the turn that is waited for.
    late
        As in `Queue.turn`.
    """

    asked: Asked
    withdrawn: Withdrawn | None = None
    reserved: bool = False
    turns: int = 0
    since: float = 0.0
    come: "asyncio.Future[None] | None" = None
    late: Tell | None = None
