"""Who teaches the embedder, who calibrates, who measures: by source, so that no artist's hand is on two sides."""

from typing import Final

CALIBRATING: Final = ("fgo-*", "feh-*", "shiny-*", "majs-*")
"""Characters that background and calibration are made of; besides them the faces of `detection/`. Never learned."""

CHOOSING: Final = ("hbr-*",)
"""Characters that one embedder, or one way of calibrating, is chosen over another by. Never learned."""

MEASURING: Final = ("twst-*",)
"""Characters that only the tables of the docs know, besides those of `unseen/` and `seed/`. Never learned."""
