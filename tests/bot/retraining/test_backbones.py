"""Another network for the faces, as an operator chooses it: prepared once, and what was learned is learned again."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import pytest

from bot.config import load_settings
from bot.shell import checkup, packages, pictures
from ml.drawing.labelled import encode
from ml.naming.backbones import BackboneError, Choice, place
from ml.naming.embedder import fingerprint
from ml.naming.networks import NetworkFile, Reading
from ml.painting import invent, paint, paint_background
from ml.pretraining.backbone import prepare
from tests.conftest import KNOWN, koredare, png
from tests.onnx_networks import pooled

AKEHA = KNOWN[0]
MOBILENET = '[recognition]\nbackbone = "mobilenet_v3_small"\nbackbone_weights = "{}"\n'
COLOURS = """
[recognition]
backbone = "{}"
[recognition.onnx]
mean = [0.6, 0.5, 0.5]
std = [0.25, 0.25, 0.25]
output = "vector"
"""


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of weights as Keras saves them, random: what matters here is the way."""
    keras: Any = importlib.import_module("keras")
    keras.utils.set_random_seed(0)
    path = tmp_path_factory.mktemp("weights") / "mine.weights.h5"
    keras.applications.MobileNetV3Small(weights=None).save_weights(path)
    return path


@pytest.fixture
def colours(tmp_path: Path) -> Path:
    """An ONNX file: a network that sees where which colours are."""
    path = tmp_path / "colours.onnx"
    path.write_bytes(pooled(outputs=("map", "vector")))
    return path


@pytest.fixture
def strangers(tmp_path: Path) -> Path:
    """What `koredare backbone` may be given: crops of twenty characters, and pictures with faces and without any."""
    folder = tmp_path / "strangers"
    (folder / "detection" / "images").mkdir(parents=True)
    (folder / "negatives").mkdir()
    boxes: dict[str, list[dict[str, list[int]]]] = {}
    for seed in range(300, 320):
        painting = paint(invent(seed), seed=seed)
        x, y, w, h = painting.heads[0]
        crop = folder / f"mine-{seed}" / "1.png"
        crop.parent.mkdir()
        assert cv2.imwrite(str(crop), painting.picture[y : y + h, x : x + w, ::-1])
        if seed < 302:
            (folder / "detection" / "images" / f"{seed}.jpg").write_bytes(encoded(painting.picture))
            boxes[f"{seed}.jpg"] = [{"box": list(painting.heads[0])}]
            (folder / "negatives" / f"{seed}.jpg").write_bytes(encoded(paint_background(seed)))
    (folder / "detection" / "boxes.json").write_text(json.dumps(boxes))
    return folder


def encoded(picture: Any) -> bytes:
    return encode(picture, max_bytes=10**7).data


def configured(home: Path, text: str) -> None:
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text(text)


def whois(path: Path, home: Path) -> dict[str, Any]:
    (answer,) = pictures.whois(load_settings(home=home), [path], crops=False, out=None)
    return answer


def test_all_is_learned_again_with_a_network_in_an_onnx_file(
    trained_home: Path, colours: Path, strangers: Path, tmp_path: Path
) -> None:
    her = tmp_path / "her.png"
    her.write_bytes(png(AKEHA, seed=55))
    configured(trained_home, COLOURS.format(colours))

    early = koredare("whois", her, home=trained_home)
    assert (early.returncode, early.stderr) == (
        1,
        "koredare: The backbone colours.onnx is not prepared yet: koredare backbone\n",
    )
    assert "MEND  The backbone colours.onnx is not prepared yet" in koredare("doctor", home=trained_home).stdout

    prepared = koredare("backbone", strangers, home=trained_home)
    assert prepared.returncode == 0, prepared.stderr
    assert "The backbone colours.onnx is ready" in prepared.stdout
    assert "It looks at 20 faces of strangers" in prepared.stderr
    assert "too few characters, or of too few hands" in prepared.stderr  # so it borrows how sure to be

    # The old version reads another network's vectors: it names nobody, rather than at random.
    stranger = whois(her, trained_home)
    assert (stranger["model"], stranger["faces"][0]["name"], stranger["faces"][0]["candidates"]) == (None, None, [])
    checked = koredare("doctor", home=trained_home).stdout
    assert "MEND  model v1 was trained with another embedder" in checked
    assert "with 20 background faces and a verifier of its own, in" in checked

    retrained = koredare("retrain", "--json", home=trained_home)
    assert retrained.returncode == 0, retrained.stderr
    report = json.loads(retrained.stdout)
    assert (report["version"], report["stale"]) == ("v2", 0)
    assert {character["name"] for character in report["characters"]} == {character.name for character in KNOWN}

    known = whois(her, trained_home)
    assert known["model"] == "v2"
    assert {each["name"] for each in known["faces"][0]["candidates"]} == {character.name for character in KNOWN}

    # And back again: the version before fits its own network still.
    configured(trained_home, "")
    assert koredare("model", "rollback", "v1", home=trained_home).returncode == 0
    assert whois(her, trained_home)["faces"][0]["name"] == AKEHA.name


def test_a_network_of_keras_is_converted_and_what_was_spoilt_made_again(
    tmp_path: Path, weights: Path, strangers: Path
) -> None:
    configured(tmp_path, MOBILENET.format(weights))
    told: list[str] = []
    prepare(Choice("mobilenet_v3_small", weights), home=tmp_path, told=told.append)
    assert "painted strangers; real ones are worth far more: koredare backbone PICTURES" in "".join(told)

    made = place(Choice("mobilenet_v3_small", weights), home=tmp_path)
    assert made.judge != made
    as_it_was = fingerprint(made.embedder)
    made.background.write_bytes(b"an older Koredare's")
    assert "MEND" in koredare("doctor", home=tmp_path).stdout
    told.clear()
    (strangers / "negatives").rename(strangers / "detection" / "kept")
    prepare(Choice("mobilenet_v3_small", weights), home=tmp_path, pictures=strangers, told=told.append)
    assert told[-1] == f"Whether something is a face, ours judges: {strangers} holds no detection/ and negatives/."
    assert fingerprint(made.embedder) == as_it_was
    assert "ok    backbone mobilenet_v3_small" in (checked := koredare("doctor", home=tmp_path).stdout)
    assert "with 20 background faces, in" in checked


@pytest.mark.parametrize(
    ("words", "text", "said"),
    [
        (["backbone"], MOBILENET.format("nowhere.h5"), "The weights nowhere.h5 cannot be read (No such file or dir"),
        (["whois", "her.png"], MOBILENET.format("nowhere.h5"), "The weights nowhere.h5 cannot be read (No such file"),
        (["backbone"], COLOURS.format("nowhere.onnx"), "The network nowhere.onnx cannot be read (No such file or dir"),
        (["whois", "her.png"], '[recognition]\nbackbone_weights = "some.h5"\n', "is koredare, which needs none"),
        (["backbone", "faces"], "", "The backbone koredare comes with strangers and a verifier: choose another under"),
    ],
)
def test_what_cannot_be_a_backbone_is_told_in_one_sentence(
    tmp_path: Path, words: list[str], text: str, said: str
) -> None:
    configured(tmp_path, text)
    done = koredare(*words, home=tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert said in done.stderr


def test_an_onnx_file_that_does_not_fit_its_description_is_refused(colours: Path, tmp_path: Path) -> None:
    with pytest.raises(
        BackboneError, match=r"colours\.onnx cannot be the backbone: it has no output 'it', but map, ve"
    ):
        prepare(Choice(colours, reading=Reading(output="it")), home=tmp_path)
    assert not list(tmp_path.glob("backbones/colours*"))


def test_too_few_strangers_are_refused_and_nothing_is_changed(colours: Path, strangers: Path, tmp_path: Path) -> None:
    (strangers / "mine-300").rename(strangers / "negatives" / "mine-300")
    choice = Choice(colours, reading=Reading(output="vector"))
    with pytest.raises(BackboneError, match="holds crops of 19 characters, and strangers should be 20 at least"):
        prepare(choice, home=tmp_path, pictures=strangers)
    assert not place(choice, home=tmp_path).folder.exists()


def test_the_doctor_says_how_to_get_what_runs_onnx_files(
    colours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    configured(tmp_path, COLOURS.format(colours))
    reading = Reading((0.6, 0.5, 0.5), (0.25, 0.25, 0.25), output="vector")
    made = place(Choice(colours, reading=reading), home=tmp_path)
    made.folder.mkdir(parents=True)
    NetworkFile(colours.read_bytes(), reading).write(made.folder, "embedder")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    monkeypatch.setattr(packages, "find_spec", lambda name: None if name == "onnxruntime" else object())
    assert checkup.report(None, tmp_path) == 1
    checked = capsys.readouterr().out
    assert (
        "MEND  The backbone is an ONNX file, and onnxruntime is not installed: pip install 'koredare[onnx]'" in checked
    )
    assert "onnxruntime is not installed: only a backbone in an ONNX file needs it" in checked


def test_weights_of_another_network_are_refused(tmp_path: Path, weights: Path) -> None:
    with pytest.raises(
        BackboneError, match=r"weights\.h5 does not hold the weights of efficientnet_v2_b0 \(.*\): name a file"
    ):
        prepare(Choice("efficientnet_v2_b0", weights), home=tmp_path)
    assert not list(tmp_path.glob("backbones/efficientnet*"))


def test_a_download_that_fails_is_told_in_one_sentence(tmp_path: Path) -> None:
    configured(tmp_path, '[recognition]\nbackbone = "mobilenet_v3_small"\n')
    offline = {**os.environ, "KERAS_HOME": str(tmp_path / "keras"), "https_proxy": "http://127.0.0.1:9"}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "backbone", "--home", str(tmp_path)],
        capture_output=True,
        text=True,
        env=offline,
        check=False,
    )
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("koredare: Keras cannot download the ImageNet weights of mobilenet_v3_small (")
    assert "name the file as backbone_weights under [recognition]" in last
