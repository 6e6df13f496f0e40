"""What the moderators of every place chose, in memory: each message asks for it, and few ever change it."""

from bot.database import channels, settings
from bot.database.engine import Database
from bot.database.settings import GuildSettings


class Choices:
    """Their settings, and the channels in which every picture is answered without asking.

    Whoever writes any of it, in whatever process, tells so (`Koredare.telling`, "settings"), and it is read again.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._settings: dict[int, GuildSettings] = {}
        self._watched: dict[int, tuple[int, ...]] = {}

    def of(self, place_id: int) -> GuildSettings:
        """The settings of a place."""
        return self._settings.get(place_id, GuildSettings())

    def watched(self, place_id: int) -> tuple[int, ...]:
        """The ids of the watched channels of a place, first watched first."""
        return self._watched.get(place_id, ())

    async def read(self, guild_id: int | None = None) -> None:
        """Read what the moderators of a guild, or of all, have chosen, by whatever process it was written."""
        async with self._database.reading() as session:
            if guild_id is None:
                self._settings = await settings.everywhere(session)
                self._watched = await channels.everywhere(session)
            else:
                self._settings[guild_id] = await settings.get(session, guild_id)
                self._watched[guild_id] = await channels.watched(session, guild_id=guild_id)
