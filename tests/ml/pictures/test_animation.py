"""Pictures that move are told from those that stand still."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ml.pictures.animation import is_animated

FORMATS = ("GIF", "PNG", "WEBP", "AVIF")


def file(kind: str, frames: int) -> bytes:
    """A picture of so many frames."""
    shades = [Image.new("RGB", (32, 32), (shade * 60, 30, 200)) for shade in range(frames)]
    made = io.BytesIO()
    if frames == 1:
        shades[0].save(made, kind)
    else:
        shades[0].save(made, kind, save_all=True, append_images=shades[1:], duration=100)
    return made.getvalue()


@pytest.mark.parametrize("kind", FORMATS)
def test_a_picture_of_several_frames_moves(kind: str) -> None:
    assert is_animated(file(kind, 3))


@pytest.mark.parametrize("kind", [*FORMATS, "JPEG"])
def test_a_picture_of_one_frame_does_not(kind: str) -> None:
    assert not is_animated(file(kind, 1))


@given(st.binary(max_size=60), st.sampled_from(FORMATS), st.integers(0, 400))
def test_broken_files_are_no_trouble(junk: bytes, kind: str, cut: int) -> None:
    assert is_animated(file(kind, 2)[:cut] + junk) in (True, False)
    assert not is_animated(junk)
