"""Reads a file of tests, and finds every mistake in it at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from ..campaign import Campaign
from ..errors import RecipeError
from ..recipe.document import Node
from ..recipe.findings import Findings
from ..recipe.validation import validate_node
from ..recipe.yaml_reader import read_yaml
from .models import DEFAULT_AT, FileBlock, Given, GivenMessage, TestBlock
from .moments import read_moment
from .names import Known, check_draw, check_names, mend
from .rows import build_rows, merge_rows
from .steps import read_steps
from .suite import RecipeTest, Suite, list_answers

KINDS = ("customers", "products", "orders", "events", "suppressions")
"""The kinds of import that may be given, in the order in which they are told."""


def read_suite(content: bytes, file: str, campaign: Campaign) -> Suite:
    """Read a file of tests.

    Args:
        content: The file's bytes, YAML.
        file: Its name, for messages.
        campaign: The recipe that it tests.

    Raises:
        RecipeError: It is wrong; `mistakes` holds every mistake with its line and column.
    """
    findings = Findings(file)
    root = read_yaml(content, findings, begins_with="a file of tests begins with 'tests:'")
    suite = None
    if root is not None and not isinstance(root.value, dict):
        findings.add(root.place, "a file of tests is a mapping; begin with 'tests:'")
    elif root is not None:
        suite = _Reader(campaign, findings).read(root)
    if findings or suite is None:
        mistakes = findings.sorted()
        raise RecipeError("\n".join(str(one) for one in mistakes), mistakes=mistakes)
    return suite


class _Reader:
    def __init__(self, campaign: Campaign, findings: Findings) -> None:
        self.campaign = campaign
        self.findings = findings

    def read(self, root: Node) -> Suite | None:
        """Read the whole file; None when nothing can be said about its tests."""
        block = validate_node(FileBlock, root, self.findings, partly=True)
        if block is None:
            return None
        self.block, root = block, mend(root, FileBlock)
        self.currency = block.currency
        shared = self._read_given(root.mapping.get("given"))
        nodes = root.mapping.get("tests")
        listed = nodes.value if nodes is not None and isinstance(nodes.value, list) else []
        tests = [test for node in listed if (test := self._read_test(node, shared)) is not None]
        self._check_doubles(tests, listed)
        return Suite(
            file=self.findings.file, campaign=self.campaign, currency=block.currency, tests=tests
        )

    def _read_given(self, node: Node | None) -> dict[str, list[Node]]:
        """Return the rows of each kind as they stand."""
        if node is None or validate_node(Given, node, self.findings, partly=True) is None:
            return {}
        return {
            key: below.value
            for key, below in mend(node, Given).mapping.items()
            if key in Given.model_fields and isinstance(below.value, list)
        }

    def _read_test(self, node: Node, shared: Mapping[str, list[Node]]) -> RecipeTest | None:
        block = validate_node(TestBlock, node, self.findings, partly=True)
        if block is None:
            return None
        node = mend(node, TestBlock)
        at = block.at or self.block.at or datetime.fromisoformat(DEFAULT_AT)
        own = self._read_given(node.mapping.get("given"))
        given = {kind: merge_rows(kind, shared.get(kind, ()), own.get(kind, ())) for kind in KINDS}
        known = Known(self.campaign)
        for kind in KINDS:
            build_rows(kind, given[kind], now=at, currency=self.currency, findings=self.findings)
            known.add(kind, given[kind])
        for kind in KINDS:
            known.check_references(kind, given[kind], self.findings)
        told = [*shared.get("messages", ()), *own.get("messages", ())]
        messages = self._read_messages(told, at, known)
        steps = read_steps(node, at, self.currency, known, self.findings)
        check_draw(node.mapping.get("draw"), block.draw, known, self.findings)
        check_names(node.mapping.get("answers"), known.everybody, self.findings)
        fallback_writes = (block.generate or self.block.generate) == "fallback"
        if fallback_writes:
            self._check_fallback(node)
        return RecipeTest(
            name=block.name,
            line=node.place.line,
            at=at,
            seed=self.block.seed if block.seed is None else block.seed,
            fallback_writes=fallback_writes,
            given=given,
            messages=messages,
            draw=block.draw,
            answers=list_answers(block.answers),
            steps=steps,
        )

    def _read_messages(
        self, nodes: Sequence[Node], now: datetime, known: Known
    ) -> list[tuple[GivenMessage, datetime]]:
        found = []
        for node in nodes:
            block = validate_node(GivenMessage, node, self.findings)
            if block is None:
                continue
            known.check_customer(block.customer, node.mapping["customer"], self.findings)
            try:
                at = now if block.at is None else read_moment(block.at, now)
            except ValueError as error:
                below = node.mapping["at"]
                self.findings.add(below.place, str(error), below.path)
            else:
                found.append((block, at))
        return found

    def _check_fallback(self, node: Node) -> None:
        generate = self.campaign.recipe.generate
        if generate is None or generate.fallback is None:
            at = node.mapping.get("generate", node)
            said = "the recipe has no 'generate' with a 'fallback' that could stand for it"
            self.findings.add(at.place, said, at.path)

    def _check_doubles(self, tests: Sequence[RecipeTest], nodes: Sequence[Node]) -> None:
        lines: dict[str, int] = {}
        for test in tests:
            if test.name in lines:
                [node] = [one for one in nodes if one.place.line == test.line][:1]
                at = node.mapping.get("name", node)
                said = f"the test in line {lines[test.name]} has the same name"
                self.findings.add(at.place, said, at.path)
            lines.setdefault(test.name, test.line)
