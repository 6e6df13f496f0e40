"""Teaching with pictures: a command, a message menu with a form, and a ZIP for many characters at once."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import PurePath
from typing import Self

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot import disk
from bot.answers import update
from bot.characters import pages
from bot.chat.cooldowns import costs
from bot.chat.errors import UserError
from bot.chat.items import Form, Interaction, acknowledge
from bot.chat.lost import unless_lost
from bot.chat.permissions import Claim, Refused, Speaker, admit
from bot.chat.replies import quoted
from bot.client import Koredare
from bot.correcting import hearing
from bot.database import characters
from bot.database.rules import BURST
from bot.knowledge import archive
from bot.privacy import consent
from bot.teaching import answering, lessons, menus
from bot.teaching.lessons import Given, Looks
from bot.teaching.teach import Taught
from bot.whois.attachments import pictures_of
from bot.whois.cog import shown_in
from bot.words import Words

_HERE = Claim(in_server=True)
_ARCHIVES = frozenset({".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"})
_TOLD = 40  # pictures of a ZIP after which its progress is shown again

Send = Callable[..., Awaitable[discord.Message]]


class Teaching(commands.Cog):
    """Teach a character by pictures."""

    def __init__(self, bot: Koredare) -> None:
        self.bot = bot
        bot.add_dynamic_items(menus.WhichMenu, menus.BackButton)
        self._menu = costs("pictures")(app_commands.ContextMenu(name="Teach…", callback=self.teach_with))
        self._menu.guild_only = True
        bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take the message menu away."""
        self.bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @costs("pictures")
    @commands.hybrid_command()
    @commands.guild_only()
    @app_commands.describe(
        picture="A picture of the character, or a ZIP with a folder of pictures for each",
        **{f"picture{number}": "Another one" for number in range(2, 11)},
        name="Who is in the pictures",
    )
    async def teach(  # noqa: PLR0917  Discord asks for each picture by an option of its own
        self,
        ctx: commands.Context[Koredare],
        picture: discord.Attachment | None = None,
        picture2: discord.Attachment | None = None,
        picture3: discord.Attachment | None = None,
        picture4: discord.Attachment | None = None,
        picture5: discord.Attachment | None = None,
        picture6: discord.Attachment | None = None,
        picture7: discord.Attachment | None = None,
        picture8: discord.Attachment | None = None,
        picture9: discord.Attachment | None = None,
        picture10: discord.Attachment | None = None,
        *,
        name: str | None = None,
    ) -> None:
        """Teach me a character by up to ten pictures; I keep the faces of those that you upload."""
        speaker = Speaker.of(ctx)
        await admit(speaker, _HERE)
        first = (picture, picture2, picture3, picture4, picture5)
        uploaded = [each for each in (*first, picture6, picture7, picture8, picture9, picture10) if each is not None]
        shown = ctx.message if uploaded or ctx.interaction is not None else await shown_in(ctx.message)
        found = uploaded or pictures_of(shown)[: lessons.MOST]
        poster = shown.author if ctx.interaction is None else ctx.author
        given = Given(
            speaker.place,
            ctx.channel.id,
            None if ctx.interaction is not None else shown.id,
            poster.id,
            upload=bool(uploaded) or shown.author.id == ctx.author.id,
            declined=consent.cannot_agree(speaker.place, poster),
            by=ctx.author.id,
        )
        await acknowledge(ctx)
        await _teach(speaker, given, found, name, ctx.send)

    @teach.autocomplete("name")
    async def _names(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await pages.suggest(interaction, current)

    async def teach_with(self, interaction: Interaction, message: discord.Message) -> None:
        """Ask who is in the pictures of the message that the menu was opened on."""
        speaker = Speaker.of(interaction)
        await admit(speaker, _HERE)
        found = pictures_of(message)[: lessons.MOST]
        words = speaker.place.words
        if self.bot.user is not None and message.author.id == self.bot.user.id:
            raise UserError(words("answer-my-own"))
        if not found:
            raise UserError(words("answer-no-picture"))
        given = Given(
            speaker.place,
            message.channel.id,
            message.id,
            message.author.id,
            upload=message.author.id == interaction.user.id,
            declined=consent.cannot_agree(speaker.place, message.author),
            by=speaker.user_id,
        )
        await interaction.response.send_modal(TeachForm(given, found, words))


class TeachForm(Form):
    """Who is in the pictures of a message."""

    def __init__(self, given: Given, found: Sequence[discord.Attachment], words: Words) -> None:
        super().__init__(_HERE, title=words("teach-form"))
        self.given, self.found = given, found
        self.name = ui.TextInput[Self](custom_id="name", max_length=characters.NAME_LIMIT)
        self.name.placeholder = words("correction-form-hint")
        self.add_item(ui.Label(text=words("teach-form-name"), component=self.name))

    async def act(self, interaction: Interaction) -> None:
        """Learn what they show."""
        speaker = Speaker.of(interaction)
        if not await speaker.sees(self.given.channel_id):
            raise Refused("out of sight")
        await interaction.response.defer()

        async def send(content: str) -> discord.Message:
            return await interaction.followup.send(content, wait=True)

        await _teach(speaker, self.given, self.found, self.name.value, send)


async def _teach(
    speaker: Speaker, given: Given, attachments: Sequence[discord.Attachment], name: str | None, send: Send
) -> None:
    """Learn what some pictures, or a ZIP of them, show, and answer it."""
    place, words, prefix = speaker.place, speaker.place.words, speaker.place.bot.prefix
    if place.consent == "never":
        raise UserError(words("teach-never", guild=str(place.id)))
    who = None if name is None else characters.clean(_named(name, words))
    if place.bot.user is not None and given.poster_id == place.bot.user.id:
        raise UserError(words("answer-my-own"))
    archives = [each for each in attachments if _is_zip(each)]
    if archives:
        await _teach_zip(speaker, given, archives[0], who, send)
        return
    if who is None:
        raise UserError(words("teach-no-name", prefix=prefix))
    if not attachments:
        raise UserError(words("teach-no-picture", name=quoted(who)))
    message = await send(words("teach-looking", pictures=len(attachments)))
    spoiler = any(each.is_spoiler() for each in attachments)
    looks = lessons.attached(given, attachments, who)
    await _learn(speaker, message, looks, spoiler=spoiler)


async def _teach_zip(
    speaker: Speaker, given: Given, attachment: discord.Attachment, who: str | None, send: Send
) -> None:
    words = speaker.place.words
    zipped = await lessons.unzip(speaker.place, attachment, who)
    file, total = archive.called(attachment.filename), len(zipped.parts)
    if not speaker.moderator and total > BURST:
        raise UserError(words("teach-zip-members", most=BURST, pictures=total))  # they would count for nothing
    message = await send(words("teach-looking", pictures=total))

    async def told() -> Looks:
        yield zipped.left_out
        done = 0
        async for looks in lessons.zipped(given, zipped, file):
            yield looks
            done += len(looks)
            if done % _TOLD < len(looks) < total - done:
                with unless_lost("Showing how far a lesson is"):
                    await message.edit(content=words("teach-looked", done=done, pictures=total))

    await _learn(speaker, message, told(), spoiler=attachment.is_spoiler(), file=file)


async def _learn(
    speaker: Speaker, message: discord.Message, looks: Looks, *, spoiler: bool, file: str | None = None
) -> None:
    """Write down all that was looked at, and put what came of it in the place of a message."""
    outcome = Taught(message.id)
    try:
        disk.require(speaker.place.bot.settings.home)
        async for each in looks:
            await outcome.learn(speaker, each)
    except Exception:
        if not outcome.faces:
            with unless_lost("Taking a message away"):
                await message.delete()  # what it promised does not come; the error is answered
            raise
        await answering.answer(speaker, outcome, message, spoiler=spoiler, file=file)  # what was learned until then
        raise
    try:
        await answering.answer(speaker, outcome, message, spoiler=spoiler, file=file)
    finally:  # what was learned counts, whether or not that could be said
        await update.show(speaker.place.bot, outcome.before)
        for picture in outcome.waiting.values():
            await consent.ask(speaker.place, picture)


def _named(name: str, words: Words) -> str:
    """Whom to teach, out of what was typed as a name."""
    found = hearing.taught(name)
    if found is None:
        raise UserError(words("teach-no-such-name", name=quoted(name[: characters.NAME_LIMIT])))
    return found


def _is_zip(attachment: discord.Attachment) -> bool:
    """Whether it is a ZIP, or another archive, which is refused as such."""
    by_type = (attachment.content_type or "").startswith(("application/zip", "application/x-zip"))
    return by_type or PurePath(attachment.filename).suffix.lower() in _ARCHIVES


async def setup(bot: Koredare) -> None:
    """Load the cog."""
    await bot.add_cog(Teaching(bot))
