"""The command line among files, disks and terminals as they are: a line for what cannot be, and the rest goes on."""

import errno
import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ml.painting import CAST
from tests.conftest import KNOWN, koredare, png

HEAVY = 300 * 2**20
_WITHIN = ("sh", "-c", f'ulimit -S -d {2 * HEAVY // 1024} && exec "$@"', "sh")
"""Before a command: it may take memory for two such files, not for three."""


def bare_root() -> list[str]:
    """What makes root of the administrator one of those whom a folder can refuse; nothing where nobody is root."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root may read every folder here, and there is no setpriv")
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has neither named pipes in folders nor names that are no text")
def test_an_import_takes_what_it_can_and_has_a_line_for_the_rest(tmp_path: Path) -> None:
    before, her = bare_root(), tmp_path / "pictures" / CAST[6].name
    her.mkdir(parents=True)
    (her / "a.png").write_bytes(png(CAST[6], seed=63))
    Path(os.fsdecode(os.fsencode(her) + b"/b\xe9.png")).write_bytes(png(CAST[6], seed=64))  # as a ZIP may unpack
    for number in range(3):
        with (her / f"episode{number}.mkv").open("wb") as video:
            video.truncate(HEAVY)  # it takes no room on the disk
    (her / "d\x1b[2J\nFine.png").touch()
    os.mkfifo(her / "pipe.png")
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(her)  # the whole path is too long for a socket
        listening.bind("socket.png")
        os.chdir(here)
    Path(os.fsdecode(os.fsencode(her.parent) + b"/\xe3\x82")).mkdir()
    for shut in (her / "shut", her.parent / "shut"):
        shut.mkdir()
        (shut / "c.png").write_bytes(b"")
    (her.parent / "shut").chmod(0)

    with subprocess.Popen(
        [*before, *_WITHIN, sys.executable, "-m", "bot", "import", str(her.parent), "--home", str(tmp_path / "home")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as done:
        said, complaints = done.communicate()
    assert done.returncode == 0, complaints
    assert complaints == ""  # neither a traceback, nor what libraries greet with
    assert f"{CAST[6].name}: 2 new faces" in said
    for left_out in (
        "episode2.mkv: That file has 300.0 MB and I read up to 25 MB",
        "d\\x1b[2J\\nFine.png: That file is empty",
        "pipe.png: it cannot be read: It is a named pipe",
        "socket.png: it cannot be read: It is a socket",
        f"{her / 'shut'}: it cannot be read: Is a directory",
        f"{her.parent / 'shut'}: it cannot be read: Permission denied",
        "\\udce3\\udc82: its name is not UTF-8",
    ):
        assert left_out in said
        assert left_out in (tmp_path / "home" / "not-imported.txt").read_text()


@pytest.mark.parametrize("encoding", ["utf-8:strict", "cp1252", "ascii"])
def test_a_name_that_the_output_cannot_show_is_spelled_out(trained_home: Path, tmp_path: Path, encoding: str) -> None:
    pictures = [tmp_path / "梨子 🍐 é.png", Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xe9.png"))]
    for picture in pictures:
        picture.write_bytes(png(KNOWN[0], seed=55))
    for words in ([], ["--json"]):
        done = subprocess.run(
            [sys.executable, "-m", "bot", "whois", *map(str, pictures), *words, "--home", str(trained_home)],
            capture_output=True,
            check=False,
            env=os.environ | {"PYTHONIOENCODING": encoding},
        )
        assert (done.returncode, done.stderr) == (0, b"")
        lines = done.stdout.decode(encoding.partition(":")[0]).splitlines()
        if words:
            assert [json.loads(line)["path"] for line in lines] == [str(picture) for picture in pictures]
        else:
            assert all(f": {KNOWN[0].name} (" in line for line in lines)


def test_where_nothing_can_be_written_one_sentence_says_so(trained_home: Path, tmp_path: Path) -> None:
    file, picture = tmp_path / "file", tmp_path / "her.png"
    file.write_text("")
    picture.write_bytes(png(KNOWN[0], seed=55))
    for words, home in (
        (("import", tmp_path), file),
        (("run",), file),
        (("doctor",), file),
        (("whois", picture, "--out", file), trained_home),
        (("evaluate", tmp_path, "--out", file), trained_home),
        (("model", "export", "--to", file / "v1.zip"), trained_home),
    ):
        done = koredare(*words, home=home)
        assert done.returncode == 1, words
        assert "Traceback" not in done.stderr, words
        if words[0] != "doctor":
            assert done.stderr.splitlines()[-1].startswith("koredare: "), (words, done.stderr)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here, which is always full")
def test_a_full_disk_is_one_sentence(trained_home: Path, tmp_path: Path) -> None:
    picture = tmp_path / "her.png"
    picture.write_bytes(png(KNOWN[0], seed=55))
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "whois", picture, "--home", trained_home],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"koredare: {os.strerror(errno.ENOSPC)}."]


def test_every_command_means_the_same_folder_and_configuration(
    trained_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it is named each time or once for all, in the environment."""
    monkeypatch.setenv("KOREDARE_HOME", str(trained_home))
    picture, strict = tmp_path / "her.png", tmp_path / "strict.toml"
    picture.write_bytes(png(KNOWN[0], seed=55))
    strict.write_text("[recognition]\nmax_megabytes = 0.05\n")

    def said(*words: str | Path) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words], capture_output=True, text=True, encoding="utf-8", check=False
        )
        return done.stdout

    assert f"ok    data folder {trained_home}" in said("doctor")
    assert KNOWN[0].name in said("whois", picture)
    assert "I read up to 0.05 MB" in said("whois", picture, "--config", strict)


def test_the_version_and_the_shells_completion_are_to_be_had() -> None:
    # Which shell it is for follows from the process that started it; of its last command a shell may become a part.
    koredare = shlex.quote(str(Path(sys.executable).with_name("koredare")))
    for words, expected in (("--version", "koredare "), ("--show-completion", "_KOREDARE_COMPLETE")):
        script = f"{koredare} {words}; exit $?"
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
        assert done.returncode == 0
        assert expected in done.stdout
