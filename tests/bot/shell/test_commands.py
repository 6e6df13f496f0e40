"""The command line, run as a process: what it prints, and how it ends."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from PIL import Image, ImageFilter
from sqlalchemy import select, update

from bot.config.loading import EXAMPLE
from bot.database.samples import Sample
from bot.shell.commands import app
from ml.painting import CAST, paint
from ml.versions.registry import Registry
from tests import databases
from tests.conftest import KNOWN, koredare, outdate, png

AKEHA = KNOWN[0]


def answers(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def spoil(home: Path) -> None:
    """Make noise of all that is learned from, as if everybody had lied."""
    noise = np.random.default_rng(0)
    with databases.connected(home) as connection:
        for face_id in connection.scalars(
            select(Sample.face_id).where(Sample.held_out.is_(False)).order_by(Sample.face_id)
        ).all():
            embedding = noise.normal(size=512).astype("<f2").tobytes()
            connection.execute(update(Sample).where(Sample.face_id == face_id).values(embedding=embedding))


def commands(group: Any, *before: str) -> Iterator[tuple[str, Any]]:
    """All commands, with the words that call them."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *before, name)
        else:
            yield " ".join([*before, name]), command


def test_every_command_has_help_with_an_example_and_takes_a_folder() -> None:
    every = dict(commands(typer.main.get_command(app)))
    assert {"run", "model list", "dataset split", "knowledge import", "db copy", "forget"} <= every.keys()
    for words, command in every.items():
        assert command.help
        assert command.epilog.startswith(f"Example: koredare {words}")
        assert {"home", "config"} <= {each.name for each in command.params}
    help_of = [sys.executable, "-m", "bot", "db", "copy", "--help"]
    assert "Example: koredare db copy" in subprocess.run(help_of, capture_output=True, text=True, check=True).stdout


def test_whois_prints_one_object_a_line_in_the_order_of_the_pictures(trained_home: Path, tmp_path: Path) -> None:
    two, broken = tmp_path / "two.png", tmp_path / "broken.jpg"
    two.write_bytes(png(KNOWN[1], AKEHA, seed=61))
    broken.write_bytes(b"\xff\xd8\xff\xe0 cut off")
    nowhere = tmp_path / "nowhere.png"
    done = koredare("whois", two, broken, nowhere, "--json", home=trained_home)
    assert done.returncode == 1
    first, second, third = answers(done.stdout)

    assert list(first) == ["path", "width", "height", "faces", "model", "seconds"]
    assert (first["path"], first["width"], first["height"], first["model"]) == (str(two), 1280, 640, "v1")
    faces = first["faces"]
    assert isinstance(faces, list)
    assert [face["name"] for face in faces] == [KNOWN[1].name, AKEHA.name]
    for face in faces:
        assert list(face) == ["box", "angle", "score", "name", "confidence", "candidates"]
        x, y, w, h = face["box"]
        assert 0 <= x < x + w <= 1280
        assert 0 <= y < y + h <= 640
        assert len(face["candidates"]) == len(KNOWN)  # fewer than five are known
        assert face["candidates"][0] == {"name": face["name"], "confidence": face["confidence"]}
        assert 0 <= face["confidence"] <= 1

    assert second["path"] == str(broken)
    assert second["error"]["code"] == "damaged"  # type: ignore[index]
    assert third["error"]["code"] == "unreadable"  # type: ignore[index]


def test_a_damaged_version_is_passed_over_and_said(trained_home: Path, tmp_path: Path) -> None:
    registry = Registry(trained_home / "models" / "everyone")
    with registry.staging() as staged:
        shutil.copytree(trained_home / "models" / "everyone" / "v1", staged, dirs_exist_ok=True)
        damaged = registry.publish(staged, published={"kind": "published", "via": "shell"}).folder
    (damaged / "classifier.npz").write_bytes(b"cut")
    listed = koredare("model", "list", home=trained_home).stdout.splitlines()
    assert listed[0].startswith("* v1")
    assert listed[1] == "! v2    damaged (classifier.npz was altered) and set aside"
    told = koredare("doctor", home=trained_home).stdout
    assert f"MEND  {damaged} is damaged, so v1 answers: `koredare retrain`" in told
    path = tmp_path / "her.png"
    path.write_bytes(png(AKEHA, seed=55))
    done = koredare("whois", path, "--json", home=trained_home)
    assert answers(done.stdout)[0]["model"] == "v1"
    assert f"{damaged} is damaged" in done.stderr


def test_a_stranger_has_candidates_but_no_name(trained_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "stranger.png"
    path.write_bytes(png(CAST[6], seed=61))
    done = koredare("whois", path, "--json", home=trained_home)
    assert done.returncode == 0
    (face,) = answers(done.stdout)[0]["faces"]  # type: ignore[misc]
    assert face["name"] is None
    assert len(face["candidates"]) == len(KNOWN)


def test_out_writes_labelled_pictures_and_text_is_for_people(trained_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "her.png"
    path.write_bytes(png(AKEHA, seed=55))
    done = koredare("whois", path, "--out", tmp_path / "labelled", home=trained_home)
    assert done.returncode == 0
    assert f"{path}: {AKEHA.name} (" in done.stdout
    with Image.open(tmp_path / "labelled" / "her.jpg") as labelled:
        assert labelled.size == (720, 720)


def test_a_labelled_picture_takes_no_other_files_place(trained_home: Path, tmp_path: Path) -> None:
    photos, labelled = tmp_path / "photos", tmp_path / "labelled"
    asked = [photos / "a" / "1.jpg", photos / "b" / "1.jpg"]
    for path, who in zip(asked, KNOWN, strict=False):
        path.parent.mkdir(parents=True)
        Image.fromarray(paint([who], seed=55, size=(640, 640)).picture).save(path)
    before = [path.read_bytes() for path in asked]

    first = koredare("whois", *asked, "--out", labelled, home=trained_home)
    assert first.returncode == 0
    assert f"{labelled / '1.jpg'} is there already: the labelled {asked[1]} is {labelled / '1-2.jpg'}" in first.stderr
    written = {path.name: path.read_bytes() for path in labelled.iterdir()}
    assert sorted(written) == ["1-2.jpg", "1.jpg"]

    again = koredare("whois", *asked, "--out", asked[0].parent, home=trained_home)
    assert again.returncode == 0
    assert [path.read_bytes() for path in asked] == before
    assert {path.name: path.read_bytes() for path in asked[0].parent.iterdir() if path != asked[0]} == {
        "1-2.jpg": written["1.jpg"],
        "1-3.jpg": written["1-2.jpg"],
    }


def test_a_crop_is_one_face_without_detection(trained_home: Path, gallery: Path, tmp_path: Path) -> None:
    with Image.open(gallery / AKEHA.name / "10.png") as picture:
        picture.resize((100, 80)).save(tmp_path / "crop.png")
    out = tmp_path / "labelled"
    done = koredare("whois", tmp_path / "crop.png", "--crops", "--json", "--out", out, home=trained_home)
    (face,) = answers(done.stdout)[0]["faces"]  # type: ignore[misc]
    assert face["box"] == [0, 0, 100, 80]
    assert [path.name for path in out.iterdir()] == ["crop.jpg"]


def test_whois_without_a_model_knows_nobody_and_says_so(tmp_path: Path, gallery: Path) -> None:
    done = koredare("whois", gallery / AKEHA.name / "10.png", "--json", home=tmp_path)
    assert done.returncode == 0
    answer = answers(done.stdout)[0]
    assert answer["model"] is None
    assert answer["faces"][0]["name"] is None  # type: ignore[index]


def test_a_crop_in_which_nobody_can_be_told_is_not_learned(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "Fuyuha"
    folder.mkdir(parents=True)
    painting = paint(CAST[6], seed=63)
    x, y, w, h = painting.heads[0]
    head = Image.fromarray(painting.picture[y : y + h, x : x + w])
    head.save(folder / "clear.png")
    head.resize((24, 24)).filter(ImageFilter.GaussianBlur(3)).save(folder / "smear.png")
    done = koredare("import", folder.parent, "--crops", home=tmp_path)
    assert "Fuyuha: 1 new faces" in done.stdout
    assert "smear.png: the face is too small or blurred to learn from" in done.stdout


def test_import_lists_what_it_leaves_out_and_learns_nothing_twice(trained_home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    (folder / "Fuyuha").mkdir(parents=True)
    (folder / "_unknown").mkdir()
    (folder / "_unknown" / "nobody.png").write_bytes(b"")
    (folder / "Fuyuha" / "good.png").write_bytes(png(CAST[6], seed=63))
    (folder / "Fuyuha" / "two.png").write_bytes(png(CAST[6], AKEHA, seed=64))
    (folder / "Fuyuha" / "notes.txt").write_text("not a picture")
    (folder / "stray.png").write_bytes(png(CAST[6], seed=65))
    done = koredare("import", folder, home=trained_home)
    assert done.returncode == 0
    assert "Fuyuha: 1 new faces" in done.stdout
    for left_out in (
        "two.png: 2 faces",
        "notes.txt: ",
        "stray.png: not the folder of a character",
        "_unknown: “_unknown” is",
    ):
        assert left_out in done.stdout
    assert "4 left out" in done.stdout
    assert "two.png: 2 faces" in (trained_home / "not-imported.txt").read_text()
    again = koredare("import", folder, home=trained_home)
    assert "Fuyuha: 0 new faces" in again.stdout
    assert "1 pictures were known already" in again.stdout


def test_with_nothing_new_a_retraining_says_so_and_publishes_nothing(trained_home: Path) -> None:
    for words in ((), ("--override",)):
        done = koredare("retrain", *words, home=trained_home)
        assert (done.returncode, done.stdout) == (
            3,
            "There is nothing new to learn: v1 knows all that is trusted, so it stays.\n",
        )
    told = json.loads(koredare("retrain", "--json", home=trained_home).stdout)
    assert told == {"promoted": False, "version": None, "reason": "nothing_new"}
    versions = json.loads(koredare("model", "list", "--json", home=trained_home).stdout)
    assert [version["name"] for version in versions] == ["v1"]


def test_retrain_publishes_and_the_versions_are_listed_and_taken_back(trained_home: Path) -> None:
    outdate(trained_home)
    done = koredare("retrain", "--json", home=trained_home)
    report = json.loads(done.stdout)
    assert (done.returncode, report["promoted"], report["version"]) == (0, True, "v2")
    assert 6 <= report["naming"]["after"]["total"] <= 8  # a fifth of four characters' ten pictures is held out

    versions = json.loads(koredare("model", "list", "--json", home=trained_home).stdout)
    assert [version["name"] for version in versions] == ["v1", "v2"]
    assert [version["active"] for version in versions] == [False, True]
    back = koredare("model", "rollback", home=trained_home)
    assert back.stdout.strip() == "v1 answers from now on."
    shown = json.loads(koredare("model", "show", home=trained_home).stdout)
    assert shown["name"] == "v1"
    assert koredare("model", "rollback", home=trained_home).returncode == 1


def test_a_retraining_that_fails_says_why_in_json_too(tmp_path: Path) -> None:
    done = koredare("retrain", "--json", home=tmp_path)
    told = json.loads(done.stdout)
    assert (done.returncode, told["promoted"], told["reason"]) == (1, False, "nothing_to_learn")
    assert told["message"] in done.stderr


def test_a_worse_version_is_not_published(trained_home: Path) -> None:
    outdate(trained_home)
    spoil(trained_home)
    done = koredare("retrain", "--json", home=trained_home)
    assert done.returncode == 3
    report = json.loads(done.stdout)
    assert (report["promoted"], report["version"], report["reason"]) == (False, None, "naming_worse")
    versions = json.loads(koredare("model", "list", "--json", home=trained_home).stdout)
    assert [version["name"] for version in versions] == ["v1"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("retrain",), "nothing to learn from yet"),
        (("import", "/nowhere/at/all"), "is not a folder"),
        (("model", "rollback"), "no earlier version"),
        (("run",), "There is no bot token"),
    ],
)
def test_what_cannot_be_done_ends_with_one_sentence(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = koredare(*words, home=tmp_path)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_says_what_is_missing_and_how_to_mend_it(trained_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KOREDARE_TOKEN", raising=False)
    done = koredare("doctor", home=trained_home)
    assert done.returncode == 1
    assert "MEND  no bot token: set KOREDARE_TOKEN" in done.stdout
    assert f"no configuration: copy {EXAMPLE}, which explains every setting" in done.stdout
    # Of two that look the same one counts, which depends a little on the cascade.
    assert re.search(r"ok    model v1, from 3[12] faces", done.stdout)
    monkeypatch.setenv("KOREDARE_TOKEN", "x")
    assert "watching channels needs the Message Content Intent" in done.stdout
    (trained_home / "config.toml").write_text("[discord]\nmessage_content = false\n")
    done = koredare("doctor", home=trained_home)
    assert done.returncode == 0
    assert "channels cannot be watched" in done.stdout
    assert f"ok    configuration {trained_home / 'config.toml'}" in done.stdout


def test_what_people_said_and_the_token_are_for_the_operator_alone(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[discord]\ntoken = "MTIz.abc.def"\n')
    (tmp_path / "config.toml").chmod(0o644)
    assert "koredare: " in koredare("import", tmp_path / "nowhere", home=tmp_path).stderr
    database = tmp_path / "koredare.db"
    assert database.stat().st_mode & 0o777 == 0o600
    database.chmod(0o644)  # as an older Koredare made it
    koredare("import", tmp_path / "nowhere", home=tmp_path)
    assert database.stat().st_mode & 0o777 == 0o600
    mend = f"others on this machine may read the secrets in {tmp_path / 'config.toml'}: chmod 600"
    assert f"MEND  {mend}" in koredare("doctor", home=tmp_path).stdout
    (tmp_path / "config.toml").chmod(0o600)
    assert mend not in koredare("doctor", home=tmp_path).stdout


@pytest.mark.parametrize("content", [b"SQLite format 3\0" + bytes(4000), b"not a database at all"])
def test_a_database_that_is_none_is_told_by_doctor(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "koredare.db").write_bytes(content)
    assert "koredare.db is damaged, or none of ours" in koredare("doctor", home=tmp_path).stdout


def test_the_bot_and_its_workers_import_nothing_that_was_not_asked_for(tmp_path: Path) -> None:
    code = (
        "import sys, bot.client, bot.recognition.pool, bot.shell.commands, bot.shell.pictures, ml\n"
        "from bot.client import COGS\n"
        "import importlib; [importlib.import_module(cog) for cog in COGS]\n"
        "from bot.config import load_settings; bot.client.create_bot(load_settings())\n"
        "heavy = {'tensorflow', 'keras', 'torch', 'distributed', 'dask', 'fsspec', 'psycopg'}\n"
        "assert not any(name.split('.')[0] in heavy for name in sys.modules)\n"
    )
    environment = os.environ | {"KOREDARE_HOME": str(tmp_path)}
    assert subprocess.run([sys.executable, "-c", code], check=False, env=environment).returncode == 0


def test_without_what_trains_everything_else_works_and_says_how_to_get_it(trained_home: Path, tmp_path: Path) -> None:
    outdate(trained_home)
    picture = tmp_path / "one.png"
    picture.write_bytes(png(KNOWN[0], seed=61))
    run = (
        "import importlib.util as util\n"
        "found = util.find_spec\n"
        "util.find_spec = lambda name, *package: None if name == 'tensorflow' else found(name, *package)\n"
        "from bot.shell.commands import main; main()"
    )

    def without(*words: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", run, *map(str, words), "--home", str(trained_home)]
        return subprocess.run(command, check=False, capture_output=True, text=True)

    done = without("retrain")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("koredare: Retraining needs TensorFlow")
    assert KNOWN[0].name in without("whois", picture).stdout
    mend = "MEND  tensorflow is not installed: only retraining needs it: pip install 'koredare[train]'"
    assert mend in without("doctor").stdout


def test_a_worse_version_is_published_against_the_gate_if_the_operator_insists(trained_home: Path) -> None:
    outdate(trained_home)
    spoil(trained_home)
    done = koredare("retrain", "--override", home=trained_home)
    assert done.returncode == 0
    assert "Published as v2, against the gate." in done.stdout
    assert "fewer rightly" in done.stdout
    shown = json.loads(koredare("model", "show", home=trained_home).stdout)
    assert (shown["name"], shown["published"]) == ("v2", {"kind": "overridden", "via": "shell"})


def test_a_version_is_carried_to_another_machine_and_names_faces_there(
    trained_home: Path, gallery: Path, tmp_path: Path
) -> None:
    file, elsewhere = tmp_path / "v1.zip", tmp_path / "elsewhere"
    assert koredare("model", "export", "--to", file, home=trained_home).returncode == 0
    done = koredare("model", "import", file, home=elsewhere)
    assert "It is v1 here, and answers from now on." in done.stdout
    picture = gallery / AKEHA.name / "10.png"
    assert AKEHA.name in koredare("whois", picture, home=elsewhere).stdout
    listed = koredare("model", "list", home=elsewhere).stdout
    assert "* v1" in listed
    assert "imported" in listed
    again = koredare("model", "export", "--to", file, home=elsewhere)
    assert again.returncode == 1
    assert "exists already" in again.stderr
