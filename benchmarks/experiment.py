"""The experiment's four steps on three look-alikes, our embedder beside other networks: tables for docs/experiment.md.

    python benchmarks/experiment.py [DATA] [--backbone inception_v3 [--weights FILE]]

DATA/seed/<name>/ holds whole pictures, DATA/unseen/<name>/ crops of strangers; without DATA, painted characters stand
in, which are far easier. The steps are those of `koredare dataset`, `import`, `retrain` and `evaluate`, called from
Python so that each network sees the same crops of 96 × 96 and the same splits. Beside ours stands EfficientNet-Lite0
with ImageNet's weights at 224 pixels, where the extra `pretrain` is installed, and the backbone that is named, for
which Keras downloads ImageNet's weights. The strangers that those two learn from are the faces of DATA/detection, from
which ours come too; without DATA they are painted, as `koredare backbone` paints them.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # read when TensorFlow is imported

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np

from ml import RecognizerSettings
from ml.arrays import Floats
from ml.datasets import steps
from ml.datasets.folders import STRANGERS
from ml.datasets.splitting import split
from ml.drawing.labelled import encode
from ml.faces.crops import tighten
from ml.naming.backbones import SHIPPED, Backbone, BackboneName, Choice
from ml.naming.classifier import Classifier
from ml.naming.embedder import Embedder
from ml.naming.examples import Examples
from ml.painting import CAST, paint
from ml.pictures.reading import decode
from ml.pretraining import background
from ml.training.background import Background
from ml.training.fit import train

SHARES = (0.2, 0.8)  # of the pictures that are tested on
SPLITS = 5
OF_EACH_STRANGER = 15


@dataclass(frozen=True, slots=True)
class Network:
    """A network, its strangers, and what it made of every crop."""

    title: str
    background: Background
    vectors: dict[str, Floats]  # by character/file
    milliseconds: float  # a face, median


@dataclass(frozen=True, slots=True)
class Tested:
    """One split with one network: the tested crops in their order."""

    classifier: Classifier
    learned: int
    files: tuple[str, ...]
    probabilities: Floats  # shape (n, characters)

    @property
    def truth(self) -> list[str]:
        """The character of each crop, `_unknown` for strangers."""
        return [file.partition("/")[0] for file in self.files]

    @property
    def likeliest(self) -> list[str]:
        """The first candidate of each crop."""
        return [self.classifier.names[int(i)] for i in self.probabilities.argmax(axis=1)]

    @property
    def said(self) -> list[str]:
        """What is said of each crop; `_unknown` where no name is."""
        sure = self.probabilities.max(axis=1) >= self.classifier.calibration.threshold
        return [name if known else STRANGERS for name, known in zip(self.likeliest, sure, strict=True)]

    def shares(self) -> tuple[float, float, float]:
        """Likeliest name right, right name said, strangers left unnamed; 0..1."""
        truth, likeliest, said = (np.array(each) for each in (self.truth, self.likeliest, self.said))
        known = truth != STRANGERS
        return (
            float((likeliest == truth)[known].mean()),
            float((said == truth)[known].mean()),
            float((said == truth)[~known].mean()),
        )


def pictures(data: Path | None, folder: Path) -> Path:
    """A folder of pictures for each character: the seed's, or painted ones."""
    if data is not None:
        return data / "seed"
    for character in CAST[:3]:
        (folder / character.name).mkdir(parents=True)
        for seed in range(30):
            content = encode(paint(character, seed=seed).picture, max_bytes=10**7).data
            (folder / character.name / f"{seed}.jpg").write_bytes(content)
    return folder


def strangers(data: Path | None, folder: Path) -> None:
    """Faces of characters that nobody learned, into the crops."""
    (folder / STRANGERS).mkdir()
    if data is None:
        for seed, character in enumerate(CAST[4:] * OF_EACH_STRANGER):
            painting = paint(character, seed=seed)
            x, y, w, h = painting.heads[0]
            content = encode(np.ascontiguousarray(painting.picture[y : y + h, x : x + w]), max_bytes=10**7).data
            (folder / STRANGERS / f"{seed}.jpg").write_bytes(content)
    else:
        for character in sorted((data / "unseen").iterdir()):
            for path in sorted(character.iterdir())[:OF_EACH_STRANGER]:
                shutil.copyfile(path, folder / STRANGERS / f"{character.name}-{path.name}")


def crops(data: Path | None, folder: Path) -> Path:
    """Steps 1 and 2: the faces, cut out and brought to 96 × 96."""
    source = pictures(data, folder / "pictures")
    steps.crop(source, folder / "crops", settings=RecognizerSettings(), progress=_quietly)
    strangers(data, folder / "crops")
    steps.resize(folder / "crops", folder / "small", progress=_quietly)
    return folder / "small"


def networks(
    chosen: BackboneName | None, weights: Path | None, *, data: Path | None, small: Path, folder: Path
) -> list[Network]:
    """Ours, ImageNet's where it is installed, and the one that was named."""
    found = [_network("our embedder", SHIPPED, small)]
    others: dict[str, Backbone] = {}
    if (imagenet := _imagenet(folder)) is not None:
        others["EfficientNet-Lite0, ImageNet"] = imagenet
    if chosen is not None:
        from ml.pretraining.backbone import prepare  # noqa: PLC0415  it needs TensorFlow

        title = f"{chosen}, {'ImageNet' if weights is None else weights.name}"
        others[title] = prepare(Choice(chosen, weights), home=folder)
    for title, backbone in others.items():
        if data is not None:
            _real_strangers(data / "detection", backbone)
        found.append(_network(title, backbone, small))
    return found


def _real_strangers(marked: Path, backbone: Backbone) -> None:
    embedder = Embedder(backbone.embedder)
    faces = background.faces_in(marked / "images", marked / "boxes.json", size=embedder.size)
    background.make(faces, embedder, backbone.background, same=0.98)


def _imagenet(folder: Path) -> Backbone | None:
    from ml.pretraining import export, network  # noqa: PLC0415  Keras takes seconds
    from ml.pretraining import weights as stored  # noqa: PLC0415

    try:
        arrays = stored.imagenet()
    except stored.WeightsError as error:
        print(f"Left out: {error}", file=sys.stderr)
        return None
    built = network.build(size=224)
    stored.put_into(built, arrays)
    made = Backbone.of("koredare", folder)
    made.embedder.write_bytes(export.to_tflite(built))
    background.make(background.painted(200, size=224), Embedder(made.embedder), made.background, same=None)
    return made


def _network(title: str, backbone: Backbone, small: Path) -> Network:
    embedder = Embedder(backbone.embedder)
    vectors: dict[str, Floats] = {}
    times: list[float] = []
    for path in sorted(small.glob("*/*.png")):
        crop = tighten(decode(path.read_bytes()))
        started = time.process_time()
        vectors[f"{path.parent.name}/{path.name}"] = embedder.embed([crop])[0]
        times.append(time.process_time() - started)
    strange = Background.load(backbone.background, embedder=embedder.fingerprint)
    return Network(title, strange, vectors, 1000 * float(np.median(times)))


def tested(network: Network, sets: Path) -> Tested:
    """Steps 3 and 4, of a split: train on one side, test on the other."""
    train_on, test_on = (_files(sets / side) for side in ("train", "test"))
    examples = Examples(
        np.stack([network.vectors[file] for file in train_on]),
        names=tuple(file.partition("/")[0] for file in train_on),
        pictures=tuple(train_on),
    )
    classifier = train(examples, network.background)
    probabilities = classifier.probabilities(np.stack([network.vectors[file] for file in test_on]))
    return Tested(classifier, len(train_on), tuple(test_on), probabilities)


def _files(side: Path) -> list[str]:
    return [f"{path.parent.name}/{path.name}" for path in sorted(side.glob("*/*.png"))]


def summary(found: Sequence[Network], results: dict[tuple[str, float], list[Tested]]) -> None:
    """The table of shares, a row for each network and share."""
    print("| network | ms a face | learned from | tested on | likeliest right | right name said | strangers unnamed |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for network in found:
        for share in SHARES:
            runs = results[network.title, share]
            values = np.array([run.shares() for run in runs])
            cells = " | ".join(f"{m:.3f} ± {s:.3f}" for m, s in zip(values.mean(0), values.std(0, ddof=1), strict=True))
            faces = sum(name != STRANGERS for name in runs[0].truth)
            print(f"| {network.title} | {network.milliseconds:.1f} | {runs[0].learned} | {faces} | {cells} |")


def confusion(run: Tested) -> None:
    """Who was called what."""
    names = [*run.classifier.names, STRANGERS]
    print("| true | " + " | ".join([*names[:-1], "unnamed"]) + " |")
    print("| --- " * (len(names) + 1) + "|")
    for true in names:
        mine = [said for truth, said in zip(run.truth, run.said, strict=True) if truth == true]
        print(f"| {true} | " + " | ".join(str(mine.count(name) or "") for name in names) + " |")


def scores(runs: Sequence[tuple[str, Tested]]) -> None:
    """Each acquaintance's test picture: the score of each character, in bold what was said."""
    first = runs[0][1]
    print("| picture | " + " | ".join(f"{title}: {', '.join(run.classifier.names)}" for title, run in runs) + " |")
    print("| --- " * (len(runs) + 1) + "|")
    for row, file in enumerate(first.files):
        if not file.startswith(STRANGERS):
            print(f"| {file} | " + " | ".join(_scores(run, row) for _, run in runs) + " |")


def _scores(run: Tested, row: int) -> str:
    said = run.said[row]
    cells = zip(run.classifier.names, run.probabilities[row], strict=True)
    return ", ".join(f"**{score:.2f}**" if name == said else f"{score:.2f}" for name, score in cells)


def _quietly(done: int, total: int) -> None:
    del done, total


def main() -> None:
    """Go through the steps and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path)
    parser.add_argument("--backbone", choices=[name for name in get_args(BackboneName) if name != SHIPPED.name])
    parser.add_argument("--weights", type=Path, metavar="FILE", help="as backbone_weights in the configuration")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        small = crops(given.data, folder)
        found = networks(given.backbone, given.weights, data=given.data, small=small, folder=folder)
        results: dict[tuple[str, float], list[Tested]] = {}
        for share in SHARES:
            for seed in range(SPLITS):
                sets = folder / f"sets-{share}-{seed}"
                split(small, sets, share=share, seed=seed, progress=_quietly)
                for network in found:
                    results.setdefault((network.title, share), []).append(tested(network, sets))
    unknown = sum(name == STRANGERS for name in results[found[0].title, SHARES[0]][0].truth)
    print(f"Means ± standard deviations over {SPLITS} splits; {unknown} strangers.\n")
    summary(found, results)
    for network in found:
        print(f"\nWho was called what: {network.title}, test share {SHARES[1]}, first split\n")
        confusion(results[network.title, SHARES[1]][0])
    print(f"\nScores of each test picture, share {SHARES[0]}, first split; bold: said\n")
    scores([(network.title, results[network.title, SHARES[0]][0]) for network in found])


if __name__ == "__main__":
    main()
