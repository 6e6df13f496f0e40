"""Buttons and menus. Each carries in its id what it is about, so that all of them work after any restart."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal, Self

import discord
from discord import ui
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import buttons, describing, update
from bot.chat import replies
from bot.chat.items import Form, Interaction, Item, acknowledge, number, replace, view
from bot.chat.lost import tell
from bot.chat.permissions import Claim, Speaker
from bot.client import Place
from bot.correcting import correct, hearing, wording
from bot.correcting.correct import Naming
from bot.correcting.taking_back import Asked, TakeBackButton, thanks_view
from bot.correcting.together import answered
from bot.database import characters, corrections, verdicts
from bot.database.characters import Called
from bot.database.ledger import Via
from bot.database.pictures import Face
from bot.database.verdicts import Standing
from bot.words import Words
from ml.naming.classifier import Candidate
from ml.naming.names import plain

OTHER, NOBODY, NAME = "other", "not a face", "name:"
LIKELIEST = 5
MOST_OPTIONS = 25  # of a menu, as Discord has it


class RightButton(Item[ui.Button[Any]], template=buttons.ALL_RIGHT):
    """Every name of the answer is right."""

    def claim(self, interaction: Interaction) -> Claim:
        """The answer that it stands below."""
        return Claim(reply=_answer(interaction))

    async def act(self, interaction: Interaction) -> None:
        """Confirm every name of the answer."""
        speaker, reply_id = Speaker.of(interaction), _answer(interaction)
        words = speaker.place.words
        await acknowledge(interaction, ephemeral=True)
        text = await correct.confirm(speaker, self.shown, via="button")
        thanks = thanks_view("answer", reply_id, interaction.user.id, words)
        await tell(interaction, text, view=thanks)


class CorrectButton(Item[ui.Button[Any]], template=buttons.CORRECT):
    """Something in the answer is wrong."""

    def claim(self, interaction: Interaction) -> Claim:
        """The answer that it stands below."""
        return Claim(reply=_answer(interaction))

    async def act(self, interaction: Interaction) -> None:
        """Ask which face, or who it is where there is one only."""
        text, asked = await question(interaction.client.place_of(interaction), self.shown)
        await interaction.response.send_message(text, view=asked, ephemeral=True)


def _answer(interaction: Interaction) -> int:
    assert interaction.message is not None  # a button stands below one
    return interaction.message.id


class FaceMenu(Item[ui.Select[Any]], template=r"koredare:faces:(?P<reply>\d+)(?P<none>:none)?"):
    """Which face of a reply? Then who it is; or, with "none", it is none at all."""

    @classmethod
    def of(cls, custom_id: str, faces: Sequence[Face], words: Words) -> Self:
        """Make it, of the faces of the answer that its id names."""
        options = [
            discord.SelectOption(
                label=f"{face.number}: {plain(face.name or words('correction-a-stranger'))}"[:100],
                value=str(face.id),
            )
            for face in faces[:MOST_OPTIONS]
        ]
        return cls(menu_of(custom_id, words("correction-choose-face"), options))

    def claim(self, interaction: Interaction) -> Claim:
        """The answer, and the chosen face."""
        return Claim(reply=number(self.match["reply"]), faces=[number(self.item.values[0])])

    async def act(self, interaction: Interaction) -> None:
        """Note that the chosen face is none, or go on to its names."""
        face_id = number(self.item.values[0])
        if self.match["none"]:
            await _note(interaction, self.shown, face_id, None)
            return
        speaker = Speaker.of(interaction)
        text, asked = await ask_name(speaker.place, correct.one(speaker, self.shown, face_id))
        await interaction.response.edit_message(content=text, view=asked)


class NameMenu(Item[ui.Select[Any]], template=r"koredare:names:(?P<face>\d+)(?P<meant>:meant)?"):
    """Who is it? Its values are names, a search by typing, or no face at all.

    With "meant" in its id it takes another's place: clients would show what was chosen there as chosen here too.
    """

    @classmethod
    def of(cls, custom_id: str, options: list[discord.SelectOption], words: Words) -> Self:
        """Make it, for the face that its id names."""
        return cls(menu_of(custom_id, words("correction-choose-name"), options))

    def claim(self, interaction: Interaction) -> Claim:
        """The face."""
        return Claim(faces=[number(self.match["face"])])

    async def act(self, interaction: Interaction) -> None:
        """Write the choice down, or ask for a name."""
        face_id, choice = number(self.match["face"]), self.item.values[0]
        if choice == OTHER:
            form = NameForm(self.claim(interaction), face_id, interaction.client.place_of(interaction).words)
            await interaction.response.send_modal(form)
        else:
            await _note(interaction, self.shown, face_id, None if choice == NOBODY else choice.removeprefix(NAME))


class NameForm(Form):
    """A name typed by hand."""

    def __init__(self, claim: Claim, face_id: int, words: Words) -> None:
        super().__init__(claim, title=words("correction-form"))
        self.face_id = face_id
        self.name = ui.TextInput[Self](custom_id="name", max_length=characters.NAME_LIMIT)
        self.name.placeholder = words("correction-form-hint")
        self.add_item(ui.Label(text=words("correction-form-name"), component=self.name))

    async def act(self, interaction: Interaction) -> None:
        """Write the name down, or ask who is meant."""
        await acknowledge(interaction)
        replied = await name_typed(Speaker.of(interaction), self.shown, self.face_id, self.name.value, via="menu")
        await _show(interaction, self.shown, self.face_id, replied)


async def question(place: Place, shown: Sequence[Face], *, purpose: Literal["name", "none"] = "name") -> Asked:
    """What to ask about the faces of an answer: which is meant ("none": which is none), or who it is if it is one.

    Where nobody knows several of them, the first of these is asked about at once; the next follows.
    """
    if len(shown) == 1:
        return await ask_name(place, shown[0])
    words, reply_id = place.words, shown[0].picture.reply_id
    menu = FaceMenu.of(f"koredare:faces:{reply_id}{':none' if purpose == 'none' else ''}", shown, words)
    if purpose == "name" and len(unknown := await _unknown(place, shown)) > 1:
        text, asked = await ask_name(place, unknown[0])
        return text, asked.add_item(menu)
    return words("correction-which-face" if purpose == "name" else "correction-which-is-no-face"), view(menu)


async def ask_name(place: Place, face: Face, *, standing: Standing | None = None, first: Sequence[str] = ()) -> Asked:
    """The menu of names for a face, some of them first, without those that people said it is not.

    `standing`: how it stands, where that has been asked already.
    """
    words = place.words
    async with place.database.reading() as session:
        if standing is None:
            standings = await verdicts.standings_of(session, [face], guild_id=place.id, quorum=place.quorum)
            standing = standings[face.spoken_of]
        options = await name_options(session, place, [standing], face.candidates, first=first)
    return words("correction-who", number=face.number), view(NameMenu.of(f"koredare:names:{face.id}", options, words))


async def name_options(
    session: AsyncSession,
    place: Place,
    standings: Iterable[Standing],
    candidates: Sequence[Candidate],
    *,
    first: Sequence[str] = (),
) -> list[discord.SelectOption]:
    """Some names, the likeliest, a search, that it is no face, and others; none that people refused.

    The others: first those of which people spoke lately.
    """
    words = place.words
    known = await characters.search(session, "", guild_id=place.id)
    lately = await corrections.lately_named(session, guild_id=place.id)
    refused = {name for standing in standings for name in standing.refused}
    likely = {candidate.name: candidate.confidence for candidate in candidates}
    refused -= set(first)  # what is asked for outright is offered all the same
    names = [name for name in dict.fromkeys([*first, *likely, *lately, *known]) if name not in refused]
    options = [name_option(name, likely.get(name), words) for name in names[: MOST_OPTIONS - 2]]
    options[LIKELIEST:LIKELIEST] = [search_option(words), no_face_option(words)]
    return options


async def name_typed(speaker: Speaker, shown: Sequence[Face], face_id: int, typed: str, *, via: Via) -> Asked:
    """What to answer to a typed name: thanks, or, where nobody is called so, who is meant by it."""
    naming = await understood(speaker, shown, correct.one(speaker, shown, face_id), typed, via=via, stated=True)
    if not isinstance(naming, Naming):
        return naming
    (thanks,) = await correct.name_each(speaker, shown, [naming], via=via)
    return thanks, thanks_view("face", face_id, speaker.user_id, speaker.place.words)


async def understood(
    speaker: Speaker, shown: Sequence[Face], face: Face, typed: str, *, via: Via, stated: bool
) -> Naming | Asked:
    """Whom a typed name means of a face, to be written down; or what to ask, where nobody is called so.

    That it is a stranger is written down at once. `stated`: they said outright that it is a name, so that one like no
    other is somebody new; else they are asked.
    """
    place, words = speaker.place, speaker.place.words
    match wording.phrase(typed):
        case "stranger":
            return await stranger(speaker, shown, face, via=via)
        case "nobody":
            return Naming(face, None)
        case _:
            name = characters.clean(typed)
    async with place.database.reading() as session:
        meant = await whom(session, place, name)
        near = [] if meant else await characters.alike(session, name, guild_id=place.id)
    if meant is not None or (stated and not near and not hearing.is_statement(name)):
        return Naming(face, name, meant)
    text = words("correction-did-you-mean" if near else "correction-is-new", typed=replies.shown(name))
    return text, view(NameMenu.of(f"koredare:names:{face.id}:meant", meant_options(name, near, words), words))


async def whom(session: AsyncSession, place: Place, typed: str) -> Called | None:
    """The character that was typed where only a name belongs; with "it's" before it too, if that makes it somebody."""
    found = await characters.called_as_said(session, typed, guild_id=place.id)
    if found is None and (said := hearing.name_alone(typed)) not in (None, typed):
        return await characters.called_as_said(session, said or "", guild_id=place.id)
    return found


async def stranger(speaker: Speaker, shown: Sequence[Face], face: Face, *, via: Via) -> Asked:
    """What to answer to who says that a face is somebody whom we do not know: not whom the answer says."""
    place, words = speaker.place, speaker.place.words
    standing = (await update.standings_of(place, [face]))[face.spoken_of]
    who = describing.name_shown(face, standing) or describing.name_asked(face, standing)
    if who is None:
        return words("correction-stranger-already", number=face.number), ui.View()
    await correct.refuse(speaker, shown, face, "not", via=via, who=who)
    text = words("correction-noted-stranger", who=replies.shown(who))
    return text, thanks_view("face", face.id, speaker.user_id, words)


def meant_options(typed: str, near: Sequence[str], words: Words) -> list[discord.SelectOption]:
    """Who may be meant by a name that nobody bears: names like it, somebody new, or another one."""
    new = discord.SelectOption(label=words("correction-new", name=typed)[:100], value=NAME + typed, emoji="🆕")
    return [*(name_option(name, None, words) for name in near[: MOST_OPTIONS - 2]), new, search_option(words)]


def menu_of(custom_id: str, placeholder: str, options: list[discord.SelectOption]) -> ui.Select[Any]:
    """A menu of which one option is chosen."""
    # A menu that is only told apart by its id needs an option all the same.
    return ui.Select(custom_id=custom_id, placeholder=placeholder, options=options or [discord.SelectOption(label="?")])


def name_option(name: str, confidence: float | None, words: Words) -> discord.SelectOption:
    """A name to choose, with how likely it is."""
    percent = 0 if confidence is None else describing.percent(confidence)
    likely = words("correction-likelihood", percent=percent) if percent else None
    return discord.SelectOption(label=plain(name), value=NAME + name, description=likely)


def search_option(words: Words) -> discord.SelectOption:
    """To type a name instead of choosing one."""
    return discord.SelectOption(label=words("correction-search"), value=OTHER, emoji="🔎")


def no_face_option(words: Words) -> discord.SelectOption:
    """That it is no face."""
    return discord.SelectOption(label=words("correction-no-face"), value=NOBODY, emoji=replies.NOT_A_FACE)


async def _note(interaction: Interaction, shown: Sequence[Face], face_id: int, name: str | None) -> None:
    # Discord waits three seconds only, and a picture may have to be read again.
    await acknowledge(interaction)
    speaker = Speaker.of(interaction)
    thanks = await correct.name(speaker, shown, face_id, name, via="menu")
    await _show(
        interaction, shown, face_id, (thanks, thanks_view("face", face_id, speaker.user_id, speaker.place.words))
    )


async def _show(interaction: Interaction, shown: Sequence[Face], face_id: int, replied: Asked) -> None:
    """Put what is answered about a face in the place of the menu that was used, and lead on to the next face."""
    speaker = Speaker.of(interaction)
    face = correct.one(speaker, shown, face_id)
    if interaction.message is not None:
        used = f"koredare:names:{face_id}"
        words, before = speaker.place.words, replied
        replied = answered(interaction.message, face.number, used, replied, user_id=speaker.user_id, words=words)
        if replied is before:
            replied = await _led_on(speaker, shown, face, replied)
    text, asked = replied
    await replace(interaction, content=text, view=asked)


async def _led_on(speaker: Speaker, shown: Sequence[Face], face: Face, replied: Asked) -> Asked:
    """A thanks, and below it who the next face of the same answer is that nobody knows."""
    text, asked = replied
    same = [each for each in shown if each.picture.reply_id == face.picture.reply_id]
    if len(same) == 1 or not all(isinstance(item, TakeBackButton) for item in asked.children):
        return replied
    unknown = [each for each in await _unknown(speaker.place, same) if each.id != face.id]
    if not unknown:
        return replied
    later = [each for each in unknown if each.number > face.number]
    question, names = await ask_name(speaker.place, (later or unknown)[0])
    for item in asked.children:
        names.add_item(item)
    return f"{text}\n{question}", names


async def _unknown(place: Place, shown: Sequence[Face]) -> list[Face]:
    """The faces of an answer that bear no name, and may get one."""
    standings = await update.standings_of(place, shown)
    return [
        face
        for face in shown
        for standing in [standings[face.spoken_of]]
        if describing.name_shown(face, standing) is None
        and describing.is_face(standing)
        and not describing.is_poor(face)
        and not any(vote.people for vote in standing.votes)
    ]
