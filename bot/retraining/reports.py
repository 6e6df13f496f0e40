"""What the bot says of a retraining: a few sentences in the guild's language; the figures are in `figures.py`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.chat.replies import ALT_TEXT, fit, shown
from bot.retraining import figures
from bot.retraining.figures import rates
from bot.retraining.run import Outcome
from bot.words import Words, words_in
from ml.naming.names import plain
from ml.training.curve import Step
from ml.training.gate import ENOUGH_TO_TELL
from ml.training.report import CharacterReport, Report

_NAMED = 8  # characters in a sentence: more would bury the rest, and the file has all


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a report is read: in what words, how names are written there, and what one says to go on."""

    words: Words
    called: Callable[[str], str]
    go_back: str
    override: str
    suspects: str


def retrained(outcome: Outcome, words: Words, *, prefix: str, waiting: Sequence[str] = ()) -> str:
    """What a retraining came to, for chat: what is new, who is better or worse, what would help, and where it stands.

    Parameters
    ----------
    waiting
        What is said of faces that wait for their posters' yes.
    """
    place = _Place(words, shown, f"{prefix}rollback", f"{prefix}retrain override", f"{prefix}suspects")
    new, *others = _told(outcome, place)
    return fit([f"**{new}**", *others, *waiting, *(f"-# {line}" for line in _standing(outcome, place))])


def figures_of(outcome: Outcome, words: Words) -> bytes:
    """All that was measured, as the text file beside the report."""
    return "\n".join(figures.lines(outcome, words)).encode()


def printed(outcome: Outcome) -> str:
    """The same for the shell, with the figures."""
    words = words_in("en")
    place = _Place(words, plain, "koredare model rollback", "koredare retrain --override", "/suspects")
    return "\n".join([*_told(outcome, place), *_standing(outcome, place), "", *figures.lines(outcome, words)])


def chart_text(outcome: Outcome, words: Words) -> str:
    """What a screen reader says of the picture beside a report."""
    report = outcome.report
    lines = [
        words("changes-alt-named", rate=rates(report.naming.before, report.naming.after, words)),
        words("changes-alt-strangers", rate=rates(report.strangers.before, report.strangers.after, words)),
    ]
    for each in report.characters:
        if each.after.total:
            rate = rates(each.before, each.after, words)
            lines.append(words("changes-alt-character", name=plain(each.name), rate=rate))
    return words("changes-alt", lines="; ".join(lines))[:ALT_TEXT]


def _told(outcome: Outcome, place: _Place) -> list[str]:
    """What a moderator wants to know, the most important first; a line each."""
    report, words = outcome.report, place.words
    said = [_new(outcome, place)]
    better, worse = _moved(report)
    if outcome.published is None:
        said += [words("report-would-be-worse", who=_compared(worse, place))] if worse else []
    else:
        said += [words("report-better", who=_compared(better, place))] if better else []
        said += [words("report-worse", who=_compared(worse, place))] if worse else []
        said += [words("report-dropped", names=_names(report.dropped, place))] if report.dropped else []
    said += _helps_next(report, place)
    if report.suspects:
        said.append(words("report-suspects", faces=len(report.suspects), command=place.suspects))
    return said


def _new(outcome: Outcome, place: _Place) -> str:
    """The first sentence: whom the bot knows now, and else what became of the new version."""
    report, words = outcome.report, place.words
    if outcome.published is None:
        return words("report-kept")
    new = [each.name for each in report.characters if each.new or report.verdict == "first"]
    if new:
        return words("report-new", names=_names(new, place))
    better, worse = _moved(report)
    if not better and not worse:
        return words("report-nothing-new")
    return words("report-nobody-new", better=len(better), worse=len(worse))


def _moved(report: Report) -> tuple[list[CharacterReport], list[CharacterReport]]:
    """The characters that are known better than before, and those that are known worse; the most so first."""
    old = [each for each in report.characters if not each.new and each.after.total and report.verdict != "first"]
    by_change = sorted(old, key=lambda each: (-abs(each.after.right - each.before.right), each.name))
    return (
        [each for each in by_change if each.after.right > each.before.right],
        [each for each in by_change if each.after.right < each.before.right],
    )


def _compared(found: Sequence[CharacterReport], place: _Place) -> str:
    words = place.words
    said = [
        words("report-moved", name=place.called(each.name), rate=rates(each.before, each.after, words))
        for each in found[:_NAMED]
    ]
    if len(found) > _NAMED:
        said.append(words("report-more", count=len(found) - _NAMED))
    return words("comma").join(said)


def _names(names: Sequence[str], place: _Place) -> str:
    """Some names, as a sentence joins them."""
    words = place.words
    listed = [place.called(name) for name in names[:_NAMED]]
    if len(names) > _NAMED:
        listed.append(words("report-more", count=len(names) - _NAMED))
    *others, last = listed
    return words("report-and", others=words("comma").join(others), last=last) if others else last


def _standing(outcome: Outcome, place: _Place) -> list[str]:
    """Which version answers, why, what one may do about it, and what it was learned from."""
    words, report, published = place.words, outcome.report, outcome.published
    held_out = report.naming.after.total + report.uncounted
    if published is None:
        said = [_kept(outcome, words), _why_worse(report, words), words("retrained-override", command=place.override)]
    else:
        said = [words("retrained-overridden" if outcome.overridden else "retrained-published", version=published.name)]
        if outcome.overridden:
            said.append(_why_worse(report, words))
        if report.verdict == "too_few_to_tell":
            said.append(words("retrained-too-few", faces=report.naming.after.total, enough=ENOUGH_TO_TELL))
        if outcome.before is not None and not outcome.before_shared:
            said.append(words("retrained-go-back", command=place.go_back))
    tally = words(
        "report-tally",
        faces=report.examples + held_out + outcome.repeated + outcome.unwanted + outcome.stale,
        learned=report.examples,
        characters=len(report.characters),
        held_out=held_out,
        repeated=outcome.repeated,
        unwanted=outcome.unwanted,
        stale=outcome.stale,
    )
    return [" ".join(said), tally]


def _kept(outcome: Outcome, words: Words) -> str:
    version = "" if outcome.before is None else outcome.before.name
    whose = "nobody" if outcome.before is None else "everyone" if outcome.before_shared else "own"
    return words("retrained-kept", whose=whose, version=version)


def _why_worse(report: Report, words: Words) -> str:
    if report.verdict == "naming_worse":
        naming = report.naming
        return words("retrained-naming-worse", faces=naming.after.total, fewer=naming.lost - naming.gained)
    worst = min((report.strangers, report.look_alikes), key=lambda each: each.chance)
    return words("retrained-strangers-worse", faces=worst.after.total, more=worst.lost - worst.gained)


def _helps_next(report: Report, place: _Place) -> list[str]:
    """Whose pictures would help most, by the learning curve that was measured; empty where it says nothing."""
    promised = [
        (step.after - step.before, -each.learned_from, each.name, step)
        for each in report.characters
        if (step := next_step(report, each.learned_from)) is not None
    ]
    if not promised:
        return []
    _, examples, name, step = max(promised, key=lambda each: each[:3])
    who = place.called(name)
    return [place.words("report-helps-next", name=who, faces=-examples, more=step.many - step.few)]


def next_step(report: Report, examples: int) -> Step | None:
    """The measured step that begins nearest to so many examples, on a logarithmic scale, if it gained anything."""
    gained = [step for step in report.curve if step.after > step.before and step.many > examples]
    return min(gained, key=lambda step: max(step.few, examples) / min(step.few, examples), default=None)
