"""`python -m bot` is `koredare`.

A worker process imports this module again before it begins: what is heavy stays inside the function.
"""

import os
import signal
import sys


def main() -> None:
    """Run the command line."""
    _have_streams()
    _look_nowhere_near()
    for name in ("SIGTERM", "SIGHUP"):  # as Ctrl-C: what was begun is tidied up
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)
    try:
        from bot.shell import commands  # noqa: PLC0415

        commands.main()
    except KeyboardInterrupt:  # while something is imported; later it is an answer of its own
        sys.exit(130)


def _end(number: int, _frame: object) -> None:
    signal.signal(number, signal.SIG_DFL)  # a second one ends us at once
    sys.exit(128 + number)


def _have_streams() -> None:
    """Where we were started without stdin, stdout or stderr (`>&-`), have it lead nowhere.

    Else the next file that is opened gets its number, and what a library prints is written into a database.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)  # which takes the lowest number that is free
            os.set_inheritable(nowhere, nowhere == number)
            setattr(sys, name, os.fdopen(nowhere, mode, encoding="utf-8"))


def _look_nowhere_near() -> None:
    """Import nothing that merely lies in the current folder, a `json.py` or a folder `ml`; nor may what we start."""
    os.environ["PYTHONSAFEPATH"] = "1"
    # By os.path: pathlib would import half a dozen modules from where they should not be looked for.
    ours = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    if not sys.flags.safe_path and os.path.abspath(sys.path[0]) != ours:  # noqa: PTH100
        del sys.path[0]


if __name__ == "__main__":
    main()
