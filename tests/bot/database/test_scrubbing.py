"""What deletions leave is overwritten soon, and nobody can keep the bot at it."""

from bot.database.scrubbing import Scrubber


async def test_where_overwriting_takes_long_it_takes_a_twentieth_of_the_time_at_most() -> None:
    now, took, done = 100.0, 0.1, 0

    def overwrite() -> bool:
        nonlocal now, done
        now += took
        done += 1
        return True

    scrubber = Scrubber(overwrite, clock=lambda: now)
    for _ in range(3):  # of a small database nobody notices it
        assert await scrubber.scrub()
    took = 5.0
    assert await scrubber.scrub()
    for _ in range(9):
        now += 10.0
        assert not await scrubber.scrub()
    assert done == 4
    now += 10.0
    assert await scrubber.scrub()
