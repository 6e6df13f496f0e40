"""A server for `benchmarks/trolls.py`: faces, people of several kinds, and rounds of posting, correcting, retraining.

Everything goes through the bot's own rooms: pictures, corrections, verdicts, consent, samples and held-out faces in a
real database file; retraining in its real process, gate and publishing. Only the pictures' embeddings are made once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from bot.config import Settings
from bot.database import Database, consents, corrections, examples, pictures
from bot.database.ledger import Said
from bot.database.pictures import Picture
from bot.database.versions import Author
from bot.retraining import run
from bot.retraining.run import Gate, Outcome
from ml import Box, NamedFace, Recognizer, Sample
from ml.arrays import Bools, Floats
from ml.drawing.labelled import encode
from ml.naming.backbones import SHIPPED
from ml.naming.classifier import Classifier
from ml.naming.embedder import fingerprint
from ml.painting import invent, paint
from ml.pictures.duplicates import distinct
from ml.training.at_once import Lesson, learn
from ml.training.background import Background
from ml.versions.version import CLASSIFIER, read_examples

GUILD = 1
CHARACTERS = 40
POSTED = 50  # pictures of each character, at most
MOST_TESTED = 20  # faces of each character that no version ever sees
ROUND = timedelta(days=4)
_START = datetime(2026, 1, 1, tzinfo=UTC)

Kind: TypeAlias = Literal["careful", "careless", "troll"]
RIGHT: Mapping[Kind, float] = {"careful": 0.95, "careless": 0.70, "troll": 0.0}
TOGETHER = 3  # trolls who tell the same lie about a face; two would do for the quorum
MODERATOR = 7 << 22  # ids of accounts that are years old


@dataclass(frozen=True, slots=True)
class Faces:
    """What there is to post, what to measure on, and who is never posted.

    Attributes
    ----------
    posted
        For each character the samples of its pictures.
    tested
        Embeddings of further faces, shape (n, dimensions), and `truth` their characters.
    strangers
        Embeddings of characters that nobody ever names.
    """

    posted: dict[str, list[Sample]]
    tested: Floats
    truth: tuple[str, ...]
    strangers: Floats


@dataclass(frozen=True, slots=True)
class Phase:
    """Some pictures of each character posted one after the other, up to `until` in all, and who speaks of them.

    Attributes
    ----------
    honest
        Members, careful or careless, who speak of each face.
    lies
        Share of the faces that the trolls lie about.
    moderated
        Share of the faces that the moderator names.
    """

    until: int
    honest: int
    lies: float
    moderated: float


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered of faces that no version ever saw.

    Attributes
    ----------
    likeliest, said
        For each face, bool of shape (n,): its likeliest name is its own; that was said.
    strangers
        For each stranger: was given a name.
    """

    likeliest: Bools
    said: Bools
    strangers: Bools


@dataclass(frozen=True, slots=True)
class Measured:
    """A round: what was answered just before its retraining, with all that counts at once, and after it.

    `outcome` is that of the retraining.
    """

    pictures: int
    spoken: int
    at_once: Answers
    retrained: Answers
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class _Member:
    user_id: int
    kind: Kind


PEOPLE: Mapping[Kind, int] = {"careful": 12, "careless": 8, "troll": 6}
MEMBERS = tuple(_Member((100 + 20 * i + j) << 22, kind) for i, kind in enumerate(PEOPLE) for j in range(PEOPLE[kind]))


def gather(data: Path | None) -> Faces:
    """Embed the crops of `DATA/faces` and `DATA/unseen`, or painted characters; near-duplicates are left out."""
    recognizer = Recognizer()
    known: dict[str, list[Sample]] = {}
    strange: list[Sample] = []
    for name, contents in _folders(data) if data is not None else _painted():
        samples = [sample for each in contents for _, sample in _cut(recognizer, each, painted=data is None)]
        kept = [samples[i] for i in distinct([sample.perceptual_hash for sample in samples])]
        if len(known) < CHARACTERS and len(kept) >= POSTED + MOST_TESTED // 4:
            known[name] = kept
        else:
            strange += kept
    tested = [(name, sample) for name, kept in known.items() for sample in kept[POSTED : POSTED + MOST_TESTED]]
    return Faces(
        posted={name: kept[:POSTED] for name, kept in known.items()},
        tested=_embeddings([sample for _, sample in tested]),
        truth=tuple(name for name, _ in tested),
        strangers=_embeddings(strange),
    )


def _folders(data: Path) -> Iterator[tuple[str, list[bytes]]]:
    """Unseen characters first, then sources in turn; from the middle of each, in an order that says nothing."""
    sources = [data / "unseen", *(data / "faces" for _ in range(4))]
    patterns = ["*", "moe-*", "osval-*", "holo-*", "screen-*"]
    for source, pattern in zip(sources, patterns, strict=True):
        for folder in sorted(source.glob(pattern)):
            files = np.random.default_rng(0).permutation(np.array(sorted(folder.iterdir())))
            yield folder.name, [path.read_bytes() for path in files[: POSTED + 2 * MOST_TESTED]]


def _painted() -> Iterator[tuple[str, list[bytes]]]:
    for number in range(CHARACTERS + 8):
        seeds = range(POSTED + MOST_TESTED)
        painted = (paint(invent(number), seed=seed, size=(320, 320)).picture for seed in seeds)
        yield f"character {number}", [encode(picture, max_bytes=10**7).data for picture in painted]


def _cut(recognizer: Recognizer, content: bytes, *, painted: bool) -> list[tuple[object, Sample]]:
    return list(recognizer.sample_all(content)[:1] if painted else recognizer.sample_crop(content))


def _embeddings(samples: Sequence[Sample]) -> Floats:
    return np.stack([np.frombuffer(sample.embedding, "<f2").astype(np.float32) for sample in samples])


class Server:
    """One server's life, in a data folder of its own."""

    def __init__(self, faces: Faces, settings: Settings, database: Database, *, seed: int) -> None:
        self._faces = faces
        self._settings = settings
        self._database = database
        self._random = np.random.default_rng(seed)
        self._names = sorted(faces.posted)
        self._posted = 0
        self._clock = _START
        self._spoken = 0
        self._unkept: dict[int, Sample] = {}
        self._background = Background.load(SHIPPED.background, embedder=fingerprint(SHIPPED.embedder))

    async def live(self, phase: Phase, *, gate: Gate) -> Measured:
        """Post a phase's pictures, let people speak, retrain, and measure whoever answers then."""
        classifier = self._active()
        chosen = [(name, self._faces.posted[name][self._posted : phase.until]) for name in self._names]
        new = [(name, sample) for name, samples in chosen for sample in samples]
        order = self._random.permutation(len(new))
        async with self._database.writing() as session:
            for member in MEMBERS:
                await consents.answer(session, member.user_id, "yes")
            for index in order:
                self._clock += ROUND / len(new)
                await self._post(session, *new[int(index)], classifier=classifier, phase=phase)
        self._posted = phase.until
        await self._keep()
        at_once = self._answers(await self._joined())
        outcome = await run.retrain(self._settings, self._database, guild_id=GUILD, by=Author("schedule"), gate=gate)
        return Measured(self._posted, self._spoken, at_once, self._answers(self._active()), outcome)

    async def _post(
        self, session: AsyncSession, name: str, sample: Sample, *, classifier: Classifier | None, phase: Phase
    ) -> None:
        guess, candidates = None, ()
        if classifier is not None:
            (candidates,) = classifier.candidates(_embeddings([sample]))
            guess = classifier.decide(candidates)
        face = NamedFace(
            box=Box(0, 0, 112, 112),
            angle=0.0,
            score=1.0,
            name=guess,
            confidence=0.5,
            candidates=candidates,
            quality=1.0,
        )
        poster = self._drawn("careful")
        picture = Picture(guild_id=GUILD, source="discord", poster_id=poster.user_id, created_at=self._clock)
        (row,) = await pictures.record(session, picture, [face])
        self._unkept[row.id] = sample
        for user_id, kind, said in self._words(name, guess, phase):
            await corrections.add(
                session,
                face_id=row.id,
                kind=kind,
                user_id=user_id,
                moderator=user_id == MODERATOR,
                via="button",
                name=said,
                at=self._clock,
            )
            self._spoken += 1

    def _words(self, truth: str, guess: str | None, phase: Phase) -> Iterator[tuple[int, Said, str | None]]:
        """What is said of a face: by whom, of what kind, and which name (None: the guess, which is right)."""
        honest = [member for member in MEMBERS if member.kind != "troll"]
        trolls = [member for member in MEMBERS if member.kind == "troll"]
        for index in self._random.choice(len(honest), phase.honest, replace=False):
            right = self._random.random() < RIGHT[honest[index].kind]
            yield honest[index].user_id, *_naming(truth if right else self._other(truth), guess)
        if self._random.random() < phase.lies:
            lie = self._names[(self._names.index(truth) + len(self._names) // 2) % len(self._names)]
            for index in self._random.choice(len(trolls), TOGETHER, replace=False):
                yield trolls[index].user_id, *_naming(lie, guess)
                yield trolls[index].user_id, "not", truth
        if self._random.random() < phase.moderated:
            yield MODERATOR, *_naming(truth, guess)

    def _drawn(self, kind: Kind) -> _Member:
        members = [member for member in MEMBERS if member.kind == kind]
        return members[self._random.integers(len(members))]

    def _other(self, name: str) -> str:
        return self._names[(self._names.index(name) + self._random.integers(1, len(self._names))) % len(self._names)]

    async def _keep(self) -> None:
        """Keep a sample of every face that is settled by now, as `bot.examples.from_posts.learn_all` does."""
        quorum = self._settings.feedback.quorum
        async with self._database.reading() as session:
            ready = [face.id for face in await examples.ready(session, guild_id=GUILD, quorum=quorum)]
        async with self._database.writing() as session:
            for face_id in ready:
                await examples.save(session, face_id, self._unkept[face_id], quorum=quorum)

    def _active(self) -> Classifier | None:
        active = self._settings.registry(GUILD).active()
        return None if active is None else Classifier.load(active.folder / CLASSIFIER)

    async def _joined(self) -> Classifier | None:
        """What answers with all that counts at once, as `bot.examples.at_once` has it."""
        async with self._database.reading() as session:
            found = await examples.examples(session, guild_id=GUILD, quorum=self._settings.feedback.quorum)
        active, version = self._settings.registry(GUILD).active(), self._active()
        said = [
            Lesson(each.face_id, each.name, each.picture_hash, each.embedding, "", each.held_out, each.trusted)
            for each in found
        ]
        taught = {} if active is None else read_examples(active.folder)
        learned = learn(version, taught, said, self._background, called=str)
        return version if learned is None else learned.joined(version)

    def _answers(self, classifier: Classifier | None) -> Answers:
        assert classifier is not None
        found = classifier.candidates(self._faces.tested, count=1)
        likeliest = np.array([each[0].name == name for each, name in zip(found, self._faces.truth, strict=True)])
        said = np.array([classifier.decide(each) is not None for each in found])
        strangers = [classifier.decide(each) for each in classifier.candidates(self._faces.strangers, count=1)]
        named = np.array([name is not None for name in strangers])
        return Answers(likeliest, likeliest & said, named)


def _naming(name: str, guess: str | None) -> tuple[Said, str | None]:
    return ("right", None) if name == guess else ("name", name)
