"""What the costliest picture files that we know of cost a worker.

    python benchmarks/hostile.py [--only WORD] [--keep FOLDER]

Each is looked at and drawn in a fresh process, that has looked at a small picture before: seconds of a core, and
megabytes at most beyond the idle worker. Exits 1 if any costs more than 3 s or 300 MB.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.costly import COSTLY, made

SECONDS, MEGABYTES = 3.0, 300


def _look(path: Path) -> None:
    """In the process that is measured."""
    from bot.recognition.worker import identify  # noqa: PLC0415
    from ml import Recognizer, RecognizerSettings  # noqa: PLC0415
    from ml.errors import KoredareError  # noqa: PLC0415
    from ml.painting import CAST, paint  # noqa: PLC0415
    from tests.conftest import saved  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as home:
        recognizer = Recognizer(RecognizerSettings(home=Path(home)))
        identify(recognizer, saved(paint(CAST[0], seed=1).picture, "PNG"), version=None, learned=None, max_bytes=10**7)
        data = path.read_bytes()
        idle = _memory("VmRSS") - len(data) // 2**20
        Path("/proc/self/clear_refs").write_text("5")  # forgets the peak so far, proc(5)
        began = time.process_time()
        try:
            answer = identify(recognizer, data, version=None, learned=None, max_bytes=10**7)
            outcome = f"{len(answer.recognition.faces)} faces"
        except KoredareError as error:
            outcome = str(error)
        seconds = time.process_time() - began
    print(json.dumps((seconds, _memory("VmHWM") - idle, outcome)))


def _memory(what: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(what))


def main() -> int:
    """Make the files, measure them, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", help="not used: the files are made")
    parser.add_argument("--only", default="", help="files whose names hold this")
    parser.add_argument("--keep", type=Path, help="where the files are made and kept")
    parser.add_argument("--look", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.look:
        _look(options.look)
        return 0
    dear = 0
    print(f"{'file':44}{'bytes':>12}{'s':>7}{'MB':>6}{'lines':>8}  outcome")
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for name in (name for name in COSTLY if options.only in name):
            path = made(name, folder)
            command = [sys.executable, __file__, "--look", str(path)]
            try:
                done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
                seconds, megabytes, outcome = json.loads(done.stdout.splitlines()[-1])
                lines = done.stderr.count("\n")
            except subprocess.TimeoutExpired:
                seconds, megabytes, outcome, lines = 120, 0, "hangs", 0
            dear += seconds > SECONDS or megabytes > MEGABYTES
            print(f"{name:44}{path.stat().st_size:12,}{seconds:7.2f}{megabytes:6}{lines:8}  {outcome[:60]}", flush=True)
            if not options.keep:
                path.unlink()
    print(f"{dear} cost more than {SECONDS:.0f} s or {MEGABYTES} MB")
    return dear > 0


if __name__ == "__main__":
    sys.exit(main())
