"""It is counted how often something changed on which examples rest."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.dialects import ID, create_trigger, drop_trigger

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TRIGGERS = {
    "moved_when_said": "INSERT ON corrections",
    "moved_when_unsaid": "DELETE ON corrections",
    # Faces that wait for a name are no examples, and come with every other picture.
    "moved_when_kept": "INSERT ON samples WHEN NEW.held_out IS NOT NULL",
    "moved_when_settled": "UPDATE OF held_out, embedder ON samples",
    "moved_when_dropped": "DELETE ON samples WHEN OLD.held_out IS NOT NULL",
    "moved_when_renamed": "INSERT ON character_changes",
    "moved_when_unspelled": "DELETE ON spellings",
}


def upgrade() -> None:
    """To this schema."""
    op.create_table(
        "moved",
        sa.Column("id", ID, nullable=False),
        sa.Column("times", ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moved")),
        sa.CheckConstraint("id = 1", name=op.f("ck_moved_one_row")),
    )
    op.execute("INSERT INTO moved (id, times) VALUES (1, 0)")
    for name, when in _TRIGGERS.items():
        create_trigger(name, when, "UPDATE moved SET times = times + 1")


def downgrade() -> None:
    """Back to 0009."""
    for name in _TRIGGERS:
        drop_trigger(name)
    op.drop_table("moved")
