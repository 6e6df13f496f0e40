"""What was measured in a retraining, figure by figure: for who wants to know it exactly."""

from collections import Counter

from bot.retraining.run import Outcome
from bot.words import Words
from ml.measuring.scores import Comparison, Score
from ml.naming.names import plain
from ml.training.gate import SIGNIFICANCE
from ml.training.report import CharacterReport, Report


def lines(outcome: Outcome, words: Words) -> list[str]:
    """The figures of a retraining, a line each: all faces, then character by character, those that changed first."""
    report = outcome.report
    named = _measured(report.naming, report, words)
    said = [
        words("report-named-but", rate=named, waiting=report.uncounted)
        if report.uncounted
        else words("report-named", rate=named),
        words("report-strangers", rate=_measured(report.strangers, report, words)),
    ]
    if report.look_alikes.after.total:
        said.append(words("report-look-alikes", rate=_measured(report.look_alikes, report, words)))
    said += [
        words(
            "report-step",
            few=step.few,
            many=step.many,
            before=f"{step.before * 100:.0f}",
            after=f"{step.after * 100:.0f}",
            measured=step.faces,
            characters=step.characters,
        )
        for step in report.curve
        if step.after > step.before
    ]
    pairs = Counter((each.name, each.looks_like) for each in report.suspects).most_common()
    said += [
        words("report-suspects-pair", faces=faces, name=plain(name), other=plain(other))
        for (name, other), faces in pairs
    ]
    return [*said, "", *(_character(each, report, words) for each in _most_changed(report))]


def _most_changed(report: Report) -> list[CharacterReport]:
    """The new ones first, then by how much changed."""

    def weight(each: CharacterReport) -> tuple[bool, int, int, str]:
        return not each.new, -abs(each.after.right - each.before.right), -each.added - each.gone, each.name

    return sorted(report.characters, key=weight)


def _character(each: CharacterReport, report: Report, words: Words) -> str:
    first = report.verdict == "first"
    facts = [words("report-character-faces", faces=each.learned_from)]
    if each.renamed_from is not None:
        facts.append(words("report-character-was", name=plain(each.renamed_from)))
    elif each.new and not first:
        facts.append(words("report-character-new"))
    if each.added and not each.new:
        facts.append(words("report-character-added", faces=each.added))
    if each.gone:
        facts.append(words("report-character-gone", faces=each.gone))
    return words(
        "report-character",
        name=plain(each.name),
        facts=words("comma").join(facts),
        rate=rates(Score(0, 0) if first else each.before, each.after, words),
    )


def _measured(compared: Comparison, report: Report, words: Words) -> str:
    if report.verdict == "first" or compared.after.rate is None:
        return rate(compared.after, words)
    if not compared.gained and not compared.lost:
        return words("rate-same", rate=rate(compared.after, words))
    changed = rates(compared.before, compared.after, words)
    if compared.after.few:
        return words("rate-moved", rate=changed, gained=compared.gained, lost=compared.lost)
    down, up = compared.interval
    sure = compared.chance < SIGNIFICANCE
    return words(
        "rate-compared",
        rate=changed,
        down=f"{down * 100:+.0f}",
        up=f"{up * 100:+.0f}",
        gained=compared.gained,
        lost=compared.lost,
        chance="no" if compared.lost <= compared.gained else "sure" if sure else "maybe",
        p=f"{compared.chance:.2g}",
    )


def rates(before: Score, after: Score, words: Words) -> str:
    """So many of so many, before and after; in percent only where there are enough to speak of percent."""
    if after.rate is None:
        return words("rate-none-yet")
    if after.few:
        if before.rate is None or before == after:
            return words("rate-few", right=after.right, total=after.total)
        return words("rate-few-changed", before=before.right, right=after.right, total=after.total)
    share = f"{after.rate * 100:.0f}"
    if before.rate is None or before == after:
        return words("rate-alone", share=share, total=after.total)
    return words("rate-changed", before=f"{before.rate * 100:.0f}", share=share, total=after.total)


def rate(score: Score, words: Words) -> str:
    """So many of so many, with the interval where there are enough to speak of one."""
    if score.rate is None:
        return words("rate-none")
    if score.few:
        return words("rate-few", right=score.right, total=score.total)
    low, high = score.interval
    return words(
        "rate-first",
        share=f"{score.rate * 100:.0f}",
        total=score.total,
        low=f"{low * 100:.0f}",
        high=f"{high * 100:.0f}",
    )
