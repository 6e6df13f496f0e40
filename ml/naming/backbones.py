"""Backbones: the networks that may turn faces into vectors, and where each lies, ready to run."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from ml.errors import KoredareError

BackboneName = Literal[
    "koredare",
    "inception_v3",
    "xception",
    "resnet50_v2",
    "efficientnet_v2_b0",
    "mobilenet_v2",
    "mobilenet_v3_small",
]

EMBEDDER_FILE: Final = "embedder.tflite"
BACKGROUND_FILE: Final = "background.npz"


class BackboneError(KoredareError):
    """A backbone that is not ready to run, or that cannot be made ready."""


@dataclass(frozen=True, slots=True)
class Backbone:
    """A network that is ready to run, and the strangers that it has seen.

    Attributes
    ----------
    embedder
        The file that `ml.naming.embedder.Embedder` runs.
    background
        The file that `ml.training.background.Background` reads.
    """

    name: BackboneName
    embedder: Path
    background: Path

    @classmethod
    def of(cls, name: BackboneName, folder: Path) -> "Backbone":
        """The backbone whose files lie in this folder."""
        return cls(name, folder / EMBEDDER_FILE, folder / BACKGROUND_FILE)


SHIPPED: Final = Backbone.of("koredare", Path(__file__).parents[2] / "models")


def resolve(name: BackboneName, *, weights: Path | None, home: Path) -> Backbone:
    """Find a backbone, ready to run; nothing is fetched and nothing converted.

    Parameters
    ----------
    name
        "koredare" is the one that ships; the others are those of `keras.applications`.
    weights
        The file of weights that it was converted from; None: ImageNet's, fetched by Keras.
    home
        The data folder, where converted backbones lie.

    Raises
    ------
    BackboneError
        It was not prepared, the weights cannot be read, or weights are named for the backbone that ships.
    """
    if name == SHIPPED.name:
        if weights is not None:
            raise BackboneError(
                "backbone_weights are for a backbone of keras.applications, and backbone is koredare, which needs "
                "none: choose another backbone, or leave backbone_weights empty."
            )
        return SHIPPED
    folder = prepared_folder(name, weights=weights, home=home)
    if not folder.is_dir():
        raise BackboneError(f"The backbone {name} is not prepared yet: koredare backbone")
    return Backbone.of(name, folder)


def prepared_folder(name: BackboneName, *, weights: Path | None, home: Path) -> Path:
    """Where a converted backbone lies: a folder for each network and each file of weights, by the file's hash.

    Raises
    ------
    BackboneError
        The weights cannot be read.
    """
    return home / "backbones" / f"{name}-{'imagenet' if weights is None else _hash(weights)}"


def _hash(weights: Path) -> str:
    try:
        with weights.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:16]
    except OSError as error:
        raise BackboneError(
            f"The weights {weights} cannot be read ({error.strerror}): correct backbone_weights, or leave it empty to "
            "have Keras download ImageNet's."
        ) from error
