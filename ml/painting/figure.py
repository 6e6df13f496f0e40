"""A figure being painted: one brush for its head, one for its body."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ml.painting.canvas import Canvas, Mask
from ml.painting.characters import Character, Outfit
from ml.painting.pose import Mood, Stance, front
from ml.painting.shapes import POINTED, STROKE, Colour, Pair, Points, bow, mix, ribbon, shade, shifted, taper

_EDGE = taper((0.0, 0.1), (0.25, 1.0), (1.0, 0.0))


@dataclass(frozen=True, slots=True)
class Brush:
    """Paints drawings made in units onto the canvas. `depth` None: on the front of the head."""

    canvas: Canvas
    place: Callable[[Points, float | Points], Points]
    unit: float
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)  # the colour of the light, a factor for each channel

    def lit(self, colour: Colour) -> Colour:
        """A colour as the light of the scene shows it."""
        red, green, blue = (min(255, round(c * t)) for c, t in zip(colour, self.tint, strict=True))
        return (red, green, blue)

    def spot(self, points: Points, depth: float | None = 0.0) -> Points:
        """Working pixels of points."""
        return self.place(points, front(points) if depth is None else depth)

    def fill(self, points: Points, colour: Colour, *, depth: float | None = 0.0) -> None:
        """Fill an outline."""
        self.canvas.fill(self.spot(points, depth), self.lit(colour))

    def inside(
        self, points: Points, colour: Colour, mask: Mask, *, depth: float | None = 0.0, opacity: float = 1.0
    ) -> None:
        """Fill what of an outline lies within a mask."""
        self.canvas.fill_inside(self.spot(points, depth), self.lit(colour), mask, opacity=opacity)

    def gradient(self, points: Points, upper: Colour, lower: Colour, *, depth: float | None = 0.0) -> None:
        """Fill an outline with a colour that changes from top to bottom."""
        self.canvas.fill_gradient(self.spot(points, depth), self.lit(upper), self.lit(lower))

    def stroke(
        self,
        line: Points,
        colour: Colour,
        width: float,
        *,
        depth: float | None = 0.0,
        profile: Points = STROKE,
    ) -> None:
        """Draw along a line, `width` in units."""
        self.canvas.stroke(self.spot(line, depth), self.lit(colour), width * self.unit, profile)

    def outline(self, points: Points, colour: Colour, width: float, *, depth: float | None = 0.0) -> None:
        """Draw a closed outline, `width` in units."""
        self.canvas.outline(self.spot(points, depth), self.lit(colour), width * self.unit)

    def mask(self, points: Points, *, depth: float | None = 0.0) -> Mask:
        """What an outline covers."""
        return self.canvas.mask(self.spot(points, depth))

    def glow(self, centre: Pair, radii: Pair, colour: Colour, strength: float, *, mask: Mask) -> None:
        """Lay a soft stain of colour on the front of the head, within a mask."""
        x, y = self.spot(np.array([centre], dtype=np.float64), None)[0]
        reach = (radii[0] * self.unit, radii[1] * self.unit)
        self.canvas.glow((x, y), reach, self.lit(colour), strength, mask=mask)


@dataclass(frozen=True, slots=True)
class HairPaint:
    """The colours of hair: lit, in shadow, between strands, where it shines, and at the ends."""

    base: Colour
    shadow: Colour
    line: Colour
    shine: Colour
    tips: Colour

    @classmethod
    def of(cls, character: Character) -> "HairPaint":
        """The paints for a character's hair."""
        base = character.hair_colour
        return cls(
            base=base,
            shadow=shade(base, 0.62),
            line=shifted(shade(shade(base)), value=0.72),
            shine=mix(shifted(base, saturation=0.85, value=1.45), (255, 250, 245), 0.30),
            tips=character.tips_colour,
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """Who is painted, how, and with what."""

    character: Character
    mood: Mood
    stance: Stance
    outfit: Outfit
    light: float  # 1: from the viewer's right, -1: from the left
    hair: HairPaint
    head: Brush
    body: Brush

    @property
    def skin_shadow(self) -> Colour:
        """Skin in shadow: warmer than other things."""
        red, green, blue = self.character.skin
        return (round(red * 0.91), round(green * 0.76), round(blue * 0.77))

    @property
    def skin_line(self) -> Colour:
        """Lines on skin."""
        red, green, blue = self.character.skin
        return (round(red * 0.60), round(green * 0.36), round(blue * 0.38))

    def lock(
        self,
        root: Pair,
        tip: Pair,
        width: float,
        *,
        bend: float = 0.0,
        depth: float | None = None,
        profile: Points = POINTED,
        outline: bool = False,
    ) -> None:
        """Paint a strand of hair: its body, a shadow away from the light, a line that fades upwards."""
        line = bow(root, tip, bend)
        self.lock_along(line, width, depth=depth, profile=profile, outline=outline)

    def lock_along(
        self,
        line: Points,
        width: float,
        *,
        depth: float | None,
        profile: Points = POINTED,
        outline: bool = False,
    ) -> None:
        """The same along any line from root to tip."""
        paint, head, count = self.hair, self.head, len(line)
        whole = ribbon(line, width, profile)
        if outline:
            self.lock_outline(line, width, depth=depth, profile=profile)
        left, right = whole[:count], whole[count:][::-1]
        long = np.ptp(line[:, 1]) > 1.0
        self._hair_fill(whole, paint.base, paint.tips if long else paint.base, depth)
        across = (left - right)[:, 0].mean() * self.light
        dark, other = (right, left) if across > 0 else (left, right)
        start = count // 5
        share = np.sin(np.linspace(0.0, 2.2, count - start))[:, None] * 0.42
        strip = np.concatenate([dark[start:], (dark[start:] + (other - dark)[start:] * share)[::-1]])
        self._hair_fill(strip, paint.shadow, shade(paint.tips, 0.62) if long else paint.shadow, depth)
        for edge in (left, right):
            upwards = edge[: count // 4 : -1]
            head.stroke(upwards, paint.line, 0.036, depth=depth, profile=_EDGE)

    def lock_outline(self, line: Points, width: float, *, depth: float | None, profile: Points) -> None:
        """What is seen of a strand's ink once the strand itself and what lies before it are painted."""
        way = line[-1:] - line[-2:-1]
        end = line[-1:] + way * (0.035 / max(float(np.hypot(*way[0])), 1e-9))
        self.head.fill(ribbon(np.concatenate([line, end]), width + 0.045, profile), self.hair.line, depth=depth)

    def _hair_fill(self, points: Points, upper: Colour, lower: Colour, depth: float | None) -> None:
        if upper == lower:
            self.head.fill(points, upper, depth=depth)
        else:
            self.head.gradient(points, upper, lower, depth=depth)
