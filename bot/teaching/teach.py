"""Lessons are written down: each face as the word of whoever teaches, and kept to learn from where that is allowed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.permissions import Speaker
from bot.chat.replies import shown
from bot.client import Place
from bot.database import characters, corrections, examples, pictures, samples, verdicts
from bot.database.characters import Called
from bot.database.errors import NoConsent, Unsettled
from bot.database.pictures import Face, Picture
from bot.privacy import consent
from bot.teaching.lessons import LeftOut, Lesson, Looked
from ml import NamedFace, Sample
from ml.faces.quality import LEARNABLE
from ml.naming.classifier import Candidate
from ml.naming.names import fold

MOST_ASKED = 25  # faces in one menu, as Discord has it
_SHOWN = 10  # faces of one character whose crops are held for the sheet


@dataclass(slots=True)
class Taught:
    """What came of some lessons, and grows with each.

    Attributes
    ----------
    reply_id
        Our answer, which shows them.
    faces
        Stored, named or still asked about, numbered from 1.
    crops
        Of those that the answer may show, by id.
    before
        The same faces where they were answered before: those answers are to be brought up to date.
    waiting
        Pictures whose posters have not said yet whether they may be learned from.
    known
        Pictures that had taught the same before.
    new
        Characters that nobody knew, with names like theirs that somebody bears.
    """

    reply_id: int
    faces: list[Face] = field(default_factory=list[Face])
    crops: dict[int, bytes] = field(default_factory=dict[int, bytes])
    before: list[Face] = field(default_factory=list[Face])
    waiting: dict[int, Picture] = field(default_factory=dict[int, Picture])
    left_out: list[LeftOut] = field(default_factory=list[LeftOut])
    known: int = 0
    new: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    _called: dict[str, Called] = field(default_factory=dict[str, Called])
    _shown: Counter[str] = field(default_factory=Counter[str])
    _asked: int = 0

    async def learn(self, speaker: Speaker, looks: Sequence[Looked]) -> None:
        """Write some lessons down, all or none."""
        lessons = [look for look in looks if isinstance(look, Lesson)]
        self.left_out += [look for look in looks if isinstance(look, LeftOut)]
        for poster in {each.picture.poster_id for each in lessons if not each.picture.given} - {None}:
            await consent.agreed(speaker.place, poster or 0)  # so that what the operator vouches for is written
        async with speaker.place.database.writing() as session:
            for lesson in lessons:
                await self._learn(session, speaker, lesson)

    async def _learn(self, session: AsyncSession, speaker: Speaker, lesson: Lesson) -> None:
        place, words = speaker.place, speaker.place.words
        able = [(face, cut) for face, cut in lesson.faces if cut.quality >= LEARNABLE]
        if not able:
            reason = words("teach-too-poor") if lesson.faces else words("teach-no-face")
            self.left_out.append(LeftOut(lesson.file, reason))
            return
        if lesson.picture.given and (taught := await self._taught_before(session, place, lesson, able[0][1])):
            if fold(taught) == fold(lesson.name):
                self.known += 1
            else:
                self.left_out.append(LeftOut(lesson.file, words("teach-known-as", name=shown(taught))))
            return
        alone = len(able) == 1
        if not alone and self._asked + len(able) > MOST_ASKED:
            self.left_out.append(LeftOut(lesson.file, words("teach-several", faces=len(able))))
            return
        who = await self._who(session, place, lesson.name)
        found = [
            NamedFace(face.box, face.angle, face.score, cut.quality, who.name if alone else None, 0.0, candidates)
            for candidates in [() if alone else (Candidate(who.name, 0.0),)]
            for face, cut in able
        ]
        lesson.picture.reply_id = self.reply_id
        before = await self._answered_before(session, lesson.picture)
        rows = pictures.faces_of(lesson.picture, found, first=len(self.faces) + 1, before=before)
        await pictures.store(session, rows)
        again = {row.same_as for row in rows}
        self.before += [face for face in before if face.id in again]
        self.faces += rows
        self._asked += 0 if alone else len(rows)
        if alone:
            await corrections.say(
                session,
                rows[0],
                kind="name",
                character_id=who.id,
                user_id=speaker.user_id,
                moderator=speaker.moderator,
                via="command",
            )
        for row, (_, cut) in zip(rows, able, strict=True):
            await self._keep(session, row, cut, quorum=place.quorum, named=alone)
            if not alone or self._shown[who.name] < _SHOWN:
                self.crops[row.id] = cut.crop
                self._shown[who.name] += alone

    async def _keep(self, session: AsyncSession, row: Face, cut: Sample, *, quorum: int, named: bool) -> None:
        """Keep a face: as an example where its name is trusted, else until somebody settles who it is."""
        try:
            if named:
                try:
                    await examples.save(session, row.spoken_of, cut, quorum=quorum)
                except Unsettled:  # a member's word, to which others must agree
                    await examples.keep(session, row.spoken_of, cut)
            else:
                await examples.keep(session, row.spoken_of, cut)
        except NoConsent:
            self.waiting[row.picture.poster_id or 0] = row.picture

    async def _who(self, session: AsyncSession, place: Place, name: str) -> Called:
        if (called := self._called.get(fold(name))) is None:
            called = await characters.called_as_said(session, name, guild_id=place.id)
            if called is None:
                near = await characters.alike(session, name, guild_id=place.id)
                called, _ = await characters.called_or_new(session, name, guild_id=place.id)
                self.new[called.name] = near
            self._called[fold(name)] = called
        return called

    async def _taught_before(self, session: AsyncSession, place: Place, lesson: Lesson, cut: Sample) -> str | None:
        """Whom the very same picture shows here already, as settled; first of all the character that is taught."""
        same = await samples.faces_of_hash(session, cut.picture_hash, guild_id=place.id)
        standings = await verdicts.standings(session, same, guild_id=place.id, quorum=place.quorum) if same else {}
        settled = [each.verdict.name for each in standings.values() if each.verdict is not None]
        who = await characters.called_as_said(session, lesson.name, guild_id=place.id)
        meant = lesson.name if who is None else who.name
        names = [name for name in settled if name is not None]
        if meant in names:
            return lesson.name
        # Of several faces another one may be meant.
        return names[0] if names and len(lesson.faces) == 1 else None

    async def _answered_before(self, session: AsyncSession, picture: Picture) -> list[Face]:
        asked = [] if picture.attachment_id is None else [picture.attachment_id]
        return await pictures.answered_before(session, asked, guild_id=picture.guild_id)
