"""`koredare evaluate` and `koredare dataset`, run as processes."""

import json
import re
import shutil
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from bot.shell.commands import app
from ml.painting import CAST
from tests.conftest import KNOWN, koredare, png

AKEHA, OTHER = KNOWN[0], KNOWN[1]


@pytest.mark.parametrize("words", ["evaluate", "dataset crop", "dataset resize", "dataset split"])
def test_every_command_has_help_with_an_example(words: str) -> None:
    shown = CliRunner().invoke(app, [*words.split(), "--help"])
    assert shown.exit_code == 0
    assert f"koredare {words}" in shown.output
    assert "--home" in shown.output


def test_evaluate_measures_a_folder_and_loses_no_picture(trained_home: Path, gallery: Path, tmp_path: Path) -> None:
    folder, out = tmp_path / "pictures", tmp_path / "charts"
    mine, others, new, strangers = (
        folder / name for name in (AKEHA.name.upper(), OTHER.name, "Somebody New", "_unknown")
    )
    for each in (mine, others, new, strangers):
        each.mkdir(parents=True)
    for seed in range(3):
        (mine / f"{seed}.png").write_bytes(png(AKEHA, seed=200 + seed))
        (others / f"{seed}.png").write_bytes(png(OTHER, seed=210 + seed))
        (strangers / f"{seed}.png").write_bytes(png(CAST[6], seed=220 + seed))
    shutil.copy(min((gallery / AKEHA.name).iterdir()), mine / "learned.png")
    (new / "0.png").write_bytes(png(CAST[7], seed=230))
    (mine / "both.png").write_bytes(png(AKEHA, OTHER, seed=231))
    Image.new("RGB", (300, 300), "white").save(mine / "empty.png")
    (mine / "notes.txt").write_text("no picture")
    (folder / "stray.png").write_bytes(png(AKEHA, seed=232))

    done = koredare("evaluate", folder, "--json", "--out", out, home=trained_home)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    pictures = report["pictures"]
    assert (pictures["total"], pictures["judged"], pictures["learned"]) == (15, 11, 1)
    why = ("no_face", "several_faces", "unreadable", "misplaced")
    assert [pictures[each] for each in why] == [1, 1, 1, 1]
    assert {Path(each["path"]).name for each in report["not_judged"]} == {
        "both.png",
        "empty.png",
        "notes.txt",
        "stray.png",
    }
    assert report["model"] == "v1"
    assert (report["top1"]["total"], report["unknown_rejection"]["total"]) == (7, 3)
    assert report["top1"]["right"] >= 6
    assert report["top1"]["low"] <= report["top1"]["rate"] <= report["top1"]["high"]
    assert report["top1_with_threshold"]["right"] <= report["top1"]["right"]
    assert report["unknown_rejection"]["right"] + report["false_accept"]["right"] == 3
    assert [each["name"] for each in report["characters"]] == sorted([AKEHA.name, OTHER.name])
    assert [each["name"] for each in report["unknown_characters"]] == ["Somebody New"]
    assert report["calibration"]["faces"] == 10
    assert 0 <= report["calibration"]["ece"] <= 1
    assert report["confusion"]["rows"][-2:] == ["Somebody New", "_unknown"]
    assert sum(map(sum, report["confusion"]["counts"])) == 11
    assert sorted(path.name for path in out.iterdir()) == ["confused.png", "confusion.png", "reliability.png"]
    for path in report["charts"].values():
        with Image.open(path) as chart:
            chart.load()

    (folder / "_unknown").rename(folder / "知らない人")
    said = koredare("evaluate", folder, "--out", out, home=trained_home).stdout
    assert re.search(r"strangers left unnamed +\d of 3\n", said)
    (folder / "知らない人").rename(tmp_path / "elsewhere")
    said = koredare("evaluate", folder, "--out", out, home=trained_home).stdout
    assert re.search(r"likeliest name is right +\d of 7\n", said)
    assert "%" not in said  # of a few faces a share would say more than was measured
    assert "strangers left unnamed    none to measure" in said
    assert "Somebody New is not known to this model" in said
    assert "both.png: 2 faces" in said
    assert "1 of these pictures are examples already" in said


def test_what_cannot_be_evaluated_ends_with_one_sentence(trained_home: Path, gallery: Path, tmp_path: Path) -> None:
    (tmp_path / "blank" / "Riko").mkdir(parents=True)
    Image.new("RGB", (300, 300), "white").save(tmp_path / "blank" / "Riko" / "0.png")
    for folder, home, said in (
        (gallery, tmp_path / "new", "no model to measure yet"),
        (tmp_path / "nowhere", trained_home, "is not a folder"),
        (tmp_path / "blank", trained_home, "shows exactly one face"),
    ):
        done = koredare("evaluate", folder, "--out", tmp_path / "out", home=home)
        assert done.returncode == 1
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def test_the_classic_steps_lead_from_pictures_to_a_measured_model(
    gallery: Path, trained_home: Path, tmp_path: Path
) -> None:
    crops, small, sets = (tmp_path / name for name in ("crops", "small", "sets"))
    for words in (("crop", gallery, crops), ("resize", crops, small, "--size", "112"), ("split", small, sets)):
        done = koredare("dataset", *words, home=tmp_path / "new")
        assert done.returncode == 0, done.stderr
        assert AKEHA.name in done.stdout
    measured = koredare("evaluate", sets / "test", "--crops", "--json", "--out", tmp_path / "out", home=trained_home)
    report = json.loads(measured.stdout)
    assert report["top1"]["total"] == report["pictures"]["total"] >= 6
    assert report["top1"]["rate"] >= 0.8

    again = koredare("dataset", "split", small, sets, home=tmp_path / "new")
    assert again.returncode == 1
    assert "never write over anything" in again.stderr
