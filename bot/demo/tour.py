"""`koredare demo --once`: a short story in the terminal, acted by the real bot."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
from simcord import MemberActor

from bot.config import Settings
from bot.correcting.menus import NAME, OTHER
from bot.demo.paintings import KNOWN, NEW, Gallery, together
from bot.demo.preparation import prepare
from bot.demo.terminal import beside, say
from bot.demo.world import World, opened
from ml import files

TAUGHT = NEW[0]
SEEDS = (0, 1, 2)  # the pictures that she is taught by
ANOTHER = 14  # the one that she is to be known in
AGREE = "Yes, learn from them"


class Storyteller:
    """Prints what the bot says, as it says it, and saves the pictures that it answers with."""

    def __init__(self, world: World, out: Path) -> None:
        self._world = world
        self._out = out
        self._said: dict[str, str] = {}
        self.saved: list[Path] = []
        world.env.backend.subscribers.append(self._hear)

    def _hear(self, event: str, message: Mapping[str, Any]) -> None:
        if event not in {"MESSAGE_CREATE", "MESSAGE_UPDATE"} or message["author"]["username"] != "Koredare":
            return
        number, text = message["id"], message["content"]
        before = self._said.get(number)
        if before == text:
            return
        self._said[number] = text
        text = text.replace(self._world.channel.mention, f"#{self._world.channel.name}")
        beside("Koredare" if before is None else "(edited)", text)
        for attachment in message["attachments"] if before is None else ():
            self._save(attachment)
        if options := [option["label"] for option in _options(message["components"])]:
            beside("", f"[{'] ['.join(options)}]")

    def _save(self, attachment: Mapping[str, Any]) -> None:
        data = self._world.env.backend.cdn.get(attachment["url"])
        assert data is not None
        path = files.write_beside(self._out / f"{len(self.saved) + 1}-{attachment['filename']}", data)
        self.saved.append(path)
        beside("", f"→ {path}")


def _options(component: Any) -> list[dict[str, Any]]:
    """The choices of a message's menus."""
    if isinstance(component, list):
        return [option for each in component for option in _options(each)]  # pyright: ignore[reportUnknownVariableType]
    return component.get("options") or _options(component.get("components", []))


@dataclass(frozen=True, slots=True)
class Tour:
    """The story, step by step."""

    world: World
    gallery: Gallery

    async def play(self) -> str:
        """Act it all; gives what the bot says of the last picture."""
        world, you = self.world, self.world.you
        beside("You", "!watch")
        await you.send(world.channel, "!watch")
        akeha, kuriha = KNOWN[0], KNOWN[2]
        _title(f"Two whom it knows, {akeha.name} and {kuriha.name}")
        await self._post(world.ben, together(akeha, kuriha, seed=3))
        _title(f"Somebody new: Ann shows {TAUGHT.name}, and you say who she is")
        await self._teach(SEEDS[0], self._type_her_name)
        _title("Two more pictures of her: one was enough to know her by, or her name is in the menu")
        for seed in SEEDS[1:]:
            await self._teach(seed, self._choose_her_name)
        _title("Let it learn")
        beside("You", "!retrain")
        await you.send(world.channel, "!retrain")
        _title(f"Another picture of {TAUGHT.name}")
        return (await self._post(world.ann, self._picture(ANOTHER))).content

    async def _teach(self, seed: int, name_her: Callable[[discord.Message], Awaitable[None]]) -> None:
        answer = await self._post(self.world.ann, self._picture(seed))
        if _is_her(answer.content):  # one picture was enough, or the data folder has been on this tour before
            beside("You", "tap ✅")
            await self.world.you.react(answer, "✅")
            return
        beside("You", "tap ❌")
        await self.world.you.react(answer, "❌")
        await name_her(self.world.last())
        await self._agree()

    async def _type_her_name(self, question: discord.Message) -> None:
        beside("You", f"tap Search by typing…, and type {TAUGHT.name}")
        form = await self.world.you.select(question, [OTHER])
        await self.world.you.submit_modal(form, {"name": TAUGHT.name})

    async def _choose_her_name(self, question: discord.Message) -> None:
        beside("You", f"tap {TAUGHT.name}")
        await self.world.you.select(question, [NAME + TAUGHT.name])

    async def _agree(self) -> None:
        """Ann says yes, if she was asked just now: once is enough, and the configuration may spare her that."""
        asked = self.world.last()
        if AGREE in str(asked.components):
            beside("Ann", f"taps {AGREE}")
            await self.world.ann.click(asked, label=AGREE)

    async def _post(self, who: MemberActor, picture: bytes) -> discord.Message:
        beside(who.name.capitalize(), "posts a picture")
        await who.send(self.world.channel, attachments=[("picture.jpg", picture)])
        return self.world.last()

    def _picture(self, seed: int) -> bytes:
        return self.gallery.path(TAUGHT, seed).read_bytes()


def _is_her(answer: str) -> bool:
    return answer.startswith(f"**1** {TAUGHT.name} ")  # anywhere else her name may be a wrong guess, or a doubt


def _title(text: str) -> None:
    say(f"\n— {text}\n")


async def play(*, out: Path, settings: Settings) -> int:
    """Prepare, let the bot in, act, and judge; gives the exit code. `out` is a folder that is there."""
    say("The real bot in a simulated Discord. First it has to learn a few characters.\n")
    gallery = await prepare(settings, new=[TAUGHT], seeds=[*SEEDS, ANOTHER])
    say()
    async with opened(settings) as world:
        teller = Storyteller(world, out)
        last = await Tour(world, gallery).play()
    if not _is_her(last):
        say(f"\nThat went wrong: the last answer should have been {TAUGHT.name}, and it was: {last}")
        return 1
    say(f"\nIt has learned {TAUGHT.name}. The {len(teller.saved)} labelled pictures are in {out}.")
    say("Next: `make demo` (or `koredare demo`) opens a page where you do this with your own pictures.")
    return 0
