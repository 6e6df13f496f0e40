"""How soon somebody new is known: named from one, two and three examples on, without any retraining.

    python benchmarks/learning.py DATA

A server that knows 20 characters from five pictures each (a sixth is held out), of those of `benchmarks/servers.py`,
which nothing learned from. A moderator says who one more is, in one picture, in two, in three; what that changes at
once (`ml.training.at_once`) is measured on further faces of hers, of those known before, and of all others, who are
strangers. Reach: her name is said in 45, 60 and 70 % of them, at one point more strangers and wrong names at most.
"""

import argparse
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from servers import MOST_TESTED, unseen

from ml.naming.backbones import SHIPPED
from ml.naming.classifier import Classifier
from ml.naming.embedder import Embedder
from ml.naming.examples import Examples
from ml.training.at_once import Lesson, learn
from ml.training.background import Background
from ml.training.fit import train

DRAWS = 10
KNOWN, PICTURES = 20, 5
NEWCOMERS = 8  # of each draw, one after the other
TAUGHT = (1, 2, 3)  # pictures


@dataclass(frozen=True, slots=True)
class Row:
    """One newcomer in one server: shares 0..1."""

    likeliest: float  # of her further faces: the likeliest character is right
    said: float  # the right name is said
    asked: float  # the right name is said or asked for
    strangers: float  # strangers given a name
    right: float  # acquaintances given their own name
    wrong: float  # acquaintances given another's


def measure(model: Classifier, faces: Examples, *, known: Examples, strangers: Examples) -> Row:
    """Measure a server that knows or does not know a newcomer."""
    threshold, names = model.calibration.threshold, np.array(model.names)

    def best(of: Examples) -> tuple[np.ndarray, np.ndarray]:
        probabilities = model.probabilities(of.embeddings)
        return names[probabilities.argmax(axis=1)] == np.array(of.names), probabilities.max(axis=1)

    (hers, sure), (right, confident), (_, deceived) = (best(each) for each in (faces, known, strangers))
    return Row(
        likeliest=float(hers.mean()),
        said=float((hers & (sure >= threshold)).mean()),
        asked=float((hers & (sure >= 0.5)).mean()),
        strangers=float((deceived >= threshold).mean()),
        right=float((right & (confident >= threshold)).mean()),
        wrong=float((~right & (confident >= threshold)).mean()),
    )


def lessons(faces: Examples, places: Iterable[int], *, held_out: bool) -> list[Lesson]:
    """Faces that a moderator named."""
    return [
        Lesson(
            face=place,
            name=faces.names[place],
            picture=str(place),
            embedding=faces.embeddings[place].astype("<f2").tobytes(),
            embedder="",
            held_out=held_out,
            trusted=True,
        )
        for place in map(int, places)
    ]


def draw(faces: Examples, background: Background, *, seed: int) -> Iterable[tuple[int, Row, Row, float]]:
    """For each newcomer and number of pictures: before and after, and the milliseconds that it takes to learn her."""
    rng = np.random.default_rng([seed, KNOWN, PICTURES])
    names = np.array(faces.names)
    everybody, count = np.unique(names, return_counts=True)
    mine = rng.permutation(everybody[count > PICTURES + 1])[:KNOWN]
    places = {name: rng.permutation(np.flatnonzero(names == name)) for name in everybody}
    learned = np.concatenate([places[name][:PICTURES] for name in mine])
    kept = np.concatenate([places[name][PICTURES : PICTURES + 1] for name in mine])
    tested = np.concatenate([places[name][PICTURES + 1 : PICTURES + 1 + MOST_TESTED] for name in mine])

    def some(which: np.ndarray) -> Examples:
        return faces.where(np.isin(np.arange(len(names)), which))

    version = train(some(learned), background, seed=seed)
    before = lessons(faces, learned, held_out=False) + lessons(faces, kept, held_out=True)
    taught = {name: [int(place) for place in places[name][:PICTURES]] for name in mine}
    others = rng.permutation(np.setdiff1d(everybody[count >= 2 * TAUGHT[-1]], mine))
    for name in others[:NEWCOMERS]:
        further = some(places[name][TAUGHT[-1] : TAUGHT[-1] + MOST_TESTED])
        strangers = faces.where(~np.isin(names, [*mine, name]))
        for pictures in TAUGHT:
            started = time.perf_counter()
            said = before + lessons(faces, places[name][:pictures], held_out=False)
            found = learn(version, taught, said, background, called=str)
            took = (time.perf_counter() - started) * 1000
            joined = version if found is None else found.joined(version)
            assert joined is not None
            rows = [measure(m, further, known=some(tested), strangers=strangers) for m in (version, joined)]
            yield pictures, rows[0], rows[1], took


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
    found = [row for seed in range(DRAWS) for row in draw(faces, background, seed=seed)]
    print(f"{len(faces)} faces of {len(set(faces.names))} characters; {len(found) // 3} newcomers in {DRAWS} draws.\n")
    print(
        "| pictures of the newcomer | likeliest right | right name said | said or asked for | strangers named | "
        "acquaintances: right name said | wrong name said | learned in, ms |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for pictures in TAUGHT:
        rows = [row for row in found if row[0] == pictures]
        old = {field: float(np.mean([getattr(row[1], field) for row in rows])) for field in Row.__slots__}
        new = {field: float(np.mean([getattr(row[2], field) for row in rows])) for field in Row.__slots__}
        changed = [f"{old[field]:.3f} → {new[field]:.3f}" for field in ("strangers", "right", "wrong")]
        figures = [f"{new[field]:.3f}" for field in ("likeliest", "said", "asked")]
        took = np.median([row[3] for row in rows])
        print(f"| {pictures} | {' | '.join([*figures, *changed])} | {took:.0f} |", flush=True)


if __name__ == "__main__":
    main()
