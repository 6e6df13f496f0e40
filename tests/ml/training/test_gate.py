"""The gate: a version that is no worse may answer, one that is worse may not."""

import numpy as np
import pytest

from ml.measuring.scores import Comparison, Score
from ml.training.gate import Verdict, counted, decide


def faces(total: int, *, before: int, lost: int = 0, gained: int = 0) -> Comparison:
    """So many faces of which the version before got some right, and the new one lost and gained some."""
    return Comparison(Score(before, total), Score(before - lost + gained, total), lost, gained)


STRANGERS = faces(400, before=390)
LOOK_ALIKES = faces(60, before=58)


@pytest.mark.parametrize(
    ("naming", "verdict"),
    [
        (faces(60, before=50), "no_worse"),
        (faces(60, before=50, lost=3, gained=3), "no_worse"),
        (faces(60, before=50, lost=4, gained=3), "naming_worse"),  # many small losses would add up
        (faces(60, before=50, lost=1, gained=9), "no_worse"),
        (faces(19, before=15, lost=1), "too_few_to_tell"),  # one of so few may be chance
        (faces(19, before=15, lost=2), "naming_worse"),
        (faces(0, before=0), "too_few_to_tell"),
    ],
)
def test_not_one_held_out_face_may_be_lost_net_where_there_are_enough(naming: Comparison, verdict: Verdict) -> None:
    assert decide(first=False, naming=naming, strangers=STRANGERS, look_alikes=LOOK_ALIKES) == verdict


@pytest.mark.parametrize(
    ("strangers", "verdict"),
    [
        (faces(400, before=400, lost=20), "no_worse"),  # the rate that the threshold is set for
        (faces(400, before=400, lost=21), "strangers_worse"),
        (faces(400, before=320), "no_worse"),  # bad, but as before
        (faces(400, before=320, lost=9, gained=6), "no_worse"),  # chance
        (faces(400, before=320, lost=19, gained=6), "strangers_worse"),
    ],
)
def test_strangers_may_be_named_within_the_stated_rate_or_by_chance(strangers: Comparison, verdict: Verdict) -> None:
    naming = faces(60, before=50, gained=5)
    assert decide(first=False, naming=naming, strangers=strangers, look_alikes=LOOK_ALIKES) == verdict
    assert decide(first=False, naming=naming, strangers=STRANGERS, look_alikes=strangers) == verdict


def test_the_first_version_is_published_whatever_it_does() -> None:
    awful = faces(400, before=400, lost=400)
    assert decide(first=True, naming=awful, strangers=awful, look_alikes=awful) == "first"


def test_friends_cannot_vote_a_lie_into_the_faces_that_the_gate_counts() -> None:
    trusted = np.array([True, True, False, False])
    agreed = np.array([True, False, True, False])  # of the last, only members say what the active version does not
    assert counted(trusted=trusted, agreed=agreed).tolist() == [True, True, True, False]
