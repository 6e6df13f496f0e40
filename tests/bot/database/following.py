"""Somebody who keeps what a guild learns from in mind, and only reads of whom something changed."""

from itertools import chain

from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import examples, moved
from bot.database.examples import Example


class Follower:
    """Reads what a guild learns from once, and from then on only of whom something changed."""

    def __init__(self, guild_id: int) -> None:
        self.guild_id = guild_id
        self.seen: moved.Stamp = ()
        self.held: dict[int, list[Example]] = {}

    async def moves(self, session: AsyncSession) -> bool:
        """Whether something moved the stamp since this was asked last; what is held is all that there is."""
        before, self.seen = self.seen, await moved.stamp(session, self.guild_id)
        changed = await moved.since(session, self.guild_id, before) if before else None
        if changed is None:
            self.held.clear()
        for who in changed or ():
            self.held.pop(who, None)
        for each in await examples.examples(session, guild_id=self.guild_id, quorum=2, of=changed):
            self.held.setdefault(each.character_id, []).append(each)
        everything = await examples.examples(session, guild_id=self.guild_id, quorum=2)
        assert sorted(chain(*self.held.values()), key=lambda each: each.face_id) == everything
        return self.seen != before
