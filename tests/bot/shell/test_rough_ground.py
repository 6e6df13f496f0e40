"""The command line among files, disks and terminals as they are: a line for what cannot be, and the rest goes on."""

import errno
import json
import os
import re
import shlex
import shutil
import signal
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
    # What was learned is told also where the list of the others cannot be written.
    (tmp_path / "another" / "not-imported.txt").mkdir(parents=True)
    said = koredare("import", her.parent, home=tmp_path / "another").stdout
    assert f"{CAST[6].name}: 2 new faces" in said
    assert "not-imported.txt: Is a directory" in said

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


@pytest.mark.skipif(os.name == "nt", reason="Windows closes no streams so")
def test_a_command_does_without_the_streams_that_it_was_not_given(trained_home: Path, tmp_path: Path) -> None:
    picture = tmp_path / "her.png"
    picture.write_bytes(png(KNOWN[0], seed=55))
    for shut, ends, words in (
        (">&-", 0, ("whois", picture, "--json")),
        (">&- 2>&-", 1, ("doctor",)),
        ("<&-", 1, ("forget", "--guild", "5")),
        ("2>&-", 1, ("import", tmp_path / "nowhere")),
    ):
        before = ["sh", "-c", f'exec "$@" {shut}', "sh", sys.executable, "-m", "bot"]
        done = subprocess.run(
            [*before, *words, "--home", trained_home],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.PIPE,
        )
        assert (done.returncode, "Traceback" in done.stderr) == (ends, False), (words, done.stderr)


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no SIGTERM that could be caught")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_command_that_is_told_to_end_tidies_up(trained_home: Path, number: signal.Signals) -> None:
    # Whoever started these tests may have us ignore such signals, as a shell does behind its `&`.
    heeding = (
        f"import os, signal, sys; signal.signal({number:d}, signal.SIG_DFL); os.execv(sys.executable, sys.argv[1:])"
    )
    words = [sys.executable, "-m", "bot", "forget", "--guild", "5", "--home", str(trained_home)]
    with subprocess.Popen(
        [sys.executable, "-c", heeding, *words],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as asked:
        assert asked.stderr is not None
        while not (said := asked.stderr.read(1)).isspace():  # it asks, and waits for an answer
            assert said
        asked.send_signal(number)
        assert "Traceback" not in asked.stderr.read()
    assert asked.returncode == 128 + number


def test_the_id_of_a_server_is_one_that_there_can_be(tmp_path: Path) -> None:
    for words in (("import", tmp_path), ("forget", "--yes"), ("knowledge", "export", tmp_path / "k.zip"), ("retrain",)):
        for number in ("0", "-5", str(2**63)):
            done = koredare(*words, "--guild", number, home=tmp_path / "home")
            assert done.returncode == 2
            assert "Invalid value for '--guild'" in done.stderr
    assert not (tmp_path / "home").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    home, pipe = tmp_path / "home", tmp_path / "pipe"
    os.mkfifo(pipe)
    for name, value in (("detectors", f'["{tmp_path}/pipe.xml"]'), ("backbone", f'"{tmp_path}/pipe.onnx"')):
        (tmp_path / f"{name}.toml").write_text(f"[recognition]\n{name} = {value}\n")
    for suffix in (".xml", ".onnx"):
        pipe.with_suffix(suffix).symlink_to(pipe)
    for words in (
        ("restore", pipe),
        ("model", "import", pipe),
        ("knowledge", "import", pipe, "--guild", "5"),
        ("whois", pipe, "--config", pipe),
        ("restore", "/dev/zero"),
        ("whois", pipe, "--config", tmp_path / "detectors.toml"),
        ("whois", pipe, "--config", tmp_path / "backbone.toml"),
    ):
        done = koredare(*words, home=home)
        assert done.returncode == 1
        assert "It is a " in done.stderr, done.stderr
        assert "Traceback" not in done.stderr


def test_nothing_that_lies_there_is_written_over(trained_home: Path, tmp_path: Path) -> None:
    theirs, nowhere, charts = tmp_path / "theirs", tmp_path / "link.zip", tmp_path / "evaluation"
    theirs.mkdir()
    charts.mkdir()
    nowhere.symlink_to(tmp_path / "elsewhere")
    (charts / "confusion.png").write_bytes(b"drawn by another program")
    for words in (
        ("model", "export", "--to", nowhere),
        ("backup", nowhere),
        ("evaluate", theirs.parent, "--out", charts),
    ):
        done = koredare(*words, home=trained_home)
        assert done.returncode == 1
        assert re.search("exists already|is there already, and is no chart of mine", done.stderr), done.stderr
    assert nowhere.is_symlink()
    assert (charts / "confusion.png").read_bytes() == b"drawn by another program"
    assert {path.name for path in tmp_path.iterdir()} == {"evaluation", "home", "link.zip", "theirs"}


def test_one_picture_that_cannot_be_read_costs_that_one(trained_home: Path, tmp_path: Path) -> None:
    hers, shut = tmp_path / "her.png", tmp_path / "shut.png"
    hers.write_bytes(png(KNOWN[0], seed=55))
    shut.write_bytes(hers.read_bytes())
    shut.chmod(0)
    done = subprocess.run(
        [*bare_root(), sys.executable, "-m", "bot", "whois", shut, hers, "--home", trained_home],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "shut.png cannot be read: Permission denied" in done.stdout
    assert f"her.png: {KNOWN[0].name}" in done.stdout


def test_a_file_that_is_only_shut_is_not_called_damaged(trained_home: Path) -> None:
    """Nobody should put a backup in the place of a database that is whole."""
    for path, said in ((trained_home / "koredare.db", "cannot be used (unable to open"), (trained_home / "models", "")):
        mode = path.stat().st_mode
        path.chmod(0)
        try:
            command = [*bare_root(), sys.executable, "-m", "bot", "doctor", "--deep", "--home", str(trained_home)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        finally:
            path.chmod(mode)
        assert said in done.stdout
        assert "restore FILE" not in done.stdout
        assert "MEND  no bot token" in done.stdout
        assert "tensorflow is installed" in done.stdout, done.stderr  # it looks at all the rest


def test_a_word_that_is_empty_is_a_variable_that_was_not_set(tmp_path: Path) -> None:
    for words in (("backup", "", "--home", tmp_path), ("doctor", "--home="), ("import", tmp_path, "--guild", "")):
        done = subprocess.run([sys.executable, "-m", "bot", *words], capture_output=True, text=True, check=False)
        assert (done.returncode, "is a variable not set?" in done.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_a_token_with_a_line_break_is_no_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOREDARE_TOKEN", "one\ntwo")
    done = koredare("run", home=tmp_path)
    assert (done.returncode, "a line break or another sign" in done.stderr) == (1, True)
    assert "MEND  what is set as bot token has a sign in it" in koredare("doctor", home=tmp_path).stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_the_name_of_a_file_moves_no_terminal_and_begins_no_line(tmp_path: Path) -> None:
    odd = "odd\x1b[2J\nFine \u202e"
    folder = tmp_path / "pictures" / odd
    folder.mkdir(parents=True)
    (folder / "a.png").write_bytes(png(KNOWN[0], seed=55))
    (folder / f"{odd}.png").write_bytes(b"no picture")
    for words in (("whois", folder / "nowhere"), ("dataset", "resize", folder.parent, tmp_path / odd)):
        said = koredare(*words, home=tmp_path / "home").stdout
        assert "odd\\x1b[2J\\nFine \\u202e" in said
        assert re.search("^Fine|[\x1b\u202e]", said, re.MULTILINE) is None
