"""Faces that wait for a name, and what moderators answered when they were asked for it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.dialects import ID

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """To this schema."""
    with op.batch_alter_table("samples") as table:
        table.alter_column("held_out", existing_type=sa.Boolean(), nullable=True)
    op.create_table(
        "reviews",
        sa.Column("face_id", ID, nullable=False),
        sa.Column("skipped_at", sa.DateTime(), nullable=True),
        sa.Column("apart", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("face_id", name=op.f("pk_reviews")),
        sa.ForeignKeyConstraint(["face_id"], ["faces.id"], name=op.f("fk_reviews_face_id"), ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Back to 0005, which kept no face without a name."""
    op.drop_table("reviews")
    op.execute("DELETE FROM samples WHERE held_out IS NULL")
    with op.batch_alter_table("samples") as table:
        table.alter_column("held_out", existing_type=sa.Boolean(), nullable=False)
