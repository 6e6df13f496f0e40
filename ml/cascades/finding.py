"""Finding a cascade: what there is, where it lies, and whether it is what it should be."""

import logging
import os
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from ml.cascades.detector import Cascade, CascadeError, CascadeMissing, CascadeSettings, read_cascade
from ml.faces.finders import FinderSource

FOLDER: Final = Path(__file__).parents[2] / "cascades"
CLASSIC: Final = "lbpcascade_animeface"
OWN: Final = "koredare_lbp"
VARIABLE: Final = "KOREDARE_CASCADE"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A cascade as the catalogue describes it.

    Attributes
    ----------
    name
        As people write it in the config.
    file
        Name of its file.
    author, year, licence
        Whose it is.
    page
        Where to read about it.
    source
        Address of the file in its author's repository; None if we ship it.
    sha256, size
        Of the file: hexadecimal, bytes.
    settings
        The best that were measured for it.
    measured
        What was found with them, for people: see `cascades/README.md`.
    """

    name: str
    file: str
    author: str
    year: int
    licence: str
    page: str
    source: str | None
    sha256: str
    size: int
    settings: CascadeSettings
    measured: Mapping[str, Any]


@cache
def catalogue() -> Mapping[str, CatalogueEntry]:
    """Read the cascades that are known by name, from `cascades/catalogue.toml`.

    Raises
    ------
    CascadeError
        It is gone or damaged.
    """
    file = FOLDER / "catalogue.toml"
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        return MappingProxyType({name: _entry(name, table) for name, table in tables.items()})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CascadeError(f"{file}, a part of Koredare, cannot be read ({error}). Install Koredare again.") from error


def find(name: str, *, home: Path | None = None) -> Path:
    """Find the file of a cascade of the catalogue, and check its hash.

    Looks at `KOREDARE_CASCADE` (a file, or a folder with it; for the classic cascade only), then in
    `<home>/cascades/`, then in our own `cascades/`. The first file that is there is the one that counts.

    Parameters
    ----------
    name
        As in the catalogue.
    home
        The user's data folder, if there is one.

    Raises
    ------
    CascadeMissing
        There is no such file or no such name; the message says how to get it.
    CascadeAltered
        The file is not the one that the catalogue describes.
    """
    entry = look_up(name)
    for path in _places(entry, home):
        if path.is_file():
            read_cascade(path, sha256=entry.sha256)
            return path
    if entry.source is None:
        raise CascadeMissing(f"{entry.file}, a part of Koredare, is gone from {FOLDER}. Install Koredare again.")
    raise CascadeMissing(
        f"The cascade {name} has not been fetched. Run `python -m ml.cascades`, or download {entry.file} from "
        f"{entry.page} and put it into {(home / 'cascades') if home else FOLDER}; "
        f"without it, {OWN} finds the faces."
    )


def resolve(names: Sequence[str] = (), *, home: Path | None = None) -> tuple[FinderSource, ...]:
    """Find what looks for faces, ready for `Detector`.

    Parameters
    ----------
    names
        Cascades of the catalogue, or paths of `.xml` files, which are used unchecked. Empty: `lbpcascade_animeface`
        if it has been fetched, then `koredare_lbp`.
    home
        The user's data folder; a relative path of a file starts there, if it is not found from here.

    Raises
    ------
    CascadeMissing, CascadeAltered
        As for `find`.

    Examples
    --------
    >>> from ml.cascades import resolve
    >>> [source.name for source in resolve(["koredare_lbp"])]
    ['koredare_lbp']
    """
    return tuple(_source(name, home) for name in names) if names else _default(home)


def look_up(name: str) -> CatalogueEntry:
    """The catalogue's entry of that name.

    Raises
    ------
    CascadeMissing
        There is none; the message names those that there are.
    """
    try:
        return catalogue()[name]
    except KeyError as error:
        raise CascadeMissing(
            f"There is no cascade called “{name}”. There are {', '.join(catalogue())}; a file of your own is "
            "named by its path, ending in .xml."
        ) from error


def given() -> Path | None:
    """The file that `KOREDARE_CASCADE` points at, whether it is there or not; None if the variable is not set."""
    value = os.environ.get(VARIABLE, "").strip()
    if not value:
        return None
    path = Path(value)
    with suppress(RuntimeError):  # nobody is called so: then it is not there
        path = path.expanduser()
    return path / look_up(CLASSIC).file if path.is_dir() else path


def _entry(name: str, table: dict[str, Any]) -> CatalogueEntry:
    settings = CascadeSettings(**table.pop("settings"))
    return CatalogueEntry(
        name=name,
        settings=settings,
        measured=MappingProxyType(table.pop("measured", {})),
        source=table.pop("source", None),
        **table,
    )


def _places(entry: CatalogueEntry, home: Path | None) -> list[Path]:
    places = [FOLDER / entry.file]
    if home is not None:
        places.insert(0, home / "cascades" / entry.file)
    if entry.name == CLASSIC and (path := given()) is not None:
        places.insert(0, path)
    return places


def _default(home: Path | None) -> tuple[FinderSource, ...]:
    own = _source(OWN, home)
    try:
        return _source(CLASSIC, home), own
    except CascadeMissing:
        _log.info("%s has not been fetched: %s finds the faces alone.", CLASSIC, OWN)
        return (own,)


def _source(name: str, home: Path | None) -> FinderSource:
    if name.endswith(".xml"):
        return _own_file(Path(name).expanduser(), home)
    path = find(name, home=home)
    return Cascade(name, path, look_up(name).sha256, look_up(name).settings)


def _own_file(path: Path, home: Path | None) -> Cascade:
    if not path.is_absolute() and not path.exists() and home is not None:
        path = home / path
    read_cascade(path, sha256=None)
    return Cascade(path.stem, path)
