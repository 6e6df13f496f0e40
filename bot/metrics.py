"""What the bot counts and times while it works, in Prometheus's form; `bot.health` shows it to whoever collects it."""

import logging
from collections.abc import Callable, Coroutine
from functools import wraps
from time import perf_counter
from typing import Any, Final, ParamSpec, TypeAlias, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from ml.errors import KoredareError

P = ParamSpec("P")
T = TypeVar("T")
Work: TypeAlias = Callable[P, Coroutine[Any, Any, T]]

log = logging.getLogger(__name__)

REGISTRY: Final = CollectorRegistry()
"""Of this process; what else there is to know is asked for when somebody looks (`bot.health.state`)."""

MESSAGES: Final = Counter(
    "koredare_answers",
    "Messages with pictures that were asked about: answered, refused in words, or failed by a fault of ours.",
    ["outcome"],
    registry=REGISTRY,
)
STAGE: Final = Histogram(
    "koredare_stage_seconds",
    "How long each stage of an answer took: answer (the whole), recognise (waiting and work), reply, store.",
    ["stage"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 60),
    registry=REGISTRY,
)
UNDER_WAY: Final = Gauge(
    "koredare_under_way",
    "How much is at a stage just now.",
    ["stage"],
    registry=REGISTRY,
)
WORKERS_STARTED: Final = Counter(
    "koredare_workers_started",
    "Worker processes that were started: at first, and in another's place.",
    registry=REGISTRY,
)
WORKERS_DIED: Final = Counter(
    "koredare_workers_died", "Worker processes that ended before their time, killed or hung.", registry=REGISTRY
)
RETRAININGS: Final = Counter(
    "koredare_retraining_runs",
    "Retrainings: done (published or the old version kept), refused in words, or failed by a fault of ours.",
    ["outcome"],
    registry=REGISTRY,
)
LINES: Final = Counter("koredare_log_lines", "Lines in the log.", ["level"], registry=REGISTRY)

for _outcome in ("answered", "refused", "failed"):
    MESSAGES.labels(_outcome)  # there from the beginning, as 0: what never happened is not missing
for _outcome in ("done", "refused", "failed"):
    RETRAININGS.labels(_outcome)
for _level in ("warning", "error"):
    LINES.labels(_level)


def timed(stage: str) -> Callable[[Work[P, T]], Work[P, T]]:
    """Time a coroutine function as a stage of an answer, and count how many of it are under way.

    Examples
    --------
    >>> @timed("reply")
    ... async def reply() -> None: ...
    """
    took, under_way = STAGE.labels(stage), UNDER_WAY.labels(stage)

    def timing(work: Work[P, T]) -> Work[P, T]:
        @wraps(work)
        async def once(*args: P.args, **kwargs: P.kwargs) -> T:
            began = perf_counter()
            with under_way.track_inprogress():
                try:
                    return await work(*args, **kwargs)
                finally:
                    took.observe(seconds := perf_counter() - began)
                    log.debug("%s took %.3f s", stage, seconds)

        return once

    return timing


def counted(counter: Counter, *, well: str) -> Callable[[Work[P, T]], Work[P, T]]:
    """Count what becomes of a coroutine function: `well`, "refused" in words, or "failed"; nothing if it is stopped."""

    def counting(work: Work[P, T]) -> Work[P, T]:
        @wraps(work)
        async def once(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                result = await work(*args, **kwargs)
            except KoredareError:
                counter.labels("refused").inc()
                raise
            except Exception:
                counter.labels("failed").inc()
                raise
            counter.labels(well).inc()
            return result

        return once

    return counting
