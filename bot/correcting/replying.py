"""A reply in words: of which faces it speaks, and what is done and answered to all that it says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import discord
from discord import ui

from bot.answers.meant import faces_beside, faces_meant, is_sheet, may_speak_of_faces
from bot.characters import pages
from bot.chat.errors import UserError
from bot.chat.permissions import Speaker
from bot.chat.replies import shown as shown_name
from bot.client import Koredare
from bot.correcting import correct, hearing, menus, whom, wording
from bot.correcting.correct import Naming
from bot.correcting.hearing import Heard
from bot.correcting.taking_back import Asked, thanks_view
from bot.correcting.together import Replied, together
from bot.database import characters
from bot.database.pictures import Face
from bot.words import Words
from ml.naming.names import fold, unhonoured

_MOST_SAID: Final = 50  # things in one message; there are hardly so many faces in a picture
# Where a number is a face's, in what was not understood: "face 2", "who is 2?"; not "two days ago".
_NUMBER = re.compile(
    r"(?:^|#|\b(?:face|number|and)\s+|顔)(\d{1,2})(?![\w%])|(?<![\w.])(\d{1,2})(?=[?？.!]*$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody wrote about an answer.

    Attributes
    ----------
    shown
        All faces of the answer.
    faces
        Those that may be meant.
    said
        What was heard, each of one face by its number, or of none in particular.
    to_us
        They speak to us; else they may as well speak of the picture with each other.
    """

    speaker: Speaker
    shown: list[Face]
    faces: list[Face]
    said: list[Heard]
    to_us: bool
    written: str

    @classmethod
    async def to(cls, bot: Koredare, message: discord.Message) -> Self | None:
        """What a message says of an answer; None: it speaks of none.

        It does if it replies to it, or to our question about it. Beside it, in reply to the picture for one, only what
        is surely a statement about known or numbered faces is for us.
        """
        assert bot.user is not None
        if not may_speak_of_faces(message):
            return None
        speaker, said = Speaker.writing(bot, message), hearing.hear(message.content)
        to_us = f"<@{bot.user.id}>" in message.content
        shown, faces = await faces_meant(bot, message)
        if not faces and speaker.moderator and is_sheet(bot, message):
            if any(heard.meaning in _WRITTEN for heard in said):
                raise UserError(speaker.place.words("correction-of-sheet"))
            return None
        if not faces:
            clear = all(heard.meaning in _WRITTEN if speaker.alone else _is_outright(heard) for heard in said)
            # Who replies to nobody may say "It's Monday".
            anybody = speaker.alone or message.reference is not None
            if not 0 < len(said) <= _MOST_SAID or not clear or not await _are_known(speaker, said, also_new=anybody):
                return None
            shown = faces = await faces_beside(bot, message)
            spoken_of = {heard.number for heard in said if isinstance(heard.number, int)}
            if not anybody and not spoken_of <= {face.number for face in faces}:
                return None  # "1. Hana 2. Yuki 3. Maki" ranks them
        written = "" if "://" in message.content else wording.as_meant(message.content)
        return cls(speaker, shown, faces, said, to_us, written) if faces else None

    @property
    def _words(self) -> Words:
        return self.speaker.place.words

    async def take_back(self, before: frozenset[int]) -> bool:
        """What they had said before of these faces counts no more where they speak of them no more; whether it did."""
        left = [face.id for face in self.faces if face.id in before - self.spoken_of]
        return bool(left) and await correct.unsay_all(self.speaker, self.shown, left, via="reply")

    def without_undoing(self) -> Self:
        """The same without an "undo", where that has been done: it would take back what was said before as well."""
        return replace(self, said=[heard for heard in self.said if heard.meaning != "undo"], to_us=False)

    @property
    def spoken_of(self) -> frozenset[int]:
        """The ids of the faces of which something is said; none where it cannot be told of which."""
        try:
            each = {heard.number for heard in self._each(self.said) if heard.meaning in _WRITTEN}
        except UserError:
            return frozenset()
        only = None if len(self.faces) > 1 else self.faces[0].number
        return frozenset(
            face.id for face in self.faces if face.number in each or (None in each and face.number == only)
        )

    async def follow(self) -> Asked | None:
        """Do all that was said; what is wrong with one thing does not cost the others. Gives what to answer, if any."""
        speaker, words = self.speaker, self._words
        if self.said == [_TALK] and await self._called(name := wording.unpunctuated(self.written)):
            return await replace(self, said=[Heard(None, "name", name)]).follow()  # "Ai", where she is somebody
        if not self.said and self.to_us:
            raise UserError(words("correction-say-how", number=self.faces[-1].number))
        said = self._each(self.said)
        _require_sense(said, words)
        whom_not = await self._whom_not(said)
        answers: dict[int, Replied] = {}
        namings: dict[int, Naming] = {}
        for place, heard in enumerate(said):
            # "not Riko, it's Maki": who it is need not be asked any more.
            told = any(each.meaning == "name" and each.number == heard.number for each in said[place + 1 :])
            numbers = (heard.number,) if isinstance(heard.number, int) else ()
            try:
                if heard.meaning == "not" and heard.name not in whom_not:  # "not bad" is about nobody
                    raise await pages.unknown(speaker.place, heard.name)
                found = await self._follow(replace(heard, name=whom_not.get(heard.name, heard.name)))
            except UserError as error:
                if len(said) == 1:
                    raise
                found = str(error), ui.View()
            if isinstance(found, Naming):
                namings[place] = found
            elif found is not None and not (heard.meaning == "not" and told):
                answers[place] = Replied(numbers, *found)
        if namings:
            thanks = await correct.name_each(speaker, self.shown, [*namings.values()], via="reply")
            for (place, each), text in zip(namings.items(), thanks, strict=True):
                below = thanks_view("face", each.face.id, speaker.user_id, words)
                answers[place] = Replied((each.face.number,), text, below)
        return together([answers[place] for place in sorted(answers)], speaker.user_id, words)

    async def _follow(self, heard: Heard) -> Asked | Naming | None:
        """Do one thing; gives what to answer, or who is to be named, None where nothing was asked of us."""
        speaker, words, faces = self.speaker, self._words, self.faces
        match heard.meaning:
            case "chat":
                return None
            case "unclear" if not self._is_asked(heard):
                return None
            case "how" | "unclear":
                raise UserError(words("correction-say-how", number=faces[-1].number))
            case "maybe":
                return await self._guessed(heard)
            case "name" if not (
                heard.number is not None or heard.stated or len(faces) == 1 or await self._is_somebody(heard)
            ):
                return None
            case "undo" if heard.number is None:
                await correct.unsay(speaker, self.shown, [face.id for face in faces], via="reply")
                return words("correction-taken-back"), ui.View()
            case "right" if heard.number is None:
                return await correct.confirm(speaker, self.shown, via="reply"), ui.View()
            case "who" if heard.number is None:
                return await menus.question(speaker.place, self.shown)
            case "stranger" if heard.number is None and len(faces) > 1:
                return await menus.question(speaker.place, self.shown)
            case _:
                return await self._of_face(self._face(heard), heard)

    async def _of_face(self, face: Face, heard: Heard) -> Asked | Naming:
        speaker, shown, words = self.speaker, self.shown, self._words
        match heard.meaning:
            case "undo":
                await correct.unsay(speaker, shown, [face.id], via="reply")
                return words("correction-taken-back"), ui.View()
            case "nobody":
                return Naming(face, None)
            case "stranger":
                return await menus.stranger(speaker, shown, face, via="reply")
            case "not":
                standing = await correct.refuse(speaker, shown, face, "not", via="reply", who=heard.name)
                text = words("correction-noted-not", who=shown_name(heard.name))
                return text, (await menus.ask_name(speaker.place, face, standing=standing))[1]
            case "right" if (who := await correct.name_meant(speaker, face)) is not None:
                return Naming(face, who)
            case "name":
                return await menus.understood(speaker, shown, face, heard.name, via="reply", stated=heard.stated)
            case _:
                return await menus.ask_name(speaker.place, face)

    async def _guessed(self, heard: Heard) -> Asked | None:
        """To who wonders whether a face is somebody: who it is, them first; nobody's name is talk, said to others."""
        place = self.speaker.place
        async with place.database.reading() as session:
            meant = await characters.meant_by(session, unhonoured(heard.name), guild_id=place.id)
        if meant:
            return await menus.ask_name(place, self._face(heard), first=meant)
        if self._is_asked(heard):
            raise await pages.unknown(place, heard.name)
        return None

    async def _is_somebody(self, heard: Heard) -> bool:
        """Whether a word is taken for a name: below several faces only if it is like one, or said of somebody."""
        if self.to_us or wording.written_like_a_name(heard.name) or wording.STATED.match(self.written):
            return True
        place = self.speaker.place
        async with place.database.reading() as session:
            near = await characters.search(session, unhonoured(heard.name), guild_id=place.id)
        return bool(near)

    async def _called(self, name: str) -> bool:
        """Whether somebody is called just so."""
        place = self.speaker.place
        async with place.database.reading() as session:
            return await characters.called_today(session, name, guild_id=place.id) is not None

    async def _whom_not(self, said: Sequence[Heard]) -> dict[str, str]:
        """What those are called of whom they say that a face is not them; asked before anything is done about it."""
        place = self.speaker.place
        names = {heard.name for heard in said if heard.meaning == "not"}
        async with place.database.reading() as session:
            found = {name: await characters.called_as_said(session, name, guild_id=place.id) for name in names}
        return {name: called.name for name, called in found.items() if called is not None}

    def _is_asked(self, heard: Heard) -> bool:
        """Whether what was not understood is meant for us: people talk below a picture, too."""
        spoken_of = {int(number) for match in _NUMBER.finditer(self.written) for number in match.groups() if number}
        return heard.number is not None or self.to_us or any(face.number in spoken_of for face in self.faces)

    def _face(self, heard: Heard) -> Face:
        if heard.number is None and len(self.faces) > 1:
            raise UserError(self._words("correction-say-which"))
        assert not isinstance(heard.number, str)  # `_each` has told them apart
        number = self.faces[0].number if heard.number is None else heard.number
        return numbered(self.faces, number, self.speaker)

    def _each(self, said: list[Heard]) -> list[Heard]:
        """What was said of several faces at once, or of one told without its number, as said of each by its number."""
        numbers, pictures = [face.number for face in self.faces], len({face.picture_id for face in self.faces})
        spoken_of = [heard.number for heard in said if isinstance(heard.number, int)]
        each: list[Heard] = []
        for heard in said:
            if heard.number is None:
                each.append(heard)
                continue
            meant = whom.told(heard.number, numbers, spoken_of, pictures=pictures)
            if meant is None:
                raise UserError(self._words("correction-say-which"))
            each += [replace(heard, number=number) for number in meant]
        return each


_TALK: Final = Heard(None, "chat")
_WRITTEN: Final = ("name", "not", "nobody", "stranger")


def _is_outright(heard: Heard) -> bool:
    """Whether it surely says who a face is, so that it need not be said to us."""
    return heard.meaning in _WRITTEN and (heard.number is not None or heard.stated)


async def _are_known(speaker: Speaker, said: Sequence[Heard], *, also_new: bool) -> bool:
    """Whether all names are those of characters, or (`also_new`) written like names."""
    named = {heard.name for heard in said if heard.name and not (heard.stated and also_new)}
    async with speaker.place.database.reading() as session:
        found = [await characters.called_as_said(session, name, guild_id=speaker.place.id) for name in named]
    return None not in found


def numbered(faces: Sequence[Face], number: int, speaker: Speaker) -> Face:
    """The face of that number; raises `UserError` if there is none."""
    face = next((face for face in faces if face.number == number), None)
    if face is None:
        raise UserError(speaker.place.words("correction-no-such-number", number=abs(number), faces=len(faces)))
    return face


def _require_sense(said: list[Heard], words: Words) -> None:
    """Refuse what is more than anybody says at once, or says two things of one face."""
    if len(said) > _MOST_SAID:
        raise UserError(words("correction-too-many", most=_MOST_SAID))
    names: dict[int | None, str] = {}
    for heard in said:
        if heard.meaning != "name" or not isinstance(heard.number, int):
            continue
        if fold(names.setdefault(heard.number, heard.name)) != fold(heard.name):
            raise UserError(words("correction-contradiction", number=heard.number))
