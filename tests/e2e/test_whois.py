"""Asking who is in a picture, in every way there is."""

import io

from PIL import Image

from ml.painting import CAST, paint_background
from tests.conftest import KNOWN, png
from tests.e2e.conftest import Discord

AKEHA, TSUKIYO = KNOWN[0], KNOWN[1]
STRANGER = CAST[5]


async def test_a_picture_in_a_watched_channel_is_answered_with_a_labelled_picture(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=20))
    assert AKEHA.name in reply.content
    assert reply.attachments[0].filename == "whois.jpg"
    assert reply.attachments[0].description == f"Faces, left to right: 1: {AKEHA.name}"
    assert reply.mentions == []


async def test_two_faces_are_numbered_from_left_to_right(club: Discord) -> None:
    reply = await club.post(club.ann, png(TSUKIYO, AKEHA, seed=63))
    lines = reply.content.splitlines()
    assert [line.split()[:2] for line in lines] == [["**1**", TSUKIYO.name], ["**2**", AKEHA.name]]


async def test_a_stranger_is_not_given_a_name(club: Discord) -> None:
    reply = await club.post(club.ann, png(STRANGER, seed=22))
    assert "someone I don't know" in reply.content


async def test_without_a_face_nothing_is_said_unless_asked(club: Discord) -> None:
    file = io.BytesIO()
    Image.fromarray(paint_background(3)).save(file, "PNG")
    posted = await club.ann.send(club.pictures, attachments=[("sky.png", file.getvalue())])
    assert club.last().id == posted.id
    await club.ann.send(club.general, "!whois", attachments=[("sky.png", file.getvalue())])
    assert "no anime face" in club.last(club.general).content


async def test_a_file_that_is_no_picture_costs_one_sentence(club: Discord) -> None:
    reply = await club.post(club.ann, b"%PDF-1.7 nothing to see", name="page.png")
    assert reply.author == club.bot.user
    assert "I only read pictures" in reply.content


async def test_a_text_file_in_a_watched_channel_is_left_alone(club: Discord) -> None:
    posted = await club.ann.send(club.pictures, attachments=[("notes.txt", b"hello")])
    assert club.last().id == posted.id


async def test_elsewhere_one_asks_with_a_command_in_reply_to_a_picture(club: Discord) -> None:
    posted = await club.ann.send(club.general, attachments=[("picture.png", png(AKEHA, seed=23))])
    assert club.last(club.general).id == posted.id
    await club.ben.send(club.general, "!whois", reply_to=posted)
    assert AKEHA.name in club.last(club.general).content


async def test_the_slash_command_takes_a_file(club: Discord) -> None:
    result = await club.ann.slash(club.general, "whois", picture=("picture.png", png(AKEHA, seed=24)))
    assert result.response is not None
    assert AKEHA.name in club.last(club.general).content


async def test_the_message_menu_names_the_faces(club: Discord) -> None:
    posted = await club.ann.send(club.general, attachments=[("picture.png", png(AKEHA, seed=25))])
    await club.ben.context_menu(club.general, "Who is this?", posted)
    assert AKEHA.name in club.last(club.general).content


async def test_mentioning_the_bot_with_a_picture_is_asking(club: Discord) -> None:
    await club.ann.send(club.general, f"{club.mention} who?", attachments=[("picture.png", png(AKEHA, seed=66))])
    assert AKEHA.name in club.last(club.general).content


async def test_asking_without_a_picture_says_what_to_do(club: Discord) -> None:
    await club.ann.send(club.general, "!whois")
    assert "Attach one" in club.last(club.general).content


async def test_a_bot_that_has_learned_nothing_says_so_of_every_face(newborn: Discord) -> None:
    reply = await newborn.post(newborn.ann, png(AKEHA, seed=20))
    assert "someone I don't know" in reply.content


async def test_asking_about_the_bots_own_answer_says_what_to_do(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=27))
    await club.ben.send(club.pictures, "!whois", reply_to=reply)
    assert "my own answer" in club.last().content


async def test_a_spoilered_picture_gets_a_spoilered_answer(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=28), name="SPOILER_picture.png")
    assert reply.attachments[0].is_spoiler()


async def test_several_pictures_are_answered_in_one_reply(club: Discord) -> None:
    pictures = [("a.png", png(AKEHA, seed=29)), ("b.png", b"broken"), ("c.png", png(TSUKIYO, seed=31))]
    await club.ann.send(club.pictures, attachments=pictures)
    reply = club.last()
    assert len(reply.attachments) == 2
    assert reply.content.splitlines()[0].startswith(f"**1** {AKEHA.name}")
    assert reply.content.splitlines()[1].startswith(f"**2** {TSUKIYO.name}")
    assert "b.png: I cannot make out a picture" in reply.content


async def test_a_correction_in_words_may_mention_the_bot(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=30))
    before = len(club.pictures.history())
    await club.mod.send(club.pictures, f"{club.mention} {TSUKIYO.name}", reply_to=reply)
    assert f"{TSUKIYO.name} ✔" in club.again(reply).content
    assert len(club.pictures.history()) == before + 3  # the words, the thanks, and the question for consent
