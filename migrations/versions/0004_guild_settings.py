"""What moderators chose for their guild, and who wants to be named among those who helped."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.dialects import ID

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """To this schema."""
    op.create_table(
        "guild_settings",
        sa.Column("guild_id", ID, autoincrement=False, nullable=False),
        sa.Column("language", sa.String(2), nullable=True),
        sa.Column("threshold", sa.String(6), nullable=True),
        sa.Column("quorum", ID, nullable=True),
        sa.Column("consent", sa.String(5), nullable=True),
        sa.Column("moderator_roles", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_guild_settings")),
        sa.CheckConstraint("language IN ('en', 'ja')", name=op.f("ck_guild_settings_language")),
        sa.CheckConstraint("threshold IN ('strict', 'bold')", name=op.f("ck_guild_settings_threshold")),
        sa.CheckConstraint("quorum BETWEEN 1 AND 20", name=op.f("ck_guild_settings_quorum_bounded")),
        sa.CheckConstraint("consent IN ('never')", name=op.f("ck_guild_settings_consent")),
    )
    op.create_table(
        "named_helpers",
        sa.Column("guild_id", ID, autoincrement=False, nullable=False),
        sa.Column("user_id", ID, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", name=op.f("pk_named_helpers")),
    )
    op.create_index(op.f("ix_named_helpers_user_id"), "named_helpers", ["user_id"])


def downgrade() -> None:
    """Back to 0003."""
    op.drop_table("named_helpers")
    op.drop_table("guild_settings")
