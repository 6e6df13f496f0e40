"""What goes wrong between the bot and this Discord: a fault for the next calls of a route."""

import asyncio
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any, Literal, TypeAlias

Way: TypeAlias = Literal["status", "drop", "lose", "keep", "hang", "cut"]
"""How a call goes wrong: answered with a status; its connection closed before anything was done; the same after it was
done; done, and not answered until `Fault.release` is set; not even done until then; the answer ends in the middle."""


@dataclass
class Fault:
    """Something that goes wrong with the next `times` calls of a method and path ("/channels/*/messages").

    Attributes
    ----------
    met
        How many calls it befell.
    """

    method: str
    path: str
    way: Way = "status"
    status: int = 500
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    times: int = 1
    met: int = 0
    release: asyncio.Event = field(default_factory=asyncio.Event)

    def befalls(self, method: str, path: str) -> bool:
        """Whether this call goes wrong by it; counted, if so."""
        if self.met >= self.times or method != self.method or not fnmatch(path, self.path):
            return False
        self.met += 1
        return True


def rate_limited(method: str, path: str, seconds: float, *, everywhere: bool = False, times: int = 1) -> Fault:
    """Discord's own 429, which says how long to wait."""
    body = {"message": "You are being rate limited.", "retry_after": seconds, "global": everywhere}
    headers = {"Via": "1.1 google", "Retry-After": str(seconds), "X-RateLimit-Scope": "user"}
    if everywhere:
        headers["X-RateLimit-Global"] = "true"
    return Fault(method, path, status=429, body=body, headers=headers, times=times)


def refused(method: str, path: str, code: int, said: str, *, status: int = 403, times: int = 1) -> Fault:
    """An answer of Discord's that says why not, by one of its codes."""
    return Fault(method, path, status=status, body={"code": code, "message": said}, times=times)
