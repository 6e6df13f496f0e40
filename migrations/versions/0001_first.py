"""The first tables: pictures, faces, characters, the ledger, samples, consents, watched channels."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """To this schema."""
    _create_pictures()
    _create_faces()
    _create_characters()
    _create_corrections()
    _create_consents()
    _create_samples()
    _create_watched_channels()


def downgrade() -> None:
    """Back to nothing."""
    for table in ("watched_channels", "samples", "consents", "corrections", "characters", "faces", "pictures"):
        op.drop_table(table)  # with its indexes and triggers


def _create_pictures() -> None:
    op.create_table(
        "pictures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(7), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("reply_id", sa.Integer(), nullable=True),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("poster_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(), nullable=True),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("declined", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pictures")),
        sa.CheckConstraint("source IN ('discord', 'import')", name=op.f("ck_pictures_source")),
        sa.CheckConstraint(
            "guild_id IS NOT NULL OR source = 'import'", name=op.f("ck_pictures_only_imports_are_for_everyone")
        ),
        sa.CheckConstraint("poster_id IS NOT NULL OR source = 'import'", name=op.f("ck_pictures_poster_known")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_pictures_guild_id"), "pictures", ["guild_id"])
    op.create_index(op.f("ix_pictures_reply_id"), "pictures", ["reply_id"])
    op.create_index(op.f("ix_pictures_poster_id"), "pictures", ["poster_id"])


def _create_faces() -> None:
    op.create_table(
        "faces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("w", sa.Integer(), nullable=False),
        sa.Column("h", sa.Integer(), nullable=False),
        sa.Column("angle", sa.Double(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faces")),
        sa.ForeignKeyConstraint(["picture_id"], ["pictures.id"], name=op.f("fk_faces_picture_id"), ondelete="CASCADE"),
        sa.UniqueConstraint("picture_id", "number", name=op.f("uq_faces_picture_id_number")),
        sa.CheckConstraint("number > 0", name=op.f("ck_faces_number_from_one")),
        sqlite_autoincrement=True,
    )


def _create_characters() -> None:
    op.create_table(
        "characters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_characters")),
        sa.UniqueConstraint("guild_id", "folded", name=op.f("uq_characters_guild_id_folded")),
        sa.CheckConstraint("length(folded) > 0", name=op.f("ck_characters_name_visible")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_characters_everyones",
        "characters",
        ["folded"],
        unique=True,
        sqlite_where=sa.text("guild_id IS NULL"),
    )


def _create_corrections() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("face_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("moderator", sa.Boolean(), nullable=False),
        sa.Column("via", sa.String(8), nullable=False),
        sa.Column("character_id", sa.Integer(), nullable=True),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sa.ForeignKeyConstraint(["face_id"], ["faces.id"], name=op.f("fk_corrections_face_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["character_id"], ["characters.id"], name=op.f("fk_corrections_character_id")),
        sa.ForeignKeyConstraint(["undoes"], ["corrections.id"], name=op.f("fk_corrections_undoes"), ondelete="CASCADE"),
        sa.UniqueConstraint("undoes", name=op.f("uq_corrections_undoes")),
        sa.CheckConstraint("kind IN ('right', 'name', 'not', 'not_face', 'undo')", name=op.f("ck_corrections_kind")),
        sa.CheckConstraint(
            "via IN ('reaction', 'button', 'menu', 'reply', 'command', 'import')", name=op.f("ck_corrections_via")
        ),
        sa.CheckConstraint(
            "(kind IN ('right', 'name', 'not')) = (character_id IS NOT NULL)",
            name=op.f("ck_corrections_character_where_named"),
        ),
        sa.CheckConstraint("(kind = 'undo') = (undoes IS NOT NULL)", name=op.f("ck_corrections_undoes_where_undo")),
        sa.CheckConstraint("user_id IS NOT NULL OR via = 'import'", name=op.f("ck_corrections_user_known")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_corrections_said", "corrections", ["face_id", "user_id", "character_id", "kind", "via", "moderator"]
    )
    op.create_index(op.f("ix_corrections_character_id"), "corrections", ["character_id"])
    op.create_index(op.f("ix_corrections_user_id"), "corrections", ["user_id"])
    op.execute(
        "CREATE TRIGGER corrections_never_change BEFORE UPDATE ON corrections "
        "BEGIN SELECT RAISE(ABORT, 'a correction is never changed: take it back with another row'); END"
    )
    # INSERT OR REPLACE would change a row too, and fires no trigger for updates.
    op.execute(
        "CREATE TRIGGER corrections_never_replaced BEFORE INSERT ON corrections "
        "WHEN EXISTS (SELECT 1 FROM corrections WHERE id = NEW.id OR undoes = NEW.undoes) "
        "BEGIN SELECT RAISE(ABORT, 'a correction is never changed: it is taken back once, with another row'); END"
    )


def _create_consents() -> None:
    op.create_table(
        "consents",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=True),
        sa.Column("answer", sa.String(3), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_consents")),
        sa.CheckConstraint("answer IN ('yes', 'no')", name=op.f("ck_consents_answer")),
        sa.CheckConstraint("(answer IS NULL) = (at IS NULL)", name=op.f("ck_consents_answer_dated")),
    )


def _create_samples() -> None:
    op.create_table(
        "samples",
        sa.Column("face_id", sa.Integer(), nullable=False),
        sa.Column("held_out", sa.Boolean(), nullable=False),
        sa.Column("picture_hash", sa.String(), nullable=False),
        sa.Column("perceptual_hash", sa.String(), nullable=True),
        sa.Column("embedder", sa.String(), nullable=False),
        sa.Column("embedding", sa.LargeBinary(), nullable=False),
        sa.Column("crop", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("face_id", name=op.f("pk_samples")),
        sa.ForeignKeyConstraint(["face_id"], ["faces.id"], name=op.f("fk_samples_face_id"), ondelete="CASCADE"),
        sa.CheckConstraint("length(picture_hash) = 64", name=op.f("ck_samples_picture_hash_is_sha256")),
    )
    op.create_index(op.f("ix_samples_picture_hash"), "samples", ["picture_hash"])


def _create_watched_channels() -> None:
    op.create_table(
        "watched_channels",
        sa.Column("channel_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_watched_channels")),
    )
    op.create_index(op.f("ix_watched_channels_guild_id"), "watched_channels", ["guild_id"])
