"""The types of options that are conditions: `where` over customers, or over products."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import PydanticCustomError, core_schema

from .checked import CheckedCondition

if TYPE_CHECKING:
    from .tokens import ConditionError

CONDITION_ERROR = "ballyhoo_condition"
"""The type of a validation error whose context holds every mistake of a condition."""


@dataclass(frozen=True, slots=True, eq=False)
class _ConditionOver:
    """Tells pydantic how a condition is read, written and described.

    Pydantic is not let near `CheckedCondition`: it would build a schema of the whole tree. The
    language is loaded when the first condition is read, so that a recipe without one is checked
    sooner.
    """

    subject: Literal["customer", "product"]

    def read(self, value: Any, info: ValidationInfo) -> CheckedCondition:
        """Read what a recipe says.

        The context may hold `workspace`, its folder; `functions`, which is called for those that
        the condition may call; and `segments`, the texts of named segments instead of the folder's.
        """
        if isinstance(value, CheckedCondition) and value.fields.subject == self.subject:
            return value
        from .built_in import BUILT_IN
        from .customer_fields import CUSTOMER_FIELDS
        from .named import SegmentFolder
        from .product_fields import PRODUCT_FIELDS
        from .reading import read_condition
        from .tokens import ConditionError

        if not isinstance(value, str | dict):
            said = "must be a condition such as \"country = 'DE'\", or its structured form"
            raise _refuse([ConditionError(said, 0)])
        around = info.context or {}
        is_customer = self.subject == "customer"
        functions = around["functions"]() if "functions" in around else BUILT_IN
        condition, mistakes = read_condition(
            value,
            CUSTOMER_FIELDS if is_customer else PRODUCT_FIELDS,
            functions if is_customer else {},
            around.get("segments") or SegmentFolder(Path(around.get("workspace", "."))),
        )
        if condition is None:
            raise _refuse(mistakes)
        return condition

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(_write_source)
        return core_schema.with_info_plain_validator_function(self.read, serialization=written)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        said = f"A condition over the {self.subject}: an expression, or its structured form."
        return {"type": ["string", "object"], "description": said}


def _refuse(mistakes: list[ConditionError]) -> PydanticCustomError:
    said = "; ".join(mistake.message for mistake in mistakes)
    return PydanticCustomError(CONDITION_ERROR, "{said}", {"said": said, "mistakes": mistakes})


def _write_source(condition: CheckedCondition) -> Any:
    return condition.source


CustomerCondition = Annotated[CheckedCondition, _ConditionOver("customer")]
ProductCondition = Annotated[CheckedCondition, _ConditionOver("product")]
