"""What happened to the models: who published, kept, rolled back or imported which version, and when."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.dialects import ID, TEXT

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """To this schema."""
    op.create_table(
        "version_events",
        sa.Column("id", ID, nullable=False),
        sa.Column("guild_id", ID, nullable=True),
        sa.Column("kind", sa.String(11), nullable=False),
        sa.Column("number", ID, nullable=True),
        sa.Column("via", sa.String(8), nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("verdict", TEXT, nullable=True),
        sa.Column("last_correction", ID, nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_events")),
        sa.CheckConstraint(
            "kind IN ('published', 'overridden', 'kept', 'rolled_back', 'imported')",
            name=op.f("ck_version_events_kind"),
        ),
        sa.CheckConstraint("via IN ('chat', 'shell', 'schedule')", name=op.f("ck_version_events_via")),
        sa.CheckConstraint("(kind = 'kept') = (number IS NULL)", name=op.f("ck_version_events_numbered_unless_kept")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_version_events_guild_id"), "version_events", ["guild_id"])
    op.create_index(op.f("ix_version_events_user_id"), "version_events", ["user_id"])


def downgrade() -> None:
    """Back to 0002."""
    op.drop_table("version_events")
