"""The log: one line for each thing, with what it is about, and none that somebody else could have written."""

import asyncio
import io
import json
import logging
import re
import subprocess
import sys
from collections.abc import Generator

import pytest

from bot import logs

BEGINS = re.compile(r"\d{4}-\d\d-\d\d ")


@pytest.fixture
def written() -> Generator[io.StringIO]:
    """Where the log goes; afterwards logging is as it was."""
    root, names = logging.getLogger(), ("bot", "ml", "alembic", "aiohttp.access")
    before = (root.handlers[:], root.level, [logging.getLogger(name).level for name in names])
    yield io.StringIO()
    root.handlers[:], level, levels = before
    root.setLevel(level)
    for name, each in zip(names, levels, strict=True):
        logging.getLogger(name).setLevel(each)


def test_no_name_begins_a_line_or_moves_the_cursor(written: io.StringIO) -> None:
    logs.begin(to=written)
    evil = "Riko\n2026-11-28 09:00:00 ERROR bot.client: all is lost\r\x1b[2J\u202e\u2028\x85"
    logging.getLogger("bot.anything").info("A name: %s", evil)
    logging.getLogger("discord.client").error("Of a library", exc_info=ValueError(evil))
    lines = written.getvalue().splitlines()
    assert [line for line in lines if BEGINS.match(line)] == [lines[0], lines[2]]
    assert lines[0].endswith("INFO bot.anything: A name: Riko")
    assert lines[1] == "    2026-11-28 09:00:00 ERROR bot.client: all is lost\\r\\x1b[2J\\u202e\\u2028\\x85"
    assert "ERROR discord.client: Of a library" in lines[2]
    assert all(line.startswith("    ") for line in lines[3:])
    assert lines[3].startswith("    ValueError: Riko")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of a known size are Linux's")
def test_a_bot_goes_on_though_nobody_reads_its_log_and_says_how_much_was_lost() -> None:
    code = (
        "import logging\nfrom bot import logs\nlogs._HELD = 100\nlogs.begin(waiting=False)\n"
        "log = logging.getLogger('bot')\n"
        "for number in range(5000): log.info('line %d', number)\n"
        "print('still here', flush=True)\ninput()\nlogging.getLogger().handlers[-1].flush()\nlog.info('the end')\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as bot:
        assert bot.stdin is not None
        assert bot.stdout is not None
        assert bot.stdout.readline() == "still here\n"
        _, log = bot.communicate("\n")
    written = [int(number) for number in re.findall("line ([0-9]+)$", log, re.MULTILINE)]
    lost = [int(number) for number in re.findall("WARNING bot.logs: ([0-9]+) lines of the log were lost", log)]
    assert written == sorted(set(written))
    assert sum(lost) == 5000 - len(written) > 0
    assert log.endswith("INFO bot: the end\n")


async def test_json_is_an_object_a_line_with_what_it_is_about_in_tasks_that_follow(written: io.StringIO) -> None:
    logs.begin(form="json", to=written)

    async def later() -> None:
        logging.getLogger("discord.http").warning("later\n%s", "梨子")

    async def one(number: int) -> None:
        logs.about(picture=number, message=None)
        await asyncio.create_task(later())

    await asyncio.gather(*(asyncio.create_task(one(number)) for number in (1, 2)))
    logging.getLogger("bot").info("of no picture")
    said = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [line.get("picture") for line in said] == [1, 2, None]
    assert all("message" not in line for line in said)
    assert (said[0]["event"], said[0]["level"], said[0]["logger"]) == ("later\n梨子", "warning", "discord.http")
    assert said[0]["timestamp"].endswith("Z")


def test_debug_is_ours_alone_and_beginning_again_doubles_nothing(written: io.StringIO) -> None:
    logs.begin(level="error", to=io.StringIO())
    logs.begin(level="debug", to=written)
    logging.getLogger("bot.whois").debug("each step")
    logging.getLogger("discord.gateway").debug("everybody's words")
    logging.getLogger("alembic").info("a migration")
    assert [line.split(": ")[-1] for line in written.getvalue().splitlines()] == ["each step"]
