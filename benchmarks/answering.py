"""The bot under load: `python benchmarks/answering.py`.

Starts the real bot in a simulated Discord with a freshly trained model, posts twenty pictures at once, and prints: the
seconds from the start of the process to the first answer (reach: under 3), the longest gap between two turns of a
heartbeat on the event loop while they are recognised, pictures per second, and memory (reach: the bot under 300 MB).
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

HEARTBEAT = 0.005  # seconds
PICTURES = 20


def prepare(home: Path) -> None:
    """Learn four painted characters."""
    from ml.drawing.labelled import encode  # noqa: PLC0415
    from ml.painting import CAST, paint  # noqa: PLC0415

    for character in CAST[:4]:
        (home / "gallery" / character.name).mkdir(parents=True)
        for seed in range(10):
            data = encode(paint(character, seed=seed).picture, max_bytes=10**7).data
            (home / "gallery" / character.name / f"{seed}.jpg").write_bytes(data)
    for words in (["import", str(home / "gallery")], ["retrain"]):
        command = [sys.executable, "-m", "bot", *words, "--home", str(home)]
        subprocess.run(command, check=True, capture_output=True)


async def heartbeat(gaps: list[float]) -> None:
    """Note how late each turn of the event loop comes."""
    last = time.perf_counter()
    while True:
        await asyncio.sleep(HEARTBEAT)
        now = time.perf_counter()
        gaps.append(now - last)
        last = now


async def measure(home: Path) -> None:
    """Run the bot and print the figures."""
    from simcord import Env  # noqa: PLC0415

    from bot.client import Koredare, create_bot  # noqa: PLC0415
    from bot.config import load_settings  # noqa: PLC0415

    class World(Env):
        bot: Koredare

    env = World(create_bot(load_settings(home=home)), shard_count=1, settle_timeout=120)
    await env.start()
    try:
        guild = env.create_guild("Benchmark")
        channel = guild.create_text_channel("pictures")
        ann = guild.add_member(env.create_user("ann"))
        owner = guild.owner
        async with env.bot.telling("settings", guild.id) as session:
            from bot.database import channels  # noqa: PLC0415

            await channels.watch(session, channel.id, guild_id=guild.id, added_by=owner.id)
        pictures = [path.read_bytes() for path in sorted((home / "gallery").glob("*/*.jpg"))[:PICTURES]]
        await ann.send(channel, attachments=[("first.jpg", pictures[0])])
        first = time.time() - psutil.Process().create_time()
        assert channel.last_message is not None
        assert channel.last_message.author == env.bot.user

        gaps: list[float] = []
        beating = asyncio.create_task(heartbeat(gaps))
        started = time.perf_counter()
        for data in pictures:
            stored = env.backend.store_attachments(channel.id, [("picture.jpg", data)])
            env.backend.create_message(channel.id, ann.id, "", attachments=stored)
        await env.settle(timeout=120)
        seconds = time.perf_counter() - started
        beating.cancel()
        answers = sum(message.author == env.bot.user for message in channel.history())
        assert answers == PICTURES + 1, answers

        process = psutil.Process()
        workers = [child for child in process.children(recursive=True) if child.memory_info().rss > 2**26]
        print(f"start of the process to the first answer: {first:.2f} s")
        print(f"longest gap of the heartbeat ({len(gaps)} turns) while {PICTURES} pictures: {max(gaps) * 1000:.0f} ms")
        print(f"pictures per second, from post to labelled reply: {PICTURES / seconds:.1f}")
        print(f"memory of the bot: {process.memory_info().rss / 2**20:.0f} MB (with the simulated Discord in it)")
        own = ", ".join(f"{worker.memory_full_info().uss / 2**20:.0f}" for worker in workers)
        print(f"memory of {len(workers)} workers, each its own: {own} MB")
    finally:
        await env.shutdown()
        await env.bot.close()


def main() -> None:
    """Prepare in a process of its own, so that nothing is warm; then measure in another."""
    if len(sys.argv) == 3:
        asyncio.run(measure(Path(sys.argv[2])))
        return
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        subprocess.run([sys.executable, __file__, "--measure", folder], check=True)


if __name__ == "__main__":
    main()
