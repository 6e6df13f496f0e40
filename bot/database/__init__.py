"""What is remembered: pictures, faces, the ledger of corrections, and what may be learned from them."""

from bot.database import (
    changes,
    channels,
    characters,
    consents,
    corrections,
    erasing,
    examples,
    exchange,
    helpers,
    old_pictures,
    pictures,
    portraits,
    reviews,
    samples,
    scrubbing,
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
    "changes",
    "channels",
    "characters",
    "consents",
    "corrections",
    "erasing",
    "examples",
    "exchange",
    "helpers",
    "old_pictures",
    "pictures",
    "portraits",
    "reviews",
    "samples",
    "scrubbing",
    "settings",
    "statistics",
    "suspects",
    "verdicts",
    "versions",
]
