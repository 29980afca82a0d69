"""Opens a file with the reader that it needs, by what is in it."""

from __future__ import annotations

from pathlib import Path

from ..errors import DataError
from .article_reader import MARKDOWN, ArticleSource
from .csv_reader import CsvSource
from .encoding import open_bytes
from .json_reader import RAW_COLUMN, JsonSource
from .parquet_reader import ParquetSource
from .reject_reader import JsonRejectsSource
from .source import Source

_ZIP, _PARQUET = b"PK\x03\x04", b"PAR1"


def open_source(
    path: Path, kind: str, *, encoding: str | None = None, delimiter: str | None = None
) -> Source:
    """Open a file to import.

    Args:
        path: A file; for articles also a folder of Markdown files.
        kind: What is imported from it.
        encoding: What the map says of it; found out when None.
        delimiter: What stands between the fields of CSV; found out when None.

    Raises:
        DataError: It is not there, is empty, or is of no kind that can be read.
        EnvironmentMissing: What it needs to be read is not installed.
    """
    if path.is_dir():
        if kind == "articles":
            return ArticleSource(path)
        raise DataError(f"{path} is a folder", hint="name a file; articles alone take a folder")
    if not path.exists():
        raise DataError(f"there is no file {path}")
    ending = path.suffix.lower()
    if kind == "articles" and ending in (*MARKDOWN, ".yaml", ".yml"):
        return ArticleSource(path)
    with path.open("rb") as file:
        head = file.read(4)
    if head == _PARQUET:
        return ParquetSource(path)
    if head == _ZIP:
        raise DataError(
            f"{path.name} is a ZIP archive or a spreadsheet",
            hint="unpack it, or save the sheet as CSV",
        )
    if not head:
        raise DataError(f"{path.name} is empty")
    if _is_json(path):
        return JsonSource(path, encoding=encoding)
    source = CsvSource(path, encoding=encoding, delimiter=delimiter)
    if source.header == (RAW_COLUMN,) and source.is_rejects:
        return JsonRejectsSource(source)
    return source


def _is_json(path: Path) -> bool:
    endings = [suffix.lower() for suffix in path.suffixes]
    if any(ending in (".json", ".jsonl", ".ndjson") for ending in endings[-2:]):
        return ".csv" not in endings[-1:]
    if ".csv" in endings or ".tsv" in endings:
        return False
    with open_bytes(path) as file:
        head = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    return head[:1] in (b"{", b"[")
