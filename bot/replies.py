"""What the bot says: every sentence that members and moderators read, and how a result looks in chat."""

from collections.abc import Mapping, Sequence

import discord

from bot.database.forgetting import Held
from bot.database.pictures import Face, FaceFound
from bot.database.suspects import Suspected
from bot.database.verdicts import Standing, Votes

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
    refused = frozenset[str]() if standing is None else standing.refused
    closest = next((candidate for candidate in face.candidates if candidate.name not in refused), None)
    if face.name is not None and face.name not in refused:
        guess = f"{shown(face.name)} · {percent(face.confidence)}"
    elif closest is not None and closest.confidence >= 0.1:
        guess = f"someone I don't know (closest: {shown(closest.name)}, {percent(closest.confidence)})"
    else:
        guess = "someone I don't know"
    said = [] if standing is None else [_vote(vote) for vote in standing.votes]
    return f"{guess} — {', '.join(said)}" if said else guess


def _vote(vote: Votes) -> str:
    who = "not a face" if vote.name is None else shown(vote.name)
    votes = [f"{vote.people} {'says' if vote.people == 1 else 'say'} {who}"] if vote.people else []
    if idle := vote.people - vote.counting:
        votes[0] += f" ({f'{idle} ' if vote.people > 1 else ''}{'does' if idle == 1 else 'do'} not count)"
    if vote.against:
        votes.append(f"{vote.against} {'says' if vote.against == 1 else 'say'} not {who}")
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
        agree = next((vote.counting for vote in standing.votes if vote.name == name), 0)
        disputed = sum(1 for vote in standing.votes if vote.counting) > 1
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
        "embedding": "looking at kept faces again, with a new embedder",
        "training": "learning",
        "measuring": "comparing with the version before",
    }
    bar = "▰" * round(share * 10) + "▱" * (10 - round(share * 10))
    return f"Retraining: {words.get(stage, stage)}… {bar}"


STOPPED = "The retraining was stopped, because I was. The old version stays; say `retrain` again."


SAY_WHICH = "Which face do you mean? Say it like this: `2 is Riko`."


def no_such_number(number: int, faces: int) -> str:
    """A face was named that the answer does not show."""
    return f"There is no face {number} in that answer: it shows {'one' if faces == 1 else f'1 to {faces}'}."


def undone(who: str, corrections: int, examples: int) -> str:
    """Everything that somebody said was taken back."""
    name = discord.utils.escape_markdown(who)
    if not corrections:
        return f"**{name}** has said nothing here that still counts."
    touched = (
        f" {_count(examples, 'face')} to learn from lost {'its name' if examples == 1 else 'their names'} or got "
        "another; the next `/retrain` goes by that."
        if examples
        else " Nothing to learn from rested on that."
    )
    return f"Taken back: {_count(corrections, 'correction')} of **{name}**.{touched}"


NO_SUSPECTS = "No face that I learn from looks wrong to me. I look again at each `/retrain`."


def suspects(found: Sequence[Suspected], *, total: int, guild_id: int) -> str:
    """The faces of a sheet: what each is called, what it looks like, where it is from, and what to do."""
    lines = [f"{_count(total, 'face')} of those that I learn from look{'s' if total == 1 else ''} wrong to me."]
    for number, each in enumerate(found, start=1):
        lines.append(
            f"**{number}** {shown(each.name)}, looks like {shown(each.looks_like)} · {_source(each.face, guild_id)}"
        )
    more = f" {total - len(found)} more follow once these are answered." if total > len(found) else ""
    lines.append(
        "Choose one below to correct it, or to confirm its name; those that you leave stay as they are."
        f"{more} What was imported is my operator's to mend."
    )
    return "\n".join(lines)


def _source(face: Face, guild_id: int) -> str:
    picture = face.picture
    if picture.source == "import":
        return f"imported from {discord.utils.escape_markdown(picture.origin or 'somewhere')}"
    return f"https://discord.com/channels/{guild_id}/{picture.channel_id}/{picture.reply_id}"


def suspects_alt_text(found: Sequence[Suspected]) -> str:
    """What a screen reader says of a sheet of faces that look wrong."""
    who = [f"{n}: named {each.name}, looks like {each.looks_like}" for n, each in enumerate(found, start=1)]
    return ("Faces that look wrong. " + "; ".join(who).replace("_", " "))[:1000]


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def holding(held: Held) -> str:
    """What is held of a person, in numbers."""
    return (
        f"{_count(held.pictures, 'picture')} of yours that I answered (no pixels, only where the faces are), "
        f"{_count(held.samples, 'face')} kept to learn from, and {_count(held.corrections, 'correction')} that you made"
    )


def ask_forget(held: Held) -> str:
    """The question before somebody is forgotten."""
    return f"I hold {holding(held)}. Shall I delete all that, on every server? It cannot be brought back."


FORGET_NOT_YOURS = "Only the person who asked to be forgotten can answer that."
FORGET_KEPT = "All right: nothing was deleted."


def forgotten(held: Held, dropped: Mapping[str, int]) -> str:
    """A person has been forgotten."""
    names = ", ".join(f"{shown(name)} ({count})" for name, count in list(dropped.items())[:20])
    next_time = (
        f"The next `/retrain` learns from {_count(sum(dropped.values()), 'face')} fewer: {names}. Until then answers "
        "still come from a version that has seen them."
        if dropped
        else "Nothing that I learn from changes by it."
    )
    return (
        f"Forgotten: {holding(held)}. {next_time} My answers in chat stay until somebody deletes them. All that I keep "
        "is a “no” with your id, so that I neither keep nor ask anything again; `/privacy` changes that."
    )


def privacy(answer: str | None, held: Held, policy: str) -> str:
    """What is kept of a person and their pictures, and what they said to that."""
    match answer, policy:
        case _, "never":
            said = "No picture from Discord is learned from here."
        case "yes", _:
            said = (
                "You agreed that I keep the faces from your pictures that people have named, to learn from. "
                "Say no, and those are deleted at once."
            )
        case "no", _:
            said = "You said no: nothing of your pictures is kept. You can say yes for those that you post from now on."
        case _:
            said = "You have not answered yet whether I may learn from your pictures. You can now."
    return f"{said} I hold {holding(held)}. `/forgetme` deletes all of that."
