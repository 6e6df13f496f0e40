"""How much is tried, from which seed, and where what fails is kept; `make fuzz` tries more."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.conftest import club, more, trained_env  # noqa: F401  fixtures


def pytest_addoption(parser: pytest.Parser) -> None:
    """Known where pytest is given this folder."""
    group = parser.getgroup("fuzz")
    group.addoption("--fuzz-files", type=int, help="broken files through a worker")
    group.addoption("--fuzz-bot", type=int, help="broken files through the whole bot")
    group.addoption("--fuzz-seed", type=int, help="the first one's seed")
    group.addoption("--fuzz-out", type=Path, help="where files are kept of which something else came")


@dataclass(frozen=True, slots=True)
class Plan:
    """What to try."""

    files: int
    bot: int
    seed: int
    out: Path


@pytest.fixture
def plan(request: pytest.FixtureRequest, tmp_path: Path) -> Plan:
    """As told on the command line, or few."""

    def told(name: str) -> object:
        return request.config.getoption(name, default=None)

    out = told("--fuzz-out")
    return Plan(
        files=int(str(told("--fuzz-files") or 300)),
        bot=int(str(told("--fuzz-bot") or 12)),
        seed=int(str(told("--fuzz-seed") or 1)),
        out=Path(str(out)) if out else tmp_path,
    )
