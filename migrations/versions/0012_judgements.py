"""What is thought of a face is kept, instead of being found anew from all that was said."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.dialects import ID, TEXT, create_trigger, drop_trigger

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Marks, as stale, the faces of a guild of which something was said by a name: what that means may be another now.
_SPOKEN_OF = """
    INSERT INTO stale (face_id)
    SELECT corrections.face_id
    FROM {changed}
    JOIN characters ON characters.folded = {folded} AND (characters.guild_id = {guild} OR characters.guild_id IS NULL)
    JOIN corrections ON corrections.character_id = characters.id
    JOIN faces ON faces.id = corrections.face_id
    JOIN pictures ON pictures.id = faces.picture_id
    WHERE {where} AND pictures.guild_id = {guild}
    ON CONFLICT DO NOTHING
"""
_CHANGES = "spellings JOIN character_changes ON character_changes.id = spellings.change_id"
_OF_CHANGE = {"folded": "spellings.folded", "guild": "character_changes.guild_id"}
_KEPT = "CASE WHEN NEW.held_out THEN 'held_out' WHEN NOT NEW.held_out THEN 'training' ELSE 'waiting' END"

_TRIGGERS = {
    "stale_when_said": (
        "INSERT ON corrections",
        "INSERT INTO stale (face_id) VALUES (NEW.face_id) ON CONFLICT DO NOTHING",
    ),
    "stale_when_unsaid": (
        "DELETE ON corrections",
        "INSERT INTO stale (face_id) VALUES (OLD.face_id) ON CONFLICT DO NOTHING",
    ),
    "stale_when_spelled": (
        "INSERT ON spellings",
        _SPOKEN_OF.format(changed=_CHANGES, where="spellings.id = NEW.id", **_OF_CHANGE),
    ),
    "stale_when_unspelled": (
        "DELETE ON spellings",
        _SPOKEN_OF.format(
            changed="character_changes",
            where="character_changes.id = OLD.change_id",
            **_OF_CHANGE | {"folded": "OLD.folded"},
        ),
    ),
    "stale_when_undone": (
        "INSERT ON character_changes WHEN NEW.undoes IS NOT NULL",
        _SPOKEN_OF.format(changed=_CHANGES, where="spellings.change_id = NEW.undoes", **_OF_CHANGE),
    ),
    # A guild's own character hides everyone's of that name.
    "stale_when_named": (
        "INSERT ON characters WHEN NEW.guild_id IS NOT NULL",
        _SPOKEN_OF.format(changed="(SELECT 1) AS one", folded="NEW.folded", where="TRUE", guild="NEW.guild_id"),
    ),
    "stale_when_nameless": (
        "DELETE ON characters WHEN OLD.guild_id IS NOT NULL",
        _SPOKEN_OF.format(changed="(SELECT 1) AS one", folded="OLD.folded", where="TRUE", guild="OLD.guild_id"),
    ),
    # What is kept of a face is copied at once: it takes no thought.
    "judged_when_kept": (
        "INSERT ON samples",
        """
        INSERT INTO judgements (face_id, guild_id, posted, guess, kept, voices, said)
        SELECT faces.id, pictures.guild_id, pictures.source = 'discord', faces.name, {kept}, 0, 0
        FROM faces JOIN pictures ON pictures.id = faces.picture_id WHERE faces.id = NEW.face_id
        ON CONFLICT (face_id) DO UPDATE SET kept = excluded.kept
        """,
    ),
    "judged_when_settled": (
        "UPDATE OF held_out ON samples",
        "UPDATE judgements SET kept = {kept} WHERE face_id = NEW.face_id",
    ),
    "judged_when_dropped": (
        "DELETE ON samples",
        """
        DELETE FROM judgements WHERE face_id = OLD.face_id AND said = 0;
        UPDATE judgements SET kept = NULL WHERE face_id = OLD.face_id
        """,
    ),
    "judged_when_declined": (
        "UPDATE OF declined ON pictures WHEN NEW.declined",
        "UPDATE judgements SET asks = NULL WHERE face_id IN (SELECT id FROM faces WHERE picture_id = NEW.id)",
    ),
}


def upgrade() -> None:
    """To this schema; `bot.database.migrate` then fills the tables, from the faces that are stale."""
    op.create_table(
        "words",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("face_id", ID, nullable=False),
        sa.Column("guild_id", ID, nullable=True),
        sa.Column("picture_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("character_id", ID, nullable=True),
        sa.Column("against", sa.Boolean(), nullable=False),
        sa.Column("trusted", sa.Boolean(), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=False),
        sa.Column("overruled", sa.Boolean(), nullable=False),
        sa.Column("heard", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_words")),
    )
    op.create_index(op.f("ix_words_face_id"), "words", ["face_id"])
    op.create_index("ix_words_speaker", "words", ["guild_id", "user_id", "at", "against", "face_id", "character_id"])
    op.create_table(
        "conducts",
        sa.Column("guild_id", ID, autoincrement=False, nullable=False),
        sa.Column("user_id", ID, autoincrement=False, nullable=False),
        sa.Column("wrong", ID, nullable=False),
        sa.Column("right", ID, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", name=op.f("pk_conducts")),
    )
    op.create_table(
        "judgements",
        sa.Column("face_id", ID, nullable=False),
        sa.Column("guild_id", ID, nullable=True),
        sa.Column("posted", sa.Boolean(), nullable=False),
        sa.Column("guess", TEXT, nullable=True),
        sa.Column("kept", sa.String(8), nullable=True),
        sa.Column("character_id", ID, nullable=True),
        sa.Column("voices", ID, nullable=False),
        sa.Column("said", ID, nullable=False),
        sa.Column("asks", ID, nullable=True),
        sa.PrimaryKeyConstraint("face_id", name=op.f("pk_judgements")),
        sa.ForeignKeyConstraint(["face_id"], ["faces.id"], name=op.f("fk_judgements_face_id"), ondelete="CASCADE"),
        sa.CheckConstraint("kept IN ('waiting', 'training', 'held_out')", name=op.f("ck_judgements_kept")),
    )
    op.create_index("ix_judgements_known", "judgements", ["guild_id", "character_id", "kept", "voices"])
    op.create_index("ix_judgements_open", "judgements", ["guild_id", "kept", "face_id", "voices", "posted", "said"])
    op.create_index("ix_judgements_guessed", "judgements", ["guild_id", "guess"])
    op.create_index(
        "ix_judgements_asking",
        "judgements",
        ["guild_id", "asks", "voices", "kept", "character_id"],
        sqlite_where=sa.text("asks IS NOT NULL"),
        postgresql_where=sa.text("asks IS NOT NULL"),
    )
    op.create_table(
        "stale",
        sa.Column("face_id", ID, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("face_id", name=op.f("pk_stale")),
    )
    op.create_index(op.f("ix_spellings_folded"), "spellings", ["folded"])
    op.drop_index("ix_pictures_guild_id", "pictures")
    op.create_index("ix_pictures_guild_id", "pictures", ["guild_id", "source", "origin"])
    for name, (when, what) in _TRIGGERS.items():
        create_trigger(name, when, what.replace("{kept}", _KEPT))
    op.execute("INSERT INTO stale (face_id) SELECT face_id FROM corrections UNION SELECT face_id FROM samples")


def downgrade() -> None:
    """Back to 0011, where it was found anew each time."""
    for name in _TRIGGERS:
        drop_trigger(name)
    op.drop_index("ix_pictures_guild_id", "pictures")
    op.create_index(op.f("ix_pictures_guild_id"), "pictures", ["guild_id"])
    op.drop_index(op.f("ix_spellings_folded"), "spellings")
    for table in ("stale", "judgements", "conducts", "words"):
        op.drop_table(table)
