"""The file of descriptions: CSV, which is gone on with; and the one that Shopify takes."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..errors import DataError
from .describing import Description

FIRST, LAST = ("sku", "language", "for"), ("by", "key")
SHOPIFY_FIELD = "description"


def read_descriptions(file: Path) -> list[Description]:
    """Return what stands in a file of descriptions; nothing when there is no file.

    Raises:
        DataError: It is another kind of file; nothing of it is overwritten.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file} cannot be read: {type(error).__name__}") from None
    rows = csv.DictReader(io.StringIO(text))
    columns = rows.fieldnames or []
    if not {*FIRST, *LAST} <= set(columns):
        raise DataError(
            f"{file} is no file of descriptions", hint="name another one, or move it away"
        )
    fields = [name for name in columns if name not in {*FIRST, *LAST}]
    return [
        Description(
            sku=row["sku"],
            language=row["language"],
            kind=row["for"],
            fields={name: row[name] for name in fields if row[name]},
            by=row["by"],
            key=row["key"],
        )
        for row in rows
    ]


def write_descriptions(file: Path, descriptions: Sequence[Description]) -> None:
    """Write a file of descriptions, whole or not at all."""
    fields = list(dict.fromkeys(name for one in descriptions for name in one.fields))
    _write(
        file,
        [*FIRST, *fields, *LAST],
        (
            [one.sku, one.language, one.kind, *(one.fields.get(name, "") for name in fields),
             one.by, one.key]
            for one in sorted(descriptions, key=lambda one: (one.sku, one.language, one.kind))
        ),
    )  # fmt: skip


def write_for_shopify(file: Path, descriptions: Sequence[Description]) -> None:
    """Write what Shopify imports over its products: their handle, and the text as HTML.

    The sku is the handle, as products have it that were imported from Shopify.
    """
    _write(
        file,
        ["Handle", "Body (HTML)"],
        (
            [one.sku, _write_html(one.fields.get(SHOPIFY_FIELD) or next(iter(one.fields.values())))]
            for one in descriptions
        ),
    )


def _write_html(text: str) -> str:
    paragraphs = [part.strip() for part in text.split("\n\n") if part.strip()]
    return "".join(
        f"<p>{html.escape(part, quote=False).replace(chr(10), '<br>')}</p>" for part in paragraphs
    )


def _write(file: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    new = file.with_name(f"{file.name}.new")
    try:
        with new.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(columns)
            writer.writerows(rows)
        new.replace(file)
    except OSError as error:
        raise DataError(f"{file} cannot be written: {error.strerror or error}") from None
