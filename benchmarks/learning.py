"""How soon somebody new is known: named from one, two and three examples on, without any retraining.

    python benchmarks/learning.py DATA

A server that knows 20 characters from five pictures each (a sixth is held out), of those of `benchmarks/servers.py`,
which nothing learned from. A moderator says who one more is, in one picture, in two, in three; what that changes at
once (`ml.training.at_once`) is measured on further faces of hers, of those known before, and of all others, who are
strangers. Reach: her name is said in 45, 60 and 70 % of them, at one point more strangers and wrong names at most.

Then trolls speak in such a server, and no moderator: as many as a quorum wants agree on one wrong name for each of so
many faces of those known before. Reach: two points less likeliest names and names said at most.
"""

import argparse
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from servers import MOST_TESTED, unseen

from ml.naming.backbones import SHIPPED
from ml.naming.classifier import Classifier
from ml.naming.embedder import Embedder
from ml.naming.examples import Examples
from ml.training.at_once import Lesson, learn
from ml.training.background import Background
from ml.training.fit import train

DRAWS = 40
KNOWN, PICTURES = 20, 5
NEWCOMERS = 8  # of each draw, one after the other
TAUGHT = (1, 2, 3)  # pictures
LIES = (1, 5, 20, 60)  # faces, of one character after the other


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


def lessons(
    faces: Examples, places: Iterable[int], *, held_out: bool = False, lie: Mapping[str, str] | None = None
) -> list[Lesson]:
    """Faces that a moderator named, or that trolls call as `lie` has it."""
    return [
        Lesson(
            face=place,
            name=faces.names[place] if lie is None else lie[faces.names[place]],
            picture=str(place),
            embedding=faces.embeddings[place].astype("<f2").tobytes(),
            embedder="",
            held_out=held_out,
            trusted=lie is None,
        )
        for place in map(int, places)
    ]


Found: TypeAlias = tuple[str, int, Row, Row, float]
"""Who spoke, of how many faces; before and after, and the milliseconds that it takes to learn it."""


def draw(faces: Examples, background: Background, *, seed: int) -> Iterator[Found]:
    """Measure one server: each newcomer and number of pictures, then each number of lies."""
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
    before = lessons(faces, learned) + lessons(faces, kept, held_out=True)
    taught = {name: [int(place) for place in places[name][:PICTURES]] for name in mine}

    def compare(said: list[Lesson], further: Examples, known: Examples, strangers: Examples) -> tuple[Row, Row, float]:
        started = time.perf_counter()
        found = learn(version, taught, before + said, background, called=str)
        took = (time.perf_counter() - started) * 1000
        joined = version if found is None else found.joined(version)
        assert joined is not None
        old, new = (measure(m, further, known=known, strangers=strangers) for m in (version, joined))
        return old, new, took

    others = rng.permutation(np.setdiff1d(everybody[count >= 2 * TAUGHT[-1]], mine))
    for name in others[:NEWCOMERS]:
        further = some(places[name][TAUGHT[-1] : TAUGHT[-1] + MOST_TESTED])
        strangers = faces.where(~np.isin(names, [*mine, name]))
        for pictures in TAUGHT:
            said = lessons(faces, places[name][:pictures])
            yield "newcomer", pictures, *compare(said, further, some(tested), strangers)
    lie = dict(zip(mine, np.roll(mine, KNOWN // 2), strict=True))
    lied = np.concatenate([places[name][PICTURES + 1 : PICTURES + 6] for name in mine])
    rest = some(np.setdiff1d(tested, lied))
    for count in LIES:
        yield (
            "trolls",
            count,
            *compare(lessons(faces, lied[:count], lie=lie), rest, rest, faces.where(~np.isin(names, mine))),
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
    found = [row for seed in range(DRAWS) for row in draw(faces, background, seed=seed)]
    print(f"{len(faces)} faces of {len(set(faces.names))} characters, {DRAWS} draws.\n")
    print(
        "| who spoke, of how many faces | likeliest right | right name said | said or asked for | strangers named | "
        "acquaintances: right name said | wrong name said | learned in, ms |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for who, count in [("newcomer", count) for count in TAUGHT] + [("trolls", count) for count in LIES]:
        rows = [row for row in found if row[:2] == (who, count)]
        changed = [
            " → ".join(f"{np.mean([getattr(each, field) for each in half]):.3f}" for half in zip(*pairs, strict=True))
            for pairs in [[row[2:4] for row in rows]]
            for field in Row.__slots__
        ]
        took = np.median([row[4] for row in rows])
        print(f"| {who}, {count} | {' | '.join(changed)} | {took:.0f} |", flush=True)


if __name__ == "__main__":
    main()
