"""Colours, and how light they are."""

from typing import TypeAlias

import numpy as np

Colour: TypeAlias = tuple[int, int, int]
"""Red, green and blue, 0..255."""


def luminance(colour: Colour) -> float:
    """How light a colour is to the eye, 0..1 (WCAG 2.2, relative luminance)."""
    linear = ((np.array(colour) / 255 + 0.055) / 1.055) ** 2.4
    return float(linear @ (0.2126, 0.7152, 0.0722))
