"""From a correction to a better model, in chat."""

from ml.painting import CAST
from tests.conftest import KNOWN, png
from tests.e2e.conftest import Discord

NEW = CAST[6]


async def teach(club: Discord, seed: int) -> None:
    """Ann posts a picture of somebody new, and the moderator says who it is."""
    reply = await club.post(club.ann, png(NEW, seed=seed))
    await club.mod.send(club.pictures, NEW.name, reply_to=reply)


async def test_a_correction_is_known_after_retraining_without_a_restart_of_the_bot(club: Discord) -> None:
    reply = await club.post(club.ann, png(NEW, seed=54))
    assert NEW.name not in reply.content
    await club.mod.send(club.pictures, f"1 is {NEW.name}", reply_to=reply)
    await club.agree(club.ann)
    for seed in (51, 52):
        await teach(club, seed)

    await club.restart()  # what was said outlives the bot

    await club.mod.send(club.pictures, "!retrain")
    report = club.last().content
    assert "Published as v1" in report
    assert f"I know {NEW.name} now." in report
    assert NEW.name in (await club.post(club.ben, png(NEW, seed=53))).content
    assert KNOWN[0].name in (await club.post(club.ben, png(KNOWN[0], seed=54))).content


async def test_retraining_is_refused_to_members_in_words(club: Discord) -> None:
    await club.ann.send(club.pictures, "!retrain")
    assert "That is for moderators" in club.last().content


async def test_with_nothing_to_learn_the_moderator_is_told_what_to_do(newborn: Discord) -> None:
    await newborn.mod.send(newborn.pictures, "!retrain")
    assert "nothing to learn from yet" in newborn.last().content


async def test_channels_are_watched_by_moderators_only(club: Discord) -> None:
    await club.ann.send(club.general, "!watch")
    assert "That is for moderators" in club.last(club.general).content
    await club.mod.send(club.pictures, "!unwatch")
    posted = await club.ann.send(club.pictures, attachments=[("p.png", png(KNOWN[0], seed=55))])
    assert club.last().id == posted.id
