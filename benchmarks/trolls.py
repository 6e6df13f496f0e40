"""Whether a server learns from honest people, and whether liars can make it forget.

    python benchmarks/trolls.py [DATA] [--scenario NAME] [--seed N]

40 characters, up to 50 pictures of each posted in rounds; after each round everything is retrained as the bot does it.
Just before that, with all that counts at once, and after it, what answers is measured on faces that no version ever
saw. Twelve members are right 95 % of the time, eight 70 %, six always lie (three of them at a time agree on the same
wrong name and say "not" of the right one), and a moderator names a few percent of the faces. DATA holds face crops,
`faces/*` and `unseen/*`; without it painted characters stand in, which are far easier.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from _guild import CHARACTERS, Faces, Measured, Phase, Server, gather

from bot.config import load_settings
from bot.database.opened import opened
from bot.retraining.run import Gate
from ml.arrays import Bools
from ml.measuring.scores import Comparison, Score

ROUNDS = (5, 10, 20, 28, 35, 42, 50)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Who speaks, round by round, and whether the gate is heeded."""

    told: str
    phases: tuple[Phase, ...]
    gate: Gate = "heed"


def _peace(until: int) -> Phase:
    return Phase(until, honest=3, lies=0.0, moderated=0.03)


def _mixed(until: int) -> Phase:
    return Phase(until, honest=3, lies=0.3, moderated=0.03)


def _attack(until: int) -> Phase:
    return _peace(until) if until <= 20 else Phase(until, honest=0, lies=1.0, moderated=0.03)


def _unwatched(until: int) -> Phase:
    return _peace(until) if until <= 10 else Phase(until, honest=0, lies=1.0, moderated=0.0)


def _rounds(of: Callable[[int], Phase]) -> tuple[Phase, ...]:
    return tuple(of(until) for until in ROUNDS)


SCENARIOS = {
    "peace": Scenario("Three members speak of each face, nobody lies, the moderator names 3 %", _rounds(_peace)),
    "everyone": Scenario("The same, and trolls lie about 30 % of the faces", _rounds(_mixed)),
    "attack": Scenario(
        "Peace up to 20 pictures of each; then trolls alone speak, of every face; the moderator names 3 %",
        _rounds(_attack),
    ),
    "unwatched": Scenario(
        "Peace up to 10 pictures of each; then trolls alone speak, of every face, and no moderator", _rounds(_unwatched)
    ),
    "ungated": Scenario("The same, every version published", _rounds(_unwatched), gate="override"),
}


async def play(scenario: Scenario, faces: Faces, *, seed: int) -> list[Measured]:
    """Live through a scenario; what answered after each round."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(home=Path(folder))
        async with opened(settings) as database:
            server = Server(faces, settings, database, seed=seed)
            return [show(await server.live(phase, gate=scenario.gate)) for phase in scenario.phases]


def show(measured: Measured) -> Measured:
    """Print a round's row."""
    outcome = measured.outcome
    published = outcome.published.name if outcome.published else "kept"
    print(
        f"{measured.pictures:>8} | {measured.spoken:>11} | {outcome.report.examples:>8} | "
        f"{_rate(measured.at_once.likeliest)} | {_rate(measured.at_once.said)} | {_rate(measured.at_once.strangers)} | "
        f"{_rate(measured.retrained.likeliest)} | {_rate(measured.retrained.said)} | "
        f"{_rate(measured.retrained.strangers)} | "
        f"{published:>4}, {outcome.report.verdict}",
        flush=True,
    )
    return measured


def _rate(found: Bools) -> str:
    score = Score(int(found.sum()), len(found))
    low, high = score.interval
    return f"{score.rate or 0:.3f} ({low:.3f}-{high:.3f})"


def largest_drop(rounds: list[Measured]) -> str:
    """How far what answered ever fell behind the best before it, of the likeliest names and of those said."""
    told: list[str] = []
    answers = [each for measured in rounds for each in (measured.at_once, measured.retrained)]
    for of in ("likeliest", "said"):
        pairs = [(getattr(a, of), getattr(b, of)) for i, a in enumerate(answers) for b in answers[i + 1 :]]
        worst = min((Comparison.of(*pair) for pair in pairs), key=lambda each: each.after.right - each.before.right)
        change = (worst.after.right - worst.before.right) / worst.after.total
        low, high = worst.interval
        told.append(f"{of} {min(0.0, change) * 100:+.1f} points ({low * 100:+.1f} to {high * 100:+.1f})")
    return ", ".join(told)


def main() -> None:
    """Play the scenarios and print their tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path)
    parser.add_argument("--scenario", choices=[*SCENARIOS], action="append", help="only this; may be repeated")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    started = time.perf_counter()
    faces = gather(chosen.data)
    print(
        f"{len(faces.posted)} of {CHARACTERS} characters, {sum(map(len, faces.posted.values()))} pictures to post, "
        f"{len(faces.truth)} faces to measure on, {len(faces.strangers)} strangers ({_since(started)})",
        flush=True,
    )
    for name in chosen.scenario or SCENARIOS:
        scenario = SCENARIOS[name]
        print(f"\n{name}: {scenario.told}.")
        print(
            "pictures | corrections | examples | at once: likeliest name right | right name said | strangers named | "
            "retrained: likeliest name right | right name said | strangers named | published"
        )
        rounds = asyncio.run(play(scenario, faces, seed=chosen.seed))
        first, last = rounds[0], rounds[-1]
        print(f"largest drop of what answered: {largest_drop(rounds)}")
        lift = Comparison.of(first.retrained.said, last.retrained.said)
        low, high = lift.interval
        change = (lift.after.right - lift.before.right) / lift.after.total * 100
        print(f"right name said, first to last: {change:+.1f} points ({low * 100:+.1f} to {high * 100:+.1f})")
        print(f"({_since(started)})", flush=True)


def _since(started: float) -> str:
    return f"{time.perf_counter() - started:.0f} s"


if __name__ == "__main__":
    main()
