"""What moderators chose for their guild; what they left alone is as the operator has it."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, TypeAlias, get_args

from sqlalchemy import JSON, CheckConstraint, Dialect, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from bot.config.tables import MOST_QUORUM, FeedbackSettings, Language
from bot.database.base import Base, one_of

Threshold: TypeAlias = Literal["strict", "bold"]

_CAUTION: dict[Threshold | None, float] = {"strict": 3.0, None: 1.0, "bold": 1 / 3}


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """What a guild chose.

    Attributes
    ----------
    language
        Of everything that the bot says there; None: as Discord has it.
    threshold
        How sure the bot must be before it says a name; None: as measured at the retraining.
    quorum
        As in `bot.config.tables.FeedbackSettings`; None: as the operator has it.
    consent
        "never": no picture posted there is learned from; None: as the operator has it. There is nothing between: what
        people agreed to, holds everywhere.
    moderator_roles
        Roles whose members are moderators, beside those who may manage the server.
    reports
        The channel in which is said what came of a retraining that nobody asked for; None: nowhere.
    """

    language: Language | None = None
    threshold: Threshold | None = None
    quorum: int | None = None
    consent: Literal["never"] | None = None
    moderator_roles: tuple[int, ...] = ()
    reports: int | None = None

    @property
    def caution(self) -> float:
        """How many times as high as measured the odds that a name is right must be, before it is said."""
        return _CAUTION[self.threshold]

    def feedback(self, operators: FeedbackSettings) -> FeedbackSettings:
        """Whose word counts here, and whose pictures may be kept: never more than the operator allows."""
        return FeedbackSettings(quorum=self.quorum or operators.quorum, consent=self.consent or operators.consent)


class _Ids(TypeDecorator[tuple[int, ...]]):
    """Ids as a JSON list."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[int, ...] | None, dialect: Dialect) -> Any:
        return list(value or ())

    def process_result_value(self, value: Any | None, dialect: Dialect) -> tuple[int, ...]:
        return tuple(value or ())


class SettingsRow(Base):
    """A row for each guild that chose something; see `GuildSettings`."""

    __tablename__ = "guild_settings"
    __table_args__ = (CheckConstraint(f"quorum BETWEEN 1 AND {MOST_QUORUM}", name="quorum_bounded"),)

    guild_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[Language | None] = mapped_column(one_of("language", get_args(Language)))
    threshold: Mapped[Threshold | None] = mapped_column(one_of("threshold", get_args(Threshold)))
    quorum: Mapped[int | None]
    consent: Mapped[Literal["never"] | None] = mapped_column(one_of("consent", ("never",)))
    moderator_roles: Mapped[tuple[int, ...]] = mapped_column(_Ids)
    reports: Mapped[int | None]

    def chosen(self) -> GuildSettings:
        """What the row says."""
        return GuildSettings(**{each.name: getattr(self, each.name) for each in fields(GuildSettings)})


async def everywhere(session: AsyncSession) -> dict[int, GuildSettings]:
    """What each guild chose; those that chose nothing are missing."""
    return {row.guild_id: row.chosen() for row in await session.scalars(select(SettingsRow))}


async def get(session: AsyncSession, guild_id: int | None) -> GuildSettings:
    """What a guild chose (None: what everyone shares is the operator's alone)."""
    row = None if guild_id is None else await session.get(SettingsRow, guild_id)
    return GuildSettings() if row is None else row.chosen()


async def choose(session: AsyncSession, guild_id: int, **attributes: Any) -> None:
    """Write down what a guild chose of `GuildSettings`; the rest stays as it chose it before."""
    chosen = replace(await get(session, guild_id), **attributes)
    await session.execute(delete(SettingsRow).where(SettingsRow.guild_id == guild_id))
    if chosen != GuildSettings():
        session.add(SettingsRow(guild_id=guild_id, **asdict(chosen)))
