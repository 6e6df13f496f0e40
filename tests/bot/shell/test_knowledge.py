"""A server's knowledge out and in again on the shell."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.conftest import KNOWN, koredare


def test_what_one_server_knows_goes_out_and_in_for_another(trained_home: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(trained_home / "koredare.db")) as database, database:
        database.execute("UPDATE pictures SET guild_id = 1")
    koredare("doctor", "--rebuild", home=trained_home)  # no picture ever changes hands otherwise
    file = tmp_path / "club.zip"
    done = koredare("knowledge", "export", file, "--guild", "1", home=trained_home)
    assert done.returncode == 0, done.stderr
    assert "4 characters" in done.stdout
    again = koredare("knowledge", "export", file, "--guild", "1", home=trained_home)
    assert again.returncode == 1
    assert f"{file} cannot be written: it exists already" in again.stderr

    done = koredare("knowledge", "import", file, "--guild", "2", home=trained_home)
    assert done.returncode == 0, done.stderr
    for character in KNOWN:
        assert f"{character.name}: " in done.stdout
    assert "Now: koredare retrain --guild 2" in done.stdout


def test_what_is_no_such_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "picture.zip").write_bytes(b"a picture of Riko")
    for name, said in (("picture.zip", "not a file of"), ("nothing.zip", "cannot be read")):
        done = koredare("knowledge", "import", tmp_path / name, "--guild", "1", home=tmp_path / "home")
        assert done.returncode == 1
        assert said in done.stderr
        assert "Traceback" not in done.stderr
