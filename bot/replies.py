"""What the bot says: every sentence that members and moderators read, and how a result looks in chat."""

from collections.abc import Mapping, Sequence

import discord

from bot.database.pictures import Face, FaceFound
from bot.database.verdicts import Standing
from ml.evaluation import Score
from ml.retraining import Report, Verdict

RIGHT, WRONG, NOT_A_FACE = "✅", "❌", "🚫"
DIGITS = tuple(f"{digit}\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}" for digit in range(1, 10))

NO_FACE = (
    "I see no anime face in that picture. A face that looks at us, upright and at least 30 pixels wide, helps; "
    "a screenshot or drawing works better than a photograph."
)
NO_PICTURE = "Which picture? Attach one, or use this in reply to a message that has one."
MY_OWN = "That is my own answer. Use this in reply to the picture itself, or press Correct… below the answer."
NOT_MINE = "I don't remember that answer any more. Post the picture again."
MESSAGE_LIMIT = 2000


def shown(name: str) -> str:
    """A character's name as it appears in a message: no markdown, underscores as spaces."""
    return discord.utils.escape_markdown(name.replace("_", " "))


def percent(share: float) -> str:
    """0..1 as people read it; never "100 %", which no classifier should claim."""
    return f"{min(share, 0.99) * 100:.0f} %"


def describe(faces: Sequence[Face], standings: Mapping[int, Standing]) -> str:
    """One line for each face of a reply: who it seems to be, and what people said of it."""
    lines = [f"**{face.number}** {_guess(face, standings.get(face.id))}" for face in faces]
    text = "\n".join(lines)
    if len(text) <= MESSAGE_LIMIT:
        return text
    kept: list[str] = []
    while lines and sum(map(len, kept)) + len(kept) + len(lines[0]) < MESSAGE_LIMIT - 40:
        kept.append(lines.pop(0))
    return "\n".join([*kept, f"… and {len(lines)} more"])


def _guess(face: Face, standing: Standing | None) -> str:
    if standing is not None and standing.verdict is not None:
        who = "not a face" if standing.verdict.name is None else shown(standing.verdict.name)
        by = "a moderator says so" if standing.verdict.trusted else "you agree"
        return f"{who} ✔ {by}"
    if face.name is not None:
        guess = f"{shown(face.name)} · {percent(face.confidence)}"
    elif face.candidates and face.candidates[0].confidence >= 0.1:
        closest = face.candidates[0]
        guess = f"someone I don't know (closest: {shown(closest.name)}, {percent(closest.confidence)})"
    else:
        guess = "someone I don't know"
    said = [] if standing is None else [_vote(vote.name, vote.people, vote.against) for vote in standing.votes]
    return f"{guess} — {', '.join(said)}" if said else guess


def _vote(name: str | None, people: int, against: int) -> str:
    who = "not a face" if name is None else shown(name)
    votes = [f"{people} {'says' if people == 1 else 'say'} {who}"] if people else []
    if against:
        votes.append(f"{against} {'says' if against == 1 else 'say'} not {who}")
    return ", ".join(votes)


def alt_text(faces: Sequence[FaceFound]) -> str:
    """What a screen reader says of the labelled picture."""
    who = [f"{face.number}: {(face.name or 'unknown').replace('_', ' ')}" for face in faces]
    text = "No face found." if not who else "Faces, left to right: " + ", ".join(who)
    return text[:1000]


def ask_name(face: Face) -> str:
    """The question above the menu of names."""
    return f"Who is face **{face.number}**?"


def ask_face() -> str:
    """The question above the menu of faces."""
    return "Which face?"


def noted(name: str | None, standing: Standing, *, quorum: int) -> str:
    """The thanks for a correction: what it did, and what it still needs."""
    who = "not a face" if name is None else shown(name)
    if standing.verdict is None:
        agree = next((vote.people for vote in standing.votes if vote.name == name), 0)
        disputed = sum(1 for vote in standing.votes if vote.people) > 1
        needs = (
            "people disagree, so a moderator must say"
            if disputed
            else f"{quorum - agree} more to agree, or a moderator"
        )
        return f"Noted: **{who}** ({needs})."
    if standing.verdict.name == name:
        return f"Noted: **{who}**. The next `/retrain` learns it."
    return f"Noted: **{who}**, though a moderator has said otherwise."


def ask_consent(poster: str) -> str:
    """The one question that a poster is asked before anything of a picture is kept."""
    return (
        f"**{discord.utils.escape_markdown(poster)}**, may I keep the faces from pictures you post, to learn who they "
        "are? Until you say yes nothing of them is kept; you can change your mind with `/privacy`."
    )


CONSENT_YES = "Thank you! I keep faces from your pictures to learn from. `/privacy` shows and changes that."
CONSENT_NO = "All right: nothing of your pictures is kept. `/privacy` shows and changes that."
CONSENT_NOT_YOURS = "Only the person who posted the picture can answer that."


def progress(stage: str, share: float) -> str:
    """The message of a retraining under way."""
    words = {
        "starting": "warming up",
        "training": "learning",
        "measuring": "comparing with the version before",
    }
    bar = "▰" * round(share * 10) + "▱" * (10 - round(share * 10))
    return f"Retraining: {words.get(stage, stage)}… {bar}"


_VERDICTS: dict[Verdict, str] = {
    "first": "It is the first version.",
    "no_worse": "It is no worse than the one before.",
    "too_few_to_tell": "There are too few faces set aside to tell it from the one before, so your word decides.",
    "naming_worse": "It names faces worse than the version before.",
    "strangers_worse": "It gives names to strangers more often than the version before.",
}


def report(found: Report, *, published: str | None, stale: int) -> str:
    """What a retraining came to: published or kept, why, and what changed for whom."""
    head = (f"**Published as {published}.** " if published else "**The old version stays.** ") + _VERDICTS[
        found.verdict
    ]
    lines = [
        head,
        f"Learned from {found.examples} faces of {len(found.characters)} characters.",
        f"Strangers left unnamed: {_change(found.strangers_before, found.strangers_after, found.verdict)}.",
    ]
    if found.naming_after.total:
        lines.append(
            f"Faces set aside named rightly: {_change(found.naming_before, found.naming_after, found.verdict)}."
        )
    newcomers = [f"{shown(c.name)} ({c.learned_from})" for c in found.characters if c.new]
    if newcomers and found.verdict != "first":
        lines.append(f"New, with the faces that they were learned from: {', '.join(newcomers[:20])}.")
    if stale:
        lines.append(f"{stale} faces were left out: an older embedder made them.")
    measured = [c for c in found.characters if c.after.total]
    lines += [f"· {shown(c.name)}: {_change(c.before, c.after, found.verdict)}" for c in measured[:10]]
    return "\n".join(lines)[:MESSAGE_LIMIT]


def _change(before: Score, after: Score, verdict: Verdict) -> str:
    if after.rate is None:
        return "not measured"
    first = "" if verdict == "first" or before.rate is None else f"{before.rate * 100:.0f} % → "
    return f"{first}{after.rate * 100:.0f} % of {after.total}"


SAY_WHICH = "Which face do you mean? Say it like this: `2 is Riko`."


def no_such_number(number: int, faces: int) -> str:
    """A face was named that the answer does not show."""
    return f"There is no face {number} in that answer: it shows {'one' if faces == 1 else f'1 to {faces}'}."


def watching(channel_id: int, *, new: bool) -> str:
    """A channel is watched now, or was already."""
    return f"{'From now on' if new else 'As before,'} I answer every picture in <#{channel_id}>."


def not_watching(channel_id: int, *, ended: bool) -> str:
    """A channel is no longer watched, or never was."""
    now = "From now on I answer pictures" if ended else "I was not watching: I answer pictures"
    return f"{now} in <#{channel_id}> only when asked."


def privacy(answer: str | None, policy: str) -> str:
    """What is kept of a person's pictures."""
    match answer, policy:
        case _, "never":
            return "Nothing of anybody's pictures is kept here, and none is learned from."
        case "yes", _:
            return (
                "You agreed that I keep the faces from your pictures that people have named, to learn from. "
                "Say no, and those are deleted at once."
            )
        case "no", _:
            return "You said no: nothing of your pictures is kept. You can say yes for those that you post from now on."
        case _:
            return "Nothing of your pictures is kept; you have not been asked yet. You can answer now."
