"""What people do on the demo's page by themselves: before the visitor comes, and while they are there."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

from simcord import MemberActor, SetupError

from bot.demo.paintings import EACH, KNOWN, LEARNED, NEW, Gallery, together
from bot.demo.world import World
from ml.painting import CAST, Character

_SHOWN = 6  # pictures of each character that are posted before the bot comes


def hang_up(world: World, gallery: Gallery) -> None:
    """Ben has posted the whole cast, before the bot came."""
    for character in CAST:
        pictures = [gallery.path(character, EACH - 1 - number) for number in range(_SHOWN)]
        files = [(path.name, path.read_bytes()) for path in pictures]
        world.put(world.ben, f"**{character.name}** {character.native}", files)


async def begin(world: World) -> None:
    """What has happened when the visitor comes: two pictures answered, and a greeting."""
    await world.you.send(world.channel, "!watch")
    akeha, kuriha, tsukiyo, ruriha, sakuho = KNOWN[0], KNOWN[2], KNOWN[3], KNOWN[4], NEW[2]
    for who, text, picture in (
        (world.ann, "Guess who!", together(akeha, kuriha, seed=3)),
        (world.ben, "And these?", together(tsukiyo, sakuho, ruriha, seed=10)),
    ):
        await who.send(world.channel, text, attachments=[("picture.jpg", picture)])
    call = await world.you.send(world.channel, "!welcome")
    await world.you.delete(call)


class Album:
    """Ann's pictures: of each character, those that nobody has seen yet, and then from the beginning."""

    def __init__(self, world: World, gallery: Gallery) -> None:
        self._world = world
        self._gallery = gallery
        self._posted: Counter[str] = Counter()

    def post(self, character: Character) -> None:
        """Have Ann post another picture of a character."""
        first = LEARNED if character in KNOWN else 0
        seed = first + self._posted[character.name] % (EACH - _SHOWN - first)
        self._posted[character.name] += 1
        # Mentioned, it answers also where it finds no face.
        text = f"Who is this, <@{self._world.env.backend.bot_user.id}>?"
        picture = self._gallery.path(character, seed).read_bytes()
        self._world.put(self._world.ann, text, [("picture.jpg", picture)])


async def agree(world: World) -> None:
    """Ann and Ben say yes by themselves when they are asked whether their pictures may be kept, until cancelled."""
    asked: asyncio.Queue[tuple[MemberActor, int, str]] = asyncio.Queue()

    def hear(event: str, message: Mapping[str, Any]) -> None:
        for member in (world.ann, world.ben) if event == "MESSAGE_CREATE" else ():
            button = f"koredare:consent:{member.id}:yes"
            if button in str(message["components"]):
                asked.put_nowait((member, int(message["id"]), button))

    world.env.backend.subscribers.append(hear)
    while True:
        member, question, button = await asked.get()
        await asyncio.sleep(1.5)  # time for the visitor to see the question
        message = next(each for each in world.channel.history() if each.id == question)
        while True:
            try:
                await member.click(message, custom_id=button)
            except SetupError:  # somebody else is doing something at this moment
                await asyncio.sleep(0.2)
            else:
                break
