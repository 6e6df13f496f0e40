"""Pictures are found by their attachment, and faces that wait for a name among all that are kept."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """To this schema."""
    op.create_index(op.f("ix_pictures_attachment_id"), "pictures", ["attachment_id"])
    where = sa.text("held_out IS NULL")
    op.create_index("ix_samples_waiting", "samples", ["face_id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Back to 0007."""
    op.drop_index("ix_samples_waiting", "samples")
    op.drop_index(op.f("ix_pictures_attachment_id"), "pictures")
