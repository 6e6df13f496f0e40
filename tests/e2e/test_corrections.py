"""Correcting in one's own words and by typing, and taking it back: what people say is what is meant."""

import discord
import pytest
from sqlalchemy import text

from ml.painting import CAST
from tests.conftest import KNOWN, png
from tests.e2e.conftest import Discord

AKEHA, TSUKIYO = KNOWN[0], KNOWN[1]
NEW, STRANGER = CAST[6], CAST[5]


def labels(message: discord.Message) -> list[str]:
    """What the menu of a message offers."""
    row = message.components[0]
    assert isinstance(row, discord.ActionRow)
    menu = row.children[0]
    assert isinstance(menu, discord.SelectMenu)
    return [option.label for option in menu.options]


async def known(club: Discord) -> str:
    """The bot's list of characters."""
    await club.mod.send(club.general, "!characters")
    return club.last(club.general).content


async def test_the_menu_offers_the_likeliest_then_a_search_then_everybody_else(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=31))
    await club.mod.react(reply, "1️⃣")
    offered = labels(club.last())
    assert offered[0] == AKEHA.name
    assert offered[4:6] == ["Search by typing…", "Not a face"]  # behind all four that the model knows
    for who, name in ((club.ann, "Aoi"), (club.ben, "Midori"), (club.mod, "Aoi")):
        await who.send(club.pictures, f"it's {name}", reply_to=reply)
    await club.mod.send(club.pictures, "no", reply_to=reply)
    assert labels(club.last())[4:] == ["Aoi", "Search by typing…", "Not a face", "Midori"]  # spoken of lately


async def test_a_slip_in_a_typed_name_makes_nobody_new(club: Discord) -> None:
    reply = await club.post(club.ann, png(TSUKIYO, seed=31))
    await club.mod.react(reply, "1️⃣")
    form = await club.mod.select(club.last(), ["other"])
    await club.mod.submit_modal(form, {"name": AKEHA.name[:-2] + AKEHA.name[-1] + AKEHA.name[-2]})
    question = club.last()
    assert "Did you mean one of these?" in question.content
    assert labels(question)[0] == AKEHA.name
    await club.restart()
    await club.mod.select(question, [f"name:{AKEHA.name}"])
    assert f"Noted: **{AKEHA.name}**" in club.again(question).content
    assert f"{AKEHA.name} ✔" in club.again(reply).content
    assert "4 characters" in await known(club)


async def test_a_name_near_another_may_be_somebody_new_all_the_same(club: Discord) -> None:
    reply = await club.post(club.ann, png(STRANGER, seed=22))
    await club.mod.send(club.pictures, f"1 is {AKEHA.name}x", reply_to=reply)
    question = club.last()
    assert f"New character: {AKEHA.name}x" in labels(question)
    await club.mod.select(question, [f"name:{AKEHA.name}x"])
    assert f"**{AKEHA.name}x** is new to me" in club.again(question).content
    assert f"{AKEHA.name}x ✔" in club.again(reply).content


async def test_who_writes_a_name_in_kana_or_in_latin_letters_means_the_same_character(club: Discord) -> None:
    answer = await club.post(club.mod, png(STRANGER, seed=22))
    await club.mod.send(club.pictures, "1は「アケハ」です", reply_to=answer)
    assert f"**1** {AKEHA.name} ✔" in club.again(answer).content
    await club.mod.send(club.pictures, "1はショウコ", reply_to=answer)
    assert "**ショウコ** is new to me" in club.last().content
    await club.mod.send(club.pictures, "1 is Shouko", reply_to=answer)
    assert "Noted: **ショウコ**" in club.last().content
    await club.mod.send(club.pictures, "1 is Shoko", reply_to=answer)  # with a long vowel it may be another
    assert labels(club.last())[0] == "ショウコ"


async def test_what_is_talk_is_a_name_where_somebody_is_called_so(club: Discord) -> None:
    answer = await club.post(club.ann, png(STRANGER, seed=22))
    talk = await club.mod.send(club.pictures, "Queen!", reply_to=answer)
    assert club.last().id == talk.id
    await club.mod.send(club.pictures, "1 is Queen", reply_to=answer)
    await club.mod.select(club.last(), ["name:Queen"])  # asked whether that is somebody new
    other = await club.post(club.ann, png(STRANGER, seed=23))
    await club.mod.send(club.pictures, "Queen!", reply_to=other)
    assert "**1** Queen ✔" in club.again(other).content


@pytest.mark.parametrize("said", ["1 is {} Sakura", "1 is {} & Maki", "1は水着の{}"])
async def test_a_name_with_a_known_one_in_it_is_asked_about(club: Discord, said: str) -> None:
    answer = await club.post(club.mod, png(STRANGER, seed=22))
    await club.mod.send(club.pictures, said.format(KNOWN[0].name), reply_to=answer)
    asked = club.last()
    assert "Did you mean" in asked.content
    assert labels(asked)[0] == KNOWN[0].name
    assert "✔" not in club.again(answer).content


async def test_a_bare_word_is_no_character_until_somebody_says_so(club: Discord) -> None:
    reply = await club.post(club.ann, png(STRANGER, seed=22))
    await club.mod.send(club.pictures, "Pudding", reply_to=reply)
    assert "Is that somebody new?" in club.last().content
    assert "Pudding" not in club.again(reply).content
    talk = await club.mod.send(club.pictures, "thanks!", reply_to=reply)
    assert club.last().id == talk.id
    talk = await club.mod.send(club.pictures, "I like how you drew her hair in the wind", reply_to=reply)
    assert club.last().id == talk.id
    await club.mod.send(club.pictures, f"{club.mention} I am sure that I know her from somewhere", reply_to=reply)
    assert "say it like this: `1 is Riko`" in club.last().content
    for said in ("it's cute", "😂", "what anime is this?", f"{club.ann.mention} posted 2 days ago"):
        talk = await club.mod.send(club.pictures, said, reply_to=reply)
        assert club.last().id == talk.id, said
    await club.mod.send(club.pictures, club.mention, reply_to=reply)
    assert "say it like this: `1 is Riko`" in club.last().content
    await club.mod.send(club.pictures, "it's Pudding", reply_to=reply)
    assert "**Pudding** is new to me" in club.last().content
    await club.mod.send(club.pictures, "pudding", reply_to=reply)
    assert club.last().content == "Noted: **Pudding**. It waits for the poster's yes; then I learn it."
    await club.agree(club.ann)
    await club.mod.send(club.pictures, "it's Pudding", reply_to=reply)
    assert club.last().content == "Noted: **Pudding**. I go by that from the next picture on."


@pytest.mark.parametrize("words", ["no, it's {}!", "2はちがう、{}です", "いや、{}だよ"])
async def test_a_correction_may_be_put_in_many_ways(club: Discord, words: str) -> None:
    posted = png(AKEHA, TSUKIYO, seed=72) if "2" in words else png(AKEHA, seed=31)
    reply = await club.post(club.ann, posted)
    await club.mod.send(club.pictures, words.format(KNOWN[2].name.lower()), reply_to=reply)
    assert "Noted" in club.last().content
    assert f"{KNOWN[2].name} ✔ a moderator says so" in club.again(reply).content.splitlines()[-1]


async def test_several_faces_may_be_named_in_one_message(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, TSUKIYO, seed=72))
    before = club.again(reply).content
    said = await club.mod.send(club.pictures, f"1 is {TSUKIYO.name} and 2 is {AKEHA.name}", reply_to=reply)
    first, second = club.again(reply).content.splitlines()
    assert first.startswith(f"**1** {TSUKIYO.name} ✔")
    assert second.startswith(f"**2** {AKEHA.name} ✔")
    thanks = club.last()
    after = [message for message in club.pictures.history() if message.id > said.id]
    assert [message.id for message in after if "Noted" in message.content] == [thanks.id], "one answer"
    await club.mod.click(thanks, label="Take it back")
    assert club.again(reply).content == before


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([f"1 is Name{number}" for number in range(140)], "too much at once"),
        ([f"1 is Name{number}" for number in range(45)], "more than one thing"),
        ([f"{number} is Name{number}" for number in range(1, 46)], "There is no face 3 in that answer"),
    ],
)
async def test_one_message_gets_one_answer_however_much_it_says(club: Discord, lines: list[str], said: str) -> None:
    reply = await club.post(club.ann, png(AKEHA, TSUKIYO, seed=63))
    before = len(club.pictures.history())
    await club.mod.send(club.pictures, "\n".join(lines), reply_to=reply)
    (answer,) = [each for each in club.pictures.history()[before + 1 :] if "may I keep" not in each.content]
    assert said in answer.content


async def test_all_faces_may_be_named_at_once_and_what_is_not_known_costs_the_others_nothing(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, TSUKIYO, seed=72))
    await club.mod.send(club.pictures, f"they are all {AKEHA.name}", reply_to=reply)
    assert all(f"{AKEHA.name} ✔" in line for line in club.again(reply).content.splitlines())
    await club.mod.send(club.pictures, f"9 is {AKEHA.name} and 2 is {TSUKIYO.name}", reply_to=reply)
    assert "no face 9" in club.last().content
    assert f"**2** {TSUKIYO.name} ✔" in club.again(reply).content


async def test_what_the_bot_calls_strangers_is_no_name_and_means_that_it_is_not_who_was_said(club: Discord) -> None:
    for said in ("1 is unknown", "someone I don't know", "_unknown", "知らない人です"):
        reply = await club.post(club.ann, png(AKEHA, seed=31))
        if said in ("_unknown", "知らない人です"):
            await club.mod.react(reply, "1️⃣")
            form = await club.mod.select(club.last(), ["other"])
            await club.mod.submit_modal(form, {"name": said})
        else:
            await club.mod.send(club.pictures, said, reply_to=reply)
        thanks = club.last()
        assert thanks.content == f"Noted: not **{AKEHA.name}**, but someone I don't know.", said
        assert f"1 says not {AKEHA.name}" in club.again(reply).content
        await club.mod.send(club.pictures, said, reply_to=reply)
        assert "it stays someone I don't know" in club.last().content
        await club.mod.click(thanks, label="Take it back")
        assert "says not" not in club.again(reply).content
    assert "4 characters" in await known(club)


@pytest.mark.parametrize("typed", ["it's {}!", "**{}**", "maybe {}", "{}ちゃん"])
async def test_what_stands_around_a_known_name_in_the_form_is_no_part_of_it(club: Discord, typed: str) -> None:
    answer = await club.post(club.mod, png(STRANGER, seed=22))
    await club.mod.react(answer, "1️⃣")
    form = await club.mod.select(club.last(), ["other"])
    await club.mod.submit_modal(form, {"name": typed.format(AKEHA.name)})
    assert f"**1** {AKEHA.name} ✔" in club.again(answer).content


async def test_a_name_that_looks_like_a_statement_is_asked_about_however_it_is_given(club: Discord) -> None:
    reply = await club.post(club.ann, png(STRANGER, seed=22))
    await club.mod.react(reply, "1️⃣")
    form = await club.mod.select(club.last(), ["other"])
    await club.mod.submit_modal(form, {"name": "Hana and 2 is Yuki"})
    assert "nobody called **Hana and 2 is Yuki**. Is that somebody new?" in club.last().content
    await club.mod.send(club.pictures, 'it\'s "Who is She"', reply_to=reply)
    assert "nobody called **Who is She**. Is that somebody new?" in club.last().content
    assert "4 characters" in await known(club)
    question = club.last()
    await club.mod.select(question, ["name:Who is She"])
    assert "**Who is She** is new to me" in club.again(question).content
    assert "5 characters" in await known(club)


async def test_a_face_is_told_by_its_place_too_and_nobody_is_called_after_what_else_was_said(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, TSUKIYO, seed=72))
    for said, names in (
        (f"left is {TSUKIYO.name}, right is {AKEHA.name}", (TSUKIYO.name, AKEHA.name)),
        (f"左から順に{AKEHA.name}、{TSUKIYO.name}", (AKEHA.name, TSUKIYO.name)),
        (f"2 is {AKEHA.name}, I think :) and the other one is {TSUKIYO.name}", (TSUKIYO.name, AKEHA.name)),
        (f"1 is {AKEHA.name.lower()}-chan lol", (AKEHA.name, AKEHA.name)),
        (f"the second one is {TSUKIYO.name}, not {AKEHA.name}", (AKEHA.name, TSUKIYO.name)),
    ):
        await club.mod.send(club.pictures, said, reply_to=reply)
        lines = club.again(reply).content.splitlines()
        assert all(f"{name} ✔" in line for name, line in zip(names, lines, strict=True)), said
    for said in (f"the girl in red is {AKEHA.name}", f"middle is {AKEHA.name}"):
        await club.mod.send(club.pictures, said, reply_to=reply)
        assert "Which face do you mean?" in club.last().content
    await club.mod.send(club.pictures, f"neither is {AKEHA.name}", reply_to=reply)
    assert club.last().content == f"**1, 2** Noted: not **{AKEHA.name}**. Who is it?"
    assert "4 characters" in await known(club)


async def test_who_only_wonders_is_asked(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=31))
    before = club.again(reply).content
    for said in (f"isn't that {TSUKIYO.name}?", f"{TSUKIYO.name}?", f"1は{TSUKIYO.name}じゃない？"):
        await club.mod.send(club.pictures, said, reply_to=reply)
        assert "Who is face **1**?" in club.last().content, said
        assert labels(club.last())[0] == TSUKIYO.name
    talk = await club.mod.send(club.pictures, "Seriously?", reply_to=reply)
    assert club.last().id == talk.id
    assert club.again(reply).content == before


async def test_a_reply_beside_the_answer_is_understood_where_it_surely_says_who_somebody_is(club: Discord) -> None:
    posted = await club.ann.send(club.general, attachments=[("picture.png", png(AKEHA, TSUKIYO, seed=72))])
    asked = await club.ben.send(club.general, "!whois", reply_to=posted)
    answer = club.last(club.general)
    forwarded = await club.ben.forward(answer, club.general)
    talked = await club.ann.send(club.general, f"2 is {AKEHA.name}", reply_to=answer)
    thanked = await club.ann.send(club.general, "I like her", reply_to=club.last(club.general))
    for said, to, name in (
        (f"1 is {KNOWN[2].name.lower()}", posted, KNOWN[2].name),
        (f"1 is {TSUKIYO.name}", asked, TSUKIYO.name),
        (f"1は{KNOWN[2].name}です", forwarded, KNOWN[2].name),
        (f"no, 1 is {TSUKIYO.name}", talked, TSUKIYO.name),
        (f"no, 1 is {KNOWN[2].name}", thanked, KNOWN[2].name),
        (f"{club.mention} 1 is {AKEHA.name}", posted, AKEHA.name),
    ):
        await club.mod.send(club.general, said, reply_to=to)
        assert "Noted" in club.last(club.general).content, said
        now = next(each for each in club.general.history() if each.id == answer.id)
        assert f"**1** {name} ✔" in now.content
    for said in ("1 is cute", TSUKIYO.name, "nice!", "2 is pudding", "I like her"):
        talk = await club.mod.send(club.general, said, reply_to=posted)
        assert club.last(club.general).id == talk.id, said
    talk = await club.mod.send(
        club.general, "It's Monday", reply_to=await club.ann.send(club.general, "What day is it?")
    )
    assert club.last(club.general).id == talk.id


async def test_a_reply_that_is_edited_says_what_it_says_now(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, TSUKIYO, seed=72))
    before = club.again(reply).content
    said = await club.mod.send(club.pictures, "hm", reply_to=reply)
    await club.mod.edit(said, f"1 is {TSUKIYO.name}")
    assert f"**1** {TSUKIYO.name} ✔ a moderator says so" in club.again(reply).content
    await club.mod.edit(said, f"2 is {AKEHA.name}")
    first, second = club.again(reply).content.splitlines()
    assert first == before.splitlines()[0]
    assert second == f"**2** {AKEHA.name} ✔ a moderator says so"
    await club.mod.edit(said, "hm")
    assert club.last().content == "Taken back: it counts no more."
    assert club.again(reply).content == before
    await club.mod.send(club.pictures, f"1 is {KNOWN[2].name}", reply_to=reply)
    await club.mod.edit(said, f"1 is {TSUKIYO.name}")
    await club.mod.edit(said, "never mind")
    assert (
        f"**1** {KNOWN[2].name} ✔" in club.again(reply).content
    )  # of what the other message says nothing was taken back


async def test_who_it_is_not_and_who_it_is_go_into_one_sentence(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=31))
    await club.mod.send(club.pictures, f"1 is not {AKEHA.name}, it's {TSUKIYO.name}", reply_to=reply)
    assert f"**1** {TSUKIYO.name} ✔" in club.again(reply).content
    assert "Who is it?" not in club.last().content


async def test_yes_no_and_not_are_understood(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=31))
    await club.ann.send(club.pictures, "yes", reply_to=reply)
    assert f"1 says {AKEHA.name}" in club.again(reply).content
    await club.ben.send(club.pictures, f"not {AKEHA.name}", reply_to=reply)
    assert "Who is it?" in club.last().content
    assert AKEHA.name not in labels(club.last())
    assert f"1 says {AKEHA.name}, 1 says not {AKEHA.name}" in club.again(reply).content
    await club.ben.send(club.pictures, "not bad!", reply_to=reply)
    assert "nobody called **bad**" in club.last().content
    assert "bad" not in await known(club)
    await club.mod.send(club.pictures, "no", reply_to=reply)
    assert "Who is face **1**?" in club.last().content


async def test_the_bots_question_may_be_answered_in_words(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, TSUKIYO, seed=72))
    await club.mod.react(reply, "2️⃣")
    await club.mod.send(club.pictures, KNOWN[2].name, reply_to=club.last())
    thanks = club.last()
    assert f"Noted: **{KNOWN[2].name}**" in thanks.content
    assert f"{KNOWN[2].name} ✔" in club.again(reply).content.splitlines()[1]
    await club.mod.send(club.pictures, "undo", reply_to=thanks)
    assert "Taken back" in club.last().content
    assert "✔" not in club.again(reply).content


async def test_people_who_disagree_are_shown_as_they_stand(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=31))
    await club.ann.send(club.pictures, f"it's {AKEHA.name}", reply_to=reply)
    assert "1 more to agree, or a moderator" in club.last().content
    await club.ben.send(club.pictures, f"it's {TSUKIYO.name}", reply_to=reply)
    assert "people disagree, so a moderator must say" in club.last().content
    assert f"1 says {AKEHA.name}, 1 says {TSUKIYO.name}" in club.again(reply).content
    await club.mod.send(club.pictures, f"it's {TSUKIYO.name}", reply_to=reply)
    assert club.again(reply).content == f"**1** {TSUKIYO.name} ✔ a moderator says so"
    await club.ann.send(club.pictures, f"it's {AKEHA.name}", reply_to=reply)
    assert "though a moderator has said otherwise" in club.last().content
    assert club.again(reply).content == f"**1** {TSUKIYO.name} ✔ a moderator says so"


async def test_what_two_people_say_at_the_same_moment_is_all_shown(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=31))
    for who in (club.ann, club.ben):
        club.env.backend.set_reaction(club.pictures.id, reply.id, "🚫", who.id, True)
    await club.env.settle()
    assert club.again(reply).content == "**1** not a face ✔ you agree"
    assert "1:" not in (club.again(reply).attachments[0].description or "")


async def test_a_correction_is_taken_back_with_one_tap_by_whoever_made_it_also_after_a_restart(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=31))
    await club.mod.send(club.pictures, f"it's {TSUKIYO.name}", reply_to=reply)
    thanks = next(each for each in reversed(club.pictures.history()) if each.content.startswith("Noted"))
    assert f"{TSUKIYO.name} ✔" in club.again(reply).content
    await club.restart()
    refused = await club.ben.click(thanks, label="Take it back")
    assert refused.response is not None
    assert "Only the one who said that" in refused.response.content
    await club.mod.click(thanks, label="Take it back")
    assert club.again(thanks).content == "Taken back: it counts no more."
    assert club.again(reply).content == reply.content
    assert club.again(reply).attachments[0].description == reply.attachments[0].description


async def test_all_right_is_taken_back_with_one_tap(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, TSUKIYO, seed=72))
    thanks = await club.mod.click(reply, label="All right")
    assert club.again(reply).content.count("✔") == 2
    assert thanks.followups
    await club.mod.click(thanks.followups[-1], label="Take it back")
    assert club.again(reply).content == reply.content


async def test_undo_takes_back_what_was_said_and_says_when_there_is_nothing(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=31))
    await club.mod.send(club.pictures, "undo", reply_to=reply)
    assert "nothing to take back" in club.last().content
    await club.mod.send(club.pictures, "顔ではない", reply_to=reply)
    assert "not a face ✔" in club.again(reply).content
    await club.mod.send(club.pictures, "取り消し", reply_to=reply)
    assert club.again(reply).content == reply.content


async def test_which_of_several_is_no_face_is_asked_and_answered_with_one_choice(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, TSUKIYO, seed=72))
    await club.mod.react(reply, "🚫")
    question = club.last()
    assert "Which one is not a face?" in question.content
    await club.restart()
    row = question.components[0]
    assert isinstance(row, discord.ActionRow)
    menu = row.children[0]
    assert isinstance(menu, discord.SelectMenu)
    await club.mod.select(question, [menu.options[0].value])
    assert club.again(reply).content.startswith("**1** not a face ✔")


async def test_all_right_on_strangers_only_says_what_to_do(club: Discord) -> None:
    reply = await club.post(club.ann, png(STRANGER, seed=22))
    await club.mod.react(reply, "✅")
    assert "I have named nobody there" in club.last().content
    pressed = await club.mod.click(reply, label="All right")
    assert pressed.followups
    assert "I have named nobody there" in pressed.followups[-1].content


async def test_an_answer_that_was_forgotten_says_so(club: Discord) -> None:
    reply = await club.post(club.ann, png(AKEHA, seed=31))
    await club.mod.react(reply, "1️⃣")
    question = club.last()
    await club.ann.send(club.pictures, "!forgetme")
    await club.ann.click(club.last(), label="Delete it all")
    pressed = await club.mod.click(reply, label="Correct…")
    assert pressed.response is not None
    assert "don't remember that answer" in pressed.response.content
    chosen = await club.mod.select(question, [f"name:{TSUKIYO.name}"])
    assert chosen.response is not None
    assert "don't remember" in chosen.response.content


async def test_a_face_too_blurred_to_learn_from_is_noted_and_never_kept(club: Discord) -> None:
    reply = await club.post(club.ann, png(KNOWN[0], seed=71))
    # Painted faces that are found at all are clear ones: this one is made poor where its quality is written down.
    async with club.bot.database.writing() as session:
        await session.execute(text("UPDATE faces SET quality = 0.22 WHERE id = (SELECT max(id) FROM faces)"))
    await club.mod.send(club.pictures, f"1 is {KNOWN[1].name}", reply_to=reply)
    thanks = next(m.content for m in reversed(club.pictures.history()) if "Noted" in m.content)
    assert "too small or blurred to learn from" in thanks
    assert f"{KNOWN[1].name} ✔" in club.again(reply).content
    await club.agree(club.ann)
    async with club.bot.database.reading() as session:
        kept = await session.execute(text("SELECT count(*) FROM samples WHERE face_id = (SELECT max(id) FROM faces)"))
        assert kept.scalar_one() == 0


async def test_a_name_that_says_more_than_a_name_does_nothing_in_an_answer(club: Discord) -> None:
    evil = "<@5> </x:5> https://evil.example discord.gg/abc [x](http://e.example)"
    reply = await club.post(club.mod, png(STRANGER, seed=45))
    await club.mod.react(reply, "1️⃣")
    question = club.last()
    form = await club.mod.select(question, ["other"])
    await club.mod.submit_modal(form, {"name": evil})
    await club.mod.select(club.again(question), [f"name:{evil}"])  # as it is asked about
    thanks, answer = club.again(question), club.again(reply)
    for said in (thanks.content, answer.content):
        assert "evil" in said
        for doing in ("<@5>", "</x:5>", "://evil", "://e", "discord.gg"):
            assert doing not in said
