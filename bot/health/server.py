"""`/healthz`: whether the bot answers; `/metrics`: Prometheus's figures. Nothing else, and to nobody else's page."""

import asyncio
import ipaddress
import logging
import re
import socket
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest

from bot import metrics
from bot.health.state import VERSION, Figures, State

_HOST: Final = re.compile(r"(?:\[(?P<v6>[0-9a-fA-F:.]+)\]|(?P<name>[^:\[\]]+))(?::\d+)?")
_MOST: Final = 64  # connections at a time
_PATIENCE: Final = 15.0  # seconds for a request to be asked
_log: Final = logging.getLogger(__name__)
# Whoever asks in no HTTP is answered so; it is nothing for the log.
_log.addFilter(lambda line: not (line.exc_info and isinstance(line.exc_info[1], HttpProcessingError)))
_PROCESS: Final = CollectorRegistry()
ProcessCollector(registry=_PROCESS)


class Server:
    """Serves the pages on one address until it is closed.

    Parameters
    ----------
    host, port
        Where to listen; port 0: any that is free.
    look
        Tells how the bot is.
    """

    def __init__(self, host: str, port: int, look: Callable[[], Awaitable[State]]) -> None:
        app = web.Application(middlewares=[_turn_strangers_away], client_max_size=0)
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/metrics", self._metrics)
        self._look = look
        self._host, self._port = host, port
        self._runner = web.AppRunner(app, access_log=None, logger=_log, keepalive_timeout=_PATIENCE)
        self._listening: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen; gives the port.

        Raises
        ------
        OSError
            Somebody else does there, or it may not be listened on.
        """
        await self._runner.setup()
        try:
            loop = asyncio.get_running_loop()
            self._listening = await loop.create_server(self._connected, self._host, self._port)
        except BaseException:
            await self._runner.cleanup()
            raise
        return int(self._listening.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Listen no more."""
        if self._listening is not None:
            self._listening.close()
        await self._runner.cleanup()

    def _connected(self) -> asyncio.Protocol:
        """One more connection; where there are many, the oldest goes: they are files, which the bot needs too."""
        server = self._runner.server
        assert server is not None
        live = [each for each in server.connections if each.transport is not None]
        for oldest in live[: max(0, len(live) - _MOST + 1)]:
            oldest.force_close()
        return server()

    async def _healthz(self, _: web.Request) -> web.Response:
        state = await self._look()
        ailing = state.ailing
        told = {
            "status": "ailing" if ailing else "ok",
            "version": VERSION,
            "ailing": ailing,
            "shards": list(state.shards),
            "of": state.of,
            "schedule": state.schedule,
        }
        return web.json_response(told, status=503 if ailing else 200)

    async def _metrics(self, _: web.Request) -> web.Response:
        now = CollectorRegistry()
        now.register(Figures(await self._look()))
        body = b"".join(generate_latest(each) for each in (metrics.REGISTRY, now, _PROCESS))
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})


@web.middleware
async def _turn_strangers_away(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Answer only those who asked for this machine: a page in a browser may have its own name lead here (rebinding)."""
    if not _is_ours(request.host):
        raise web.HTTPForbidden(text="This is not the host that you asked for.\n")
    return await handler(request)


def _is_ours(host: str) -> bool:
    """Whether a Host header is an address or a name that no stranger can own: one without a dot, or this machine's."""
    found = _HOST.fullmatch(host)
    name = "" if found is None else found["name"] or found["v6"]
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return bool(name) and ("." not in name or name.lower() == socket.gethostname().lower())
    return True
