"""Places: what is painted on the ground of a background that shows somewhere."""

from ml.painting.canvas import Canvas
from ml.painting.shapes import EVEN, Colour, Pair, Points, Rng, at, bow, ellipse, mix, shifted, star, taper


def _block(corner: Pair, size: Pair) -> Points:
    (x, y), (wide, high) = corner, size
    return at((x, y), (x + wide, y), (x + wide, y + high), (x, y + high))


def _cloud(canvas: Canvas, rng: Rng, place: Pair, size: float) -> None:
    x, y = place
    puffs: list[tuple[float, float, float]] = []
    for part in range(9):
        step = part / 4 - 1.0
        radius = size * (0.16 + 0.22 * (1.0 - step**2)) * rng.uniform(0.8, 1.2)
        puffs.append((x + step * size, y - radius * rng.uniform(0.4, 0.9), radius))
    for drop, paint in ((0.12, (221, 231, 246)), (0.0, (254, 254, 255))):
        for px, py, radius in puffs:
            canvas.fill(ellipse((px, py + drop * size), (radius, radius * (0.9 - drop)), steps=30), paint)


def paint_sky(canvas: Canvas, rng: Rng) -> None:
    """A summer sky over banks of cloud."""
    w, h = canvas.width, canvas.height
    for _ in range(3):
        _cloud(canvas, rng, (rng.uniform(0, w), rng.uniform(0.08, 0.35) * h), rng.uniform(0.08, 0.14) * w)
    for step in range(6):
        _cloud(canvas, rng, (step / 5 * w, (0.86 + 0.08 * rng.random()) * h), 0.20 * w)


def paint_sunset(canvas: Canvas, rng: Rng) -> None:
    """The sun going down over the sea."""
    w, h = canvas.width, canvas.height
    horizon, x = 0.66 * h, rng.uniform(0.15, 0.85) * w
    canvas.glow((x, horizon), (0.6 * w, 0.5 * h), (255, 240, 170), 0.8)
    canvas.fill(ellipse((x, horizon - 0.02 * h), (0.10 * h, 0.10 * h), steps=48), (255, 250, 214))
    canvas.fill(_block((0, horizon), (w, h - horizon)), (176, 92, 116))
    for _ in range(46):
        y = rng.uniform(horizon, h)
        spread = 0.05 + 0.35 * (y - horizon) / (h - horizon)
        middle, half = x + rng.normal(0, spread * 0.5) * w, rng.uniform(0.02, 0.07) * w
        canvas.stroke(at((middle - half, y), (middle, y), (middle + half, y)), (255, 206, 150), 0.008 * h)
    for _ in range(3):
        y, left = rng.uniform(0.08, 0.45) * h, rng.uniform(-0.2, 0.7) * w
        canvas.stroke(bow((left, y), (left + 0.5 * w, y), 0.02), (250, 176, 160), 0.035 * h)


def paint_night(canvas: Canvas, rng: Rng) -> None:
    """A city at night, its windows lit."""
    w, h = canvas.width, canvas.height
    for _ in range(60):
        canvas.fill(
            ellipse((rng.random() * w, rng.random() * 0.6 * h), (0.0022 * w, 0.0022 * w), steps=6), (235, 235, 255)
        )
    moon = (rng.uniform(0.1, 0.9) * w, 0.13 * h)
    canvas.glow(moon, (0.22 * w, 0.22 * w), (200, 200, 255), 0.5)
    canvas.fill(ellipse(moon, (0.055 * w, 0.055 * w), steps=40), (255, 248, 220))
    for floor, colour in ((0.48, (52, 50, 104)), (0.62, (32, 32, 74))):
        x = -0.02
        while x < 1.0:
            wide, top = rng.uniform(0.07, 0.15), floor + rng.uniform(0.0, 0.22)
            canvas.fill(_block((x * w, top * h), (wide * w, h)), colour)
            _windows(canvas, rng, x + 0.012, top + 0.02, wide - 0.02)
            x += wide + rng.uniform(0.0, 0.015)
    for _ in range(12):
        radius = rng.uniform(0.015, 0.04) * w
        colour = ((255, 190, 110), (255, 140, 150), (140, 190, 255), (255, 230, 150))[rng.integers(4)]
        canvas.glow((rng.random() * w, rng.uniform(0.7, 1.0) * h), (2 * radius, 2 * radius), colour, 0.6)


def _windows(canvas: Canvas, rng: Rng, left: float, top: float, wide: float) -> None:
    w, h = canvas.width, canvas.height
    for column in range(int(wide / 0.022)):
        for row in range(8):
            if rng.random() < 0.45:
                x, y = (left + 0.022 * column) * w, (top + 0.035 * row) * h
                paint: Colour = (255, 222, 140) if rng.random() < 0.75 else (170, 210, 255)
                canvas.fill(_block((x, y), (0.012 * w, 0.018 * h)), paint)


def paint_classroom(canvas: Canvas, rng: Rng) -> None:
    """A classroom's windows and desks."""
    w, h = canvas.width, canvas.height

    def block(x: float, y: float, wide: float, high: float, paint: Colour) -> None:
        canvas.fill(_block((x, y), (wide, high)) * (w, h), paint)

    shift = rng.uniform(-0.2, 0.05)
    for pane in range(3):
        left = shift + 0.44 * pane
        block(left, 0.06, 0.40, 0.66, (250, 250, 246))
        block(left + 0.02, 0.09, 0.17, 0.60, (160, 212, 246))
        block(left + 0.21, 0.09, 0.17, 0.60, (160, 212, 246))
        _cloud(canvas, rng, ((left + 0.12) * w, 0.50 * h), 0.06 * w)
        block(left, 0.66, 0.40, 0.03, (222, 210, 190))
    block(0, 0.72, 1, 0.05, (206, 178, 140))
    for fold in range(5):
        block(shift + 0.40 + 0.018 * fold, 0.02, 0.012, 0.72, (255, 244, 222) if fold % 2 else (240, 222, 190))
    for row, (level, size) in enumerate(((0.80, 0.20), (0.92, 0.26))):
        for seat in range(4):
            x = 0.03 + 0.30 * seat - 0.09 * row
            block(x, level, size, 0.025, (196, 148, 98))
            block(x + 0.01, level + 0.025, size - 0.02, 0.06, (158, 114, 76))


_BRANCH = taper((0.0, 1.0), (1.0, 0.15))
_SPINES: tuple[Colour, ...] = (
    (150, 84, 74), (92, 108, 130), (104, 124, 96), (186, 150, 100), (120, 92, 110), (206, 190, 160),
)  # fmt: skip


def paint_library(canvas: Canvas, rng: Rng) -> None:
    """Shelves full of books."""
    w, h = canvas.width, canvas.height
    for shelf in range(5):
        floor, x = (0.19 + 0.20 * shelf) * h, 0.0
        while x < w:
            wide, tall = rng.uniform(0.018, 0.045) * w, rng.uniform(0.11, 0.16) * h
            paint = shifted(_SPINES[rng.integers(len(_SPINES))], value=rng.uniform(0.8, 1.15))
            canvas.fill(_block((x, floor - tall), (wide, tall)), paint)
            label = _block((x, floor - 0.8 * tall), (wide, 0.08 * tall))
            canvas.fill(label, mix(paint, (255, 240, 200), 0.5))
            x += wide + 0.002 * w
        canvas.fill(_block((0, floor), (w, 0.03 * h)), (124, 82, 54))


def paint_blossom(canvas: Canvas, rng: Rng) -> None:
    """Cherry branches in blossom."""
    w, h = canvas.width, canvas.height
    for side in (0.0, 1.0):
        inward = 1.0 - 2.0 * side
        for level, reach in ((0.02, 0.55), (0.20, 0.34)):
            start, end = (side * w, level * h), ((side + inward * reach) * w, (level + rng.uniform(0.0, 0.12)) * h)
            branch = bow(start, end, 0.12 * inward)
            canvas.stroke(branch, (112, 78, 82), 0.028 * h, _BRANCH)
            for x, y in branch[2:]:
                for _ in range(5):
                    place = (x + rng.normal(0, 0.035) * w, y + rng.normal(0, 0.035) * h)
                    paint = mix((255, 224, 234), (246, 160, 190), rng.random())
                    petal = star(place, rng.uniform(0.018, 0.034) * w, tips=5, inner=0.66, turn=rng.uniform(0, 90))
                    canvas.fill(petal, paint)


def paint_autumn(canvas: Canvas, rng: Rng) -> None:
    """A wood in autumn, out of focus."""
    w, h = canvas.width, canvas.height
    for _ in range(36):
        paint = ((226, 96, 52), (244, 156, 60), (250, 204, 92), (196, 64, 52))[rng.integers(4)]
        radius = rng.uniform(0.05, 0.12) * w
        canvas.glow((rng.random() * w, rng.random() ** 1.5 * h), (2 * radius, 2 * radius), paint, 0.7)
    for x in (rng.uniform(0.02, 0.25), rng.uniform(0.75, 0.98)):
        canvas.stroke(at((x * w, 0), (x * w + 0.01 * w, 0.5 * h), (x * w, h)), (120, 78, 62), 0.07 * w, EVEN)


def paint_snowfield(canvas: Canvas, rng: Rng) -> None:
    """Firs under snow."""
    w, h = canvas.width, canvas.height
    for tree in range(8):
        x = tree / 7 + rng.normal(0, 0.03)
        tall, foot = rng.uniform(0.30, 0.52), rng.uniform(0.80, 0.90)
        for tier in range(4):
            top, half = foot - tall * (1 - 0.22 * tier), 0.035 + 0.022 * tier
            peak = at((x, top), (x + half, top + 0.35 * tall), (x - half, top + 0.35 * tall)) * (w, h)
            canvas.fill(peak, mix((120, 156, 176), (196, 216, 230), rng.random()))
            cap = at((x, top), (x + half * 0.5, top + 0.14 * tall), (x - half * 0.5, top + 0.14 * tall)) * (w, h)
            canvas.fill(cap, (248, 252, 255))
    canvas.fill(ellipse((0.3 * w, 1.12 * h), (0.8 * w, 0.30 * h), steps=60), (244, 249, 255))
    canvas.fill(ellipse((0.9 * w, 1.16 * h), (0.7 * w, 0.30 * h), steps=60), (232, 242, 252))


def paint_festival(canvas: Canvas, rng: Rng) -> None:
    """Paper lanterns on a summer night."""
    w, h = canvas.width, canvas.height
    for sag in (0.10, 0.30):
        line = bow((0, sag * h), (w, (sag + rng.uniform(-0.05, 0.05)) * h), 0.07, steps=25)
        canvas.stroke(line, (40, 28, 50), 0.006 * h, EVEN)
        for x, y in line[1 + rng.integers(2) :: 4]:
            size = (0.05 + 0.25 * sag * 0.1) * w
            canvas.glow((x, y + size), (3.2 * size, 3.2 * size), (255, 170, 80), 0.55)
            canvas.fill(ellipse((x, y + size), (size * 0.8, size), steps=32), (240, 86, 64))
            canvas.fill(ellipse((x, y + size), (size * 0.42, size * 0.98), steps=32), (255, 150, 92))
            for end in (0.0, 2.0):
                canvas.fill(ellipse((x, y + end * size), (size * 0.42, size * 0.12), steps=16), (70, 36, 44))
    for _ in range(14):
        radius = rng.uniform(0.02, 0.05) * w
        canvas.glow((rng.random() * w, rng.uniform(0.6, 1.0) * h), (2 * radius, 2 * radius), (255, 200, 110), 0.5)
