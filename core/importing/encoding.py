"""Finds out how the text of a file is encoded, by looking at all of it once."""

from __future__ import annotations

import codecs
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ..errors import DataError

BLOCK_BYTES = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SURROGATE = re.compile("[\ud800-\udfff]")
"""What stands for a byte that could not be decoded."""
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_ABOVE_ASCII = re.compile("[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How text is encoded.

    Attributes:
        name: A codec of Python.
        note: What the user must know, or "".
        damaged: Whether some bytes are wrong; they are read as lone surrogates, and the rows
            that hold them must be refused.
    """

    name: str
    note: str = ""
    damaged: bool = False


def open_bytes(path: Path) -> IO[bytes] | gzip.GzipFile:
    """Open a file for reading, unpacked when it is gzip."""
    if is_gzip(path):
        return gzip.open(path, "rb")
    return path.open("rb")


def is_gzip(path: Path) -> bool:
    """Whether the file begins as gzip does."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def detect_encoding(path: Path, *, declared: str | None = None) -> Encoding:
    """Return the encoding of a text file.

    Args:
        path: The file, plain or gzip.
        declared: What the map says; looked up, not doubted.

    Raises:
        DataError: The declared encoding does not exist, or the packed file is cut off.
    """
    if declared is not None:
        try:
            codecs.lookup(declared)
        except LookupError:
            raise DataError(
                f"there is no encoding '{declared}'", hint="usual ones: utf-8, utf-16, cp1252"
            ) from None
        return Encoding(declared)
    try:
        with open_bytes(path) as file:
            return _detect(_read_blocks(file))
    except (EOFError, gzip.BadGzipFile) as error:
        raise DataError(
            f"{path.name} cannot be unpacked: {error}", hint="copy or export it again"
        ) from None


def _read_blocks(file: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    while block := file.read(BLOCK_BYTES):
        yield block


def _detect(blocks: Iterator[bytes]) -> Encoding:
    first = next(blocks, b"")
    for bom, name in _BOMS:
        if first.startswith(bom):
            return Encoding(name)
    head = first[:4096]
    if head.count(0) > len(head) // 4:
        return Encoding("utf-16-be" if head[:1] == b"\x00" else "utf-16-le")
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    wrong = right = 0
    block: bytes | None = first
    while block:
        if not block.isascii() or decoder.getstate()[0]:
            text = decoder.decode(block)
            bad = len(_NOT_UTF8.findall(text))
            wrong += bad
            right += len(_ABOVE_ASCII.findall(text)) - bad
        block = next(blocks, None)
    if decoder.getstate()[0]:
        wrong += 1
    if not wrong:
        return Encoding("utf-8")
    if right > wrong:
        return Encoding("utf-8", "some rows are not UTF-8 and are rejected", damaged=True)
    return Encoding("cp1252", "read as Windows-1252, because it is not UTF-8")
