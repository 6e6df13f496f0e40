"""What the bot can do in the demo only: greet visitors, take their pictures, and offer its reactions to be clicked."""

import itertools
import re
from collections.abc import Callable, Container, Iterator, Sequence
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.chat import errors, replies
from bot.client import Koredare
from bot.demo.paintings import KNOWN, NEW
from bot.whois import answering
from bot.whois.attachments import Posted
from ml.painting import CAST, Character
from ml.training.report import measured

Post = Callable[[Character], None]
"""Has Ann post another picture of a character."""

_NUMBERED = re.compile(r"^\*\*(\d+)\*\* ", re.MULTILINE)


def _welcome(known: Container[str]) -> str:
    new = _names([character for character in CAST if character.name not in known])
    return f"""## これ誰? Who is this?
I put a name on every anime face. I know {_names([character for character in CAST if character.name in known])}\
{f"; {new} are new to me" if new else ""}.
1. **Show me a picture** of yours (also with **+** below), or let Ann post one.
2. **Am I wrong?** Click ❌ or **Correct…** below my answer, and say who it is.
3. Show me another picture: I know her. `!retrain` below measures how well; of somebody new three help most."""


def _names(characters: Sequence[Character]) -> str:
    names = [character.name for character in characters]
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


class Visitors(commands.Cog):
    """Makes the bot easy to try on simcord's page, which can neither attach a file nor choose a new emoji."""

    def __init__(self, bot: Koredare, post: Post) -> None:
        self.bot = bot
        self.post = post
        self._offered: set[int] = set()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """An answer to a posted picture."""
        await self._offer(message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """An answer that took the place of "is thinking"."""
        await self._offer(payload.message)

    async def _offer(self, message: discord.Message) -> None:
        """Put the reactions that mean something below an answer; the page can click what is there."""
        assert self.bot.user is not None
        shows_faces = any("whois" in attachment.filename for attachment in message.attachments)  # and no chart
        if message.author.id != self.bot.user.id or not shows_faces or message.id in self._offered:
            return
        self._offered.add(message.id)
        numbers = [int(number) for number in _NUMBERED.findall(message.content)]
        digits = replies.DIGITS[: max(numbers)] if len(numbers) > 1 else ()
        for emoji in (replies.RIGHT, replies.WRONG, replies.NOT_A_FACE, *digits):
            await message.add_reaction(emoji)

    @app_commands.command()
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        """Show me a picture of yours."""
        await interaction.response.send_modal(_Upload())

    @commands.command(hidden=True)
    async def welcome(self, ctx: commands.Context[Koredare]) -> None:
        """Say what there is to try."""
        version = await self.bot.place_of(ctx).model()
        report = None if version is None else measured(version)
        known = set[str]() if report is None else {each.name for each in report.characters}
        await ctx.send(_welcome(known), view=_Greeting(self.post))


class _Greeting(ui.View):
    def __init__(self, post: Post) -> None:
        super().__init__(timeout=None)
        for character in NEW:
            self.add_item(_AnnPosts(post, itertools.repeat(character), character.name))
        self.add_item(_AnnPosts(post, itertools.cycle(KNOWN), "somebody else"))

    @ui.button(label="Show me a picture", style=discord.ButtonStyle.success, row=0)
    async def show(self, interaction: discord.Interaction[Any], _button: ui.Button[Any]) -> None:
        """Ask for a file."""
        await interaction.response.send_modal(_Upload())


class _AnnPosts(ui.Button[_Greeting]):
    def __init__(self, post: Post, whom: Iterator[Character], name: str) -> None:
        super().__init__(label=f"Ann posts {name}", row=1)
        self._post = post
        self._whom = whom

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Ann posts a picture, and the bot answers it as it answers anybody's."""
        await interaction.response.defer()
        self._post(next(self._whom))


class _Upload(ui.Modal, title="Who is this?"):
    picture: ui.Label[Any] = ui.Label(
        text="Picture",
        description="PNG, JPEG, WebP or GIF, up to 10 MB. It stays on this computer.",
        component=ui.FileUpload(custom_id="picture", max_values=1),
    )

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Answer as the command `whois` does."""
        assert isinstance(self.picture.component, ui.FileUpload)
        assert interaction.channel_id is not None
        await interaction.response.defer(thinking=True)
        posted = Posted(
            self.picture.component.values,
            interaction.user.id,
            interaction.client.place_of(interaction),
            interaction.channel_id,
            message_id=None,
        )

        async def send(**what: Any) -> discord.Message | None:
            return await interaction.followup.send(**what, wait=True)

        await answering.answer(posted, send, by=interaction.user.id, asking=None, asked=True)

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:
        """Answer whatever went wrong."""
        await errors.answer(interaction, error)
