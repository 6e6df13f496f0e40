"""Networks in ONNX files: however they were exported, they see the same; and what is wrong with one is said."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml.naming.embedder import Embedder, EmbedderError, fingerprint
from ml.naming.networks import NetworkFile, OnnxMissing, Reading, Unfit
from tests.onnx_networks import VECTOR, pooled

READING = Reading(mean=(0.5, 0.4, 0.3), std=(0.2, 0.25, 0.5))


@pytest.mark.parametrize(
    ("way", "reading"),
    [
        ({}, READING),
        ({"layout": "NHWC"}, READING),
        ({"pictures": 1}, READING),
        ({"pictures": 2, "layout": "NHWC"}, READING),
        ({"half": True}, READING),
        ({"size": "side"}, Reading(READING.mean, READING.std, size=64)),
        ({"outputs": ("map", "vector")}, Reading(READING.mean, READING.std, output="vector")),
    ],
)
def test_however_a_network_was_exported_it_sees_the_same(way: dict[str, Any], reading: Reading) -> None:
    network = NetworkFile(pooled(**way), reading).start()
    assert (network.size, network.dimensions) == (64, VECTOR)
    pixels = np.random.default_rng(0).integers(0, 256, (2, 64, 64, 3)).astype(np.float32)
    colours = (pixels / 255 - reading.mean) / reading.std
    expected = colours.reshape(2, 8, 8, 8, 8, 3).mean(axis=(2, 4)).transpose(0, 3, 1, 2).reshape(2, VECTOR)
    np.testing.assert_allclose(network.run(pixels), expected, atol=0.01 if way.get("half") else 1e-4)


@pytest.mark.parametrize(
    ("way", "reading", "fault"),
    [
        ({}, Reading(output="logits"), "has no output 'logits', but vector: choose one as output under"),
        ({"outputs": ("map", "vector")}, Reading(), r"has 2 outputs \(map, vector\): choose one as output under"),
        ({"outputs": ("map",)}, Reading(), r"output map for two pictures is of shape \(2, 3, 8, 8\), not two vectors"),
        ({"size": "side"}, Reading(), "pictures of any size: say as size under"),
        ({}, Reading(size=96), "reads 64 pixels, not 96: correct size under"),
        ({"size": "side"}, Reading(size=96), "does not run on pictures of 96 pixels: "),
        ({"pictures": 8}, Reading(), "reads 8 pictures at once"),
    ],
)
def test_what_is_wrong_with_a_network_is_said_with_the_mend(way: dict[str, Any], reading: Reading, fault: str) -> None:
    with pytest.raises(Unfit, match=fault) as refused:
        NetworkFile(pooled(**way), reading).start()
    assert "\n" not in str(refused.value)


def test_what_is_no_network_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    NetworkFile(b"I am a text.\n" * 100, READING).write(tmp_path, "embedder")
    with pytest.raises(EmbedderError, match=r"embedder\.onnx is damaged, or is no embedder \(onnxruntime refuses it: "):
        Embedder(tmp_path / "embedder.onnx")
    (tmp_path / "embedder.json").write_text("{")
    with pytest.raises(EmbedderError, match=r"is damaged \(embedder\.json beside it cannot be read\)"):
        Embedder(tmp_path / "embedder.onnx")


def test_the_fingerprint_is_of_the_file_and_of_how_it_is_used(tmp_path: Path) -> None:
    network = pooled()
    seen = set[str]()
    for number, reading in enumerate([READING, Reading(), READING]):
        (tmp_path / f"{number}").mkdir()
        NetworkFile(network, reading).write(tmp_path / f"{number}", "embedder")
        embedder = Embedder(tmp_path / f"{number}" / "embedder.onnx")
        assert fingerprint(tmp_path / f"{number}" / "embedder.onnx") == embedder.fingerprint
        seen.add(embedder.fingerprint)
    assert len(seen) == 2


def test_without_onnxruntime_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(OnnxMissing, match=r"onnxruntime is not installed: pip install 'koredare\[onnx\]'"):
        NetworkFile(b"", READING).start()
