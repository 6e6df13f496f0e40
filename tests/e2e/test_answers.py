"""What an answer is: its pictures, what is said below its lines, and how both follow what people say."""

import io
from typing import Any

import discord
import numpy as np
import pytest
from PIL import Image

from ml.painting import CAST, Character, paint
from ml.pictures.reading import decode
from tests.conftest import KNOWN, png
from tests.e2e.conftest import Discord

AKEHA, TSUKIYO = KNOWN[0], KNOWN[1]
NEW = CAST[6]
ORANGE, SKY_BLUE = (230, 159, 0), (86, 180, 233)  # of the first face and of the second


def gif(character: Character, *, seed: int, frames: int) -> bytes:
    """A character in ever less light, as a GIF."""
    picture = paint([character], seed=seed, size=(480, 480)).picture
    pictures = [Image.fromarray(picture // (frame + 1)) for frame in range(frames)]
    file = io.BytesIO()
    pictures[0].save(file, "GIF", save_all=frames > 1, append_images=pictures[1:], duration=200)
    return file.getvalue()


async def has_more(attachment: discord.Attachment, colour: tuple[int, int, int], than: tuple[int, int, int]) -> bool:
    """Whether a labelled picture shows more of one colour than of another."""
    picture = decode(await attachment.read()).astype(int)
    amounts = [int((np.abs(picture - each).max(2) <= 24).sum()) for each in (colour, than)]
    return amounts[0] > amounts[1]


async def test_while_the_bot_looks_it_is_seen_typing(club: Discord) -> None:
    seen: list[str] = []

    def hear(event: str, _: Any) -> None:
        if event in ("TYPING_START", "MESSAGE_CREATE"):
            seen.append(event)

    club.env.backend.subscribers.append(hear)
    await club.post(club.ann, png(AKEHA, seed=20))
    assert seen == ["MESSAGE_CREATE", "TYPING_START", "MESSAGE_CREATE"]


async def test_of_many_pictures_four_are_looked_at_and_that_is_said(club: Discord) -> None:
    pictures = [(f"{number}.png", png(AKEHA, seed=29)) for number in range(6)]
    await club.ann.send(club.pictures, attachments=pictures)
    reply = club.last()
    assert [each.filename for each in reply.attachments] == [f"whois-{number}.jpg" for number in (1, 2, 3, 4)]
    assert reply.content.splitlines()[-1] == "-# I looked at the first 4 of 6 pictures."


async def test_faces_bear_the_numbers_of_the_answer_in_each_of_its_pictures(club: Discord) -> None:
    pictures = [("a.png", png(AKEHA, seed=29)), ("b.png", png(TSUKIYO, seed=31))]
    await club.ann.send(club.pictures, attachments=pictures)
    first, second = club.last().attachments
    assert second.description == f"Faces, left to right: 2: {TSUKIYO.name}"
    assert await has_more(first, ORANGE, SKY_BLUE)
    assert await has_more(second, SKY_BLUE, ORANGE)


async def test_a_picture_that_moves_is_said_to_be_judged_by_its_first_frame(club: Discord) -> None:
    moving, still = (gif(AKEHA, seed=30, frames=frames) for frames in (3, 1))
    reply = await club.post(club.ann, moving, name="moving.gif")
    assert "first frame" in reply.content
    await club.mod.react(reply, "✅")
    assert "✔" in club.again(reply).content
    assert "first frame" in club.again(reply).content
    reply = await club.post(club.ann, still, name="still.gif")
    assert AKEHA.name in reply.content
    assert "first frame" not in reply.content


async def test_pictures_keep_to_what_the_server_takes(club: Discord, monkeypatch: pytest.MonkeyPatch) -> None:
    roomy = (await club.post(club.ann, png(AKEHA, seed=33))).attachments[0]
    monkeypatch.setattr(discord.Guild, "filesize_limit", property(lambda _: 20_000))
    reply = await club.post(club.ann, png(AKEHA, seed=33))
    assert reply.attachments[0].size <= 20_000 < roomy.size
    await club.mod.send(club.pictures, TSUKIYO.name, reply_to=reply)
    drawn_again = club.again(reply).attachments[0]
    assert TSUKIYO.name in (drawn_again.description or "")
    assert drawn_again.size <= 20_000


async def test_where_discord_takes_no_picture_the_words_come_all_the_same(club: Discord) -> None:
    club.env.inject_error("POST", "/channels/*/messages", status=413, code=40005, message="Request entity too large")
    reply = await club.post(club.ann, png(AKEHA, seed=35))
    assert reply.content.startswith(f"**1** {AKEHA.name}")
    assert reply.content.endswith("too large for this server.")
    await club.mod.react(reply, "✅")
    assert "✔ a moderator says so" in club.again(reply).content


async def test_the_picture_bears_the_corrected_name_and_stays_spoilered(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, TSUKIYO, seed=72), name="SPOILER_picture.png")
    before = await reply.attachments[0].read()
    await club.mod.send(club.pictures, f"2 is {NEW.name}", reply_to=reply)
    [picture] = club.again(reply).attachments
    assert picture.description == f"Faces, left to right: 1: {AKEHA.name}, 2: {NEW.name}"
    assert picture.is_spoiler()
    assert await picture.read() != before
    await club.restart()
    await club.mod.send(club.pictures, "2 undo", reply_to=reply)
    [picture] = club.again(reply).attachments
    assert picture.description == f"Faces, left to right: 1: {AKEHA.name}, 2: {TSUKIYO.name}"
    assert await picture.read() == before


async def test_what_is_no_face_loses_its_box(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, TSUKIYO, seed=72))
    await club.mod.send(club.pictures, "1 is not a face", reply_to=reply)
    [picture] = club.again(reply).attachments
    assert picture.description == f"Faces, left to right: 2: {TSUKIYO.name}"
    assert await has_more(picture, SKY_BLUE, ORANGE)


async def test_a_picture_that_is_gone_keeps_its_labels_and_the_words_are_right(club: Discord) -> None:
    posted = await club.ann.send(club.pictures, attachments=[("picture.png", png(AKEHA, seed=36))])
    reply = club.last()
    await club.ann.delete(posted)
    await club.mod.send(club.pictures, TSUKIYO.name, reply_to=reply)
    after = club.again(reply)
    assert after.content == f"**1** {TSUKIYO.name} ✔ a moderator says so"
    assert after.attachments[0].description == reply.attachments[0].description


async def test_a_long_and_a_japanese_name_are_said_and_drawn(club: Discord) -> None:
    long, japanese = "Sakurauchi Riko-Anastasia-Wilhelmina-Theodora of Uchiura and Numazu", "桜内梨子"
    reply = await club.post(club.ann, png(AKEHA, TSUKIYO, seed=72))
    await club.mod.send(club.pictures, f"1 is {long}, 2 is {japanese}", reply_to=reply)
    first, second = club.again(reply).content.splitlines()
    assert long in first
    assert japanese in second
    assert japanese in (club.again(reply).attachments[0].description or "")
