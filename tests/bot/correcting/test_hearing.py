"""What people write below an answer is understood as they mean it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.correcting.hearing import Heard, hear


@pytest.mark.parametrize(
    "text",
    [
        "2 is Riko",
        "2: Riko",
        "2 = Riko",
        "2. Riko",
        "2 Riko",
        "#2 Riko",
        "#2 = Riko",
        "face 2 is Riko",
        "face 2: Riko",
        "no, 2 is Riko!",
        "I think 2 is Riko.",
        "2 is “Riko”",
        "2はRiko",
        "2番はRikoです",
        "２：Riko",
        "2番目の子はRikoだよ",
        "2人目はRikoだと思います",
        "顔2はRiko",
        "いや、2はRiko",
    ],
)
def test_a_face_is_named_by_its_number(text: str) -> None:
    assert hear(text) == [Heard(2, "name", "Riko", stated=True)]


@pytest.mark.parametrize(
    "text", ["no, it's Maki", "It’s Maki!", "that is Maki", "これはMakiです", "違う、Makiだよ", "Makiです。"]
)
def test_where_there_is_one_face_no_number_is_needed(text: str) -> None:
    assert hear(text) == [Heard(None, "name", "Maki", stated=True)]


@pytest.mark.parametrize("text", ["Maki", "maki", "“Maki”", "Maki!", "西木野真姫", "Sakurauchi Riko", "2B", "3-gou"])
def test_a_bare_name_is_one_but_may_be_only_a_word(text: str) -> None:
    [heard] = hear(text)
    assert (heard.number, heard.meaning, heard.stated) == (None, "name", False)


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("2 is not Riko", Heard(2, "not", "Riko")),
        ("2 isn't Riko", Heard(2, "not", "Riko")),
        ("not Riko", Heard(None, "not", "Riko")),
        ("2はRikoじゃない", Heard(2, "not", "Riko")),
        ("Rikoではありません", Heard(None, "not", "Riko")),
        ("2 not a face", Heard(2, "nobody")),
        ("2 is not a face", Heard(2, "nobody")),
        ("2 is nobody", Heard(2, "nobody")),
        ("それは顔ではない", Heard(None, "nobody")),
        ("2は顔じゃない", Heard(2, "nobody")),
        ("yes", Heard(None, "right")),
        ("2 is right", Heard(2, "right")),
        ("正解です", Heard(None, "right")),
        ("no", Heard(None, "who")),
        ("2 is wrong", Heard(2, "who")),
        ("違います", Heard(None, "who")),
        ("2", Heard(2, "who")),
        ("2番", Heard(2, "who")),
        ("undo", Heard(None, "undo")),
        ("Take it back.", Heard(None, "undo")),
        ("2 undo", Heard(2, "undo")),
        ("取り消し", Heard(None, "undo")),
        ("thanks!", Heard(None, "chat")),
        ("ありがとう！", Heard(None, "chat")),
        ("who is that?", Heard(None, "unclear")),
        ("I really like how she looks in this one", Heard(None, "unclear")),
        ("2 is the one that I like most", Heard(2, "unclear")),
        ("2 is riko", Heard(2, "name", "riko")),
        ("it's cute", Heard(None, "name", "cute")),
        ("かわいいですね", Heard(None, "name", "かわいい")),
        ("https://example.org/picture.png", Heard(None, "unclear")),
    ],
)
def test_whatever_else_is_said(text: str, heard: Heard) -> None:
    assert hear(text) == [heard]


@pytest.mark.parametrize(
    "text",
    ["1 is Riko, 2 is Maki", "1: Riko\n2: Maki", "1はRiko、2はMaki", "1 Riko; 2 Maki", "1 is Riko, and 2 is Maki"],
)
def test_several_faces_are_named_at_once(text: str) -> None:
    assert hear(text) == [Heard(1, "name", "Riko", stated=True), Heard(2, "name", "Maki", stated=True)]


@given(st.text(max_size=80))
def test_anything_can_be_written(text: str) -> None:
    for heard in hear(text):
        assert heard.meaning not in ("name", "not") or heard.name


@pytest.mark.parametrize("gap", ["\n", " ", "\n ", "\u3000", ",", " ,"])
def test_blank_lines_and_spaces_hold_nobody_up(gap: str) -> None:
    hear("a" + gap * (200_000 // len(gap)) + "b")  # a search that goes back at each would take hours
