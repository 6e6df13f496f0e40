"""What the bot asks of others while something happens: for `benchmarks/statements.py`, and the test of its bounds."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from simcord import Env
from sqlalchemy import Engine, event

from bot.client import Koredare
from bot.recognition import worker
from ml import Recognizer

DRAWING = (worker.identify, Recognizer.draw)


@dataclass
class Costs:
    """What something took.

    Attributes
    ----------
    statements
        In SQL, in their order, on all connections; neither BEGIN, COMMIT and ROLLBACK nor pragmas are among them.
    transactions
        That were begun, each with a BEGIN and a COMMIT besides.
    requests
        To Discord, as "METHOD path", without "typing …".
    downloads
        How often each picture was read from Discord, by its address.
    drawn
        Labelled pictures that workers drew, and the work of theirs that came to it.
    """

    statements: list[str] = field(default_factory=list)
    transactions: int = 0
    requests: list[str] = field(default_factory=list)
    downloads: Counter[str] = field(default_factory=Counter)
    drawn: list[str] = field(default_factory=list)


@contextmanager
def counting(env: Env) -> Iterator[Costs]:
    """Count while the block runs; leave it only when the bot is done."""
    bot, costs = env.bot, Costs()
    assert isinstance(bot, Koredare)
    run, read, before = bot.recognition.run, bot.http.get_from_cdn, len(env.http_requests)

    def stated(*about: Any) -> None:
        statement: str = about[2]
        begins = statement.startswith(("BEGIN", "SELECT pg_advisory_xact_lock"))
        costs.transactions += begins
        if not begins and not statement.startswith("PRAGMA"):
            costs.statements.append(statement)

    async def counted_run(work: Any, *args: Any, **kwargs: Any) -> Any:
        if work in DRAWING and kwargs["max_bytes"]:
            costs.drawn.append(work.__name__)
        return await run(work, *args, **kwargs)

    async def counted_read(url: str) -> bytes:
        costs.downloads[url] += 1
        return await read(url)

    event.listen(Engine, "before_cursor_execute", stated)
    bot.recognition.run, bot.http.get_from_cdn = counted_run, counted_read
    try:
        yield costs
    finally:
        event.remove(Engine, "before_cursor_execute", stated)
        bot.recognition.run, bot.http.get_from_cdn = run, read
        requests = (f"{each.method} {each.path}" for each in env.http_requests[before:])
        costs.requests += [each for each in requests if not each.endswith("/typing")]
