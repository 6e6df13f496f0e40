"""What moderators set for their server, by menu and in words, and that it holds."""

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor

from bot.database.errors import DatabaseBusy
from bot.settings import choosing
from ml.naming.classifier import Classifier, cautious
from ml.painting import CAST
from ml.recognizer import Recognizer, RecognizerSettings
from ml.versions.registry import Registry
from ml.versions.version import CLASSIFIER
from tests.conftest import KNOWN, png
from tests.e2e.conftest import Discord, furnish, running

MENU = "koredare:settings:{}"


def chosen(message: discord.Message) -> dict[str, list[str]]:
    """What each menu has chosen, by the setting that it is for."""
    menus = [menu for row in message.components for menu in getattr(row, "children", [])]
    return {menu.custom_id.split(":")[-1]: [o.value for o in menu.options if o.default] for menu in menus}


async def say(club: Discord, command: str, *, who: MemberActor | None = None) -> str:
    """Write something in #general; gives the answer."""
    await (who or club.mod).send(club.general, command)
    return club.last(club.general).content


async def test_all_settings_are_shown_with_what_they_do_now(newborn: Discord) -> None:
    said = await say(newborn, "!settings")
    for part in ("threshold", "quorum", "roles", "language", "consent", "reports"):
        assert f"`{part}`" in said
    assert f"<#{newborn.pictures.id}>" in said
    assert "2 members must agree" in said
    assert "As my operator has it" in said
    now = chosen(newborn.last(newborn.general))
    assert now.pop("roles") == []
    assert now == {setting: ["default"] for setting in ("threshold", "quorum", "language", "consent")}


async def test_a_menu_changes_a_setting_also_after_a_restart(newborn: Discord) -> None:
    await newborn.mod.send(newborn.general, "!settings")
    message = newborn.last(newborn.general)
    await newborn.restart()
    await newborn.mod.select(message, ["3"], custom_id=MENU.format("quorum"))
    await newborn.mod.select(message, ["bold"], custom_id=MENU.format("threshold"))
    now = newborn.last(newborn.general)
    assert "3 members must agree" in now.content
    assert "`bold`" in now.content
    assert chosen(now)["quorum"] == ["3"]
    await newborn.restart()
    assert "3 members must agree" in await say(newborn, "!settings")
    await newborn.mod.select(now, ["default"], custom_id=MENU.format("quorum"))
    assert "2 members must agree" in await say(newborn, "!settings")


async def test_settings_can_be_typed(newborn: Discord) -> None:
    assert "4 members must agree" in await say(newborn, "!settings quorum 4")
    assert "`strict`" in await say(newborn, "!settings threshold strict")
    assert "`bold`, I say" in await say(newborn, "!Settings THRESHOLD Bold")
    assert "`strict`, I say" in await say(newborn, "!settings threshold Strict")
    assert "日本語" in await say(newborn, "!settings language Japanese")
    assert "English" in await say(newborn, "!settings language 英語")
    assert "`never`" in await say(newborn, "!settings consent never")
    here = f"<#{newborn.general.id}>"
    assert f"say in {here} what came of it" in await say(newborn, f"!settings reports {here}")
    assert "日本語" in await say(newborn, "!settings language ja")
    said = await say(newborn, "!settings")
    assert f"結果を {here} で" in said
    assert "4 人" in said
    assert "`strict`" in said
    for setting in ("quorum", "threshold", "consent", "language", "reports"):
        await say(newborn, f"!settings {setting} default")
    assert "say nothing of it anywhere" in await say(newborn, "!settings")
    assert await say(newborn, "!settings") == await say(newborn, "!settings show")
    assert "2 members must agree" in newborn.last(newborn.general).content


async def test_the_slash_twins_do_the_same(newborn: Discord) -> None:
    answer = await newborn.mod.slash(newborn.general, "settings quorum", quorum="5")
    assert answer.response is not None
    assert "5 members must agree" in answer.response.content
    answer = await newborn.mod.slash(newborn.general, "settings show")
    assert answer.ephemeral
    assert answer.response is not None
    assert "5 members must agree" in answer.response.content


@pytest.mark.parametrize(
    ("typed", "accepted"),
    [
        ("threshold", "**threshold**. It is said like this: `!settings threshold <strict|default|bold>`"),
        ("threshold bolt", "Did you mean `bold`?"),
        ("treshold bold", "`!settings` has no part **treshold**"),
        ("treshold bold", "Did you mean `!settings threshold`?"),
        ("quorum 0", "from 1 to 20, or `default`"),
        ("quorum many", "from 1 to 20, or `default`"),
        ("threshold 0.7", "`strict`"),
        ("language fr", "`ja`"),
        ("consent given", "`never`"),
        ("roles @everyone", "only moderators have"),
        ("roles nonsense", "no such role"),
    ],
)
async def test_what_is_not_accepted_is_answered_with_what_is(newborn: Discord, typed: str, accepted: str) -> None:
    before = await say(newborn, "!settings")
    assert accepted in await say(newborn, f"!settings {typed}")
    assert await say(newborn, "!settings") == before


async def test_commands_are_understood_as_people_type_them(newborn: Discord) -> None:
    newborn.env.guild.create_role("Helpers and Friends")
    for typed, answer in (
        ("！settings quorum ３", "3 members must agree"),
        ("! Settings Quorum DEFAULT", "2 members must agree"),
        ("!settings roles Helpers and Friends", "and <@&"),
        ('!settings roles "Helpers and Friends", @Moderators', ">, <@&"),
        ("!settings roles None", "You can choose roles"),
        ("!settings roles everyone", "no such role"),
        ("!settings reports #general", f"say in <#{newborn.general.id}>"),
        ("!settings reports off", "say nothing of it"),
        ("!WATCH #general", f"every picture in <#{newborn.general.id}>"),
        ("!watch #pictures #general", "I take one at a time there. It is said like this: `!watch [channel]`"),
        ("!character rename „Riko Sakura“ 'Riko S'", "I know nobody called **Riko Sakura**"),
        ("!privacy no", "nothing of your pictures is kept"),
        ("!privacy", "You said no"),
        ("!privacy yes", "Thank you!"),
    ):
        assert answer in await say(newborn, typed), typed


async def test_a_quorum_of_one_lets_a_single_member_settle_a_face(club: Discord) -> None:
    await say(club, "!settings quorum 1")
    answer = await club.post(club.ann, png(KNOWN[0], seed=30))
    await club.ben.react(answer, "✅")
    assert "✔" in club.again(answer).content
    await say(club, "!settings quorum 2")
    other = await club.post(club.ann, png(KNOWN[0], seed=31))
    await club.ben.react(other, "✅")
    assert "✔" not in club.again(other).content


def doubt(home: Path, picture: bytes, *, times: float) -> None:
    """Have the model say a name from so many times the odds on that it gives the face of a picture."""
    registry = Registry(home / "models" / "everyone")
    version = registry.active()
    assert version is not None
    sure = Recognizer(RecognizerSettings(home=home)).recognize(picture, version=version.folder).faces[0].confidence
    classifier = Classifier.load(version.folder / CLASSIFIER)
    assert classifier is not None
    calibration = replace(classifier.calibration, threshold=cautious(sure, times))
    with registry.staging() as staged:
        shutil.copytree(version.folder, staged, dirs_exist_ok=True)
        replace(classifier, calibration=calibration).save(staged / CLASSIFIER)
        registry.publish(staged, published=version.published)


@pytest.mark.parametrize(
    ("times", "named"),
    [(0.5, {"strict": False, "default": True, "bold": True}), (2, {"strict": False, "default": False, "bold": True})],
)
async def test_a_name_is_said_by_how_sure_a_server_wants_it(
    trained_home: Path, times: float, named: dict[str, bool]
) -> None:
    picture = png(KNOWN[0], seed=30)
    doubt(trained_home, picture, times=times)
    async with running(trained_home) as env:
        club = await furnish(env, trained_home)
        said: dict[str, bool] = {}
        for sureness in named:
            await say(club, f"!settings threshold {sureness}")
            answer = await club.post(club.ann, picture)
            said[sureness] = f"perhaps {KNOWN[0].name.replace('_', ' ')}?" not in answer.content
    assert said == named


async def test_a_name_in_doubt_is_asked_for_and_a_yes_is_an_answer(trained_home: Path) -> None:
    picture = png(KNOWN[0], seed=30)
    doubt(trained_home, picture, times=2)
    async with running(trained_home) as env:
        club = await furnish(env, trained_home)
        answer = await club.post(club.ann, picture)
        question = f"perhaps {KNOWN[0].name.replace('_', ' ')}?"
        assert question in answer.content
        assert question.removesuffix("?") in (answer.attachments[0].description or "")
        await club.mod.react(answer, "✅")
        assert "✔" in club.again(answer).content
        assert question not in club.again(answer).content


async def test_a_no_to_a_name_that_is_asked_for_ends_the_question(trained_home: Path) -> None:
    picture = png(KNOWN[0], seed=30)
    doubt(trained_home, picture, times=2)
    async with running(trained_home) as env:
        club = await furnish(env, trained_home)
        answer = await club.post(club.ann, picture)
        await club.mod.react(answer, "❌")
        assert "perhaps" not in club.again(answer).content


async def test_never_keeps_a_server_out_of_all_learning(club: Discord) -> None:
    await say(club, "!settings consent never")
    answer = await club.post(club.ann, png(CAST[6], seed=30))
    await club.mod.send(club.pictures, f"it's {CAST[6].name}", reply_to=answer)
    assert not any("may I keep" in message.content for message in club.pictures.history())
    assert "No picture from Discord is learned from here" in await say(club, "!privacy", who=club.ann)


async def test_a_server_speaks_the_language_that_was_chosen(newborn: Discord) -> None:
    await say(newborn, "!settings language ja")
    assert "これからは" in await say(newborn, "!watch")
    await newborn.restart()
    assert "これまでどおり" in await say(newborn, "!watch")


async def test_channels_are_watched_by_moderators_only(club: Discord) -> None:
    assert "That is for moderators" in await say(club, "!watch", who=club.ann)
    await club.mod.send(club.pictures, "!unwatch")
    posted = await club.ann.send(club.pictures, attachments=[("p.png", png(KNOWN[0], seed=55))])
    assert club.last().id == posted.id


@pytest.mark.parametrize("more", ['[feedback]\nconsent = "never"\n'])
async def test_an_operators_never_cannot_be_loosened(newborn: Discord) -> None:
    for policy in ("ask", "given", "default"):
        await say(newborn, f"!settings consent {policy}")
        assert "`never`, I learn nothing" in await say(newborn, "!settings")


async def test_roles_are_chosen_by_menu_and_may_be_deleted_later(newborn: Discord) -> None:
    role = newborn.env.guild.create_role("Helpers")
    await newborn.mod.send(newborn.general, "!settings")
    message = newborn.last(newborn.general)
    await newborn.mod.select(message, [role], custom_id=MENU.format("roles"))
    assert f"<@&{role.id}>" in newborn.last(newborn.general).content
    guild = newborn.bot.get_guild(newborn.guild_id)
    assert guild is not None
    (helpers,) = [each for each in guild.roles if each.id == role.id]
    await helpers.delete()
    assert str(role.id) not in await say(newborn, "!settings")


async def test_two_moderators_who_choose_at_once_are_both_heard(newborn: Discord) -> None:
    await asyncio.gather(
        choosing.choose(newborn.bot.at(newborn.guild_id), "quorum", "5"),
        choosing.choose(newborn.bot.at(newborn.guild_id), "threshold", "strict"),
    )
    chosen = newborn.bot.at(newborn.guild_id).chosen
    assert (chosen.quorum, chosen.threshold) == (5, "strict")
    await newborn.restart()
    assert newborn.bot.at(newborn.guild_id).chosen == chosen


async def test_what_was_chosen_but_could_not_be_read_again_counts_a_little_later(
    newborn: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = newborn.bot.choices.read

    async def fail(guild_id: int | None = None) -> None:
        monkeypatch.setattr(newborn.bot.choices, "read", read)
        raise DatabaseBusy

    monkeypatch.setattr(newborn.bot.choices, "read", fail)
    assert "I answer every picture" in await say(newborn, "!watch")
    others: Any = newborn.bot.get_cog("Others")
    await others.look_again.coro(others)  # as it does each minute
    assert f"<#{newborn.general.id}>" in await say(newborn, "!settings")
