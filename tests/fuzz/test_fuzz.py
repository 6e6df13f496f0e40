"""Whatever file is sent, it is answered or refused in words, and costs little; `make fuzz` tries thousands."""

from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from bot.recognition import worker
from bot.recognition.processes import Processes
from ml import RecognizerSettings
from tests.e2e.conftest import Discord
from tests.fuzz.broken import broken
from tests.fuzz.conftest import Plan
from tests.fuzz.looking import MEGABYTES, SECONDS, Seen, look

HOURS = 4 * 3600


@pytest.mark.timeout(HOURS)
def test_a_broken_file_is_answered_or_refused_in_words_and_costs_little(plan: Plan, tmp_path: Path) -> None:
    workers = Processes(
        partial(worker.serve, settings=RecognizerSettings(home=tmp_path), megabytes=MEGABYTES), workers=2, seconds=60
    )
    seeds = range(plan.seed, plan.seed + plan.files)
    told, dearest, offenders = Counter[tuple[str, str]](), (0.0, 0), list[str]()
    try:
        for start in range(0, plan.files, 100):
            asked = [(seed, workers.submit((look, (broken(seed)[1],), {}))) for seed in seeds[start : start + 100]]
            for seed, answer in asked:
                kind, data = broken(seed)
                wrong = ""
                try:
                    seen: Seen = answer.result()
                    dearest = max(dearest, (seen.seconds, seed))
                    told[kind, "refused" if seen.refused else "answered"] += 1
                    if seen.refused and not seen.refused.endswith("."):
                        wrong = seen.refused
                    # A test must not measure time; where thousands are tried, somebody looks at the figures.
                    if seen.seconds > SECONDS and plan.files > 1_000:
                        wrong = f"{seen.seconds:.1f} s"
                except Exception as error:  # noqa: BLE001  each is an offender, and all are told
                    wrong = repr(error)
                if wrong:
                    offenders.append(_kept(plan, seed, kind, data, wrong))
    finally:
        workers.close()
    _print(f"{plan.files} files through a worker, dearest {dearest[0]:.2f} s (seed {dearest[1]}):", told)
    assert not offenders


@pytest.mark.timeout(HOURS)
async def test_whoever_posts_a_broken_file_is_told_something(club: Discord, plan: Plan) -> None:
    offenders: list[str] = []
    told = Counter[tuple[str, str]]()
    for seed in range(plan.seed, plan.seed + plan.bot):
        kind, data = broken(seed)
        visitor = club.env.guild.add_member(club.env.create_user(f"visitor{seed}"))  # whose only one it is
        asked = await visitor.send(club.general, "!whois", attachments=[(f"a.{kind.lower()}", data)])
        reply = club.last(club.general)
        if reply.id == asked.id or not (reply.content or reply.attachments):
            offenders.append(_kept(plan, seed, kind, data, "silence"))
        told[kind, "answered" if reply.attachments else "told why not, or that there is no face"] += 1
    _print(f"{plan.bot} files through the whole bot:", told)
    assert not offenders


def _print(title: str, told: Counter[tuple[str, str]]) -> None:
    print(f"\n{title}")
    for (kind, outcome), number in sorted(told.items()):
        print(f"{kind:6}{number:7} {outcome}")


def _kept(plan: Plan, seed: int, kind: str, data: bytes, wrong: str) -> str:
    plan.out.mkdir(parents=True, exist_ok=True)
    path = plan.out / f"{seed}.{kind.lower()}"
    path.write_bytes(data)
    print(f"{path}: {wrong}", flush=True)
    return f"seed {seed}, {kind}: {wrong}"
