"""The bot joins a server, says once what it does, and is set up with buttons."""

import discord
from simcord.backend.serializers import guild_create_payload

from tests.e2e.conftest import Discord


async def test_who_joins_says_hello_once_where_it_may(newborn: Discord) -> None:
    guild = newborn.env.create_guild("Another club")
    mute = discord.PermissionOverwrite(send_messages=False)
    rules = guild.create_text_channel("rules", overwrites={guild.default_role: mute})
    chat, other = guild.create_text_channel("chat"), guild.create_text_channel("other")
    await newborn.env.settle()
    backend = newborn.env.backend  # whose servers are joined while they are empty: so it leaves, and is invited again
    backend.emit("GUILD_DELETE", {"id": str(guild.id)})
    payload = guild_create_payload(backend, backend.get_guild(guild.id))
    payload.pop("unavailable", None)  # Discord says it of servers that were joined before
    backend.emit("GUILD_CREATE", payload)
    await newborn.env.settle()
    assert [len(each.history()) for each in (rules, chat, other)] == [0, 1, 0]
    assert "learn from being corrected" in newborn.last(chat).content


async def test_moderators_set_it_up_with_buttons(newborn: Discord) -> None:
    await newborn.mod.send(newborn.general, "!setup")
    hello = newborn.last(newborn.general)
    assert "`!teach Riko`" in hello.content
    assert f"by myself in <#{newborn.pictures.id}>." in hello.content

    refused = await newborn.ann.click(hello, label="Answer pictures here")
    assert refused.response is not None
    assert "That is for moderators" in refused.response.content
    await newborn.mod.click(hello, label="Answer pictures here")
    now = newborn.last(newborn.general)
    assert now.id == hello.id
    assert f"by myself in <#{newborn.pictures.id}>, <#{newborn.general.id}>." in now.content
    for label, said in (("Language", "English"), ("Who moderates", "Moderators"), ("How I learn", "Learning")):
        shown = (await newborn.mod.click(now, label=label)).response
        assert shown is not None
        assert shown.ephemeral
        assert said in shown.content
        assert shown.components
