"""When a model is retrained by itself: as the operator wrote it down, and only if there is something to learn."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import load_settings
from bot.config.tables import RetrainingSettings
from bot.retraining.scheduling import is_due

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def chosen(tmp_path: Path, text: str) -> RetrainingSettings:
    (tmp_path / "config.toml").write_text(f"[retraining]\n{text}\n")
    return load_settings(home=tmp_path).retraining


@pytest.mark.parametrize(
    ("ago", "corrections", "due"),
    [
        (timedelta(minutes=1), 1, False),
        (timedelta(minutes=1), 29, False),
        (timedelta(minutes=1), 30, True),
        (timedelta(hours=23, minutes=59), 1, False),
        (timedelta(hours=24), 1, True),
        (None, 0, False),  # nothing new, so it would find the same
    ],
)
def test_by_itself_once_enough_was_said_or_a_day_after_anything_was(
    tmp_path: Path, ago: timedelta | None, corrections: int, due: bool
) -> None:
    since = None if ago is None else NOON - ago
    assert is_due(chosen(tmp_path, ""), now=NOON, since=since, corrections=corrections) is due


def test_never_if_the_operator_wants_it_so(tmp_path: Path) -> None:
    never = chosen(tmp_path, 'every = ""\nafter_corrections = 0')
    assert not is_due(never, now=NOON, since=NOON - timedelta(days=900), corrections=10_000)


@pytest.mark.parametrize(("hour", "due"), [(20, True), (21, False), (3, False), (5, False), (6, True), (12, True)])
def test_never_in_quiet_hours_of_the_stated_time_zone(tmp_path: Path, hour: int, due: bool) -> None:
    # In Berlin it is an hour later in November.
    quiet = chosen(tmp_path, 'every = "1d"\nquiet = "22:00-07:00"\ntime_zone = "Europe/Berlin"')
    assert is_due(quiet, now=NOON.replace(hour=hour), since=NOON - timedelta(days=2), corrections=5) is due
