"""What happened lately, to know it again: so much of it and no more."""

from collections import OrderedDict
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Latest(OrderedDict[K, V]):
    """The latest so many; one more, set by its key, and the oldest goes."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: K, value: V) -> None:
        """Remember it; what is set again is no younger for that."""
        super().__setitem__(key, value)
        if len(self) > self._most:
            self.popitem(last=False)
