"""What a picture and a correction ask of the database finds its rows, however many there are."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot.database import Database
from ml.painting import CAST
from tests import databases
from tests.conftest import KNOWN, png
from tests.e2e.conftest import Discord

GROWS = ("pictures", "faces", "corrections", "samples", "words", "conducts", "judgements")
SCAN = re.compile(
    rf"SCAN (?:{'|'.join(GROWS)})(?:_\d+)?\b(?!.* ix_samples_waiting)|"  # that index is of few rows
    rf"(?:-> +)?Seq Scan on (?:{'|'.join(GROWS)})\b"
)


@contextmanager
def listening(database: Database) -> Generator[dict[str, Any]]:
    """All statements that the bot makes, with an example of their values."""
    heard: dict[str, Any] = {}

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        heard.setdefault(statement, values[0] if many and isinstance(values, list) else values)

    found = dict[str, Any]()
    engines = [database._readers.sync_engine, database._writer.sync_engine]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
        found |= {statement: values for statement, values in heard.items() if not statement.startswith("PRAGMA")}


def plans(home: Path, statements: dict[str, Any]) -> dict[str, list[str]]:
    """How the database goes about each statement; PostgreSQL, as it would if there were millions of rows."""
    explain = "EXPLAIN QUERY PLAN" if databases.kind == "sqlite" else "EXPLAIN (COSTS OFF)"
    with databases.opened(home) as connection:
        if databases.kind == "postgres":
            connection.execute("SET enable_seqscan = off")
        return {
            statement: [str(row[-1]).strip() for row in connection.execute(f"{explain} {statement}", values)]
            for statement, values in statements.items()
            if statement.split()[0] in {"SELECT", "WITH", "INSERT", "UPDATE", "DELETE"}
            and "pg_advisory" not in statement
        }


async def test_no_picture_and_no_correction_goes_through_all_that_there_ever_was(club: Discord) -> None:
    first = await club.post(club.ann, png(KNOWN[0], seed=61))
    with listening(club.bot.database) as of_agreeing:
        await club.mod.react(first, "✅")
        await club.agree(club.ann)
    # The first picture after something was said does read all that is learned from; no other one does.
    await club.post(club.ben, png(KNOWN[0], seed=62))
    with listening(club.bot.database) as of_answering:
        reply = await club.post(club.ann, png(KNOWN[0], CAST[6], seed=72))
    with listening(club.bot.database) as of_correcting:
        await club.ben.react(reply, "❌")
        await club.ben.react(reply, "1️⃣")
        await club.mod.select(club.last(), [f"name:{KNOWN[2].name}"])
        await club.mod.send(club.pictures, f"2 is {KNOWN[3].name}", reply_to=reply)
    answering, correcting = plans(club.home, of_answering), plans(club.home, of_agreeing | of_correcting)
    for statement, steps in (answering | correcting).items():
        assert not [step for step in steps if SCAN.match(step)], statement
    assert any("INTO corrections" in statement for statement in correcting)
    if databases.kind == "postgres":  # which of two indexes it takes depends on how many rows there are
        return
    for statement, steps in answering.items():  # nor through all of the guild
        assert not [step for step in steps if "ix_pictures_guild_id" in step], statement
    assert any("ix_pictures_attachment_id" in step for steps in answering.values() for step in steps)
    assert any("ix_samples_waiting" in step for steps in answering.values() for step in steps)


async def test_no_page_goes_through_all_that_there_ever_was(club: Discord) -> None:
    reply = await club.post(club.ann, png(KNOWN[0], seed=61))
    await club.mod.send(club.pictures, f"1 is {KNOWN[1].name}", reply_to=reply)
    await club.mod.send(club.pictures, f'!character merge "{KNOWN[2].name}" "{KNOWN[3].name}"')
    with listening(club.bot.database) as heard:
        for page in ("!characters", f"!whois {KNOWN[1].name}", "!stats", "!review", "!suspects"):
            await club.mod.send(club.pictures, page)
        await club.mod.send(club.pictures, "!character undo")
    of_each = plans(club.home, heard)
    for statement, steps in of_each.items():
        assert not [step for step in steps if SCAN.match(step)], statement
    if databases.kind == "postgres":  # which of two indexes it takes depends on how many rows there are
        return
    for index in ("ix_judgements_known", "ix_judgements_open", "ix_judgements_guessed"):
        assert any(index in step for steps in of_each.values() for step in steps), index


def test_going_through_a_table_is_noticed(tmp_path: Path) -> None:
    databases.migrated(tmp_path)
    asked = "SELECT faces_1.id FROM faces AS faces_1 WHERE faces_1.same_as = 1"
    step, *_ = plans(tmp_path, {asked: ()})[asked]
    assert SCAN.match(step)
