"""Labelled pictures: every face keeps its number, names are readable, faces stay free, and files fit."""

import io
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ml.drawing.labelled import Label, draw, encode
from ml.faces.face import Box
from ml.pictures.reading import Picture, decode

INK = (20, 22, 27)
ORANGE, SKY_BLUE, GREY = (230, 159, 0), (86, 180, 233), (205, 209, 214)


def blank(width: int, height: int, shade: int = 128) -> Picture:
    return np.full((height, width, 3), shade, np.uint8)


def amount(picture: Picture, colour: tuple[int, int, int]) -> int:
    """How many pixels are of about that colour."""
    return int((np.abs(picture.astype(int) - colour).max(2) <= 12).sum())


def inside(picture: Picture, box: Box, *, margin: int = 8) -> Picture:
    return picture[box.y + margin : box.y + box.h - margin, box.x + margin : box.x + box.w - margin]


def tag_area(text: str, *, picture: Picture | None = None) -> int:
    """How much dark ground the tag of one face takes, beyond that of its bare number."""
    ground = blank(900, 600) if picture is None else picture
    box = Box(300, 200, 200, 200)
    drawn, bare = (draw(ground, [Label(1, box, name, known=True)]) for name in (text, ""))
    return amount(drawn, INK) - amount(bare, INK)


def crowd() -> list[Label]:
    boxes = [Box(x, y, 110, 120) for y in (40, 300) for x in (30, 330, 640)]
    return [Label(number, box, "Sakurauchi Riko", known=True) for number, box in enumerate(boxes, start=1)]


def test_the_picture_that_was_posted_is_left_as_it_was() -> None:
    posted = blank(900, 600)
    draw(posted, crowd())
    assert np.array_equal(posted, blank(900, 600))


def test_faces_are_left_free() -> None:
    drawn = draw(blank(900, 600), crowd())
    for label in crowd():
        assert (inside(drawn, label.box) == 128).all()


@pytest.mark.parametrize("shade", [0, 20, 128, 255])
def test_boxes_and_numbers_show_on_dark_and_on_light_pictures(shade: int) -> None:
    drawn = draw(blank(900, 600, shade), crowd())
    for colour in (ORANGE, SKY_BLUE):
        assert amount(drawn, colour) > 1000


def test_each_face_has_its_own_colour_and_a_stranger_is_grey_and_dashed() -> None:
    box = Box(300, 200, 200, 200)
    first, second, stranger = (
        draw(blank(900, 600), [label])
        for label in (Label(1, box, "A", known=True), Label(2, box, "A", known=True), Label(1, box, "A", known=False))
    )
    assert amount(first, ORANGE) > 1000 > amount(first, SKY_BLUE)
    assert amount(second, SKY_BLUE) > 1000 > amount(second, ORANGE)
    assert amount(first, ORANGE) > amount(stranger, GREY) > 500


def test_a_longer_name_takes_more_room_until_it_is_shortened() -> None:
    assert 0 < tag_area("Riko") < tag_area("Sakurauchi Riko") < tag_area("Sakurauchi Riko of Uchiura")
    assert tag_area("Sakurauchi Riko " * 3) == pytest.approx(tag_area("Sakurauchi Riko " * 30), rel=0.01)


def test_a_tag_takes_no_more_than_half_of_the_picture() -> None:
    drawn = draw(blank(900, 600), [Label(1, Box(10, 200, 880, 390), "Sakurauchi Riko " * 9, known=True)])
    tag = (drawn[:195] != 128).any(2)
    assert tag.any(0).sum() < 0.55 * 900
    assert tag.any(1).sum() < 0.08 * 600


def test_numbers_are_written() -> None:
    box = Box(300, 200, 200, 200)
    one, eight = (draw(blank(900, 600), [Label(number, box, "", known=True)]) for number in (1, 8))
    assert amount(one, ORANGE) != amount(eight, ORANGE)


@pytest.mark.parametrize("name", ["桜内梨子", "ゆるキャン△", "ﾘｺ", "Рико", "Éloïse", "√2"])
def test_names_in_other_letters_are_written(name: str) -> None:
    assert tag_area(name) > tag_area("i")


@pytest.mark.parametrize(
    ("name", "shown"),
    [("🌸Riko🌸", "Riko"), ("Ri\u200bko\n", "Riko"), ("\u202eRiko", "Riko"), (" Ri  ko ", "Ri ko"), ("Erdő", "Erdo")],
)
def test_what_the_font_lacks_is_replaced_or_left_out_of_a_name(name: str, shown: str) -> None:
    box = Box(300, 200, 200, 200)
    drawn, meant = (draw(blank(900, 600), [Label(1, box, text, known=True)]) for text in (name, shown))
    assert np.array_equal(drawn, meant)


@pytest.mark.parametrize("name", ["", "🌸🌸", "\0", "   "])
def test_a_name_that_cannot_be_shown_leaves_the_number(name: str) -> None:
    drawn = draw(blank(900, 600), [Label(1, Box(300, 200, 200, 200), name, known=True)])
    assert tag_area(name) == 0
    assert amount(drawn, ORANGE) > 1500


@pytest.mark.parametrize(
    ("posted", "shown"),
    [
        ((900, 600), (900, 600)),
        ((90, 60), (720, 480)),
        ((24, 24), (720, 720)),
        ((8000, 4000), (1600, 800)),
        ((800, 12_000), (400, 6000)),
        ((30_000, 1000), (12_000, 400)),
        ((30_000, 600), (13_416, 268)),
    ],
)
def test_small_pictures_are_enlarged_and_large_ones_reduced(posted: tuple[int, int], shown: tuple[int, int]) -> None:
    height, width = draw(blank(*posted), []).shape[:2]
    assert (width, height) == pytest.approx(shown, abs=1) or width * height == pytest.approx(6e6, rel=0.01)


def test_a_label_is_as_large_a_part_of_a_small_picture_as_of_a_large_one() -> None:
    parts: list[float] = []
    for scale in (0.2, 1, 4):
        label = Label(1, Box(*(round(edge * scale) for edge in (300, 200, 200, 200))), "Riko", known=True)
        drawn = draw(blank(round(900 * scale), round(600 * scale)), [label])
        above_the_box = drawn[: round(drawn.shape[0] * 0.33)]
        parts.append((above_the_box != 128).any((1, 2)).sum() / drawn.shape[0])
    assert min(parts) > 0.04
    assert max(parts) < 1.1 * min(parts)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 400),
    st.integers(1, 400),
    st.lists(
        st.builds(
            Label,
            number=st.integers(0, 10_000),
            box=st.builds(
                Box,
                x=st.integers(-500, 500),
                y=st.integers(-500, 500),
                w=st.integers(0, 1000),
                h=st.integers(0, 1000),
            ),
            text=st.text(max_size=60),
            known=st.booleans(),
        ),
        max_size=6,
    ),
)
def test_any_labels_can_be_drawn_on_any_picture(width: int, height: int, labels: Sequence[Label]) -> None:
    drawn = draw(blank(width, height), labels)
    assert drawn.dtype == np.uint8
    assert drawn.shape[2] == 3


def photograph(width: int, height: int) -> Picture:
    return np.random.default_rng(3).integers(0, 256, (height, width, 3), np.uint8)


def test_a_file_shows_what_was_drawn() -> None:
    drawn = draw(blank(900, 600), crowd())
    data, suffix = encode(drawn, max_bytes=8_000_000)
    assert suffix == ".jpg"
    assert np.abs(decode(data).astype(int) - drawn).mean() < 2


@pytest.mark.parametrize("max_bytes", [1024, 10_000, 100_000, 1_000_000])
@pytest.mark.parametrize("size", [(1, 1), (24, 2000), (640, 480), (1600, 1200)])
def test_a_file_is_never_larger_than_is_allowed(size: tuple[int, int], max_bytes: int) -> None:
    data, _ = encode(photograph(*size), max_bytes=max_bytes)
    assert len(data) <= max_bytes
    Image.open(io.BytesIO(data)).load()


def test_quality_is_given_up_before_size() -> None:
    whole = len(encode(photograph(640, 480), max_bytes=8_000_000).data)
    assert decode(encode(photograph(640, 480), max_bytes=whole - 1).data).shape == (480, 640, 3)


def test_a_limit_that_no_picture_meets_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="1024"):
        encode(blank(10, 10), max_bytes=100)
