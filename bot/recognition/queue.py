"""Whose posted picture is looked at next, and how many may wait for that: the one queue in front of the workers.

Servers take turns, and in a server the people in it: next is whoever had the latest turn longest ago, and before them
whoever had none since the queue was last empty. Who posts in several servers has one turn for all of them. That is
round robin between flows (Nagle, RFC 970, 1985), with new flows first (as in `fq_codel`, RFC 8290, 2018): what one
posts by the hundred waits, the first of another does not. A server that had nothing here while every other had a turn
is new: one such is let in beside those whose turn it is, and takes the place of the next of them.

A picture is downloaded in its turn and not before. Its declared size is reserved first, and held until it is answered.
"""

import asyncio
import math
import time
from collections import Counter, deque
from collections.abc import AsyncGenerator, Callable, Collection, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Final

from bot.latest import Latest
from bot.recognition.limits import MOST, Busy, Limits, StillBusy, Whose
from bot.recognition.tickets import Asked, Tell, Ticket, Withdrawn

IN_FLIGHT: Final = 64 * 2**20  # bytes of pictures that are being looked at or answered
SOON: Final = 5.0  # seconds that one may wait without a word
QUICK: Final = 1.0  # seconds that a picture takes whose poster may have several looked at side by side
_STEADY: Final = 0.1  # weight of the newest in the running mean of what a picture takes
_GONE: Final = 10_000  # latest deleted messages that are remembered
_AT_FIRST: Final = 0.3  # seconds, until one was looked at


@dataclass(eq=False, slots=True)
class _Line:
    """What one person has in the queue.

    Attributes
    ----------
    pictures
        Not answered yet, waiting or not.
    looking
        At how many is being looked.
    quick
        Whether the latest one took no longer than `QUICK`. Who posts what takes long has one looked at after the
        other, so that it never takes all workers.
    """

    server: int
    waiting: deque[Ticket] = field(default_factory=deque[Ticket])
    pictures: int = 0
    looking: int = 0
    quick: bool = False
    told: bool = False


class Queue:
    """Decides whose turn it is.

    Parameters
    ----------
    workers
        How many pictures can be looked at side by side. One more than that has its turn at a time, and is on its way
        from Discord meanwhile; if there were more, they would wait for a worker in their order, fair or not.

    Attributes
    ----------
    again
        To be held while a picture is read once more, to be drawn or cut anew after a correction: beside the queue, as
        somebody did something for it, but not more at a time either.
    pictures
        Not answered yet: waiting, looked at, or about to be answered.
    waiting
        Those whose turn has not come.
    looking
        Those that are downloaded and looked at.
    bytes
        Reserved for pictures.
    refused, withdrawn
        How many pictures were, since the start.
    seconds
        What a picture took lately, from when its turn came.
    """

    def __init__(
        self,
        *,
        workers: int,
        most: Limits = MOST,
        in_flight: int = IN_FLIGHT,
        soon: float = SOON,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._turns = workers + 1
        self.again = asyncio.Semaphore(self._turns)
        self._most = most
        self._in_flight = in_flight
        self._soon = soon
        self._clock = clock
        self._tickets: dict[Ticket, _Line] = {}
        self._lines: dict[tuple[int, int], _Line] = {}
        self._latest = dict[int, int]()  # the number of a server's latest turn
        self._latest_of = dict[int, int]()  # and of a person's
        self._looking_of = Counter[int]()  # at how many of a person's is being looked
        self._new = set[int]()
        self._number = 0
        self._sizes = Counter[int]()
        self._refused = set[tuple[int, int]]()  # told so since the queue was empty, or what they have in it
        self._gone = Latest[int, None](_GONE)
        self._telling = set[asyncio.Task[None]]()
        self.looking = 0
        self._beside: Ticket | None = None
        self.refused = 0
        self.withdrawn = 0
        self.seconds = _AT_FIRST

    @property
    def pictures(self) -> int:
        return sum(line.pictures for line in self._lines.values())

    @property
    def waiting(self) -> int:
        return sum(len(line.waiting) for line in self._lines.values())

    @property
    def bytes(self) -> int:
        return self._sizes.total()

    @contextmanager
    def enter(self, asked: Asked) -> Generator[Ticket]:
        """Come into the queue, until what was asked is answered.

        Raises
        ------
        Busy
            There is no room.
        Withdrawn
            It was deleted before it came so far.
        """
        if (gone := next((each for each in asked.messages if each in self._gone), None)) is not None:
            self.withdrawn += asked.pictures
            raise Withdrawn(gone)
        line = self._room(asked)
        if self._is_new(asked):
            self._new.add(asked.server)
        ticket = Ticket(asked, since=self._clock())
        self._tickets[ticket] = line
        line.pictures += asked.pictures
        try:
            yield ticket
        finally:
            self._leave(ticket)

    @asynccontextmanager
    async def turn(self, ticket: Ticket, late: Tell | None = None) -> AsyncGenerator[bool]:
        """Wait until it is the turn of the next of the pictures; download it and look at it in the block.

        Gives whether it is let in beside those whose turn it is: it should not wait for a worker behind them either.

        Parameters
        ----------
        late
            Called, beside the waiting, with about how many seconds are left, if it took more than `SOON` already; once
            for all that somebody has waiting.

        Raises
        ------
        Withdrawn
            It need not be looked at, or answered, any more.
        """
        beside = await self._wait(ticket, late)
        began = self._clock()
        try:
            yield beside
        except Exception as error:
            if ticket.withdrawn is not None:  # its file may be gone, too
                raise ticket.withdrawn from error
            raise
        finally:
            self._passed(ticket, self._clock() - began)
        if ticket.withdrawn is not None:
            raise ticket.withdrawn

    def withdraw(
        self, *, messages: Collection[int] = (), channel: int | None = None, server: int | None = None
    ) -> None:
        """Do without all that is about messages, or from a channel or a server, that are deleted."""
        for each in messages:
            self._gone[each] = None
        for ticket in self._tickets:
            gone = next((each for each in messages if each in ticket.asked.messages), None)
            if gone is None and ticket.asked.channel != channel and ticket.asked.server != server:
                continue
            if ticket.withdrawn is None:
                ticket.withdrawn = Withdrawn(gone)
                self.withdrawn += ticket.asked.pictures
            if ticket.come is not None and not ticket.come.done():
                ticket.come.set_exception(ticket.withdrawn)

    def _room(self, asked: Asked) -> _Line:
        """The line to stand in."""
        key = asked.server, asked.person
        line = self._lines.get(key, _Line(asked.server))
        of: dict[Whose, tuple[int, int]] = {
            "person": (self._anywhere(asked.person), self._most.person),
            "server": (sum(each.pictures for each in self._of(asked.server)), self._most.server),
            "everybody": (self.pictures, self._most.everybody),
        }
        for whose, (pictures, most) in of.items():
            if pictures and pictures + asked.pictures > most:
                self.refused += asked.pictures
                kind = StillBusy if key in self._refused else Busy
                self._refused.add(key)
                raise kind(whose, self._due(asked.server, pictures))
        return self._lines.setdefault(key, line)

    def _is_new(self, asked: Asked) -> bool:
        """Whether who asks and their server have nothing here, and all others had a turn since that server had one."""
        latest = self._latest.get(asked.server, 0)
        return not self._anywhere(asked.person) and not any(
            line.pictures if line.server == asked.server else self._latest.get(line.server, 0) <= latest
            for line in self._lines.values()
        )

    def _anywhere(self, person: int) -> int:
        """How many pictures of a person are here, from all servers together."""
        return sum(line.pictures for (_, whose), line in self._lines.items() if whose == person)

    def _leave(self, ticket: Ticket) -> None:
        asked, line = ticket.asked, self._tickets.pop(ticket)
        line.pictures -= asked.pictures
        if ticket.reserved:
            self._sizes[asked.server] -= asked.size
        if not line.pictures:
            del self._lines[asked.server, asked.person]
            self._refused.discard((asked.server, asked.person))
        if not self._lines:
            for each in (self._latest, self._latest_of, self._looking_of, self._new, self._sizes, self._refused):
                each.clear()
        self._next()

    async def _wait(self, ticket: Ticket, late: Tell | None) -> bool:
        """Stand in line until the turn comes, which `_passed` ends; gives what `turn` gives."""
        if ticket.withdrawn is not None:
            raise ticket.withdrawn
        line = self._tickets[ticket]
        ticket.late = late
        ticket.come = come = asyncio.get_running_loop().create_future()
        if ticket.turns:
            line.waiting.appendleft(ticket)  # the pictures of a message follow each other
        else:
            line.waiting.append(ticket)
        self._next()
        try:
            await come
        except BaseException:
            if come.done() and not come.cancelled() and come.exception() is None:  # and we are cancelled all the same
                self._passed(ticket, None)
            else:
                line.waiting.remove(ticket)
            raise
        return self._beside is ticket

    def _passed(self, ticket: Ticket, seconds: float | None) -> None:
        """The turn of a ticket has ended, after so many seconds; None: before it began."""
        line = self._tickets[ticket]
        if self._beside is ticket:
            self._beside = None
        self.looking -= 1
        line.looking -= 1
        self._looking_of[ticket.asked.person] -= 1
        if seconds is not None:
            line.quick = seconds <= QUICK
            self.seconds += _STEADY * (seconds - self.seconds)
        asyncio.get_running_loop().call_soon(self._next)  # when the next picture of the same message stands in line too

    def _next(self) -> None:
        """Give out turns."""
        while able := [each for each in self._lines.items() if self._able(*each)]:
            if beside := self.looking >= self._turns:
                able = [] if self._beside else [each for each in able if each[1].server in self._new]
            if not able:
                break
            key, line = min(able, key=lambda each: self._rank(*each))
            ticket = line.waiting[0]
            if not ticket.reserved:
                if not self._fits(ticket, self.bytes, self._in_flight):
                    break  # nobody overtakes it, or what is large would wait for ever
                ticket.reserved = True
                self._sizes[line.server] += ticket.asked.size
            line.waiting.popleft()
            self._number += 1
            self._latest[line.server] = self._latest_of[key[1]] = self._number
            self._new.discard(line.server)
            self._beside = ticket if beside else self._beside
            self.looking += 1
            line.looking += 1
            self._looking_of[key[1]] += 1
            ticket.turns += 1
            assert ticket.come is not None
            ticket.come.set_result(None)
        self._remind()

    def _remind(self) -> None:
        """Tell whoever has waited for more than a moment; not by a clock, but whenever anybody comes or goes."""
        for line in self._lines.values():
            late = line.waiting[0].late if line.waiting and not line.told else None
            if late is not None and self._clock() - line.waiting[0].since > self._soon:
                line.told = True
                task = asyncio.ensure_future(late(self._due(line.server, line.looking + 1)))
                self._telling.add(task)
                task.add_done_callback(self._telling.discard)

    def _able(self, key: tuple[int, int], line: _Line) -> bool:
        first = line.waiting[0].come if line.waiting else None
        if first is None or first.done():  # deleted or cancelled, and about to go out of the way
            return False
        if not line.quick and self._looking_of[key[1]]:
            return False
        # What is answered may have to wait for Discord: no server's answers hold the others up.
        ticket = line.waiting[0]
        return ticket.reserved or self._fits(ticket, self._sizes[line.server], self._in_flight // 2)

    @staticmethod
    def _fits(ticket: Ticket, taken: int, room: int) -> bool:
        """Whether there is room for its bytes; one that is larger than all the room has it alone."""
        return not taken or not ticket.asked.size or taken + ticket.asked.size <= room

    def _rank(self, key: tuple[int, int], line: _Line) -> tuple[int, int, int]:
        there, mine = self._latest.get(line.server, 0), self._latest_of.get(key[1], 0)
        return max(there, mine), mine, there

    def _of(self, server: int) -> list[_Line]:
        return [line for line in self._lines.values() if line.server == server]

    def _due(self, server: int, mine: int) -> int:
        """About how many seconds pass until so many pictures of each person there had their turn, in round figures."""
        there = sum(min(each.pictures, mine) for each in self._of(server))
        totals = Counter[int]()
        for each in self._lines.values():
            totals[each.server] += each.pictures
        before = sum(min(pictures, there) for pictures in totals.values())
        seconds = before * self.seconds / self._turns
        return max(5, math.ceil(seconds / 5) * 5)
