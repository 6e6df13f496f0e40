"""Whom the files of a ZIP show, by their folders, or by their names where they lie in none."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final

from bot.database import characters
from bot.database.errors import BadName
from ml.naming.names import plain

_SYSTEM: Final = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})
_NUMBERED = re.compile(r"(?P<name>.*?)[\s_.\-]*[(（]?\d+[)）]?")


def whose(files: Sequence[str], *, everyones: str | None) -> dict[str, str | None]:
    """The character of each file, by its name in the ZIP; None: nobody's. What systems leave behind is missing.

    Parameters
    ----------
    everyones
        The character that all of them show; None: their names and folders say whom.

    Examples
    --------
    >>> whose(["all/Riko/1.png", "all/Riko/2.png", "all/_rest/3.png", "__MACOSX/all/._1.png"], everyones=None)
    {'all/Riko/1.png': 'Riko', 'all/Riko/2.png': 'Riko', 'all/_rest/3.png': None}
    >>> whose(["all/Riko_01.png", "all/Hana (2).png"], everyones=None)
    {'all/Riko_01.png': 'Riko', 'all/Hana (2).png': 'Hana'}
    """
    paths = {file: PurePosixPath(file.replace("\\", "/")) for file in files if not file.endswith("/")}
    paths = {file: path for file, path in paths.items() if not any(map(_hidden, path.parts))}
    if everyones is not None:
        return dict.fromkeys(paths, everyones)
    folders = {path.parent.name for path in paths.values()}
    numbered = [match["name"] for path in paths.values() if (match := _NUMBERED.fullmatch(path.stem))]
    # One folder, whose files bear several names with numbers: it is no character's.
    flat = len(folders) == 1 and len(numbered) == len(paths) and len(set(numbered)) > 1
    return {
        file: _by_name(path) if flat or not path.parent.name else _clean(path.parent.name)
        for file, path in paths.items()
    }


def _hidden(part: str) -> bool:
    return part.startswith(".") or part in _SYSTEM


def _by_name(path: PurePosixPath) -> str | None:
    match = _NUMBERED.fullmatch(path.stem)
    return _clean(path.stem if match is None else match["name"])


def _clean(name: str) -> str | None:
    """A name as characters bear it; folders with an underscore in front are nobody's."""
    if name.startswith("_"):
        return None
    try:
        return characters.clean(plain(name))
    except BadName:
        return None
