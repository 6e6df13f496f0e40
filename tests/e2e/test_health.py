"""How the bot is, over a real socket: for a watchdog, for Prometheus, and for nobody's page."""

import asyncio
import json
import logging
import re
import socket
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.health import __main__ as health
from tests.conftest import KNOWN, png
from tests.e2e.conftest import Discord, furnish, running

DEPLOY = Path(__file__).parents[2] / "docs" / "deploy"
LISTENING = '[health]\nlisten = "127.0.0.1:0"\n'


@pytest.fixture
def more() -> str:
    """The bot can be asked how it is."""
    return LISTENING


def port(club: Discord) -> int:
    cog: Any = club.bot.get_cog("Health")
    return cog.port


async def ask(club: Discord, page: str, *, host: str | None = None) -> tuple[int, str]:
    headers = {} if host is None else {"Host": host}
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port(club)}{page}", headers=headers) as response,
    ):
        return response.status, await response.text()


async def figures(club: Discord) -> dict[str, float]:
    status, text = await ask(club, "/metrics")
    assert status == 200
    return {
        sample.name + "".join(f" {label}" for label in sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_whoever_watches_the_bot_sees_what_it_did_and_whether_it_answers(club: Discord) -> None:
    assert await ask(club, "/healthz") == (
        200,
        '{"status": "ok", "version": "0.1.0", "ailing": [], "shards": [0], "of": 1, "schedule": true}',
    )
    before = await figures(club)
    reply = await club.post(club.ann, png(KNOWN[0], seed=54))
    await club.mod.react(reply, "✅")
    await club.post(club.ann, b"no picture at all")
    await club.mod.send(club.pictures, "!whois", attachments=[("p.png", b"no picture at all")])
    logging.getLogger("anything").error("Something went wrong.")
    after = await figures(club)
    assert {
        name: after[name] - before[name] for name in before if name in after and name.startswith("koredare_answ")
    } == {
        "koredare_answers_total answered": 1,
        "koredare_answers_total refused": 2,
        "koredare_answers_total failed": 0,
        **{name: 0 for name in before if name.startswith("koredare_answers_created")},
    }
    for stage in ("answer", "recognise", "reply", "store"):
        name = f"koredare_stage_seconds_count {stage}"
        assert after[name] > before[name], stage
        assert after[f"koredare_under_way {stage}"] == 0
    assert after["koredare_corrections_total"] == before["koredare_corrections_total"] + 1
    assert after["koredare_log_lines_total error"] == before["koredare_log_lines_total error"] + 1
    assert after["koredare_workers_started_total"] >= 1
    assert after["koredare_version_events_total published"] == 1
    assert after["koredare_last_retraining_timestamp_seconds"] > 0
    ours = ("shards", "shard_connected 0", "schedule")
    for name in ("ready", "gateway_connected", "database_up", "servers", "model_version", "info 0.1.0", *ours):
        assert after[f"koredare_{name}"] == 1, name
    assert after["koredare_database_bytes database"] > 0
    assert [after[f"koredare_queue_pictures {state}"] for state in ("waiting", "looked_at")] == [0, 0]
    assert after["koredare_queue_bytes"] == after["koredare_queue_turned_away_total refused"] == 0

    named = (DEPLOY / "dashboard.json").read_text() + (DEPLOY / "alerts.yml").read_text()
    exprs = re.findall(r'expr"?: (.*)', named)
    there = {name.split(" ")[0] for name in after}
    mentioned = set(re.findall(r"\b(?:koredare|process)_[a-z_]+", " ".join(exprs)))
    assert len(mentioned) > 15
    assert mentioned - there - {"koredare_gateway_latency_seconds"} == set()  # simcord's gateway has none
    rules = yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"][0]["rules"]
    assert len({rule["alert"] for rule in rules}) == 5
    assert {panel["type"] for panel in json.loads((DEPLOY / "dashboard.json").read_text())["panels"]} <= {
        "timeseries",
        "stat",
    }


async def test_what_ails_the_bot_is_said_also_to_its_container(
    club: Discord, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = club.home / "config.toml"
    config.write_text(f'[health]\nlisten = "127.0.0.1:{port(club)}"\n')
    monkeypatch.setenv("KOREDARE_HOME", str(club.home))
    club.bot.dispatch("shard_disconnect", 0)
    await club.env.settle()
    status, text = await ask(club, "/healthz")
    assert (status, json.loads(text)["ailing"]) == (503, ["the gateway is down"])
    assert await asyncio.to_thread(health.main) == 1
    assert "the gateway is down" in capsys.readouterr().out
    after = await figures(club)
    assert after["koredare_gateway_connected"] == after["koredare_shard_connected 0"] == 0
    club.bot.dispatch("shard_resumed", 0)
    await club.env.settle()
    assert (await ask(club, "/healthz"))[0] == 200
    assert await asyncio.to_thread(health.main) == 0
    config.write_text('[health]\nlisten = "127.0.0.1:1"\n')
    assert health.main() == 1
    assert "refused" in capsys.readouterr().out
    config.write_text("")
    assert health.main() == 0
    assert "nobody to ask" in capsys.readouterr().out


async def test_only_who_asks_for_this_machine_is_answered(club: Discord) -> None:
    for host in ("127.0.0.1:8080", "localhost", "[::1]:80", "koredare:8080"):
        assert (await ask(club, "/healthz", host=host))[0] == 200, host
    for host in ("evil.example", "evil.example:8080", "127.0.0.1.evil.example", "[::1].evil.example"):
        assert (await ask(club, "/metrics", host=host))[0] == 403, host
    assert (await ask(club, "/"))[0] == 404


async def test_who_asks_in_no_http_or_asks_nothing_takes_nothing_from_the_bot(
    club: Discord, caplog: pytest.LogCaptureFixture
) -> None:
    silent = [await asyncio.open_connection("127.0.0.1", port(club)) for _ in range(100)]
    for asked in (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n", b"\x16\x03\x01\0\0", b"GET / HTTP/1.1\r\n\r\n"):
        reader, writer = await asyncio.open_connection("127.0.0.1", port(club))
        writer.write(asked)
        assert b"400 Bad Request" in await reader.readline()
        writer.close()
    assert (await ask(club, "/healthz"))[0] == 200
    assert await silent[0][0].read() == b""  # of so many that ask nothing the first are closed
    assert "Error handling request" not in caplog.text
    for _, writer in silent:
        writer.close()


async def test_a_port_that_is_taken_keeps_the_bot_from_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        async with running(tmp_path, more=f'[health]\nlisten = "127.0.0.1:{taken.getsockname()[1]}"\n') as env:
            assert "Nobody can ask how I am on 127.0.0.1" in caplog.text
            assert "another process listens there; choose another address" in caplog.text
            club = await furnish(env, tmp_path)
            assert "I answer every picture" in club.last().content
