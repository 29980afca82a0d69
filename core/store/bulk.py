"""Reads and writes many rows at once, in the way that each database does best.

SQLite gets prepared statements run over plain tuples, PostgreSQL gets COPY into a temporary table
and one INSERT ... SELECT, or an array for each column of few rows. Rows are tuples in the
database's own units; JSON is text.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Table

Row = tuple[Any, ...]

FEW_VALUES = 2_000
"""So many go to PostgreSQL in one statement: a temporary table costs more than they do."""

CHUNK_ROWS = 5_000
"""Rows of one transaction: well under half a second on SQLite, roll-ups included."""


def insert_rows(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Sequence[Row],
    *,
    on_conflict: str = "DO NOTHING",
    are_new: bool = False,
) -> int:
    """Insert rows, and return how many were written.

    Args:
        connection: Within a transaction that writes.
        table: Where to.
        columns: Names of the columns, aligned with each row.
        rows: As the database takes them.
        on_conflict: What to do with a row that is there: `DO NOTHING`, or `(columns) DO UPDATE
            SET ...`.
        are_new: None of them was there a moment ago, nor comes twice: PostgreSQL then takes them
            by COPY alone, and in the other way only when somebody was faster.
    """
    if not rows:
        return 0
    names = ", ".join(f'"{name}"' for name in columns)
    cursor = open_cursor(connection)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        cursor.executemany(
            f'INSERT INTO "{table.name}" ({names}) VALUES ({marks}) ON CONFLICT {on_conflict}', rows
        )
        return int(cursor.rowcount)
    if len(rows) * len(columns) <= FEW_VALUES:
        kinds = [_find_kind(connection, table, name) for name in columns]
        given = ", ".join(f"%s::{kind}[]" for kind in kinds)
        cursor.execute(
            f'INSERT INTO "{table.name}" ({names}) SELECT * FROM unnest({given}) '
            f"ON CONFLICT {on_conflict}",
            [
                _write_array(kind, values)
                for kind, values in zip(kinds, zip(*rows, strict=True), strict=True)
            ],
        )
        return int(cursor.rowcount)
    if are_new and _copy_rows(connection, table.name, names, rows):
        return len(rows)
    staged = _stage(cursor, table.name, names, rows)
    cursor.execute(
        f'INSERT INTO "{table.name}" ({names}) SELECT {names} FROM {staged} '
        f"ON CONFLICT {on_conflict}"
    )
    written = int(cursor.rowcount)
    cursor.execute(f"TRUNCATE {staged}")
    return written


def update_rows(
    connection: Connection, table: Table, key: str, columns: Sequence[str], rows: Sequence[Row]
) -> int:
    """Set `columns` of the rows whose `key` column is given first; return how many there were."""
    if not rows:
        return 0
    cursor = open_cursor(connection)
    if connection.dialect.name == "sqlite":
        changes = ", ".join(f'"{name}" = ?' for name in columns)
        cursor.executemany(
            f'UPDATE "{table.name}" SET {changes} WHERE "{key}" = ?',
            [(*row[1:], row[0]) for row in rows],
        )
        return int(cursor.rowcount)
    names = ", ".join((f'"{key}" AS matched', *(f'"{name}"' for name in columns)))
    staged = _stage(cursor, table.name, names, rows)
    changes = ", ".join(f'"{name}" = s."{name}"' for name in columns)
    cursor.execute(
        f'UPDATE "{table.name}" AS t SET {changes} FROM {staged} AS s WHERE t."{key}" = s.matched'
    )
    written = int(cursor.rowcount)
    cursor.execute(f"TRUNCATE {staged}")
    return written


def delete_rows(connection: Connection, table: Table, column: str, keys: Iterable[Any]) -> int:
    """Delete the rows whose `column` is one of `keys`; return how many there were."""
    wanted = list(keys)
    if not wanted:
        return 0
    cursor = open_cursor(connection)
    condition, parameters = match_any(connection, column, wanted)
    cursor.execute(f'DELETE FROM "{table.name}" WHERE {condition}', parameters)
    return int(cursor.rowcount)


def select_rows(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    column: str,
    keys: Iterable[Any],
    *,
    where: str = "",
) -> list[Row]:
    """Return `columns` of the rows whose `column` is one of `keys`, in no order.

    JSON comes as text from SQLite and as a value from PostgreSQL; `read_json` takes both.

    Args:
        connection: Within any transaction.
        table: Where from.
        columns: Names of the columns wanted.
        column: The column that is compared, text or integer.
        keys: Distinct values.
        where: One more condition, without parameters.
    """
    wanted = list(keys)
    if not wanted:
        return []
    names = ", ".join(f'"{name}"' for name in columns)
    condition, parameters = match_any(connection, column, wanted)
    also = f" AND {where}" if where else ""
    cursor = open_cursor(connection)
    cursor.execute(f'SELECT {names} FROM "{table.name}" WHERE {condition}{also}', parameters)
    rows: list[Row] = cursor.fetchall()
    return rows


def find_ids(
    connection: Connection, table: Table, column: str, keys: Iterable[str | None]
) -> dict[str, int]:
    """Return the id of each row whose `column` is one of `keys`; None among them is ignored."""
    wanted = {key for key in keys if key is not None}
    return dict(select_rows(connection, table, (column, "id"), column, wanted))


def take_ids(connection: Connection, table: Table, count: int) -> range | list[int]:
    """Return ids for new rows of a table that nobody else will get.

    On PostgreSQL they come from the table's sequence, on SQLite the transaction has the
    database to itself.
    """
    cursor = open_cursor(connection)
    if connection.dialect.name == "sqlite":
        cursor.execute(f'SELECT coalesce(max(id), 0) FROM "{table.name}"')
        last = cursor.fetchone()[0]
        return range(last + 1, last + 1 + count)
    cursor.execute(
        f"SELECT nextval(pg_get_serial_sequence('{table.name}', 'id')) FROM generate_series(1, %s)",
        (count,),
    )
    return [row[0] for row in cursor.fetchall()]


def lock_writers(connection: Connection, name: str) -> None:
    """Let one transaction at a time write what `name` stands for, until it ends."""
    if connection.dialect.name == "postgresql":
        open_cursor(connection).execute("SELECT pg_advisory_xact_lock(4711, hashtext(%s))", (name,))


def read_json(value: Any) -> Any:
    """Return a JSON column's value, whichever database it came from."""
    return json.loads(value) if isinstance(value, str) else value


def open_cursor(connection: Connection) -> Any:
    """Return a cursor of the database's own driver, within the connection's transaction."""
    return connection.connection.cursor()


def match_any(connection: Connection, column: str, keys: list[Any]) -> tuple[str, Row]:
    """Return a condition that `column` is one of `keys`, and its parameters."""
    if connection.dialect.name == "sqlite":
        return f'"{column}" IN (SELECT value FROM json_each(?))', (json.dumps(keys),)
    return f'"{column}" = ANY(%s)', (keys,)


def _copy_rows(connection: Connection, table: str, names: str, rows: Sequence[Row]) -> bool:
    """Copy rows into a table; False, and nothing done, when one of them is there by now."""
    from psycopg.errors import UniqueViolation

    savepoint = connection.begin_nested()
    try:
        with open_cursor(connection).copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
    except UniqueViolation:
        savepoint.rollback()
        return False
    savepoint.commit()
    return True


def _find_kind(connection: Connection, table: Table, column: str) -> str:
    """Return the name of a column's type, as PostgreSQL has it."""
    kind: str = table.c[column].type.compile(dialect=connection.dialect)
    return kind.partition(" COLLATE")[0]


def _write_array(kind: str, values: Sequence[Any]) -> str | list[Any]:
    """Return a column of rows as a parameter whose type does not depend on what is in it.

    Lists of numbers would be of another type with the greatest of them, and the statement be
    planned anew; a text with a place for each value would be read anew for each number of rows.
    """
    if kind in ("TEXT", "BYTEA"):
        return list(values)
    if kind in ("JSON", "JSONB"):
        quoted = ("NULL" if one is None else _quote(one) for one in values)
    else:
        quoted = ("NULL" if one is None else str(one) for one in values)
    return f"{{{','.join(quoted)}}}"


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _stage(cursor: Any, table: str, names: str, rows: Sequence[Row]) -> str:
    staged = f'"incoming_{table}_{zlib.crc32(names.encode())}"'
    cursor.execute(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {staged} ON COMMIT DELETE ROWS AS "
        f'SELECT {names} FROM "{table}" WITH NO DATA'
    )
    with cursor.copy(f"COPY {staged} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    return staged
