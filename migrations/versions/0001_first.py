"""The first tables: pictures, faces, characters, the ledger, samples, consents, watched channels."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.dialects import ID, TEXT, drop_table, forbid, forbid_replacing

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
        drop_table(table, *(["corrections_never_change"] if table == "corrections" else []))


def _create_pictures() -> None:
    op.create_table(
        "pictures",
        sa.Column("id", ID, nullable=False),
        sa.Column("guild_id", ID, nullable=True),
        sa.Column("source", sa.String(7), nullable=False),
        sa.Column("channel_id", ID, nullable=True),
        sa.Column("message_id", ID, nullable=True),
        sa.Column("reply_id", ID, nullable=True),
        sa.Column("attachment_id", ID, nullable=True),
        sa.Column("url", TEXT, nullable=True),
        sa.Column("poster_id", ID, nullable=True),
        sa.Column("origin", TEXT, nullable=True),
        sa.Column("model", TEXT, nullable=True),
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
        sa.Column("id", ID, nullable=False),
        sa.Column("picture_id", ID, nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.Column("x", ID, nullable=False),
        sa.Column("y", ID, nullable=False),
        sa.Column("w", ID, nullable=False),
        sa.Column("h", ID, nullable=False),
        sa.Column("angle", sa.Double(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("name", TEXT, nullable=True),
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
        sa.Column("id", ID, nullable=False),
        sa.Column("guild_id", ID, nullable=True),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("folded", TEXT, nullable=False),
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
        postgresql_where=sa.text("guild_id IS NULL"),
    )


def _create_corrections() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", ID, nullable=False),
        sa.Column("face_id", ID, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("moderator", sa.Boolean(), nullable=False),
        sa.Column("via", sa.String(8), nullable=False),
        sa.Column("character_id", ID, nullable=True),
        sa.Column("undoes", ID, nullable=True),
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
    forbid(
        "corrections_never_change",
        "UPDATE ON corrections",
        "a correction is never changed: take it back with another row",
    )
    forbid_replacing(
        "corrections_never_replaced",
        "corrections",
        "id = NEW.id OR undoes = NEW.undoes",
        "a correction is never changed: it is taken back once, with another row",
    )


def _create_consents() -> None:
    op.create_table(
        "consents",
        sa.Column("user_id", ID, autoincrement=False, nullable=False),
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
        sa.Column("face_id", ID, nullable=False),
        sa.Column("held_out", sa.Boolean(), nullable=False),
        sa.Column("picture_hash", TEXT, nullable=False),
        sa.Column("perceptual_hash", TEXT, nullable=True),
        sa.Column("embedder", TEXT, nullable=False),
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
        sa.Column("channel_id", ID, autoincrement=False, nullable=False),
        sa.Column("guild_id", ID, nullable=False),
        sa.Column("added_by", ID, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_watched_channels")),
    )
    op.create_index(op.f("ix_watched_channels_guild_id"), "watched_channels", ["guild_id"])
