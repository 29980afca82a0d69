from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ballyhoo.core.campaign import Campaign, load_campaign
from ballyhoo.core.errors import RecipeError
from ballyhoo.core.recipe_tests.models import CustomerExpectation, RunStep
from ballyhoo.core.recipe_tests.reader import read_suite
from ballyhoo.core.recipe_tests.suite import Suite
from ballyhoo.core.workspace import Workspace

RECIPE = """\
campaign: trail
segment: {where: country = 'DE'}
experiment: {variants: {warm: {}, terse: {}}, holdout: 5%}
deliver: {plugin: outbox, fields: {subject: Hello, body: Come and look.}}
"""

BROKEN = """\
seeed: 1
currency: euro
generate: model
given:
  customers:
    - {key: ada, contry: DE, email: ada@customers.example, consent_email: true}
    - {key: bob, email: bob.customers.example, created_at: 3dd ago}
    - {email: cyd@customers.example, consent_email: perhaps}
    - dan
  products:
    - {sku: shoe, title: {de: Schuh, en: Shoe}, price: a lot}
    - {title: Sock}
  orders:
    - customer: ada
      lines: [{sku: shoe, prce: 1}, {sku: sho, quantity: -1}]
    - {customer: adda, sku: shoe}
    - {customer: ada, lines: {}}
  events:
    - {customer: ada, type: view, at: yesterday}
  messages:
    - {customer: carl, at: 3d ago, campain: winter}
    - {customer: ada, at: soon}
tests:
  - name: one
    at: 2026-03-01T09:00:00
    draw: {ada: cold, bobb: holdout}
    answers: {ada: maybe, bo: later}
    steps:
      - rnu
      - run
      - run: {times: 3}
      - run: {limt: 3}
      - advance: 3 days
      - expect:
          - {customer: ada, skipped: no_consnt}
          - {skipped: {no_consent: 1, cappd: 2}, variants: {warmm: 1}}
          - {customer: ada}
          - {customer: [ada, cyd], mesage: {subject: Hello}}
          - {customer: ada, message: {subjet: Hello, body: {contain: look}}}
          - {customer: ada, skipped: again, failed: refused}
          - {customer: ada, variant: wram, products: [shoo]}
          - {customer: ada, message: {body: {matches: "["}, subject: {}}}
          - {run: 1}
          - 3
      - event: {customer: ada, tpe: unsubscribe}
      - advance: 3d
        run: {}
  - name: one
    expect: {sent: 1}
  - expect: {sent: 1}
  - {name: neither}
  - {name: both, steps: [run], expect: {sent: 1}}
  - {name: empty, steps: []}
  - {name: more, steps: [{resolve: snt}, {expect: {customer: ada, failed: refusd}}]}
"""

SAID = """\
1:1: unknown key 'seeed'; did you mean 'seed'?
2:11: currency: must have the form ^[A-Z]{3}$, not 'euro'
3:11: generate: must be 'plugin' or 'fallback', not 'model'
6:18: given.customers[0]: unknown key 'contry'; did you mean 'country'?
7:25: given.customers[1].email: an e-mail address has one @ between a name and a domain
7:60: given.customers[1].created_at: must be a date such as 2026-04-30, or how long ago such as \
45d ago, not '3dd ago'
8:7: given.customers[2]: 'key' is missing
9:7: given.customers[3]: must be a mapping (key: value), not 'dan'
11:56: given.products[0].price: is not a number
12:7: given.products[1]: 'sku' is missing
15:27: given.orders[0].lines[0]: unknown key 'prce'; did you mean 'price'?
15:43: given.orders[0].lines[1].sku: there is no product 'sho' in this test; did you mean 'shoe'?
15:58: given.orders[0].lines[1].quantity: is not 1 or more; give what came back the state `credit`
16:18: given.orders[1].customer: there is no customer 'adda' in this test; did you mean 'ada'?
17:30: given.orders[2].lines: must be a list, not a mapping
19:39: given.events[0].at: must be a date such as 2026-04-30, or how long ago such as 45d ago, \
not 'yesterday'
21:36: given.messages[0]: unknown key 'campain'; did you mean 'campaign'?
22:27: given.messages[1].at: must be a date such as 2026-04-30, or how long ago such as 45d ago, \
not 'soon'
25:9: tests[0].at: must be a moment such as 2026-04-30T09:00:00+02:00, not '2026-03-01T09:00:00'
26:17: tests[0].draw.ada: 'cold' is no variant of the recipe; known: warm, terse, holdout
26:23: tests[0].draw: there is no customer 'bobb' in this test; did you mean 'bob'?
27:20: tests[0].answers.ada: must be 'sent', 'later', 'failed' or 'unknown' or a list, not 'maybe'
27:27: tests[0].answers: there is no customer 'bo' in this test; did you mean 'bob'?
29:9: tests[0].steps: unknown key 'rnu'; did you mean 'run'?
31:14: tests[0].steps[2].run: 'times' and 'every' belong together: {times: 30, every: 1d}
32:15: tests[0].steps[3].run: unknown key 'limt'; did you mean 'limit'?
33:18: tests[0].steps[4].advance: must be a duration such as 30d, 2h or 90min, not '3 days'
35:38: tests[0].steps[5].expect[0].skipped: there is no reason 'no_consnt'; did you mean \
'no_consent'?
36:39: tests[0].steps[5].expect[1].skipped: there is no reason 'cappd'; did you mean 'capped'?
36:61: tests[0].steps[5].expect[1].variants: there is no variant 'warmm'; did you mean 'warm'?
37:13: tests[0].steps[5].expect[2]: expects nothing of the customer; say for example 'skipped: \
no_consent'
38:30: tests[0].steps[5].expect[3].customer[1]: there is no customer 'cyd' in this test; known: \
ada, bob
38:36: tests[0].steps[5].expect[3]: unknown key 'mesage'; did you mean 'message'?
39:39: tests[0].steps[5].expect[4].message: there is no field 'subjet'; did you mean 'subject'?
39:61: tests[0].steps[5].expect[4].message.body: unknown key 'contain'; did you mean 'contains'?
40:13: tests[0].steps[5].expect[5]: 'skipped' and 'failed' cannot both be
41:38: tests[0].steps[5].expect[6].variant: there is no variant 'wram'; did you mean 'warm'?
41:55: tests[0].steps[5].expect[6].products[0]: there is no product 'shoo' in this test; did you \
mean 'shoe'?
42:55: tests[0].steps[5].expect[7].message.body.matches: '[' is no regular expression: \
unterminated character set at position 0
42:70: tests[0].steps[5].expect[7].message.subject: asks nothing; give a text, or one of equals, \
contains, lacks, matches
43:13: tests[0].steps[5].expect[8]: expects nothing; say for example 'sent: 1', or name a customer
44:13: tests[0].steps[5].expect[9]: must be a mapping (key: value), not 3
45:16: tests[0].steps[6].event: 'type' is missing
45:32: tests[0].steps[6].event: unknown key 'tpe'; did you mean 'type'?
46:9: tests[0].steps[7]: a step has exactly one of the keys run, advance, until, expect, customer, \
product, order, event, suppression, answers, approve, retry, resolve, pause, resume, cancel
48:11: tests[1].name: the test in line 24 has the same name
50:5: tests[2]: 'name' is missing
51:5: tests[3]: give 'steps', or 'expect' for what comes of one run
52:5: tests[4]: give 'steps', or 'expect' for what comes of one run
53:26: tests[5].steps: must not be empty
54:36: tests[6].steps[0].resolve: must be 'sent' or 'resend', not 'snt'; did you mean 'sent'?
54:75: tests[6].steps[1].expect.failed: there is no reason 'refusd'; did you mean 'refused'?"""


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    path = tmp_path / "trail.yaml"
    path.write_text(RECIPE)
    return load_campaign(path, registry=Workspace(tmp_path).registry, workspace=tmp_path)


def read(text: str, campaign: Campaign) -> Suite:
    return read_suite(text.encode(), "trail.test.yaml", campaign)


def test_every_mistake_is_said_at_once_with_its_place(campaign: Campaign) -> None:
    with pytest.raises(RecipeError) as caught:
        read(BROKEN, campaign)
    said = [str(one).removeprefix("trail.test.yaml:") for one in caught.value.mistakes]
    assert "\n".join(said) == SAID


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty; a file of tests begins with 'tests:'"),
        ("- run", "a file of tests is a mapping; begin with 'tests:'"),
        ("given: {}", "'tests' is missing"),
        ("tests: []", "must not be empty"),
        ("tests: [1]", "must be a mapping (key: value), not 1"),
        ("tests: [{name: a, steps: [{advance: 3d, advance: 4d}]}]", "the key stands twice"),
        ("tests: [{name: a, expect: [{customer: ada, state: sent}]}]", "no customer 'ada'"),
        (
            "tests: [{name: a, generate: fallback, expect: {sent: 1}}]",
            "the recipe has no 'generate' with a 'fallback'",
        ),
    ],
)
def test_a_file_that_is_no_file_of_tests_is_refused(
    campaign: Campaign, text: str, said: str
) -> None:
    with pytest.raises(RecipeError, match=re.escape(said)):
        read(text, campaign)


def test_what_a_test_leaves_out_is_that_of_the_file(campaign: Campaign) -> None:
    suite = read(
        """\
at: 2026-05-01T09:00:00+02:00
seed: 5
currency: EUR
given: {customers: [{key: ada, country: DE}, {key: bob}]}
tests:
  - {name: as the file says, expect: {sent: 0}}
  - name: as it says itself
    at: 2026-06-01T09:00:00+02:00
    seed: 6
    given: {customers: [{key: ada, country: AT}, {key: 1001}]}
    expect: [{customer: 1001, in_segment: false}]
""",
        campaign,
    )
    first, second = suite.tests
    assert suite.currency == "EUR"
    assert (first.at, first.seed) == (datetime.fromisoformat("2026-05-01T09:00:00+02:00"), 5)
    assert (second.at, second.seed) == (datetime.fromisoformat("2026-06-01T09:00:00+02:00"), 6)
    assert [row.plain() for row in first.given["customers"]] == [
        {"key": "ada", "country": "DE"},
        {"key": "bob"},
    ]
    assert [row.plain() for row in second.given["customers"]] == [
        {"key": "ada", "country": "AT"},
        {"key": "bob"},
        {"key": 1001},
    ]


def test_without_a_word_about_it_a_test_begins_on_a_monday_morning(campaign: Campaign) -> None:
    [test] = read("tests: [{name: a, expect: {sent: 0}}]", campaign).tests
    assert test.at.strftime("%A %H:%M %Z") == "Monday 09:00 UTC"


def test_steps_and_expectations_know_their_lines(campaign: Campaign) -> None:
    [test] = read(
        """\
given: {customers: [{key: ada}]}
tests:
  - name: a
    steps:
      - run
      - advance: 3d
      - expect:
          - {sent: 1}
          - customer: ada
            state: sent
""",
        campaign,
    ).tests
    run, advance, expect = test.steps
    assert (run.line, run.what) == (5, RunStep())
    assert (advance.line, advance.what) == (6, timedelta(days=3))
    assert isinstance(expect.what, list)
    assert [one.line for one in expect.what] == [8, 9]
    assert isinstance(expect.what[1].what, CustomerExpectation)
