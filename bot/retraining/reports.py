"""What the bot says of a retraining: in chat in the guild's language, on the shell in English."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from bot.chat.replies import ALT_TEXT, fit, shown
from bot.retraining.run import Outcome
from bot.words import Words, words_in
from ml.measuring.scores import Comparison, Score
from ml.naming.names import plain
from ml.training.curve import Step
from ml.training.gate import ENOUGH_TO_TELL, SIGNIFICANCE
from ml.training.report import CharacterReport, Report

_CHARACTERS = 12  # lines in a report: more would bury the rest, and the picture shows thirty


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a report is read: in what words, how names are written there, and what one says to go on."""

    words: Words
    called: Callable[[str], str]
    go_back: str
    override: str
    most: int | None


def retrained(outcome: Outcome, words: Words, *, prefix: str) -> str:
    """What a retraining came to, for chat: what happened, why, what changed for whom, and what would help next."""
    place = _Place(words, shown, f"{prefix}rollback", f"{prefix}retrain override", _CHARACTERS)
    what, *why = _happened(outcome, place)
    return fit([f"**{what}** {' '.join(why)}", *_body(outcome, place)])


def printed(outcome: Outcome) -> str:
    """The same for the shell, in full."""
    place = _Place(
        words_in("en"),
        plain,
        "koredare model rollback",
        "koredare retrain --override",
        None,
    )
    return "\n".join([*_happened(outcome, place), *_body(outcome, place)])


def chart_text(outcome: Outcome, words: Words) -> str:
    """What a screen reader says of the picture beside a report."""
    report = outcome.report
    lines = [
        words("changes-alt-named", rate=_change(report.naming, words)),
        words("changes-alt-strangers", rate=_change(report.strangers, words)),
    ]
    for each in report.characters:
        if each.after.total:
            lines.append(words("changes-alt-character", name=each.name, rate=_rates(each.before, each.after, words)))
    return words("changes-alt", lines="; ".join(lines))[:ALT_TEXT]


def _happened(outcome: Outcome, place: _Place) -> list[str]:
    """What happened, why, and what one may do about it; a sentence each."""
    words, published = place.words, outcome.published
    if published is None:
        whose, version = _before(outcome)
        what = words("retrained-kept", whose=whose, version=version)
        return [what, _why(outcome, words), words("retrained-override", command=place.override)]
    what = words("retrained-overridden" if outcome.overridden else "retrained-published", version=published.name)
    said = [what, _why(outcome, words)]
    if outcome.before is not None and not outcome.before_shared:
        said.append(words("retrained-go-back", command=place.go_back))
    return said


def _before(outcome: Outcome) -> tuple[str, str]:
    if outcome.before is None:
        return "nobody", ""
    return "everyone" if outcome.before_shared else "own", outcome.before.name


def _why(outcome: Outcome, words: Words) -> str:
    report = outcome.report
    whose, version = _before(outcome)
    before = words("retrained-before", whose=whose, version=version)
    match report.verdict:
        case "first":
            return words("retrained-first")
        case "no_worse":
            return words("retrained-no-worse", before=before)
        case "too_few_to_tell":
            faces = report.naming.after.total
            return words("retrained-too-few", faces=faces, before=before, enough=ENOUGH_TO_TELL)
        case "naming_worse":
            naming = report.naming
            return words(
                "retrained-naming-worse",
                faces=naming.after.total,
                fewer=naming.lost - naming.gained,
                before=before,
                lost=naming.lost,
                gained=naming.gained,
                chance=_chance(naming, words),
            )
        case "strangers_worse":
            worst = min((report.strangers, report.look_alikes), key=lambda each: each.chance)
            return words(
                "retrained-strangers-worse",
                before=before,
                more=worst.lost - worst.gained,
                faces=worst.after.total,
                chance=_chance(worst, words),
            )


def _chance(compared: Comparison, words: Words) -> str:
    sure = compared.chance < SIGNIFICANCE
    return words("retrained-more-than-chance" if sure else "retrained-may-be-chance", p=f"{compared.chance:.2g}")


def _body(outcome: Outcome, place: _Place) -> list[str]:
    report, words = outcome.report, place.words
    named = _measured(report.naming, report, words)
    said = [
        words("report-learned", faces=report.examples, characters=len(report.characters)),
        words("report-named-but", rate=named, waiting=report.uncounted)
        if report.uncounted
        else words("report-named", rate=named),
        words("report-strangers", rate=_measured(report.strangers, report, words)),
    ]
    if report.look_alikes.after.total:
        said.append(words("report-look-alikes", rate=_measured(report.look_alikes, report, words)))
    said += [_character(each, report, place) for each in _most_changed(report)[: place.most]]
    if report.dropped:
        said.append(words("report-dropped", names=words("comma").join(map(place.called, report.dropped[:20]))))
    if outcome.stale:
        said.append(words("report-stale", faces=outcome.stale))
    return [*said, *_suspects(report, place), *_helps_next(report, place)]


def _suspects(report: Report, place: _Place) -> list[str]:
    if not report.suspects:
        return []
    words, called = place.words, place.called
    pairs = Counter((each.name, each.looks_like) for each in report.suspects).most_common(5)
    who = [
        words("report-suspects-pair", faces=faces, name=called(name), other=called(other))
        for (name, other), faces in pairs
    ]
    return [words("report-suspects", faces=len(report.suspects), who=words("comma").join(who))]


def _most_changed(report: Report) -> list[CharacterReport]:
    """Those whose line says something: the new ones first, then by how much changed."""

    def weight(each: CharacterReport) -> tuple[bool, int, int, str]:
        return not each.new, -abs(each.after.right - each.before.right), -each.added - each.gone, each.name

    worth = [c for c in report.characters if c.new or c.added or c.gone or c.before != c.after or c.renamed_from]
    return sorted(worth, key=weight)


def _character(each: CharacterReport, report: Report, place: _Place) -> str:
    words, first = place.words, report.verdict == "first"
    facts = [words("report-character-faces", faces=each.learned_from)]
    if each.renamed_from is not None:
        facts.append(words("report-character-was", name=place.called(each.renamed_from)))
    elif each.new and not first:
        facts.append(words("report-character-new"))
    if each.added and not each.new:
        facts.append(words("report-character-added", faces=each.added))
    if each.gone:
        facts.append(words("report-character-gone", faces=each.gone))
    return words(
        "report-character",
        name=place.called(each.name),
        facts=words("comma").join(facts),
        rate=_rates(Score(0, 0) if first else each.before, each.after, words),
    )


def _helps_next(report: Report, place: _Place) -> list[str]:
    """Whose pictures would help most, by the learning curve that was measured; empty where it says nothing."""
    promised = [
        (step.after - step.before, -each.learned_from, each.name, step)
        for each in report.characters
        if (step := _next_step(report, each.learned_from)) is not None
    ]
    if not promised:
        return []
    _, examples, name, step = max(promised, key=lambda each: each[:3])
    said = place.words(
        "report-helps-next",
        name=place.called(name),
        faces=-examples,
        more=step.many - step.few,
        few=step.few,
        many=step.many,
        before=f"{step.before * 100:.0f}",
        after=f"{step.after * 100:.0f}",
        measured=step.faces,
        characters=step.characters,
    )
    return [said]


def _next_step(report: Report, examples: int) -> Step | None:
    """The measured step that begins nearest to so many examples, on a logarithmic scale, if it gained anything."""
    gained = [step for step in report.curve if step.after > step.before and step.many > examples]
    return min(gained, key=lambda step: max(step.few, examples) / min(step.few, examples), default=None)


def _measured(compared: Comparison, report: Report, words: Words) -> str:
    if report.verdict == "first" or compared.after.rate is None:
        return rate(compared.after, words)
    if not compared.gained and not compared.lost:
        return words("rate-same", share=f"{compared.after.rate * 100:.0f}", total=compared.after.total)
    down, up = compared.interval
    return words(
        "rate-compared",
        rate=_change(compared, words),
        down=f"{down * 100:+.0f}",
        up=f"{up * 100:+.0f}",
        gained=compared.gained,
        lost=compared.lost,
    )


def _change(compared: Comparison, words: Words) -> str:
    return _rates(compared.before, compared.after, words)


def _rates(before: Score, after: Score, words: Words) -> str:
    if after.rate is None:
        return words("rate-none-yet")
    share = f"{after.rate * 100:.0f}"
    if before.rate is None:
        return words("rate-alone", share=share, total=after.total)
    return words("rate-changed", before=f"{before.rate * 100:.0f}", share=share, total=after.total)


def rate(score: Score, words: Words) -> str:
    """So many of so many, with the interval."""
    if score.rate is None:
        return words("rate-none")
    low, high = score.interval
    return words(
        "rate-first",
        share=f"{score.rate * 100:.0f}",
        total=score.total,
        low=f"{low * 100:.0f}",
        high=f"{high * 100:.0f}",
    )
