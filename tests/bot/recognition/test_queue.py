"""Whose picture is looked at next: what one posts by the hundred waits, the first of another does not."""

import asyncio
from collections.abc import Collection

import pytest

from bot.recognition.limits import MOST, Busy, Limits, StillBusy
from bot.recognition.queue import Queue
from bot.recognition.tickets import Asked, Withdrawn

MB = 2**20


class Posts:
    """Pictures that are being looked at until the test has them done.

    Attributes
    ----------
    looked
        Their names, in the order of their turns.
    beside
        Those who were let in beside others.
    told
        After how many seconds, as was said to whom.
    """

    def __init__(self, *, workers: int = 1, most: Limits = MOST, in_flight: int = 64 * MB, soon: float = 600.0) -> None:
        self.now = 0.0
        self.queue = Queue(workers=workers, most=most, in_flight=in_flight, soon=soon, clock=lambda: self.now)
        self.looked: list[str] = []
        self.beside: list[str] = []
        self.told: dict[str, int] = {}
        self._looking: list[str] = []
        self._done: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[Exception | None]] = {}

    async def post(self, *names: str, server: int = 1, pictures: int = 1, size: int = 0, channel: int = 0) -> None:
        """Post, each a message of so many pictures; who posts is the first letter of the name."""
        for name in names:
            asked = Asked(server, ord(name[0]), channel, {hash(name)}, pictures, size)
            self._done[name] = asyncio.Event()
            self.tasks[name] = asyncio.create_task(self._answer(name, asked))
            await calm()

    async def _answer(self, name: str, asked: Asked) -> Exception | None:
        try:
            await self._look(name, asked)
        except (Busy, Withdrawn) as error:
            return error
        return None

    async def _look(self, name: str, asked: Asked) -> None:
        async def tell(seconds: int) -> None:
            self.told[name] = seconds

        with self.queue.enter(asked) as ticket:
            for _ in range(asked.pictures):
                async with self.queue.turn(ticket, tell) as beside:
                    self.looked.append(name)
                    self.beside += [name] * beside
                    self._looking.append(name)
                    self._done[name].clear()
                    try:
                        await self._done[name].wait()
                    finally:
                        self._looking.remove(name)

    async def done(self, *names: str, after: float = 0.1) -> None:
        """What is being looked at is seen."""
        self.now += after
        for name in names:
            self._done[name].set()
            await calm()

    async def all_done(self, *, after: float = 0.1) -> None:
        """Everything is, one after the other as their turns come."""
        while self._looking:
            await self.done(self._looking[0], after=after)
        assert all(task.done() for task in self.tasks.values())

    def outcome(self, name: str) -> Exception | None:
        """How a post ended; None: it was looked at."""
        return self.tasks[name].result()


async def calm() -> None:
    """All that can go on has gone on."""
    for _ in range(20):
        await asyncio.sleep(0)


def ids(*names: str) -> Collection[int]:
    return {hash(name) for name in names}


async def test_who_posts_in_many_servers_has_one_turn_for_all_of_them() -> None:
    posts = Posts(most=Limits(person=20))
    for server in range(2, 12):
        await posts.post(f"ann {server}", f"ann {server} again", server=server)
    await posts.post("zoe 1", "zoe 2", "zoe 3")
    assert posts.looked == ["ann 2", "zoe 1"]
    assert posts.beside == []
    for anns, zoes in (("ann 2", "zoe 1"), ("ann 3", "zoe 2")):
        await posts.done(anns, zoes)
    assert posts.looked == ["ann 2", "zoe 1", "ann 3", "zoe 2", "ann 4", "zoe 3"]
    await posts.all_done()

    for server in range(2, 24):
        await posts.post(f"ann {server}", server=server)
    await posts.all_done()
    assert [name for name, each in posts.tasks.items() if isinstance(each.result(), Busy)] == ["ann 22", "ann 23"]


async def test_a_single_picture_of_another_server_does_not_wait_behind_a_hundred() -> None:
    posts = Posts()
    await posts.post(*(f"ann {number}" for number in range(100)))
    await posts.post("zoe", server=2)
    assert posts.looked == ["ann 0", "zoe"]
    await posts.done("ann 0")
    assert posts.looked == ["ann 0", "zoe", "ann 1"]
    await posts.post("mia", server=3)  # there is no turn left, so she is let in beside those two; but one at a time
    await posts.post("eve", server=4)
    assert posts.looked == ["ann 0", "zoe", "ann 1", "mia"]
    assert posts.beside == ["mia"]
    await posts.done("mia")
    assert posts.looked[4:] == ["eve"]
    await posts.all_done()
    assert posts.looked[5:] == [f"ann {number}" for number in range(2, 100)]
    assert posts.beside == ["mia", "eve"]
    assert (posts.queue.pictures, posts.queue.bytes, posts.queue.looking) == (0, 0, 0)


async def test_only_who_was_away_while_all_others_had_a_turn_is_let_in_beside_them() -> None:
    posts = Posts()
    await posts.post("ann 1", "ann 2", "ann 3", "ann 4")
    await posts.done("ann 1")
    await posts.post("mia 1", server=3)
    await posts.post("eve 1", "eve 2", server=4)
    await posts.done("mia 1")
    await posts.post("mia 2", server=3)  # ann's latest was before that of hers
    await posts.done("eve 1")  # there is more of hers, but that waits its turn
    assert (posts.looked[3:], posts.beside) == (["mia 1", "eve 1"], ["mia 1", "eve 1"])
    await posts.all_done()
    assert posts.looked[5:] == ["ann 4", "mia 2", "eve 2"]
    assert posts.beside == ["mia 1", "eve 1"]


async def test_servers_take_turns_and_in_each_its_people() -> None:
    posts = Posts()
    await posts.post("held 1", server=8)
    await posts.post("kept 1", server=9)
    await posts.post("ann 1", "ann 2", "ann 3", "ben 1", "ben 2")
    await posts.post("zoe 1", "zoe 2", server=2)
    await posts.all_done()
    assert posts.looked[2:] == ["ann 1", "zoe 1", "ben 1", "zoe 2", "ann 2", "ben 2", "ann 3"]


async def test_who_comes_again_and_again_does_not_overtake_for_ever() -> None:
    posts = Posts()
    await posts.post("held 1", server=8)
    await posts.post("ann 1", "ann 2")
    await posts.post("zoe 1", server=2)
    await posts.done("held 1")
    await posts.post("mia 1", server=3)
    await posts.done("zoe 1")
    await posts.post("zoe 2", server=2)  # ann had a turn before zoe had
    await posts.done("ann 1")
    assert posts.looked == ["held 1", "ann 1", "zoe 1", "mia 1", "ann 2"]


async def test_the_pictures_of_a_message_follow_each_other() -> None:
    posts = Posts()
    await posts.post("ann 1", pictures=3)
    await posts.post("ann 2")
    await posts.all_done(after=20)
    assert posts.looked == ["ann 1", "ann 1", "ann 1", "ann 2"]


async def test_who_posts_what_takes_long_never_takes_all_workers() -> None:
    posts = Posts(workers=2)
    await posts.post(*(f"ann {number}" for number in range(12)))
    assert posts.looked == ["ann 0"]
    await posts.done("ann 0", after=20)
    assert posts.looked == ["ann 0", "ann 1"]
    await posts.done("ann 1", after=0.1)
    assert posts.looked[2:] == ["ann 2", "ann 3", "ann 4"]  # that was quick: all turns are free for the next
    await posts.done("ann 2", "ann 3", after=20)
    assert posts.looked[5:] == []
    await posts.done("ann 4", after=20)
    assert posts.looked[5:] == ["ann 5"]
    await posts.post("zoe", server=2)
    assert posts.looked[6:] == ["zoe"]


async def test_what_is_too_much_is_refused_with_when_to_come_again() -> None:
    posts = Posts(most=Limits(person=3, server=5, everybody=6))
    await posts.post("ann 1", "ann 2", "ann 3", "ann 4", "ann 5")
    assert isinstance(said := posts.outcome("ann 4"), Busy)
    assert (said.whose, said.seconds) == ("person", 5)
    assert not isinstance(said, StillBusy)
    assert isinstance(posts.outcome("ann 5"), StillBusy)
    await posts.post("ben 1", "ben 2", "ben 3")
    assert isinstance(said := posts.outcome("ben 3"), Busy)
    assert said.whose == "server"
    await posts.post("zoe 1", "zoe 2", server=2)
    assert isinstance(said := posts.outcome("zoe 2"), Busy)
    assert said.whose == "everybody"
    assert (posts.queue.pictures, posts.queue.refused) == (6, 4)
    await posts.all_done()
    await posts.post("ann 6")
    assert posts.looked[-1] == "ann 6"


async def test_a_message_with_more_pictures_than_may_wait_is_looked_at_where_nothing_else_waits() -> None:
    posts = Posts(most=Limits(person=3, server=3, everybody=3))
    await posts.post("ann 1", pictures=4)
    await posts.all_done()
    assert posts.looked == ["ann 1"] * 4


async def test_how_long_it_takes_is_told_once_to_each_who_waits_for_long() -> None:
    posts = Posts(soon=5.0)
    await posts.post("ann 1")
    await posts.done("ann 1", after=100.0)  # a mean is not moved far by one that is slow
    await posts.post("ann 2", "ben 1", "ann 3", "ann 4", "cat 1")
    await posts.done("ben 1", after=5.0)
    assert posts.told == {}
    await posts.done("cat 1", after=1.0)
    await posts.post("dan 1", "eve 1")
    assert list(posts.told) == ["ann 3"]
    assert 10 <= posts.told["ann 3"] <= 60
    await posts.done("dan 1", after=6.0)
    assert list(posts.told) == ["ann 3"]


async def test_what_is_deleted_while_it_waits_is_not_looked_at() -> None:
    posts = Posts()
    await posts.post("held 1", server=8)
    await posts.post("ann 1", "ann 2", "ann 3", "ann 4")
    await posts.post("ben 1", channel=7)
    await posts.post("mia 1", server=3)
    await posts.post("zoe 1", server=2)
    posts.queue.withdraw(messages=ids("ann 2", "ann 4", "nobody's"))
    posts.queue.withdraw(channel=7)
    posts.queue.withdraw(server=2)
    await calm()
    assert isinstance(gone := posts.outcome("ann 2"), Withdrawn)
    assert gone.message_id == hash("ann 2")
    assert isinstance(posts.outcome("ben 1"), Withdrawn)
    posts.queue.withdraw(messages=ids("ann 5"))
    await posts.post("ann 5")  # Discord was quicker to say so than we to look whether the channel is watched
    await posts.all_done()
    assert posts.looked == ["held 1", "ann 1", "mia 1", "ann 3"]
    assert (posts.queue.withdrawn, posts.queue.pictures, posts.queue.bytes) == (5, 0, 0)


async def test_what_is_deleted_while_it_is_looked_at_is_not_answered() -> None:
    posts = Posts()
    await posts.post("ann 1", size=5, pictures=2)
    posts.queue.withdraw(messages=ids("ann 1"))
    await posts.done("ann 1")
    assert isinstance(posts.outcome("ann 1"), Withdrawn)
    assert posts.looked == ["ann 1"]
    assert posts.queue.bytes == 0


async def test_what_goes_wrong_with_what_is_deleted_is_told_to_nobody() -> None:
    posts = Posts()
    asked = Asked(server=1, person=1, channel=1, messages={7}, pictures=1, size=0)

    async def look() -> None:
        with posts.queue.enter(asked) as ticket:
            async with posts.queue.turn(ticket):
                posts.queue.withdraw(messages={7})
                raise ConnectionError

    with pytest.raises(Withdrawn):
        await look()
    assert (posts.queue.pictures, posts.queue.looking) == (0, 0)


async def test_the_bytes_of_what_is_looked_at_are_bounded_before_they_come() -> None:
    posts = Posts(workers=40, in_flight=64 * MB)
    for server in range(80):
        await posts.post(f"{chr(ord('A') + server)} 1", server=server, size=20 * MB)
    assert len(posts.looked) == 3
    assert posts.queue.bytes == 60 * MB
    await posts.done(posts.looked[0])
    assert len(posts.looked) == 4
    await posts.all_done()
    assert len(posts.looked) == 80


async def test_what_is_larger_than_all_that_may_be_there_is_looked_at_alone() -> None:
    posts = Posts(workers=40, in_flight=64 * MB)
    await posts.post("ann 1", size=20 * MB)
    await posts.post("zoe 1", server=2, size=100 * MB)
    await posts.post("mia 1", server=3, size=MB)
    assert posts.looked == ["ann 1"]  # nobody overtakes it, or it would wait for ever
    await posts.done("ann 1")
    assert posts.looked == ["ann 1", "zoe 1"]
    await posts.done("zoe 1")
    assert posts.looked == ["ann 1", "zoe 1", "mia 1"]


async def test_who_gives_up_waiting_leaves_nothing_behind() -> None:
    posts = Posts()
    await posts.post("ann 1", "ben 1", "cat 1", size=MB)
    await posts.post("dan 1", "eve 1")
    for name in ("cat 1", "dan 1", "ann 1"):
        posts.tasks[name].cancel()
    await posts.done("ben 1")
    await posts.post("zoe 1", server=2)
    await posts.all_done()
    assert posts.looked == ["ann 1", "ben 1", "eve 1", "zoe 1"]
    assert (posts.queue.pictures, posts.queue.bytes, posts.queue.looking) == (0, 0, 0)
