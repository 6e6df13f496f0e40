"""`python -m ml.cascades`: fetches the cascade that is not ours to ship; says in one line how it went, never fails."""

import argparse
from pathlib import Path

from ml.cascades.detector import CascadeError, CascadeMissing, read_cascade
from ml.cascades.fetching import fetch
from ml.cascades.finding import CLASSIC, FOLDER, OWN, look_up


def main() -> None:
    """Fetch the classic cascade, unless a good copy is there already; print what happened."""
    parser = argparse.ArgumentParser(
        prog="python -m ml.cascades",
        description=f"Fetches {CLASSIC}, which is not ours to ship. Without it everything runs on {OWN}.",
        epilog="example: python -m ml.cascades --home ~/koredare",
    )
    parser.add_argument("--home", type=Path, metavar="DIR", help="put it into DIR/cascades, not into the program's")
    parser.add_argument("--source", metavar="URL", help="fetch it from there, not from its author's repository")
    chosen = parser.parse_args()
    print(_fetch_if_needed(home=chosen.home, source=chosen.source))


def _fetch_if_needed(*, home: Path | None, source: str | None) -> str:
    destination = home / "cascades" if home else FOLDER
    entry = look_up(CLASSIC)
    try:
        read_cascade(destination / entry.file, sha256=entry.sha256)
    except CascadeMissing:
        otherwise = f"Everything runs on {OWN}, which finds somewhat fewer faces; to try again: python -m ml.cascades"
    except CascadeError as error:
        otherwise = str(error)  # an altered file stays in the way until it is replaced
    else:
        return f"{CLASSIC} is here already: {destination / entry.file}"
    try:
        return f"{CLASSIC} fetched: {fetch(CLASSIC, destination=destination, source=source)}"
    except CascadeError as error:
        return f"{CLASSIC} was not fetched: {error} {otherwise}"


if __name__ == "__main__":
    main()
