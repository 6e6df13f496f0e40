"""What an answer says of a face, as people correct it."""

import pytest

from bot.answers import describing
from bot.config.tables import Language
from bot.database.pictures import Face, Picture
from bot.database.verdicts import Standing, Verdict, Votes
from bot.words import words_in
from ml.naming.classifier import Candidate

ENGLISH, JAPANESE = words_in("en"), words_in("ja")
RIKO, MAKI = Candidate("Riko", 0.97), Candidate("Maki", 0.02)


def face(*candidates: Candidate, named: bool = True, channel_id: int = 7) -> Face:
    """Taken for the first of these, if named."""
    return Face(
        picture=Picture(guild_id=1, source="discord", poster_id=2, channel_id=channel_id),
        number=1,
        x=0,
        y=0,
        w=9,
        h=9,
        angle=0,
        score=1,
        name=candidates[0].name if named else None,
        confidence=candidates[0].confidence if candidates else 0,
        candidates=candidates,
    )


def line(shown: Face, *votes: Votes, verdict: Verdict | None = None, language: Language = "en") -> str:
    """What is said of a face when people have said this of it."""
    return describing.describe([shown], {shown.id: Standing(votes, verdict)}, words_in(language))


@pytest.mark.parametrize(
    ("confidence", "said"), [(1.0, "almost sure · 99 %"), (0.9, "almost sure"), (0.6, "probably"), (0.59, "perhaps")]
)
def test_confidence_is_said_in_words_and_in_percent(confidence: float, said: str) -> None:
    assert said in line(face(Candidate("Riko", confidence)))


def test_what_was_learned_since_says_from_how_little() -> None:
    named, doubted = face(Candidate("Riko", 0.72, 1)), face(Candidate("Riko", 0.58, 2), named=False)
    assert line(named) == "**1** Riko · probably · 72 % · learned from 1 picture, not measured yet"
    assert line(doubted) == "**1** perhaps Riko? · 58 % · learned from 2 pictures, not measured yet"
    assert line(named, language="ja").endswith("画像1枚から覚えたばかりで、まだ確かめていません")


def test_a_runner_up_is_named_where_it_is_close() -> None:
    assert line(face(RIKO, MAKI)) == "**1** Riko · almost sure · 97 %"
    close = face(Candidate("Riko", 0.55), Candidate("Maki", 0.4))
    assert line(close) == "**1** Riko · perhaps · 55 % (or Maki, 40 %)"


def test_a_stranger_is_named_after_the_closest_only_where_that_is_near() -> None:
    near, far = (face(Candidate("Riko", confidence), named=False) for confidence in (0.3, 0.05))
    assert line(near) == "**1** someone I don't know (closest: Riko, 30 %)"
    assert line(far) == "**1** someone I don't know"


def test_a_name_that_is_likelier_right_than_wrong_is_asked_for() -> None:
    doubted = face(Candidate("Riko_Sakurauchi", 0.58), MAKI, named=False)
    assert line(doubted) == "**1** perhaps Riko Sakurauchi? · 58 %"
    assert line(doubted, language="ja") == "**1** もしかして Riko Sakurauchi ですか？ · 58%"
    assert describing.name_asked(doubted, None) == "Riko_Sakurauchi"
    assert "perhaps Riko Sakurauchi" in describing.alt_text([doubted], {}, ENGLISH)
    for other in (face(Candidate("Riko", 0.49), named=False), face(Candidate("Riko", 0.8))):
        assert "?" not in line(other)
        assert describing.name_asked(other, None) is None


def test_a_name_that_was_asked_for_and_refused_is_not_asked_for_again() -> None:
    doubted = face(Candidate("Riko", 0.58), MAKI, named=False)
    said = line(doubted, Votes("Riko", people=0, against=1, counting=0))
    assert said == "**1** someone I don't know — 1 says not Riko"


def test_a_face_that_cannot_be_told_is_said_to_be_so() -> None:
    blurred = face(RIKO, named=False)
    blurred.quality = 0.1
    assert line(blurred) == "**1** too small or blurred to tell"
    assert line(blurred, Votes("Maki", people=1, against=0, counting=1)).endswith("to tell — 1 says Maki")


def test_a_name_that_was_refused_is_not_offered_again() -> None:
    doubted = face(Candidate("Riko", 0.8), Candidate("Maki", 0.15))
    said = line(doubted, Votes("Riko", people=0, against=1, counting=0))
    assert said == "**1** someone I don't know (closest: Maki, 15 %) — 1 says not Riko"
    assert describing.name_shown(doubted, Standing((Votes("Riko", 0, 1, 0),), None)) is None


def test_the_next_best_name_is_not_offered_either_if_it_was_refused_too() -> None:
    refused = (Votes("Riko", people=0, against=1, counting=0), Votes("Maki", people=0, against=2, counting=0))
    assert line(face(RIKO, MAKI), *refused) == "**1** someone I don't know — 1 says not Riko, 2 say not Maki"


def test_what_several_people_say_is_shown_as_it_stands() -> None:
    votes = (Votes("Riko", people=2, against=0, counting=2), Votes("Maki", people=1, against=0, counting=1))
    assert line(face(RIKO), *votes).endswith("— 2 say Riko, 1 says Maki")
    assert line(face(RIKO), *votes, language="ja").endswith("— 2人が「Riko」、1人が「Maki」")


def test_words_that_do_not_count_are_shown_as_such() -> None:
    assert line(face(RIKO), Votes("Maki", people=1, against=0, counting=0)).endswith("1 says Maki (does not count)")
    assert line(face(RIKO), Votes("Maki", people=3, against=0, counting=1)).endswith("3 say Maki (2 do not count)")
    assert line(face(RIKO), Votes("Maki", people=3, against=0, counting=2)).endswith("3 say Maki (1 does not count)")
    assert line(face(RIKO), Votes("Maki", people=2, against=0, counting=2)).endswith("2 say Maki")


def test_a_settled_name_says_by_whom() -> None:
    trusted, agreed = (Verdict(1, "Maki", trusted=trusted) for trusted in (True, False))
    assert line(face(RIKO), verdict=trusted) == "**1** Maki ✔ a moderator says so"
    assert line(face(RIKO), verdict=agreed) == "**1** Maki ✔ you agree"
    assert line(face(RIKO, channel_id=1), verdict=trusted) == "**1** Maki ✔ you say so"  # alone with the bot


def test_names_are_shown_as_they_are_written() -> None:
    assert line(face(Candidate("rin_*star*", 0.95))).startswith("**1** rin \\*star\\* ·")
    assert line(face(Candidate("桜内梨子", 0.95)), language="ja") == "**1** 桜内梨子 · ほぼ確実 · 95%"


def test_a_long_answer_keeps_to_the_limit_and_says_how_many_are_missing() -> None:
    faces = [face(Candidate("R" * 80, 0.95)) for _ in range(40)]
    text = describing.describe(faces, {}, ENGLISH)
    assert len(text) <= 2000
    assert text.splitlines()[-1] == f"… and {40 - len(text.splitlines()) + 1} more"


def test_the_description_says_the_names_that_the_picture_bears() -> None:
    shown = face(RIKO)
    assert describing.alt_text([shown], {}, ENGLISH) == "Faces, left to right: 1: Riko"
    settled = {shown.id: Standing((), Verdict(1, "Maki", trusted=True))}
    assert describing.alt_text([shown], settled, JAPANESE) == "左からの顔：1：Maki"
    assert len(describing.alt_text([face(Candidate("R" * 80, 0.95))] * 40, {}, ENGLISH)) <= 1024


def test_the_thanks_say_what_is_still_needed() -> None:
    said = Standing((Votes("Maki", people=1, against=0, counting=0),), None)
    noted = describing.noted("Maki", said, ENGLISH, quorum=2, learning="next", yours=False)
    assert noted == "Noted: **Maki** (2 more to agree, or a moderator)."
    disputed = (Votes("Maki", people=1, against=0, counting=1), Votes("Riko", people=1, against=0, counting=1))
    noted = describing.noted("Maki", Standing(disputed, None), ENGLISH, quorum=2, learning="next", yours=False)
    assert "people disagree" in noted


def test_the_thanks_say_when_it_is_learned_and_when_a_moderator_disagrees() -> None:
    settled = Standing((), Verdict(1, "Maki", trusted=True))
    said = (
        describing.noted("Maki", settled, ENGLISH, quorum=2, learning="next", yours=False),
        describing.noted("Maki", settled, ENGLISH, quorum=2, learning="none", yours=False),
        describing.noted("Riko", settled, ENGLISH, quorum=2, learning="next", yours=False),
    )
    assert "from the next picture on" in said[0]
    assert said[1] == "Noted: **Maki**."
    assert "a moderator has said otherwise" in said[2]
