"""What poor faces cost: named, and learned from.

    python benchmarks/quality.py [DATA] [--embedder TFLITE]

Faces of characters that the embedder never saw (with --embedder: `DATA/faces/moe-*` and `screen-*`, for one made
without them; else `DATA/unseen`; without DATA painted ones, which are far easier) are made small and enlarged again.
A quarter of the characters are strangers. First, classifiers that learned five clear pictures of each name poor
ones; then five poor pictures of each are learned beside the five clear ones, and clear ones are named.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from ml.arrays import Floats
from ml.faces.crops import tighten
from ml.faces.quality import LEARNABLE, NAMEABLE, quality
from ml.naming.backbones import SHIPPED
from ml.naming.classifier import Classifier
from ml.naming.embedder import Embedder, fingerprint, fitted
from ml.naming.examples import Examples
from ml.painting import CAST, paint
from ml.pictures.duplicates import distinct, look
from ml.pictures.reading import Picture, decode
from ml.pretraining import background as strangers
from ml.training.background import Background
from ml.training.fit import train

SIDES = (112, 48, 32, 24, 20, 16, 12, 8)
DRAWS = 5
SHOTS = 5


def crops(data: Path | None, *, held_out: bool) -> Iterator[tuple[str, Picture]]:
    """Face crops and whose they are."""
    if data is None:
        for character in CAST:
            for seed in range(20):
                painting = paint(character, seed=seed)
                x, y, w, h = painting.heads[0]
                yield character.name, tighten(painting.picture[y : y + h, x : x + w])
        return
    folders = [*data.glob("faces/moe-*"), *data.glob("faces/screen-*")] if held_out else data.glob("unseen/*")
    for folder in sorted(folders):
        for path in sorted(folder.iterdir()):
            yield folder.name, tighten(decode(path.read_bytes()))


def reduced(crop: Picture, side: int) -> Picture:
    """A face as it would look if it were so many pixels wide in its picture."""
    square = fitted(crop, max(SIDES))
    return (
        square
        if side >= len(square)
        else np.asarray(cv2.resize(square, (side, side), interpolation=cv2.INTER_AREA), np.uint8)
    )


def answers(trained: Classifier, faces: Floats) -> tuple[npt.NDArray[np.str_], Floats]:
    """The likeliest name of each face, and its confidence."""
    probabilities = trained.probabilities(faces)
    return np.array(trained.names)[probabilities.argmax(axis=1)], probabilities.max(axis=1)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--embedder", type=Path)
    given = parser.parse_args()
    embedder = Embedder(given.embedder or SHIPPED.embedder)
    named = list(crops(given.data, held_out=given.embedder is not None))
    kept = distinct([look(crop) for _, crop in named])
    names = np.array([named[i][0] for i in kept])
    faces = {side: embedder.embed([reduced(named[i][1], side) for i in kept]) for side in SIDES}
    clear = {
        side: float(np.mean([quality(reduced(named[i][1], side), certainty=1.0) for i in kept[::10]])) for side in SIDES
    }
    if given.embedder and given.data:
        marked = strangers.faces_in(given.data / "detection/images", given.data / "detection/boxes.json", size=112)
        crowd = embedder.embed([stranger.crop for stranger in marked])
        ours = Background.load(SHIPPED.background, embedder=fingerprint(SHIPPED.embedder)).evidence
        background = Background(crowd, crowd[:0], ours.for_another(crowd))
    else:
        background = Background.load(SHIPPED.background, embedder=embedder.fingerprint)
    print(f"{len(kept)} faces of {len(set(names))} characters, {DRAWS} draws. {NAMEABLE=}, {LEARNABLE=}\n")

    naming: dict[int, list[list[float]]] = {side: [] for side in SIDES}
    learning: dict[int, list[list[float]]] = {side: [] for side in (0, *SIDES)}
    for seed in range(DRAWS):
        rng = np.random.default_rng(seed)
        characters = rng.permutation(np.unique(names))
        strange = np.isin(names, characters[: max(1, len(characters) // 4)])
        place = np.empty(len(names), int)
        for character in characters:
            mine = rng.permutation(np.flatnonzero(names == character))
            place[mine] = np.arange(len(mine))
        first, second = (place < SHOTS) & ~strange, (place >= SHOTS) & (place < 2 * SHOTS) & ~strange
        tested, others = (place >= 2 * SHOTS) & ~strange, (place >= 2 * SHOTS) & strange
        for extra in (0, *SIDES):
            added = second if extra else np.zeros_like(second)
            examples = Examples(
                np.concatenate([faces[112][first], faces[extra or 112][added]]),
                (*names[first].tolist(), *names[added].tolist()),
                tuple(map(str, [*np.flatnonzero(first), *np.flatnonzero(added)])),
            )
            trained = train(examples, background, seed=seed)
            who, confidence = answers(trained, faces[112][tested])
            of_strangers = answers(trained, faces[112][others])[1]
            right = who == names[tested]
            surer = right & (confidence > np.quantile(of_strangers, 0.95))
            auroc = (confidence[:, None] > of_strangers).mean()
            learning[extra].append([float(right.mean()), float(auroc), float(surer.mean())])
            if extra:
                continue
            threshold = trained.calibration.threshold
            for side in SIDES:
                who, confidence = answers(trained, faces[side][tested])
                right, said = who == names[tested], confidence >= threshold
                let_in = answers(trained, faces[side][others])[1] >= threshold
                rates = [right.mean(), (right & said).mean(), (~right & said).mean(), let_in.mean()]
                naming[side].append([float(rate) for rate in rates])

    tables(clear, naming, learning)


def tables(
    clear: dict[int, float], naming: dict[int, list[list[float]]], learning: dict[int, list[list[float]]]
) -> None:
    """Print the means over the draws."""
    print("| pixels across | quality | likeliest right | right name said | wrong name said | strangers named |")
    print("| --- | --- | --- | --- | --- | --- |")
    for side in SIDES:
        print(f"| {side} | {clear[side]:.2f} | " + " | ".join(f"{m:.3f}" for m in np.mean(naming[side], axis=0)) + " |")
    print("\n| learned beside five clear ones | named right | AUROC of strangers | right name said at 5 % let in |")
    print("| --- | --- | --- | --- |")
    for extra in (0, *SIDES):
        what = f"five of {extra} pixels, quality {clear[extra]:.2f}" if extra else "nothing"
        print(f"| {what} | " + " | ".join(f"{mean:.3f}" for mean in np.mean(learning[extra], axis=0)) + " |")


if __name__ == "__main__":
    main()
