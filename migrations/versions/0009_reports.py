"""Where a guild wants to read what its retrainings came to."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.dialects import ID

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """To this schema."""
    op.add_column("guild_settings", sa.Column("reports", ID, nullable=True))


def downgrade() -> None:
    """Back to 0008."""
    op.drop_column("guild_settings", "reports")
