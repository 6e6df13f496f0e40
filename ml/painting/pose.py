"""How a head is held and what it feels: from flat drawings to places in the picture."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ml.painting.shapes import Points

Lids = Literal["open", "wide", "half", "wink", "happy", "closed"]
Mouth = Literal["smile", "talk", "laugh", "gasp", "flat", "cat", "pout", "grin"]
Brows = Literal["calm", "raised", "worried", "cross"]


@dataclass(frozen=True, slots=True)
class Mood:
    """An expression: `blush` 0..1, `gaze` where the eyes look (right, down), -1..1."""

    lids: Lids
    mouth: Mouth
    brows: Brows
    blush: float
    gaze: tuple[float, float] = (0.0, 0.0)


MOODS: tuple[Mood, ...] = (
    Mood("open", "smile", "calm", 0.35),
    Mood("open", "laugh", "raised", 0.45),
    Mood("open", "cat", "calm", 0.40, (0.25, 0.0)),
    Mood("happy", "laugh", "calm", 0.70),
    Mood("half", "smile", "calm", 0.30, (-0.35, 0.1)),
    Mood("wide", "gasp", "raised", 0.20),
    Mood("open", "talk", "calm", 0.35, (0.4, 0.0)),
    Mood("open", "flat", "worried", 1.00, (-0.5, 0.25)),
    Mood("wink", "grin", "calm", 0.50),
    Mood("open", "pout", "cross", 0.55, (0.3, 0.1)),
    Mood("wide", "laugh", "raised", 0.60),
    Mood("open", "flat", "calm", 0.15),
    Mood("closed", "smile", "calm", 0.40),
    Mood("half", "talk", "worried", 0.30, (0.0, 0.3)),
    Mood("open", "grin", "cross", 0.30, (-0.2, 0.0)),
)


@dataclass(frozen=True, slots=True)
class Stance:
    """Where a figure stands and how it holds its head.

    Drawings are in units of half a face's width, x to the right, y down, from the middle of the head; z points
    at the viewer. The head turns like a ball: what lies further in front moves further.

    Attributes
    ----------
    x, y, unit
        The middle of the upright head and the length of a unit, in working pixels.
    tilt, turn, nod
        Radians: to the viewer's right, towards the viewer's right, downwards.
    """

    x: float
    y: float
    unit: float
    tilt: float = 0.0
    turn: float = 0.0
    nod: float = 0.0

    def head(self, points: Points, depth: float | Points = 0.0) -> Points:
        """Working pixels of points of the head; long hair follows the head less the further down it hangs."""
        x = points[:, 0] * math.cos(self.turn) + depth * math.sin(self.turn)
        y = points[:, 1] * math.cos(self.nod) + depth * math.sin(self.nod)
        angle = self.tilt * (1.0 - 0.85 * np.clip((y - 1.4) / 1.6, 0.0, 1.0))
        cos, sin, down = np.cos(angle), np.sin(angle), y - _NECK
        placed = np.empty_like(points)
        placed[:, 0] = (x * cos - down * sin) * self.unit + self.x
        placed[:, 1] = (x * sin + down * cos + _NECK) * self.unit + self.y
        return placed

    def body(self, points: Points, depth: float | Points = 0.0) -> Points:
        """Working pixels of points of the body, which turns half as far and does not tilt."""
        placed = points * self.unit + (self.x, self.y)
        across = points[:, 0] * math.cos(self.turn) + depth * math.sin(self.turn) * 0.5
        placed[:, 0] = across * self.unit + self.x
        return placed


_NECK = 1.25  # where the head is hinged


def front(points: Points) -> Points:
    """How far points on the front of the head lie before its middle, shape (n,)."""
    across, down = points[:, 0] / 1.22, points[:, 1]
    along = np.where(down < 0, down / 1.5, down / 2.2)  # the skull is round above, the face long below
    return 0.92 * np.sqrt(np.clip(1.0 - across**2 - along**2, 0.0, 1.0))
