"""A Japanese server is spoken to in Japanese, from the first picture to the last refusal."""

from pathlib import Path

import pytest

from ml.painting import CAST
from tests.conftest import KNOWN, outdate, png
from tests.e2e.conftest import Discord, PoliteEnv, furnish

AKEHA = KNOWN[0]


@pytest.fixture
async def tokyo(trained_env: PoliteEnv, trained_home: Path) -> Discord:
    """A server whose language is Japanese, with our bot in it."""
    return await furnish(trained_env, trained_home, locale="ja")


async def test_whoever_is_asked_for_consent_is_asked_and_thanked_in_japanese(tokyo: Discord) -> None:
    assert "すべての画像に答えます" in tokyo.last().content
    reply = await tokyo.post(tokyo.ann, png(AKEHA, seed=31))
    assert AKEHA.name in reply.content
    await tokyo.mod.react(reply, "✅")
    question = tokyo.last()
    assert "保存してもいいですか" in question.content
    refused = await tokyo.ben.click(question, label="はい、学習に使っていいです")
    assert refused.response is not None
    assert "本人だけ" in refused.response.content
    await tokyo.restart()
    await tokyo.ann.click(question, label="はい、学習に使っていいです")
    assert "ありがとうございます" in tokyo.again(question).content


async def test_people_see_and_delete_what_is_held_of_them_in_japanese(tokyo: Discord) -> None:
    await tokyo.post(tokyo.ann, png(AKEHA, seed=32))
    told = await tokyo.ann.slash(tokyo.pictures, "privacy")
    assert told.response is not None
    assert "まだお答えをいただいていません" in told.response.content
    assert "1 枚分" in told.response.content
    await tokyo.ann.send(tokyo.pictures, "!forgetme")
    question = tokyo.last()
    assert "元には戻せません" in question.content
    await tokyo.ann.click(question, label="すべて削除する")
    assert "削除しました" in tokyo.again(question).content


async def test_errors_are_told_in_japanese(tokyo: Discord) -> None:
    await tokyo.ann.send(tokyo.pictures, "!retrain")
    assert "モデレーター専用" in tokyo.last().content
    await tokyo.mod.send(tokyo.pictures, "!rollback v9")
    assert "v9 というバージョンはありません" in tokyo.last().content
    await tokyo.mod.send(tokyo.pictures, "!watch #nowhere")
    assert "そのチャンネルはここに見つからないか" in tokyo.last().content
    await tokyo.mod.send(tokyo.pictures, "!undo nobody")
    assert "見つかりません" in tokyo.last().content
    await tokyo.ann.send(tokyo.pictures, f"{tokyo.mention}", attachments=[("notes.png", b"%PDF-1.7 not a picture")])
    assert "PDF" in tokyo.last().content
    assert "読めるのは画像だけです" in tokyo.last().content


async def test_a_retraining_is_told_in_japanese_and_so_is_the_version(tokyo: Discord) -> None:
    await tokyo.mod.send(tokyo.pictures, "!model")
    assert "全サーバー共有" in tokyo.last().content
    await tokyo.mod.send(tokyo.pictures, "!retrain")
    assert "新しく学ぶことはありません" in tokyo.last().content
    outdate(tokyo.home)
    await tokyo.mod.send(tokyo.pictures, "!retrain")
    assert "v1 として公開しました" in tokyo.last().content
    assert tokyo.last().content.startswith("**新しい人はいません")
    assert "キャラクター 4 人を 3" in tokyo.last().content
    chart, told = tokyo.last().attachments
    assert "テスト用の顔で正しく名前を言えた割合" in (await told.read()).decode()
    assert (chart.description or "").startswith("グラフ。")
    await tokyo.mod.send(tokyo.pictures, "!model")
    assert f"<@{tokyo.mod.id}> さんが公開" in tokyo.last().content
    await tokyo.mod.send(tokyo.pictures, "!model history")
    assert "1 個のバージョン" in tokyo.last().content


async def test_what_moderators_do_about_corrections_is_told_in_japanese(tokyo: Discord) -> None:
    reply = await tokyo.post(tokyo.ann, png(AKEHA, seed=33))
    await tokyo.ben.send(tokyo.pictures, KNOWN[1].name, reply_to=reply)
    await tokyo.mod.send(tokyo.pictures, f"!undo <@{tokyo.ben.id}>")
    assert "訂正 1 件を取り消しました" in "\n".join(message.content for message in tokyo.pictures.history())
    await tokyo.mod.send(tokyo.pictures, f"!undo <@{tokyo.ben.id}>")
    assert "今も有効なものはここにはありません" in tokyo.last().content
    await tokyo.mod.send(tokyo.pictures, "!suspects")
    assert "間違っていそうなものはありません" in tokyo.last().content


async def test_what_waits_for_a_yes_is_told_in_japanese(tokyo: Discord) -> None:
    reply = await tokyo.post(tokyo.ann, png(CAST[6], seed=35))
    await tokyo.mod.send(tokyo.pictures, "1は桜内梨子です", reply_to=reply)
    assert "投稿した人の「はい」を待って" in tokyo.last().content
    for command in ("!stats", "!review"):
        await tokyo.mod.send(tokyo.pictures, command)
        assert "**名前の付いた顔 1 件**が、投稿した 1 人の「はい」を待っています" in tokyo.last().content, command
    told = await tokyo.mod.click(tokyo.last(), label="もう一度たずねる")
    assert "まだ1日たっていません" in told.followups[-1].content
    await tokyo.mod.send(tokyo.pictures, "1は知らない人です", reply_to=reply)
    assert tokyo.last().content == "記録しました：**桜内梨子** ではなく、知らない人です。"
    await tokyo.mod.send(tokyo.pictures, "!character delete 桜内梨子")
    assert "**桜内梨子** という名前は知りません" in tokyo.last().content
    await tokyo.mod.send(tokyo.pictures, f"!whois {AKEHA.name[:3].lower()}")
    assert tokyo.last().content.startswith(f"**{AKEHA.name}**")
    await tokyo.mod.send(tokyo.pictures, "!settings threshold")
    assert "書き方： `!settings threshold <strict|default|bold>`" in tokyo.last().content
    await tokyo.mod.send(tokyo.pictures, "!settings consent never")
    await tokyo.mod.send(tokyo.pictures, f"1は{AKEHA.name}です", reply_to=reply)
    assert "ここに投稿されたものからは学習しません" in tokyo.last().content


async def test_help_and_the_commands_that_discord_lists_are_in_japanese_too(tokyo: Discord) -> None:
    await tokyo.ann.send(tokyo.pictures, "!help")
    assert tokyo.last().content.startswith("画像に写っているアニメの顔")
    assert "`!forgetme` あなたの画像の顔" in tokyo.last().content
    await tokyo.ann.send(tokyo.pictures, "!help retrain")
    assert "モデレーターだけが使えます" in tokyo.last().content
    registered = tokyo.env.backend.commands[None]
    by_name = {name: payload for (name, _), payload in registered.items()}
    assert by_name["whois"]["description_localizations"]["ja"].startswith("画像の顔が誰なのか")
    assert by_name["Who is this?"]["name_localizations"]["ja"] == "これは誰？"
    (gate,) = by_name["retrain"]["options"]
    assert "公開します" in gate["description_localizations"]["ja"]
    assert "de" not in by_name["whois"]["description_localizations"]


async def test_answers_and_corrections_are_in_japanese(tokyo: Discord) -> None:
    reply = await tokyo.post(tokyo.ann, png(AKEHA, seed=31))
    assert reply.content.startswith(f"**1** {AKEHA.name} · ")
    assert reply.content.endswith("%")
    assert reply.attachments[0].description == f"左からの顔：1：{AKEHA.name}"
    await tokyo.ann.send(tokyo.pictures, "1は桜内梨子です", reply_to=reply)
    assert "あと1人の賛成" in tokyo.last().content
    assert "桜内梨子" in tokyo.again(reply).content
    await tokyo.mod.send(tokyo.pictures, "桜内梨子だよ", reply_to=reply)
    assert tokyo.again(reply).content == "**1** 桜内梨子 ✔ モデレーターが確認"
    assert tokyo.again(reply).attachments[0].description == "左からの顔：1：桜内梨子"
    await tokyo.mod.react(reply, "1️⃣")
    assert "顔 **1** は誰ですか？" in tokyo.last().content
    await tokyo.ann.send(tokyo.general, f"{tokyo.mention} ？")
    assert "こんにちは" in tokyo.last(tokyo.general).content
