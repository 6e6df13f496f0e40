"""Every call to Discord passes here: what may be repeated and how long, what becomes of what is lost, whom we ask.

Sources: discord.py (`discord/http.py`, `discord/webhook/async_.py`), which repeats what Discord answers with 500, 502,
504 or 429, and nothing that has no answer; Discord's documentation for codes and for `enforce_nonce`.
"""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import Any, Final

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Route
from discord.webhook.async_ import AsyncWebhookAdapter

from bot import clock

log = logging.getLogger(__name__)

DISCORD: Final = "https://discord.com/api/v10"
_CDN: Final = ("cdn.discordapp.com", "media.discordapp.net")
_PATIENCE: Final = 60.0  # seconds for one call, with all its repetitions and whatever Discord wants us to wait
_ATTEMPT: Final = aiohttp.ClientTimeout(total=30.0)
_CALLBACK: Final = 5.0  # seconds for one attempt to answer an interaction: Discord waits for three
_DOWNLOAD: Final = 20.0  # seconds for a picture, with its repetitions
_PAUSES: Final = (0.3, 1.5, 4.0)  # seconds before a call is repeated that had no answer
_AWAY: Final = (aiohttp.ClientError, OSError, TimeoutError)
_REPEATED: Final = (500, 502, 504, 524)  # HTTP: what discord.py repeats for half a minute before it gives up
_MESSAGES: Final = "/channels/{channel_id}/messages"
_POSTS: Final = frozenset({_MESSAGES, "/users/@me/channels"})
"""What may be posted twice: a message has a nonce, by which Discord gives back the one that it took the first time."""
_NO_HISTORY: Final = 160002  # "Cannot reply without permission to read message history"
_ACKNOWLEDGED: Final = 40060  # "Interaction has already been acknowledged"
_THINKING: Final = 128  # flag of an answer to an interaction that is still to come
_PAGE: Final = re.compile(rb"\s*<(!doctype\s+html|html)\b", re.IGNORECASE)


class Unreached(discord.DiscordException):
    """A call that had no answer, or not in time; whether Discord heard it, nobody knows."""


class NoPicture(Unreached):
    """A picture that its address does not give; `gone`: nor will it, later."""

    def __init__(self, why: str, *, gone: bool) -> None:
        super().__init__(why)
        self.gone = gone


class Calls(HTTPClient):
    """Calls to Discord's API, and downloads of what was posted: from Discord's CDN, or the host that the API is on."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop, max_ratelimit_timeout=_PATIENCE, http_trace=_trace())
        self._typing: set[asyncio.Task[None]] = set()
        self._download = _DOWNLOAD
        self._downloads: set[asyncio.Timeout] = set()

    async def request(
        self,
        route: Route,
        *,
        files: Sequence[discord.File] | None = None,
        form: Iterable[dict[str, Any]] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Call; repeated while there is no answer, if that does no harm.

        Raises
        ------
        Unreached
            There was none to the end, or none of Discord's, or it wants us to wait for longer than anybody does here.
        discord.HTTPException
            Discord refuses.
        """
        parts = None if form is None else list(form)
        kwargs.setdefault("timeout", _ATTEMPT)
        again = route.method != "POST" or route.path in _POSTS
        told = {"GET": (dict, list), "PATCH": dict, "POST": dict if again else object}.get(route.method, object)
        try:
            async with asyncio.timeout(_PATIENCE):
                for pause in (*_PAUSES, None):
                    try:
                        called = super().request(route, files=files, form=parts, **kwargs)
                        return await _discords(called, told)
                    except asyncio.CancelledError:
                        # In the middle of a pause that Discord wants of all calls, it may be, which nobody else ends.
                        self._global_over.set()
                        raise
                    except discord.Forbidden as error:
                        if error.code != _NO_HISTORY or route.path != _MESSAGES:
                            raise
                        kwargs, parts = _referring_to_nothing(kwargs, parts)
                    except (*_AWAY, discord.DiscordServerError) as error:
                        if pause is None or not again or _tried_enough(error):
                            raise
                        log.debug("%s %s is repeated: %r", route.method, route.path, error)
                        await asyncio.sleep(pause)
                    _rewind(files)
        except (*_AWAY, discord.RateLimited) as error:
            raise Unreached(f"{route.method} {route.path}: {error!r}") from error
        raise AssertionError  # the last turn returns or raises

    async def send_typing(self, channel_id: int | str) -> None:
        """Say that we are at it; whether that comes through is no concern of what we are at."""
        task = asyncio.create_task(self._say_typing(channel_id))
        self._typing.add(task)
        task.add_done_callback(self._typing.discard)

    async def _say_typing(self, channel_id: int | str) -> None:
        try:
            await self.request(Route("POST", "/channels/{channel_id}/typing", channel_id=channel_id))
        except (discord.HTTPException, Unreached) as error:
            log.debug("Typing in %s came to nothing: %r", channel_id, error)

    async def get_from_cdn(self, url: str) -> bytes:
        """Download what was posted.

        Raises
        ------
        NoPicture
            It is not there, Discord does not give it, or the address is none of Discord's.
        """
        if not _is_discords(yarl.URL(url)):
            raise NoPicture(f"{url} is no address of Discord's", gone=True)
        patience = asyncio.timeout(self._download)
        try:
            async with patience:
                self._downloads.add(patience)
                for pause in (*_PAUSES, None):
                    try:
                        data: bytes = await _discords(super().get_from_cdn(url), bytes)
                        if data and not _PAGE.match(data):
                            return data
                        raise aiohttp.ClientPayloadError("what is there is no file")
                    except (discord.Forbidden, discord.NotFound) as error:  # a signature that expired, a file deleted
                        raise NoPicture(str(error), gone=True) from error
                    except (*_AWAY, discord.HTTPException):
                        if pause is None:
                            raise
                        await asyncio.sleep(pause)
        except NoPicture:
            raise
        except (*_AWAY, discord.HTTPException, Unreached) as error:
            raise NoPicture(repr(error), gone=False) from error
        finally:
            self._downloads.discard(patience)
        raise AssertionError  # the last turn returns or raises

    def hurry(self, seconds: float) -> None:
        """Have every download end in so many seconds: the bot is to stop."""
        self._download = seconds
        for patience in self._downloads:
            patience.reschedule(asyncio.get_running_loop().time() + seconds)

    async def get_bot_gateway(self) -> Any:
        """Where the gateway is; also for those connections that begin anew, which discord.py makes to Discord's own."""
        shards, url, limit = await super().get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)
        return shards, url, limit


class Answers(AsyncWebhookAdapter):
    """Calls that answer interactions, with a token of their own."""

    async def request(
        self,
        route: Route,
        session: aiohttp.ClientSession,
        *,
        files: Sequence[discord.File] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Call, as `Calls.request` does; an answer that Discord took though we never heard so is found again."""
        callback, followup = route.path.endswith("/callback"), route.path == "/webhooks/{webhook_id}/{webhook_token}"
        try:
            async with asyncio.timeout(_PATIENCE):
                for pause in (*_PAUSES, None):
                    try:
                        async with asyncio.timeout(_CALLBACK if callback else _ATTEMPT.total):
                            called = super().request(route, session, files=files, **kwargs)
                            return await _discords(called, object if route.method == "DELETE" else dict)
                    except discord.HTTPException as error:
                        if not callback or error.code != _ACKNOWLEDGED:
                            raise
                        return {"interaction": {"id": str(route.webhook_id), "type": 2}}
                    except _AWAY:
                        if pause is None:
                            raise
                        if followup and (heard := await self._heard(route, session, kwargs)) is not None:
                            return heard
                        await asyncio.sleep(pause)
                    _rewind(files)
        except _AWAY as error:
            raise Unreached(f"{route.method} {route.path}: {error!r}") from error
        raise AssertionError  # the last turn returns or raises

    async def _heard(self, route: Route, session: aiohttp.ClientSession, sent: Mapping[str, Any]) -> Any:
        """What Discord has in the place of an answer that was lost; None: it still waits for it.

        Raises
        ------
        Unreached
            It has something else there, so nobody knows.
        """
        assert route.webhook_id is not None
        assert route.webhook_token is not None
        there = await self.get_original_interaction_response(
            int(route.webhook_id), route.webhook_token, session=session
        )
        if there.get("flags", 0) & _THINKING:
            return None
        if there["content"] == (_payload(sent).get("content") or ""):
            return there
        raise Unreached(f"{route.method} {route.path}: whether it was heard cannot be told")


async def _discords(called: Awaitable[Any], told: type | tuple[type, ...]) -> Any:
    """What Discord answers to a call; what somebody before it says in its place, or what is cut, is no answer.

    `told`: what it has to be; "object": that the call was heard is enough.

    Raises
    ------
    aiohttp.ClientPayloadError
        There is none.
    Unreached
        The bot does not call any more.
    """
    try:
        answer = await called
    except (KeyError, TypeError, ValueError) as error:  # discord.py takes it for what it should be
        raise aiohttp.ClientPayloadError(f"not what Discord answers: {error!r}") from error
    except RuntimeError as error:  # aiohttp's, where the bot has hung up meanwhile, as it is to end
        raise Unreached(repr(error)) from error
    if not isinstance(answer, told) or (answer and isinstance(answer, str)):
        raise aiohttp.ClientPayloadError("not what Discord answers")
    return answer


def _trace() -> aiohttp.TraceConfig:
    """Hears what time it is, and has no call led on elsewhere: what Discord is asked it answers itself."""

    async def refuse(_session: Any, _context: Any, led: aiohttp.TraceRequestRedirectParams) -> None:
        raise aiohttp.InvalidUrlRedirectClientError(led.url, "led on elsewhere")

    trace = clock.listening()
    trace.on_request_redirect.append(refuse)
    return trace


def _is_discords(url: yarl.URL) -> bool:
    """Whether an address of what was posted is where Discord keeps such, so that nobody has us call elsewhere."""
    api = yarl.URL(Route.BASE)
    if url.host == api.host and api.host != yarl.URL(DISCORD).host:
        return url.scheme == api.scheme  # something that stands before Discord, or in its place
    return url.scheme == "https" and url.host in _CDN and url.port == 443


def _tried_enough(error: Exception) -> bool:
    """Whether discord.py has repeated it already, for half a minute."""
    return isinstance(error, discord.HTTPException) and error.status in _REPEATED


def _rewind(files: Sequence[discord.File] | None) -> None:
    for file in files or ():
        file.reset(seek=True)


def _payload(sent: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was sent, without the files."""
    if sent.get("multipart"):
        return json.loads(sent["multipart"][0]["value"])
    return sent.get("payload") or {}


def _referring_to_nothing(
    kwargs: dict[str, Any], parts: list[dict[str, Any]] | None
) -> tuple[dict[str, Any], list[dict[str, Any]] | None]:
    """The same message, as a reply to none: where nobody lets us read what was said before."""
    if parts is None:
        said = {key: value for key, value in kwargs["json"].items() if key != "message_reference"}
        return {**kwargs, "json": said}, None
    said = json.loads(parts[0]["value"])
    said.pop("message_reference", None)
    return kwargs, [{**parts[0], "value": json.dumps(said)}, *parts[1:]]
