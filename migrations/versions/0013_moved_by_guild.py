"""For each guild it is counted how often something changed on which its examples rest."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from alembic import op

from migrations.dialects import ID, create_trigger, drop_trigger

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_LEARNED = "{row}.kept IN ('training', 'held_out') AND {row}.character_id IS NOT NULL"
_OLD, _NEW = _LEARNED.format(row="OLD"), _LEARNED.format(row="NEW")
_OF_FACE = "SELECT guild_id FROM pictures JOIN faces ON faces.picture_id = pictures.id WHERE faces.id = NEW.face_id"
_OF_CHANGE = "SELECT guild_id FROM character_changes WHERE id = OLD.change_id"

# When, and whose examples it is about; NULL: everyone's, counted under 0.
_TRIGGERS = {
    "moved_when_learned": (f"INSERT ON judgements WHEN {_NEW}", "NEW.guild_id"),
    "moved_when_unlearned": (f"DELETE ON judgements WHEN {_OLD}", "OLD.guild_id"),
    "moved_when_settled": (
        f"UPDATE OF kept, character_id, voices ON judgements WHEN ({_OLD}) OR ({_NEW})",
        "NEW.guild_id",
    ),
    "moved_when_embedded": ("UPDATE OF embedder ON samples", f"({_OF_FACE})"),
    "moved_when_renamed": ("INSERT ON character_changes", "NEW.guild_id"),
    "moved_when_unspelled": ("DELETE ON spellings", f"({_OF_CHANGE})"),
}
_BEFORE = {
    "moved_when_said": "INSERT ON corrections",
    "moved_when_unsaid": "DELETE ON corrections",
    "moved_when_kept": "INSERT ON samples WHEN NEW.held_out IS NOT NULL",
    "moved_when_settled": "UPDATE OF held_out, embedder ON samples",
    "moved_when_dropped": "DELETE ON samples WHEN OLD.held_out IS NOT NULL",
    "moved_when_renamed": "INSERT ON character_changes",
    "moved_when_unspelled": "DELETE ON spellings",
}


def upgrade() -> None:
    """To this schema."""
    _drop(_BEFORE)
    op.create_table(
        "moved",
        sa.Column("guild_id", ID, autoincrement=False, nullable=False),
        sa.Column("times", ID, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_moved")),
    )
    for name, (when, whose) in _TRIGGERS.items():
        count = (
            f"INSERT INTO moved (guild_id, times) VALUES (coalesce({whose}, 0), 1) "  # noqa: S608  ours
            "ON CONFLICT (guild_id) DO UPDATE SET times = moved.times + 1"
        )
        create_trigger(name, when, count)


def downgrade() -> None:
    """Back to 0012, where all guilds were counted as one."""
    _drop(_TRIGGERS)
    op.create_table(
        "moved",
        sa.Column("id", ID, nullable=False),
        sa.Column("times", ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moved")),
        sa.CheckConstraint("id = 1", name=op.f("ck_moved_one_row")),
    )
    op.execute("INSERT INTO moved (id, times) VALUES (1, 0)")
    for name, when in _BEFORE.items():
        create_trigger(name, when, "UPDATE moved SET times = times + 1")


def _drop(triggers: Iterable[str]) -> None:
    for name in triggers:
        drop_trigger(name)
    op.drop_table("moved")
