"""Values that an operator writes as text, checked when they are read; each error says what is accepted."""

import re
from pathlib import Path
from typing import Annotated, TypeAlias, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr

from ml.naming.backbones import BackboneName
from ml.naming.networks import ONNX

_LISTENING = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[^\[\]:\s]+):(?P<port>\d{1,5})")


def _api(address: str) -> str:
    """The address of an API, to which the token goes: nowhere that others on the way could read it."""
    parts = urlsplit(address)
    here = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and here)):
        raise ValueError(f"{address!r} is neither an address with https:// nor one with http:// on this machine")
    return address.rstrip("/")


def _database(url: SecretStr) -> SecretStr:
    """The URL of a database of PostgreSQL; nothing of it is repeated, as it may hold a password."""
    value = url.get_secret_value()
    try:
        parts = urlsplit(value)
        fine = not value or (
            parts.scheme in ("postgresql", "postgres") and bool(parts.path.strip("/")) and parts.port != 0
        )
    except ValueError:
        fine = False
    if not fine:
        raise ValueError('that is no URL of a database, as "postgresql://user:password@host/name"')
    return SecretStr(re.sub("^postgres:", "postgresql:", value))


def _backbone(value: object) -> object:
    """A name as it is, and the path of an ONNX file as a path."""
    names = get_args(BackboneName)
    if value in names or isinstance(value, Path):
        return value
    if isinstance(value, str) and Path(value).suffix == ONNX:
        return _expanded(value)
    raise ValueError(f"{value!r} is neither {', '.join(names)} nor the path of an {ONNX} file")


def _file(value: str) -> str:
    """The path of a file; empty where there is none."""
    return value and str(_expanded(value))


def _store(value: str) -> str:
    """A URL that fsspec reads; the path of a folder is one too."""
    if not value or "://" in value:
        return value.rstrip("/") if urlsplit(value).path.strip("/") else value
    if (path := _expanded(value)).is_absolute():
        return path.as_uri()
    raise ValueError(f'{value!r} is neither a URL, as "s3://bucket/models", nor the whole path of a folder')


def _expanded(path: str) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise ValueError(f"{path!r}: nobody is called so here") from error


def _listening(value: str) -> str:
    """An address with a port; empty where there is none."""
    found = _LISTENING.fullmatch(value)
    if value and (found is None or int(found["port"]) > 65_535):
        raise ValueError(f'{value!r} is no address with a port, as "127.0.0.1:8080"')
    return value


ApiAddress: TypeAlias = Annotated[str, AfterValidator(_api)]
BackboneChoice: TypeAlias = Annotated[BackboneName | Path, BeforeValidator(_backbone)]
DatabaseUrl: TypeAlias = Annotated[SecretStr, AfterValidator(_database)]
File: TypeAlias = Annotated[str, AfterValidator(_file)]
ListeningAddress: TypeAlias = Annotated[str, AfterValidator(_listening)]
StoreUrl: TypeAlias = Annotated[str, AfterValidator(_store)]
