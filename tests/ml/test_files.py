"""What is written is there whole or not at all, and what the killed leave behind can be found and removed."""

import subprocess
import sys
from pathlib import Path

import pytest

from ml.files import folder_whole, new_file, sweep, write_beside, written_whole

KILLED = """
import os, sys
from pathlib import Path
from ml.files import folder_whole, written_whole
path = Path(sys.argv[2])
with (written_whole if sys.argv[1] == "file" else folder_whole)(path) as aside:
    (aside if sys.argv[1] == "file" else aside / "part").write_text("half")
    os._exit(1)
"""


def test_a_reader_finds_the_old_file_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "settings"
    path.write_text("old")
    with written_whole(path) as aside:
        aside.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_goes_wrong_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "settings"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError), written_whole(path) as aside:
        aside.write_text("hälf", encoding="ascii")
    with pytest.raises(FileNotFoundError), written_whole(path):
        pass  # nothing was written
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_takes_nobodys_place(tmp_path: Path) -> None:
    theirs, link, late = tmp_path / "theirs", tmp_path / "link", tmp_path / "late"
    theirs.write_text("theirs")
    link.symlink_to(tmp_path / "nowhere")
    for path in (theirs, link):
        with pytest.raises(FileExistsError), new_file(path):
            pass
    with pytest.raises(FileExistsError), new_file(late) as aside:  # noqa: PT012  it is there at the end only
        aside.write_text("ours")
        late.write_text("theirs")
    assert late.read_text() == "theirs"
    assert write_beside(theirs, b"ours") == tmp_path / "theirs-2"
    assert write_beside(theirs, b"ours") == tmp_path / "theirs-3"
    longest = tmp_path / ("あ" * 83 + ".jpg")  # of 253 bytes, where 255 may be
    assert write_beside(longest, b"ours") == longest
    assert sorted(tmp_path.iterdir()) == sorted(
        [late, link, longest, theirs, tmp_path / "theirs-2", tmp_path / "theirs-3"]
    )


def test_a_folder_appears_with_all_that_is_in_it_also_where_an_empty_one_was(tmp_path: Path) -> None:
    for path in (tmp_path / "new", tmp_path / "empty"):
        (tmp_path / "empty").mkdir(exist_ok=True)
        with folder_whole(path) as aside:
            (aside / "deep").mkdir()
            (aside / "deep" / "file").write_text("all")
            assert not path.exists() or not list(path.iterdir())
        assert (path / "deep" / "file").read_text() == "all"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "new"]


def test_a_folder_that_goes_wrong_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnicodeEncodeError), folder_whole(tmp_path / "new") as aside:
        (aside / "file").write_text("hälf", encoding="ascii")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "precious").touch()
    with pytest.raises(OSError, match="not empty"), folder_whole(tmp_path / "full"):
        pass
    assert [path.name for path in tmp_path.rglob("*")] == ["full", "precious"]


def test_they_are_for_whoever_the_umask_says(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    with written_whole(tmp_path / "whole") as aside:
        aside.touch()
    (tmp_path / "plain folder").mkdir()
    with folder_whole(tmp_path / "whole folder"):
        pass
    modes = {path.name: path.stat().st_mode for path in tmp_path.iterdir()}
    assert (modes["whole"], modes["whole folder"]) == (modes["plain"], modes["plain folder"])


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_a_killed_process_was_writing_is_swept_away_and_nothing_else(tmp_path: Path, kind: str) -> None:
    mine, others = tmp_path / "mine", tmp_path / "mine-2"
    for path in (mine, others):
        assert subprocess.run([sys.executable, "-c", KILLED, kind, path], check=False).returncode == 1
    assert not mine.exists()
    assert len(list(tmp_path.iterdir())) == 2
    sweep(mine)
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".mine-2-")
    sweep(tmp_path / "nowhere" / "mine")
