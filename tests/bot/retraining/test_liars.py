"""Friends who agree on lies, where no moderator looks."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import numpy as np

from bot.config import load_settings
from bot.database import consents, corrections, examples, pictures, verdicts
from bot.database.opened import opened
from bot.database.pictures import Picture
from bot.database.versions import Author
from bot.retraining.run import retrain
from ml import Box, NamedFace, Sample

GUILD = 1
FRIENDS = (100 << 22, 101 << 22)
LIES = 30  # about each character, of which people have settled ten faces truly


async def test_they_outnumber_the_truth_and_still_no_version_that_repeats_their_lies_is_published(
    trained_home: Path,
) -> None:
    settings = load_settings(home=trained_home)
    random, clock = np.random.default_rng(0), datetime(2026, 1, 1, tzinfo=UTC)
    async with opened(settings) as database:
        async with database.reading() as session:
            known = await examples.examples(session, guild_id=None, quorum=2)
        names = sorted({example.name for example in known})
        async with database.writing() as session:
            await consents.answer(session, FRIENDS[0], "yes")
            for number in range(LIES * len(names)):
                true = known[number % len(known)]
                lie = names[(names.index(true.name) + 1) % len(names)]
                face = NamedFace(
                    box=Box(0, 0, 9, 9), angle=0.0, score=1.0, name=None, confidence=0.0, quality=1.0, candidates=()
                )
                picture = Picture(guild_id=GUILD, source="discord", poster_id=FRIENDS[0])
                (row,) = await pictures.record(session, picture, [face])
                for friend in FRIENDS:
                    await corrections.add(
                        session,
                        face_id=row.id,
                        kind="name",
                        user_id=friend,
                        moderator=False,
                        via="button",
                        name=lie,
                        at=clock + timedelta(minutes=30 * number),
                    )
                await examples.save(session, row.id, _another(true, number, random), quorum=2)
        async with database.reading() as session:
            settled = await verdicts.verdicts(session, guild_id=GUILD, quorum=2)
        assert len(settled) >= len(known) + LIES * len(names)  # they are believed
        outcome = await retrain(settings, database, guild_id=GUILD, by=Author("schedule"))
    assert outcome.published is None
    assert outcome.report.verdict in {"naming_worse", "strangers_worse"}
    assert outcome.report.uncounted >= 0.9 * LIES * len(names) / 5  # of the lies, those that are held out


def _another(example: examples.Example, number: int, random: np.random.Generator) -> Sample:
    """A face that looks much like one that is known, from another picture."""
    embedding = np.frombuffer(example.embedding, "<f2").astype(np.float32)
    noisy = embedding + random.normal(0, 0.2 / np.sqrt(len(embedding)), len(embedding))
    noisy = noisy / np.linalg.norm(noisy)
    # What looks the same counts once: here hashes are as different as chance makes them.
    look = random.bytes(64).hex()
    picture = sha256(str(number).encode()).hexdigest()
    return Sample(b"", noisy.astype("<f2").tobytes(), example.embedder, picture, look, quality=1.0)
