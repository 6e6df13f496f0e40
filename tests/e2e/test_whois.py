"""Asking who is in a picture, in every way there is."""

from collections.abc import Mapping
from typing import Any

from ml.painting import CAST, paint_background
from tests.conftest import KNOWN, png, saved
from tests.e2e.conftest import Discord
from tests.fuzz.costly import sheet_of_faces

AKEHA, TSUKIYO = KNOWN[0], KNOWN[1]
STRANGER = CAST[5]


async def test_a_picture_in_a_watched_channel_is_answered_with_a_labelled_picture(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=20))
    assert AKEHA.name in reply.content
    assert reply.attachments[0].filename == "whois.jpg"
    assert reply.attachments[0].description == f"Faces, left to right: 1: {AKEHA.name}"
    assert reply.content.startswith(f"**1** {AKEHA.name} · ")
    assert reply.content.endswith(" %")
    assert club.env.backend.get_message(club.pictures.id, reply.id).ping_user_ids == []


async def test_two_faces_are_numbered_from_left_to_right(club: Discord) -> None:
    reply = await club.post(club.ann, png(TSUKIYO, AKEHA, seed=63))
    lines = reply.content.splitlines()
    assert [line.split()[:2] for line in lines] == [["**1**", TSUKIYO.name], ["**2**", AKEHA.name]]


async def test_a_sheet_of_a_hundred_faces_is_answered_with_those_that_were_looked_at_and_says_so(club: Discord) -> None:
    reply = await club.post(club.ann, sheet_of_faces(120, 10))
    assert "There are more faces in it than I look at in one picture" in reply.content
    few = await club.post(club.ben, png(TSUKIYO, AKEHA, seed=63))
    assert "more faces" not in few.content


async def test_a_stranger_is_not_given_a_name(club: Discord) -> None:
    reply = await club.post(club.ann, png(STRANGER, seed=22))
    assert "someone I don't know" in reply.content


async def test_without_a_face_nothing_is_said_unless_asked(club: Discord) -> None:
    sky = saved(paint_background(3))
    posted = await club.ann.send(club.pictures, attachments=[("sky.png", sky)])
    assert club.last().id == posted.id
    await club.ann.send(club.general, "!whois", attachments=[("sky.png", sky)])
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


async def test_the_command_takes_all_pictures_of_a_message_whatever_else_is_said(club: Discord) -> None:
    pictures = [("a.png", png(AKEHA, seed=24)), ("b.png", png(TSUKIYO, seed=32))]
    posted = await club.ann.send(club.general, "!whois who are they", attachments=pictures)
    assert len(club.last(club.general).attachments) == 2
    await club.ben.send(club.general, "!whois the left one?", reply_to=posted)
    assert len(club.last(club.general).attachments) == 2


async def test_the_message_menu_names_the_faces(club: Discord) -> None:
    posted = await club.ann.send(club.general, attachments=[("picture.png", png(AKEHA, seed=25))])
    await club.ben.context_menu(club.general, "Who is this?", posted)
    assert AKEHA.name in club.last(club.general).content


async def test_mentioning_the_bot_with_a_picture_is_asking(club: Discord) -> None:
    await club.ann.send(club.general, f"{club.mention} who?", attachments=[("picture.png", png(AKEHA, seed=66))])
    assert AKEHA.name in club.last(club.general).content


async def test_mentioning_the_bot_in_reply_to_a_picture_is_asking(club: Discord) -> None:
    posted = await club.ann.send(club.general, attachments=[("picture.png", png(AKEHA, seed=67))])
    await club.ben.send(club.general, f"{club.mention} who is she?", reply_to=posted)
    assert AKEHA.name in club.last(club.general).content


async def test_asking_without_a_picture_says_what_to_do(club: Discord) -> None:
    await club.ann.send(club.general, "!whois")
    assert "Attach one" in club.last(club.general).content
    asked = await club.ann.slash(club.general, "whois")
    assert asked.response is not None
    assert "Attach one" in asked.response.content
    assert asked.ephemeral
    posted = await club.ann.send(club.general, "just talking")
    opened = await club.ben.context_menu(club.general, "Who is this?", posted)
    assert opened.response is not None
    assert "Attach one" in opened.response.content
    await club.ben.send(club.general, f"{club.mention} look", reply_to=posted)
    assert "Attach one" in club.last(club.general).content
    for said in ("!whois", "!whois who is that", club.mention):
        await club.ann.send(club.general, said, attachments=[("clip.mp4", b"0000")])
        assert "Of a video or a document, attach a screenshot" in club.last(club.general).content, said


async def test_a_mention_with_nothing_is_greeted_with_a_hint(club: Discord) -> None:
    await club.ann.send(club.general, f"hi {club.mention}!")
    assert "Show me a picture" in club.last(club.general).content


async def test_a_link_is_not_followed_and_that_is_said(club: Discord) -> None:
    await club.ann.send(club.general, f"{club.mention} https://example.org/picture.png")
    assert "not at links" in club.last(club.general).content
    await club.ann.send(club.general, "!whois https://example.org/picture.png")
    assert "not at links" in club.last(club.general).content
    posted = await club.ann.send(club.general, "https://example.org/picture.png")
    await club.ben.send(club.general, "!whois", reply_to=posted)
    assert "not at links" in club.last(club.general).content


async def test_naming_a_character_shows_its_page(club: Discord) -> None:
    await club.ann.send(club.general, f"!whois {AKEHA.name.lower()}-chan")
    page = club.last(club.general)
    assert AKEHA.name in page.content
    assert page.attachments
    offered = await club.ann.autocomplete(club.general, "whois", "name", AKEHA.name[:2])
    assert AKEHA.name in [choice["value"] for choice in offered]
    await club.ann.slash(club.general, "whois", name=TSUKIYO.name)
    assert TSUKIYO.name in club.last(club.general).content


async def test_a_slash_command_takes_several_pictures(club: Discord) -> None:
    pictures = {"picture": ("a.png", png(AKEHA, seed=24)), "picture2": ("b.png", png(TSUKIYO, seed=32))}
    await club.ann.slash(club.general, "whois", **pictures)
    assert len(club.last(club.general).attachments) == 2


async def test_alone_with_the_bot_a_picture_is_question_enough(club: Discord) -> None:
    said: list[tuple[str, str]] = []

    def hear(event: str, message: Mapping[str, Any]) -> None:
        if event in ("MESSAGE_CREATE", "MESSAGE_UPDATE") and message["author"]["id"] != str(club.ann.id):
            said.append((message["id"], message["content"]))

    club.env.backend.subscribers.append(hear)
    dm = club.ann.user.dm_channel
    files = club.env.backend.store_attachments(dm.id, [("picture.png", png(AKEHA, seed=68))])
    await club.ann.send_dm(attachments=files)
    [(reply, text)] = said
    assert AKEHA.name in text
    club.env.backend.set_reaction(dm.id, int(reply), "✅", club.ann.id, True)
    await club.env.settle()
    assert (reply, f"**1** {AKEHA.name} ✔ you say so") in said
    await club.ann.send_dm("hello?")
    assert "Show me a picture" in said[-1][1]
    for statement in (f"no, it's {TSUKIYO.name}", AKEHA.name):
        await club.ann.send_dm(statement)
        assert said[-1][1].startswith("Noted: **"), statement
    assert (reply, f"**1** {TSUKIYO.name} ✔ you say so") in said


async def test_a_bot_that_has_learned_nothing_says_so_of_every_face(newborn: Discord) -> None:
    reply = await newborn.post(newborn.ann, png(AKEHA, seed=20))
    assert "someone I don't know" in reply.content


async def test_asking_about_the_bots_own_answer_says_what_to_do(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=27))
    await club.ben.send(club.pictures, "!whois", reply_to=reply)
    assert "my own answer" in club.last().content
    opened = await club.ben.context_menu(club.pictures, "Who is this?", reply)
    assert opened.response is not None
    assert "my own answer" in opened.response.content


async def test_a_spoilered_picture_gets_a_spoilered_answer(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=28), name="SPOILER_picture.png")
    assert reply.attachments[0].is_spoiler()
    assert reply.content.startswith(f"||**1** {AKEHA.name}")
    assert reply.content.endswith("||")
    await club.mod.react(reply, "✅")
    assert club.again(reply).content == f"||**1** {AKEHA.name} ✔ a moderator says so||"


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


async def test_a_forwarded_picture_is_answered_where_pictures_are_and_looked_at_where_somebody_asks(
    club: Discord,
) -> None:
    source = await club.ann.send(club.general, "look", attachments=[("p.png", png(AKEHA, seed=31))])
    forwarded = await club.mod.forward(source, club.pictures)
    assert f"**1** {AKEHA.name}" in club.last().content
    assert club.last().id > forwarded.id
    elsewhere = await club.mod.forward(source, club.general)
    await club.ann.send(club.general, "!whois", reply_to=elsewhere)
    assert f"**1** {AKEHA.name}" in club.last(club.general).content


async def test_a_name_in_quotes_is_the_name(club: Discord) -> None:
    for text in (f'!whois "{AKEHA.name}"', f"!whois “{AKEHA.name}”", f"!whois 「{AKEHA.name}」"):
        await club.ann.send(club.pictures, text)
        assert f"**{AKEHA.name}**" in club.last().content, text
