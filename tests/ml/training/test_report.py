"""What was measured of a version travels with it, and anybody may have made it up."""

from typing import Any

import pytest

from ml.training.report import Report

BETTER = {"before": {"right": 60, "total": 100}, "after": {"right": 61, "total": 100}, "lost": 0, "gained": 1}
GOOD: dict[str, Any] = {
    "verdict": "no_worse",
    "examples": 300,
    "naming": BETTER,
    "strangers": BETTER,
    "look_alikes": BETTER,
    "uncounted": 0,
    "characters": [],
    "dropped": [],
    "curve": [],
}
NOBODY = {"right": 0, "total": 0}
SOMEBODY = {"new": True, "learned_from": 1, "added": 1, "gone": 0, "renamed_from": None, "before": NOBODY}


def test_what_was_measured_is_read_as_it_was_written() -> None:
    report = Report.from_json(GOOD)
    assert report.naming.after.interval[0] > 0.5
    assert Report.from_json(report.as_json()) == report


@pytest.mark.parametrize(
    "said",
    [
        {"naming": BETTER | {"after": {"right": 101, "total": 100}}},
        {"strangers": BETTER | {"before": {"right": -1, "total": 100}}},
        {"look_alikes": BETTER | {"after": {"right": 1, "total": 10**400}}},
        {"characters": [SOMEBODY | {"name": "Riko", "after": {"right": 2, "total": 1}}]},
        {"characters": [SOMEBODY | {"name": "R" * 10_000, "after": NOBODY}]},
        {"answers": [{"truth": "R" * 10_000, "said": None, "faces": 1}]},
    ],
)
def test_what_cannot_have_been_measured_is_not_read(said: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"cannot be right|a name is none|valid integer|too long"):
        Report.from_json(GOOD | said)
