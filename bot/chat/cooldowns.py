"""How often one person may use a command that costs: so often that nobody meets it who means well, moderators least.

A picture looked at has the queue besides (`bot.recognition.queue`). Whoever is too fast is told for how long, by
`bot.chat.errors`.
"""

from collections.abc import Callable
from typing import Any, Final, Literal, TypeAlias, TypeVar

from discord import app_commands
from discord.ext import commands

C = TypeVar("C", bound=commands.Command[Any, ..., Any] | app_commands.ContextMenu)

Cost: TypeAlias = Literal["pictures", "drawing", "whole server", "thousands of rows"]

_PER: Final = 60.0  # seconds
_TIMES: Final[dict[Cost, int]] = {
    "pictures": 40,  # are looked at
    "drawing": 30,  # a sheet of faces, or a chart
    "whole server": 30,  # all that it taught is read or trained on
    "thousands of rows": 5,  # are written at once, while nobody else writes
}


def costs(what: Cost) -> Callable[[C], C]:
    """Bound how often one person may use a command, or a message menu; each bot counts for itself.

    Examples
    --------
    >>> @costs("drawing")
    ... @commands.hybrid_command()
    ... async def review(self, ctx: commands.Context[Koredare]) -> None: ...
    """

    def bounded(command: C) -> C:
        if isinstance(command, app_commands.ContextMenu):
            return app_commands.checks.cooldown(_TIMES[what], _PER)(command)
        return commands.cooldown(_TIMES[what], _PER, commands.BucketType.user)(command)

    return bounded
