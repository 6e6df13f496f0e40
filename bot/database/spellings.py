"""What names mean in a guild: a record of renamings, merges and aliases that only grows, and what stands of it."""

from datetime import datetime
from typing import Literal, TypeAlias, get_args

from sqlalchemy import CTE, CheckConstraint, ForeignKey, exists, func, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from bot.clock import now
from bot.database.base import Base, one_of

Act: TypeAlias = Literal["rename", "merge", "alias", "unalias", "import"]
ChangeKind: TypeAlias = Literal["rename", "merge", "alias", "unalias", "import", "undo"]


class Change(Base):
    """Something that a moderator did to a character; a change is never altered, only undone by another.

    No character, correction or example is touched by one: `Spelling` says what the names mean from then on.

    Attributes
    ----------
    kind
        "rename": `name` is called `other`. "merge": `name` is `other`. "alias", "unalias": `other` is, or is no
        longer, another spelling of `name`. "import": the aliases that came with the file `name`. "undo": the change
        `undoes` is taken back, always the latest that stands.
    user_id
        Who did it; None: on the shell, or somebody who was forgotten since.
    """

    __tablename__ = "character_changes"
    __table_args__ = (
        CheckConstraint("(kind = 'undo') = (undoes IS NOT NULL)", name="undoes_where_undo"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    guild_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[ChangeKind] = mapped_column(one_of("kind", get_args(ChangeKind)))
    name: Mapped[str | None] = mapped_column(default=None)
    other: Mapped[str | None] = mapped_column(default=None)
    user_id: Mapped[int | None] = mapped_column(default=None, index=True)
    undoes: Mapped[int | None] = mapped_column(ForeignKey("character_changes.id"), default=None, unique=True)
    at: Mapped[datetime] = mapped_column(default_factory=now)


class Spelling(Base):
    """What a spelling means from a change on; the latest of a guild that was not undone holds.

    Attributes
    ----------
    folded
        As `ml.naming.names.fold` gives it.
    character_id
        None: from then on it means nobody.
    shown
        The character is called so from then on; false: it is an alias.
    """

    __tablename__ = "spellings"
    __table_args__ = ({"sqlite_autoincrement": True},)  # "latest" is by id

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    change_id: Mapped[int] = mapped_column(ForeignKey("character_changes.id"), index=True)
    folded: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    character_id: Mapped[int | None] = mapped_column(ForeignKey("characters.id"), index=True)
    shown: Mapped[bool] = mapped_column(default=False)


_undo = aliased(Change)
standing = (Change.kind != "undo") & ~exists().where(_undo.undoes == Change.id)
"""The condition that a change has not been undone."""


def current(guild_id: int | None) -> CTE:
    """What spellings mean in a guild today: columns id, folded (unique), name, character_id, shown."""
    newest_first = func.row_number().over(partition_by=Spelling.folded, order_by=Spelling.id.desc())
    ranked = (
        select(
            Spelling.id,
            Spelling.folded,
            Spelling.name,
            Spelling.character_id,
            Spelling.shown,
            newest_first.label("age"),
        )
        .join(Change, Change.id == Spelling.change_id)
        .where(Change.guild_id == guild_id, standing)
        .cte()
    )
    return select(ranked).where(ranked.c.age == 1, ranked.c.character_id.is_not(None)).cte()


def chosen_names(spelled: CTE) -> CTE:
    """What renamed characters are called today: columns character_id (unique), name."""
    newest_first = func.row_number().over(partition_by=spelled.c.character_id, order_by=spelled.c.id.desc())
    ranked = select(spelled.c.character_id, spelled.c.name, newest_first.label("age")).where(spelled.c.shown).cte()
    return select(ranked.c.character_id, ranked.c.name).where(ranked.c.age == 1).cte()
