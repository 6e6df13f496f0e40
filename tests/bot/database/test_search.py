"""Names are found by part of one, in any kana, and in spite of small slips."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.database.search import held, sounding, spotted
from ml.naming.names import fold

NAMES = {
    "Riko Sakurauchi": ["桜内梨子", "さくらうち りこ"],
    "Maki": ["西木野真姫"],
    "Mariko": [],
    "Rikō": [],
    "Eli": [],
}


def spot(typed: str) -> list[str]:
    return spotted(fold(typed), [(name, [fold(each) for each in (name, *more)]) for name, more in NAMES.items()])


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("riko", "Rikō"),  # exact but for the accent, before what only begins so
        ("sakura", "Riko Sakurauchi"),
        ("sakurauchi riko", "Riko Sakurauchi"),
        ("梨子", "Riko Sakurauchi"),
        ("サクラウチ", "Riko Sakurauchi"),
        ("西木野", "Maki"),
        ("mkai", "Maki"),
        ("makki", "Maki"),
        ("sakuruachi", "Riko Sakurauchi"),
        ("Ｍａｋｉ", "Maki"),
        ("マリコ", "Mariko"),
        ("リコ", "Rikō"),
        ("エリ", "Eli"),
    ],
)
def test_who_is_meant_comes_first(typed: str, first: str) -> None:
    assert spot(typed)[0] == first


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("ショウコ", "Shouko"),
        ("じゅんこ", "Junko"),
        ("まっちゃ", "matcha"),
        ("サンペイ", "Sampei"),
        ("フユハ", "Fuyuha"),
        ("ルル", "Lulu"),
        ("やまだ はな", "Yamada Hana"),
    ],
)
def test_kana_and_latin_letters_may_sound_the_same(kana: str, latin: str) -> None:
    assert sounding(fold(kana), [(latin, [fold(latin)]), ("ハナ", ["ハナ"])]) == [latin]
    assert sounding(fold(latin), [(kana, [fold(kana)]), ("ハナ", ["ハナ"])]) == [kana]
    assert sounding(fold(kana), [("Yuki", ["yuki"]), ("梨子", ["梨子"])]) == []


def test_names_that_stand_whole_in_a_longer_one_are_found_the_longest_first() -> None:
    names = [("Riko", ["riko"]), ("Riko Sakurauchi", ["riko sakurauchi"]), ("花", ["花"]), ("Al", ["al"])]
    assert held("riko sakurauchi (swimsuit)", names) == ["Riko Sakurauchi", "Riko"]
    assert held("riko & al", names) == ["Riko"]
    assert held("mariko", names) == []
    assert held("水着の花", names) == ["花"]


@pytest.mark.parametrize("typed", ["xyz", "el x", "%", "qq"])
def test_what_is_like_nobody_finds_nobody(typed: str) -> None:
    assert spot(typed) == []


def test_nothing_typed_shows_everybody_in_order() -> None:
    assert spot("") == list(NAMES)


@given(name=st.text("abcdefghijklmnopqrstuvwxyz ", min_size=6, max_size=20), where=st.integers(0, 19), data=st.data())
def test_one_letter_left_out_changed_or_swapped_is_forgiven(name: str, where: int, data: st.DataObject) -> None:
    name = " ".join(name.split())
    assume(len(name) >= 6)
    where %= len(name) - 1
    slips = [name[:where] + name[where + 1 :], name[:where] + "q" + name[where + 1 :]]
    slips.append(name[:where] + name[where + 1] + name[where] + name[where + 2 :])
    typed = data.draw(st.sampled_from(slips))
    assume(typed == " ".join(typed.split()))
    assert spotted(typed, [("Somebody Else", ["0000"]), ("Who", [name])]) == ["Who"]


def test_somebody_is_found_among_a_thousand_characters_with_five_names_each() -> None:
    names = [(str(n), [f"somebody {n} of the {kind}" for kind in "abcde"]) for n in range(1000)]
    assert spotted("somebdoy 77", names)
