"""How the bot is at one moment, and that as Prometheus's figures."""

import asyncio
import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot import disk
from bot.client import Koredare
from bot.database import counted
from bot.database.counted import Counted
from bot.database.errors import DatabaseError

VERSION: Final = metadata.version("koredare")


@dataclass(frozen=True, slots=True)
class State:
    """How the bot is.

    Attributes
    ----------
    ready
        It has met Discord, and knows its servers.
    connected
        Nothing of the gateway is down just now.
    latency
        Seconds to the gateway and back; NaN: not known.
    shards, of
        Those that this process holds, by their numbers: whether they are connected; and how many there are in all.
    schedule
        It runs what one process alone does, of all that share the database.
    trouble
        What the database says that cannot be read; None: it can.
    sizes
        Bytes of the database's files, by what they are.
    free
        Bytes left on the disk of the data folder.
    model
        Number of the shared model's version; 0: there is none.
    queue
        Pictures that people posted: how many are "waiting" or "looked_at", and since the start were "refused" or
        "withdrawn".
    in_flight
        Bytes reserved for those that are looked at or answered.
    """

    ready: bool
    connected: bool
    latency: float
    shards: dict[int, bool]
    of: int
    schedule: bool
    servers: int
    workers: int
    trouble: str | None
    counted: Counted
    sizes: dict[str, int]
    free: int
    model: int
    queue: dict[str, int]
    in_flight: int

    @property
    def ailing(self) -> list[str]:
        """What is wrong, in words; empty: the bot answers."""
        wrong = [] if self.ready else ["it has not met Discord yet"]
        if self.ready and not self.connected:
            wrong.append("the gateway is down")
        if self.trouble is not None:
            wrong.append(self.trouble)
        return wrong


async def look(bot: Koredare, *, away: Collection[int]) -> State:
    """How a bot is now; `away`: the shards that are down."""
    found, sizes, trouble = Counted(0, {}, None), dict[str, int](), None
    try:
        sizes = await bot.database.sizes()
        async with bot.database.reading() as session:
            found = await counted.count(session)
    except DatabaseError as error:
        trouble = str(error)
    shared = (await bot.models.of(None)).version
    return State(
        ready=bot.is_ready(),
        connected=bot.is_ready() and not away,
        latency=bot.latency,
        shards={each: each not in away for each in sorted(bot.shards)},
        of=bot.shard_count or 0,
        schedule=bot.schedule.mine,
        servers=len(bot.guilds),
        workers=bot.settings.recognition.workers,
        trouble=trouble,
        counted=found,
        sizes=sizes,
        free=await asyncio.to_thread(disk.left, bot.settings.home),
        model=0 if shared is None else shared.number,
        queue={
            "waiting": bot.queue.waiting,
            "looked_at": bot.queue.looking,
            "refused": bot.queue.refused,
            "withdrawn": bot.queue.withdrawn,
        },
        in_flight=bot.queue.bytes,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Figures(Collector):
    """A moment's state as figures."""

    state: State

    def collect(self) -> Iterator[Metric]:
        """All of them, as Prometheus's library wants them."""
        state = self.state
        info = GaugeMetricFamily("koredare_info", "The version that runs.", labels=["version"])
        info.add_metric([VERSION], 1)
        yield info
        for name, about, value in (
            ("koredare_ready", "It has met Discord and knows its servers.", state.ready),
            ("koredare_gateway_connected", "Nothing of the gateway is down just now.", state.connected),
            ("koredare_shards", "Shards of the bot, in all its processes together.", state.of),
            ("koredare_schedule", "It runs what one process alone does.", state.schedule),
            ("koredare_servers", "Servers that it is in, of its shards.", state.servers),
            ("koredare_workers", "Worker processes that the operator wants.", state.workers),
            ("koredare_model_version", "Number of the shared model's version; 0: there is none.", state.model),
            ("koredare_queue_bytes", "Of pictures that are looked at or answered.", state.in_flight),
            ("koredare_database_up", "The database can be read.", state.trouble is None),
            ("koredare_disk_free_bytes", "Left on the disk of the data folder.", state.free),
        ):
            yield GaugeMetricFamily(name, about, value=value)
        shards = GaugeMetricFamily(
            "koredare_shard_connected", "Of each shard that this process holds, whether it is up.", labels=["shard"]
        )
        for shard, up in state.shards.items():
            shards.add_metric([str(shard)], up)
        yield shards
        queue = GaugeMetricFamily("koredare_queue_pictures", "Posted pictures, by how far they are.", labels=["state"])
        turned_away = CounterMetricFamily(
            "koredare_queue_turned_away", "Posted pictures not looked at: too many, or deleted.", labels=["why"]
        )
        for family, kinds in ((queue, ("waiting", "looked_at")), (turned_away, ("refused", "withdrawn"))):
            for kind in kinds:
                family.add_metric([kind], state.queue[kind])
        yield queue
        yield turned_away
        if math.isfinite(state.latency):
            about = "To the gateway and back."
            yield GaugeMetricFamily("koredare_gateway_latency_seconds", about, value=state.latency)
        sizes = GaugeMetricFamily("koredare_database_bytes", "Of the database, and of its log.", labels=["file"])
        for what, size in state.sizes.items():
            sizes.add_metric([what], size)
        yield sizes
        if state.trouble is None:  # a counter that jumps to 0 and back would look like a flood
            yield from self._counted(state.counted)

    def _counted(self, found: Counted) -> Iterator[Metric]:
        about = "Corrections that were ever written down."
        yield CounterMetricFamily("koredare_corrections", about, value=found.corrections)
        events = CounterMetricFamily("koredare_version_events", "What happened to models.", labels=["kind"])
        for kind, number in sorted(found.events.items()):
            events.add_metric([kind], number)
        yield events
        last = 0.0 if found.retrained_at is None else found.retrained_at.timestamp()
        about = "When a retraining last came to an end, of any model; 0: never."
        yield GaugeMetricFamily("koredare_last_retraining_timestamp_seconds", about, value=last)
