"""Do the steps by which the bot's image is made lead to a bot? Carries them out in an empty environment under build/.

They are the RUN lines of the Containerfile's stage, word for word but for where the environment lies, over the files
that its COPY would take. No engine is needed for that, and none is used.
"""

import os
import shutil
import subprocess
import sys
import venv
from fnmatch import fnmatch
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).parents[1]
HOME = ROOT / "build" / "image"
STAGE, PLACE = "without-tensorflow", "/opt/koredare"
ALONE = "tensorflow is not installed"
"""All that `koredare doctor` may miss in that image."""


def steps(containerfile: str, stage: str) -> list[str]:
    """The commands that a stage runs."""
    found: list[str] = []
    current = ""
    for line in containerfile.replace("\\\n", " ").splitlines():
        word, _, rest = line.partition(" ")
        if word == "FROM":
            current = rest.rpartition(" AS ")[2]
        elif word == "RUN" and current == stage:
            found.append(rest)
    return found


def copied(root: Path) -> list[str]:
    """The files of a checkout that COPY takes: those of git's, without those that .dockerignore leaves out."""
    left_out = [line for line in (root / ".dockerignore").read_text().splitlines() if line]
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607  whichever git there is
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    names = (name for name in listed.stdout.splitlines() if (root / name).is_file())
    return [name for name in names if not any(fnmatch(name.split("/")[0], each) for each in left_out)]


def main() -> int:
    """Make the environment, ask the bot in it for its version and its health, and say what was found."""
    begun = monotonic()
    shutil.rmtree(HOME, ignore_errors=True)
    tools, place, source = HOME / "tools", HOME / "koredare", HOME / "src"
    venv.create(tools, with_pip=True)
    for name in copied(ROOT):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    alone = {
        name: value for name, value in os.environ.items() if not name.startswith(("KOREDARE", "PYTHON", "VIRTUAL"))
    }
    alone |= {"PATH": f"{tools / 'bin'}{os.pathsep}{alone['PATH']}", "KOREDARE_TOKEN": "none"}
    for step in steps((ROOT / "Containerfile").read_text(), STAGE):
        print(f"$ {step}", flush=True)
        subprocess.run(["/bin/sh", "-ec", step.replace(PLACE, str(place))], cwd=source, env=alone, check=True)  # noqa: S603

    def said(*words: str) -> str:
        command = [place / "bin" / "koredare", *words]
        return subprocess.run(command, cwd=HOME, env=alone, capture_output=True, text=True, check=False).stdout  # noqa: S603

    version, checked = said("--version"), said("doctor", "--home", str(HOME / "home"))
    print(version + checked, end="")
    missed = [line for line in checked.splitlines() if not line.startswith("ok ")]
    size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file() and not path.is_symlink())
    print(f"{size / 2**20:.0f} MB in {monotonic() - begun:.0f} s")
    return 0 if version.startswith("koredare ") and len(missed) == 1 and ALONE in missed[0] else 1


if __name__ == "__main__":
    sys.exit(main())
