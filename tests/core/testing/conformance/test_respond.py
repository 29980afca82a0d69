"""The responder kit: a good one passes, and each bad one fails on what is bad."""

from __future__ import annotations

GOOD = """
import itertools, logging, math
from dataclasses import replace
numbers = itertools.count()

class Good:
    @hookimpl
    def respond(self, context, enquiries):
        articles = context.store.articles()
        return [self.change(one, self.answer(one, articles)) for one in enquiries]

    def answer(self, enquiry, articles):
        for article in articles:
            if enquiry.text in article.questions and (
                article.audience is None or article.audience in enquiry.audiences
            ):
                return Reply(text=article.body, confidence=0.9, articles=(article.id,))
        handoff = Handoff(reason="low_confidence", summary="a question without an article")
        return Reply(text=None, confidence=0.1, handoff=handoff)

    def change(self, enquiry, reply):
        return reply
"""
USE = """
class TestIt(RespondConformance):
    @pytest.fixture
    def plugin(self):
        return It()
"""


def change(body: str) -> str:
    return f"class It(Good):\n    def change(self, enquiry, reply):\n        {body}\n"


def respond(body: str) -> str:
    head = "class It(Good):\n    @hookimpl\n    def respond(self, context, enquiries):\n"
    return f"{head}        replies = Good.respond(self, context, enquiries)\n        {body}\n"


def test_good_responder_passes_everything(expect_success):
    expect_success(GOOD + "class It(Good): ...\n" + USE, tests=15)


ECHO = "return Reply(text=f'You ask: {enquiry.text}', confidence=0.5)"
BAD = {
    "drops an enquiry": (
        respond("return replies[1:]"),
        "test_each_enquiry_of_a_batch_gets_a_reply",
        "answered 0 entries for a batch of 1",
    ),
    "answers and hands off": (
        change("return replace(reply, text='Hello', handoff=Handoff(reason='x', summary='y'))"),
        "test_each_enquiry_of_a_batch_gets_a_reply",
        "broke the contract",
    ),
    "neither answers nor hands off": (
        change("return replace(reply, text=None, handoff=None)"),
        "test_each_enquiry_of_a_batch_gets_a_reply",
        "neither text nor hand-off",
    ),
    "answers with nothing": (
        change("return Reply(text=' ', confidence=0.5)"),
        "test_reply_is_a_text_or_a_hand_off",
        "a reply says nothing",
    ),
    "hands off without a reason": (
        change("return Reply(text=None, confidence=0.5, handoff=Handoff(reason='', summary='y'))"),
        "test_reply_is_a_text_or_a_hand_off",
        "does not say its reason",
    ),
    "hands off without a summary": (
        change("return Reply(text=None, confidence=0.5, handoff=Handoff(reason='x', summary=''))"),
        "test_reply_is_a_text_or_a_hand_off",
        "does not say what it is about",
    ),
    "is sure by percent": (
        change("return replace(reply, confidence=90)"),
        "test_confidence_is_between_zero_and_one",
        "the confidence is 90",
    ),
    "is not sure how sure": (
        change("return replace(reply, confidence=math.nan)"),
        "test_confidence_is_between_zero_and_one",
        "the confidence is nan",
    ),
    "makes an article up": (
        change("return replace(reply, articles=('moon-landing',))"),
        "test_named_articles_exist",
        "the knowledge base has no article ['moon-landing']",
    ),
    "names an article twice": (
        change("return replace(reply, articles=('returns', 'returns'))"),
        "test_named_articles_exist",
        "an article is named twice",
    ),
    "tells an article to others": (
        change("return replace(reply, text='X', handoff=None, articles=('sizes',))"),
        "test_article_for_others_is_not_told",
        "the article ['sizes'] is for others than whoever asks",
    ),
    "tells somebody else's order": (
        change("return replace(reply, order='W-1000')"),
        "test_record_is_hers",
        "an order that is none of the enquiry's",
    ),
    "speaks of a product that there is not": (
        change("return replace(reply, products=(999999,))"),
        "test_record_is_hers",
        "a product that there is not",
    ),
    "says what it was told to say": (
        change(ECHO),
        "test_question_is_neither_obeyed_nor_markup",
        "repeats the markup of a question",
    ),
    "obeys in a draft": (
        change(
            "return Reply(text=None, confidence=0.5, handoff=Handoff(reason='x', summary='y', "
            "draft=enquiry.text.replace('<', '')))"
        ),
        "test_question_is_neither_obeyed_nor_markup",
        "does what a question says",
    ),
    "stumbles over an empty question": (
        change("enquiry.text.split()[0]; return reply"),
        "test_odd_question_is_no_reason_to_raise",
        "raised IndexError",
    ),
    "answers anew each time": (
        change("return replace(reply, confidence=1 / (2 + next(numbers)))"),
        "test_same_replies_twice",
        "the same questions get other replies the second time",
    ),
    "answers by place": (
        respond(
            "return [Reply(text=f'Reply {at}', confidence=0.5) for at, _ in enumerate(replies)]"
        ),
        "test_same_replies_twice",
        "when the batch is turned around",
    ),
    "logs questions": (
        change("logging.getLogger('x').info('asked: %s', enquiry.text); return reply"),
        "test_no_address_is_logged",
        "the address of a customer stands in the log",
    ),
    "answers what cannot be handed over": (
        "class Odd(Reply):\n    def __reduce__(self): raise TypeError('not this')\n"
        + change("return Odd(text='Hello', confidence=0.5)"),
        "test_answers_survive_pickling",
        "not this",
    ),
}


def test_each_bad_responder_fails_on_what_is_bad_about_it(expect_failures):
    expect_failures(GOOD, BAD, USE)
