"""Cascades: which there are, where their files lie, and how to get what is not ours to ship."""

from ml.cascades.detector import (
    Cascade,
    CascadeAltered,
    CascadeError,
    CascadeMissing,
    CascadeSettings,
    CascadeUnreadable,
)
from ml.cascades.fetching import FetchFailed, fetch
from ml.cascades.finding import CLASSIC, FOLDER, OWN, CatalogueEntry, catalogue, find, resolve

__all__ = [
    "CLASSIC",
    "FOLDER",
    "OWN",
    "Cascade",
    "CascadeAltered",
    "CascadeError",
    "CascadeMissing",
    "CascadeSettings",
    "CascadeUnreadable",
    "CatalogueEntry",
    "FetchFailed",
    "catalogue",
    "fetch",
    "find",
    "resolve",
]
