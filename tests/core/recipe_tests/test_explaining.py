"""What is said about a test that failed."""

from __future__ import annotations

from collections.abc import Callable

from ballyhoo.core.policy.objections import REASONS
from ballyhoo.core.recipe_tests.running import TestResult
from ballyhoo.core.workspace import Workspace

Try = Callable[[str, str], list[TestResult]]

RECIPE = """\
campaign: trail
segment: {where: country = 'DE' AND days_since_last_order >= 30}
deliver:
  plugin: outbox
  fields: {subject: "{first_name|Hello}, the trails are dry", body: Come and look.}
policy: {quiet_hours: "21:00-08:00"}
"""
GIVEN = """\
at: 2026-03-02T10:00:00+01:00
given:
  customers:
    - {key: ada, first_name: Ada, country: DE, email: ada@customers.example, consent_email: true}
    - {key: bob, country: DE, email: bob@customers.example}
    - {key: cyd, country: US, email: cyd@customers.example, consent_email: true}
  orders:
    - {customer: [ada], placed_at: 45d ago}
    - {customer: bob, placed_at: 45d ago}
    - {customer: cyd, placed_at: 12d ago}
tests:
  - name: wrong
""".replace("[ada]", "ada")


def fail(try_tests: Try, recipe: str, test: str) -> str:
    """Run one test that fails, and return what is said, with the lines of its file."""
    [result] = try_tests(recipe, GIVEN + test)
    return "\n".join(f"{one.line}: {one.message}" for one in result.failures)


def test_who_was_skipped_instead_is_said_with_the_reason(try_tests: Try) -> None:
    assert fail(
        try_tests, RECIPE, "    expect:\n      - {customer: bob, message: {subject: Hello}}\n"
    ) == (
        "14: bob should have got a message, but is skipped: no_consent\n"
        f"  no_consent: {REASONS['no_consent']}"
    )


def test_who_is_not_in_the_segment_is_told_which_condition_does_not_hold(
    try_tests: Try,
) -> None:
    assert fail(
        try_tests, RECIPE, "    expect:\n      - {customer: cyd, skipped: no_consent}\n"
    ) == (
        "14: cyd should be in the segment, but is not\n"
        "  it does not hold that country = 'DE' (country is 'US')\n"
        "  it does not hold that days_since_last_order >= 30 (days_since_last_order is 12)"
    )


def test_what_came_instead_is_shown(try_tests: Try) -> None:
    wrong = "{customer: ada, message: {subject: 'Ada, the trails are wet'}, offer: SPRING20}"
    assert fail(try_tests, RECIPE, f"    expect: [{wrong}]\n") == (
        "13: ada should have the offer SPRING20, but has none\n"
        "13: ada got another message: subject is another one\n"
        "  expected: Ada, the trails are wet\n"
        "  came:     Ada, the trails are dry\n"
        "                                ^\n"
        "  sent 2026-03-02T10:00:00+01:00\n"
        "  subject: Ada, the trails are dry"
    )


def test_counts_are_shown_with_who_they_are(try_tests: Try) -> None:
    assert fail(try_tests, RECIPE, "    expect: {sent: 2, audience: 2, skipped: {}}\n") == (
        "13: the run should have sent: 2, but has 1\n"
        "13: the run should have skipped: none, but has no_consent: 1\n"
        "  ada is sent\n"
        "  bob is skipped: no_consent"
    )


def test_who_waits_is_told_for_what(try_tests: Try) -> None:
    steps = "    at: 2026-03-02T22:00:00+01:00\n    expect: [{customer: ada, state: sent}]\n"
    given = "    given: {customers: [{key: ada, time_zone: Europe/Berlin}]}\n"
    assert fail(try_tests, RECIPE, given + steps) == (
        "15: ada should be sent, but is ready\n"
        "  ready since it was prepared, due 2026-03-03T08:00:00+01:00\n"
        "  policy.quiet_hours is 21:00-08:00 in her time zone"
    )


def test_how_often_somebody_was_written_to_is_counted(try_tests: Try) -> None:
    steps = "    steps: [run, {advance: 1d}, run, {expect: {customer: ada, messages: 2}}]\n"
    assert fail(try_tests, RECIPE, steps) == (
        f"13: ada should have got 2 messages, but got 1 message\n  again: {REASONS['again']}"
    )


def test_a_plugin_that_raises_is_named(try_tests: Try, workspace: Workspace) -> None:
    (workspace.folder / "writer.py").write_text(
        "from ballyhoo import hookimpl\n\n"
        "@hookimpl\ndef recommend(context, customers):\n    raise ValueError('broken')\n"
    )
    recipe = RECIPE + "recommend: {plugin: writer}\n"
    assert fail(try_tests, recipe, "    expect: [{customer: ada, state: sent}]\n") == (
        "13: ada should be sent, but is planned\n"
        "  nothing was prepared for her yet; the plugin 'writer' raised ValueError in its hook "
        "'recommend'"
    )


def test_a_segment_without_a_condition_did_not_select_her(try_tests: Try) -> None:
    recipe = RECIPE.replace(
        "{where: country = 'DE' AND days_since_last_order >= 30}",
        "{plugin: list_segment, customers: [ada]}",
    )
    assert fail(try_tests, recipe, "    expect: [{customer: bob, state: sent}]\n") == (
        "13: bob should be in the segment, but is not\n"
        "  the segment's plugin 'list_segment' did not select her"
    )
