"""Pictures where people put them: in threads, by proxy, added afterwards, beside what is none."""

from typing import Any

import pytest
from PIL import Image
from simcord.builders import ChannelHandle
from simcord.enums import MessageType

from bot.calls import NoPicture
from ml.painting import CAST
from tests.conftest import KNOWN, png, saved
from tests.e2e.conftest import Discord

AKEHA, TSUKIYO = KNOWN[0], KNOWN[1]
STRANGER = CAST[5]


def answers(club: Discord, channel: ChannelHandle | None = None) -> list[str]:
    """What the bot has said in a channel."""
    return [each.content for each in (channel or club.pictures).history() if each.author.id == club.bot.user.id]  # type: ignore[union-attr]


async def thread_in(club: Discord, parent: ChannelHandle) -> ChannelHandle:
    made = club.env.backend.create_thread(parent.id, "who is she?", club.ann.id)
    await club.env.settle()
    return ChannelHandle(club.env, club.env.guild, made)


async def test_threads_and_the_posts_of_a_forum_are_watched_with_their_channel(
    club: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = await thread_in(club, club.pictures)
    await club.ann.send(thread, attachments=[("p.png", png(AKEHA, seed=20))])
    assert AKEHA.name in answers(club, thread)[-1]
    guild = club.bot.get_guild(club.guild_id)
    assert guild is not None
    told, fetch = dict(guild._threads), club.bot.fetch_channel

    async def fetched(channel_id: int) -> Any:
        found = await fetch(channel_id)
        guild._threads.update(told)
        return found

    monkeypatch.setattr(club.bot, "fetch_channel", fetched)
    guild._threads.clear()  # Discord tells of its first post before it tells of the thread
    await club.ann.send(thread, attachments=[("p.png", png(AKEHA, seed=20))])
    assert sum(AKEHA.name in each for each in answers(club, thread)) == 2
    await club.mod.send(thread, "!unwatch")
    assert f"because I watch <#{club.pictures.id}>" in answers(club, thread)[-1]

    forum = club.env.guild.create_forum_channel("who-is-this")
    post = await thread_in(club, forum)
    await club.ann.send(post, attachments=[("p.png", png(AKEHA, seed=20))])
    assert answers(club, post) == []
    await club.mod.slash(club.general, "watch", channel=forum)
    assert f"I answer every picture in <#{forum.id}>" in club.last(club.general).content
    await club.ann.send(post, attachments=[("p.png", png(AKEHA, seed=20))])
    assert AKEHA.name in answers(club, post)[-1]


async def test_in_a_thread_nobody_need_reply_to_say_outright_who_somebody_known_is(club: Discord) -> None:
    thread = await thread_in(club, club.pictures)
    await club.ann.send(thread, attachments=[("p.png", png(AKEHA, seed=20))])
    await club.mod.send(thread, "It's Monday")
    await club.mod.send(thread, f"1. {TSUKIYO.name}\n2. {AKEHA.name}")
    assert len(answers(club, thread)) == 1
    await club.mod.send(thread, f"it's {TSUKIYO.name}")
    assert any(f"**1** {TSUKIYO.name} ✔ a moderator says so" in each for each in answers(club, thread))
    said = await club.mod.send(club.pictures, f"it's {TSUKIYO.name}")
    assert club.last().id == said.id  # a channel has more than one subject


async def test_a_thread_may_be_watched_alone(club: Discord) -> None:
    thread = await thread_in(club, club.general)
    await club.mod.send(thread, "!watch")
    for place in (thread, club.general):
        await club.ann.send(place, attachments=[("p.png", png(AKEHA, seed=20))])
    assert AKEHA.name in answers(club, thread)[-1]
    assert answers(club, club.general) == []


async def test_a_channel_that_is_gone_can_be_unwatched(club: Discord) -> None:
    old = club.env.guild.create_text_channel("old")
    await club.mod.send(old, "!watch")
    club.env.backend.delete_channel(old.id)
    await club.env.settle()
    offered = await club.mod.autocomplete(club.general, "unwatch", "channel", "")
    assert [each["name"] for each in offered] == ["#pictures", str(old.id)]
    await club.mod.send(club.general, f"!unwatch <#{old.id}>")
    assert "only when asked" in club.last(club.general).content
    await club.mod.slash(club.general, "unwatch", channel=str(club.pictures.id))
    await club.mod.send(club.general, "!settings")
    assert "**Watched channels**: none." in club.last(club.general).content


async def test_what_is_no_channel_of_pictures_is_refused_as_such(club: Discord) -> None:
    category = club.env.guild.create_category("art")
    for said in (f"!watch <#{category.id}>", "!watch <#12345>", "!unwatch nowhere"):
        await club.mod.send(club.general, said)
        assert "channel" in club.last(club.general).content, said
        assert "quotes" not in club.last(club.general).content, said


async def test_what_an_edit_adds_to_a_message_is_answered_once(club: Discord) -> None:
    backend = club.env.backend
    posted = await club.ann.send(club.pictures, "look!", attachments=[("a.png", png(AKEHA, seed=20))])
    assert len(answers(club)) == 2  # the first is about !watch
    both = [*backend.get_message(club.pictures.id, posted.id).attachments]
    both += backend.store_attachments(club.pictures.id, [("b.png", png(TSUKIYO, seed=32))])
    backend.edit_message(club.pictures.id, posted.id, {"attachments": both})
    await club.env.settle()
    (_, first, second) = answers(club)
    assert (first.split()[1], second.split()[1]) == (AKEHA.name, TSUKIYO.name)
    await club.ann.edit(posted, "look at them!")
    assert len(answers(club)) == 3


async def test_who_posts_by_a_proxy_is_answered_and_not_asked_what_they_cannot_answer(newborn: Discord) -> None:
    webhook = newborn.env.guild.create_webhook(newborn.pictures, "Proxy")
    await webhook.send("look", username="Lily", attachments=[("p.png", png(STRANGER, seed=22))])
    answer = newborn.last()
    assert "someone I don't know" in answer.content
    await newborn.mod.send(newborn.pictures, "1 is Fuyuha", reply_to=answer)
    said = "Noted: **Fuyuha**. It is not learned, as who posted it has not agreed to that."
    assert newborn.last().content.startswith(said)
    assert "Fuyuha ✔ a moderator says so" in newborn.again(answer).content
    await newborn.mod.send(newborn.general, "!stats")
    assert "waits" not in newborn.last(newborn.general).content
    assert not [said for said in answers(newborn) if "may I keep" in said]


async def test_other_bots_are_not_answered(club: Discord) -> None:
    robot = club.env.guild.add_member(club.env.create_user("robot", bot=True))
    before = answers(club)
    await robot.send(club.pictures, attachments=[("p.png", png(AKEHA, seed=20))])
    assert answers(club) == before


async def test_what_discord_announces_is_nobodys_question(club: Discord) -> None:
    posted = await club.ann.send(club.general, "!whois", attachments=[("p.png", png(AKEHA, seed=20))])
    before = answers(club, club.general)
    club.env.backend.set_pinned(club.general.id, posted.id, True, actor_id=club.mod.id)
    await club.env.settle()
    dm = club.ann.user.dm_channel
    backend, pins = club.env.backend, MessageType.PINS_ADD
    hello = await club.ann.send_dm("hello?")
    said = len(backend.messages[dm.id])
    backend.create_system_message(dm.id, pins, club.ann.id, referenced_message_id=hello.id)
    named = backend.create_message(club.general.id, club.mod.id, "!watch", message_type=MessageType.THREAD_CREATED)
    await club.env.settle()
    assert len(backend.messages[dm.id]) == said + 1
    assert answers(club, club.general) == before
    assert club.last(club.general).id == named.id


async def test_one_picture_that_cannot_be_had_costs_that_one_only(
    club: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = club.bot.http.get_from_cdn

    async def lose(url: str) -> bytes:
        if "b.png" in url:
            raise NoPicture("cut off", gone=False)
        return await load(url)

    monkeypatch.setattr(club.bot.http, "get_from_cdn", lose)
    files = [("a.png", png(AKEHA, seed=29)), ("b.png", png(AKEHA, seed=29)), ("c.png", png(TSUKIYO, seed=31))]
    await club.ann.send(club.pictures, attachments=files)
    reply = club.last()
    assert [line.split()[1] for line in reply.content.splitlines()[:2]] == [AKEHA.name, TSUKIYO.name]
    assert "b.png: " in reply.content.splitlines()[2]
    assert len(reply.attachments) == 2


async def test_what_is_not_the_file_that_was_posted_is_told(club: Discord, monkeypatch: pytest.MonkeyPatch) -> None:
    async def another(url: str) -> bytes:
        return b"8BPS"  # the beginning of a file in a format that is not read

    monkeypatch.setattr(club.bot.http, "get_from_cdn", another)
    await club.ann.send(club.pictures, attachments=[("a.png", png(AKEHA, seed=29))])
    assert "Discord does not give me that picture just now" in club.last().content


async def test_what_nobody_posts_to_be_told_who_it_is_is_refused_only_to_those_who_ask(club: Discord) -> None:
    emote = saved(Image.new("RGB", (16, 16), "white"))
    others = [("emote.png", emote), ("logo.svg", b"<?xml?><svg/>"), ("sketch.psd", b"8BPS\0\1")]
    for name, data in others:
        posted = await club.ann.send(club.pictures, attachments=[(name, data)])
        assert club.last().id == posted.id, name
        await club.ben.send(club.pictures, "!whois", reply_to=posted)
        assert "please" in club.last().content, name
    await club.ann.send(club.pictures, attachments=[*others[:1], ("her.png", png(AKEHA, seed=20))])
    assert club.last().content.startswith(f"**1** {AKEHA.name}")
    assert "emote" not in club.last().content


async def test_where_nobody_is_known_a_line_is_enough_unless_somebody_asks(club: Discord) -> None:
    reply = await club.post(club.ann, png(STRANGER, seed=22))
    assert (reply.content.split(" (")[0], reply.attachments) == ("**1** someone I don't know", [])
    both = await club.ann.send(club.pictures, attachments=[("two.png", png(STRANGER, CAST[6], seed=61))])
    line = club.last()
    assert line.content.startswith("**1** to **2**: nobody I know")
    assert line.attachments == []
    await club.mod.send(club.pictures, "2 is Fuyuha", reply_to=line)
    assert "**2** Fuyuha ✔ a moderator says so" in club.again(line).content
    await club.ben.send(club.pictures, "!whois", reply_to=both)
    assert "2: Fuyuha" in (club.last().attachments[0].description or "")


@pytest.mark.parametrize("more", ['[discord]\nstrangers = "picture"\n'])
async def test_an_operator_may_have_the_picture_of_strangers_posted_too(newborn: Discord) -> None:
    reply = await newborn.post(newborn.ann, png(STRANGER, seed=22))
    assert reply.attachments[0].description == "Faces, left to right: 1: unknown"
