"""Naming and turning strangers away, on characters that the embedder never saw.

    python benchmarks/naming.py [DATA]     (DATA/unseen/<name>/ face crops, DATA/seed/<name>/ whole pictures)

For 1, 5 and 20 pictures each: draws five of the characters as acquaintances and leaves the others as strangers, trains
as a retraining does, and prints means over the draws. Faces of one picture are never split. Without DATA, painted
characters stand in; they are far easier.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ml import Recognizer, Sample
from ml.background import Background
from ml.drawing import encode
from ml.painting import CAST, paint
from ml.recognizer import BACKGROUND
from ml.reliability import calibration_error
from ml.training import Examples, train

DRAWS = 10
KNOWN = 5
MOST_TESTED = 60  # faces of one character, so that the large folders do not decide alone


@dataclass(frozen=True, slots=True)
class Row:
    """One draw: shares 0..1."""

    named: float  # the likeliest character is right, of acquaintances
    auroc: float  # of telling acquaintances from strangers by the confidence
    said: float  # acquaintances whose right name is said
    strangers: float  # strangers given a name
    background: float  # background faces, kept from training, given a name
    ece: float  # of the confidence, acquaintances and strangers counting alike


def embed(data: Path | None) -> Examples:
    """Every picture with one face: its embedding, its character and what tells the picture apart."""
    recognizer = Recognizer()
    samples: list[tuple[str, Sample]] = []
    for name, content, is_crop in _files(data) if data is not None else _painted():
        found = recognizer.sample_crop(content) if is_crop else recognizer.sample_all(content)
        if len(found) == 1:
            samples.append((name, found[0][1]))
    return Examples.from_bytes(
        [sample.embedding for _, sample in samples],
        names=[name for name, _ in samples],
        pictures=[sample.picture_hash for _, sample in samples],
    )


def _files(data: Path) -> Iterator[tuple[str, bytes, bool]]:
    for folder in sorted([*(data / "unseen").iterdir(), *(data / "seed").iterdir()]):
        for path in sorted(folder.iterdir()):
            yield folder.name, path.read_bytes(), folder.parent.name == "unseen"


def _painted() -> Iterator[tuple[str, bytes, bool]]:
    for character in CAST:
        for seed in range(30):
            yield character.name, encode(paint(character, seed=seed).picture, max_bytes=10**7).data, False


def draw(faces: Examples, background: Background, *, shots: int, seed: int) -> Row:
    """Measure one draw of acquaintances and of the pictures that they are learned from."""
    rng = np.random.default_rng(seed)
    names = np.array(faces.names)
    characters = rng.permutation(np.unique(names))
    learned, tested = np.zeros(len(names), bool), np.zeros(len(names), bool)
    for character in characters[:KNOWN]:
        mine = rng.permutation(np.flatnonzero(names == character))
        learned[mine[:shots]] = True
        tested[mine[shots : shots + MOST_TESTED]] = True
    strange = np.isin(names, characters[KNOWN:])
    classifier = train(faces.where(learned), background.calibration, seed=seed)

    probabilities = classifier.probabilities(faces.embeddings[tested])
    confidence, right = (
        probabilities.max(axis=1),
        np.array(classifier.names)[probabilities.argmax(axis=1)] == names[tested],
    )
    of_strangers = classifier.probabilities(faces.embeddings[strange]).max(axis=1)
    of_background = classifier.probabilities(background.gate).max(axis=1)
    threshold = classifier.calibration.threshold
    return Row(
        named=float(right.mean()),
        auroc=float((confidence[:, None] > of_strangers).mean()),
        said=float((right & (confidence >= threshold)).mean()),
        strangers=float((of_strangers >= threshold).mean()),
        background=float((of_background >= threshold).mean()),
        ece=calibration_error(
            np.concatenate([confidence, of_strangers]),
            np.concatenate([right, np.zeros(len(of_strangers), bool)]),
            weight=np.concatenate([np.full(len(c), 0.5 / len(c)) for c in (confidence, of_strangers)]),
        ),
    )


def main() -> None:
    """Print the table."""
    faces = embed(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    background = Background.load(BACKGROUND, embedder=Recognizer().embedder)
    print(
        f"{len(faces)} faces of {len(set(faces.names))} characters, {KNOWN} known, {DRAWS} draws (± standard deviation)"
    )
    print(
        "pictures each | named right | AUROC of strangers | right name said | strangers named | background named | ECE"
    )
    for shots in (1, 5, 20):
        rows = [draw(faces, background, shots=shots, seed=seed) for seed in range(DRAWS)]
        table = np.array([[row.named, row.auroc, row.said, row.strangers, row.background, row.ece] for row in rows])
        cells = [f"{mean:.3f} ± {spread:.3f}" for mean, spread in zip(table.mean(0), table.std(0), strict=True)]
        print(f"{shots:>13} | " + " | ".join(cells), flush=True)


if __name__ == "__main__":
    main()
