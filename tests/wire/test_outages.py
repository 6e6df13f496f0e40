"""The gateway goes away, for a moment and for longer; the bot is killed: nothing is lost, nothing is answered twice."""

import signal

import pytest

from bot.chat import replies
from ml.painting import CAST
from tests.conftest import KNOWN, png
from tests.wire.conftest import Club
from tests.wire.faults import Fault, refused

pytestmark = pytest.mark.asyncio(loop_scope="module")
AKEHA, TSUKIYO = KNOWN[0], KNOWN[1]
NEW = CAST[6]
seeds = iter(range(100, 1000))


async def test_a_gateway_that_is_resumed_in_the_middle_of_a_picture_costs_nothing(club: Club) -> None:
    for leave in (club.gateway.drop, club.gateway.reconnect):
        stalled = club.service.fault(Fault("GET", "/attachments/*", "hang"))
        posted = club.posts(club.world.ann, png(AKEHA, seed=next(seeds)))
        await club.world.until(lambda stalled=stalled: stalled.met)
        resumed = club.gateway.resumed
        await leave()
        meanwhile = club.posts(club.world.ben, png(TSUKIYO, seed=next(seeds)))
        await club.world.until(lambda resumed=resumed: club.gateway.resumed > resumed)
        stalled.release.set()
        assert AKEHA.name in (await club.answer(posted))["content"]
        assert TSUKIYO.name in (await club.answer(meanwhile))["content"]
        assert await club.stays_silent(posted)


async def test_the_same_event_twice_is_answered_once(club: Club) -> None:
    posted = club.posts(club.world.ann, png(AKEHA, seed=next(seeds)))
    await club.gateway.again("MESSAGE_CREATE")
    answer = await club.answer(posted)
    assert await club.stays_silent(posted)
    club.world.react(club.world.mod, answer, "❌")
    await club.answer(answer)
    await club.gateway.again("MESSAGE_REACTION_ADD")
    assert await club.stays_silent(answer)


async def test_the_same_press_twice_is_answered_once(club: Club) -> None:
    answer = await club.stored(await club.answer(club.posts(club.world.ann, png(AKEHA, seed=next(seeds)))))
    used = club.presses(club.world.mod, answer, "All right")
    await club.gateway.again("INTERACTION_CREATE")
    await club.world.until(lambda: used["followups"])
    assert await club.stays_silent(answer)
    assert len(used["followups"]) == 1


async def test_what_cannot_be_read_costs_itself_alone(club: Club) -> None:
    for event in ("MESSAGE_CREATE", "INTERACTION_CREATE", "GUILD_UPDATE", "CHANNEL_UPDATE", "NEWS_OF_2030"):
        for told in ({}, {"id": "5"}, None, []):
            await club.gateway.tell_all(event, told)
    assert AKEHA.name in (await club.answer(club.posts(club.world.ann, png(AKEHA, seed=next(seeds)))))["content"]
    assert club.process.log.count("Cannot read what Discord tells, MESSAGE_CREATE") == 1
    assert "Traceback" not in club.process.log


async def test_of_a_server_that_is_told_of_later_all_is_heard_then(club: Club) -> None:
    here = {"id": str(club.guild_id)}
    await club.gateway.tell_all("GUILD_DELETE", {**here, "unavailable": True})
    posted = club.posts(club.world.ben, png(TSUKIYO, seed=next(seeds)), quietly=True)
    await club.gateway.tell_all("GUILD_CREATE", club.world.guild(club.guild_id))
    assert TSUKIYO.name in (await club.answer(posted))["content"]

    late = club.world.found("Late club", "pictures")
    (channel,) = (each for each, of in club.world.guild_of.items() if of == late)
    club.posts(club.world.ann, text="Hello!", where=channel)
    club.posts(club.world.ann, png(AKEHA, seed=next(seeds)), where=channel)
    assert await club.stays_silent(posted)
    there = [each for each in club.world.messages.values() if each["channel_id"] == str(channel)]
    assert all(each["author"]["id"] != club.world.bot["id"] for each in there)


async def test_who_reacted_and_left_keeps_nobody_from_being_heard(club: Club) -> None:
    answer = await club.stored(await club.answer(club.posts(club.world.ann, png(AKEHA, seed=next(seeds)))))
    left = club.service.fault(refused("GET", "/guilds/*/members/*", 10_007, "Unknown Member", status=404))
    club.world.react(club.world.ben, answer, "✅", quietly=True)
    posted = club.posts(club.world.ann, png(TSUKIYO, seed=next(seeds)), quietly=True)
    club.gateway.forget()
    await club.gateway.drop()
    assert TSUKIYO.name in (await club.answer(posted))["content"]
    assert left.met


async def test_after_an_outage_and_after_a_kill_what_was_said_meanwhile_is_heard_once(club: Club) -> None:
    for away in ("outage", "kill"):
        seen = await club.stored(await club.answer(club.posts(club.world.ann, png(AKEHA, seed=next(seeds)))))
        asked = await club.stored(await club.answer(club.posts(club.world.ann, png(NEW, seed=next(seeds)))))
        where = club.world.alone
        known = await club.answer(club.posts(club.world.ann, png(AKEHA, seed=next(seeds)), where=where))
        await club.answer(club.posts(club.world.ann, text=f"1 is {AKEHA.name}", to=known, where=where))
        nobody = club.posts(club.world.ann, text="no picture, and not for us")
        identified = club.gateway.identified
        if away == "outage":
            club.gateway.refuses = 503
            await club.gateway.drop()
            club.gateway.forget()
        else:
            await club.process.end(signal.SIGKILL)
            club.gateway.forget()
        posted = club.posts(club.world.ben, png(TSUKIYO, seed=next(seeds)), quietly=True)
        alone = club.posts(club.world.ann, png(TSUKIYO, seed=next(seeds)), where=where, quietly=True)
        said = club.posts(club.world.mod, text=f"1 is {NEW.name}", to=asked, quietly=True)
        club.world.react(club.world.mod, seen, "✅", quietly=True)
        club.world.react(club.world.ben, asked, replies.DIGITS[0], quietly=True)
        club.gateway.refuses = None
        if away == "kill":
            await club.process.start()
        await club.world.until(lambda identified=identified: club.gateway.identified > identified)
        assert TSUKIYO.name in (await club.answer(posted))["content"], away
        assert TSUKIYO.name in (await club.answer(alone))["content"], away
        assert (await club.answer(said))["content"].startswith(f"Noted: **{NEW.name}**"), away
        await club.world.until(lambda seen=seen: "a moderator says so" in seen["content"])
        await club.answer(asked)
        for each in (posted, alone, said, nobody):
            assert await club.stays_silent(each), away
        assert len(club.answers(asked)) == 1


async def test_an_answer_that_a_kill_kept_from_being_stored_is_given_anew(club: Club) -> None:
    club.service.fault(Fault("POST", "/channels/*/messages", "keep"))
    posted = club.posts(club.world.ann, png(AKEHA, seed=next(seeds)))
    lost = await club.answer(posted)
    await club.process.end(signal.SIGKILL)
    club.gateway.forget()
    club.service.heal()
    await club.process.start()
    await club.world.until(lambda: [each for each in club.answers(posted) if each is not lost])
    (answer,) = club.answers(posted)
    club.world.react(club.world.mod, answer, "✅")
    await club.world.until(lambda: "a moderator says so" in answer["content"])


async def test_an_answer_shows_what_was_said_of_it_though_the_bot_was_killed_before_it_could(club: Club) -> None:
    answer = await club.stored(await club.answer(club.posts(club.world.ann, png(AKEHA, seed=next(seeds)))))
    club.service.fault(Fault("PATCH", "/channels/*/messages/*", "drop", times=4))
    club.world.react(club.world.mod, answer, "✅")
    await club.process.until_said(f"Bringing answer {answer['id']} up to date came to nothing")
    await club.process.end(signal.SIGKILL)
    club.gateway.forget()
    assert "a moderator says so" not in answer["content"]
    await club.process.start()
    await club.world.until(lambda: "a moderator says so" in answer["content"])


async def test_what_a_forgotten_person_said_is_not_taken_for_what_was_missed(club: Club) -> None:
    ben = club.world.ben
    answer = await club.stored(await club.answer(club.posts(club.world.ann, png(AKEHA, seed=next(seeds)))))
    plain = answer["content"]
    club.world.react(ben, answer, "✅")
    await club.world.until(lambda: answer["content"] != plain)
    club.posts(ben, text="!forgetme")
    asked = await club.world.until(
        lambda: [each for each in club.by_bot() if "Delete it all" in str(each["components"])]
    )
    club.presses(ben, asked[0], "Delete it all")
    await club.world.until(lambda: answer["content"] == plain)
    await club.process.end(signal.SIGKILL)
    club.gateway.forget()
    last = club.posts(club.world.ann, png(AKEHA, seed=next(seeds)), quietly=True)
    await club.process.start()
    await club.answer(last)  # what was said before it has been looked at
    assert answer["content"] == plain


async def test_a_correction_that_was_acknowledged_is_there_after_a_kill(club: Club) -> None:
    for name in ("Hibari", "Okumoto", "Tsurezure"):
        answer = await club.answer(club.posts(club.world.ann, png(NEW, seed=next(seeds))))
        await club.answer(club.posts(club.world.mod, text=f"1 is {name}", to=answer))
        await club.process.end(signal.SIGKILL)
        club.gateway.forget()
        await club.process.start()
        await club.process.ready()
        assert name in (await club.says(club.world.mod, f"!whois {name}"))["content"]
