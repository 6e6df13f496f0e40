"""Naming, telling strangers, and calibration, on characters that the embedder never saw.

    python benchmarks/naming.py [DATA] [--embedder TFLITE]

Without more, the embedder that ships is measured on `DATA/unseen/<name>/` (face crops) and `DATA/seed/<name>/` (whole
pictures). With another embedder, that one is measured on the crops of `DATA/faces/moe-*` and `screen-*`: for one that
was made without them, as `make bench` makes it. From 1, 5 and 20 pictures of each character: first all characters are
acquaintances, then a quarter of them are strangers. Everything is trained as a retraining does. Near-duplicates are
left out first, and faces of one picture are never split. Without DATA, painted characters stand in; they are far
easier.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ml import Recognizer
from ml.drawing.labelled import encode
from ml.faces.crops import tighten
from ml.measuring.reliability import calibration_error
from ml.naming.backbones import SHIPPED
from ml.naming.classifier import Classifier
from ml.naming.embedder import Embedder, fingerprint
from ml.naming.examples import Examples
from ml.painting import CAST, paint
from ml.pictures.duplicates import distinct, look
from ml.pictures.reading import Picture, decode
from ml.pretraining import background as strangers
from ml.training.background import Background
from ml.training.fit import train

SHOTS = (1, 5, 20)
DRAWS = 10
STRANGERS = 4  # every so manieth character is one, and two at least
MOST_TESTED = 60  # faces of one character, so that the large folders do not decide alone


@dataclass(frozen=True, slots=True)
class Row:
    """One draw: shares 0..1, balanced over the characters; those but the first are with a quarter being strangers."""

    named: float  # the likeliest character is right, all being acquaintances
    auroc: float  # of telling acquaintances from strangers by the confidence
    at_rate: float  # acquaintances named rightly at the threshold that 5 % of the strangers pass
    said: float  # acquaintances named rightly at the classifier's own threshold
    let_in: float  # strangers given a name at that threshold
    ece: float  # of the confidence, acquaintances and strangers counting alike


def unseen(data: Path | None) -> tuple[Examples, Background]:
    """Faces of characters that the shipped embedder never saw, and the strangers that ship with it."""
    recognizer = Recognizer()
    samples = [
        (name, sample)
        for name, content, is_crop in (_files(data) if data is not None else _painted())
        for _, sample in (recognizer.sample_crop(content) if is_crop else recognizer.sample_all(content)[:1])
    ]
    faces = Examples.from_bytes(
        [sample.embedding for _, sample in samples],
        names=[name for name, _ in samples],
        pictures=[sample.picture_hash for _, sample in samples],
    )
    return faces, Background.load(SHIPPED.background, embedder=recognizer.embedder)


def held_out(data: Path, path: Path) -> tuple[Examples, Background]:
    """Crops of the characters kept out of an embedder's training, and the faces of `DATA/detection` as strangers."""
    embedder = Embedder(path, threads=2)
    pictures: list[Picture] = []
    names: list[str] = []
    for folder in sorted([*data.glob("faces/moe-*"), *data.glob("faces/screen-*")]):
        for file in sorted(folder.iterdir()):
            pictures.append(decode(file.read_bytes()))
            names.append(folder.name)
    kept = distinct([look(picture) for picture in pictures])
    embeddings = embedder.embed([tighten(pictures[i]) for i in kept])
    ours = Background.load(SHIPPED.background, embedder=fingerprint(SHIPPED.embedder)).evidence
    boxed = strangers.faces_in(data / "detection/images", data / "detection/boxes.json", size=embedder.size)
    elsewhere = embedder.embed([stranger.crop for stranger in boxed])
    faces = Examples(embeddings, tuple(names[i] for i in kept), tuple(str(i) for i in kept))
    return faces, Background(elsewhere, elsewhere[:0], ours.for_another(elsewhere))


def _files(data: Path) -> Iterator[tuple[str, bytes, bool]]:
    for folder in sorted([*(data / "unseen").iterdir(), *(data / "seed").iterdir()]):
        for path in sorted(folder.iterdir()):
            yield folder.name, path.read_bytes(), folder.parent.name == "unseen"


def _painted() -> Iterator[tuple[str, bytes, bool]]:
    for character in CAST:
        for seed in range(30):
            yield character.name, encode(paint(character, seed=seed).picture, max_bytes=10**7).data, False


def draw(faces: Examples, background: Background, *, shots: int, seed: int) -> Row:
    """Measure one draw of strangers and of the pictures that acquaintances are learned from."""
    rng = np.random.default_rng(seed)
    names = np.array(faces.names)
    characters = rng.permutation(np.unique(names))
    learned, tested = np.zeros(len(names), bool), np.zeros(len(names), bool)
    for character in characters:
        mine = rng.permutation(np.flatnonzero(names == character))
        learned[mine[:shots]] = True
        tested[mine[shots : shots + MOST_TESTED]] = True
    everyone = train(faces.where(learned), background, seed=seed)
    named, _ = _answers(everyone, faces.where(tested))

    strange = np.isin(names, characters[: max(2, len(characters) // STRANGERS)])
    some = train(faces.where(learned & ~strange), background, seed=seed)
    known = faces.where(tested & ~strange)
    right, confidence = _answers(some, known)
    of_strangers = some.probabilities(faces.embeddings[tested & strange]).max(axis=1)
    threshold = some.calibration.threshold
    return Row(
        named=_balanced(named, faces.where(tested)),
        auroc=float((confidence[:, None] > of_strangers).mean()),
        at_rate=_balanced(right & (confidence > np.quantile(of_strangers, 0.95)), known),
        said=_balanced(right & (confidence >= threshold), known),
        let_in=float((of_strangers >= threshold).mean()),
        ece=calibration_error(
            np.concatenate([confidence, of_strangers]),
            np.concatenate([right, np.zeros(len(of_strangers), bool)]),
            weight=np.concatenate([np.full(len(c), 0.5 / len(c)) for c in (confidence, of_strangers)]),
        ),
    )


def _answers(trained: Classifier, faces: Examples) -> tuple[np.ndarray, np.ndarray]:
    """Whether the likeliest character is right, and its confidence; both of shape (n,)."""
    probabilities = trained.probabilities(faces.embeddings)
    likeliest = np.array(trained.names)[probabilities.argmax(axis=1)]
    return likeliest == np.array(faces.names), probabilities.max(axis=1)


def _balanced(right: np.ndarray, faces: Examples) -> float:
    names = np.array(faces.names)
    return float(np.mean([right[names == name].mean() for name in np.unique(names)]))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--embedder", type=Path)
    given = parser.parse_args()
    faces, background = held_out(given.data, given.embedder) if given.embedder else unseen(given.data)
    count = len(set(faces.names))
    strange = max(2, count // STRANGERS)
    print(f"{len(faces)} faces of {count} characters, {strange} of them strangers in all columns but the first")
    print(f"Means over {DRAWS} draws, ± standard deviation.\n")
    print(
        "| pictures each | named right | AUROC of strangers | right name said at 5 % let in | right name said | "
        "strangers let in | calibration error |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for shots in SHOTS:
        drawn = [draw(faces, background, shots=shots, seed=seed) for seed in range(DRAWS)]
        table = np.array([[row.named, row.auroc, row.at_rate, row.said, row.let_in, row.ece] for row in drawn])
        cells = [f"{mean:.3f} ± {spread:.3f}" for mean, spread in zip(table.mean(0), table.std(0), strict=True)]
        print(f"| {shots} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
