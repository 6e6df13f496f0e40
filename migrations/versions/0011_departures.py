"""Servers that the bot was taken out of are remembered until their data goes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.dialects import ID

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """To this schema."""
    op.create_table(
        "departures",
        sa.Column("guild_id", ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_departures")),
    )


def downgrade() -> None:
    """Back to 0010."""
    op.drop_table("departures")
