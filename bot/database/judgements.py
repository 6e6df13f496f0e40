"""What comes of the rules (`bot.database.rules`), kept in tables, so that no answer goes through all that was said.

The ledger stays the truth: these tables follow it (`bot.database.judging`), and can be made anew
(`bot.database.rebuilding`). Who reads them in a session that has written calls `judging.catch_up` before.
"""

from datetime import datetime
from typing import Final, Literal, TypeAlias, get_args

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.database.base import Base, one_of, where
from bot.database.rules import Word

Kept: TypeAlias = Literal["waiting", "training", "held_out"]


class WordRow(Base):
    """A `Word`: what a person says last of a character of a face."""

    __tablename__ = "words"
    __table_args__ = (Index("ix_words_speaker", "guild_id", "user_id", "at", "against", "face_id", "character_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # Its face may be gone, and what was said of that: then it has to be counted no more, before it goes too.
    face_id: Mapped[int] = mapped_column(index=True)
    guild_id: Mapped[int | None]
    picture_id: Mapped[int]
    user_id: Mapped[int | None]
    at: Mapped[datetime]
    character_id: Mapped[int | None]
    against: Mapped[bool]
    trusted: Mapped[bool]
    upheld: Mapped[bool]
    overruled: Mapped[bool]
    heard: Mapped[bool]


class Conduct(Base):
    """How many words of a person in a guild rule 2 has overruled and upheld."""

    __tablename__ = "conducts"

    guild_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    wrong: Mapped[int]
    right: Mapped[int]


class Judgement(Base):
    """Who a face is; of each face that is kept, or of which something stands.

    Attributes
    ----------
    guild_id
        As of the picture.
    posted
        On Discord, not imported.
    guess
        As of the face: what the model, or who taught it, called it.
    kept
        None: nothing is kept of it. "waiting": until it has a name. "training", "held_out": it is an example, while it
        is settled to be somebody.
    character_id, voices
        As of `bot.database.rules.Judged`: it is settled where there are as many voices as the quorum asks for.
    said
        How many corrections of it stand.
    asks
        The poster, where the face can be learned from once they agree; None: it was given to learn from, or never will
        be an example, or nobody has said anything of it.
    """

    __tablename__ = "judgements"
    __table_args__ = (
        # Each has all that its readers ask for, so that they read nothing else.
        Index("ix_judgements_known", "guild_id", "character_id", "kept", "voices"),
        Index("ix_judgements_open", "guild_id", "kept", "face_id", "voices", "posted", "said"),
        Index("ix_judgements_guessed", "guild_id", "guess"),
        Index(
            "ix_judgements_asking",
            *("guild_id", "asks", "voices", "kept", "character_id"),
            **where("asks IS NOT NULL"),
        ),
    )

    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True)
    guild_id: Mapped[int | None]
    posted: Mapped[bool]
    guess: Mapped[str | None]
    kept: Mapped[Kept | None] = mapped_column(one_of("kept", get_args(Kept)))
    character_id: Mapped[int | None]
    voices: Mapped[int]
    said: Mapped[int]
    asks: Mapped[int | None]


class Stale(Base):
    """A face of which the tables do not say yet what the ledger does."""

    __tablename__ = "stale"

    face_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


WORD: Final = [getattr(WordRow, name) for name in Word._fields]
