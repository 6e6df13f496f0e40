"""`python -m bot.health` asks the bot of a data folder how it is: what a container is watched by, which has no curl.

It ends with 0 if all is well, and where the configuration has no address to ask at; else with 1, and says why.
"""

import sys
from http.client import HTTPConnection, HTTPException
from typing import Final

from bot.config import load_settings
from ml.errors import KoredareError

_PATIENCE: Final = 8.0  # seconds
_HERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  where nothing listens on it, but on all of these


def main() -> int:
    """Ask, and say the answer."""
    try:
        address = load_settings().health.address
        if address is None:
            sys.stdout.write("There is nobody to ask: listen under [health] in the configuration is empty.\n")
            return 0
        connection = HTTPConnection(_HERE.get(address[0], address[0]), address[1], timeout=_PATIENCE)
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        sys.stdout.write(f"{answer.status} {answer.read().decode(errors='replace')}\n")
    except (KoredareError, OSError, HTTPException) as error:
        sys.stdout.write(f"{error or repr(error)}\n")
        return 1
    return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
