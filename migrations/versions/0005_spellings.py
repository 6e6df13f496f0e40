"""Names that mean somebody: renamings, merges and aliases of characters, as a record that only grows."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.dialects import ID, TEXT

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """To this schema."""
    op.create_table(
        "character_changes",
        sa.Column("id", ID, nullable=False),
        sa.Column("guild_id", ID, nullable=False),
        sa.Column("kind", sa.String(7), nullable=False),
        sa.Column("name", TEXT, nullable=True),
        sa.Column("other", TEXT, nullable=True),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("undoes", ID, nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_character_changes")),
        sa.UniqueConstraint("undoes", name=op.f("uq_character_changes_undoes")),
        sa.ForeignKeyConstraint(["undoes"], ["character_changes.id"], name=op.f("fk_character_changes_undoes")),
        sa.CheckConstraint(
            "kind IN ('rename', 'merge', 'alias', 'unalias', 'import', 'undo')", name=op.f("ck_character_changes_kind")
        ),
        sa.CheckConstraint(
            "(kind = 'undo') = (undoes IS NOT NULL)", name=op.f("ck_character_changes_undoes_where_undo")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_character_changes_guild_id"), "character_changes", ["guild_id"])
    op.create_index(op.f("ix_character_changes_user_id"), "character_changes", ["user_id"])
    op.create_table(
        "spellings",
        sa.Column("id", ID, nullable=False),
        sa.Column("change_id", ID, nullable=False),
        sa.Column("folded", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("character_id", ID, nullable=True),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spellings")),
        sa.ForeignKeyConstraint(["change_id"], ["character_changes.id"], name=op.f("fk_spellings_change_id")),
        sa.ForeignKeyConstraint(["character_id"], ["characters.id"], name=op.f("fk_spellings_character_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_spellings_change_id"), "spellings", ["change_id"])
    op.create_index(op.f("ix_spellings_character_id"), "spellings", ["character_id"])


def downgrade() -> None:
    """Back to 0004: every character has its first name again."""
    op.drop_table("spellings")
    op.drop_table("character_changes")
