"""Examples that look wrong, faces seen again, and what forgetting a person must be able to empty."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.dialects import ID, TEXT

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """To this schema."""
    op.create_table(
        "suspects",
        sa.Column("id", ID, nullable=False),
        sa.Column("guild_id", ID, nullable=True),
        sa.Column("face_id", ID, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("looks_like", TEXT, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspects")),
        sa.ForeignKeyConstraint(["face_id"], ["faces.id"], name=op.f("fk_suspects_face_id"), ondelete="CASCADE"),
    )
    op.create_index(op.f("ix_suspects_face_id"), "suspects", ["face_id"])
    with op.batch_alter_table("watched_channels") as table:
        table.alter_column("added_by", existing_type=ID, nullable=True)
    op.add_column("faces", sa.Column("same_as", ID, nullable=True))
    _index("at")


def downgrade() -> None:
    """Back to the one before."""
    _index()
    op.drop_column("faces", "same_as")
    op.execute("UPDATE watched_channels SET added_by = 0 WHERE added_by IS NULL")
    with op.batch_alter_table("watched_channels") as table:
        table.alter_column("added_by", existing_type=ID, nullable=False)
    op.drop_table("suspects")


def _index(*more: str) -> None:
    op.drop_index("ix_corrections_said", "corrections")
    op.create_index(
        "ix_corrections_said",
        "corrections",
        ["face_id", "user_id", "character_id", "kind", "via", "moderator", *more],
    )
