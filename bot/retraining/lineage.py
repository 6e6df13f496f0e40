"""What the bot says of versions in chat: which one answers, how they came along."""

from collections.abc import Sequence
from datetime import datetime

import discord

from bot.answers import describing
from bot.chat.replies import ALT_TEXT, fit
from bot.database.versions import VersionEvent
from bot.retraining.figures import rate
from bot.words import Words
from ml.measuring.history_chart import Milestone
from ml.naming.classifier import cautious
from ml.training.report import measured
from ml.versions.charge import InCharge
from ml.versions.version import ModelVersion


def version(
    charge: InCharge,
    put_in_charge: VersionEvent | None,
    last: VersionEvent | None,
    words: Words,
    *,
    set_aside: Sequence[str],
    caution: float,
    forgotten: int,
    prefix: str,
) -> str:
    """The version that answers: since when, by whom, from what, how well; and how the last retraining ended.

    Parameters
    ----------
    set_aside
        The names of the server's versions that are damaged.
    """
    warned = describing.damage(charge, words, prefix=prefix)
    said = [] if warned is None else [f"⚠️ {warned}"]
    if set_aside:
        said.append(words("version-set-aside", versions=words("comma").join(set_aside)))
    active = charge.version
    if active is None:
        return fit([*said, words("version-none", prefix=prefix)])
    said.append(_since(put_in_charge, active, words))
    if charge.shared:
        said.append(words("version-shared", prefix=prefix))
    report = measured(active)
    if report is None:
        said.append(words("version-unreadable", prefix=prefix))
    else:
        said += [
            words("report-learned", faces=report.examples, characters=len(report.characters)),
            words("report-named", rate=rate(report.naming.after, words)),
            words("report-strangers", rate=rate(report.strangers.after, words)),
        ]
    if active.threshold is not None:
        said.append(words("version-threshold", percent=f"{cautious(active.threshold, caution) * 100:.0f}"))
    if forgotten:
        said.append(words("version-forgotten", faces=forgotten, prefix=prefix))
    if last is not None and last.kind == "kept":
        said.append(words("version-last-kept", when=_when(last.at), verdict=last.verdict or ""))
    return fit(said)


def _since(event: VersionEvent | None, active: ModelVersion, words: Words) -> str:
    if event is None or event.number != active.number:
        return words("version-since", version=active.name, when=_when(active.created_at))
    when = _when(event.at)
    if event.user_id is not None:
        who = f"<@{event.user_id}>"
        return words("version-since-by", version=active.name, when=when, how=event.kind, who=who)
    return words("version-since-via", version=active.name, when=when, how=event.kind, via=event.via)


def history(versions: Sequence[ModelVersion], set_aside: Sequence[str], words: Words) -> str:
    """The sentences above the picture of all versions; `set_aside`: the names of those that are damaged."""
    said = [
        words("versions-kept", versions=len(versions), first=versions[0].name, last=versions[-1].name)
        if versions
        else words("versions-none")
    ]
    if set_aside:
        said.append(words("version-set-aside", versions=words("comma").join(set_aside)))
    return fit(said)


def milestones(kept: Sequence[ModelVersion], active: ModelVersion | None) -> list[Milestone]:
    """What the picture shows of each version; those that an earlier Koredare measured otherwise are left out."""
    return [
        Milestone(each.name, each == active, report.naming.after, report.strangers.after)
        for each in kept
        if (report := measured(each)) is not None
    ]


def history_text(milestones: Sequence[Milestone], words: Words) -> str:
    """What a screen reader says of that picture."""
    lines = [
        words("versions-alt-line", version=m.name, named=rate(m.naming, words), strangers=rate(m.strangers, words))
        for m in milestones
    ]
    return words("versions-alt", lines="; ".join(lines))[:ALT_TEXT]


def _when(moment: datetime) -> str:
    return discord.utils.format_dt(moment, "f")
