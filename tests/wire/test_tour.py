"""What the end-to-end tests play in a simulation, over a real wire: pictures, corrections, commands, a retraining."""

import pytest

from ml.painting import CAST
from tests.conftest import KNOWN, png
from tests.wire.conftest import Club

pytestmark = pytest.mark.asyncio(loop_scope="module")
AKEHA, TSUKIYO = KNOWN[0], KNOWN[1]
NEW = CAST[6]


async def test_a_posted_picture_is_answered_with_a_labelled_one(club: Club) -> None:
    answer = await club.answer(club.posts(club.world.ann, png(AKEHA, seed=20)))
    assert AKEHA.name in answer["content"]
    (picture,) = answer["attachments"]
    assert AKEHA.name in picture["description"]
    assert club.world.files[int(picture["id"])][:3] in (b"\xff\xd8\xff", b"\x89PN", b"RIF")


async def test_a_correction_in_words_is_thanked_shown_known_from_the_next_picture_on_and_learned(club: Club) -> None:
    ann, mod = club.world.ann, club.world.mod
    answer = await club.answer(club.posts(ann, png(NEW, seed=54)))
    assert NEW.name not in answer["content"]
    reply = club.posts(mod, text=f"1 is {NEW.name}", to=answer)
    thanks = await club.answer(reply)
    assert thanks["content"].startswith(f"Noted: **{NEW.name}**")
    assert f"{NEW.name} ✔ a moderator says so" in answer["content"].replace("**", "")
    question = next(each for each in club.by_bot() if "may I keep" in each["content"])
    club.presses(ann, question, "Yes, learn from them")
    await club.world.until(lambda: "may I keep" not in question["content"])
    again = await club.answer(club.posts(ann, png(NEW, seed=52)))
    thanks = await club.answer(club.posts(mod, text=f"it's {NEW.name}", to=again))
    assert thanks["content"].startswith(f"Noted: **{NEW.name}**. I go by that from the next picture on.")
    assert NEW.name in (await club.answer(club.posts(ann, png(NEW, seed=53))))["content"]

    bar = await club.says(mod, "!retrain")
    assert "▱" in bar["content"]
    await club.world.until(lambda: "Published as" in bar["content"])
    assert {each["filename"] for each in bar["attachments"]} == {"changes.png", "retraining.txt"}


async def test_reactions_buttons_menus_slash_commands_and_menus_of_messages_work(club: Club) -> None:
    ann, mod = club.world.ann, club.world.mod
    posted = club.posts(ann, png(TSUKIYO, seed=21))
    answer = await club.answer(posted)
    club.world.react(mod, answer, "✅")
    await club.world.until(lambda: "a moderator says so" in answer["content"])
    used = club.presses(club.world.ben, answer, "Correct…")
    await club.world.until(lambda: used["original"])
    assert used["original"]["components"][0]["components"][0]["options"]
    used = club.slash(ann, "whois", name=TSUKIYO.name)
    await club.world.until(lambda: used["followups"])
    assert TSUKIYO.name in used["followups"][0]["content"]


async def test_what_discord_knows_already_is_not_told_it_again(club: Club) -> None:
    assert club.service.called("PUT /applications") == 1
    assert await club.process.end() == 0
    await club.process.start()
    await club.process.until_said("knows the commands")
    assert club.service.called("PUT /applications") == 1
    assert "Ready. Servers: 1." in club.process.log
