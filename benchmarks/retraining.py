"""How long a retraining takes and how much memory, from stored embeddings to a measured version.

`python benchmarks/retraining.py [--characters N] [--faces N]` makes embeddings up (unit vectors of 512
values in a cluster for each character, as loose as the shipped embedder's), writes them as the bot does, and runs the
real process. Reach: 100 characters of 60 faces in 15 s, 1,000 in 180 s, within 2 GB. `--profile` says where the time
of the process goes.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil

from bot.config.tables import RetrainingSettings
from ml.naming.backbones import SHIPPED
from ml.naming.embedder import fingerprint
from ml.training.job import Job

DIMENSIONS = 512
LOOSENESS = 2.0  # at which class means name nine faces in ten of a hundred characters


def embeddings(characters: int, faces: int, *, seed: int = 0) -> Iterator[bytes]:
    """Stored embeddings, character by character."""
    rng = np.random.default_rng(seed)
    for _ in range(characters):
        made = rng.normal(0, 1, DIMENSIONS) + LOOSENESS * rng.normal(0, 1, (faces, DIMENSIONS))
        yield (made / np.linalg.norm(made, axis=1, keepdims=True)).astype("<f2").tobytes()


def job(characters: int, faces: int) -> Job:
    """So many characters with so many faces each, every fifth held out."""
    count = characters * faces
    return Job(
        faces=tuple(range(1, count + 1)),
        names=tuple(f"character {i // faces}" for i in range(count)),
        pictures=tuple(f"{i:064}" for i in range(count)),
        held_out=tuple(i % 5 == 4 for i in range(count)),
        trusted=(True,) * count,
        active=None,
        background=SHIPPED.background,
        embedder=fingerprint(SHIPPED.embedder),
    )


def run(
    folder: Path, *, profile: bool = False, megabytes: int = RetrainingSettings().megabytes
) -> tuple[dict[str, float], float, float, dict[str, object]]:
    """The seconds at which each stage began, those of all cores, the peak of memory in MB, and the report."""
    words = ["-m", "cProfile", "-o", "retraining.prof"] if profile else []
    started, peak, busy = time.perf_counter(), 0.0, 0.0
    stages: dict[str, float] = {}
    report: dict[str, object] = {}
    with subprocess.Popen(
        [sys.executable, *words, "-m", "ml.training.process", str(folder), str(megabytes)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        watched = psutil.Process(process.pid)
        assert process.stdout is not None
        for line in process.stdout:
            said = json.loads(line)
            stages.setdefault(said.get("stage", "done"), time.perf_counter() - started)
            report = said.get("report", report)
            peak = max(peak, peak_of(watched))
            used = watched.cpu_times()
            busy = used.user + used.system
    stages["ended"] = time.perf_counter() - started
    if process.returncode:
        sys.exit(f"The retraining ended with {process.returncode}.")
    return stages, busy, peak, report


def peak_of(process: psutil.Process) -> float:
    """The most memory that it ever had, MB; the operating system keeps count on Linux alone."""
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():
        return process.memory_info().rss / 2**20
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 2**10


def main() -> None:
    """Measure one size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", help="not looked at: embeddings are made up; every benchmark takes it")
    parser.add_argument("--characters", type=int, default=100)
    parser.add_argument("--faces", type=int, default=60, help="of each character")
    parser.add_argument("--profile", action="store_true", help="write retraining.prof, for python -m pstats")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        job(chosen.characters, chosen.faces).save(Path(folder), embeddings(chosen.characters, chosen.faces))
        saved = time.perf_counter() - started
        stages, busy, peak, report = run(Path(folder), profile=chosen.profile)
    print(f"{chosen.characters} characters x {chosen.faces} faces; made up and written in {saved:.1f} s")
    for stage, at in stages.items():
        print(f"  {at:7.1f} s  {stage}")
    print(
        f"{busy:.1f} s of processors; peak memory {peak:.0f} MB; verdict {report['verdict']}, naming {report['naming']}"
    )


if __name__ == "__main__":
    main()
