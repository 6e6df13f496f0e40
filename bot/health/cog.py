"""Opens the page that says how the bot is, where the operator wants one."""

import errno
import logging
from typing import Final

from discord.ext import commands

from bot import metrics
from bot.client import Koredare
from bot.health import state
from bot.health.server import Server
from bot.health.state import State

log = logging.getLogger(__name__)


class Health(commands.Cog):
    """Knows whether Discord is reached, and says so over HTTP.

    Attributes
    ----------
    port
        Where the page is; None: there is none.
    """

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot
        self.port: int | None = None
        self._away = set[int]()
        self._server: Server | None = None
        self._lines = _Lines()

    async def cog_load(self) -> None:
        """Listen, if the operator wants it; the bot goes on without where that is not to be had."""
        if (address := self.bot.settings.health.address) is None:
            return
        server = Server(*address, self._look)
        try:
            self.port = await server.start()
        except OSError as error:
            taken = "another process listens there; choose another address under [health]"
            why = taken if error.errno == errno.EADDRINUSE else error.strerror or error
            log.warning("Nobody can ask how I am on %s: %s", self.bot.settings.health.listen, why)
            return
        self._server = server
        logging.getLogger().addHandler(self._lines)
        log.info("Whoever wants to know how I am asks http://%s:%s/healthz and /metrics.", address[0], self.port)

    async def cog_unload(self) -> None:
        """Listen no more."""
        logging.getLogger().removeHandler(self._lines)
        if self._server is not None:
            await self._server.close()

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard_id: int) -> None:
        """A connection to the gateway is down; discord.py tries again."""
        self._away.add(shard_id)

    @commands.Cog.listener()
    async def on_shard_connect(self, shard_id: int) -> None:
        """It is up again, anew."""
        self._away.discard(shard_id)

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard_id: int) -> None:
        """It is up again, where it was."""
        self._away.discard(shard_id)

    async def _look(self) -> State:
        return await state.look(self.bot, away=self._away)


class _Lines(logging.Handler):
    """Counts lines of the log, by how bad they are."""

    _LEVELS: Final = {logging.WARNING: "warning", logging.ERROR: "error", logging.CRITICAL: "error"}

    def emit(self, record: logging.LogRecord) -> None:
        if (level := self._LEVELS.get(record.levelno)) is not None:
            metrics.LINES.labels(level).inc()


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Health(bot))
