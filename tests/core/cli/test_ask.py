"""`ask`, `faq` and `evaluate --labelled` as a person types them, with a small responder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ballyhoo.core.answering.answerer import Answerer
from ballyhoo.core.answering.asked import Asked
from ballyhoo.core.answering.recipe import load_answers
from ballyhoo.core.engine.engine import open_engine
from ballyhoo.core.workspace import Workspace

from .conftest import Run

PLUGIN = """\
from ballyhoo import Handoff, Reply, hookimpl


@hookimpl
def respond(context, enquiries):
    return [answer(context, one) for one in enquiries]


def answer(context, enquiry):
    who = "{first_name|you}"
    if "stop" in enquiry.text:
        return Reply(text="Gone.", confidence=1.0, unsubscribes=True)
    for article in context.store.articles():
        if enquiry.text in article.questions:
            return Reply(
                text=f"{who}: {article.body}", confidence=0.9, articles=(article.id,),
                intent=article.intent, language=article.language,
            )
    handoff = Handoff(
        reason="low_confidence", summary="Nothing is known.", draft=f"Dear {who},",
        candidates=tuple(one.id for one in context.store.articles()),
    )
    return Reply(text=None, confidence=0.2, handoff=handoff)
"""


@pytest.fixture
def shop(run: Run) -> Run:
    run("init", ".")
    Path("plugins").mkdir(exist_ok=True)
    Path("plugins/clerk.py").write_text(PLUGIN)
    Path("ballyhoo.toml").write_text('[plugins]\nfiles = ["plugins/clerk.py"]\n')
    Path("campaigns/answers.yaml").write_text("respond: {plugin: clerk}\n")
    Path("customers.csv").write_text("id,email,first_name\nada,ada@customers.example,Ada\n")
    Path("articles.jsonl").write_text(
        '{"id": "time", "title": "Delivery", "body": "Two days.", "intent": "delivery_time",'
        ' "questions": ["How long?"]}\n'
    )
    assert run("import", "customers", "customers.csv").code == 0
    assert run("import", "articles", "articles.jsonl").code == 0
    return run


def test_question_is_answered_with_its_source(shop: Run) -> None:
    answer = shop("ask", "How long?", "--customer", "ada")
    assert answer.code == 0
    assert answer.out == "Ada: Two days.\n\n"
    assert "articles time" in answer.err
    told = json.loads(shop("ask", "How long?", "--json").out)
    assert told["reply"] == "you: Two days."
    assert (told["articles"], told["intent"], told["handoff"]) == (["time"], "delivery_time", None)
    assert told["confidence"] == 0.9


def test_hand_off_says_why_and_what_one_could_say(shop: Run) -> None:
    answer = shop("ask", "Do you sell boats?")
    assert answer.code == 0
    assert answer.out.startswith("A person has to answer: low confidence.\nNothing is known.")
    assert "Dear you," in answer.out
    told = json.loads(shop("ask", "Do you sell boats?", "--json").out)
    assert told["reply"] is None
    assert told["handoff"]["reason"] == "low_confidence"
    assert told["handoff"]["candidates"] == ["time"]


def test_trying_out_unsubscribes_nobody(shop: Run) -> None:
    assert "would be unsubscribed" in shop("ask", "stop", "--customer", "ada").out
    shown = json.loads(shop("customer", "show", "ada", "--json").out)
    assert shown["suppressions"] == []
    assert shown["counts"]["enquiries"] == 0


def test_unknown_customer_and_a_recipe_without_answers_are_said(shop: Run) -> None:
    assert shop("ask", "How long?", "--customer", "eve").code == 2
    Path("other.yaml").write_text("generate: {plugin: written_copy, fields: {body: {}}}\n")
    answer = shop("ask", "How long?", "--recipe", "other.yaml")
    assert answer.code == 2
    assert "Traceback" not in answer.err


def test_labelled_questions_judge_the_responder(shop: Run) -> None:
    Path("asked.csv").write_text("text,intent\nHow long?,delivery_time\nBoats?,none\nWhen?,x\n")
    told = json.loads(
        shop("evaluate", "campaigns/answers.yaml", "--labelled", "asked.csv", "--json").out
    )
    assert (told["answered"], told["right"], told["handed_off"]) == (1, 1, 2)
    assert told["out_of_scope_recall"] == 1.0
    shown = shop("evaluate", "campaigns/answers.yaml", "--labelled", "asked.csv").out
    assert "1 answered (33%): 1 right, 0 wrong" in shown


def test_review_lists_what_waits_and_close_takes_it_off(shop: Run) -> None:
    assert "Nothing to improve." in shop("faq", "review").out
    workspace = Workspace(Path.cwd())
    with open_engine(workspace, works=False) as engine:
        answerer = Answerer(engine, load_answers(workspace))
        asked = Asked(text="Is it fast?", key="1", source="tests", at=engine.clock.now())
        (answered,) = answerer.answer([asked])
    number = str(answered.enquiry_id)
    shown = shop("faq", "review").out
    assert f"{number}  " in shown
    assert "Is it fast?" in shown
    assert shop("faq", "close", number, "--intent", "delivery_time").out == "1 enquiry closed\n"
    told = json.loads(shop("faq", "review", "--json", "--out", "new.yaml").out)
    assert told["open_handoffs"] == []
    assert [one["question"] for one in told["suggested"]] == ["Is it fast?"]
    assert "1 updated" in shop("import", "articles", "new.yaml").out
    assert json.loads(shop("ask", "Is it fast?", "--json").out)["articles"] == ["time"]
    wrong = shop("faq", "close", "99")
    assert wrong.code == 2
    assert "no person has to answer 99" in wrong.err
