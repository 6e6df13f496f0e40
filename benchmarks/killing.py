"""What is left of a data folder whose processes are killed at random moments.

    python benchmarks/killing.py [--count 200] [--home HOME] [--seed N]

A process that corrects, one that publishes and goes back, a retraining (`koredare retrain`) and its training process
are killed (SIGKILL) in turn, in one data folder, each at a random moment of its life. After each kill the active
version must load and name a face, every version's folder must be whole, every acknowledged correction must be there,
the database must be sound, and the ledger of versions must agree with the disk. In the end a retraining must run
through and leave nothing behind. Exits 1 if anything of that fails. HOME, a data folder with a model, is copied, not
touched; without it one is made from painted pictures.
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import psutil

from bot.config import Settings, load_settings
from bot.database import versions
from bot.database.opened import opened
from bot.database.stores.sqlite import database_path
from bot.retraining import publishing
from ml import Recognizer
from ml.drawing.labelled import encode
from ml.naming.classifier import Classifier
from ml.painting import CAST, paint
from ml.versions.version import CLASSIFIER, DESCRIPTION, EXAMPLES

WHOLE = {CLASSIFIER, DESCRIPTION, EXAMPLES}
_CHEAP = ("correcting", "publishing")
ROUND = (*_CHEAP, *_CHEAP, "retraining", *_CHEAP, *_CHEAP, "training process", *_CHEAP, *_CHEAP, *_CHEAP)
AT_WORK = 0.5  # seconds within which a process that corrects or publishes is killed once it has begun
_VICTIMS = Path(__file__).with_name("_victims.py")


@dataclass(slots=True)
class Toll:
    """What was killed so far, and what was broken by it.

    Attributes
    ----------
    moments
        Kills by what was killed and what it had last said.
    acknowledged
        Ids of the corrections that a process said were written down.
    late
        Processes that had done their work before they were to be killed; these are not counted as kills.
    broken
        Sentences.
    """

    moments: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    acknowledged: set[int] = field(default_factory=set[int])
    late: int = 0
    broken: list[str] = field(default_factory=list[str])

    @property
    def kills(self) -> int:
        """How many processes were killed at work."""
        return self.moments.total()


def koredare(*words: str | Path) -> list[str]:
    """The command line as a process."""
    return [sys.executable, "-m", "bot", *map(str, words)]


def furnish(home: Path) -> float:
    """Teach a new data folder two painted characters; the seconds that its retraining took."""
    with tempfile.TemporaryDirectory() as folder:
        for character in CAST[:2]:
            (Path(folder) / character.name).mkdir()
            for seed in range(8):
                picture = encode(paint(character, seed=seed, size=(320, 320)).picture, max_bytes=10**7)
                (Path(folder) / character.name / f"{seed}{picture.suffix}").write_bytes(picture.data)
        subprocess.run(koredare("import", folder, "--crops", "--home", home), check=True, capture_output=True)
    started = time.perf_counter()
    subprocess.run(koredare("retrain", "--home", home), check=True, capture_output=True)
    return time.perf_counter() - started


def outdate(home: Path) -> None:
    """Have all versions made by an earlier Koredare, so that a retraining finds something new."""
    for file in home.glob("models/*/v*/version.json"):
        told = json.loads(file.read_text(encoding="utf-8"))
        file.write_text(json.dumps({key: told[key] for key in told if key != "background"}), encoding="utf-8")


def kill(what: str, home: Path, *, life: float, chance: random.Random, toll: Toll) -> None:
    """Start a process, kill it at some moment of its life, and note what it had said until then."""
    ours = what in ("correcting", "publishing")
    if not ours:
        outdate(home)
    command = [sys.executable, str(_VICTIMS), what, str(home)] if ours else koredare("retrain", "--home", home)
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said)
        if ours and chance.random() > 0.2:  # one in five is killed while it starts
            _await(lambda: os.fstat(said.fileno()).st_size > 0)
        if what == "training process":
            _await(lambda: bool(_trainers(home)))
        time.sleep(chance.uniform(0, AT_WORK if ours else life))
        for each in _trainers(home) if what == "training process" else [process]:
            each.send_signal(signal.SIGKILL)
        code = process.wait()
        said.seek(0)
        lines = said.read().splitlines()
    if what == "training process" and code not in (0, 1, 3):
        toll.broken.append(f"koredare retrain ended with {code} when its training process was killed: {lines[-1:]}")
    toll.acknowledged |= {int(line.split()[1]) for line in lines if line.startswith("acknowledged ")}
    if code in (0, 3):  # published, or kept
        toll.late += 1
    else:
        toll.moments[what, _moment(what, lines)] += 1


def _moment(what: str, lines: list[str]) -> str:
    """What a process was at, from what it said."""
    if what == "correcting":
        return "correcting" if lines else "starting"
    if what == "publishing":
        return lines[-1] if lines else "starting"
    stages = [line.split(":")[0] for line in lines if line.endswith("%")]
    return stages[-1] if stages else "before its training process"


def _trainers(home: Path) -> list[psutil.Process]:
    found: list[psutil.Process] = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "ml.training.process" in words and any(word.startswith(str(home)) for word in words):
            found.append(process)
    return found


def _await(condition: Callable[[], bool], *, seconds: float = 1200) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            sys.exit("A process that should have begun something did not within twenty minutes.")
        time.sleep(0.005)


async def examine(settings: Settings, recognizer: Recognizer, face: bytes, toll: Toll) -> None:
    """Look at everything that must have outlived the kills, and note what did not."""
    registry = settings.registry(None)
    active = registry.active()
    every, damaged = registry.look()
    toll.broken += [f"{name} is damaged: {why}." for name, why in damaged.items()]
    if active is None or active not in every:
        toll.broken.append(f"The active version is {active}.")
        return
    if recognizer.recognize_crop(face, version=active.folder).faces[0].name is None:
        toll.broken.append(f"{active.name} does not name a face that it learned.")
    for version in every:
        if {path.name for path in version.folder.iterdir()} != WHOLE:
            toll.broken.append(f"{version.name} is not whole.")
        Classifier.load(version.folder / CLASSIFIER)
    with closing(sqlite3.connect(database_path(settings.home))) as connection:
        for pragma, sound in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
            if (found := connection.execute(f"PRAGMA {pragma}").fetchall()) != sound:
                toll.broken.append(f"{pragma}: {found[:3]}")
        kept = {row[0] for row in connection.execute("SELECT id FROM corrections")}
    if lost := toll.acknowledged - kept:
        toll.broken.append(f"{len(lost)} acknowledged corrections are lost.")
    async with opened(settings) as database:
        await publishing.reconcile(settings, database, guild_id=None)
        async with database.reading() as session:
            event = await versions.put_in_charge(session, guild_id=None)
    if event is None or event.number != active.number:
        toll.broken.append(f"The ledger of versions says {event}, the disk {active.name}.")


def left_behind(settings: Settings) -> list[str]:
    """What lies in the models' folder beside versions, the pointer and locks."""
    known = {"active", ".lock", ".retraining"} | {each.name for each in settings.registry(None).versions()}
    return sorted(child.name for child in settings.registry(None).store.folder.iterdir() if child.name not in known)


def main() -> None:
    """Kill, examine, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", help="not needed: `make bench` gives it to every benchmark")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    chance, toll = random.Random(chosen.seed), Toll()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        life = furnish(home) if chosen.home is None else 10.0
        if chosen.home is not None:
            shutil.copytree(chosen.home, home)
        settings, recognizer = load_settings(home=home), Recognizer()
        with closing(sqlite3.connect(database_path(home))) as connection:
            (face,) = connection.execute("SELECT crop FROM samples WHERE NOT held_out LIMIT 1").fetchone()
        turns = cycle(ROUND)
        while toll.kills < chosen.count:
            kill(next(turns), home, life=life, chance=chance, toll=toll)
            asyncio.run(examine(settings, recognizer, face, toll))
        before = left_behind(settings)
        outdate(home)
        last = subprocess.run(koredare("retrain", "--home", home), capture_output=True, text=True, check=False)
        if last.returncode not in (0, 3):
            toll.broken.append(f"The last retraining ended with {last.returncode}: {last.stderr[-300:]}")
        if after := left_behind(settings):
            toll.broken.append(f"Left behind: {after}")
    print(f"{toll.kills} kills ({toll.late} more came too late) in {time.perf_counter() - started:.0f} s")
    for (what, moment), times in sorted(toll.moments.items()):
        print(f"{times:>5}  {what}: {moment}")
    print(f"{len(toll.acknowledged)} corrections acknowledged; {len(before)} remains, swept by the last retraining")
    print(f"{len(toll.broken)} things broken", *toll.broken[:20], sep="\n  ")
    sys.exit(1 if toll.broken else 0)


if __name__ == "__main__":
    main()
