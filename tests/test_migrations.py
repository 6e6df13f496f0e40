"""The database comes to the schema that the code expects, from any earlier one, and back."""

import logging
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import IntegrityError

from bot.database import Base, migrate, rebuilding
from bot.database.errors import DatabaseBusy, NewerDatabase, UnusableDatabase
from bot.database.migrate import configure, upgrade
from bot.database.rules import TRUSTED
from bot.database.schema import MIGRATIONS
from bot.database.stores.sqlite import database_path
from tests import databases

AT = "'2026-11-23 09:00:00'"
ROWS = f"""
INSERT INTO pictures (guild_id, source, poster_id, declined, created_at) VALUES (1, 'discord', 2, false, {AT});
INSERT INTO faces (picture_id, number, x, y, w, h, angle, score, name, confidence, candidates)
    VALUES (1, 1, 0, 0, 9, 9, 0.0, 1.0, 'Riko', 0.9, '[]');
INSERT INTO characters (guild_id, name, folded, created_at) VALUES (1, 'Riko', 'riko', {AT});
INSERT INTO corrections (face_id, kind, user_id, moderator, via, character_id, at)
    VALUES (1, 'right', 3, true, 'button', 1, {AT});
INSERT INTO corrections (face_id, kind, user_id, moderator, via, undoes, at)
    VALUES (1, 'undo', 3, true, 'button', 1, {AT});
INSERT INTO conducts (guild_id, user_id, wrong, "right") VALUES (1, 3, 1, 0);
INSERT INTO words (id, face_id, picture_id, at, against, trusted, upheld, overruled, heard)
    VALUES (1, 1, 1, {AT}, false, false, false, false, true);
INSERT INTO samples (face_id, held_out, picture_hash, embedder, embedding, crop, created_at)
    VALUES (1, false, '{"0" * 64}', 'e1', BYTES, BYTES, {AT});
INSERT INTO consents (user_id, answer, at) VALUES (2, 'yes', {AT});
INSERT INTO watched_channels (channel_id, guild_id, added_by, at) VALUES (5, 1, 3, {AT});
INSERT INTO suspects (guild_id, face_id, name, looks_like, at) VALUES (1, 1, 'Riko', 'Maki', {AT});
INSERT INTO version_events (guild_id, kind, number, via, user_id, at) VALUES (1, 'published', 1, 'chat', 3, {AT});
INSERT INTO character_changes (guild_id, kind, name, other, user_id, at) VALUES (1, 'alias', 'Riko', 'Rin', 3, {AT});
INSERT INTO character_changes (guild_id, kind, user_id, undoes, at) VALUES (1, 'undo', 3, 1, {AT});
INSERT INTO spellings (change_id, folded, name, character_id, shown) VALUES (1, 'rin', 'Rin', 1, false);
INSERT INTO guild_settings (guild_id, quorum, moderator_roles, reports) VALUES (1, 3, '[7]', 5);
INSERT INTO named_helpers (guild_id, user_id) VALUES (1, 3);
INSERT INTO departures (guild_id, at) VALUES (1, {AT});
INSERT INTO reviews (face_id, skipped_at, apart) VALUES (1, {AT}, false);
"""
NEWEST = max(file.stem for file in (MIGRATIONS / "versions").glob("0*.py"))[:4]
NEXT = '''
"""Something later."""
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "0900", "{head}", None, None
def upgrade() -> None:
    with op.batch_alter_table("pictures", recreate="{recreate}") as table:
        table.add_column(sa.Column("mood", sa.String(), server_default="calm", nullable=False))
{more}
'''


def fill(home: Path) -> None:
    """Put a row into each table."""
    blob = "x'00'" if databases.kind == "sqlite" else "'\\x00'"
    with databases.connected(home) as connection:
        for statement in ROWS.replace("BYTES", blob).split(";\n")[:-1]:
            connection.exec_driver_sql(statement)


def counts(home: Path) -> dict[str, int]:
    with databases.opened(home) as connection:
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in Base.metadata.tables
        }


def triggers(home: Path) -> set[str]:
    """The triggers that there are, with what belongs to them alone."""
    sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    postgres = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal UNION "
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    )
    with databases.opened(home) as connection:
        return {name for (name,) in connection.execute(sqlite if databases.kind == "sqlite" else postgres)}


def next_migration(tomorrow: Path, *, more: str = "") -> None:
    """Add one; SQLite's changes a table by copying it."""
    how = "always" if databases.kind == "sqlite" else "never"
    text = NEXT.format(head=NEWEST, more=more, recreate=how)
    (tomorrow / "migrations/versions/0900_mood.py").write_text(text)


def shape(connection: Connection) -> dict[str, Any]:
    """All that SQLAlchemy can tell of the tables of a database, but Alembic's own."""
    about = inspect(connection)

    def by_name(things: Any) -> list[Any]:
        return sorted((str(sorted(thing.items(), key=str)) for thing in things), key=str)

    def indexes(table: str) -> list[str]:
        if databases.kind == "postgres":
            return by_name(about.get_indexes(table))
        found = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?", (table,)
        )
        return sorted(" ".join(sql.split()) for (sql,) in found if sql)

    return {
        table: {
            "columns": by_name(about.get_columns(table)),
            "primary key": about.get_pk_constraint(table),
            "foreign keys": by_name(about.get_foreign_keys(table)),
            "unique": by_name(about.get_unique_constraints(table)),
            "checks": by_name(about.get_check_constraints(table)),
            "indexes": indexes(table),
            "options": about.get_table_options(table),
        }
        for table in about.get_table_names()
        if table not in {"alembic_version", "sqlite_sequence"}
    }


def test_the_migrations_make_the_tables_that_the_code_describes(tmp_path: Path) -> None:
    upgrade(databases.store(tmp_path))
    (tmp_path / "described").mkdir()
    with databases.connected(tmp_path) as migrated, databases.connected(tmp_path / "described") as described:
        assert compare_metadata(MigrationContext.configure(migrated), Base.metadata) == []
        Base.metadata.create_all(described)
        assert shape(migrated) == shape(described)
        assert set(shape(migrated)) == set(Base.metadata.tables)


def test_a_filled_database_goes_down_and_up_again(tmp_path: Path) -> None:
    upgrade(databases.store(tmp_path))
    fill(tmp_path)
    assert all(counts(tmp_path).values())
    with databases.connected(tmp_path) as connection:
        first = shape(connection)
        command.downgrade(configure(connection), "base")
        assert shape(connection) == {}
    assert triggers(tmp_path) == set()
    upgrade(databases.store(tmp_path))
    with databases.connected(tmp_path) as connection:
        assert shape(connection) == first
    fill(tmp_path)
    with databases.connected(tmp_path) as connection:
        assert databases.store(tmp_path).broken_reference(connection) is None


def test_every_migration_can_be_undone_and_loses_no_row_of_what_was_there_before(tmp_path: Path) -> None:
    upgrade(databases.store(tmp_path))
    fill(tmp_path)
    with databases.opened(tmp_path) as connection:
        connection.execute("UPDATE watched_channels SET added_by = NULL")
    before = counts(tmp_path)
    with databases.connected(tmp_path) as connection:
        command.downgrade(configure(connection), "0001")
        first = set(shape(connection))
    assert first < set(before)
    with databases.opened(tmp_path) as connection:
        for table in first:
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (before[table],), table
        assert connection.execute("SELECT added_by FROM watched_channels").fetchone() == (0,)
    upgrade(databases.store(tmp_path))
    after = counts(tmp_path)
    assert {table: after[table] for table in first} == {table: before[table] for table in first}


def test_what_was_said_before_there_were_tables_for_it_is_in_them_afterwards(tmp_path: Path) -> None:
    upgrade(databases.store(tmp_path))
    fill(tmp_path)
    with databases.opened(tmp_path) as connection:
        connection.execute(
            "INSERT INTO corrections (face_id, kind, user_id, moderator, via, character_id, at) "
            f"VALUES (1, 'name', 3, true, 'button', 1, {AT})"
        )
    with databases.connected(tmp_path) as connection:
        command.downgrade(configure(connection), "0011")
    upgrade(databases.store(tmp_path))
    with databases.opened(tmp_path) as connection:
        assert connection.execute("SELECT count(*) FROM stale").fetchone() == (0,)
        assert connection.execute("SELECT id, user_id, upheld FROM words").fetchall() == [(3, 3, 1)]
        judged = connection.execute("SELECT face_id, guild_id, guess, kept, character_id, voices FROM judgements")
        assert judged.fetchall() == [(1, 1, "Riko", "training", 1, TRUSTED)]
    assert rebuilding.differing(databases.store(tmp_path)) == 0
    with databases.opened(tmp_path) as connection:
        connection.execute("UPDATE judgements SET voices = 1")
        connection.execute("DELETE FROM words")
    assert rebuilding.differing(databases.store(tmp_path)) == 2
    rebuilding.rebuild(databases.store(tmp_path))
    assert rebuilding.differing(databases.store(tmp_path)) == 0


def test_the_ledger_is_guarded(tmp_path: Path) -> None:
    upgrade(databases.store(tmp_path))
    fill(tmp_path)
    assert "corrections_never_change" in triggers(tmp_path)
    assert databases.kind == "postgres" or "corrections_never_replaced" in triggers(tmp_path)
    with pytest.raises(IntegrityError, match="never changed"), databases.connected(tmp_path) as connection:
        connection.exec_driver_sql("UPDATE corrections SET moderator = false")


def test_a_face_takes_all_that_hangs_on_it_along(tmp_path: Path) -> None:
    upgrade(databases.store(tmp_path))
    fill(tmp_path)
    with databases.opened(tmp_path) as connection:
        connection.execute("DELETE FROM pictures")
    left = {table for table, rows in counts(tmp_path).items() if rows}
    assert left == {
        "character_changes",
        "characters",
        "conducts",
        "consents",
        "departures",
        "guild_settings",
        "moved",
        "moved_characters",
        "named_helpers",
        "spellings",
        "stale",
        "version_events",
        "watched_channels",
        "words",
    }


def test_upgrading_again_does_nothing(tmp_path: Path) -> None:
    store = databases.store(tmp_path / "a" / "new home")
    upgrade(store)
    before = database_path(store.home).read_bytes() if databases.kind == "sqlite" else b""
    assert upgrade(store) is None
    assert databases.kind == "postgres" or database_path(store.home).read_bytes() == before


def test_processes_that_start_at_once_take_turns(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from bot.config import load_settings; from bot.database import stores\n"
        "from bot.database.migrate import upgrade\n"
        "for home in sys.argv[1:]:\n"
        "    print('ready', flush=True); sys.stdin.readline(); upgrade(stores.of(load_settings(home=Path(home))))"
    )
    homes = [tmp_path / str(number) for number in range(8)]  # a single time seldom meets the moment that matters
    for home in homes:
        home.mkdir()
        (home / "config.toml").write_text(databases.configuration(home))
    bots = [
        subprocess.Popen(
            [sys.executable, "-c", code, *map(str, homes)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    for _ in homes:
        for bot in bots:
            assert bot.stdout is not None
            assert bot.stdout.readline() == "ready\n"
        for bot in bots:
            assert bot.stdin is not None
            bot.stdin.write("go\n")
            bot.stdin.flush()
    for bot in bots:
        bot.communicate()
    assert [bot.returncode for bot in bots] == [0, 0, 0]
    for home in homes:
        with databases.opened(home) as connection:
            assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(NEWEST,)]


def test_a_database_that_stays_locked_is_said_to_be_busy(tmp_path: Path) -> None:
    upgrade(databases.store(tmp_path))
    with databases.store(tmp_path).alone(patience=10), pytest.raises(DatabaseBusy):
        upgrade(databases.store(tmp_path), patience=0.1)


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    upgrade(databases.store(tmp_path))
    with databases.opened(tmp_path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
    with pytest.raises(NewerDatabase, match=r"0999.*Update Koredare"):
        upgrade(databases.store(tmp_path))
    with databases.opened(tmp_path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0999",)]


@pytest.mark.sqlite_only
def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    database_path(tmp_path).write_bytes(b"a picture of Riko" * 100)
    with pytest.raises(UnusableDatabase, match="file is not a database"):
        upgrade(databases.store(tmp_path))
    assert database_path(tmp_path).read_bytes() == b"a picture of Riko" * 100


def test_migrating_leaves_logging_alone(tmp_path: Path) -> None:
    before = (logging.root.handlers[:], logging.root.level, logging.getLogger("discord").disabled)
    upgrade(databases.store(tmp_path))
    assert (logging.root.handlers, logging.root.level, logging.getLogger("discord").disabled) == before


@pytest.fixture
def tomorrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A filled database of today, and a folder of migrations to which tomorrow's can be added."""
    home = tmp_path / "home"
    upgrade(databases.store(home))
    fill(home)
    rebuilding.rebuild(databases.store(home))
    shutil.copytree(MIGRATIONS, tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrate, "MIGRATIONS", tmp_path / "migrations")
    return tmp_path


def test_a_filled_database_is_copied_and_loses_nothing(tomorrow: Path) -> None:
    next_migration(tomorrow)
    home = tomorrow / "home"
    (home / "koredare.before-0000.db").touch()
    before = counts(home)
    copy = upgrade(databases.store(home))
    assert counts(home) == before
    with databases.opened(home) as new:
        assert new.execute("SELECT mood FROM pictures").fetchall() == [("calm",)]
    if databases.kind == "postgres":
        assert copy is None
        return
    assert copy is not None
    assert copy == home / "koredare.before-0900.db"
    assert list(home.glob("koredare.before-*")) == [copy]
    with closing(sqlite3.connect(copy)) as old:
        assert old.execute("SELECT version_num FROM alembic_version").fetchall() == [(NEWEST,)]
        assert old.execute("SELECT count(*) FROM corrections").fetchone() == (2,)


@pytest.mark.parametrize(
    "mishap", ["    raise ZeroDivisionError", "    op.execute('DELETE FROM characters')", "    op.execute('nonsense')"]
)
def test_a_migration_that_goes_wrong_changes_nothing(tomorrow: Path, mishap: str) -> None:
    next_migration(tomorrow, more=mishap)
    home = tomorrow / "home"
    before = counts(home)
    with pytest.raises((ZeroDivisionError, UnusableDatabase)):
        upgrade(databases.store(home))
    assert counts(home) == before
    with databases.opened(home) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(NEWEST,)]
    with databases.connected(home) as connection:
        assert "mood" not in [column["name"] for column in inspect(connection).get_columns("pictures")]
