"""The gate: a version that is no worse is published, one that is worse is not, and the report says why."""

import numpy as np
import pytest

from ml.evaluation import Measurement
from ml.retraining import Verdict, decide


def measured(*, named: int, rejected: int, faces: int = 20, strangers: int = 100) -> Measurement:
    """So many of the held-out faces named rightly, so many of the strangers left unnamed."""
    return Measurement(np.arange(faces) < named, np.arange(strangers) < rejected)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (measured(named=15, rejected=97), measured(named=15, rejected=97), "no_worse"),
        (measured(named=15, rejected=97), measured(named=14, rejected=97), "no_worse"),  # one face is noise
        (measured(named=15, rejected=97), measured(named=12, rejected=97), "naming_worse"),
        (measured(named=15, rejected=100), measured(named=15, rejected=95), "no_worse"),  # the stated rate
        (measured(named=15, rejected=100), measured(named=20, rejected=90), "strangers_worse"),
        (measured(named=15, rejected=80), measured(named=15, rejected=80), "no_worse"),  # bad, but as before
        (measured(named=3, rejected=97, faces=4), measured(named=4, rejected=97, faces=4), "too_few_to_tell"),
    ],
)
def test_the_gate_keeps_what_is_worse_out(before: Measurement, after: Measurement, verdict: Verdict) -> None:
    assert decide(before, after, first=False) == verdict


def test_the_first_version_is_published_whatever_it_does() -> None:
    nothing = measured(named=0, rejected=100)
    assert decide(nothing, measured(named=0, rejected=50), first=True) == "first"
