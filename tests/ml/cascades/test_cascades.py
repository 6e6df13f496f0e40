"""A cascade is used only if it is the one that the catalogue describes, and is fetched without ever doing harm."""

import hashlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ml.cascades import (
    CLASSIC,
    FOLDER,
    OWN,
    Cascade,
    CascadeAltered,
    CascadeError,
    CascadeMissing,
    FetchFailed,
    catalogue,
    fetch,
    find,
    finding,
    resolve,
)
from ml.cascades.__main__ import main
from ml.faces.detector import Detector
from ml.painting import CAST, paint

FILE = catalogue()[CLASSIC].file
# Our own cascade, with a line more, stands in for the classic one: that file is not ours to keep here.
GOOD = (FOLDER / catalogue()[OWN].file).read_bytes() + b"\n"
ALTERED = GOOD.replace(b"<stageNum>13", b"<stageNum>12")


@pytest.fixture(autouse=True)
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The program's cascades, as after a clone: ours is there, the classic one is only described."""
    entry = catalogue()[CLASSIC]
    folder = tmp_path / "program"
    folder.mkdir()
    text = (FOLDER / "catalogue.toml").read_text(encoding="utf-8")
    text = text.replace(entry.sha256, hashlib.sha256(GOOD).hexdigest())
    text = text.replace(f"size = {entry.size}", f"size = {len(GOOD)}")
    (folder / "catalogue.toml").write_text(text, encoding="utf-8")
    (folder / catalogue()[OWN].file).write_bytes((FOLDER / catalogue()[OWN].file).read_bytes())
    monkeypatch.setattr(finding, "FOLDER", folder)
    monkeypatch.delenv("KOREDARE_CASCADE", raising=False)
    monkeypatch.setenv("no_proxy", "*")
    catalogue.cache_clear()
    yield folder
    catalogue.cache_clear()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def put(folder: Path, data: bytes, name: str = FILE) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    return folder / name


class Repository(BaseHTTPRequestHandler):
    """An author's repository, on its good and its bad days."""

    closing = threading.Event()

    def do_GET(self) -> None:
        getattr(self, f"send_{self.path.strip('/')}")()

    def send_good(self) -> None:
        self.send_file(GOOD)

    def send_altered(self) -> None:
        self.send_file(ALTERED)

    def send_cut(self) -> None:
        self.send_file(GOOD[: len(GOOD) // 2], length=len(GOOD))

    def send_gone(self) -> None:
        self.send_error(404)

    def send_moved(self) -> None:
        self.send_response(302)
        self.send_header("Location", "/good")
        self.end_headers()

    def send_silence(self) -> None:
        self.closing.wait()

    def send_drops(self) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.closing.wait(0.05):
            self.wfile.write(b"<")

    def send_flood(self) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.closing.is_set():
            self.wfile.write(b"<" * 65536)

    def send_file(self, data: bytes, *, length: int | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(length or len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as in the base class
        pass


class Server(ThreadingHTTPServer):
    """Says nothing of visitors who leave early: here they all do."""

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@pytest.fixture
def repository() -> Iterator[str]:
    Repository.closing.clear()
    with Server(("127.0.0.1", 0), Repository) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        Repository.closing.set()
        server.shutdown()
        thread.join()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


# Finding


def test_our_own_cascade_is_always_here_and_finds_a_face() -> None:
    (source,) = resolve([OWN])
    assert Detector([source]).detect(paint(CAST[0], seed=2).picture)


def test_the_shipped_file_is_the_one_that_the_catalogue_describes() -> None:
    entry = catalogue()[OWN]
    data = (FOLDER / entry.file).read_bytes()
    assert (len(data), hashlib.sha256(data).hexdigest()) == (entry.size, entry.sha256)


def test_every_cascade_names_its_author_its_licence_and_a_safe_source() -> None:
    for entry in catalogue().values():
        assert entry.author
        assert entry.licence
        assert len(entry.sha256) == 64
        assert entry.source is None or urlsplit(entry.source).scheme == "https"
        assert {"recall", "precision", "ms"} <= entry.measured.keys()


def test_nothing_but_our_own_cascade_is_shipped() -> None:
    done = subprocess.run(["git", "ls-files", "*.xml"], cwd=FOLDER, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("not a git checkout")
    assert set(done.stdout.split()) <= {catalogue()[OWN].file}


def test_without_the_classic_cascade_ours_is_the_default(home: Path) -> None:
    assert [source.name for source in resolve(home=home)] == [OWN]


def test_with_the_classic_cascade_it_looks_first_and_ours_where_there_is_doubt(home: Path) -> None:
    path = put(home / "cascades", GOOD)
    source, second = resolve(home=home)
    assert isinstance(source, Cascade)
    assert second.name == OWN
    assert (source.name, source.path) == (CLASSIC, path)
    assert Detector([source]).detect(paint(CAST[0], seed=2).picture)


def test_asked_for_by_name_and_not_fetched_it_is_missed_with_the_mend(home: Path) -> None:
    with pytest.raises(CascadeMissing, match=r"has not been fetched\. Run `python -m ml\.cascades`"):
        resolve([CLASSIC], home=home)


def test_the_variable_comes_first_then_home_then_the_program(
    home: Path, program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = put(program, GOOD)
    assert find(CLASSIC, home=home) == inside
    at_home = put(home / "cascades", GOOD)
    assert find(CLASSIC, home=home) == at_home
    elsewhere = put(tmp_path / "elsewhere", GOOD, "any-name.xml")
    monkeypatch.setenv("KOREDARE_CASCADE", str(elsewhere))
    assert find(CLASSIC, home=home) == elsewhere
    assert find(OWN, home=home) == program / catalogue()[OWN].file


def test_the_variable_may_name_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path / "folder", GOOD)
    monkeypatch.setenv("KOREDARE_CASCADE", str(path.parent))
    assert find(CLASSIC) == path


def test_a_variable_that_points_nowhere_is_passed_over(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOREDARE_CASCADE", str(home / "nowhere.xml"))
    assert [source.name for source in resolve(home=home)] == [OWN]


@pytest.mark.parametrize("asked", [[], [CLASSIC]])
def test_an_altered_file_is_refused_however_it_is_asked_for(home: Path, asked: list[str]) -> None:
    put(home / "cascades", ALTERED)
    with pytest.raises(CascadeAltered, match=r"lbpcascade_animeface\.xml is not the cascade.*Put the original"):
        resolve(asked, home=home)


def test_an_altered_file_of_ours_is_refused(program: Path) -> None:
    put(program, ALTERED, catalogue()[OWN].file)
    with pytest.raises(CascadeAltered):
        resolve([OWN])


def test_without_any_cascade_the_installation_is_to_blame(program: Path, home: Path) -> None:
    (program / catalogue()[OWN].file).unlink()
    with pytest.raises(CascadeMissing, match="Install Koredare again"):
        resolve(home=home)


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(CascadeMissing, match=f"{CLASSIC}, {OWN}; a file"):
        resolve(["lbpcascade_catface"])


def test_a_file_of_ones_own_needs_no_entry_in_the_catalogue(home: Path) -> None:
    path = put(home, ALTERED.replace(b"<stageNum>12", b"<stageNum>13"), "mine.xml")
    for asked in (str(path), "mine.xml"):  # a relative path starts at home
        (source,) = resolve([asked], home=home)
        assert isinstance(source, Cascade)
        assert (source.name, source.path, source.sha256) == ("mine", path, None)
        assert Detector([source]).detect(paint(CAST[0], seed=2).picture)


def test_a_file_of_ones_own_that_is_not_there_is_named(home: Path) -> None:
    with pytest.raises(CascadeMissing, match=r"mine\.xml is not there"):
        resolve(["mine.xml"], home=home)


def test_several_can_be_named_together(home: Path) -> None:
    put(home / "cascades", GOOD)
    assert [source.name for source in resolve([CLASSIC, OWN], home=home)] == [CLASSIC, OWN]


# Fetching


@pytest.mark.parametrize("way", ["good", "moved"])
def test_a_good_file_is_fetched_and_found(repository: str, home: Path, way: str) -> None:
    path = fetch(CLASSIC, destination=home / "cascades", source=f"{repository}/{way}")
    assert path.read_bytes() == GOOD
    assert find(CLASSIC, home=home) == path
    assert names(home / "cascades") == [FILE]


# Each with the bound that ends it, where one does: the others must end of themselves.
BAD_DAYS: list[tuple[str, str, dict[str, float]]] = [
    ("altered", "another file", {}),
    ("cut", "another file|could not be fetched", {}),
    ("gone", "404", {}),
    ("silence", "timed out", {"timeout": 0.3}),
    ("drops", "did not arrive within", {"most_seconds": 0.6}),
    ("flood", "is longer than", {}),
]


@pytest.mark.parametrize(("way", "said", "bound"), BAD_DAYS)
def test_on_a_bad_day_nothing_is_left_behind(
    repository: str, home: Path, way: str, said: str, bound: dict[str, float]
) -> None:
    with pytest.raises(FetchFailed, match=said):
        fetch(CLASSIC, destination=home, source=f"{repository}/{way}", **({"timeout": 600} | bound))
    assert names(home) == []


@pytest.mark.parametrize(("way", "said", "bound"), BAD_DAYS)
def test_on_a_bad_day_a_good_file_stays(
    repository: str, home: Path, way: str, said: str, bound: dict[str, float]
) -> None:
    path = put(home, GOOD)
    with pytest.raises(FetchFailed, match=said):
        fetch(CLASSIC, destination=home, source=f"{repository}/{way}", **({"timeout": 600} | bound))
    assert path.read_bytes() == GOOD
    assert names(home) == [FILE]


def test_an_altered_file_is_mended_by_fetching(repository: str, home: Path) -> None:
    path = put(home, ALTERED)
    fetch(CLASSIC, destination=home, source=f"{repository}/good")
    assert path.read_bytes() == GOOD


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/x", "file:///etc/hostname", "http://[", "nonsense", "http://"])
def test_where_nobody_answers_it_is_said(home: Path, address: str) -> None:
    with pytest.raises(FetchFailed, match=r"could not be fetched|is not a web address"):
        fetch(CLASSIC, destination=home, source=address, timeout=1)
    assert names(home) == []


def test_a_copy_on_this_machine_saves_the_download(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOREDARE_CASCADE", str(put(tmp_path / "elsewhere", GOOD, "copy.xml")))
    path = fetch(CLASSIC, destination=home, source="http://127.0.0.1:1/x")
    assert path == home / FILE
    assert path.read_bytes() == GOOD


def test_an_altered_copy_on_this_machine_is_not_taken(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOREDARE_CASCADE", str(put(tmp_path / "elsewhere", ALTERED, "copy.xml")))
    with pytest.raises(CascadeAltered, match=r"copy\.xml"):
        fetch(CLASSIC, destination=home)
    assert names(home) == []


def test_where_a_file_stands_in_the_way_of_the_folder_it_is_said(repository: str, home: Path) -> None:
    home.write_text("a file")
    with pytest.raises(FetchFailed, match="cannot be written"):
        fetch(CLASSIC, destination=home, source=f"{repository}/good")


def test_what_is_ours_is_not_fetched(home: Path) -> None:
    with pytest.raises(FetchFailed, match="part of Koredare"):
        fetch(OWN, destination=home)


# Set-up


def set_up(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    """Run `python -m ml.cascades` in this process; the one line that it says. It never ends in failure."""
    monkeypatch.setattr(sys, "argv", ["ml.cascades", *map(str, words)])
    main()
    (line,) = capsys.readouterr().out.splitlines()
    return line


def test_set_up_fetches_once(
    repository: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--home", home, "--source", f"{repository}/good")
    assert "fetched" in set_up(monkeypatch, capsys, *words)
    assert "is here already" in set_up(monkeypatch, capsys, "--home", home, "--source", f"{repository}/gone")


@pytest.mark.parametrize("way", ["gone", "altered", "flood"])
def test_set_up_goes_on_without(
    repository: str, home: Path, way: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = set_up(monkeypatch, capsys, "--home", home, "--source", f"{repository}/{way}")
    assert "was not fetched" in line
    assert f"Everything runs on {OWN}" in line
    assert [source.name for source in resolve(home=home)] == [OWN]


def test_set_up_mends_an_altered_file_or_says_that_it_is_in_the_way(
    repository: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = put(home / "cascades", ALTERED)
    assert "Put the original" in set_up(monkeypatch, capsys, "--home", home, "--source", f"{repository}/gone")
    assert "fetched" in set_up(monkeypatch, capsys, "--home", home, "--source", f"{repository}/good")
    assert path.read_bytes() == GOOD


def test_set_up_as_make_runs_it_ends_well_without_a_network(home: Path) -> None:
    words = ["-m", "ml.cascades", "--home", str(home), "--source", "http://127.0.0.1:1/x"]
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Everything runs on {OWN}" in done.stdout


def test_a_catalogue_that_is_damaged_is_said_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "FOLDER", tmp_path)
    catalogue = finding.catalogue.__wrapped__  # it is remembered
    for text in (None, "[koredare_lbp", "[koredare_lbp]\nfile = 'koredare_lbp.xml'\n"):
        if text is not None:
            (tmp_path / "catalogue.toml").write_text(text)
        with pytest.raises(CascadeError, match=r"catalogue\.toml, a part of Koredare, cannot be read .* Install"):
            catalogue()
