"""What a picture and a correction cost beside recognition: `python benchmarks/statements.py`.

The real bot in a simulated Discord, on a real database file. For each: SQL statements (reach: at most 8 for a picture,
20 for a correction, and ten for each thing said that keep what is thought of its face; BEGIN and COMMIT are counted
apart), requests to Discord, pictures downloaded, and pictures drawn.
With `--all` it lists the statements and requests too.
"""

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

import discord
from _counting import Costs, counting
from simcord import Env

from bot.client import create_bot
from bot.config import load_settings
from bot.database import channels, consents
from ml.drawing.labelled import encode
from ml.painting import CAST, Character, paint

KNOWN, NEW = CAST[:4], CAST[6]


def picture(who: Character, seed: int) -> bytes:
    """A painted picture of somebody."""
    return encode(paint(who, seed=seed).picture, max_bytes=10**7).data


def prepare(home: Path) -> None:
    """Learn four painted characters."""
    for character in KNOWN:
        (home / "gallery" / character.name).mkdir(parents=True)
        for seed in range(10):
            (home / "gallery" / character.name / f"{seed}.jpg").write_bytes(picture(character, seed))
    for words in (["import", str(home / "gallery")], ["retrain"]):
        command = [sys.executable, "-P", "-m", "bot", *words, "--home", str(home)]
        subprocess.run(command, check=True, capture_output=True)


async def measure(home: Path) -> dict[str, Costs]:
    """Run the bot, and let people post and correct."""
    env = Env(create_bot(load_settings(home=home)), shard_count=1, settle_timeout=600)
    await env.start()
    try:
        guild = env.create_guild("Benchmark")
        channel = guild.create_text_channel("pictures")
        moderators = guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
        ann, ben = (guild.add_member(env.create_user(name)) for name in ("ann", "ben"))
        mod = guild.add_member(env.create_user("mod"), roles=[moderators])
        async with env.bot.telling("settings", guild.id) as session:  # pyright: ignore[reportAttributeAccessIssue] - it is ours
            await channels.watch(session, channel.id, guild_id=guild.id, added_by=mod.id)
            await consents.answer(session, ben.id, "yes")
        costs: dict[str, Costs] = {}

        async def post(what: str, who: object, *pictures: bytes) -> None:
            attached = [(f"{number}.jpg", data) for number, data in enumerate(pictures)]
            with counting(env) as costs[what]:
                await who.send(channel, attachments=attached)  # pyright: ignore[reportAttributeAccessIssue]

        async def correct(what: str) -> None:
            reply = channel.last_message
            assert reply is not None
            with counting(env) as costs[f"❌ {what}"]:
                await mod.react(reply, "❌")
            question = next(each for each in reversed(channel.history()) if "Who is" in each.content)
            with counting(env) as costs[f"a typed name {what}"]:
                form = await mod.select(question, ["other"])
                await mod.submit_modal(form, {"name": KNOWN[1].name})

        await post("the first picture after the start", ann, picture(KNOWN[0], 50))
        await post("a picture", ann, picture(KNOWN[0], 51))
        await correct("below it")
        await post("a picture whose poster agreed", ben, picture(NEW, 52))
        await post("a picture whose poster agreed, of somebody known", ben, picture(KNOWN[0], 53))
        await correct("where the poster agreed")
        await post("four pictures in a message", ann, *(picture(KNOWN[0], seed) for seed in range(60, 64)))
        await post("four pictures whose poster agreed", ben, *(picture(NEW, seed) for seed in range(64, 68)))
        return costs
    finally:
        await env.shutdown()
        await env.bot.close()


def main() -> None:
    """Measure, and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        costs = asyncio.run(measure(Path(folder)))
    print(f"{'':50}{'SQL':>6}{'BEGIN':>7}{'requests':>10}{'downloaded':>12}{'drawn':>7}")
    for what, cost in costs.items():
        numbers = len(cost.statements), cost.transactions, len(cost.requests), cost.downloads.total(), len(cost.drawn)
        print("{:50}{:6}{:7}{:10}{:12}{:7}".format(what, *numbers))
    if "--all" in sys.argv:
        for what, cost in costs.items():
            print(f"\n== {what}\n", *cost.requests, sep="\n")
            print(*(" ".join(each.split())[:160] for each in cost.statements), sep="\n")


if __name__ == "__main__":
    main()
