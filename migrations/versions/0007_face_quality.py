"""How well each face can be told: too poor ones are not learned from."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """To this schema."""
    op.add_column("faces", sa.Column("quality", sa.Double(), nullable=True))


def downgrade() -> None:
    """Back to 0006."""
    op.drop_column("faces", "quality")
