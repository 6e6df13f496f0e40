"""Whether a review asks the right faces: how pure its groups are, and what twenty answers teach.

    python benchmarks/reviewing.py [DATA] [--embedder TFLITE]

The faces are those of `benchmarks/naming.py`, with characters that the embedder never saw. Groups: 100 faces of
strangers posted among one another, six of them 4 to 30 times, the others once; for several thresholds, how many of the
grouped faces are of whom most of their group is, how many groups hold one character only, and how many of the frequent
strangers' faces are in a group. Answers: a server knows half of the characters from five pictures each, 200 faces of
all of them are posted; twenty of them are named, chosen in several ways, and everything is trained as a
retraining does it; measured on other faces of all characters. A question about a group names all its faces in one tap.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from naming import held_out, unseen

from ml.arrays import Ints
from ml.naming.classifier import Classifier
from ml.naming.examples import Examples
from ml.reviewing.asking import FEWEST, LIKENESS, Question, Waiting, lookalikes, questions
from ml.training.background import Background
from ml.training.fit import train

THRESHOLDS = (0.35, 0.4, 0.45, LIKENESS, 0.55)
FREQUENT = (30, 20, 12, 8, 5, 4)
POOLS = 30
DRAWS = 10
ANSWERS = 20
KNOWN_FROM = 5  # pictures of each character that the server knows before
POSTED = 200


def groups(faces: Examples, *, likeness: float, seed: int) -> tuple[float, float, float, float]:
    """Purity of the grouped faces, share of groups of one character, share of frequent faces grouped, and groups."""
    rng = np.random.default_rng(seed)
    names = np.array(faces.names)
    characters = rng.permutation(np.unique(names))
    sizes = [*FREQUENT, *[1] * len(characters)][: len(characters)]
    rows = np.concatenate(
        [rng.permutation(np.flatnonzero(names == name))[:size] for name, size in zip(characters, sizes, strict=True)]
    )
    truth = names[rows]
    found = [
        np.unique(truth[group], return_counts=True)[1]
        for group in lookalikes(faces.embeddings[rows], likeness=likeness)
    ]
    grouped = sum(int(counts.sum()) for counts in found)
    right = sum(int(counts.max()) for counts in found)
    frequent = sum(
        min(size, int((names == name).sum())) for name, size in zip(characters, sizes, strict=True) if size >= FEWEST
    )
    return (
        right / max(1, grouped),
        sum(len(counts) == 1 for counts in found) / max(1, len(found)),
        right / frequent,
        float(len(found)),
    )


def answers(faces: Examples, background: Background, *, seed: int) -> dict[str, float]:
    """How many of the faces not posted are given their name: before, and after twenty answers chosen in each way."""
    rng = np.random.default_rng(seed)
    names = np.array(faces.names)
    characters = rng.permutation(np.unique(names))
    # Some characters are posted often, most seldom, as in any server.
    often = dict(zip(characters.tolist(), 1 / (1 + np.arange(len(characters))), strict=True))
    order = rng.permutation(len(names))
    strange = np.isin(names, characters[1::2])
    learned = np.concatenate([[row for row in order if names[row] == name][:KNOWN_FROM] for name in characters[::2]])
    rest = np.setdiff1d(order, learned)
    chance = np.array([often[str(names[row])] for row in rest])
    posted = rng.choice(rest, min(POSTED, len(rest) // 2), replace=False, p=chance / chance.sum())
    tested = np.setdiff1d(rest, posted)
    weight = np.array([often[str(names[row])] / (names[tested] == names[row]).sum() for row in tested])
    known = np.zeros(len(names), bool)
    known[learned] = True
    assert not (known & strange).any()

    def said(classifier: Classifier) -> float:
        probabilities = classifier.probabilities(faces.embeddings[tested])
        likeliest = np.array(classifier.names)[probabilities.argmax(axis=1)]
        right = (likeliest == names[tested]) & (probabilities.max(axis=1) >= classifier.calibration.threshold)
        return float((right * weight).sum() / weight.sum())

    before = train(faces.where(known), background, seed=seed)
    asked = review(faces, posted, before)
    doubts = [question for question in asked if len(question.faces) == 1]
    chosen: dict[str, Sequence[int]] = {
        "before": [],
        "faces by chance": posted[:ANSWERS].tolist(),
        "doubtful faces first": _faces([*doubts, *asked])[:ANSWERS],
        "faces of a review": _faces(asked)[:ANSWERS],
        "questions of a review": _faces(asked[:ANSWERS]),
    }
    measured: dict[str, float] = {}
    for way, rows in chosen.items():
        taught = known.copy()
        taught[list(rows)] = True
        measured[way] = said(train(faces.where(taught), background, seed=seed))
    return measured


def review(faces: Examples, posted: Ints, classifier: Classifier) -> list[Question]:
    """What a review asks of the posted faces."""
    waiting = [Waiting(int(row), faces.embeddings[row].astype("<f2").tobytes(), "", None) for row in posted]
    return questions(waiting, classifier.candidates(faces.embeddings[posted]))


def _faces(asked: Sequence[Question]) -> list[int]:
    return list(dict.fromkeys(face for question in asked for face in question.faces))


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--embedder", type=Path)
    given = parser.parse_args()
    faces, background = held_out(given.data, given.embedder) if given.embedder else unseen(given.data)
    print(f"{len(faces)} faces of {len(set(faces.names))} characters; means over {POOLS} pools.\n")
    print(
        "| likeness | faces in their character's group | groups of one character | frequent strangers found | groups |"
    )
    print("| --- | --- | --- | --- | --- |")
    for likeness in THRESHOLDS:
        table = np.array([groups(faces, likeness=likeness, seed=seed) for seed in range(POOLS)])
        purity, one, found, count = table.mean(axis=0)
        print(f"| {likeness:g} | {purity:.3f} | {one:.2f} | {found:.2f} | {count:.1f} |")
    print(f"\nRight names said, of faces not posted, before and after {ANSWERS} of these; means over {DRAWS} draws.\n")
    rows = [answers(faces, background, seed=seed) for seed in range(DRAWS)]
    print("| " + " | ".join(rows[0]) + " |")
    print("|" + " --- |" * len(rows[0]))
    means = [np.mean([row[way] for row in rows]) for way in rows[0]]
    print("| " + " | ".join(f"{mean:.3f}" for mean in means) + " |")
    gain = np.array([row["faces of a review"] - row["faces by chance"] for row in rows])
    print(f"\nFaces of a review less faces by chance: {gain.mean():+.3f} ± {gain.std() / DRAWS**0.5:.3f} (error).")


if __name__ == "__main__":
    main()
