"""`koredare doctor --deep`: what takes a while to look at."""

from collections.abc import Iterator
from typing import Final

from bot.config import Settings
from bot.database import rebuilding, stores, structure
from bot.database.errors import DatabaseError
from bot.database.schema import is_current
from ml.faces import kept

_TOLD: Final = 10  # of the damaged faces


def findings(settings: Settings) -> Iterator[tuple[bool, str]]:
    """Whether each thing is well, and what to say of it."""
    try:
        store = stores.of(settings)
        if not store.exists() or store.condition().schema is None:
            return  # that it cannot be read was said
    except DatabaseError:
        return  # it was said
    mend = "restore a backup, `koredare restore FILE`; what lies there now is put aside"
    if (found := store.damage()) is not None:
        yield False, f"the database is damaged ({found}): {mend}"
        return
    if is_current(store.schema()) and (gone := structure.lacking(store)):
        told = ", ".join(gone[:_TOLD]) + (", …" if len(gone) > _TOLD else "")
        yield False, f"the database is not built as its schema says, it has no {told}: {mend}"
        return
    yield True, "the database is whole, from end to end"
    faces, damaged = 0, list[str]()
    with store.reading() as connection:
        rows = connection.execution_options(yield_per=100).exec_driver_sql(
            "SELECT face_id, crop, embedding FROM samples"
        )
        for face_id, crop, embedding in rows:
            faces += 1
            if (why := kept.damage(crop, embedding)) is not None:
                damaged.append(f"{face_id}: {why}")
    if wrong := rebuilding.differing(store):
        yield False, f"{wrong} rows that say who faces are do not follow from what was said: koredare doctor --rebuild"
    else:
        yield True, "who each face is follows from what was said"
    if damaged:
        told = "; ".join(damaged[:_TOLD]) + ("; …" if len(damaged) > _TOLD else "")
        yield False, f"{len(damaged)} of the {faces} faces that are kept cannot be learned from ({told}): {mend}"
    else:
        yield True, f"all {faces} faces that are kept can be learned from"
