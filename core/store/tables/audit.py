"""The audit log: who did what to whom, and when; the database refuses to change it."""

from __future__ import annotations

from sqlalchemy import DDL, Column, Table, event

from .columns import Json, Moment, Word, make_id, metadata

audit = Table(
    "audit",
    metadata,
    make_id(),
    Column("at", Moment, nullable=False),
    Column("actor", Word, nullable=False),  # who, as the operating system or the web says
    Column("action", Word, nullable=False),
    Column("subject", Word, nullable=False),  # our own integer id, never identity
    Column("details", Json),
)

SQLITE_GUARDS = tuple(
    f"CREATE TRIGGER audit_no_{name} BEFORE {moment} "
    "BEGIN SELECT RAISE(ABORT, 'the audit log cannot be changed'); END"
    for name, moment in (
        ("update", "UPDATE ON audit"),
        ("delete", "DELETE ON audit"),
        # INSERT OR REPLACE deletes without calling the trigger above.
        ("replace", "INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)"),
    )
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
    "'BEGIN RAISE EXCEPTION ''the audit log cannot be changed''; END'",
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()",
)

for _dialect, _guards in (("sqlite", SQLITE_GUARDS), ("postgresql", POSTGRESQL_GUARDS)):
    for _guard in _guards:
        event.listen(audit, "after_create", DDL(_guard).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
