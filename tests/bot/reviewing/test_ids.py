"""The ids of a review's menus bear what they are about, within what Discord takes."""

import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.reviewing.ids import ABOUT, About
from ml.reviewing.asking import MOST


@given(
    st.floats(1.7e9, 2.1e9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.lists(st.integers(1, 10**9), max_size=MOST),
)
def test_what_is_written_is_read_again_and_short_enough(since: datetime, faces: list[int]) -> None:
    custom_id = f"koredare:review:names:{About(since, faces)}"
    assert len(custom_id) <= 100
    match = re.fullmatch(f"koredare:review:names:{ABOUT}", custom_id)
    assert match is not None
    about = About.of(match)
    assert about.faces == tuple(faces)
    assert about.since == since.replace(microsecond=0)
