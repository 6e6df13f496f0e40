"""What moderators may choose: every setting with what it does now, and a menu to change it."""

from collections.abc import Sequence
from typing import Any, Literal, Self, TypeAlias, cast

import discord
from discord import ui

from bot.chat.errors import UserError
from bot.chat.items import Interaction, Item, acknowledge, replace, view
from bot.chat.permissions import MODERATORS, Claim
from bot.client import Koredare
from bot.config import MOST_QUORUM
from bot.database import channels
from ml.naming.classifier import cautious

Choice: TypeAlias = Literal["threshold", "quorum", "language", "consent"]
DEFAULT = "default"
_CHANNELS_SHOWN = 10  # and so many roles, so that all of it fits into a message
_ROLES_MOST = 10


async def choose(bot: Koredare, guild_id: int, choice: Choice, value: str) -> None:
    """Change one setting of a guild; "default" leaves it to the operator again.

    Raises
    ------
    UserError
        This is not accepted; the message says what is.
    """
    words = bot.words(guild_id)
    accepted = _options(bot, guild_id, choice)
    if value not in accepted:
        if choice == "quorum":
            raise UserError(words("settings-quorum-accepted", most=MOST_QUORUM))
        choices = words("comma").join(f"`{each}`" for each in accepted)
        raise UserError(words("settings-accepted", setting=choice, choices=choices))
    typed: dict[Choice, Any] = {choice: None if value == DEFAULT else int(value) if choice == "quorum" else value}
    await bot.choose(guild_id, **typed)


async def choose_roles(bot: Koredare, guild_id: int, roles: Sequence[discord.Role]) -> None:
    """Count the members of these roles as moderators, and of no others.

    Raises
    ------
    UserError
        One of them is everybody's, or they are too many.
    """
    if any(role.is_default() for role in roles):
        raise UserError(bot.words(guild_id)("settings-roles-everyone"))
    if len(roles) > _ROLES_MOST:
        raise UserError(bot.words(guild_id)("settings-roles-too-many", most=_ROLES_MOST))
    ids = tuple(sorted({role.id for role in roles}))
    await bot.choose(guild_id, moderator_roles=ids)


async def overview(bot: Koredare, guild_id: int) -> str:
    """Every setting of a guild, and what it does now."""
    words = bot.words(guild_id)
    async with bot.database.reading() as session:
        watched = await channels.watched(session, guild_id=guild_id)
    lines = [words("settings-heading", prefix=bot.prefix)]
    lines += [await describe(bot, guild_id, choice) for choice in ("threshold", "quorum")]
    lines.append(describe_roles(bot, guild_id))
    lines += [await describe(bot, guild_id, choice) for choice in ("language", "consent")]
    shown = words("comma").join(f"<#{each.channel_id}>" for each in watched[:_CHANNELS_SHOWN])
    lines.append(
        words(
            "settings-watched",
            count=len(watched),
            channels=shown,
            more=max(0, len(watched) - _CHANNELS_SHOWN),
            prefix=bot.prefix,
        )
    )
    if watched and not bot.intents.message_content:
        lines.append(words("watching-blind"))
    return "\n".join(lines)


async def describe(bot: Koredare, guild_id: int, choice: Choice) -> str:
    """What a setting does now in a guild."""
    words, chosen, feedback = bot.words(guild_id), bot.guild_settings(guild_id), bot.feedback(guild_id)
    match choice:
        case "threshold":
            line = words("settings-threshold", threshold=chosen.threshold or DEFAULT)
            active = await bot.model(guild_id)
            if active is not None and active.threshold is not None:
                percent = round(cautious(active.threshold, chosen.caution) * 100)
                line += words("settings-threshold-percent", percent=percent)
            return line
        case "quorum":
            line = words("settings-quorum", members=feedback.quorum)
            return line if chosen.quorum is not None else line + words("settings-as-operator")
        case "language":
            line = words("settings-language", language=words.language)
            return line if chosen.language is not None else line + words("settings-as-discord")
        case "consent":
            line = words("settings-consent", consent=feedback.consent)
            return line if chosen.consent is not None else line + words("settings-as-operator")


def describe_roles(bot: Koredare, guild_id: int) -> str:
    """Who counts as a moderator in a guild."""
    words, roles = bot.words(guild_id), _present_roles(bot, guild_id)
    named = words("comma").join(f"<@&{role}>" for role in roles)
    return words("settings-roles", count=len(roles), roles=named)


def menus(bot: Koredare, guild_id: int) -> ui.View:
    """A menu for every setting."""
    return view(
        ChoiceMenu.of("threshold", bot, guild_id),
        ChoiceMenu.of("quorum", bot, guild_id),
        RolesMenu.of(bot, guild_id),
        ChoiceMenu.of("language", bot, guild_id),
        ChoiceMenu.of("consent", bot, guild_id),
    )


class ChoiceMenu(Item[ui.Select[Any]], template=r"koredare:settings:(?P<choice>threshold|quorum|language|consent)"):
    """The choices of one setting, the present one chosen."""

    @classmethod
    def of(cls, choice: Choice, bot: Koredare, guild_id: int) -> Self:
        """Make it."""
        accepted = _options(bot, guild_id, choice)
        chosen = str(getattr(bot.guild_settings(guild_id), choice))
        now = chosen if chosen in accepted else DEFAULT
        options = [
            discord.SelectOption(label=label, value=value, default=value == now) for value, label in accepted.items()
        ]
        return cls(ui.Select(custom_id=f"koredare:settings:{choice}", options=options))

    def claim(self, interaction: Interaction) -> Claim:
        """The server's settings."""
        return MODERATORS

    async def act(self, interaction: Interaction) -> None:
        """Do as chosen, and show it."""
        assert interaction.guild_id is not None
        await acknowledge(interaction)
        choice = cast("Choice", self.match["choice"])
        await choose(interaction.client, interaction.guild_id, choice, self.item.values[0])
        await _show(interaction, interaction.guild_id)


class RolesMenu(Item[ui.RoleSelect[Any]], template=r"koredare:settings:roles"):
    """The roles that count as moderators'."""

    @classmethod
    def of(cls, bot: Koredare, guild_id: int) -> Self:
        """Make it."""
        roles = _present_roles(bot, guild_id)
        return cls(
            ui.RoleSelect(
                custom_id="koredare:settings:roles",
                placeholder=bot.words(guild_id)("settings-roles-choose"),
                min_values=0,
                max_values=_ROLES_MOST,
                default_values=[discord.SelectDefaultValue.from_role(discord.Object(role)) for role in roles],
            )
        )

    def claim(self, interaction: Interaction) -> Claim:
        """The server's settings."""
        return MODERATORS

    async def act(self, interaction: Interaction) -> None:
        """Do as chosen, and show it."""
        assert interaction.guild_id is not None
        await acknowledge(interaction)
        await choose_roles(interaction.client, interaction.guild_id, self.item.values)
        await _show(interaction, interaction.guild_id)


def _present_roles(bot: Koredare, guild_id: int) -> list[int]:
    """The chosen roles, without those that were deleted since."""
    guild = bot.get_guild(guild_id)
    chosen = bot.guild_settings(guild_id).moderator_roles
    return [role for role in chosen if guild is not None and guild.get_role(role) is not None]


async def _show(interaction: Interaction, guild_id: int) -> None:
    bot = interaction.client
    await replace(interaction, content=await overview(bot, guild_id), view=menus(bot, guild_id))


def _options(bot: Koredare, guild_id: int, choice: Choice) -> dict[str, str]:
    """What may be chosen, and what the menu calls it."""
    words, operators = bot.words(guild_id), bot.settings.feedback
    match choice:
        case "threshold":
            return {
                "strict": words("settings-menu-strict"),
                DEFAULT: words("settings-menu-measured"),
                "bold": words("settings-menu-bold"),
            }
        case "quorum":
            counts = range(1, MOST_QUORUM + 1)
            return {DEFAULT: words("settings-menu-quorum-default", members=operators.quorum)} | {
                str(members): words("settings-menu-quorum", members=members) for members in counts
            }
        case "language":
            return {DEFAULT: words("settings-menu-language-default"), "en": "English", "ja": "日本語"}
        case "consent":
            return {
                DEFAULT: words("settings-menu-consent-default", consent=operators.consent),
                "never": words("settings-menu-never"),
            }
