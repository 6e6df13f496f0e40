"""Another network for the faces, as an operator chooses it: prepared once, and what was learned is learned again."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ml.naming.backbones import BackboneError
from ml.pretraining.backbone import prepare
from tests.conftest import KNOWN, koredare, png

AKEHA = KNOWN[0]
MOBILENET = '[recognition]\nbackbone = "mobilenet_v3_small"\nbackbone_weights = "{}"\n'


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of weights as Keras saves them, random: what matters here is the way."""
    keras: Any = importlib.import_module("keras")
    keras.utils.set_random_seed(0)
    path = tmp_path_factory.mktemp("weights") / "mine.weights.h5"
    keras.applications.MobileNetV3Small(weights=None).save_weights(path)
    return path


def configured(home: Path, text: str) -> None:
    (home / "config.toml").write_text(text)


def whois(path: Path, home: Path) -> dict[str, Any]:
    done = koredare("whois", path, "--json", home=home)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_all_is_learned_again_with_a_network_from_keras(trained_home: Path, weights: Path, tmp_path: Path) -> None:
    her = tmp_path / "her.png"
    her.write_bytes(png(AKEHA, seed=55))
    configured(trained_home, MOBILENET.format(weights))

    early = koredare("whois", her, home=trained_home)
    assert (early.returncode, early.stderr) == (
        1,
        "koredare: The backbone mobilenet_v3_small is not prepared yet: koredare backbone\n",
    )
    assert "MEND  The backbone mobilenet_v3_small is not prepared yet" in koredare("doctor", home=trained_home).stdout

    prepared = koredare("backbone", home=trained_home)
    assert prepared.returncode == 0, prepared.stderr
    assert "The backbone mobilenet_v3_small is ready" in prepared.stdout

    # The old version reads another network's vectors: it names nobody, rather than at random.
    stranger = whois(her, trained_home)
    assert (stranger["model"], stranger["faces"][0]["name"], stranger["faces"][0]["candidates"]) == (None, None, [])
    assert "MEND  model v1 was trained with another embedder" in koredare("doctor", home=trained_home).stdout

    retrained = koredare("retrain", "--json", home=trained_home)
    assert retrained.returncode == 0, retrained.stderr
    report = json.loads(retrained.stdout)
    assert (report["version"], report["stale"]) == ("v2", 0)
    assert {character["name"] for character in report["characters"]} == {character.name for character in KNOWN}

    known = whois(her, trained_home)
    assert known["model"] == "v2"
    assert {each["name"] for each in known["faces"][0]["candidates"]} == {character.name for character in KNOWN}
    assert "ok    backbone mobilenet_v3_small" in koredare("doctor", home=trained_home).stdout

    # And back again: the version before fits its own network still.
    configured(trained_home, "")
    assert koredare("model", "rollback", "v1", home=trained_home).returncode == 0
    assert whois(her, trained_home)["faces"][0]["name"] == AKEHA.name


def test_weights_that_are_not_there_are_told_in_one_sentence(tmp_path: Path) -> None:
    configured(tmp_path, MOBILENET.format(tmp_path / "nowhere.h5"))
    for words in (["backbone"], ["whois", "her.png"]):
        done = koredare(*words, home=tmp_path)
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert (
            f"The weights {tmp_path / 'nowhere.h5'} cannot be read (No such file or directory): correct" in done.stderr
        )


def test_weights_of_another_network_are_refused(tmp_path: Path, weights: Path) -> None:
    with pytest.raises(
        BackboneError, match=r"weights\.h5 does not hold the weights of mobilenet_v2 \(.*\): name a file"
    ):
        prepare("mobilenet_v2", weights=weights, home=tmp_path)
    assert not list(tmp_path.glob("backbones/mobilenet*"))


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


def test_the_network_that_ships_needs_no_weights(tmp_path: Path) -> None:
    configured(tmp_path, '[recognition]\nbackbone_weights = "some.h5"\n')
    done = koredare("whois", "her.png", home=tmp_path)
    assert done.returncode == 1
    assert "backbone is koredare, which needs none" in done.stderr
    assert "Traceback" not in done.stderr
