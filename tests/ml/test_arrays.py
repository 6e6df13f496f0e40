"""Whatever a file of arrays holds instead of what it should, its reader says so in its own words."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ml.faces import verifier
from ml.faces.verifier import VerifierError
from ml.naming.classifier import Classifier, ClassifierError
from ml.pretraining import weights
from ml.pretraining.weights import WeightsError
from ml.training.background import Background, BackgroundError

READERS: dict[Callable[[Path], object], type[Exception]] = {
    Classifier.load: ClassifierError,
    weights.read: WeightsError,
    lambda path: Background.load(path, embedder="e" * 64): BackgroundError,
    verifier._read: VerifierError,
}
_SHAPELESS = b"{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999,)}"


def part(header: bytes) -> bytes:
    """What should be an array, with this for its header."""
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("header", [b"((", b"{'descr': ", b"\xff", b"", _SHAPELESS, b"{}"])
def test_what_is_no_array_is_said_by_each_reader(
    header: bytes, reader: Callable[[Path], object], tmp_path: Path
) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name in ("names", "weights", "embedder"):
            made.writestr(f"{name}.npy", part(header))
    (tmp_path / "x.npz").write_bytes(file.getvalue())
    with pytest.raises(READERS[reader]):
        reader(tmp_path / "x.npz")
