"""What a map may say: for every kind, which column gives which field, and how it is written."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..recipe.values import Name

Word = Annotated[str, Field(min_length=1)]
Words = Annotated[tuple[Word, ...], Field(min_length=1)]
Constant = str | int | float | bool


class Block(BaseModel):
    """A block of a map; an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class Expression(Block):
    """Where one field comes from, and how it is read."""

    column: Word | None = Field(default=None, description="The column that holds it.")
    columns: Words | None = Field(
        default=None, description="Several columns: the first that is not empty, or `join`."
    )
    join: str | None = Field(default=None, description="What to put between `columns`.")
    value: Constant | None = Field(default=None, description="A constant instead of a column.")
    match: Word | None = Field(
        default=None,
        description="A regular expression; its first group, or all it matches, is the value.",
    )
    part: int | None = Field(
        default=None,
        ge=1,
        description="Which piece after `split`, from 1; may be empty.",
    )
    split: Word | None = Field(default=None, description="What parts the entries of a list.")
    words: dict[str, str] | None = Field(
        default=None, description="Other words for some values, whatever their case."
    )
    otherwise: str | None = Field(
        default=None, description="The word for every value that `words` does not have."
    )
    plain: bool = Field(default=False, description="Turn HTML into plain text.")
    format: Word | Words | None = Field(
        default=None,
        description="How a date is written: strptime, `seconds`, `milliseconds` or `iso`.",
    )
    zone: Word | None = Field(
        default=None, description="The time zone of dates without one; UTC when it is not said."
    )
    decimal: Literal[",", "."] | None = Field(default=None, description="The decimal sign.")
    divide: int | None = Field(default=None, ge=2, description="What to divide a number by.")
    true: Words | None = Field(default=None, description="The words for yes.")
    false: Words | None = Field(default=None, description="The words for no.")
    kind: Literal["text", "number", "integer", "boolean", "time", "json"] | None = Field(
        default=None, alias="as", description="What a trait, attribute or property is."
    )
    default: Constant | None = Field(default=None, description="The value of an empty one.")


class RowTest(Block):
    """Which rows are taken: those for which every test holds."""

    column: Word = Field(description="The column that is looked at.")
    given: bool | None = Field(default=None, description="Whether it must not be, or be, empty.")
    equals: Words | None = Field(default=None, description="One of these, whatever the case.")
    differs: Words | None = Field(default=None, description="None of these, whatever the case.")
    match: Word | None = Field(default=None, description="A regular expression found in it.")
    above: float | None = Field(default=None, description="A number above this one.")


class FillDown(Block):
    """Columns that are written in the first row only, and mean those below it as well."""

    columns: Words = Field(description="The columns.")
    by: Word | None = Field(default=None, description="Only as long as this column stays the same.")


class Section(Block):
    """How the rows of one kind come out of a file."""

    where: tuple[RowTest, ...] = Field(default=(), description="Which rows are taken.")
    each: Word | None = Field(
        default=None, description="A column that holds a list (JSON): one row for each entry."
    )
    group: Literal["none", "consecutive", "anywhere"] | None = Field(
        default=None,
        description="Rows of one key make one: when they follow each other, or wherever they are.",
    )
    fill_down: FillDown | None = Field(default=None, description="Columns written once.")
    fields: dict[str, Expression] = Field(
        min_length=1, description="Which column gives which field."
    )
    rest: bool = Field(
        default=False,
        description="Whether all other columns become traits, attributes or properties.",
    )


class FileFormat(Block):
    """How the file is written, where that cannot be seen."""

    encoding: Word | None = Field(default=None, description="Such as utf-8 or cp1252.")
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = Field(
        default=None, description="What stands between the fields of CSV."
    )


class ColumnMap(Block):
    """A map: from the columns of a file to the fields of one kind or several."""

    map: Name = Field(description="Its name.")
    about: str = Field(default="", description="Which export it is for.")
    header: tuple[Word, ...] = Field(
        default=(), description="The columns by which a file is known to fit."
    )
    without: tuple[Word, ...] = Field(
        default=(), description="Columns that such a file does not have."
    )
    file: FileFormat = Field(default=FileFormat(), description="How the file is written.")
    customers: Section | None = None
    products: Section | None = None
    orders: Section | None = None
    events: Section | None = None
    reviews: Section | None = None
    enquiries: Section | None = None
    articles: Section | None = None
    suppressions: Section | None = None

    def section(self, kind: str) -> Section | None:
        """Return how one kind is read, or None when the map is not for it."""
        section: Section | None = getattr(self, kind)
        return section


def expand_short_forms(plain: Any) -> Any:
    """Return a map's data with `field: Column` written as `field: {column: Column}`."""
    if not isinstance(plain, dict):
        return plain
    return {key: _expand_section(value) for key, value in plain.items()}


def _expand_section(section: Any) -> Any:
    fields = section.get("fields") if isinstance(section, dict) else None
    if not isinstance(fields, dict):
        return section
    expanded = {
        name: {"column": said} if isinstance(said, str) else said for name, said in fields.items()
    }
    return section | {"fields": expanded}
