"""The gate: whether a new version may answer in place of the active one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from ml.arrays import Bools
from ml.measuring.scores import Comparison, Measurement
from ml.training.calibration import FALSE_ACCEPT_RATE

# With fewer held-out faces than this, one face is more than five points: no single one may decide.
ENOUGH_TO_TELL = 20
# A loss of strangers that chance brings about oftener than this is taken for chance.
SIGNIFICANCE = 0.05

Verdict: TypeAlias = Literal["first", "no_worse", "too_few_to_tell", "naming_worse", "strangers_worse"]
PROMOTING: tuple[Verdict, ...] = ("first", "no_worse", "too_few_to_tell")


@dataclass(frozen=True, slots=True)
class Compared:
    """A challenger beside the active version, on the faces that count; see `decide` and `counted`."""

    verdict: Verdict
    naming: Comparison
    strangers: Comparison
    look_alikes: Comparison
    uncounted: int


def compare(
    before: Measurement, after: Measurement, *, names: Sequence[str], trusted: Bools, first: bool = False
) -> Compared:
    """Compare two measurements of the same held-out faces.

    Parameters
    ----------
    names
        The character of each held-out face.
    trusted
        For each, bool of shape (n,): a moderator or an importer named it.
    first
        There is no active version.
    """
    counts = np.ones_like(trusted)
    if not first:
        likeliest = [candidates[0].name for candidates in before.candidates]
        counts = counted(trusted=trusted, agreed=np.array(likeliest, str) == np.array(names, str))
    naming = Comparison.of(before.named_right[counts], after.named_right[counts])
    strangers = Comparison.of(before.rejected, after.rejected)
    look_alikes = Comparison.of(before.spared[counts], after.spared[counts])
    verdict = decide(first=first, naming=naming, strangers=strangers, look_alikes=look_alikes)
    return Compared(verdict, naming, strangers, look_alikes, int((~counts).sum()))


def counted(*, trusted: Bools, agreed: Bools) -> Bools:
    """Which held-out faces a decision rests on, bool of shape (n,).

    Those that a moderator or an importer named, and those of which the active version thinks as the members do.
    Friends who agree on lies agree on them about held-out faces too, and a version that repeats the lies would seem
    to gain: with five times as many lies as truths such a version was published and named nobody rightly (three
    simulations of three), and none since these faces are left out. The price: what a new version mends counts only
    if a moderator said so or it was on the tip of the old one's tongue; what it breaks always counts.

    Parameters
    ----------
    trusted
        For each, shape (n,): a moderator or an importer named it.
    agreed
        For each, shape (n,): the likeliest name by the active version, said or not, is the one that it bears.
    """
    return trusted | agreed


def decide(*, first: bool, naming: Comparison, strangers: Comparison, look_alikes: Comparison) -> Verdict:
    """Compare a challenger with the active version.

    Parameters
    ----------
    first
        There is no active version.
    naming
        Held-out faces, those that are `counted`, given their own name.
    strangers
        Background faces given none.
    look_alikes
        Held-out faces given no name when their own character was struck out.

    Returns
    -------
    Verdict
        "naming_worse": more faces were lost than gained; with fewer than `ENOUGH_TO_TELL`, two more. No loss is let
        pass as chance, or many small ones, each too small to tell, would add up: whoever tells lies has patience.

        "strangers_worse": of either kind of strangers, more were named than the false-accept rate that the
        threshold is set for, and the loss is more than chance (`SIGNIFICANCE`). Within that rate, how many are
        named is chance, and the next calibration mends it.

        "too_few_to_tell": no worse, but shown by fewer than `ENOUGH_TO_TELL` faces.
    """
    if first:
        return "first"
    if any(_beyond_the_rate(kind) and kind.chance < SIGNIFICANCE for kind in (strangers, look_alikes)):
        return "strangers_worse"
    few = naming.after.total < ENOUGH_TO_TELL
    if naming.lost - naming.gained > (1 if few else 0):
        return "naming_worse"
    return "too_few_to_tell" if few else "no_worse"


def _beyond_the_rate(strangers: Comparison) -> bool:
    score = strangers.after
    return score.total - score.right > FALSE_ACCEPT_RATE * score.total
