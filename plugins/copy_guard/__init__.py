"""The reviewer of every generated copy: what it states must be a fact, and facts come by slots.

It is deterministic and needs no model. Each rule has a name, and a recipe turns it off by
`review: {copy_guard: {RULE: allow}}`.
"""

from __future__ import annotations

from ballyhoo import Brief, Context, Copy, Objection, hookimpl

from .options import GuardOptions


@hookimpl
def review(context: Context, options: GuardOptions, brief: Brief, copy: Copy) -> list[Objection]:
    """Say what is wrong with a copy: of each rule, one objection a field."""
    from .judging import judge_copy  # the rules are read when a copy is, not at every start

    return judge_copy(context, options, brief, copy)
