"""Are versions in constraints.txt known to be vulnerable? Fails on one that is; warns where nobody can say.

pip-audit asks PyPI's advisory database. It lives in an environment of its own under build/, so that what is audited is
not what it needs itself. Half a minute at most: where that is too short, or there is no network, it only warns.
"""

import json
import subprocess
import sys
import venv
from pathlib import Path
from time import monotonic
from typing import Any

ROOT = Path(__file__).parents[1]
HOME = ROOT / "build" / "audit"
PATIENCE = 30.0  # seconds for all of it
WANTED = "pip-audit>=2.9,<3"


def verdict(report: dict[str, Any]) -> tuple[int, str]:
    """The exit code and what to say of pip-audit's JSON."""
    asked = [each for each in report["dependencies"] if "skip_reason" not in each]
    found = [
        f"{each['name']} {each['version']}: {hit['id']}, mended in {', '.join(hit['fix_versions']) or 'no version yet'}"
        for each in asked
        for hit in each["vulns"]
    ]
    if found:
        return 1, "\n".join(["audit: known to be vulnerable:", *found])
    if not asked:
        return 0, "audit: WARNING: the advisory database was not to be had, so nothing was looked up."
    return 0, f"audit: nothing is known against {len(asked)} of {len(report['dependencies'])} packages."


def look() -> dict[str, Any]:
    """Ask about everything in constraints.txt."""
    began = monotonic()
    python = HOME / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")

    def run(*words: str) -> str:
        left = max(PATIENCE - (monotonic() - began), 1)
        done = subprocess.run(  # noqa: S603  ours
            [python, "-m", *words], capture_output=True, text=True, timeout=left, check=False
        )
        if not done.stdout and done.returncode:
            raise OSError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit {done.returncode}")
        return done.stdout

    if not python.exists():
        venv.create(HOME, with_pip=True)
    run("pip", "install", "--disable-pip-version-check", "--retries", "0", "--timeout", "5", WANTED)
    options = ("--no-deps", "--disable-pip", "--progress-spinner", "off", "--timeout", "5", "--format", "json")
    return json.loads(run("pip_audit", *options, "--requirement", str(ROOT / "constraints.txt")))


def main() -> int:
    """Look, and say what was found."""
    try:
        code, said = verdict(look())
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        code, said = 0, f"audit: WARNING: nothing could be looked up ({error})."
    sys.stderr.write(f"{said}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
