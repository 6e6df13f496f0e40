"""What goes wrong between the bot and Discord costs what was to be seen, and no more; nobody is left without a word."""

import pytest

from bot.correcting.menus import NAME
from ml.painting import CAST
from tests.conftest import KNOWN, png
from tests.wire.conftest import Club
from tests.wire.faults import Fault, rate_limited, refused
from tests.wire.world import Json

pytestmark = pytest.mark.asyncio(loop_scope="module")
AKEHA, TSUKIYO, NEW = KNOWN[0], KNOWN[1], CAST[6]
POST, EDIT = ("POST", "/channels/*/messages"), ("PATCH", "/channels/*/messages/*")
SECOND = "/attachments/*/second.png"
JSON = {"Content-Type": "application/json"}
ELSEWHERE = {"Location": "/elsewhere"}
NEVER = 10**6  # times: a fault that does not pass
seeds = iter(range(100, 1000))


async def answered(club: Club) -> Json:
    """The answer to a new picture of somebody known."""
    answer = await club.answer(club.posts(club.world.ann, png(AKEHA, seed=next(seeds))))
    assert AKEHA.name in answer["content"]
    return answer


@pytest.mark.parametrize(
    "fault",
    [
        Fault(*POST, "drop"),
        Fault(*POST, "lose"),
        Fault(*POST, status=500),
        Fault(*POST, status=502, body="<html>"),
        Fault(*POST, status=503, body="<html>"),
        Fault(*POST, status=522, body="<html>"),
        Fault(*POST, status=200, body="<html>"),
        Fault(*POST, status=200, body='{"id": "1576', headers=JSON),
        Fault(*POST, status=200, body="[]", headers=JSON),
        Fault(*POST, status=302, body="", headers=ELSEWHERE),
        Fault(*POST, status=429, body="{}", headers={"Via": "1.1 google"} | JSON),
        rate_limited(*POST, 0.5),
        rate_limited(*POST, 0.5, everywhere=True),
        Fault("POST", "/channels/*/typing", "drop", times=9),
        Fault("POST", "/channels/*/typing", status=403, times=9),
        Fault("POST", "/channels/*/typing", "hang", times=1),
        Fault("GET", "/attachments/*", "drop"),
        Fault("GET", "/attachments/*", "cut"),
        Fault("GET", "/attachments/*", status=503, body="<html>"),
        Fault("GET", "/attachments/*", status=200, body="<!DOCTYPE html><html>"),
        Fault("GET", "/attachments/*", status=200, body=""),
        Fault("GET", "/attachments/*", status=302, body="", headers=ELSEWHERE),
    ],
    ids=lambda fault: f"{fault.method} {fault.path} {fault.way} {fault.status}",
)
async def test_a_fault_that_passes_is_never_seen(club: Club, fault: Fault) -> None:
    club.service.fault(fault)
    posted = club.posts(club.world.ann, png(AKEHA, seed=next(seeds)))
    answer = await club.answer(posted)
    assert fault.met
    assert AKEHA.name in answer["content"]
    assert answer["attachments"]
    club.service.heal()
    club.world.react(club.world.mod, answer, "✅")  # it is known which message that is
    await club.world.until(lambda: "a moderator says so" in answer["content"])
    assert len(club.answers(posted)) == 1
    assert club.service.called("GET /elsewhere") == 0


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("GET", "/attachments/*", status=404, body="", times=NEVER), "any more: please post it again"),
        (Fault("GET", "/attachments/*", status=403, body="", times=NEVER), "any more: please post it again"),
        (Fault("GET", "/attachments/*", status=500, body="", times=NEVER), "just now: please try again"),
        (Fault("GET", "/attachments/*", "drop", times=NEVER), "just now: please try again"),
        (refused(*POST, 200_000, "blocked by AutoMod", status=400), "AutoMod does not let my answer through"),
        (Fault(*POST, status=429, body="<html>"), "Discord has trouble"),
        (refused(*POST, 50_013, "Missing Permissions"), "check my permissions"),
        (refused(*POST, 50_083, "Thread is archived", status=400), "check my permissions"),
        (refused(*POST, 0, "401: Unauthorized", status=401), "Discord has trouble"),
    ],
    ids=lambda value: f"{value.method} {value.way} {value.status}" if isinstance(value, Fault) else "",
)
async def test_a_fault_that_stays_is_told_in_words(club: Club, fault: Fault, said: str) -> None:
    club.service.fault(Fault(fault.method, fault.path, fault.way, fault.status, fault.body, times=fault.times))
    answer = await club.answer(club.posts(club.world.ann, png(AKEHA, seed=next(seeds))))
    assert said in answer["content"]


async def test_a_picture_that_lies_elsewhere_is_not_fetched(club: Club) -> None:
    stranger = club.world.url.replace("127.0.0.1", "localhost")
    real, club.world.url = club.world.url, stranger
    posted = club.posts(club.world.ann, png(AKEHA, seed=next(seeds)))
    club.world.url = real
    fetched = club.service.called("GET /attachments")
    assert "post it again" in (await club.answer(posted))["content"]
    assert club.service.called("GET /attachments") == fetched


async def test_of_two_pictures_one_that_cannot_be_had_leaves_the_other(club: Club) -> None:
    club.service.fault(Fault("GET", SECOND, "cut", times=NEVER))
    files = [("first.png", png(AKEHA, seed=next(seeds))), ("second.png", png(TSUKIYO, seed=next(seeds)))]
    answer = await club.answer(club.world.put(club.world.ann, club.world.pictures, {}, files))
    assert AKEHA.name in answer["content"]
    assert "second.png: " in answer["content"]


async def test_where_history_may_not_be_read_it_answers_without_pointing_back(club: Club) -> None:
    club.service.fault(refused(*POST, 160_002, "Cannot reply without permission to read message history"))
    before = len(club.by_bot())
    club.posts(club.world.ann, png(AKEHA, seed=next(seeds)))
    await club.world.until(lambda: len(club.by_bot()) > before)
    answer = club.by_bot()[-1]
    assert AKEHA.name in answer["content"]
    assert answer["attachments"]
    assert "message_reference" not in answer


async def test_where_it_may_not_speak_the_log_says_to_whom_it_did_not(club: Club) -> None:
    club.service.fault(refused(*POST, 50_013, "Missing Permissions", times=2))
    posted = club.posts(club.world.ann, png(AKEHA, seed=next(seeds)))
    await club.process.until_said(f"Message {posted['id']}")
    assert "Traceback" not in club.process.log


async def test_a_correction_whose_answer_is_lost_counts_and_asks_for_consent(club: Club) -> None:
    posted = club.posts(club.world.ben, png(AKEHA, seed=next(seeds)))
    answer = await club.answer(posted)
    club.service.fault(Fault(*EDIT, "drop", times=4))
    club.world.react(club.world.mod, answer, "✅")
    await club.world.until(lambda: [each for each in club.by_bot() if "**Ben**, may I keep" in each["content"]])


async def test_a_picture_that_cannot_be_had_again_keeps_no_other_from_being_learned(club: Club) -> None:
    ben, mod = club.world.ben, club.world.mod
    first, second = club.posts(ben, png(NEW, seed=51)), club.posts(ben, png(NEW, seed=54))
    answers = [await club.answer(first), await club.answer(second)]
    club.service.fault(Fault("GET", f"/attachments/*/{first['attachments'][0]['id']}/*", "cut", times=NEVER))
    for answer in answers:
        thanks = await club.answer(club.posts(mod, text=f"1 is {NEW.name}", to=answer))
        assert thanks["content"].startswith(f"Noted: **{NEW.name}**")
    question = next(each for each in club.by_bot() if "**Ben**, may I keep" in each["content"])
    club.presses(ben, question, "Yes, learn from them")
    await club.process.until_said("cannot be learned from")
    bar = await club.says(mod, "!retrain")
    await club.world.until(lambda: f"I know {NEW.name} now" in bar["content"])


async def test_a_button_is_answered_though_what_it_was_told_is_lost(club: Club) -> None:
    answer = await answered(club)
    for way in ("lose", "drop"):
        club.service.fault(Fault("POST", "/interactions/*/callback", way))
        used = club.presses(club.world.mod, answer, "Correct…")
        await club.world.until(lambda used=used: used["original"])
        assert used["original"]["components"], way


async def test_a_press_that_could_not_be_acknowledged_is_thanked_for_all_the_same(club: Club) -> None:
    answer = await club.stored(await answered(club))
    club.service.fault(Fault("POST", "/interactions/*/callback", status=429, body="<html>"))
    used = club.presses(club.world.mod, answer, "All right")
    await club.world.until(lambda: used["original"])
    assert used["original"]["content"].startswith("Noted")


async def test_a_slash_command_is_answered_once_though_the_answer_is_lost(club: Club) -> None:
    for way in ("lose", "drop"):
        fault = club.service.fault(Fault("POST", "/webhooks/*", way))
        used = club.slash(club.world.ann, "whois", name=TSUKIYO.name)
        await club.world.until(lambda used=used: used["followups"])
        await club.says(club.world.mod, "!help")
        assert fault.met
        assert len(used["followups"]) == 1
        assert TSUKIYO.name in used["followups"][0]["content"]


async def test_a_command_that_is_no_more_or_has_changed_says_so(club: Club) -> None:
    for name in ("whowas", "stats"):
        used = club.world.interact(club.world.ann, 2, {"id": "1", "name": name, "type": 1}, channel_id=club.pictures)
        await club.world.until(lambda used=used: used["original"])
        assert "has changed" in used["original"]["content"]
    assert "Traceback" not in club.process.log


async def test_who_is_too_late_for_an_interaction_is_heard_all_the_same(club: Club) -> None:
    answer = await answered(club)
    used = club.presses(club.world.mod, answer, "Correct…")
    await club.world.until(lambda: used["original"])
    assert used["original"]["components"], used["original"]
    menu = used["original"]["components"][0]["components"][0]
    late = club.world.interact(
        club.world.mod,
        3,
        {"custom_id": menu["custom_id"], "component_type": 3, "values": [f"{NAME}{TSUKIYO.name}"]},
        channel_id=club.world.pictures,
        message=used["original"],
    )
    del club.world.interactions[late["token"]]  # its token is none any more
    await club.world.until(lambda: f"{TSUKIYO.name} ✔ a moderator" in answer["content"].replace("**", ""))


async def test_a_message_that_is_deleted_while_it_is_looked_at_costs_nothing(club: Club) -> None:
    stalled = club.service.fault(Fault("GET", "/attachments/*", "hang"))
    posted = club.posts(club.world.ann, png(AKEHA, seed=next(seeds)))
    await club.world.until(lambda: stalled.met)
    club.world.delete(posted)
    stalled.release.set()
    await answered(club)
    assert "Traceback" not in club.process.log


async def test_a_channel_that_is_gone_costs_nothing(club: Club) -> None:
    stalled = club.service.fault(Fault("GET", "/attachments/*", "hang"))
    posted = club.posts(club.world.ann, png(AKEHA, seed=next(seeds)))
    await club.world.until(lambda: stalled.met)
    name = club.world.channels.pop(club.world.pictures)
    stalled.release.set()
    await club.process.until_said(f"Message {posted['id']}")
    club.world.channels[club.world.pictures] = name
    await answered(club)
    assert "Traceback" not in club.process.log


async def test_a_retraining_goes_on_though_its_bar_is_lost(club: Club) -> None:
    lost = club.service.fault(Fault(*EDIT, "drop", times=NEVER))
    bar = await club.says(club.world.mod, "!retrain")
    assert "▱" in bar["content"]
    report = await club.world.until(lambda: [each for each in club.by_bot() if int(each["id"]) > int(bar["id"])])
    assert lost.met
    assert "nothing new to learn" in report[0]["content"] or "Published" in report[0]["content"]
