"""The types of options that are conditions: `where` over customers, or over products."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from .built_in import BUILT_IN
from .customer_fields import CUSTOMER_FIELDS
from .fields import FieldSet
from .named import SegmentFolder
from .product_fields import PRODUCT_FIELDS
from .reading import CheckedCondition, read_condition
from .tokens import ConditionError

CONDITION_ERROR = "ballyhoo_condition"
"""The type of a validation error whose context holds every mistake of a condition."""


def _read_over(fields: FieldSet) -> Callable[[Any, ValidationInfo], CheckedCondition]:
    def read(value: Any, info: ValidationInfo) -> CheckedCondition:
        if isinstance(value, CheckedCondition) and value.fields is fields:
            return value
        if not isinstance(value, str | dict):
            said = "must be a condition such as \"country = 'DE'\", or its structured form"
            raise _refuse([ConditionError(said, 0)])
        around = info.context or {}
        is_customer = fields is CUSTOMER_FIELDS
        condition, mistakes = read_condition(
            value,
            fields,
            around.get("functions", BUILT_IN) if is_customer else {},
            around.get("segments") or SegmentFolder(Path(around.get("workspace", "."))),
        )
        if condition is None:
            raise _refuse(mistakes)
        return condition

    return read


def _refuse(mistakes: list[ConditionError]) -> PydanticCustomError:
    said = "; ".join(mistake.message for mistake in mistakes)
    return PydanticCustomError(CONDITION_ERROR, "{said}", {"said": said, "mistakes": mistakes})


def _write_source(condition: CheckedCondition) -> Any:
    return condition.source


def _schema(about: str) -> WithJsonSchema:
    said = f"A condition over {about}: an expression, or its structured form."
    return WithJsonSchema({"type": ["string", "object"], "description": said})


CustomerCondition = Annotated[
    CheckedCondition,
    PlainValidator(_read_over(CUSTOMER_FIELDS)),
    PlainSerializer(_write_source),
    _schema("the customer"),
]
ProductCondition = Annotated[
    CheckedCondition,
    PlainValidator(_read_over(PRODUCT_FIELDS)),
    PlainSerializer(_write_source),
    _schema("the product"),
]
