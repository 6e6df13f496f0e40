"""For each character it is known when its examples were last others than before, by the count of their guild."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.dialects import ID, create_trigger, drop_trigger

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_LEARNED = "{row}.kept IN ('training', 'held_out') AND {row}.character_id IS NOT NULL"
_OLD, _NEW = _LEARNED.format(row="OLD"), _LEARNED.format(row="NEW")
_OF_FACE = "(SELECT guild_id FROM pictures JOIN faces ON faces.picture_id = pictures.id WHERE faces.id = NEW.face_id)"
_OF_CHANGE = "(SELECT guild_id FROM character_changes WHERE id = OLD.change_id)"

# When, whose examples it is about (NULL: everyone's, counted under 0), and of whom; 0: perhaps of all.
_TRIGGERS = {
    "moved_when_learned": (f"INSERT ON judgements WHEN {_NEW}", "NEW.guild_id", ("NEW.character_id",)),
    "moved_when_unlearned": (f"DELETE ON judgements WHEN {_OLD}", "OLD.guild_id", ("OLD.character_id",)),
    "moved_when_settled": (
        f"UPDATE OF kept, character_id, voices ON judgements WHEN ({_OLD}) OR ({_NEW})",
        "NEW.guild_id",
        ("OLD.character_id", "NEW.character_id"),
    ),
    "moved_when_embedded": ("UPDATE OF embedder ON samples", _OF_FACE, ("0",)),
    "moved_when_renamed": ("INSERT ON character_changes", "NEW.guild_id", ("0",)),
    "moved_when_unspelled": ("DELETE ON spellings", _OF_CHANGE, ("0",)),
}
_COUNT = (
    "INSERT INTO moved (guild_id, times) VALUES (coalesce({whose}, 0), 1) "
    "ON CONFLICT (guild_id) DO UPDATE SET times = moved.times + 1"
)
_NOTE = (
    "INSERT INTO moved_characters (guild_id, character_id, times) "
    "SELECT guild_id, {who}, times FROM moved WHERE guild_id = coalesce({whose}, 0) AND {who} IS NOT NULL "
    "ON CONFLICT (guild_id, character_id) DO UPDATE SET times = excluded.times"
)


def upgrade() -> None:
    """To this schema."""
    op.create_table(
        "moved_characters",
        sa.Column("guild_id", ID, autoincrement=False, nullable=False),
        sa.Column("character_id", ID, autoincrement=False, nullable=False),
        sa.Column("times", ID, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "character_id", name=op.f("pk_moved_characters")),
    )
    op.create_index("ix_moved_characters_times", "moved_characters", ["guild_id", "times"])
    for name, (when, whose, of_whom) in _TRIGGERS.items():
        drop_trigger(name)
        notes = [_NOTE.format(whose=whose, who=who) for who in of_whom]
        create_trigger(name, when, "; ".join([_COUNT.format(whose=whose), *notes]))


def downgrade() -> None:
    """Back to 0013, where it was only counted for each guild."""
    for name, (when, whose, _) in _TRIGGERS.items():
        drop_trigger(name)
        create_trigger(name, when, _COUNT.format(whose=whose))
    op.drop_table("moved_characters")
