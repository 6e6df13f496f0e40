"""What a trusted example changes at once, before the next retraining: without TensorFlow, in some milliseconds.

Each character whose examples are others than when the version was made gets a new column. It rests on what
`ml.training.calibration` rests on, but for the softmax: what the rest is worth without it was learned from the same
simulated servers (`Evidence.untrained`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ml.arrays import Floats
from ml.measuring.scores import measure
from ml.naming.classifier import Calibration, Classifier
from ml.naming.examples import Examples
from ml.naming.learned import Learned
from ml.naming.names import fold
from ml.training.background import Background
from ml.training.calibration import Acquaintances
from ml.training.gate import PROMOTING, compare

# Held-out faces, net, where moderators and importers alone spoke: who is added takes something from the others, and
# gives back nothing that can be measured yet. It does not add up, as it is always measured from the version on.
MAY_BE_LOST: Final = 1
_ENOUGH: Final = 12  # examples of a character that did not change: enough to know how like it the others are


@dataclass(frozen=True, slots=True)
class Lesson:
    """A trusted example, as it is today.

    Attributes
    ----------
    face
        Its id.
    name
        What the character is called today.
    picture
        As in `Examples.pictures`.
    embedding, embedder
        As of `ml.Sample`.
    held_out
        To measure with, not to learn from.
    trusted
        A moderator or an importer named it, not only a quorum of members.
    """

    face: int
    name: str
    picture: str
    embedding: bytes
    embedder: str
    held_out: bool
    trusted: bool


def learn(
    version: Classifier | None,
    taught: Mapping[str, Collection[int]],
    lessons: Sequence[Lesson],
    background: Background,
    *,
    called: Callable[[str], str],
) -> Learned | None:
    """What to add to a version, and to take off it, so that it goes by today's examples.

    What is no example any more stops counting, whatever that does to the rest. What is new counts only if the gate of a
    retraining (`ml.training.gate`) finds the version together with it no worse, but for `MAY_BE_LOST`; where it does
    not, as much of it as it lets pass, character by character, those first of whom a moderator spoke.

    Parameters
    ----------
    version
        None: there is none, and the examples alone tell who is known.
    taught
        The faces that each character of the version was learned from, under the version's names; empty for one that
        came from a file, of which that is not known, so it is only added to.
    lessons
        All trusted examples of today, of the version's embedder.
    called
        What the version's names are today.

    Returns
    -------
    Learned
        None where the version goes by today's examples already.
    """
    spelled = {fold(name): name for name in {lesson.name for lesson in lessons}}

    def today(name: str) -> str:
        return spelled.get(fold(called(name)), called(name))

    change = _Change.of(version, taught, lessons, today)
    kept = change.learned(change.gone, change.kept, background)
    if not change.added:
        return kept if change.gone else None
    everything = change.learned(change.gone | change.added, change.now, background)
    no_worse = _gate(change, kept, lessons, background)
    if no_worse(everything, change.added):
        return everything
    passed, best = frozenset[str](), kept
    for name in sorted(change.added, key=lambda name: (not change.surely(name), name)):
        wanted = passed | {name}
        more = change.learned(change.gone | wanted, change.only(wanted), background)
        if no_worse(more, wanted):
            passed, best = wanted, more
    return best if passed or change.gone else None


@dataclass(frozen=True, slots=True)
class _Change:
    """The examples that a version was made from, and those of today; by their characters' names of today.

    Attributes
    ----------
    columns
        The version's characters.
    kept
        Today's examples that the version was made from too.
    now
        Today's examples.
    gone, added
        Characters that lost, and that won an example since.
    """

    version: Classifier | None
    called: Callable[[str], str]
    columns: Mapping[str, list[str]]
    kept: Mapping[str, list[Lesson]]
    now: Mapping[str, list[Lesson]]
    gone: frozenset[str]
    added: frozenset[str]

    @classmethod
    def of(
        cls,
        version: Classifier | None,
        taught: Mapping[str, Collection[int]],
        lessons: Iterable[Lesson],
        called: Callable[[str], str],
    ) -> "_Change":
        columns: dict[str, list[str]] = {}
        for name in () if version is None else version.names:
            columns.setdefault(called(name), []).append(name)
        now: dict[str, list[Lesson]] = {}
        for lesson in lessons:
            if not lesson.held_out:
                now.setdefault(lesson.name, []).append(lesson)
        then = {
            name: {face for each in spoken for face in taught.get(each, ())} if taught else _faces(now.get(name, ()))
            for name, spoken in columns.items()
        }
        # Of who is known, members alone add nothing before the whole gate of a retraining has seen what it does.
        now = {
            name: heard
            for name, mine in now.items()
            if (heard := [each for each in mine if name not in then or each.trusted or each.face in then[name]])
        }
        kept = {name: [each for each in now.get(name, ()) if each.face in then[name]] for name in columns}
        return cls(
            version,
            called,
            columns,
            {name: left for name, left in kept.items() if left},
            now,
            gone=frozenset(name for name in columns if then[name] - _faces(kept[name])),
            added=frozenset(name for name, mine in now.items() if _faces(mine) - then.get(name, set())),
        )

    def only(self, names: Collection[str]) -> dict[str, list[Lesson]]:
        """Today's examples of these characters, and of the others those that the version was made from."""
        return {**self.kept, **{name: self.now[name] for name in names}}

    def surely(self, name: str) -> bool:
        """Whether only moderators and importers made the examples that a character won."""
        before = _faces(self.kept.get(name, ()))
        return all(each.trusted for each in self.now[name] if each.face not in before)

    def learned(self, names: Collection[str], examples: Mapping[str, list[Lesson]], background: Background) -> Learned:
        """Columns for these characters, in place of the version's."""
        mine = sorted(name for name in names if name in examples)
        weights, bias = _columns(mine, examples, background)
        # One that only won examples keeps what the version's softmax learned of it.
        grown = [
            name
            for name in mine
            if name not in self.gone and name in self.kept and len(self.columns.get(name, ())) == 1
        ]
        if grown and self.version is not None:
            before, bias_before = _columns(grown, self.kept, background)
            theirs = [self.version.names.index(self.columns[name][0]) for name in grown]
            place = [mine.index(name) for name in grown]
            weights[:, place] += self.version.weights[:, theirs] - before
            bias[place] += self.version.bias[theirs] - bias_before
        no_version = self.version is None
        evidence = background.evidence
        return Learned(
            names=tuple(mine),
            weights=weights,
            bias=bias,
            pictures={
                name: len({each.picture for each in examples[name]}) for name in mine if name not in self.columns
            },
            without=frozenset(each for name in names for each in self.columns.get(name, ())),
            crowd=background.crowd.astype(np.float16) if no_version else None,
            calibration=Calibration(-evidence.weights["strangers"], evidence.threshold) if no_version else None,
        )


def _columns(
    names: Sequence[str], examples: Mapping[str, list[Lesson]], background: Background
) -> tuple[Floats, Floats]:
    """Weights, (dimensions, k), and biases, (k,), of characters among others, without a softmax."""
    dimensions = background.crowd.shape[1]
    if not names:
        return np.zeros((dimensions, 0), np.float32), np.zeros(0, np.float32)
    everybody = [*names, *sorted(examples.keys() - set(names))]
    shown = [examples[name] if i < len(names) else examples[name][:_ENOUGH] for i, name in enumerate(everybody)]
    faces = _embeddings([each for mine in shown for each in mine])
    labels = np.repeat(np.arange(len(everybody)), [len(mine) for mine in shown])
    known = Acquaintances.of(faces, labels, own=background.evidence.own)
    w, mine = background.evidence.untrained, slice(len(names))
    bias = np.zeros(len(names))
    for name, value in known.constant.items():
        bias += w[name] * value[mine]
    return (w["similarity"] * known.means[mine].T).astype(np.float32), bias.astype(np.float32)


def _gate(
    change: _Change, before: Learned, lessons: Sequence[Lesson], background: Background
) -> Callable[[Learned, Collection[str]], bool]:
    """What tells whether the gate would let a version pass together with what was learned of some characters."""
    champion = _today(before.joined(change.version), change.called)
    if champion is None:
        return lambda _after, _spoken_of: True  # there is nothing to lose
    measuring = [each for each in lessons if each.held_out]
    held_out = Examples(
        _embeddings(measuring) if measuring else background.gate[:0],
        tuple(each.name for each in measuring),
        tuple(each.picture for each in measuring),
    )
    trusted = np.array([each.trusted for each in measuring], bool)
    measured = measure(champion, held_out, background.gate)

    def no_worse(after: Learned, spoken_of: Collection[str]) -> bool:
        challenger = _today(after.joined(change.version), change.called)
        compared = compare(
            measured, measure(challenger, held_out, background.gate), names=held_out.names, trusted=trusted
        )
        if compared.verdict != "naming_worse":
            return compared.verdict in PROMOTING
        lost = compared.naming.lost - compared.naming.gained
        return lost <= MAY_BE_LOST and all(map(change.surely, spoken_of))

    return no_worse


def _today(classifier: Classifier | None, called: Callable[[str], str]) -> Classifier | None:
    return None if classifier is None else replace(classifier, names=tuple(map(called, classifier.names)))


def _faces(lessons: Iterable[Lesson]) -> set[int]:
    return {each.face for each in lessons}


def _embeddings(lessons: Sequence[Lesson]) -> Floats:
    return np.stack([np.frombuffer(each.embedding, "<f2") for each in lessons]).astype(np.float32)
