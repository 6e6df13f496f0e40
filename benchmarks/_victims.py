"""Processes for `benchmarks/killing.py` to kill: one corrects, one publishes and goes back, for as long as they live.

`python benchmarks/_victims.py correcting|publishing HOME`; each says on standard output what it has begun or done.
"""

import asyncio
import shutil
import sys
from itertools import count
from pathlib import Path

from sqlalchemy import select

from bot.config import Settings, load_settings
from bot.database import Database, corrections
from bot.database.opened import opened
from bot.database.pictures import Face
from bot.database.versions import Author
from bot.retraining import publishing

_OPERATOR = Author("shell")


async def correct(_settings: Settings, database: Database) -> None:
    """Write corrections down, and acknowledge each by its id once it is committed."""
    async with database.reading() as session:
        faces = (await session.scalars(select(Face.id))).all()
    for turn in count():
        async with database.writing() as session:
            row = await corrections.add(
                session,
                face_id=faces[turn % len(faces)],
                kind="not",
                user_id=1 + turn % 5,
                moderator=False,
                via="button",
                name=f"nobody {turn % 3}",
            )
        say(f"acknowledged {row.id}")


async def publish(settings: Settings, database: Database) -> None:
    """Publish the active version anew, twice, then go back, and so on."""
    registry = settings.registry(None)
    for turn in count():
        if turn % 3 == 2:
            say("going back")
            await publishing.roll_back(settings, database, "", guild_id=None, by=_OPERATOR)
            continue
        say("publishing")
        active = registry.active()
        assert active is not None
        with registry.staging() as staging:
            shutil.copytree(active.folder, staging / "version")
            await publishing.publish(
                settings, database, staging / "version", kind="published", guild_id=None, by=_OPERATOR
            )


def say(line: str) -> None:
    """Tell whoever kills what has been done so far."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def main() -> None:
    """Do one thing for ever."""
    settings = load_settings(home=Path(sys.argv[2]))
    async with opened(settings) as database:
        await {"correcting": correct, "publishing": publish}[sys.argv[1]](settings, database)


if __name__ == "__main__":
    asyncio.run(main())
