"""What a Dask cluster costs against processes: `python benchmarks/cluster.py [--pictures 40] [--rounds 5]`.

A scheduler and two workers on this machine, over TLS where openssl is installed, and pools of one and of two processes,
look at the same painted pictures in turn, round after round, so that whatever else the machine does hits all alike. For
each: the median of the rounds in pictures per second, and as a ratio to the processes. Below: what one picture takes
longer that nobody else waits with, which is the way to a worker and back. (Not `dask.py`: that would hide Dask itself.)
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bot.config import Settings
from bot.recognition import worker
from bot.recognition.cluster import connect
from bot.recognition.pool import RecognitionPool
from ml.drawing.labelled import encode
from ml.painting import CAST, paint

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.bot.recognition.clusters import OPENSSL, Keys, Processes

SIZE = (1000, 800)


def processes(home: Path, workers: int) -> RecognitionPool:
    """A pool of this machine's processes."""
    return RecognitionPool(Settings.model_validate({"home": home, "recognition": {"workers": workers, "seconds": 600}}))


def on_cluster(home: Path, made: Processes, workers: int) -> RecognitionPool:
    """A pool on a cluster, once it has so many workers."""
    keys = {} if made.keys is None else made.keys.settings
    chosen = {"executor": "dask", "dask_address": made.address, "seconds": 600, **keys}
    settings = Settings.model_validate({"home": home, "recognition": chosen})
    client = connect(settings)
    client.wait_for_workers(workers)
    client.close()
    return RecognitionPool(settings)


async def look(pool: RecognitionPool, pictures: Sequence[bytes], *, at_once: int) -> float:
    """Seconds for all of these pictures, so many side by side."""
    turns = asyncio.Semaphore(at_once)

    async def one(picture: bytes) -> None:
        async with turns:
            await pool.run(worker.identify, picture, version=None, learned=None, max_bytes=8 * 10**6)

    begun = time.perf_counter()
    await asyncio.gather(*map(one, pictures))
    return time.perf_counter() - begun


async def compare(
    pools: dict[str, RecognitionPool], pictures: Sequence[bytes], *, at_once: int, rounds: int
) -> dict[str, float]:
    """Seconds a picture, the median of the rounds, which all pools take in turn."""
    for pool in pools.values():
        await look(pool, pictures[: 4 * at_once], at_once=2 * at_once)  # every worker has its models
    taken: dict[str, list[float]] = {name: [] for name in pools}
    for _ in range(rounds):
        for name, pool in pools.items():
            taken[name].append(await look(pool, pictures, at_once=at_once) / len(pictures))
    return {name: statistics.median(each) for name, each in taken.items()}


async def main() -> None:
    """Measure with one worker, then with two, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", help="not used: `make bench-long` gives it to every benchmark")
    parser.add_argument("--pictures", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    painted = [paint(CAST[n % len(CAST)], seed=n, size=SIZE).picture for n in range(given.pictures)]
    pictures = [encode(each, max_bytes=8 * 10**6).data for each in painted]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        made = Processes(home, None if OPENSSL is None else Keys.make(home / "keys"))
        try:
            made.start()
            alone = dict[str, float]()
            for workers in (1, 2):
                made.add()
                pools = {"processes": processes(home, workers), "Dask": on_cluster(home, made, workers)}
                one_more = workers + 1  # as the bot has it: the next picture comes while others are looked at
                found = await compare(pools, pictures, at_once=one_more, rounds=given.rounds)
                for name, seconds in found.items():
                    ratio = found["processes"] / seconds
                    print(f"{workers} {name:10}{1 / seconds:8.1f} pictures/s   {ratio:5.2f} of the processes'")
                if workers == 1:
                    alone = await compare(pools, pictures, at_once=1, rounds=given.rounds)
                for pool in pools.values():
                    pool.close()
            overhead = (alone["Dask"] - alone["processes"]) * 1000
            print(f"a picture alone: {alone['processes'] * 1000:.1f} ms by a process, {overhead:+.1f} ms by Dask")
            size = statistics.mean(map(len, pictures)) / 1024
            print(f"a picture has {size:.0f} KB; {'without TLS' if made.keys is None else 'over TLS'}")
        finally:
            made.stop()


if __name__ == "__main__":
    asyncio.run(main())
