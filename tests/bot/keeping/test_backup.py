"""All that a data folder knows goes into one file while the bot runs, and comes back whole, or not at all."""

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock, Timeout

from bot import disk
from bot.config import load_settings
from bot.database import homes, schema
from bot.database.stores import SqliteFile, Store
from bot.database.stores.sqlite import database_path
from bot.keeping import backup, restoring
from bot.keeping.backup import back_up
from bot.keeping.contents import LISTED, BackupError
from ml import files
from ml.errors import KoredareError
from ml.versions.registry import Registry
from tests.conftest import KNOWN, koredare, png

FIRST = Path(__file__).parent / "first_release.sql"
TOKEN = "a.secret-token"
CONFIG = f"""
[discord]  # ours
prefix = "?"
token = "{TOKEN}"  # of the club
"""


def held(home: Path) -> dict[str, Any]:
    """What a data folder knows: the rows of its database, its models' files, its configuration."""
    schema.ensure(SqliteFile(home))
    with closing(sqlite3.connect(database_path(home))) as database:
        rows = sorted(database.iterdump())
    files = [path for path in (home / "models").rglob("*") if path.is_file() and not path.name.startswith(".")]
    config = home / "config.toml"
    return {
        "rows": rows,
        "models": {path.relative_to(home).as_posix(): path.read_bytes() for path in files},
        "config": config.read_text() if config.exists() else None,
    }


def say(home: Path, user: int) -> None:
    """Somebody finds the first face right."""
    with closing(sqlite3.connect(database_path(home))) as database, database:
        database.execute(
            "INSERT INTO corrections (face_id, kind, user_id, moderator, via, character_id, at) "
            "VALUES (1, 'right', ?, 0, 'button', 1, '2026-11-28 09:00:00.000000')",
            (user,),
        )


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A data folder of the first release."""
    home = tmp_path / "first"
    home.mkdir()
    with closing(sqlite3.connect(database_path(home))) as database:
        database.executescript(FIRST.read_text(encoding="utf-8"))
    return home


def test_a_backup_made_while_the_bot_writes_is_restored_elsewhere_and_names_the_same_faces(
    trained_home: Path, tmp_path: Path
) -> None:
    (trained_home / "config.toml").write_text(CONFIG)
    file, there, picture = tmp_path / "backup.zip", tmp_path / "there", tmp_path / "her.png"
    picture.write_bytes(png(KNOWN[0], seed=55))
    with closing(sqlite3.connect(database_path(trained_home), isolation_level=None)) as bot, homes.using(trained_home):
        bot.execute("PRAGMA journal_mode = WAL")
        names = [name for (name,) in bot.execute("SELECT name FROM characters ORDER BY id")]
        bot.execute("UPDATE characters SET name = 'in the log' WHERE id = 1")
        bot.execute("BEGIN IMMEDIATE")
        bot.execute("UPDATE characters SET name = 'not yet said' WHERE id = 2")
        done = koredare("backup", file, home=trained_home)
        assert done.returncode == 0, done.stderr
        assert "1 model versions" in done.stdout
        assert "restored on trial, it is whole" in done.stdout
        assert f"{file} exists already" in koredare("backup", file, home=trained_home).stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 or os.name == "nt"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert not any(TOKEN.encode() in archive.read(name) for name in archive.namelist())

    done = koredare("restore", file, home=there)
    assert done.returncode == 0, done.stderr
    assert "without the token" in done.stdout
    assert 'prefix = "?"' in (there / "config.toml").read_text()
    with closing(sqlite3.connect(database_path(there))) as database:
        there_too = [name for (name,) in database.execute("SELECT name FROM characters ORDER BY id")]
    assert there_too == ["in the log", *names[1:]]
    told = koredare("doctor", "--deep", home=there).stdout
    assert "the database is whole" in told
    assert "faces that are kept can be learned from" in told
    assert {line for line in told.splitlines() if line.startswith("MEND")} <= {
        line for line in told.splitlines() if "token" in line or "MB left" in line
    }
    (answer,) = koredare("whois", picture, "--json", home=there).stdout.splitlines()
    assert json.loads(answer)["model"] == "v1"
    assert json.loads(answer)["faces"][0]["name"] == KNOWN[0].name


def test_what_was_there_is_put_aside_and_a_configuration_stays(first: Path, tmp_path: Path) -> None:
    file = back_up(load_settings(home=first), tmp_path / "backup.zip").file
    say(first, 75)
    (first / "config.toml").write_text(CONFIG)
    (first / "models" / "41").mkdir(parents=True)
    (first / "models" / "41" / "active").write_text("v1\n")
    done = koredare("restore", file, home=first)
    assert done.returncode == 0, done.stderr
    (aside,) = first.glob("before-restore-*")
    assert str(aside) in done.stdout
    assert (aside / "models" / "41" / "active").read_text() == "v1\n"
    assert not (first / "models").exists()
    assert (first / "config.toml").read_text() == CONFIG
    for home, users in ((first, []), (aside, [(75,)])):
        with closing(sqlite3.connect(database_path(home))) as database:
            assert database.execute("SELECT user_id FROM corrections WHERE user_id = 75").fetchall() == users
    assert f"yours to delete: {aside.name}" in koredare("doctor", home=first).stdout


def test_nobody_restores_what_is_in_use_nor_uses_what_is_being_restored(first: Path, tmp_path: Path) -> None:
    file = back_up(load_settings(home=first), tmp_path / "backup.zip").file
    before = held(first)
    with homes.using(first):
        assert "is in use: stop the bot" in koredare("restore", file, home=first).stderr
    with homes.alone(first):
        for words in (["run"], ["retrain"], ["demo", "--once", "--out", str(tmp_path)]):
            done = koredare(*words, home=first)
            assert done.returncode == 1
            assert "is being restored just now" in done.stderr, words
    assert held(first) == before


def test_the_database_of_the_first_release_comes_up_and_its_copy_goes_back(first: Path) -> None:
    with closing(sqlite3.connect(database_path(first))) as database:
        released = list(database.iterdump())
        said = database.execute("SELECT id, face_id, kind, user_id, at FROM corrections").fetchall()
    told = koredare("doctor", "--deep", home=first).stdout  # looks, and changes nothing
    assert "the database is whole" in told
    assert "all 2 faces that are kept can be learned from" in told
    done = koredare("retrain", home=first)  # any command that needs the database brings it up
    assert "Traceback" not in done.stderr
    with closing(sqlite3.connect(database_path(first))) as database:
        assert database.execute("SELECT id, face_id, kind, user_id, at FROM corrections").fetchall() == said
        assert database.execute("SELECT user_id, answer FROM consents ORDER BY 1").fetchall() == [
            (71, "yes"),
            (72, "no"),
            (74, None),
        ]
    assert "the database is whole" in koredare("doctor", "--deep", home=first).stdout
    (copy,) = first.glob("koredare.before-*.db")
    with closing(sqlite3.connect(copy)) as database:
        assert list(database.iterdump()) == released


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_a_restore_that_is_killed_leaves_the_old_or_the_new(first: Path, tmp_path: Path) -> None:
    settings = load_settings(home=first)
    schema.ensure(SqliteFile(first))
    (first / "models" / "everyone").mkdir(parents=True)
    (first / "models" / "everyone" / "active").write_text("v1\n")
    new = held(first)
    file = back_up(settings, tmp_path / "backup.zip").file
    say(first, 75)
    shutil.rmtree(first / "models")
    (first / "models" / "41").mkdir(parents=True)
    (first / "models" / "41" / "active").write_text("v2\n")
    old = held(first)
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom bot.config import load_settings\n"
        "from bot.keeping.restoring import restore\n"
        "left = [int(sys.argv[3])]\n"
        "def watch(event, args):\n"
        "    if event in ('os.rename', 'os.mkdir'):\n"
        "        left[0] -= 1\n"
        "        if left[0] < 0: os.kill(os.getpid(), signal.SIGKILL)\n"
        "sys.addaudithook(watch)\nrestore(Path(sys.argv[1]), load_settings(home=Path(sys.argv[2])))\n"
    )
    seen: list[str] = []
    for steps in range(100):
        home = Path(shutil.copytree(first, tmp_path / f"killed{steps}"))
        done = subprocess.run([sys.executable, "-c", code, str(file), str(home), str(steps)], check=False)
        now = held(home)
        assert now in (old, new)
        seen.append("new" if now == new else "old")
        again = restoring.restore(file, load_settings(home=home))
        assert held(home) == new
        assert [path.name for path in home.iterdir() if "restored" in path.name] == []
        assert again.aside is not None
        if done.returncode == 0:
            break
    assert seen == sorted(seen, reverse=True)  # old until it is decided, and from then on new
    assert seen.count("old") > 3 < seen.count("new")


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_nothing_is_done_with_the_half_that_a_killed_restore_leaves(trained_home: Path, tmp_path: Path) -> None:
    file = back_up(load_settings(home=trained_home), tmp_path / "backup.zip").file
    looks = (2, ["backup", tmp_path / "after.zip"]), (4, ["doctor"]), (2, ["doctor"]), (4, ["model", "show"])
    for number, (steps, words) in enumerate(looks):
        home = Path(shutil.copytree(trained_home, tmp_path / f"killed{number}"))
        killed_at("os.rename", steps, "restore", file, home=home)  # the database or the models are gone
        assert {"koredare.db", "models"} - {path.name for path in home.iterdir()}
        done = koredare(*words, home=home)
        assert "MEND  database" not in done.stdout, done.stdout
        assert "MEND  model" not in done.stdout, done.stdout
        assert done.stderr == ""
        assert not homes.decided(home)
    assert zipfile.ZipFile(tmp_path / "after.zip").namelist() == zipfile.ZipFile(file).namelist()
    (tmp_path / "killed0" / ".replacing.json").write_text("{")
    assert "was broken off, and cannot go on" in koredare("backup", home=tmp_path / "killed0").stderr
    assert "MEND  A restore of" in koredare("doctor", home=tmp_path / "killed0").stdout


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_what_a_killed_command_leaves_of_people_goes_with_the_next(trained_home: Path, tmp_path: Path) -> None:
    def hidden(folder: Path) -> list[str]:
        return [path.name for path in folder.iterdir() if path.name.startswith((".koredare", ".restored", ".b.zip"))]

    there = tmp_path / "backups"
    there.mkdir()
    killed_at("os.link", 0, "backup", there / "b.zip", home=trained_home)
    with files.scratch(there) as anothers:  # of one that is at it just now
        assert len(hidden(there)) == 1
        koredare("backup", there / "b.zip", home=trained_home)
        assert hidden(there) == [anothers.name]
    killed_at("shutil.rmtree", 1, "doctor", "--deep", home=trained_home)  # the second copy is the one of what is known
    killed_at("os.rename", 0, "restore", there / "b.zip", home=trained_home)
    assert len(hidden(trained_home)) == 2
    with homes.using(trained_home):
        assert hidden(trained_home) == []


def killed_at(event: str, steps: int, *words: str | Path, home: Path) -> int:
    """Have a command be killed when it has come so far; gives how it ended."""
    code = (
        "import os, signal, sys\n"
        "event, left = sys.argv.pop(1), [int(sys.argv.pop(1))]\n"
        "def watch(what, args):\n"
        "    if what == event:\n"
        "        left[0] -= 1\n"
        "        if left[0] < 0: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from bot.shell import commands\n"
        "sys.addaudithook(watch)\ncommands.main()\n"
    )
    given = [event, str(steps), *map(str, words), "--home", str(home)]
    return subprocess.run([sys.executable, "-c", code, *given], check=False, capture_output=True).returncode


def altered(change: Callable[[dict[str, bytes]], object]) -> Callable[[Path], None]:
    """Pack a backup anew with other parts."""

    def alter(file: Path) -> None:
        with zipfile.ZipFile(file) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        change(parts)
        with zipfile.ZipFile(file, "w") as archive:
            for name, data in parts.items():
                archive.writestr(name, data)

    return alter


def listing(**changed: object) -> Callable[[Path], None]:
    def change(parts: dict[str, bytes]) -> None:
        parts[LISTED] = json.dumps(json.loads(parts[LISTED]) | changed).encode()

    return altered(change)


def elsewhere(name: str) -> Callable[[Path], None]:
    def change(parts: dict[str, bytes]) -> None:
        said = json.loads(parts[LISTED])
        said["files"][name] = said["files"].pop("koredare.db")
        parts[name] = parts.pop("koredare.db")
        parts[LISTED] = json.dumps(said).encode()

    return altered(change)


def flipped(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 3] ^= 0x55
    file.write_bytes(data)


def packed_otherwise(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (packed_otherwise, "it is packed in another way"),
        (lambda file: file.write_bytes(b"a picture of Riko"), "no backup of Koredare's"),
        (lambda file: file.unlink(), "There is no file"),
        (lambda file: os.truncate(file, file.stat().st_size // 2), "damaged"),
        (flipped, "damaged"),
        (altered(lambda parts: parts.pop(LISTED)), "no backup of Koredare's"),
        (altered(lambda parts: parts.pop("koredare.db")), "other files are in it than it lists"),
        (altered(lambda parts: parts.update(more=b"")), "other files are in it than it lists"),
        (altered(lambda parts: parts.update({"koredare.db": bytes(4096)})), "koredare.db was altered"),
        (listing(format=2), "made by a newer Koredare"),
        (listing(schema="0999"), "its schema is 0999"),
        (listing(files=None), "its list does not say what it should"),
        (elsewhere("../koredare.db"), "does not belong into a data folder"),
        (elsewhere("models/../../koredare.db"), "does not belong into a data folder"),
        (elsewhere("/tmp/koredare.db"), "does not belong into a data folder"),
        (elsewhere(".bashrc"), "does not belong into a data folder"),
        (elsewhere("models"), "does not belong into a data folder"),
    ],
)
def test_what_is_no_backup_is_refused_in_words_and_changes_nothing(
    first: Path, tmp_path: Path, change: Callable[[Path], None], why: str
) -> None:
    file = back_up(load_settings(home=first), tmp_path / "backup.zip").file
    before = {path.name: path.read_bytes() for path in first.iterdir() if not path.name.startswith(".")}
    change(file)
    with pytest.raises(BackupError, match=why):
        restoring.restore(file, load_settings(home=first))
    assert {path.name: path.read_bytes() for path in first.iterdir() if not path.name.startswith(".")} == before
    assert not (tmp_path / "koredare.db").exists()


def test_a_backup_without_the_database_is_none(trained_home: Path, tmp_path: Path) -> None:
    database_path(trained_home).unlink()
    done = koredare("backup", tmp_path / "backup.zip", home=trained_home)
    assert done.returncode == 1
    assert f"the database {database_path(trained_home)} is gone" in done.stderr
    assert not (tmp_path / "backup.zip").exists()


def test_a_damaged_database_is_not_backed_up_and_a_backup_is_offered(first: Path, tmp_path: Path) -> None:
    file = back_up(load_settings(home=first), tmp_path / "backup.zip").file
    whole = database_path(first).read_bytes()
    database_path(first).write_bytes(whole[:8192] + os.urandom(len(whole) - 8192))
    done = koredare("backup", tmp_path / "another.zip", home=first)
    assert done.returncode == 1
    assert "cannot be copied" in done.stderr
    assert not (tmp_path / "another.zip").exists()
    assert "koredare restore FILE" in koredare("doctor", home=first).stdout
    assert koredare("restore", file, home=first).returncode == 0
    assert database_path(first).exists()
    assert "the database is whole" in koredare("doctor", "--deep", home=first).stdout


@pytest.mark.parametrize(
    ("schema_", "said"),
    [(schema.HALF, "not whole yet"), ("0999", "newer Koredare"), (None, "does not say which schema")],
)
def test_a_database_that_could_not_be_restored_is_not_backed_up(tmp_path: Path, schema_: str | None, said: str) -> None:
    home = tmp_path / "home"
    schema.ensure(SqliteFile(home))
    with closing(sqlite3.connect(database_path(home))) as database, database:
        database.execute(
            "DELETE FROM alembic_version"
            if schema_ is None
            else f"UPDATE alembic_version SET version_num = '{schema_}'"
        )
    with pytest.raises(KoredareError, match=f"{database_path(home)} .* {said}"):
        back_up(load_settings(home=home), tmp_path / "backup.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_the_doctor_finds_a_kept_face_that_cannot_be_learned_from(first: Path) -> None:
    with closing(sqlite3.connect(database_path(first))) as database, database:
        database.execute("UPDATE samples SET crop = substr(crop, 1, 40) WHERE face_id = 1")
        database.execute("UPDATE samples SET embedding = x'007e' WHERE face_id = 3")
    told = koredare("doctor", "--deep", home=first).stdout
    assert "2 of the 2 faces that are kept cannot be learned from" in told
    assert "1: its picture cannot be read; 3: its vector is not one" in told
    assert "cannot be learned from" not in koredare("doctor", home=first).stdout


def test_a_disk_that_is_nearly_full_is_said_before_anything_is_begun(
    first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_settings(home=first)
    file = back_up(settings, tmp_path / "backup.zip").file
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 9 * 10**8, 10**8))
    with pytest.raises(disk.NoRoom, match="95 MB left"):
        back_up(settings, tmp_path / "another.zip")
    with pytest.raises(disk.NoRoom):
        restoring.restore(file, load_settings(home=first))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.zip", "first"]


@pytest.mark.skipif(sys.platform == "win32", reason="limits are POSIX")
def test_a_disk_that_fills_up_in_the_middle_is_a_sentence_and_changes_nothing(first: Path) -> None:
    def koredare_with_no_room(*words: str, room: int) -> subprocess.CompletedProcess[str]:
        code = (
            "import resource, signal, sys\nfrom bot.shell import commands\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            f"resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))\ncommands.main()\n"
        )
        given = [sys.executable, "-c", code, *words, "--home", str(first)]
        return subprocess.run(given, check=False, capture_output=True, text=True)

    def rows() -> list[str]:
        with closing(sqlite3.connect(path)) as database:
            return list(database.iterdump())

    path = database_path(first)
    before = rows()
    done = koredare_with_no_room("retrain", room=40_000)  # enough for SQLite's own, not for a copy
    assert done.returncode == 1
    assert "it cannot be copied" in done.stderr
    assert "Traceback" not in done.stderr
    assert rows() == before
    assert list(first.glob("*before*")) == []
    schema.ensure(SqliteFile(first))
    looked = koredare_with_no_room("doctor", "--deep", room=40_000)
    assert "MEND  I cannot use the database" in looked.stdout
    assert "Traceback" not in looked.stderr
    forgotten = koredare_with_no_room("forget", "--guild", "1", "--yes", room=path.stat().st_size // 2)
    assert "Traceback" not in forgotten.stderr


def test_nothing_is_published_between_the_copies_of_database_and_models(
    trained_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine, refused = backup._snapshot, list[str]()

    def snapshot(store: Store, copy: Path) -> str:
        with pytest.raises(Timeout):
            FileLock(trained_home / "models" / "everyone" / ".lock", timeout=0).acquire()
        refused.append(copy.name)
        return genuine(store, copy)

    monkeypatch.setattr(backup, "_snapshot", snapshot)
    back_up(load_settings(home=trained_home), tmp_path / "backup.zip")
    assert refused == ["koredare.db"]
    Registry(trained_home / "models" / "everyone").activate("v1")  # free again
