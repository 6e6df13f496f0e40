"""Backgrounds: places and patterns, none of which has a face in it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, cast

import cv2
import numpy as np

from ml.painting.canvas import Canvas
from ml.painting.falling import Falling
from ml.painting.places import (
    paint_autumn,
    paint_blossom,
    paint_classroom,
    paint_festival,
    paint_library,
    paint_night,
    paint_sky,
    paint_snowfield,
    paint_sunset,
)
from ml.painting.shapes import Colour, Rng, at, ellipse, mix, shifted, star
from ml.pictures.reading import Picture

Brushwork: TypeAlias = Callable[[Canvas, Rng], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """A place: its sky or wall from top to bottom, what is painted on it, its light and what falls in front."""

    ground: tuple[Colour, ...]
    work: Brushwork
    light: tuple[float, float, float] = (1.0, 1.0, 1.0)
    falling: Falling = "nothing"
    blur: float = 0.0  # of the shorter side
    varied: bool = False  # whether the ground comes in all hues


def paint_scene(scene: Scene, rng: Rng, *, width: int, height: int) -> Picture:
    """Paint a background, shape (height, width, 3)."""
    hue = rng.random() if scene.varied else 0.0
    ground = tuple(shifted(colour, hue=hue, saturation=0.75 if scene.varied else 1.0) for colour in scene.ground)
    canvas = Canvas(_gradient(ground, width, height), scale=1)
    scene.work(canvas, rng)
    sigma = scene.blur * min(width, height)
    if sigma < 0.3:
        return canvas.pixels
    return cast("Picture", cv2.GaussianBlur(canvas.pixels, (0, 0), sigma))


def _gradient(colours: tuple[Colour, ...], width: int, height: int) -> Picture:
    stops = np.linspace(0.0, 1.0, len(colours))
    down = np.linspace(0.0, 1.0, height)
    column = np.stack([np.interp(down, stops, [c[i] for c in colours]) for i in range(3)], axis=1)
    return np.repeat(column.round().astype(np.uint8)[:, None], width, axis=1)


def _dots(canvas: Canvas, rng: Rng) -> None:
    step, paint = rng.uniform(0.10, 0.15) * canvas.width, mix(_middle(canvas), (255, 255, 255), 0.45)
    for row in range(-1, int(canvas.height / step * 1.2) + 2):
        for column in range(-1, int(canvas.width / step) + 2):
            place = ((column + 0.5 * (row % 2)) * step, row * step * 0.87)
            canvas.fill(ellipse(place, (step * 0.22, step * 0.22), steps=24), paint)


def _stripes(canvas: Canvas, rng: Rng) -> None:
    w, h = canvas.width, canvas.height
    step, lean = rng.uniform(0.09, 0.15) * w, 0.6 * h * (1.0 if rng.random() < 0.5 else -1.0)
    paint = mix(_middle(canvas), (255, 255, 255), 0.38)
    for stripe in range(int((w + 2 * h) / (2 * step)) + 1):
        x = 2 * step * stripe - h
        canvas.fill(at((x, 0), (x + step, 0), (x + step + lean, h), (x + lean, h)), paint)


def _rays(canvas: Canvas, rng: Rng) -> None:
    w, h = canvas.width, canvas.height
    middle, far, paint = (w * 0.5, h * 0.5), 1.5 * max(w, h), mix(_middle(canvas), (255, 255, 255), 0.40)
    start = rng.uniform(0, 20)
    for ray in range(14):
        edges = np.radians(start + np.array([0.0, 360 / 28]) + ray * 360 / 14)
        tips = [(middle[0] + far * np.cos(angle), middle[1] + far * np.sin(angle)) for angle in edges]
        canvas.fill(at(middle, *tips), paint)


def _plain(canvas: Canvas, rng: Rng) -> None:
    w, h = canvas.width, canvas.height
    paint = mix(_middle(canvas), (255, 255, 255), 0.35)
    canvas.fill(ellipse((w * rng.uniform(0.4, 0.6), h * 0.5), (0.42 * min(w, h), 0.42 * min(w, h)), steps=90), paint)
    for _ in range(10):
        twinkle = star((rng.random() * w, rng.random() * h), rng.uniform(0.015, 0.04) * w, tips=4, inner=0.25)
        canvas.fill(twinkle, (255, 255, 255))


def _middle(canvas: Canvas) -> Colour:
    red, green, blue = (int(c) for c in canvas.pixels[canvas.height // 2, canvas.width // 2])
    return (red, green, blue)


SCENES: tuple[Scene, ...] = (
    Scene(((86, 158, 234), (150, 206, 248), (214, 238, 252)), paint_sky),
    Scene(((255, 196, 206), (255, 232, 214)), _dots, varied=True),
    Scene(((244, 232, 210), (232, 212, 182)), paint_classroom, (1.0, 0.985, 0.955), blur=0.004),
    Scene(((178, 222, 246), (254, 226, 236), (255, 238, 242)), paint_blossom, (1.0, 0.985, 0.985), "petals", 0.002),
    Scene(((150, 214, 206), (222, 244, 226)), _rays, varied=True),
    Scene(((18, 20, 62), (70, 54, 124), (196, 110, 140)), paint_night, (0.92, 0.89, 1.03)),
    Scene(((250, 206, 128), (240, 150, 90)), paint_autumn, (1.0, 0.96, 0.90), "leaves"),
    Scene(((196, 186, 240), (240, 214, 244)), _plain, falling="sparkles", varied=True),
    Scene(((112, 84, 150), (240, 130, 120), (255, 214, 140)), paint_sunset, (1.0, 0.90, 0.84)),
    Scene(((90, 62, 46), (70, 48, 38)), paint_library, (0.99, 0.95, 0.90), blur=0.005),
    Scene(((255, 222, 130), (255, 240, 190)), _stripes, varied=True),
    Scene(((150, 188, 222), (214, 230, 244)), paint_snowfield, (0.96, 0.98, 1.02), "snow", 0.002),
    Scene(((40, 26, 62), (92, 42, 72), (150, 70, 70)), paint_festival, (0.98, 0.87, 0.82)),
    Scene(((126, 190, 240), (206, 230, 252)), _plain, varied=True),
    Scene(((240, 150, 150), (252, 206, 190)), _rays, falling="sparkles", varied=True),
    Scene(((176, 216, 150), (228, 240, 196)), _dots, varied=True),
)
