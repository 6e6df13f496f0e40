"""Who helped a guild most, of those who want to be named for it."""

from dataclasses import dataclass

from sqlalchemy import delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.database.base import Base
from bot.database.judgements import Judgement, WordRow


class NamedHelper(Base):
    """Somebody who wants to be named among a guild's helpers."""

    __tablename__ = "named_helpers"

    guild_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody, and of how many faces they said what is settled now."""

    user_id: int
    faces: int


async def join(session: AsyncSession, user_id: int, *, guild_id: int) -> None:
    """Name somebody from now on."""
    if not await is_named(session, user_id, guild_id=guild_id):
        session.add(NamedHelper(guild_id=guild_id, user_id=user_id))


async def leave(session: AsyncSession, user_id: int, *, guild_id: int) -> None:
    """Name somebody no longer."""
    await session.execute(delete(NamedHelper).where(NamedHelper.guild_id == guild_id, NamedHelper.user_id == user_id))


async def is_named(session: AsyncSession, user_id: int, *, guild_id: int) -> bool:
    """Whether somebody wants to be named."""
    named = exists().where(NamedHelper.guild_id == guild_id, NamedHelper.user_id == user_id)
    return bool(await session.scalar(select(named)))


async def forget(session: AsyncSession, user_id: int) -> None:
    """Name somebody nowhere any longer."""
    await session.execute(delete(NamedHelper).where(NamedHelper.user_id == user_id))


async def most_helpful(session: AsyncSession, *, guild_id: int, quorum: int, most: int) -> list[Helper]:
    """Those who want to be named and said most of what is settled now, the most helpful first."""
    # By themselves first: what PostgreSQL expects of them in one query with the rest is off by a thousand times.
    named = list(await session.scalars(select(NamedHelper.user_id).where(NamedHelper.guild_id == guild_id)))
    faces = func.count()  # of each, a person has one word at most
    rows = await session.execute(
        select(WordRow.user_id, faces)
        .join(Judgement, Judgement.face_id == WordRow.face_id)
        .where(
            WordRow.guild_id == guild_id,
            WordRow.user_id.in_(named),
            ~WordRow.against,
            Judgement.voices >= quorum,
            Judgement.character_id.is_not_distinct_from(WordRow.character_id),
        )
        .group_by(WordRow.user_id)
        .order_by(faces.desc(), WordRow.user_id)
        .limit(most)
    )
    return [Helper(*row) for row in rows]
