"""How much of what it knows is said, in servers of 5 to 50 characters that nothing learned from.

    python benchmarks/servers.py DATA

Face crops of the characters that neither the embedder nor the calibration learned (`ml.pretraining.division`), from
`DATA/faces2` and `faces2_few`, and all of `DATA/unseen`; near-duplicates are left out. A third as many characters as
are known, three at least, are strangers. Everything is trained as a retraining does.
"""

import argparse
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np

from ml.faces.crops import tighten
from ml.measuring.reliability import calibration_error
from ml.naming.backbones import SHIPPED
from ml.naming.embedder import Embedder
from ml.naming.examples import Examples
from ml.pretraining import crops
from ml.pretraining.division import CHOOSING, MEASURING
from ml.training.background import Background
from ml.training.fit import train

DRAWS = 10
MOST_TESTED = 40  # faces of one character
SIZES = ((20, 1), (5, 5), (10, 5), (20, 5), (50, 5), (5, 20), (10, 20))  # characters, pictures of each


@dataclass(frozen=True, slots=True)
class Row:
    """One draw: shares 0..1; those of acquaintances balanced over the characters."""

    named: float  # the likeliest character is right
    said: float  # the right name is said
    asked: float  # the right name is said or asked for
    at_rate: float  # the right name is surer than 95 % of these strangers
    let_in: float  # strangers given a name
    wrong: float  # acquaintances given another's name
    auroc: float  # an acquaintance is surer than a stranger
    ece: float  # acquaintances and strangers counting alike
    chance: float  # the same of a model that keeps just what it promises, on so many faces


def unseen(data: Path, embedder: Embedder) -> Examples:
    """All faces to measure with."""
    _, measuring = crops.read(data / "faces2", data / "faces2_few").split([*CHOOSING, *MEASURING])
    sets = (measuring, crops.read(data / "unseen"))
    seen = [embedder.embed([tighten(each.picture(i)) for i in range(len(each))]) for each in sets]
    names = [each.names[int(label)] for each in sets for label in each.labels]
    return Examples(np.concatenate(seen), tuple(names), tuple(str(i) for i in range(len(names))))


def draw(faces: Examples, background: Background, *, known: int, pictures: int, seed: int) -> Row:
    """Measure one server."""
    rng = np.random.default_rng([seed, known, pictures])
    names = np.array(faces.names)
    everybody, count = np.unique(names, return_counts=True)
    mine = rng.permutation(everybody[count > pictures])[:known]
    strange = rng.permutation(np.setdiff1d(everybody, mine))[: max(3, known // 3)]
    learned, tested = np.zeros(len(names), bool), np.zeros(len(names), bool)
    for name in [*mine, *strange]:
        places = rng.permutation(np.flatnonzero(names == name))
        first = pictures if name in mine else 0
        learned[places[:first]] = True
        tested[places[first : first + MOST_TESTED]] = True
    model = train(faces.where(learned), background, seed=seed)
    acquainted = faces.where(tested & np.isin(names, mine))
    truth = np.array(acquainted.names)
    probabilities = model.probabilities(acquainted.embeddings)
    confidence, right = probabilities.max(axis=1), np.array(model.names)[probabilities.argmax(axis=1)] == truth
    of_strangers = model.probabilities(faces.embeddings[tested & np.isin(names, strange)]).max(axis=1)
    threshold = model.calibration.threshold

    every = np.concatenate([confidence, of_strangers])
    truly = np.concatenate([right, np.zeros(len(of_strangers), bool)])
    alike = np.concatenate([np.full(len(c), 0.5 / len(c)) for c in (confidence, of_strangers)])
    kept = rng.random(len(every)) < every

    def balanced(which: np.ndarray) -> float:
        return float(np.mean([which[truth == name].mean() for name in mine]))

    return Row(
        named=balanced(right),
        said=balanced(right & (confidence >= threshold)),
        asked=balanced(right & (confidence >= 0.5)),
        at_rate=balanced(right & (confidence > np.quantile(of_strangers, 0.95))),
        let_in=float((of_strangers >= threshold).mean()),
        wrong=balanced(~right & (confidence >= threshold)),
        auroc=float((confidence[:, None] > of_strangers).mean()),
        ece=calibration_error(every, truly, weight=alike),
        chance=calibration_error(every, kept, weight=alike),
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?")
    given = parser.parse_args()
    if given.data is None:
        print("Without DATA there is nobody to measure with.")
        return
    embedder = Embedder(SHIPPED.embedder, threads=2)
    background = Background.load(SHIPPED.background, embedder=embedder.fingerprint)
    faces = unseen(given.data, embedder)
    print(f"{len(faces)} faces of {len(set(faces.names))} characters; means over {DRAWS} draws ± standard deviation.\n")
    print(
        "| characters, pictures each | likeliest right | right name said | said or asked for | sayable at 5 % let in | "
        "strangers named | wrong name said | AUROC of strangers | calibration error | of which chance |"
    )
    print("|" + " --- |" * 10)
    for known, pictures in SIZES:
        rows = [draw(faces, background, known=known, pictures=pictures, seed=seed) for seed in range(DRAWS)]
        means = [
            f"{np.mean(column):.3f} ± {np.std(column):.3f}"
            for column in zip(*(astuple(row) for row in rows), strict=True)
        ]
        print(f"| {known}, {pictures} | " + " | ".join(means) + " |", flush=True)


if __name__ == "__main__":
    main()
