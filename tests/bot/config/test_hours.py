"""Hours of the day, as an operator writes them."""

from datetime import time

from hypothesis import given
from hypothesis import strategies as st

from bot.config.hours import Hours

TIMES = st.times().map(lambda each: each.replace(second=0, microsecond=0))


@given(TIMES, TIMES, st.times())
def test_hours_and_the_hours_between_them_make_a_day(begin: time, end: time, moment: time) -> None:
    if begin == end:
        return
    there, back = Hours(begin, end), Hours(end, begin)
    assert (moment in there) != (moment in back)
    assert begin in there
    assert end not in there
    assert Hours.parse(f"{begin:%H:%M} - {end:%H:%M}") == there
