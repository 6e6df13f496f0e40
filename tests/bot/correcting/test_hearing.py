"""What people write below an answer is understood as they mean it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.correcting.hearing import Heard, hear, is_statement
from bot.correcting.whom import Which, told
from ml.naming.names import OWN_WORDS


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
        "やっぱ2はRiko",
        "person 2 is Riko",
        "2is Riko",
        "2 is my OC, Riko",
        "2 is an OC called Riko",
        "2 is 🌸Riko🌸",
        "2 is Riko but not sure",
        "Riko is 2",
        "Rikoは2番",
        "the second one is Riko",
        "2nd: Riko",
        "second from the left is Riko",
        "face two is Riko",
        "2️⃣ is Riko",
        "② Riko",
        "(2) Riko",
        "2-Riko",
        "**2** is __Riko__",
        "2 is `Riko`",
        "2 is „Riko“",
        "2 is «Riko»",
        "2 is ~~Maki~~ Riko",
        "2 is Riko lol",
        "2 is Riko, I think :)",
        "2 is Riko ❤️",
        "2 should be Riko",
        "2 is actually Riko",
        "2 was wrong, it's Riko",
        "change 2 to Riko",
        "<@123456> 2 is Riko",
        "> someone I don't know\n2 is Riko",
        "correction: 2 is Riko",
        "二人目はRiko",
        "左から二番目の子はRikoでした",
        "2はたぶん、Riko",
        "違うよ、2はRikoだよ",
    ],
)
def test_a_face_is_named_by_its_number(text: str) -> None:
    assert hear(text) == [Heard(2, "name", "Riko", stated=True)]


@pytest.mark.parametrize(
    "text",
    [
        "no, it's Maki",
        "It’s Maki!",
        "that is Maki",
        "これはMakiです",
        "違う、Makiだよ",
        "Makiです。",
        "no thats Maki",
        "NO ITS Maki",
        "it's actually Maki",
        "I'm pretty sure it's Maki",
        "looks like Maki",
        "her name is Maki",
        "the girl with the glasses is Maki",
        "= Maki",
        "答えはMakiでした",
        "Makiかな",
    ],
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
        ("only 2 is wrong", Heard(2, "who")),
        ("2違う", Heard(2, "who")),
        ("2だけ違う", Heard(2, "who")),
        ("2番はあってます", Heard(2, "right")),
        ("2 is not her", Heard(2, "who")),
        ("2 is no one", Heard(2, "nobody")),
        ("2はうちの子", Heard(2, "stranger")),
        ("no one here is Riko", Heard("all", "not", "Riko")),
        ("the girl isn't Riko", Heard(None, "not", "Riko")),
        ("ハナじゃね？", Heard(None, "maybe", "ハナ")),
        ("赤い髪の子はハナ", Heard(None, "name", "ハナ", stated=True)),
        ("この子ハナだよ", Heard(None, "name", "ハナ", stated=True)),
        ("この子可愛い", Heard(None, "unclear")),
        ("ハナっぽい", Heard(None, "name", "ハナ", stated=True)),
        ("2は同じ人", Heard(2, "name", "同じ人")),
        ("2はハナの妹", Heard(2, "name", "ハナの妹")),
        ("2は梨子", Heard(2, "name", "梨子", stated=True)),
        ("2 is Saber (Fate/stay night)", Heard(2, "name", "Saber (Fate/stay night)")),
        ("2 is Hana, from Love Live", Heard(2, "name", "Hana")),
        ("Riko is #1", Heard(None, "unclear")),
        ("I'm on the left", Heard(None, "unclear")),
        ("He's Him", Heard(None, "name", "Him")),
        ("Me on the left, Riko on the right", Heard(None, "unclear")),
        ("the second picture is Riko", Heard("picture", "name", "Riko", stated=True)),
        ("2番", Heard(2, "who")),
        ("undo", Heard(None, "undo")),
        ("Take it back.", Heard(None, "undo")),
        ("undo all", Heard(None, "undo")),
        ("everything is wrong", Heard(None, "who")),
        ("not 2", Heard(2, "who")),
        ("2: skip", Heard(2, "chat")),
        ("they're sisters", Heard(None, "unclear")),
        ("I meant Riko", Heard(None, "name", "Riko", stated=True)),
        ("thanks mod", Heard(None, "unclear")),
        ("2 undo", Heard(2, "undo")),
        ("取り消し", Heard(None, "undo")),
        ("thanks!", Heard(None, "chat")),
        ("ありがとう！", Heard(None, "chat")),
        ("who is that?", Heard(None, "unclear")),
        ("I really like how she looks in this one", Heard(None, "unclear")),
        ("2 is the one that I like most", Heard(2, "unclear")),
        ("2 is riko", Heard(2, "name", "riko")),
        ("it's cute", Heard(None, "chat")),
        ("かわいいですね", Heard(None, "chat")),
        ("綺麗ですね", Heard(None, "chat")),
        ("本当だ", Heard(None, "chat")),
        ("that's hilarious", Heard(None, "chat")),
        ("bro", Heard(None, "chat")),
        ("nooooo", Heard(None, "chat")),
        ("1 is Queen", Heard(1, "name", "Queen", stated=True)),
        ("😂", Heard(None, "chat")),
        ("10/10", Heard(None, "chat")),
        ("Wow nice picture", Heard(None, "unclear")),
        ("what anime is this", Heard(None, "unclear")),
        ("I love Riko", Heard(None, "unclear")),
        ("Riko is cute", Heard(None, "unclear")),
        ("2: ?", Heard(2, "chat")),
        ("yes, thanks!", Heard(None, "right")),
        ("ありがとう！正解です", Heard(None, "right")),
        ("all wrong", Heard(None, "who")),
        ("help", Heard(None, "how")),
        ("1 is @everyone", Heard(1, "who")),
        ("1 is <@123456>", Heard(1, "who")),
        ("the left one", Heard("left", "who")),
        ("that's not Riko", Heard(None, "not", "Riko")),
        ("it's not riko at all", Heard(None, "not", "riko")),
        ("Riko is wrong", Heard(None, "not", "Riko")),
        ("Riko is correct", Heard(None, "name", "Riko")),
        ("none of them are Riko", Heard("all", "not", "Riko")),
        ("is 2 Riko?", Heard(2, "maybe", "Riko")),
        ("isn't that Riko?", Heard(None, "maybe", "Riko")),
        ("2 is Riko, right?", Heard(2, "maybe", "Riko")),
        ("リコじゃない？", Heard(None, "maybe", "リコ")),
        ("1 is 🌸", Heard(1, "unclear")),
        ("1 = 2", Heard(1, "unclear")),
        ("1 is Riko or Maki", Heard(1, "unclear")),
        ("1 is 02", Heard(1, "name", "02")),
        ("02", Heard(None, "name", "02")),
        ("1 is Maki from Love Live", Heard(1, "name", "Maki")),
        ("1 is Hana, Queen of the Night", Heard(1, "name", "Hana, Queen of the Night")),
        ("https://example.org/picture.png", Heard(None, "unclear")),
    ],
)
def test_whatever_else_is_said(text: str, heard: Heard) -> None:
    assert hear(text) == [heard]


@pytest.mark.parametrize(
    "text",
    [
        "1 is Riko, 2 is Maki",
        "1 is Riko and 2 is Maki",
        "1 is Riko & 2 is Maki",
        "1 is Riko / 2 is Maki",
        "1 is Riko + 2 is Maki",
        "1 is Riko 2 is Maki",
        "1 is Riko. 2 is Maki",
        "1 is Riko.2 is Maki",
        "1 is Riko, and 2 is Maki",
        "1 is Riko and 2 Maki",
        "1=Riko 2=Maki",
        "1 Riko; 2 Maki",
        "#1 Riko #2 Maki",
        "#1 is Riko #2 is Maki",
        "face 1 is Riko and face 2 is Maki",
        "1: Riko\n2: Maki",
        "1. Riko\n2. Maki",
        "1. Riko 2. Maki",
        "1) Riko 2) Maki",
        "1 - Riko\n2 - Maki",
        "no, 1 is Riko and 2 is **Maki**!",
        "1はRiko、2はMaki",
        "1はRikoで2はMakiです",
        "1番はRiko 2番はMakiだよ",
        "1 is Riko but 2 is Maki",
        "1 → Riko, 2 -> Maki",
        "- 1: Riko\n- 2: Maki",
        "1.Riko 2.Maki",
        "1️⃣ Riko 2️⃣ Maki",
        "①はRiko②はMaki",
        "the first is Riko and the second is Maki",
        "1 and 2 are Riko and Maki",
        "1/2: Riko/Maki",
        "from left to right: Riko, Maki",
        "左から順にRiko、Makiです",
        "I think 1 is Riko and I think 2 is Maki",
        "Riko is 1, Maki is 2",
        "Riko (1), Maki (2)",
        "Riko=1 and Maki=2",
        "1番はRikoで2番はMaki",
    ],
)
def test_several_faces_are_named_at_once(text: str) -> None:
    assert hear(text) == [Heard(1, "name", "Riko", stated=True), Heard(2, "name", "Maki", stated=True)]


@pytest.mark.parametrize(
    "text",
    [
        "1 to 2 are Riko",
        "1–2: Riko",
        "1〜2はRikoです",
        "1 and 2 are Riko",
        "1, 2 are Riko",
        "1 & 2: Riko",
        "1/2 are Riko",
        "1と2はRikoです",
        "#1 and #2 are Riko",
        "1 2 are Riko",
        "faces 1 and 2 are Riko",
        "1も2もRiko",
    ],
)
def test_several_faces_may_be_one_character(text: str) -> None:
    assert hear(text) == [Heard(1, "name", "Riko", stated=True), Heard(2, "name", "Riko", stated=True)]


@pytest.mark.parametrize(
    "text",
    [
        "all are Riko",
        "they are all Riko!",
        "all three are Riko",
        "all of them Riko",
        "They're all Riko",
        "all of them are Riko",
        "みんなRikoです",
    ],
)
def test_all_faces_may_be_one_character(text: str) -> None:
    assert hear(text) == [Heard("all", "name", "Riko", stated=True)]


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("left is Riko, right is Maki", ["left", "right"]),
        ("the girl on the left is Riko, the one on the right is Maki", ["left", "right"]),
        ("左がRikoで右がMaki", ["left", "right"]),
        ("Riko is on the left, Maki on the right", ["left", "right"]),
        ("Rikoが左でMakiが右", ["left", "right"]),
        ("1 is Riko and the other one is Maki", [1, "other"]),
        ("1はRiko、他はMaki", [1, "rest"]),
        ("middle: Riko, last: Maki", ["middle", -1]),
        ("右から二番目はRiko、最後はMaki", [-2, -1]),
    ],
)
def test_a_face_may_be_told_by_where_it_is(text: str, heard: list[Which]) -> None:
    names = ["Riko", "Maki"]
    assert hear(text) == [Heard(which, "name", name, stated=True) for which, name in zip(heard, names, strict=True)]


@pytest.mark.parametrize("text", ["both are Riko", "they're both Riko", "both Riko", "どっちもRiko", "2人ともRiko"])
def test_both_faces_may_be_one_character(text: str) -> None:
    assert hear(text) == [Heard("both", "name", "Riko", stated=True)]


def test_which_faces_are_meant_depends_on_those_that_are_shown() -> None:
    def among(which: Which, faces: int, *spoken_of: int, pictures: int = 1) -> list[int] | None:
        return told(which, range(1, faces + 1), spoken_of, pictures=pictures)

    assert among("left", 3) == [1]
    assert among("right", 3) == among(-1, 3) == [3]
    assert among("middle", 3) == [2]
    assert among("middle", 2) is None
    assert among("left", 3, pictures=2) is None
    assert among("picture", 3, pictures=2) is None
    assert among("both", 2) == [1, 2]
    assert among("both", 3) is None
    assert among("other", 2, 1) == [2]
    assert among("other", 3, 1) is None
    assert among("rest", 3, 1) == [2, 3]


def test_what_is_said_of_the_rest_needs_no_verb_and_the_same_is_who_was_named_before() -> None:
    assert [(each.number, each.meaning) for each in hear("1 is right, others wrong")] == [(1, "right"), ("rest", "who")]
    assert [each.name for each in hear("1: Riko 2: same 3: Maki")] == ["Riko", "Riko", "Maki"]


@pytest.mark.parametrize(
    "text",
    [
        "1 is not Riko, it's Maki",
        "1 isn't Riko but Maki",
        "1はRikoじゃなくてMakiです",
        "1はRikoじゃないよ、Makiだよ",
        "1 is Maki, not Riko",
        "1 is Maki (not Riko)",
    ],
)
def test_who_it_is_not_and_who_it_is_are_said_in_one_breath(text: str) -> None:
    assert hear(text) == [Heard(1, "not", "Riko"), Heard(1, "name", "Maki", stated=True)]


@pytest.mark.parametrize(
    "name",
    [
        "C.C.",
        "K-ON!",
        "Android 18",
        "2B",
        "Zero Two",
        "Tom and Jerry",
        "Jeanne d'Arc",
        "Isa",
        "Nota",
        "Saber (Alter)",
        "Mr. X",
        "No. 6",
        "Hana & Co",
        "No Name",
        "Re:Zero Rem",
    ],
)
def test_a_name_keeps_its_signs(name: str) -> None:
    for text in (f"2 is {name}", f"2: **{name}**", f'2 is "{name}"', f"1 is Riko and 2 is {name}"):
        assert hear(text)[-1] == Heard(2, "name", name, stated=True), text


@pytest.mark.parametrize(
    "text", ["it's Hana and 2 is Yuki", "1 Hana 2 Yuki", "2 is Hana is Yuki", "they are all happy"]
)
def test_what_may_be_more_than_one_thing_is_no_name(text: str) -> None:
    assert [heard.meaning for heard in hear(text)] == ["unclear"]


NAMES = st.lists(
    st.from_regex(r"[A-Z][a-z]{2,8}|[ァ-ヴ]{2,6}", fullmatch=True).filter(lambda name: name.lower() not in COMMON),
    min_size=1,
    max_size=2,
).map(" ".join)
COMMON = {
    "and",
    "are",
    "but",
    "not",
    "yes",
    "yep",
    "nah",
    "nope",
    "wrong",
    "right",
    "nice",
    "cool",
    "wow",
    "lol",
    "was",
}


@example(said=[(1, "Esmeralda")], sign=" is ", joint=" and ")  # whose name begins as Spanish says "is"
@given(
    said=st.lists(st.tuples(st.integers(1, 30), NAMES), min_size=1, max_size=5),
    sign=st.sampled_from([" is ", ": ", "=", " = ", "は", ") "]),
    joint=st.sampled_from([" and ", ", ", "; ", "\n", " & ", " / ", " ", ". ", "、", ", and "]),
)
def test_as_many_faces_as_are_said_get_their_own_names(said: list[tuple[int, str]], sign: str, joint: str) -> None:
    text = joint.join(f"{number}{sign}{name}" for number, name in said)
    assert hear(text) == [Heard(number, "name", name, stated=True) for number, name in said]


@given(st.text(alphabet="12 #,.&/and is RikoMaki\n、はでと!\"'*", max_size=60))
def test_no_name_is_ever_a_statement(text: str) -> None:
    for heard in hear(text):
        if heard.meaning == "name":
            assert "\n" not in heard.name
            assert len(hear(heard.name)) == 1


@pytest.mark.parametrize("word", [*OWN_WORDS, "_unknown"])
def test_what_we_call_strangers_is_nobodys_name(word: str) -> None:
    assert hear(word) == [Heard(None, "stranger")]
    for text in (f"2 is {word}", f"2は{word}です", f'2 is "{word}"', f"2: **{word}**"):
        assert hear(text) == [Heard(2, "stranger")], text


@pytest.mark.parametrize(
    "text", ["Hana and 2 is Yuki", "2 is Yuki", "1: Hana 2: Yuki", "they are all Riko", "not Riko", "it's Riko", "yes"]
)
def test_a_name_that_looks_like_a_statement_is_told(text: str) -> None:
    assert is_statement(text)


@pytest.mark.parametrize(
    "name",
    ["Riko Sakurai", "C.C.", "K-ON!", "2B", "Android 18", "Tom and Jerry", "The Legendary Witch of Dawn"],
)
def test_a_name_is_no_statement(name: str) -> None:
    assert not is_statement(name)


@given(st.text(max_size=80))
def test_anything_can_be_written(text: str) -> None:
    for heard in hear(text):
        assert heard.meaning not in ("name", "not") or heard.name


@pytest.mark.parametrize("gap", ["\n", " ", "\n ", "\u3000", ",", " ,"])
def test_blank_lines_and_spaces_hold_nobody_up(gap: str) -> None:
    assert hear("a" + gap * (200_000 // len(gap)) + "b")  # a search that goes back at each would take hours


def test_ranges_hold_nobody_up() -> None:
    assert hear("1-99 are " * 200) == [Heard(None, "unclear")]  # 20,000 numbers, if they were counted
