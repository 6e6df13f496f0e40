"""Who is left without an answer when workers are killed.

    python benchmarks/kills_of_workers.py [--kills 200] [--seed N]

A pool of two workers is given three pictures at a time, small ones (a painted scene) and large ones (about 7 MB, far
more than a pipe holds), and one of its workers is killed (SIGKILL): idle, before they are given; busy, at a random
moment of their way through the pool; or in transfer, with its pipe full and the rest of a picture still to come. A
picture is answered, or told to be too much for its workers; anything else, and a wait of more than two minutes, is
nobody's answer. Prints a table; exits 1 if anybody was left without.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from bot.config import Settings
from bot.config.tables import RecognitionSettings
from bot.recognition import worker
from bot.recognition.errors import PictureTooMuch
from bot.recognition.pool import RecognitionPool
from ml.drawing.labelled import encode
from ml.painting import CAST, paint

PICTURES = 3  # to a kill: one for each worker, and one that waits
PATIENCE = 120.0  # seconds
KINDS = ("idle", "busy", "in transfer")


@dataclass
class Row:
    """What became of the pictures of one kind of kill."""

    kills: int = 0
    answered: int = 0
    told: int = 0
    unanswered: int = 0
    longest: float = 0.0


def pictures(folder: Path) -> dict[str, bytes]:
    """A small and a large picture file."""
    noise = np.random.default_rng(1).integers(0, 256, (1550, 1500, 3), dtype=np.uint8)
    Image.fromarray(noise).save(folder / "large.png")
    small = encode(paint([CAST[0]], seed=1).picture, max_bytes=10**7).data
    return {"small": small, "large": (folder / "large.png").read_bytes()}


async def look(pool: RecognitionPool, data: bytes, row: Row) -> None:
    """Have a picture looked at, and write down what came of it."""
    started = time.perf_counter()
    try:
        await asyncio.wait_for(pool.run(worker.identify, data, version=None, learned=None, max_bytes=10**7), PATIENCE)
        row.answered += 1
    except PictureTooMuch:
        row.told += 1
    except Exception as error:  # noqa: BLE001  of whatever kind, it is what this is here to find
        row.unanswered += 1
        print(f"unanswered: {error!r}", flush=True)
    row.longest = max(row.longest, time.perf_counter() - started)


async def kill_once(
    pool: RecognitionPool, kind: str, data: bytes, row: Row, *, chance: random.Random, usual: float
) -> None:
    """Kill one worker while pictures are looked at; `usual` is how many seconds they take when nobody is killed."""
    victim = chance.choice([each for each in psutil.Process().children() if _works(each)])
    if kind == "in transfer":
        victim.suspend()  # it takes nothing more out of its pipe
    if kind == "idle":
        victim.kill()
    asked = [asyncio.create_task(look(pool, data, row)) for _ in range(PICTURES)]
    if kind != "idle":
        await asyncio.sleep(chance.uniform(0.0, usual if kind == "busy" else 0.05))
        victim.kill()
    await asyncio.gather(*asked)
    await asyncio.to_thread(psutil.wait_procs, [victim])  # so that it is not killed again
    row.kills += 1


def _works(process: psutil.Process) -> bool:
    """Whether it is one of the workers; the tracker of `multiprocessing` is none."""
    return process.status() != psutil.STATUS_ZOMBIE and "spawn_main" in " ".join(process.cmdline())


async def measure(kills: int, seed: int) -> dict[tuple[str, str], Row]:
    """So many kills, of every kind in turn."""
    chance = random.Random(seed)
    rows = defaultdict[tuple[str, str], Row](Row)
    with tempfile.TemporaryDirectory() as home:
        files = pictures(Path(home))
        print({size: f"{len(data) / 2**20:.1f} MB" for size, data in files.items()}, flush=True)
        pool = RecognitionPool(
            Settings(home=Path(home), recognition=RecognitionSettings(workers=2, seconds=PATIENCE / 2))
        )
        await pool.start()
        usual: dict[str, float] = {}
        for size, data in files.items():
            calm = Row()
            await asyncio.gather(*(look(pool, data, calm) for _ in range(PICTURES)))
            usual[size] = calm.longest
        turns = list(product(KINDS, files))
        for number in range(kills):
            kind, size = turns[number % len(turns)]
            await kill_once(pool, kind, files[size], rows[kind, size], chance=chance, usual=usual[size])
        pool.close()
    print({size: f"{seconds:.1f} s without a kill" for size, seconds in usual.items()})
    return rows


def main() -> None:
    """Kill, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", help="not needed: `make bench` gives it to every benchmark")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rows = asyncio.run(measure(given.kills, given.seed))
    print("| killed | pictures | kills | answered | told | unanswered | longest wait |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for (kind, size), row in rows.items():
        print(
            f"| {kind} | {size} | {row.kills} | {row.answered} | {row.told} | {row.unanswered} | {row.longest:.1f} s |"
        )
    sys.exit(any(row.unanswered for row in rows.values()))


if __name__ == "__main__":
    main()
