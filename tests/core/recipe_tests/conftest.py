"""A workspace with a recipe of each kind, and files of tests written beside them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ballyhoo.core.recipe_tests.running import (
    TestResult,
    find_test_files,
    read_suites,
    run_suites,
)
from ballyhoo.core.workspace import Workspace

PAGER = """
from ballyhoo import Channel, FieldLimits, Receipt, hookimpl

@hookimpl
def channel():
    return Channel(
        name="sms", address_field="phone", consent="sms", normalise=str.strip,
        fields={"text": FieldLimits(max_chars=80)}, required_fields=("text",),
    )

@hookimpl
def render(context, messages):
    return [one.fields["text"].encode() for one in messages]

@hookimpl
def deliver(context, dispatch):
    for message in dispatch:
        (context.folder / "LEFT-THE-HOUSE").write_bytes(message.content)
        if dispatch.mark(message):
            dispatch.settle(message, Receipt.sent())
"""

WRITER = """
from ballyhoo import Copy, Options, Provenance, Reason, Recommendation, hookimpl

class WriterOptions(Options):
    voice: str = ""

@hookimpl
def generate(context, options: WriterOptions, briefs):
    (context.folder / "ASKED").touch()
    made = Provenance(generator=context.plugin)
    return [
        Copy(
            fields={"subject": f"{options.voice} news", "body": "See {product.name}."},
            provenance=made,
        )
        for _ in briefs
    ]

@hookimpl
def recommend(context, customers):
    known = [one for one in context.store.products() if one.stock != 0]
    ranked = sorted(known, key=lambda one: one.sku)
    reason = Reason(kind="popular")
    return [
        [Recommendation(product_id=one.id, score=1, reason=reason) for one in ranked[:2]]
        for _ in customers
    ]
"""

Try = Callable[..., list[TestResult]]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "ballyhoo.toml").write_text('[plugins]\nfiles = ["pager.py", "writer.py"]\n')
    (tmp_path / "pager.py").write_text(PAGER)
    (tmp_path / "writer.py").write_text(WRITER)
    return Workspace(tmp_path)


@pytest.fixture
def try_tests(workspace: Workspace) -> Try:
    """Write a recipe and its tests, run them, and return what each came to."""

    def run(recipe: str, tests: str) -> list[TestResult]:
        path = workspace.folder / "trail.yaml"
        path.write_text(recipe)
        (workspace.folder / "trail.test.yaml").write_text(tests)
        suites, mistakes = read_suites(workspace, find_test_files([path]))
        assert [str(one) for one in mistakes] == []
        return list(run_suites(workspace, suites))

    return run


def list_failures(results: list[TestResult]) -> list[str]:
    return [f"{one.line}: {one.message}" for result in results for one in result.failures]
