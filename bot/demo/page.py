"""simcord's preview page, dressed for visitors instead of developers, and alive while the bot works.

simcord offers no way to do this, so private names of exactly the pinned version are used, and every replaced text is
asserted to be there: `tests/e2e/test_demo.py` fails first when a new version changes them.
"""

# pyright: reportPrivateUsage=false
# ruff: noqa: SLF001

import asyncio
import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from aiohttp import web
from simcord import Preview
from simcord.preview import _component_projection, _markdown, _media, _messages, _queries, _snapshot
from simcord.preview._media import MediaError, MediaInfo, MediaWorker
from simcord.preview._pages import HISTORY_WINDOW_SIZE
from simcord.preview._snapshot import build_snapshot

from bot.demo import apps
from bot.demo.world import World
from ml import PictureError
from ml.pictures import reading

_STATIC = Path(_media.__file__).with_name("static")
_ADDED = {"preview.css": "page.css", "app.js": "page.js"}  # to simcord's file, ours
_TEXTS = 2000  # that are remembered
_PAUSE = 0.3  # seconds between two looks at what changed
_KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"RIFF": "image/webp", b"GIF8": "image/gif"}


class _Change(NamedTuple):
    """A text in a file of the page, and what takes its place."""

    file: str
    text: str
    by: str


_CHANGES = (
    _Change("index.html", "<title>SimCord Preview</title>", "<title>Koredare</title>"),
    _Change("index.html", "<strong>SimCord</strong><small>Preview", "<strong>Koredare</strong><small>demo"),
    _Change("index.html", 'aria-hidden="true">S</span>', 'aria-hidden="true">?</span>'),
    _Change("index.html", 'aria-label="SimCord preview"', 'aria-label="Koredare demo"'),
    _Change(
        "index.html",
        '<div class="composer-row">',
        """<div class="composer-row">
<button id="show-picture" type="button" title="Show me a picture" aria-label="Show me a picture">+</button>""",
    ),
    # What is going on is said, what has gone well is not.
    _Change("app.js", 'confirmed result.";', 'confirmed result.";\n  return "";'),
    _Change("app.js", '"Preview ready" : "Loading preview…"', '"" : "Loading…"'),
    _Change("app.js", "Updating preview…", "Updating…"),
    _Change("app.js", "Connection interrupted; trying again…", "The demo has ended, or cannot be reached…"),
    # A new message is scrolled to, as in Discord, and not only where one is at the very bottom.
    _Change(
        "timeline.js",
        "if ((snapshot.history?.hasAfter || hasNewTail)",
        """if (hasNewTail) state.scrollIntent = { policy: "bottom" };
    if ((snapshot.history?.hasAfter || hasNewTail)""",
    ),
    _Change("timeline.js", "ui.timeline.clientHeight <= 1 ?", "ui.timeline.clientHeight <= 160 ?"),
    # Pictures above buttons and menus, as in Discord.
    _Change(
        "messages.js",
        "list.append(item);\n    });\n    root.append(list);",
        """list.append(item);\n    });
    root.insertBefore(list, root.querySelector(":scope > .message-components"));""",
    ),
    # Menus as tall as Discord's.
    _Change("select-drafts.js", "Math.min(list.scrollHeight, 220)", "Math.min(list.scrollHeight, 300)"),
    _Change("select-drafts.js", "Math.min(220, available)", "Math.min(list.scrollHeight, 300, available)"),
    # The shape of a picture, for page.css: known from the second time on, and again once it is loaded.
    _Change(
        "media.js",
        "trigger.append(image);\n  const entry",
        """trigger.append(image);
  const shape = (w, h) => trigger.style.setProperty("--ratio", String(w / h));
  if (width > 0 && height > 0) shape(width, height);
  const entry""",
    ),
    _Change(
        "media.js",
        "image.width = displayWidth;",
        "shape(displayWidth, displayHeight); image.width = displayWidth;",
    ),
    # What Discord has in a message's menu under Apps; APPS is what our bot puts there.
    _Change(
        "messages.js",
        "if (toolbar.childElementCount) root.append(toolbar);",
        """const apps = document.createElement("details");
    apps.className = "message-apps";
    apps.append(Object.assign(document.createElement("summary"), { textContent: "Apps" }));
    const menu = document.createElement("div");
    for (const name of APPS) {
      const app = Object.assign(document.createElement("button"), { type: "button", textContent: name });
      const detail = { name, message: message.id };
      app.addEventListener("click", () => {
        apps.open = false;
        document.dispatchEvent(new CustomEvent("koredare:app", { detail }));
      });
      menu.append(app);
    }
    apps.append(menu);
    toolbar.append(apps);
    root.append(toolbar);""",
    ),
)


def dressed(world: World, *, port: int) -> Preview:
    """The page of the channel, not entered yet; `port` 0: any that is free."""
    preview = world.env.preview(
        world.channel,
        viewers=[world.you, world.ann, world.ben],
        layout="channel",
        assets=world.faces,
        port=port or None,
    )
    preview._media_worker = _QuickLook()
    _write_once()
    server, texts = preview._server, _texts(apps.offered(world))
    apps.open_in(preview)
    plain = server._static

    async def serve(request: web.Request) -> web.Response:
        response = await plain(request)
        if (text := texts.get(server._STATIC_FILES[request.path])) is not None:
            response.text = text
        return response

    server._static = serve
    return preview


def _texts(apps: Sequence[str]) -> dict[str, str]:
    """The files of the page that are altered, by name."""
    altered = {change.file for change in _CHANGES} | _ADDED.keys()
    texts = {name: (_STATIC / name).read_text(encoding="utf-8") for name in altered}
    for change in _CHANGES:
        assert change.text in texts[change.file], f"simcord's {change.file} has changed: {change.text!r} is gone"
        texts[change.file] = texts[change.file].replace(change.text, change.by)
    for name, ours in _ADDED.items():
        texts[name] += Path(__file__).with_name(ours).read_text(encoding="utf-8")
    texts["messages.js"] = texts["messages.js"].replace("APPS", json.dumps(apps))
    return texts


def _write_once() -> None:
    """Have the page show a text that it has shown before without parsing it anew, and choose among the latest messages.

    simcord makes a parser for each text of each message, of all that were ever posted, each time anything changes:
    after 250 messages a new one took seconds.
    """
    known: dict[str, list[dict[str, Any]]] = {}

    def tokens(value: Any, profile: str = "message", *, context: Mapping[str, Any] | None = None) -> Any:
        key = repr((value, profile, context))
        if key not in known:
            if len(known) >= _TEXTS:
                known.clear()
            known[key] = _markdown.markdown_tokens(value, profile, context=context)
        return deepcopy(known[key])  # who gets it changes it

    for module in (_component_projection, _messages, _queries, _snapshot):
        setattr(module, "markdown_tokens", tokens)  # noqa: B010  it does not say that it has one

    def navigation(preview: Preview, page: Any, visible: list[Any]) -> Any:
        return _queries._message_navigation(preview, page, visible[-HISTORY_WINDOW_SIZE:])

    setattr(_snapshot, "_message_navigation", navigation)  # noqa: B010


async def keep_alive(world: World, preview: Preview) -> None:
    """Show on the open pages what the bot does between two actions of visitors, until cancelled."""
    changed = asyncio.Event()

    def hear(event: str, _payload: Mapping[str, Any]) -> None:
        if event.startswith("MESSAGE_"):
            changed.set()

    world.env.backend.subscribers.append(hear)
    while True:
        await changed.wait()
        await asyncio.sleep(_PAUSE)
        changed.clear()
        for page in tuple(preview._pages.values()):
            # Not published as new: the page would refuse the click that is under way.
            page.published_at = datetime.now(UTC).isoformat()
            page.snapshot = build_snapshot(preview, page)


class _QuickLook(MediaWorker):
    """Lets the page show a picture as it is, once it could be read.

    simcord reads each in a process of its own, a third of a second a picture, and serves it as a PNG of three times
    the size.
    """

    async def validate(self, key: str, blob: bytes, *, media_time: float | None = None) -> MediaInfo:
        kind = next((kind for start, kind in _KINDS.items() if blob.startswith(start)), None)
        if kind is None:
            raise MediaError("The page shows JPEG, PNG, WebP and GIF.")
        try:
            picture = await asyncio.to_thread(reading.decode, blob)
        except PictureError as error:
            raise MediaError(str(error)) from error
        height, width = picture.shape[:2]
        return MediaInfo(kind, width, height, 1, width * height * 4, blob, kind, memory_limited=True)
