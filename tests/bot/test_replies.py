"""What an answer says of a face, as people correct it."""

from bot import replies
from bot.database.pictures import Face, Picture
from bot.database.verdicts import Standing, Votes
from ml.classifier import Candidate


def face() -> Face:
    """Taken for Riko, perhaps Maki."""
    return Face(
        picture=Picture(guild_id=1, source="discord", poster_id=2),
        number=1,
        x=0,
        y=0,
        w=9,
        h=9,
        angle=0,
        score=1,
        name="Riko",
        confidence=0.8,
        candidates=(Candidate("Riko", 0.8), Candidate("Maki", 0.15)),
    )


def said(*votes: Votes) -> str:
    """The line of that face when people have said this of it."""
    shown = face()
    return replies.describe([shown], {shown.id: Standing(votes, None)})


def test_a_name_that_was_refused_is_not_offered_again() -> None:
    line = said(Votes("Riko", people=0, against=1, counting=0))
    assert line == "**1** someone I don't know (closest: Maki, 15 %) — 1 says not Riko"


def test_the_next_best_name_is_not_offered_either_if_it_was_refused_too() -> None:
    refused = (Votes("Riko", people=0, against=1, counting=0), Votes("Maki", people=0, against=2, counting=0))
    assert said(*refused) == "**1** someone I don't know — 1 says not Riko, 2 say not Maki"


def test_words_that_do_not_count_are_shown_as_such() -> None:
    assert said(Votes("Maki", people=1, against=0, counting=0)).endswith("1 says Maki (does not count)")
    assert said(Votes("Maki", people=3, against=0, counting=1)).endswith("3 say Maki (2 do not count)")
    assert said(Votes("Maki", people=2, against=0, counting=2)).endswith("2 say Maki")


def test_the_thanks_for_a_word_that_does_not_count_say_what_is_still_needed() -> None:
    standing = Standing((Votes("Maki", people=1, against=0, counting=0),), None)
    assert replies.noted("Maki", standing, quorum=2) == "Noted: **Maki** (2 more to agree, or a moderator)."
