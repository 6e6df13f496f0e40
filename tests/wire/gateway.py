"""The gateway: a websocket that says hello, knows sessions, and tells what happens (Discord: topics/gateway)."""

import asyncio
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from tests.wire.world import Json, World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11


@dataclass
class Session:
    """What was told to one who identified, so that it can be told again when they resume.

    `shard` is which of how many they are.
    """

    id: str
    shard: tuple[int, int]
    told: list[str] = field(default_factory=list)
    socket: web.WebSocketResponse | None = None


class Gateway:
    """Tells a bot what happens: each of its shards what is of its servers.

    Attributes
    ----------
    identified, resumed, beats
        How often the bot did so.
    refuses
        HTTP status with which connections are refused; None: they are taken.
    shuts, mute
        Connections are taken, and closed before a word is said; nothing is said.
    closes
        Code with which the next connections are closed when they identify; None: they are let in.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        world.emit = self.emit
        self.sessions: dict[str, Session] = {}
        self.sockets: set[web.WebSocketResponse] = set()
        self.identified = self.resumed = self.beats = self.tried = 0
        self.refuses: int | None = None
        self.shuts = self.mute = False
        self.closes: int | None = None
        self.intents = 0
        self._sending: set[asyncio.Task[Any]] = set()

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """A bot connects."""
        self.tried += 1
        self.world.changed()
        if self.refuses is not None:
            return web.Response(status=self.refuses)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if self.shuts:
            await socket.close(code=WSCloseCode.TRY_AGAIN_LATER)
            return socket
        self.sockets.add(socket)
        if not self.mute:
            await socket.send_json({"op": HELLO, "d": {"heartbeat_interval": 41_250}})
        try:
            async for frame in socket:
                if frame.type == WSMsgType.TEXT:
                    await self._hear(socket, json.loads(frame.data))
        finally:
            self.sockets.discard(socket)
            for session in self.sessions.values():
                if session.socket is socket:
                    session.socket = None
            self.world.changed()
        return socket

    async def _hear(self, socket: web.WebSocketResponse, said: Json) -> None:
        match said["op"]:
            case 1:
                self.beats += 1
                await socket.send_json({"op": ACK})
            case 2:
                await self._identify(socket, said["d"])
            case 6:
                await self._resume(socket, said["d"])
        self.world.changed()

    async def _identify(self, socket: web.WebSocketResponse, said: Json) -> None:
        if self.closes is not None:
            await socket.close(code=self.closes)
            return
        self.identified += 1
        self.intents = said["intents"]
        shard, of = said["shard"]
        # Whoever identifies anew has lost what was told in between.
        stay = [each for each in self.sessions.values() if each.shard[0] != shard and each.shard[1] == of]
        self.sessions = {each.id: each for each in stay}
        session = Session(secrets.token_hex(8), (shard, of), socket=socket)
        self.sessions[session.id] = session
        guilds = [each for each in self.world.guilds if (each >> 22) % of == shard]
        ready = {
            "v": 10,
            "user": self.world.bot,
            "guilds": [{"id": str(each), "unavailable": True} for each in guilds],
            "session_id": session.id,
            "resume_gateway_url": f"{self.world.url.replace('http', 'ws', 1)}/gateway",
            "shard": said["shard"],
            "application": {"id": self.world.bot["id"], "flags": 0},
        }
        await self._tell(session, "READY", ready)
        for guild_id in guilds:
            await self._tell(session, "GUILD_CREATE", self.world.guild(guild_id))

    async def _resume(self, socket: web.WebSocketResponse, said: Json) -> None:
        session = self.sessions.get(said["session_id"])
        if session is None:
            await socket.send_json({"op": INVALID, "d": False})
            return
        self.resumed += 1
        session.socket = socket
        for frame in session.told[said["seq"] :]:
            await socket.send_str(frame)
        await self._tell(session, "RESUMED", {})

    def emit(self, event: str, data: Json) -> None:
        """Tell what happens in a server, or in the conversation, which is the first shard's."""
        for session in self.sessions.values():
            shard, of = session.shard
            if (int(data.get("guild_id", 0)) >> 22) % of != shard:
                continue
            task = asyncio.get_running_loop().create_task(self._tell(session, event, json.loads(json.dumps(data))))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def _tell(self, session: Session, event: str, data: Any) -> None:
        frame = json.dumps({"op": DISPATCH, "t": event, "s": len(session.told) + 1, "d": data})
        session.told.append(frame)
        if session.socket is not None and not session.socket.closed:
            await session.socket.send_str(frame)

    async def tell_all(self, event: str, data: Any) -> None:
        """Tell every shard something, whatever it is."""
        for session in self.sessions.values():
            await self._tell(session, event, data)

    async def talk_nonsense(self) -> None:
        """Send what is neither JSON nor compressed."""
        for socket in list(self.sockets):
            await socket.send_bytes(b"nonsense\x00\x00\xff\xff")

    async def again(self, event: str) -> None:
        """Tell the last event of a kind a second time."""
        for session in self.sessions.values():
            last = next(each for frame in reversed(session.told) if (each := json.loads(frame))["t"] == event)
            await self._tell(session, event, last["d"])

    async def reconnect(self) -> None:
        """Ask the bot to connect anew (op 7)."""
        for socket in list(self.sockets):
            await socket.send_json({"op": RECONNECT, "d": None})

    async def drop(self, code: int = WSCloseCode.GOING_AWAY) -> None:
        """Close the connection with a code."""
        for socket in list(self.sockets):
            await socket.close(code=code)

    async def lose(self, shard: int) -> None:
        """Close the connection of a shard, and know its session no more."""
        for session in [each for each in self.sessions.values() if each.shard[0] == shard]:
            del self.sessions[session.id]
            assert session.socket is not None
            await session.socket.close(code=WSCloseCode.GOING_AWAY)

    def forget(self) -> None:
        """Know no session any more: who resumes is told to identify anew."""
        self.sessions.clear()

    def online(self) -> bool:
        """Whether the bot is told what happens."""
        return any(each.socket is not None for each in self.sessions.values())
