"""What is remembered: pictures, faces, the ledger of corrections, and what may be learned from them."""

from bot.database import (
    channels,
    characters,
    consents,
    corrections,
    examples,
    forgetting,
    helpers,
    knowledge,
    pictures,
    portraits,
    renaming,
    retention,
    reviews,
    samples,
    settings,
    statistics,
    suspects,
    verdicts,
    versions,
)
from bot.database.base import Base
from bot.database.engine import Database
from bot.database.errors import DatabaseError

__all__ = [
    "Base",
    "Database",
    "DatabaseError",
    "channels",
    "characters",
    "consents",
    "corrections",
    "examples",
    "forgetting",
    "helpers",
    "knowledge",
    "pictures",
    "portraits",
    "renaming",
    "retention",
    "reviews",
    "samples",
    "settings",
    "statistics",
    "suspects",
    "verdicts",
    "versions",
]
