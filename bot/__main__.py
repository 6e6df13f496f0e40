"""`python -m bot` is `koredare`.

A worker process imports this module again before it begins: what is heavy stays inside the function.
"""

import os
import sys


def main() -> None:
    """Run the command line."""
    _look_nowhere_near()
    try:
        from bot.shell import commands  # noqa: PLC0415

        commands.main()
    except KeyboardInterrupt:  # while something is imported; later it is an answer of its own
        sys.exit(130)


def _look_nowhere_near() -> None:
    """Import nothing that merely lies in the current folder, a `json.py` or a folder `ml`; nor may what we start."""
    os.environ["PYTHONSAFEPATH"] = "1"
    # By os.path: pathlib would import half a dozen modules from where they should not be looked for.
    ours = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    if not sys.flags.safe_path and os.path.abspath(sys.path[0]) != ours:  # noqa: PTH100
        del sys.path[0]


if __name__ == "__main__":
    main()
