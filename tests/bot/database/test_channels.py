"""A watched channel stays watched until its own guild says otherwise."""

from bot.database import Database, channels


async def test_a_channel_is_watched_until_its_guild_stops_it(database: Database) -> None:
    async with database.writing() as session:
        assert await channels.watch(session, 5, guild_id=1, added_by=9)
        assert not await channels.watch(session, 5, guild_id=1, added_by=8)
        assert await channels.watch(session, 6, guild_id=2, added_by=9)
    async with database.reading() as session:
        assert await channels.watched(session, guild_id=1) == (5,)
        assert await channels.everywhere(session) == {1: (5,), 2: (6,)}
    async with database.writing() as session:
        assert not await channels.unwatch(session, 5, guild_id=2)
        assert await channels.is_watched(session, 5)
        assert await channels.unwatch(session, 5, guild_id=1)
        assert not await channels.unwatch(session, 5, guild_id=1)
        assert not await channels.is_watched(session, 5)
        assert await channels.is_watched(session, 6)
