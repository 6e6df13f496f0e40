"""A small Discord over real HTTP and real websockets, on loopback: what the bot uses of API v10, and faults on it.

Sources: discord.py 2.7 (`discord/http.py`, `webhook/async_.py`, `gateway.py`, `state.py`) for what is called and read,
and Discord's documentation (discord.com/developers/docs) for what is answered.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from aiohttp import BodyPartReader, web

from tests.wire.faults import Fault
from tests.wire.gateway import Gateway
from tests.wire.world import Json, World

API = "/api/v10"
TOKEN = "the-token-of-the-tests"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

MUTED = 64  # message flag: for one person's eyes
LOADING = 128  # message flag: "thinking…"


class Service:
    """The server. `url` is its address, `calls` are those that came: "POST /channels/1/messages 200"."""

    def __init__(self) -> None:
        self.world = World()
        self.gateway = Gateway(self.world)
        self.faults: list[Fault] = []
        self.calls: list[str] = []
        self.clock = timedelta(0)  # by which it is ahead of the machine's
        self._runner: web.AppRunner

    async def start(self) -> None:
        """Listen on a free port."""
        app = web.Application(client_max_size=64 * 2**20, middlewares=[self._front])
        app.router.add_get("/gateway", self.gateway.connect)
        app.router.add_get("/gateway/", self.gateway.connect)
        app.router.add_get("/attachments/{channel}/{id}/{name}", self._file)
        for method, path, handler in (
            ("GET", "/users/@me", self._me),
            ("GET", "/users/{user}", self._user),
            ("POST", "/users/@me/channels", self._dm),
            ("GET", "/guilds/{guild}", self._guild),
            ("GET", "/guilds/{guild}/members/{user}", self._member),
            ("GET", "/oauth2/applications/@me", self._application),
            ("GET", "/gateway/bot", self._gateway),
            ("GET", "/applications/{app}/commands", self._commands),
            ("PUT", "/applications/{app}/commands", self._commands),
            ("GET", "/channels/{channel}", self._channel),
            ("POST", "/channels/{channel}/typing", self._typing),
            ("GET", "/channels/{channel}/messages", self._history),
            ("POST", "/channels/{channel}/messages", self._post),
            ("GET", "/channels/{channel}/messages/{message}", self._message),
            ("PATCH", "/channels/{channel}/messages/{message}", self._message),
            ("DELETE", "/channels/{channel}/messages/{message}", self._message),
            ("GET", "/channels/{channel}/messages/{message}/reactions/{emoji}", self._reactions),
            ("POST", "/interactions/{id}/{token}/callback", self._callback),
            ("POST", "/webhooks/{app}/{token}", self._followup),
            ("GET", "/webhooks/{app}/{token}/messages/{message}", self._interaction_message),
            ("PATCH", "/webhooks/{app}/{token}/messages/{message}", self._interaction_message),
            ("DELETE", "/webhooks/{app}/{token}/messages/{message}", self._interaction_message),
        ):
            app.router.add_route(method, API + path, handler)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.world.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Listen no more."""
        for fault in self.faults:
            fault.release.set()
        await self.gateway.drop()
        await self._runner.cleanup()

    @property
    def api(self) -> str:
        """The address that the bot is told."""
        return self.world.url + API

    def fault(self, fault: Fault) -> Fault:
        """Have calls go wrong from now on."""
        self.faults.append(fault)
        return fault

    def heal(self) -> None:
        """Have nothing go wrong any more."""
        for fault in self.faults:
            fault.release.set()
        self.faults.clear()

    def called(self, beginning: str) -> int:
        """How many calls came whose method and path begin so."""
        return sum(each.startswith(beginning) for each in self.calls)

    @web.middleware
    async def _front(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        path = request.path.removeprefix(API)
        fault = next((each for each in self.faults if each.befalls(request.method, path)), None)
        self.world.changed()
        try:
            response = await (self._plainly(request, handler) if fault is None else self._by(fault, request, handler))
        finally:
            self.world.changed()
        if path != "/gateway":
            response.headers["Date"] = format_datetime(datetime.now(UTC) + self.clock, usegmt=True)
            self.calls.append(f"{request.method} {path} {response.status}{'' if fault is None else ' ' + fault.way}")
            self.world.changed()
        return response

    async def _plainly(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        to_api = request.path.startswith(API) and not request.path.startswith((f"{API}/webhooks", f"{API}/interact"))
        if to_api and request.headers.get("Authorization") != f"Bot {TOKEN}":
            return _said(401, 0, "401: Unauthorized")
        try:
            return await handler(request)
        except KeyError:
            return _said(404, 10008, "Unknown Message")

    async def _by(self, fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
        assert request.transport is not None
        match fault.way:
            case "status":
                await request.read()
                body = {"message": f"injected {fault.status}", "code": 0} if fault.body is None else fault.body
                if isinstance(body, str):
                    headers = {"Content-Type": "text/html", **fault.headers}
                    return web.Response(status=fault.status, body=body.encode(), headers=headers)
                return _json(body, status=fault.status, headers=fault.headers)
            case "drop":
                await request.read()
                request.transport.abort()
                return web.Response()
            case "lose":
                await self._plainly(request, handler)
                request.transport.abort()
                return web.Response()
            case "keep":
                done = await self._plainly(request, handler)
                await fault.release.wait()
                return done
            case "hang":
                await fault.release.wait()
                return await self._plainly(request, handler)
            case "cut":
                whole = await handler(request)
                assert isinstance(whole, web.Response)
                assert isinstance(whole.body, bytes)
                part = web.StreamResponse(headers={"Content-Length": str(len(whole.body))})
                await part.prepare(request)
                await part.write(whole.body[: len(whole.body) // 2])
                request.transport.abort()
                return part

    async def _me(self, request: web.Request) -> web.Response:
        return _json(self.world.bot)

    async def _user(self, request: web.Request) -> web.Response:
        return _json(self.world.people[int(request.match_info["user"])])

    async def _member(self, request: web.Request) -> web.Response:
        person = self.world.people[int(request.match_info["user"])]
        return _json({**self.world.member(person, int(request.match_info["guild"])), "user": person})

    async def _guild(self, request: web.Request) -> web.Response:
        return _json(self.world.guild(int(request.match_info["guild"])))

    async def _dm(self, request: web.Request) -> web.Response:
        return _said(403, 50007, "Cannot send messages to this user")

    async def _application(self, request: web.Request) -> web.Response:
        told = {"id": self.world.bot["id"], "name": "Koredare", "description": "", "icon": None, "bot_public": True}
        more = {"bot_require_code_grant": False, "verify_key": "", "rpc_origins": [], "summary": "", "flags": 0}
        return _json({**told, **more, "team": None, "owner": self.world.people[int(self.world.mod["id"])]})

    async def _gateway(self, request: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        url = f"{self.world.url.replace('http', 'ws', 1)}/gateway"
        return _json({"url": url, "shards": 1, "session_start_limit": limit})

    async def _commands(self, request: web.Request) -> web.Response:
        if request.method == "PUT":
            self.world.commands = [
                {
                    "id": str(self.world.new_id()),
                    "version": "1",
                    "application_id": self.world.bot["id"],
                    "description": "",
                    **each,
                }
                for each in await request.json()
            ]
        return _json(self.world.commands)

    async def _channel(self, request: web.Request) -> web.Response:
        return _json(self.world.channel(int(request.match_info["channel"])))

    async def _typing(self, request: web.Request) -> web.Response:
        self.world.typed += 1
        return web.Response(status=204)

    async def _history(self, request: web.Request) -> web.Response:
        after = int(request.query.get("after", 0))
        before = int(request.query.get("before", 2**63))
        channel = request.match_info["channel"]
        found = [each for each in self.world.messages.values() if each["channel_id"] == channel]
        found = sorted((each for each in found if after < int(each["id"]) < before), key=lambda each: int(each["id"]))
        limit = int(request.query.get("limit", 50))
        found = found[:limit] if "after" in request.query else found[-limit:]
        return _json([self.world.as_read(each) for each in reversed(found)])

    async def _post(self, request: web.Request) -> web.Response:
        channel = int(request.match_info["channel"])
        if channel not in self.world.channels:
            return _said(404, 10003, "Unknown Channel")
        what, files = await _sent(request)
        if what.get("enforce_nonce") and (known := self.world.nonces.get(what["nonce"])):
            return _json(self.world.messages[known])
        message = self.world.put(self.world.bot, channel, what, files)
        if "nonce" in what:
            self.world.nonces[what["nonce"]] = int(message["id"])
        return _json(message)

    async def _message(self, request: web.Request) -> web.Response:
        message = self.world.messages[int(request.match_info["message"])]
        match request.method:
            case "PATCH":
                self.world.edit(message, *await _sent(request))
            case "DELETE":
                self.world.delete(message)
                return web.Response(status=204)
        return _json(self.world.as_read(message))

    async def _reactions(self, request: web.Request) -> web.Response:
        given = self.world.reactions.get(int(request.match_info["message"]), {})
        after = int(request.query.get("after", 0))
        who = sorted(each for each in given.get(request.match_info["emoji"], []) if each > after)
        return _json([self.world.people[each] for each in who[: int(request.query.get("limit", 25))]])

    async def _file(self, request: web.Request) -> web.Response:
        data = self.world.files.get(int(request.match_info["id"]))
        return web.Response(status=404) if data is None else web.Response(body=data)

    async def _callback(self, request: web.Request) -> web.Response:
        used = self.world.interactions.get(request.match_info["token"])
        if used is None:
            return _said(404, 10062, "Unknown interaction")
        if used["callback"] is not None:
            return _said(400, 40060, "Interaction has already been acknowledged.")
        said, files = await _sent(request)
        used["callback"] = said
        data = said.get("data") or {}
        resource: Json = {"type": said["type"]}
        match said["type"]:
            case 4:
                used["original"] = self._speak(used, data, files)
            case 5:
                used["original"] = self._speak(used, {"flags": LOADING | (data.get("flags") or 0)}, [])
            case 6:
                used["original"] = used["message"]
            case 7:
                used["original"] = self.world.edit(used["message"], data, files)
        told: Json = {"id": used["id"], "type": 2}
        if used["original"] is not None and said["type"] in (4, 5, 7):
            told["response_message_id"] = used["original"]["id"]
            resource["message"] = used["original"]
        self.world.changed()
        return _json({"interaction": told, "resource": resource})

    def _speak(self, used: Json, what: Json, files: list[tuple[str, bytes]]) -> Json:
        muted = bool((what.get("flags") or 0) & MUTED)
        return self.world.put(self.world.bot, used["channel_id"], what, files, quietly=muted)

    async def _followup(self, request: web.Request) -> web.Response:
        used = self.world.interactions.get(request.match_info["token"])
        if used is None:
            return _said(404, 10015, "Unknown Webhook")
        what, files = await _sent(request)
        original = used["original"]
        if original is not None and original["flags"] & LOADING:  # the first takes the place of "thinking…"
            message = self.world.edit(original, {**what, "flags": original["flags"] & ~LOADING}, [])
            message["attachments"] = self.world._attach(used["channel_id"], what.get("attachments") or [], files)
        else:
            message = self._speak(used, what, files)
        used["followups"].append(message)
        self.world.changed()
        return _json(message)

    async def _interaction_message(self, request: web.Request) -> web.Response:
        used = self.world.interactions.get(request.match_info["token"])
        if used is None:
            return _said(404, 10015, "Unknown Webhook")
        which = request.match_info["message"]
        message = used["original"] if which == "@original" else self.world.messages[int(which)]
        if message is None:
            return _said(404, 10008, "Unknown Message")
        match request.method:
            case "PATCH":
                message = self.world.edit(message, *await _sent(request))
                message["flags"] &= ~LOADING
                self.world.changed()
            case "DELETE":
                self.world.delete(message)
                return web.Response(status=204)
        return _json(message)


def _json(told: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    # By aiohttp's own there would be a charset behind the type, and discord.py would take it for text.
    sent = json.dumps(told).encode()
    return web.Response(body=sent, status=status, headers={**(headers or {}), "Content-Type": "application/json"})


def _said(status: int, code: int, message: str) -> web.Response:
    return _json({"code": code, "message": message}, status=status)


async def _sent(request: web.Request) -> tuple[Json, list[tuple[str, bytes]]]:
    """What was sent, as JSON or in parts, and the files with it."""
    if not request.content_type.startswith("multipart/"):
        return await request.json(), []
    what: Any = {}
    files: list[tuple[str, bytes]] = []
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        if part.name == "payload_json":
            what = json.loads(await part.text())
        else:
            files.append((part.filename or "", bytes(await part.read())))
    return what, files
