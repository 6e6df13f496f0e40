"""Calls to Discord that come to nothing: it refuses them, or the connection is lost on the way."""

import logging
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import aiohttp
import discord

log = logging.getLogger(__name__)

UNREACHED: Final = (aiohttp.ClientError, ConnectionError, TimeoutError)
"""What a call raises whose connection is lost; whether Discord heard it, nobody knows."""

LOST: Final = (discord.HTTPException, *UNREACHED)
"""What a call raises that came to nothing: that, or a refusal (it is gone, we may not, Discord has its own trouble)."""


@contextmanager
def unless_lost(what: str) -> Generator[None]:
    """Do without what the block would have Discord do, where that comes to nothing; the log says so."""
    try:
        yield
    except LOST as error:
        log.info("%s came to nothing: %r", what, error)
