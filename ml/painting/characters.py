"""The cast: who can be painted, and what they look like."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

import numpy as np

from ml.painting.shapes import Colour, mix, shifted

T = TypeVar("T")

Hair = Literal["bob", "long", "ponytail", "twin tails", "wavy", "buns", "short", "braid"]
Fringe = Literal["blunt", "parted", "swept", "choppy", "curtain"]
Eyes = Literal["round", "drooping", "upturned", "keen", "boyish"]
Accessory = Literal["ahoge", "ribbon", "glasses", "hairpin", "headphones", "cat ears", "flower", "hairband"]
Outfit = Literal["sailor", "blazer", "hoodie", "cardigan", "kimono", "turtleneck"]

OUTFITS: tuple[Outfit, ...] = get_args(Outfit)


@dataclass(frozen=True, slots=True)
class Character:
    """Somebody invented, with all that stays the same from picture to picture.

    Attributes
    ----------
    name, native
        What the character is called in Latin letters and in Japanese ones.
    hair_colour, tips_colour, eye_colour, skin, outfit_colour, trim_colour
        RGB, 0..255. `tips_colour` is what the hair turns into at its ends.
    accessories
        Worn in every picture, `accessory_colour` where they are not of a fixed colour.
    """

    name: str
    native: str
    hair: Hair
    fringe: Fringe
    hair_colour: Colour
    tips_colour: Colour
    eyes: Eyes
    eye_colour: Colour
    skin: Colour
    accessories: tuple[Accessory, ...]
    accessory_colour: Colour
    outfit: Outfit
    outfit_colour: Colour
    trim_colour: Colour


_FAIR: Colour = (255, 233, 217)
_PEACH: Colour = (253, 224, 203)
_TAN: Colour = (238, 196, 163)

CAST: tuple[Character, ...] = (
    Character(
        "Akeha", "朱葉", "bob", "swept", (196, 66, 58), (205, 84, 66), "upturned", (150, 96, 190), _FAIR,
        ("hairpin",), (250, 214, 96), "sailor", (58, 74, 130), (232, 80, 84),
    ),
    Character(
        "Benika", "紅花", "long", "parted", (178, 58, 62), (190, 70, 78), "drooping", (214, 158, 60), _FAIR,
        ("hairband",), (250, 244, 240), "cardigan", (238, 206, 160), (150, 60, 70),
    ),
    Character(
        "Kuriha", "栗葉", "ponytail", "choppy", (184, 84, 60), (198, 104, 70), "round", (96, 150, 86), _PEACH,
        ("glasses", "ribbon"), (92, 160, 132), "blazer", (92, 76, 96), (96, 158, 126),
    ),
    Character(
        "Tsukiyo", "月夜", "long", "blunt", (58, 56, 84), (78, 70, 116), "keen", (168, 92, 160), _FAIR,
        ("flower",), (244, 244, 255), "kimono", (98, 78, 150), (240, 190, 90),
    ),
    Character(
        "Ruriha", "瑠璃羽", "twin tails", "choppy", (84, 124, 214), (140, 180, 240), "upturned", (232, 130, 70), _FAIR,
        ("ribbon", "ahoge"), (250, 236, 120), "sailor", (62, 90, 176), (250, 206, 96),
    ),
    Character(
        "Mugiho", "麦穂", "wavy", "curtain", (240, 192, 92), (252, 222, 146), "drooping", (70, 150, 108), _FAIR,
        ("cat ears",), (250, 180, 180), "hoodie", (126, 196, 170), (255, 250, 235),
    ),
    Character(
        "Fuyuha", "冬羽", "braid", "blunt", (206, 212, 228), (226, 226, 240), "keen", (92, 156, 210), _FAIR,
        ("headphones",), (226, 92, 116), "turtleneck", (72, 82, 108), (210, 216, 232),
    ),
    Character(
        "Natsuo", "夏緒", "short", "choppy", (74, 118, 92), (92, 142, 104), "boyish", (214, 150, 60), _TAN,
        (), (240, 240, 240), "hoodie", (240, 168, 76), (255, 248, 235),
    ),
    Character(
        "Sakuho", "桜穂", "buns", "blunt", (240, 138, 170), (250, 180, 200), "round", (200, 84, 128), _FAIR,
        ("ribbon",), (236, 70, 100), "kimono", (230, 90, 110), (255, 240, 214),
    ),
)  # fmt: skip
LOOK_ALIKES: tuple[Character, ...] = CAST[:3]

_HAIRS: tuple[Hair, ...] = get_args(Hair)
_FRINGES: tuple[Fringe, ...] = get_args(Fringe)
_EYES: tuple[Eyes, ...] = get_args(Eyes)
_ACCESSORIES: tuple[Accessory, ...] = get_args(Accessory)
_HAIR_COLOURS: tuple[Colour, ...] = (
    (70, 52, 48), (120, 78, 56), (188, 92, 62), (206, 70, 66), (236, 150, 76), (244, 206, 120), (250, 232, 196),
    (130, 190, 120), (70, 150, 146), (110, 190, 220), (70, 100, 190), (130, 104, 190), (190, 150, 226),
    (246, 160, 190), (216, 216, 228), (62, 60, 82),
)  # fmt: skip
_EYE_COLOURS: tuple[Colour, ...] = (
    (92, 140, 214), (84, 160, 110), (214, 150, 60), (150, 96, 190), (196, 74, 84), (120, 82, 64), (70, 170, 180),
)  # fmt: skip
_CLOTH_COLOURS: tuple[Colour, ...] = (
    (60, 76, 130), (92, 76, 96), (200, 90, 90), (120, 180, 160), (236, 206, 160), (110, 150, 210), (150, 110, 170),
    (240, 170, 90), (90, 130, 100), (226, 130, 160),
)  # fmt: skip
_SYLLABLES: tuple[tuple[str, str], ...] = (
    ("a", "あ"), ("ka", "か"), ("ki", "き"), ("ko", "こ"), ("sa", "さ"), ("shi", "し"), ("su", "す"), ("ta", "た"),
    ("chi", "ち"), ("to", "と"), ("na", "な"), ("no", "の"), ("ha", "は"), ("hi", "ひ"), ("fu", "ふ"), ("mi", "み"),
    ("mo", "も"), ("yu", "ゆ"), ("yo", "よ"), ("ri", "り"), ("ru", "る"), ("wa", "わ"),
)  # fmt: skip
_ENDINGS: tuple[tuple[str, str], ...] = (("ho", "ほ"), ("se", "せ"), ("mu", "む"))  # rare in known names


def invent(seed: int) -> Character:
    """A stranger: somebody at random, the same for the same seed (0 or more), never called like one of the cast."""
    rng = np.random.default_rng([seed, 20090])
    hair, trim, cloth = (_one_of(rng, colours) for colours in (_HAIR_COLOURS, _CLOTH_COLOURS, _CLOTH_COLOURS))
    hair = shifted(hair, hue=rng.uniform(-0.02, 0.02), value=rng.uniform(0.9, 1.08))
    name, native = _name(rng)
    accessory = _one_of(rng, _ACCESSORIES)
    return Character(
        name=name,
        native=native,
        hair=_one_of(rng, _HAIRS),
        fringe=_one_of(rng, _FRINGES),
        hair_colour=hair,
        tips_colour=mix(hair, (255, 244, 236), rng.uniform(0.0, 0.3)),
        eyes=_one_of(rng, _EYES),
        eye_colour=_one_of(rng, _EYE_COLOURS),
        skin=_one_of(rng, (_FAIR, _PEACH, _TAN)),
        accessories=(accessory,) if rng.random() < 0.75 else (),
        accessory_colour=shifted(trim, value=1.2),
        outfit=_one_of(rng, OUTFITS),
        outfit_colour=cloth,
        trim_colour=trim,
    )


def _name(rng: np.random.Generator) -> tuple[str, str]:
    taken = {character.name for character in CAST}
    while True:
        chosen = (_one_of(rng, _SYLLABLES), _one_of(rng, _SYLLABLES), _one_of(rng, _ENDINGS))
        name = "".join(latin for latin, _ in chosen).capitalize()
        if name not in taken:
            return name, "".join(native for _, native in chosen)


def _one_of(rng: np.random.Generator, choices: Sequence[T]) -> T:
    return choices[int(rng.integers(len(choices)))]
