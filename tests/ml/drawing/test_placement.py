"""Where tags go: at a corner of their box, in the picture, on no face and on no other tag where there is room."""

from hypothesis import given
from hypothesis import strategies as st

from ml.drawing.placement import Place, Rectangle, place

HEIGHT = 20.0
FRAME = (600, 400)


def common(some: Rectangle, other: Rectangle) -> float:
    width = min(some.right, other.right) - max(some.left, other.left)
    height = min(some.bottom, other.bottom) - max(some.top, other.top)
    return max(0, width) * max(0, height)


def number_corners(found: Place) -> set[tuple[float, float]]:
    """The two corners of a tag that are also its number's."""
    edges = found.rectangle
    x = edges.left if found.number_first else edges.right
    return {(x, edges.top), (x, edges.bottom)}


def corners(box: Rectangle) -> set[tuple[float, float]]:
    return {(x, y) for x in (box.left, box.right) for y in (box.top, box.bottom)}


def test_a_tag_stands_on_its_box_where_nothing_is_in_the_way() -> None:
    [found] = place([Rectangle(100, 100, 200, 200)], [(150, 60, 20)], height=HEIGHT, frame=FRAME)
    assert found == Place(Rectangle(100, 80, 250, 100), 0, number_first=True)


def test_a_tag_hangs_below_a_face_at_the_upper_edge() -> None:
    [found] = place([Rectangle(100, 5, 200, 105)], [(150, 20)], height=HEIGHT, frame=FRAME)
    assert found.rectangle == Rectangle(100, 105, 250, 125)


def test_a_tag_ends_at_its_box_where_the_picture_ends() -> None:
    [found] = place([Rectangle(500, 100, 590, 190)], [(150, 20)], height=HEIGHT, frame=FRAME)
    assert found == Place(Rectangle(440, 80, 590, 100), 0, number_first=False)


def test_a_tag_keeps_off_a_neighbours_face() -> None:
    boxes = [Rectangle(100, 100, 200, 200), Rectangle(150, 20, 250, 99)]
    first, second = place(boxes, [(150, 20), (150, 20)], height=HEIGHT, frame=FRAME)
    assert common(first.rectangle, boxes[1]) == common(second.rectangle, boxes[0]) == 0
    assert (first.width, second.width) == (0, 0)


def test_a_face_that_fills_the_picture_has_its_name_at_its_feet() -> None:
    [found] = place([Rectangle(0, 0, *FRAME)], [(150, 20)], height=HEIGHT, frame=FRAME)
    assert found == Place(Rectangle(0, FRAME[1] - HEIGHT, 150, FRAME[1]), 0, number_first=True)


def test_a_name_with_too_little_room_is_shortened_and_with_none_left_out() -> None:
    box = Rectangle(10, 30, 60, 80)
    [shortened] = place([box], [(200, 80, 20)], height=HEIGHT, frame=(100, 110))
    [left_out] = place([box], [(200, 180, 20)], height=HEIGHT, frame=(100, 110))
    assert (shortened.width, left_out.width) == (1, 2)


def test_no_boxes_need_no_places() -> None:
    assert place([], [], height=HEIGHT, frame=FRAME) == []


@st.composite
def faces(draw: st.DrawFn, *, least: int) -> Rectangle:
    """A face of at least some size, anywhere in the picture."""
    width, height = draw(st.integers(least, FRAME[0])), draw(st.integers(least, FRAME[1]))
    left, top = draw(st.integers(0, FRAME[0] - width)), draw(st.integers(0, FRAME[1] - height))
    return Rectangle(left, top, left + width, top + height)


@given(st.lists(faces(least=4), min_size=1, max_size=12))
def test_however_faces_crowd_every_number_is_at_a_corner_of_its_box_and_in_the_picture(
    boxes: list[Rectangle],
) -> None:
    places = place(boxes, [(200, 90, 20)] * len(boxes), height=HEIGHT, frame=FRAME)
    for box, found in zip(boxes, places, strict=True):
        assert common(found.rectangle, Rectangle(0, 0, *FRAME)) == (200, 90, 20)[found.width] * HEIGHT
        assert number_corners(found) & corners(box)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), unique=True))
def test_faces_with_room_between_them_keep_their_whole_names_and_nothing_is_covered(
    cells: list[tuple[int, int]],
) -> None:
    boxes = [Rectangle(200 * x + 20, 100 * y + 25, 200 * x + 90, 100 * y + 90) for x, y in cells]
    found = place(boxes, [(160, 20)] * len(boxes), height=HEIGHT, frame=FRAME)
    tags = [spot.rectangle for spot in found]
    assert all(spot.width == 0 for spot in found)
    assert all(common(tag, box) == 0 for tag in tags for box in boxes)
    assert all(common(tag, other) == 0 for tag in tags for other in tags if tag is not other)


def around(box: Rectangle, width: float) -> list[Rectangle]:
    """The places of a bare number beside a box, at one of its corners."""
    lefts, tops = (box.left, box.right - width), (box.top, box.bottom - HEIGHT)
    rows = [(left, top) for left in lefts for top in (box.top - HEIGHT, box.bottom)]
    columns = [(left, top) for left in (box.left - width, box.right) for top in tops]
    return [Rectangle(left, top, left + width, top + HEIGHT) for left, top in rows + columns]


@given(st.lists(faces(least=30), min_size=1, max_size=9))
def test_no_label_covers_a_face_where_there_is_room(boxes: list[Rectangle]) -> None:
    tags = [spot.rectangle for spot in place(boxes, [(200, 90, 20)] * len(boxes), height=HEIGHT, frame=FRAME)]
    for number, (box, tag) in enumerate(zip(boxes, tags, strict=True)):
        taken = [*boxes, *tags[:number]]
        room = [
            spot
            for spot in around(box, 20)
            if common(spot, Rectangle(0, 0, *FRAME)) == 20 * HEIGHT and not any(common(spot, each) for each in taken)
        ]
        if room:
            assert all(common(tag, face) <= 0.02 * common(face, face) for face in boxes)


@given(st.lists(faces(least=45), max_size=3))
def test_the_tags_of_a_few_faces_never_lie_upon_one_another(boxes: list[Rectangle]) -> None:
    tags = [spot.rectangle for spot in place(boxes, [(40, 20)] * len(boxes), height=HEIGHT, frame=FRAME)]
    assert all(common(tag, other) == 0 for tag in tags for other in tags if tag is not other)
