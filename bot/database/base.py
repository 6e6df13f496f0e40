"""What every table has in common: naming of constraints, times in UTC, choices."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, DateTime, Dialect, Double, Enum, Integer, MetaData, String, text
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as UTC without saying so (SQLite knows no time zones).

    Raises
    ------
    ValueError
        When a moment without a time zone is stored.
    """

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return value if value is None else value.replace(tzinfo=UTC)


def one_of(column: str, choices: tuple[str, ...]) -> Enum:
    """A text column that holds one of some words; the database checks it too."""
    return Enum(*choices, name=column, native_enum=False, create_constraint=True)


def where(condition: str) -> dict[str, Any]:
    """The options of an index that holds only the rows for which a condition holds."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """The root of all tables. Rows are keyword-only dataclasses; ids are given by the database.

    Ids of Discord (snowflakes) are plain integers of 64 bits. Text is sorted and compared sign by sign everywhere.
    """

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        float: Double,
        int: BigInteger().with_variant(Integer(), "sqlite"),  # which numbers rows by themselves only in an INTEGER
        str: String().with_variant(String(collation="C"), "postgresql"),
    }
