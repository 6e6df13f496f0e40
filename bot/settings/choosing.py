"""What moderators may choose: every setting with what it does now, and a menu to change it."""

import unicodedata
from collections.abc import Sequence
from typing import Any, Literal, Self, TypeAlias, cast

import discord
from discord import ui

from bot.chat.errors import UserError
from bot.chat.items import Interaction, Item, acknowledge, replace, view
from bot.chat.permissions import MODERATORS, Claim
from bot.client import Place
from bot.config.tables import MOST_QUORUM
from bot.database import settings
from ml.naming.classifier import cautious

Choice: TypeAlias = Literal["threshold", "quorum", "language", "consent"]
DEFAULT = "default"
_CHANNELS_SHOWN = 10  # and so many roles, so that all of it fits into a message
_ROLES_MOST = 10


async def choose(place: Place, choice: Choice, value: str) -> None:
    """Change one setting of a guild; "default" leaves it to the operator again.

    Raises
    ------
    UserError
        This is not accepted; the message says what is.
    """
    words = place.words
    accepted = _options(place, choice)
    value = unicodedata.normalize("NFKC", value).casefold()
    if value not in accepted:
        if choice == "quorum":
            raise UserError(words("settings-quorum-accepted", most=MOST_QUORUM))
        choices = words("comma").join(f"`{each}`" for each in accepted)
        raise UserError(words("settings-accepted", setting=choice, choices=choices))
    typed: dict[Choice, Any] = {choice: None if value == DEFAULT else int(value) if choice == "quorum" else value}
    await _choose(place, **typed)


async def choose_roles(place: Place, roles: Sequence[discord.Role]) -> None:
    """Count the members of these roles as moderators, and of no others.

    Raises
    ------
    UserError
        One of them is everybody's, or they are too many.
    """
    if any(role.is_default() for role in roles):
        raise UserError(place.words("settings-roles-everyone"))
    if len(roles) > _ROLES_MOST:
        raise UserError(place.words("settings-roles-too-many", most=_ROLES_MOST))
    ids = tuple(sorted({role.id for role in roles}))
    await _choose(place, moderator_roles=ids)


async def choose_reports(place: Place, channel_id: int | None) -> None:
    """Say in this channel what came of retrainings that nobody asked for; None: nowhere."""
    await _choose(place, reports=channel_id)


async def _choose(place: Place, **chosen: Any) -> None:
    async with place.bot.telling("settings", place.id) as session:
        await settings.choose(session, place.id, **chosen)


async def overview(place: Place) -> str:
    """Every setting of a guild, and what it does now."""
    words, watched = place.words, place.watched
    lines = [words("settings-heading", prefix=place.bot.prefix)]
    lines += [await describe(place, choice) for choice in ("threshold", "quorum")]
    lines.append(describe_roles(place))
    lines += [await describe(place, choice) for choice in ("language", "consent")]
    lines.append(describe_reports(place))
    shown = words("comma").join(f"<#{each}>" for each in watched[:_CHANNELS_SHOWN])
    lines.append(
        words(
            "settings-watched",
            count=len(watched),
            channels=shown,
            more=max(0, len(watched) - _CHANNELS_SHOWN),
            prefix=place.bot.prefix,
        )
    )
    if watched and not place.bot.intents.message_content:
        lines.append(words("watching-blind"))
    return "\n".join(lines)


async def describe(place: Place, choice: Choice) -> str:
    """What a setting does now in a guild."""
    words, chosen = place.words, place.chosen
    match choice:
        case "threshold":
            line = words("settings-threshold", threshold=chosen.threshold or DEFAULT)
            active = await place.model()
            if active is not None and active.threshold is not None:
                percent = round(cautious(active.threshold, chosen.caution) * 100)
                line += words("settings-threshold-percent", percent=percent)
            return line
        case "quorum":
            line = words("settings-quorum", members=place.quorum)
            return line if chosen.quorum is not None else line + words("settings-as-operator")
        case "language":
            line = words("settings-language", language=words.language)
            return line if chosen.language is not None else line + words("settings-as-discord")
        case "consent":
            line = words("settings-consent", consent=place.consent)
            return line if chosen.consent is not None else line + words("settings-as-operator")


def describe_roles(place: Place) -> str:
    """Who counts as a moderator in a guild."""
    words, roles = place.words, _present_roles(place)
    named = words("comma").join(f"<@&{role}>" for role in roles)
    return words("settings-roles", count=len(roles), roles=named)


def describe_reports(place: Place) -> str:
    """Where a guild reads what came of retrainings that nobody asked for."""
    channel_id = place.chosen.reports
    if channel_id is None:
        return place.words("settings-reports-nowhere")
    return place.words("settings-reports", channel=f"<#{channel_id}>")


def menus(place: Place) -> ui.View:
    """A menu for every setting."""
    return view(
        ChoiceMenu.of("threshold", place),
        ChoiceMenu.of("quorum", place),
        RolesMenu.of(place),
        ChoiceMenu.of("language", place),
        ChoiceMenu.of("consent", place),
    )


class ChoiceMenu(Item[ui.Select[Any]], template=r"koredare:settings:(?P<choice>threshold|quorum|language|consent)"):
    """The choices of one setting, the present one chosen."""

    @classmethod
    def of(cls, choice: Choice, place: Place) -> Self:
        """Make it."""
        accepted = _options(place, choice)
        chosen = str(getattr(place.chosen, choice))
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
        await acknowledge(interaction)
        place, choice = interaction.client.place_of(interaction), cast("Choice", self.match["choice"])
        await choose(place, choice, self.item.values[0])
        await _show(interaction, place)


class RolesMenu(Item[ui.RoleSelect[Any]], template=r"koredare:settings:roles"):
    """The roles that count as moderators'."""

    @classmethod
    def of(cls, place: Place) -> Self:
        """Make it."""
        roles = _present_roles(place)
        return cls(
            ui.RoleSelect(
                custom_id="koredare:settings:roles",
                placeholder=place.words("settings-roles-choose"),
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
        await acknowledge(interaction)
        place = interaction.client.place_of(interaction)
        await choose_roles(place, self.item.values)
        await _show(interaction, place)


def _present_roles(place: Place) -> list[int]:
    """The chosen roles, without those that were deleted since."""
    guild, chosen = place.guild, place.chosen.moderator_roles
    return [role for role in chosen if guild is not None and guild.get_role(role) is not None]


async def _show(interaction: Interaction, place: Place) -> None:
    await replace(interaction, content=await overview(place), view=menus(place))


def _options(place: Place, choice: Choice) -> dict[str, str]:
    """What may be chosen, and what the menu calls it."""
    words, operators = place.words, place.bot.settings.feedback
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
