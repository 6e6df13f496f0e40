"""Backbones: the networks that may turn faces into vectors, and where each lies, ready to run."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from ml.errors import KoredareError
from ml.files import check_ordinary, digest
from ml.naming.networks import LITERT, ONNX, NetworkFile, Reading

BackboneName = Literal["koredare", "inception_v3", "efficientnet_v2_b0", "mobilenet_v3_small"]

SUMS: Final = "SHA256SUMS"  # beside what ships, as `sha256sum -c` reads it
_SHIPS: Final = {"embedder.tflite", "background.npz", "scout.tflite", "verifier.npz"}
EMBEDDER: Final = "embedder"  # without the suffix, which says what runs it


class BackboneError(KoredareError):
    """A backbone that is not ready to run, or that cannot be made ready."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which network an operator wants.

    Attributes
    ----------
    network
        "koredare" is the one that ships; the other names are those of `keras.applications`; or an ONNX file.
    weights
        The file of weights that a network of `keras.applications` is converted from; None: ImageNet's, fetched by
        Keras.
    reading
        How an ONNX file is to be used.
    """

    network: BackboneName | Path = "koredare"
    weights: Path | None = None
    reading: Reading = field(default_factory=Reading)

    @property
    def name(self) -> str:
        """What it is called."""
        return self.network.name if isinstance(self.network, Path) else self.network


@dataclass(frozen=True, slots=True)
class Backbone:
    """A network that is ready to run, and what it made of strangers and of what is no face.

    Attributes
    ----------
    embedder
        The file that `ml.naming.embedder.Embedder` runs.
    background
        The file that `ml.training.background.Background` reads.
    verifier
        The file that `ml.faces.verifier.Verifier` reads; only the one that ships is sure to have it.
    """

    name: str
    embedder: Path
    background: Path
    verifier: Path

    @classmethod
    def of(cls, name: str, folder: Path, *, suffix: str = LITERT) -> "Backbone":
        """The backbone whose files lie in this folder; `suffix` is its embedder's."""
        return cls(name, folder / f"{EMBEDDER}{suffix}", folder / "background.npz", folder / "verifier.npz")

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return self.embedder.parent

    @property
    def judge(self) -> "Backbone":
        """The one that tells what is a face: itself if it has a verifier, else the one that ships."""
        return self if self.verifier.exists() else SHIPPED


SHIPPED: Final = Backbone.of("koredare", Path(__file__).parents[2] / "models")


def resolve(choice: Choice, *, home: Path) -> Backbone:
    """Find a backbone, ready to run; nothing is fetched and nothing converted.

    Parameters
    ----------
    home
        The data folder, where prepared backbones lie.

    Raises
    ------
    BackboneError
        It was not prepared, its file or its weights cannot be read, weights are named for one that needs none, or a
        file of the one that ships was altered.
    """
    found = place(choice, home=home)
    if not found.folder.is_dir():
        raise BackboneError(f"The backbone {found.name} is not prepared yet: koredare backbone")
    check(found)
    return found


def check(backbone: Backbone) -> None:
    """See that what ships is what was shipped, by its hashes; other backbones are whatever they were made to be.

    Raises
    ------
    BackboneError
        A file is missing or altered.
    """
    if backbone.folder != SHIPPED.folder:
        return
    sums = SHIPPED.folder / SUMS
    with _intact(sums):
        expected = {name: digest for digest, name in map(str.split, sums.read_text(encoding="ascii").splitlines())}
        if expected.keys() != _SHIPS:
            raise ValueError
    for name, sum_ in expected.items():
        with _intact(SHIPPED.folder / name):
            if digest(SHIPPED.folder / name) != sum_:
                raise ValueError


@contextmanager
def _intact(path: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise BackboneError(f"{path} cannot be read ({error.strerror}): take it from the project again.") from error
    except ValueError as error:
        raise BackboneError(f"{path} was altered or is damaged: take it from the project again.") from error


def place(choice: Choice, *, home: Path) -> Backbone:
    """Where a backbone lies once it is prepared: a folder of its own for each file, by what is in it.

    Raises
    ------
    BackboneError
        Its file or its weights cannot be read, or weights are named for one that needs none.
    """
    named = isinstance(choice.network, str) and choice.network != SHIPPED.name
    if choice.weights is not None and not named:
        raise BackboneError(
            f"backbone_weights are for a backbone of keras.applications, and backbone is {choice.name}, which needs "
            "none: choose another backbone, or leave backbone_weights empty."
        )
    if isinstance(choice.network, Path):
        folder = f"{choice.network.stem[:40]}-{onnx_file(choice).fingerprint[:16]}"
        return Backbone.of(choice.name, home / "backbones" / folder, suffix=ONNX)
    if not named:
        return SHIPPED
    made_from = "imagenet" if choice.weights is None else _hash(choice.weights)
    return Backbone.of(choice.name, home / "backbones" / f"{choice.name}-{made_from}")


def onnx_file(choice: Choice) -> NetworkFile:
    """What an operator's ONNX file holds, with how it is to be used.

    Raises
    ------
    BackboneError
        The file cannot be read.
    """
    try:
        check_ordinary(network := Path(choice.network))
        return NetworkFile(network.read_bytes(), choice.reading)
    except OSError as error:
        raise BackboneError(
            f"The network {choice.network} cannot be read ({error.strerror}): correct backbone under [recognition]."
        ) from error


def _hash(weights: Path) -> str:
    try:
        return digest(weights)[:16]
    except OSError as error:
        raise BackboneError(
            f"The weights {weights} cannot be read ({error.strerror}): correct backbone_weights, or leave it empty to "
            "have Keras download ImageNet's."
        ) from error
