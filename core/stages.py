"""The stages of a batch: each calls one plugin and holds its answer to the contract."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .brief import Brief, Copy
from .context import Context
from .customer import Customer
from .enquiry import Enquiry, Reply
from .errors import ArtifactRefused, BallyhooError, EnvironmentMissing, PluginError
from .message import Dispatch, Message
from .product import Recommendation
from .recipe.binding import Binding, BoundRecipe
from .registry import Registry

if TYPE_CHECKING:
    from sqlalchemy.sql.expression import FromClause, SelectBase

ContextFor = Callable[[str], Context]
"""Makes the context of a plugin, by its name."""


def train_stages(
    registry: Registry, bound: BoundRecipe, context_for: ContextFor, *stages: str
) -> None:
    """Let the plugins of these stages learn, those of them that can."""
    for stage in stages:
        binding = bound.stages.get(stage)
        if binding is None or "train" not in registry.require(binding.plugin, stage).hooks:
            continue
        context = context_for(binding.plugin)
        registry.call(
            binding.plugin, "train", context=context, stage=stage, options=binding.options
        )


def select_audience(
    registry: Registry, binding: Binding, context_for: ContextFor
) -> SelectBase | FromClause | Iterator[int]:
    """Return what a segment answers.

    Returns:
        A selectable of ids; or the ids, each looked at when it is asked for, repeats and all.

    Raises:
        PluginError: It is neither, or the selectable has more than the id; while the ids come:
            one is no integer, or the plugin raised.
    """
    answer = _call(registry, binding, "segment", context_for)
    if is_selectable(answer):
        selectable: SelectBase | FromClause = answer
        columns = len(selectable.exported_columns)
        if columns != 1:
            said = f"answered a selectable of {columns} columns, where the id alone is due"
            raise _broken(binding, "segment", said)
        return selectable
    if not isinstance(answer, Iterable):
        raise _broken(binding, "segment", f"answered {_kind(answer)}, not ids or a selectable")
    return _check_ids(binding, answer)


def stream_audience(registry: Registry, binding: Binding, context_for: ContextFor) -> Iterator[int]:
    """Yield the customer ids that a segment gives, one by one, repeats left out.

    Raises:
        EnvironmentMissing: The answer is to be run by a database, and the store is none.
        PluginError: The segment broke the contract of its hook.
    """
    context = context_for(binding.plugin)
    answer = select_audience(registry, binding, lambda plugin: context)
    if not isinstance(answer, Iterator):
        select_ids = getattr(context.store, "select_ids", None)
        if select_ids is None:
            raise EnvironmentMissing(
                f"the plugin '{binding.plugin}' finds its segment inside of a database, and the "
                f"store here is a {type(context.store).__name__}",
                hint="leave the store out, so that the workspace's database is read; or name a "
                "segment that lists its customers, such as list_segment",
            )
        yield from select_ids(answer)
        return
    seen: set[int] = set()
    for customer_id in answer:
        if customer_id not in seen:
            seen.add(customer_id)
            yield customer_id


def is_selectable(answer: Any) -> bool:
    """Whether a segment's answer is to be run by a database."""
    if "sqlalchemy" not in sys.modules:
        return False
    from sqlalchemy.sql.expression import FromClause, SelectBase

    return isinstance(answer, SelectBase | FromClause)


def _check_ids(binding: Binding, answer: Iterable[Any]) -> Iterator[int]:
    try:
        for customer_id in answer:
            if not isinstance(customer_id, int) or isinstance(customer_id, bool):
                said = f"yielded {_kind(customer_id)}, not an integer id"
                raise _broken(binding, "segment", said)
            yield customer_id
    except BallyhooError:
        raise
    except Exception as error:
        raise PluginError(
            f"the plugin '{binding.plugin}' raised {type(error).__name__} in its hook 'segment'",
            hint="--debug shows where",
        ) from error


def recommend_products(
    registry: Registry,
    binding: Binding,
    context_for: ContextFor,
    customers: Sequence[Customer],
) -> list[tuple[Recommendation, ...]]:
    """Return the ranked products of each customer, aligned with `customers`.

    Raises:
        PluginError: The answer is not aligned, or holds something else than recommendations.
    """
    answer = _call(registry, binding, "recommend", context_for, customers=customers)
    rows = _aligned(binding, "recommend", answer, len(customers))
    for row in rows:
        if not isinstance(row, Sequence):
            raise _broken(binding, "recommend", f"answered {_kind(row)} for a customer")
        for one in row:
            _check_kind(binding, "recommend", one, Recommendation)
    return [tuple(row) for row in rows]


def generate_copies(
    registry: Registry, binding: Binding, context_for: ContextFor, briefs: Sequence[Brief]
) -> list[Copy]:
    """Return the copy of each brief, aligned, not yet looked at by anybody.

    Raises:
        PluginError: The answer is not aligned, or holds something else than copies.
    """
    answer = _call(registry, binding, "generate", context_for, briefs=briefs)
    return _checked(binding, "generate", answer, len(briefs), Copy)


def answer_enquiries(
    registry: Registry, binding: Binding, context_for: ContextFor, enquiries: Sequence[Enquiry]
) -> list[Reply]:
    """Return the reply to each enquiry, aligned.

    Raises:
        PluginError: The answer is not aligned, or a reply neither answers nor hands off.
    """
    answer = _call(registry, binding, "respond", context_for, enquiries=enquiries)
    replies: list[Reply] = _checked(binding, "respond", answer, len(enquiries), Reply)
    for reply in replies:
        if (reply.text is None) == (reply.handoff is None):
            raise _broken(binding, "respond", "answered a reply with neither text nor hand-off")
    return replies


def render_messages(
    registry: Registry, binding: Binding, context_for: ContextFor, messages: Sequence[Message]
) -> list[Message]:
    """Return the messages with the bytes that the channel would send.

    Raises:
        PluginError: The answer is not aligned, or not bytes.
    """
    answer = _call(registry, binding, "render", context_for, messages=messages)
    contents: list[bytes] = _checked(binding, "render", answer, len(messages), bytes)
    return [
        replace(message, content=content)
        for message, content in zip(messages, contents, strict=True)
    ]


def deliver_messages(
    registry: Registry, binding: Binding, context_for: ContextFor, dispatch: Dispatch
) -> None:
    """Let the channel take what `dispatch` has for it.

    Not promised: that every message was settled. The dispatch itself knows which were not.
    """
    _call(registry, binding, "deliver", context_for, dispatch=dispatch)


def _call(
    registry: Registry, binding: Binding, hook: str, context_for: ContextFor, **batch: Any
) -> Any:
    context = context_for(binding.plugin)
    try:
        return registry.call(
            binding.plugin, hook, context=context, options=binding.options, **batch
        )
    except ArtifactRefused as refused:
        refused.context.setdefault("plugin", binding.plugin)
        raise


def _checked(binding: Binding, hook: str, answer: Any, size: int, kind: type) -> list[Any]:
    rows = _aligned(binding, hook, answer, size)
    for one in rows:
        _check_kind(binding, hook, one, kind)
    return rows


def _aligned(binding: Binding, hook: str, answer: Any, size: int) -> list[Any]:
    if not isinstance(answer, list | tuple):
        raise _broken(binding, hook, f"answered {_kind(answer)}, not a list")
    if len(answer) != size:
        raise _broken(binding, hook, f"answered {len(answer)} entries for a batch of {size}")
    return list(answer)


def _check_kind(binding: Binding, hook: str, value: Any, kind: type) -> None:
    if not isinstance(value, kind):
        raise _broken(binding, hook, f"answered {_kind(value)} where {kind.__name__} is due")


def _kind(value: Any) -> str:
    return "nothing" if value is None else f"a {type(value).__name__}"


def _broken(binding: Binding, hook: str, said: str) -> PluginError:
    return PluginError(
        f"the plugin '{binding.plugin}' broke the contract of its hook '{hook}': it {said}",
        hint=f"ballyhoo.testing has a kit that shows it: {hook.capitalize()}Conformance",
    )
