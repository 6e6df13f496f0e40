"""What the bot says of retrainings and versions, in chat and on the shell."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

import discord

from bot.database.versions import VersionEvent
from bot.replies import MESSAGE_LIMIT, shown
from bot.retraining import Outcome
from ml.charts.history import Milestone
from ml.curve import Step
from ml.evaluation import Comparison, Score
from ml.gate import ENOUGH_TO_TELL, SIGNIFICANCE
from ml.registry import ModelVersion
from ml.report import CharacterReport, Report

_CHARACTERS = 12  # lines in a report: more would bury the rest, and the picture shows thirty


def retrained(outcome: Outcome, *, prefix: str) -> str:
    """What a retraining came to, for chat: what happened, why, what changed for whom, and what would help next."""
    said = [f"**{_headline(outcome)}** {_why(outcome)}"]
    if outcome.published is not None and outcome.before is not None and not outcome.before_shared:
        said[0] += f" Go back with `{prefix}rollback`."
    if outcome.published is None:
        said[0] += f" A moderator can publish it all the same: `{prefix}retrain override`."
    return _fit([*said, *_body(outcome, called=shown)])


def printed(outcome: Outcome) -> str:
    """The same for the shell, in full."""
    said = [_headline(outcome), _why(outcome)]
    if outcome.published is not None and outcome.before is not None and not outcome.before_shared:
        said.append("Go back with `koredare model rollback`.")
    if outcome.published is None:
        said.append("Publish it all the same with `koredare retrain --override`.")
    return "\n".join([*said, *_body(outcome, called=lambda name: name.replace("_", " "), most=None)])


def chart_text(outcome: Outcome) -> str:
    """What a screen reader says of the picture beside a report."""
    report = outcome.report
    lines = [f"All faces set aside: {_change(report.naming)}", f"strangers left unnamed: {_change(report.strangers)}"]
    lines += [f"{c.name}: {_rates(c.before, c.after)}" for c in report.characters if c.after.total]
    return ("Chart. " + "; ".join(lines))[:1000]


def _headline(outcome: Outcome) -> str:
    if outcome.published is None:
        return f"{_old(outcome).capitalize()} stays."
    return f"Published as {outcome.published.name}" + (", against the gate." if outcome.overridden else ".")


def _old(outcome: Outcome) -> str:
    if outcome.before is None:
        return "the old version"
    return f"the {'shared' if outcome.before_shared else 'old'} {outcome.before.name}"


def _why(outcome: Outcome) -> str:
    report, old = outcome.report, _old(outcome)
    match report.verdict:
        case "first":
            return "It is the first version."
        case "no_worse":
            return f"It is no worse than {old}."
        case "too_few_to_tell":
            faces = report.naming.after.total
            return (
                f"Only {_count(faces, 'face')} are set aside, too few to tell it from {old} ({ENOUGH_TO_TELL} would "
                "do); it does not lose more than one of them, so it is taken."
            )
        case "naming_worse":
            net = report.naming.lost - report.naming.gained
            return (
                f"Of {_count(report.naming.after.total, 'face')} set aside it names {net} fewer rightly than {old} "
                f"({report.naming.lost} lost, {report.naming.gained} gained; {_chance(report.naming)})."
            )
        case "strangers_worse":
            worst = min((report.strangers, report.look_alikes), key=lambda each: each.chance)
            return (
                f"It gives names to strangers more often than {old} ({worst.lost - worst.gained} more of "
                f"{worst.after.total}; {_chance(worst)})."
            )


def _chance(compared: Comparison) -> str:
    kind = "more than chance" if compared.chance < SIGNIFICANCE else "it may be chance"
    return f"{kind}, p = {compared.chance:.2g}"


def _body(outcome: Outcome, *, called: Callable[[str], str], most: int | None = _CHARACTERS) -> list[str]:
    report = outcome.report
    others = f" ({report.uncounted} more wait for a moderator: members name them otherwise than it)"
    left_out = others if report.uncounted else ""
    said = [
        f"Learned from {_count(report.examples, 'face')} of {_count(len(report.characters), 'character')}.",
        f"Faces set aside named rightly: {_measured(report.naming, report)}{left_out}.",
        f"Strangers left unnamed: {_measured(report.strangers, report)}.",
    ]
    if report.look_alikes.after.total:
        said.append(f"The faces set aside, if their own names were not known: {_measured(report.look_alikes, report)}.")
    said += [f"· {_character(each, report, called)}" for each in _most_changed(report)[:most]]
    if report.dropped:
        said.append(f"No longer known: {', '.join(called(name) for name in report.dropped[:20])}.")
    if outcome.stale:
        said.append(f"{_count(outcome.stale, 'face')} were left out: they could not be embedded with this embedder.")
    said += _look_wrong(report, called)
    advice = helps_next(report)
    if advice:
        said.append(advice if called is not shown else discord.utils.escape_markdown(advice))
    return said


def _look_wrong(report: Report, called: Callable[[str], str]) -> list[str]:
    if not report.suspects:
        return []
    pairs = Counter((each.name, each.looks_like) for each in report.suspects).most_common(5)
    who = ", ".join(f"{count} of {called(name)} like {called(other)}" for (name, other), count in pairs)
    return [f"These look wrong: {_count(len(report.suspects), 'face')} ({who}). A moderator sees them with `suspects`."]


def _most_changed(report: Report) -> list[CharacterReport]:
    """Those whose line says something: the new ones first, then by how much changed."""

    def weight(each: CharacterReport) -> tuple[bool, int, int, str]:
        return not each.new, -abs(each.after.right - each.before.right), -each.added - each.gone, each.name

    worth = [c for c in report.characters if c.new or c.added or c.gone or c.before != c.after or c.renamed_from]
    return sorted(worth, key=weight)


def _character(each: CharacterReport, report: Report, called: Callable[[str], str]) -> str:
    rates = _rates(Score(0, 0) if report.verdict == "first" else each.before, each.after)
    why: list[str] = []
    if each.renamed_from is not None:
        why.append(f"was {called(each.renamed_from)}")
    elif each.new and report.verdict != "first":
        why.append("new")
    if each.added and not each.new:
        why.append(f"{each.added} new")
    if each.gone:
        why.append(f"{each.gone} gone")
    reasons = f", {', '.join(why)}" if why else ""
    return f"{called(each.name)} ({each.learned_from}{reasons}): {rates}"


def helps_next(report: Report) -> str:
    """Whose pictures would help most, by the learning curve that was measured; empty where it says nothing."""
    promised = [
        (step.after - step.before, -each.learned_from, each.name, step)
        for each in report.characters
        if (step := _next_step(report, each.learned_from)) is not None
    ]
    if not promised:
        return ""
    _, examples, name, step = max(promised, key=lambda each: each[:3])
    more = step.many - step.few
    return (
        f"What would help most: {name.replace('_', ' ')} has {_count(-examples, 'face')}; {more} more would do it. "
        f"With {step.many} instead of {step.few} the likeliest name was right for {step.after * 100:.0f} % instead of "
        f"{step.before * 100:.0f} % (measured on {_count(step.faces, 'face')} of "
        f"{_count(step.characters, 'character')})."
    )


def _next_step(report: Report, examples: int) -> Step | None:
    """The measured step that begins nearest to so many examples, on a logarithmic scale, if it gained anything."""
    gained = [step for step in report.curve if step.after > step.before and step.many > examples]
    return min(gained, key=lambda step: max(step.few, examples) / min(step.few, examples), default=None)


def _measured(compared: Comparison, report: Report) -> str:
    score = compared.after
    if score.rate is None:
        return "none to measure"
    low, high = score.interval
    if report.verdict == "first":
        return f"{score.rate * 100:.0f} % of {score.total} ({low * 100:.0f} to {high * 100:.0f} %)"
    down, up = compared.interval
    return (
        f"{_change(compared)} (a change of {down * 100:+.0f} to {up * 100:+.0f} points; "
        f"{compared.gained} gained, {compared.lost} lost)"
    )


def _change(compared: Comparison) -> str:
    return _rates(compared.before, compared.after)


def _rates(before: Score, after: Score) -> str:
    if after.rate is None:
        return "none set aside yet"
    first = "" if before.rate is None else f"{before.rate * 100:.0f} % → "
    return f"{first}{after.rate * 100:.0f} % of {after.total}"


def version(
    active: ModelVersion | None,
    put_in_charge: VersionEvent | None,
    last: VersionEvent | None,
    *,
    shared: bool,
    forgotten: int,
    prefix: str,
) -> str:
    """The version that answers: since when, by whom, from what, how well; and how the last retraining ended."""
    if active is None:
        return f"No version yet, so every face is unknown. Correct some faces, then `{prefix}retrain`."
    said = [f"**{active.name} answers**{_since(put_in_charge, active)}."]
    if shared:
        said.append(f"It is the one that all servers share; yours begins with the first `{prefix}retrain`.")
    try:
        report = Report.from_json(active.metrics)
    except ValueError:
        said.append(f"An earlier Koredare made it; what it measured I cannot read. `{prefix}retrain` makes a new one.")
    else:
        said += [
            f"Learned from {_count(report.examples, 'face')} of {_count(len(report.characters), 'character')}.",
            f"Faces set aside named rightly: {_rate(report.naming.after)}.",
            f"Strangers left unnamed: {_rate(report.strangers.after)}.",
        ]
    if active.threshold is not None:
        said.append(f"A name is said from {active.threshold * 100:.0f} % on.")
    if forgotten:
        said.append(
            f"It was trained with {_count(forgotten, 'face')} that people have since had forgotten: `{prefix}retrain` "
            "makes one without."
        )
    if last is not None and last.kind == "kept":
        said.append(f"The last retraining, {_when(last.at)}, changed nothing: it was no better ({last.verdict}).")
    return _fit(said)


def _since(event: VersionEvent | None, active: ModelVersion) -> str:
    if event is None or event.number != active.number:
        return f" since {_when(active.created_at)}"
    who = f" by <@{event.user_id}>" if event.user_id is not None else ""
    how = {
        "published": "published",
        "overridden": "published against the gate",
        "rolled_back": "gone back to",
        "imported": "imported",
        "kept": "kept",
    }[event.kind]
    where = {"chat": "", "shell": " on the command line", "schedule": " by the schedule"}[event.via]
    return f" since {_when(event.at)}, {how}{who}{where}"


def history(versions: Sequence[ModelVersion]) -> str:
    """The sentence above the picture of all versions."""
    if not versions:
        return "No version yet."
    return f"{_count(len(versions), 'version')} are kept, {versions[0].name} to {versions[-1].name}."


def history_text(milestones: Sequence[Milestone]) -> str:
    """What a screen reader says of that picture."""
    lines = [f"{m.name}: named {_rate(m.naming)}, strangers left unnamed {_rate(m.strangers)}" for m in milestones]
    return ("Chart. " + "; ".join(lines))[:1000]


def rolled_back(version: ModelVersion) -> str:
    """An earlier version answers again."""
    return f"**{version.name}** answers from now on."


def _when(moment: datetime) -> str:
    return discord.utils.format_dt(moment, "f")


def _rate(score: Score) -> str:
    if score.rate is None:
        return "none to measure"
    low, high = score.interval
    return f"{score.rate * 100:.0f} % of {score.total} ({low * 100:.0f} to {high * 100:.0f} %)"


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _fit(lines: Sequence[str]) -> str:
    """As many whole lines as a message holds."""
    kept = list(lines)
    while len("\n".join(kept)) > MESSAGE_LIMIT:
        kept.pop()
    return "\n".join(kept)
