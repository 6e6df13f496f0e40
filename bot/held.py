"""Pictures that were read from Discord again a moment ago: who corrects an answer often does so twice."""

from collections import OrderedDict
from typing import Final

MOST_BYTES: Final = 16 * 2**20


class Held:
    """The latest of these pictures, in memory only and at most `MOST_BYTES` of them."""

    def __init__(self) -> None:
        self._held = OrderedDict[int, tuple[int | None, bytes]]()

    def get(self, attachment_id: int) -> bytes | None:
        """The picture, if it is still held."""
        return self._held[attachment_id][1] if attachment_id in self._held else None

    def put(self, attachment_id: int, data: bytes, *, message_id: int | None) -> None:
        """Hold a picture; the oldest make room."""
        self._held[attachment_id] = message_id, data
        while sum(len(each) for _, each in self._held.values()) > MOST_BYTES:
            self._held.popitem(last=False)

    def drop(self, message_id: int) -> None:
        """Let go of the pictures of a message that was deleted."""
        for attachment_id in [each for each, (posted_in, _) in self._held.items() if posted_in == message_id]:
            del self._held[attachment_id]

    def clear(self) -> None:
        """Let go of all: somebody wants nothing kept of theirs."""
        self._held.clear()
