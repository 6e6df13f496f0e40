"""The demo, as a newcomer meets it: the tour in the terminal, and the page."""

import asyncio
import io
import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image

from bot.config import load_settings
from bot.correcting.menus import NAME
from bot.demo import tour
from bot.demo.cog import Visitors
from bot.demo.paintings import EACH, NEW, Gallery
from bot.demo.preparation import gallery
from bot.demo.scenes import Album, agree
from bot.demo.world import World, opened
from ml.painting import CAST
from tests.conftest import KNOWN, koredare, png, saved

pytestmark = pytest.mark.sqlite_only  # the demo keeps its rows in a file, wherever a bot has its own


@pytest.fixture
def demo_home(trained_home: Path) -> Path:
    """A data folder as the demo prepares it, but with one picture for all, as painting takes its time."""
    for character in CAST:
        for seed in range(EACH):
            path = gallery(load_settings(home=trained_home)).path(character, seed)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(saved(Image.new("RGB", (40, 30), "white"), "JPEG"))
    return trained_home


async def test_the_tour_fails_if_the_last_answer_is_not_the_corrected_one(
    demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def forgetful(self: tour.Tour) -> str:
        return f"**1** someone I don't know (closest: {tour.TAUGHT.name}, 30 %)"

    monkeypatch.setattr(tour.Tour, "play", forgetful)
    assert await tour.play(out=tmp_path, settings=load_settings(home=demo_home)) == 1
    assert f"should have been {tour.TAUGHT.name}" in capsys.readouterr().out


def test_the_data_of_a_real_bot_is_left_alone(trained_home: Path) -> None:
    done = koredare("demo", "--once", home=trained_home)
    assert done.returncode == 1
    assert "folder of its own" in done.stderr


def test_a_port_in_use_is_said_at_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = koredare("demo", "--port", str(port), home=tmp_path)
    assert done.returncode == 1
    assert f"Port {port} cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


@contextmanager
def served(home: Path) -> Generator[tuple[subprocess.Popen[str], str]]:
    """`koredare demo` as a process, and the address that it prints."""
    command = [sys.executable, "-m", "bot", "demo", "--home", str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as demo:
        assert demo.stdout is not None
        try:
            yield demo, next(line.strip() for line in demo.stdout if "http://" in line)
        finally:
            demo.terminate()


def test_the_page_is_served_in_our_dress_until_the_demo_is_told_to_stop(demo_home: Path) -> None:
    with served(demo_home) as (demo, address):
        base, _, key = address.partition("/#")
        assert b"<title>Koredare</title>" in _get(base, "/")
        assert b"Koredare's demo" in _get(base, "/preview.css")
        assert b"Koredare's demo" in _get(base, "/app.js")
        page = json.loads(_get(base, "/api/pages", key=key, data=b"{}"))
        said = [message["content"] for message in page["messages"].values()]
        assert "Who is this?" in said[-1]
        assert any("**1** " in text for text in said)
        labelled = next(each["id"] for each in page["assets"].values() if each["filename"].startswith("whois"))
        picture = _get(base, f"/api/assets/{labelled}", key=key, context=page["context"]["id"])
        assert Image.open(io.BytesIO(picture)).format == "JPEG"

        # Another site, open in the same browser, reads nothing here and does nothing.
        for foreign in ({"Host": "koredare.example"}, {"Origin": "http://koredare.example"}):
            with pytest.raises(urllib.error.HTTPError, match="401"):
                _get(base, "/api/pages", key=key, data=b"{}", **foreign)
        with pytest.raises(urllib.error.HTTPError, match="403"):
            _get(base, "/", Host="koredare.example")
        with pytest.raises(urllib.error.HTTPError, match="401"):
            _get(base, "/api/pages", key="guessed", data=b"{}")
        (listening,) = {each.laddr.ip for each in psutil.Process(demo.pid).net_connections() if each.status == "LISTEN"}
        assert listening == "127.0.0.1"

        # "+" does what it does however long ago the greeting was, and so do a message's Apps.
        commands = json.loads(_get(base, "/api/commands", key=key, context=page["context"]["id"]))["entries"]
        (show,) = [each for each in commands if each["invocation"] == "show"]
        command = {"command_id": show["commandId"], "path": ["show"], "schema_fingerprint": show["schemaFingerprint"]}
        assert _act(base, key, page, 1, command)["modal"]["payload"]["title"] == "Who is this?"
        posted = next(each for each in page["messages"].values() if "Guess who!" in each["content"])
        asked = {"command_id": "0", "path": ["Who is this?"], "app": "Who is this?", "target_id": posted["id"]}
        after = _act(base, key, page, 2, asked)
        assert "**1** " in after["messages"][after["timeline"][-1]]["content"]
        assert b'for (const name of ["Who is this?"' in _get(base, "/messages.js")

        workers = psutil.Process(demo.pid).children(recursive=True)
        assert workers
        demo.send_signal(signal.SIGTERM)
        assert demo.wait() == 0
        assert psutil.wait_procs(workers)[1] == []


def _act(base: str, key: str, page: dict[str, Any], number: int, command: dict[str, Any]) -> dict[str, Any]:
    """Use a command on the page; gives what it shows then."""
    context = page["context"]
    now = json.loads(_get(base, "/api/state", key=key, context=context["id"]))
    envelope = {
        "protocol_version": 3,
        "sequence": number,
        "request_id": str(number),
        "generation": context["generation"],
        "bot_generation": now["botGeneration"],
        "published_revision": now["publishedRevision"],
        "kind": "run_command",
        "options": {},
    }
    done = json.loads(
        _get(base, "/api/action", key=key, context=context["id"], data=json.dumps(envelope | command).encode())
    )
    assert not done["rejected"], done
    return json.loads(_get(base, "/api/state", key=key, context=context["id"]))


def _get(base: str, path: str, *, key: str = "", context: str = "", data: bytes | None = None, **headers: str) -> bytes:
    mine = {"X-Simcord-Capability": key, "X-Simcord-Context": context, "Content-Type": "application/json"}
    request = urllib.request.Request(base + path, data=data, headers=mine | headers)
    with urllib.request.urlopen(request) as response:
        return response.read()


@asynccontextmanager
async def visited(home: Path) -> AsyncGenerator[World]:
    """The demo's world, with the cog for visitors, and Ann posting pictures of her own."""
    settings = load_settings(home=home)
    async with opened(settings) as world:
        await world.bot.add_cog(Visitors(world.bot, Album(world, gallery(settings)).post))
        await world.you.send(world.channel, "!watch")
        await world.you.send(world.channel, "!welcome")
        yield world


async def test_a_visitor_uploads_a_picture_and_finds_the_reactions_ready(demo_home: Path) -> None:
    async with visited(demo_home) as world:
        form = await world.you.click(world.last(), label="Show me a picture")
        await world.you.submit_modal(form, {"picture": ("mine.png", png(KNOWN[0], KNOWN[1], seed=20))})
        reply = world.last()
    assert KNOWN[0].name in reply.content
    assert [str(reaction.emoji) for reaction in reply.reactions] == ["✅", "❌", "🚫", "1️⃣", "2️⃣"]


async def test_an_uploaded_file_that_is_no_picture_is_answered_in_words(demo_home: Path) -> None:
    async with visited(demo_home) as world:
        form = await world.you.click(world.last(), label="Show me a picture")
        answer = await world.you.submit_modal(form, {"picture": ("mine.png", b"%PDF-1.7")})
        assert answer.response is not None
        assert "I only read pictures" in answer.response.content


async def test_ann_posts_a_picture_when_asked_to(demo_home: Path) -> None:
    gallery(load_settings(home=demo_home)).path(NEW[0], 0).write_bytes(png(NEW[0], seed=0))
    async with visited(demo_home) as world:
        await world.you.click(world.last(), label=f"Ann posts {NEW[0].name}")
        assert "someone I don't know" in world.last().content


async def test_ann_agrees_by_herself_that_her_pictures_are_kept(demo_home: Path) -> None:
    async with visited(demo_home) as world:
        company = asyncio.create_task(agree(world))
        await world.ann.send(world.channel, attachments=[("p.png", png(KNOWN[0], seed=21))])
        await world.you.react(world.last(), "✅")
        assert "may I keep" in world.last().content
        while "Thank you!" not in world.last().content:  # noqa: ASYNC110  she takes a moment to read the question
            await asyncio.sleep(0.1)
        company.cancel()


async def test_what_was_taught_is_there_the_next_time_and_old_answers_are_not_mixed_up(demo_home: Path) -> None:
    settings = load_settings(home=demo_home)
    replies = set[int]()
    for name in ("Aoi", "Midori"):
        async with opened(settings) as world:
            await world.you.send(world.channel, "!watch")
            await world.ann.send(world.channel, attachments=[("p.png", png(NEW[0], seed=22))])
            reply = world.last()
            assert reply.content == "**1** someone I don't know"
            assert reply.id not in replies
            replies.add(reply.id)
            await world.you.send(world.channel, f"it's {name}", reply_to=reply)
            await world.ann.send(world.channel, attachments=[("p.png", png(NEW[0], seed=23))])
            question = await world.you.click(world.last(), label="Correct…")
            assert question.response is not None
            offered = [option["value"] for option in question.response.components[0]["components"][0]["options"]]
            assert NAME + "Aoi" in offered


def test_all_thirty_pictures_of_a_character_are_different(tmp_path: Path) -> None:
    album = Gallery(tmp_path)
    asyncio.run(album.fill([NEW[1]], range(EACH)))
    pictures = {album.path(NEW[1], seed).read_bytes() for seed in range(EACH)}
    assert len(pictures) == EACH
