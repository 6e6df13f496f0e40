"""`koredare import --guild`: a folder that one server alone learns."""

import sqlite3
from contextlib import closing
from pathlib import Path

from ml.painting import CAST
from tests.conftest import koredare, png


def test_a_folder_is_imported_for_one_server_alone(tmp_path: Path) -> None:
    (tmp_path / "club" / "Riko").mkdir(parents=True)
    (tmp_path / "club" / "Riko" / "1.png").write_bytes(png(CAST[6], seed=51))
    done = koredare("import", tmp_path / "club", "--guild", "42", home=tmp_path / "home")
    assert done.returncode == 0, done.stderr
    assert "Now: koredare retrain --guild 42" in done.stdout
    with closing(sqlite3.connect(tmp_path / "home" / "koredare.db")) as database:
        # As `!knowledge` there lists and removes it.
        assert database.execute("SELECT guild_id, origin FROM pictures").fetchall() == [(42, "club/Riko")]
        assert database.execute("SELECT count(*) FROM samples").fetchall() == [(1,)]
