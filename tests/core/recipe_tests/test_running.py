from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ballyhoo.core.recipe_tests.running import TestResult
from ballyhoo.core.workspace import Workspace

Try = Callable[[str, str], list[TestResult]]

LETTER = """\
campaign: trail
segment: {where: country = 'DE'}
deliver:
  plugin: outbox
  fields: {subject: "{first_name|Hello}, the trails are dry", body: Come and look.}
"""
PEOPLE = """\
at: 2026-03-02T10:00:00+01:00
given:
  customers:
    - {key: ada, first_name: Ada, country: DE, email: ada@customers.example, consent_email: true}
    - {key: bob, country: DE, email: bob@customers.example, consent_email: false}
    - {key: cyd, country: US, email: cyd@customers.example, consent_email: true}
"""


def list_failures(results: list[TestResult]) -> list[str]:
    return [f"{one.line}: {one.message}" for result in results for one in result.failures]


def check(results: list[TestResult], count: int = 1) -> None:
    assert list_failures(results) == []
    assert len(results) == count


def test_the_short_form_is_one_run_and_what_comes_of_it(try_tests: Try) -> None:
    check(
        try_tests(
            LETTER,
            PEOPLE
            + """\
tests:
  - name: everybody in Germany who consented gets the letter
    expect:
      - customer: ada
        message:
          subject: Ada, the trails are dry
          body: {contains: look, lacks: "{", matches: "^Come"}
          to: ada@customers.example
          content: {contains: [ada@customers.example, Come and look.]}
      - {customer: bob, skipped: no_consent}
      - {customer: cyd, in_segment: false}
      - {audience: 2, sent: 1, skipped: {no_consent: 1}, state: finished}
""",
        )
    )


def test_each_test_has_a_world_of_its_own(try_tests: Try, workspace: Workspace) -> None:
    once = "    expect: [{customer: ada, state: sent, messages: 1}, {audience: 2}]\n"
    tests = PEOPLE + "tests:\n" + "".join(f"  - name: try {n}\n{once}" for n in range(3))
    check(try_tests(LETTER, tests), 3)
    assert not (workspace.folder / "ballyhoo.db").exists()
    assert not (workspace.folder / "outbox").exists()


def test_a_test_changes_what_all_of_them_know(try_tests: Try) -> None:
    check(
        try_tests(
            LETTER,
            PEOPLE
            + """\
tests:
  - name: bob consents, cyd moves, dan is new
    given:
      customers:
        - {key: bob, consent_email: true}
        - {key: cyd, country: DE}
        - {key: dan, country: DE}
    expect:
      - {customer: [ada, bob, cyd], state: sent}
      - {customer: dan, skipped: no_address}
""",
        )
    )


def test_time_passes_and_things_happen(try_tests: Try) -> None:
    monthly = LETTER + "policy: {again: after 30d}\n"
    check(
        try_tests(
            monthly,
            PEOPLE
            + """\
tests:
  - name: she gets it once in thirty days, until she says no
    steps:
      - run
      - expect: [{customer: ada, messages: 1}]
      - advance: 29d
      - run
      - expect: [{customer: ada, skipped: again}, {run: 1, sent: 1}]
      - expect: [{customer: ada, run: 1, state: sent}]
      - until: 2026-04-01T10:00:00+01:00
      - run
      - expect: {customer: ada, messages: 2, sent_at: 2026-04-01T11:00:00+02:00}
      - advance: 30d
      - event: {customer: ada, type: unsubscribe}
      - run
      - expect: [{customer: ada, skipped: no_consent, messages: 2}]
  - name: a daily cron line over seventy days
    steps:
      - run: {times: 71, every: 1d}
      - expect: [{customer: ada, messages: 3}, {customer: bob, messages: 0}]
""",
        ),
        2,
    )


def test_what_is_told_later_is_known_from_then_on(try_tests: Try) -> None:
    recipe = LETTER.replace("country = 'DE'", "days_since_last_order >= 30 AND bought('shoes')")
    check(
        try_tests(
            recipe,
            PEOPLE
            + """\
  products: [{sku: shoe, title: Trail shoe, category: shoes, price: 129}]
  orders:
    - {customer: ada, sku: shoe, placed_at: 30d ago}
    - {customer: bob, placed_at: 2026-01-15, lines: [{sku: shoe, quantity: 2}]}
tests:
  - name: who buys again gets no win-back
    steps:
      - customer: {key: bob, consent_email: true}
      - product: {sku: sock, title: Sock, category: socks}
      - order: {customer: ada, sku: sock}
      - run
      - expect:
          - {customer: ada, in_segment: false}
          - {customer: bob, state: sent}
      - suppression: {address: ada@customers.example, reason: bounce}
      - advance: 31d
      - run
      - expect: [{customer: ada, skipped: suppressed}, {customer: bob, skipped: again}]
""",
        )
    )


def test_at_night_a_run_waits_and_goes_on_in_the_morning(try_tests: Try) -> None:
    quiet = LETTER + 'policy: {quiet_hours: "21:00-08:00"}\n'
    check(
        try_tests(
            quiet,
            PEOPLE.replace("10:00:00", "22:00:00")
            + """\
    - key: eve
      country: DE
      email: eve@customers.example
      consent_email: true
      time_zone: America/New_York
tests:
  - name: each in her own morning
    given: {customers: [{key: ada, time_zone: Europe/Berlin}]}
    steps:
      - run
      - expect:
          - {customer: ada, state: ready, due_at: 2026-03-03T08:00:00+01:00}
          - {customer: eve, state: sent}
          - {state: waiting, ready: 1, sent: 1, next_due_at: 2026-03-03T08:00:00+01:00}
      - advance: 1h
      - expect: [{customer: ada, state: ready}]
      - advance: 1d
      - expect:
          - {customer: ada, message: {subject: {contains: Ada}}, sent_at: 2026-03-03T08:00:00+01:00}
          - {state: finished}
""",
        )
    )


def test_variants_and_the_holdout_are_drawn_as_the_test_says(try_tests: Try) -> None:
    recipe = (
        LETTER
        + """\
experiment:
  variants: {warm: {deliver: {fields: {subject: Warm}}}, plain: {}, terse: {}}
  shares: {warm: 98%, plain: 1%, terse: 1%}
  holdout: 3%
"""
    )
    names = [f"p{number}" for number in range(40)]
    rows = "".join(
        f"    - {{key: {name}, country: DE, email: {name}@mail.example, consent_email: true}}\n"
        for name in names
    )
    check(
        try_tests(
            recipe,
            PEOPLE
            + rows
            + f"""\
tests:
  - name: nobody is held out by chance
    expect: [{{customer: [{", ".join(names)}], state: sent}}]
  - name: these are drawn
    draw: {{ada: terse, p3: holdout, p4: plain, p5: terse, p6: warm}}
    expect:
      - {{customer: [ada, p5], variant: terse, message: {{subject: {{contains: dry}}}}}}
      - {{customer: p4, variant: plain}}
      - {{customer: p6, variant: warm, message: {{subject: Warm}}}}
      - {{skipped: {{holdout: 1, no_consent: 1}}}}
      - {{customer: p3, skipped: holdout}}
""",
        ),
        2,
    )


def test_the_channel_answers_as_the_test_says(try_tests: Try) -> None:
    tests = (
        PEOPLE
        + """\
tests:
  - name: it is tried again
    answers: {ada: [later, later, sent]}
    steps:
      - run
      - expect: [{customer: ada, state: ready, due_at: 2026-03-02T10:01:00+01:00, messages: 0}]
      - advance: 1min
      - expect: [{customer: ada, state: ready, due_at: 2026-03-02T10:03:00+01:00}]
      - advance: 1h
      - expect: [{customer: ada, state: sent, sent_at: 2026-03-02T10:03:00+01:00}]
  - name: it is refused for good
    answers: {ada: failed}
    expect: [{customer: ada, failed: refused, messages: 0}, {failed: {refused: 1}}]
  - name: nobody knows
    answers: {ada: [unknown, sent]}
    steps:
      - run
      - advance: 1d
      - expect: [{customer: ada, state: unknown, messages: 1}, {unknown: 1, sent: 0}]
"""
    )
    check(try_tests(LETTER, tests), 3)
    resending = LETTER + "policy: {on_unknown: resend}\n"
    again = (
        PEOPLE
        + """\
tests:
  - name: it is sent again
    answers: {ada: [unknown, sent]}
    steps:
      - run
      - expect: [{customer: ada, state: ready}]
      - advance: 1d
      - expect: [{customer: ada, state: sent}, {unknown: 0, sent: 1}]
  - name: from now on it refuses
    steps:
      - answers: {ada: failed}
      - run
      - expect: [{customer: ada, state: failed}]
"""
    )
    check(try_tests(resending, again), 2)


def test_messages_of_before_count_under_a_cap_and_for_again(try_tests: Try) -> None:
    capped = LETTER + "policy: {cap: {messages: 2, per: 7d}}\n"
    check(
        try_tests(
            capped,
            PEOPLE
            + """\
tests:
  - name: two in a week are enough
    given: {messages: [{customer: ada, at: 6d ago}, {customer: ada, at: 1h ago, campaign: winter}]}
    expect: [{customer: ada, skipped: capped}]
  - name: one of them is long ago
    given: {messages: [{customer: ada, at: 8d ago}, {customer: ada}]}
    expect: [{customer: ada, state: sent}]
  - name: this campaign itself
    given: {messages: [{customer: ada, campaign: trail, at: 2025-03-02}]}
    expect: [{customer: ada, skipped: again}]
""",
        ),
        3,
    )


def test_a_run_may_be_limited_and_cancelled(try_tests: Try) -> None:
    slow = LETTER.replace("deliver:\n", "deliver:\n  warm_up: {start: 1/d, double_every: 1d}\n")
    check(
        try_tests(
            slow,
            PEOPLE.replace("consent_email: false", "consent_email: true")
            + """\
tests:
  - name: one first and then the whole
    steps:
      - run: {limit: 1, seed: 7}
      - expect: [{sent: 1, skipped: {limit: 1}}]
      - advance: 1d
      - run
      - expect: [{sent: 1, skipped: {again: 1}}]
  - name: a cancelled run and its repetition
    steps:
      - run
      - expect: [{sent: 1, ready: 1}]
      - cancel
      - expect: {state: cancelled}
      - advance: 2d
      - run
      - expect: [{sent: 1, skipped: {again: 1}}, {customer: [ada, bob], messages: 1}]
""",
        ),
        2,
    )


def test_a_rate_is_waited_for_on_the_clock_of_the_test(try_tests: Try) -> None:
    slow = LETTER.replace("deliver:\n", "deliver:\n  rate: 6/h\n")
    check(
        try_tests(
            slow,
            PEOPLE.replace("consent_email: false", "consent_email: true")
            + """\
tests:
  - name: the second leaves ten minutes later
    steps:
      - run
      - expect:
          - {state: finished, sent: 2}
          - {customer: ada, sent_at: 2026-03-02T10:00:00+01:00}
          - {customer: bob, sent_at: 2026-03-02T10:10:00+01:00}
""",
        )
    )


def test_nothing_leaves_the_house_whatever_the_channel(
    try_tests: Try, workspace: Workspace
) -> None:
    check(
        try_tests(
            """\
campaign: trail
segment: {where: country = 'DE'}
deliver: {plugin: pager, fields: {text: "{first_name|Hello}, the trails are dry"}}
""",
            """\
given:
  customers:
    - {key: ada, first_name: Ada, country: DE, phone: "+491701234567", consent_sms: true}
    - {key: bob, country: DE, email: bob@customers.example, consent_email: true}
tests:
  - name: she gets a text
    expect:
      - {customer: ada, message: {text: "Ada, the trails are dry", to: "+491701234567"}}
      - {customer: bob, skipped: no_address}
""",
        )
    )
    assert not (workspace.folder / "LEFT-THE-HOUSE").exists()


WRITTEN = """\
campaign: trail
segment: {where: country = 'DE'}
recommend: {plugin: writer}
generate:
  plugin: writer
  voice: warm
  fields: {subject: {max_chars: 60}, body: {max_words: 80}}
  offer: {code: SPRING20, discount: 20%}
  fallback: {subject: New for you, body: "Come and look, {first_name|friend}."}
deliver: {plugin: outbox}
"""
PRODUCTS = """\
  products:
    - {sku: shoe, title: {en: Trail shoe, de: Wanderschuh}, price: {EUR: 129, GBP: 110}}
    - {sku: axe, title: Ice axe, stock: 0}
    - {sku: belt, title: Belt, attributes: {colour: moss}}
"""


def test_copy_and_products_come_from_the_plugins_of_the_recipe(
    try_tests: Try, workspace: Workspace
) -> None:
    check(
        try_tests(
            WRITTEN,
            PEOPLE
            + PRODUCTS
            + """\
tests:
  - name: what the plugins say
    expect:
      - customer: ada
        products: [belt, shoe]
        offer: SPRING20
        message: {subject: warm news, body: See Belt.}
""",
        )
    )
    assert (workspace.folder / "ASKED").exists()


def test_the_fallback_may_stand_for_what_a_model_would_write(
    try_tests: Try, workspace: Workspace
) -> None:
    check(
        try_tests(
            WRITTEN,
            PEOPLE
            + PRODUCTS
            + """\
generate: fallback
tests:
  - name: no model is asked
    expect: [{customer: ada, message: {subject: New for you, body: "Come and look, Ada."}}]
""",
        )
    )
    assert not (workspace.folder / "ASKED").exists()


def test_held_messages_wait_for_a_person_who_lets_them_leave(try_tests: Try) -> None:
    held = WRITTEN.replace("voice: warm", "voice: warm\n  approval: all")
    check(
        try_tests(
            held,
            PEOPLE
            + PRODUCTS
            + """\
tests:
  - name: somebody looks first
    steps:
      - run
      - advance: 1d
      - expect: [{customer: ada, held: true, products: [belt, shoe]}, {held: 1, state: waiting}]
      - approve
      - expect: [{customer: ada, message: {subject: warm news}}, {state: finished}]
""",
        )
    )


def test_a_person_may_pause_retry_and_resolve(try_tests: Try) -> None:
    check(
        try_tests(
            LETTER + 'policy: {quiet_hours: "21:00-08:00"}\n',
            PEOPLE
            + """\
tests:
  - name: a paused run stands still until it is resumed
    at: 2026-03-02T23:30:00+00:00
    steps:
      - run
      - pause
      - advance: 1d
      - expect: [{customer: ada, state: ready}, {state: paused}]
      - resume
      - expect: [{customer: ada, state: ready, due_at: 2026-03-04T08:00:00+00:00}]
      - advance: 9h
      - expect: [{customer: ada, state: sent}]
  - name: what failed is tried again
    answers: {ada: [failed, sent]}
    steps:
      - run
      - expect: [{customer: ada, failed: refused}]
      - retry
      - expect: [{customer: ada, state: sent}]
  - name: what is unknown is sent again, or was sent
    answers: {ada: [unknown, sent]}
    steps:
      - run
      - resolve: resend
      - expect: [{customer: ada, state: sent}, {unknown: 0}]
  - name: or it was sent
    answers: {ada: unknown}
    steps: [run, {resolve: sent}, {expect: {sent: 1, state: finished}}]
""",
        ),
        4,
    )


def test_what_keeps_a_workspace_harmless_does_not_hide_what_a_recipe_does(
    try_tests: Try, workspace: Workspace
) -> None:
    settings = workspace.folder / "ballyhoo.toml"
    settings.write_text(settings.read_text() + '[safety]\nonly_to = ["@nobody.example"]\n')
    expect = "tests:\n  - name: she gets it\n    expect: [{customer: ada, state: sent}]\n"
    check(try_tests(LETTER, PEOPLE + expect))


def test_a_step_that_cannot_be_done_fails_its_test_alone(try_tests: Try) -> None:
    results = try_tests(
        LETTER,
        PEOPLE
        + """\
tests:
  - name: back in time
    steps:
      - run
      - until: 2026-03-01T10:00:00+01:00
      - expect: [{customer: ada, state: failed}]
  - name: too early
    steps:
      - expect: [{sent: 1}]
  - name: not that often
    steps:
      - run
      - expect: [{run: 2, sent: 1}]
  - name: nothing to cancel
    steps: [cancel]
  - name: all is well
    expect: [{sent: 1}]
""",
    )
    assert list_failures(results) == [
        "11: the clock is at 2026-03-02T09:00:00+00:00 already; time does not go back",
        "15: there was no run before this; add a step `run`",
        "19: there was no run 2; there were 1",
        "21: there was no run before this that it could be done to",
    ]
    assert [result.ok for result in results] == [False, False, False, False, True]


@pytest.mark.parametrize("hour", ["03:00:00", "15:00:00"])
def test_the_same_file_comes_to_the_same_thing_every_time(try_tests: Try, hour: str) -> None:
    recipe = LETTER + "experiment: {variants: {a: {}, b: {}}, holdout: 10%}\n"
    tests = (
        PEOPLE.replace("10:00:00", hour)
        + "tests:\n  - name: same\n    expect: [{customer: ada, variant: a}]\n"
    )
    first, second = (list_failures(try_tests(recipe, tests)) for _ in range(2))
    assert first == second


def test_a_recipe_without_tests_is_said(workspace: Workspace) -> None:
    from ballyhoo.core.errors import DataError
    from ballyhoo.core.recipe_tests.running import find_test_files

    with pytest.raises(DataError, match="has no tests"):
        find_test_files([Path("trail.yaml")])


def test_a_recipe_with_waves_is_tested_wave_by_wave(try_tests: Try) -> None:
    recipe = LETTER.replace(
        "deliver:\n  plugin: outbox",
        """\
experiment:
  variants: {warm: {}, plain: {}}
  allocate: thompson
  waves: {number: 2, wait: 3d, feedback: 1}
deliver:
  plugin: outbox""",
    )
    people = PEOPLE.replace("consent_email: false", "consent_email: true")
    check(
        try_tests(
            recipe,
            people
            + """\
tests:
  - name: bob waits for three days, or for a purchase
    draw: {ada: warm, bob: wave 2}
    steps:
      - run
      - expect:
          - {customer: ada, state: sent, variant: warm}
          - {customer: bob, state: planned}
          - {state: waiting, sent: 1}
      - advance: 1d
      - expect: [{customer: bob, state: planned}]
      - event: {type: purchase, customer: ada, value: 20.00, currency: EUR}
      - advance: 1h
      - expect: [{customer: bob, state: sent}, {state: finished, sent: 2}]
  - name: who is not named is in the first wave
    draw: {bob: plain}
    expect: [{sent: 2, state: finished}]
""",
        ),
        2,
    )
