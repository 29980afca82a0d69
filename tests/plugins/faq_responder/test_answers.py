"""Questions are answered from articles and records, in the language in which they are asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from ballyhoo.core.store.rows import ArticleRow

from .desk import Desk, open_desk


@pytest.mark.parametrize(
    ("text", "article", "words"),
    [
        ("can i send back boots that are too small", "returns", "within 30 days"),
        ("The boots do not fit, can I return them?", "returns", "within 30 days"),
        ("is paypal possible?", "payment", "by PayPal"),
        ("how many days until my parcel comes", "delivery", "two to four days"),
        ("what's the best way to clean my leather boots", "care", "use wax"),
        ("Ich möchte die Schuhe zurückgeben", "returns", "binnen 30 Tagen"),
        ("Wie lange braucht ein Paket?", "lieferung", "zwei bis vier Tage"),
        ("请问可以用支付宝付款吗?", "zahlung", "支付宝"),
    ],
)
def test_article_answers_in_its_own_words(desk: Desk, text: str, article: str, words: str) -> None:
    reply = desk.ask(text)
    assert reply.articles == (article,)
    assert reply.text is not None
    assert words in reply.text
    assert 0.6 <= reply.confidence <= 1


def test_source_is_named_with_its_address(desk: Desk) -> None:
    recipe = "respond: {plugin: faq_responder, link: 'https://shop.example/help/{id}'}\n"
    reply = desk.ask("How can I pay?", recipe=recipe)
    assert reply.text == (
        "You can pay by card, by PayPal, or by invoice.\n\n"
        "Source: Ways to pay (https://shop.example/help/payment)"
    )
    silent = "respond: {plugin: faq_responder, cite: false}\n"
    assert desk.ask("How can I pay?", recipe=silent).text == (
        "You can pay by card, by PayPal, or by invoice."
    )


@pytest.mark.parametrize(
    "text",
    [
        "Do you repair umbrellas?", "What is the capital of Peru?", "Can I bring my dog?",
        "Who won the game last night?", "可以带狗吗?",
        "Verkaufen Sie Fahrräder?", "今天天气怎么样?",
        "What is the address of the mayor?", "asdf qwer", "", "?!",
    ],
)  # fmt: skip
def test_what_nothing_answers_is_handed_over(desk: Desk, text: str) -> None:
    reply = desk.ask(text)
    assert reply.text is None
    assert reply.handoff is not None
    assert reply.handoff.reason == "low_confidence"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Let me talk to a person", "asked_for_a_person"),
        ("Ich möchte mit einem Menschen sprechen!", "asked_for_a_person"),
        ("我要找人工客服", "asked_for_a_person"),
        ("My lawyer will write to you about the return", "legal"),
        ("Ich schalte meinen Anwalt ein", "legal"),
        ("This is an outrage, you are thieves and liars, I am furious!!!", "angry"),
    ],
)
def test_some_things_are_for_people(desk: Desk, text: str, reason: str) -> None:
    reply = desk.ask(text)
    assert reply.handoff is not None
    assert reply.handoff.reason == reason
    assert reply.handoff.summary


def test_hand_off_has_candidates_and_a_draft(desk: Desk) -> None:
    reply = desk.ask("My lawyer asks: can I send something back?")
    assert reply.handoff is not None
    assert reply.handoff.candidates[0] == "returns"
    assert reply.handoff.draft is not None
    assert "within 30 days" in reply.handoff.draft


def test_third_time_the_same_answer_is_none(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        reply = desk.talk(
            "How do I return shoes?", "But how do I return shoes?", "How do I return my shoes??"
        )
    assert reply.handoff is not None
    assert reply.handoff.reason == "asked_again"


def test_short_question_goes_on_with_the_one_before(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        reply = desk.talk("How long does delivery take?", "and express?")
    assert reply.articles == ("delivery",)


def test_article_is_for_those_whom_it_is_for(desk: Desk) -> None:
    text = "Can I pick up my order in Vienna?"
    assert desk.ask(text, "C-1").articles == ("pickup",)
    for who in ("C-2", None):
        reply = desk.ask(text, who)
        assert "pickup" not in reply.articles
        assert "pick up your order" not in (reply.text or "")


def test_answer_in_another_language_says_so(desk: Desk) -> None:
    reply = desk.ask("Kann ich mit Kreditkarte bezahlen?")
    assert reply.text is not None
    assert reply.text.startswith("Dazu haben wir eine Antwort, aber noch nicht in Ihrer Sprache")
    assert reply.articles in {("payment",), ("zahlung",)}


def test_mail_gets_a_greeting(desk: Desk) -> None:
    text = desk.ask("How can I pay?", "C-1", subject="A question").text
    assert text is not None
    assert text.startswith("Hello Ada,\n\nYou can pay")
    assert (desk.ask("How can I pay?", subject="A question").text or "").startswith("Hello there,")


def test_new_words_of_an_article_are_known_at_once(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        assert desk.ask("Do you wrap presents?").text is None
        desk.add_articles(
            ArticleRow("wrapping", "Gift wrapping", "We wrap presents in brown paper.", "en",
                       ("Do you wrap presents?", "Can you gift-wrap it?"), "wrapping")
        )  # fmt: skip
        assert desk.ask("Do you wrap presents?").articles == ("wrapping",)


def test_knowledge_base_may_be_empty_or_have_one_article(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        gone = int(desk.clock.now().timestamp() * 1000) - 1
        from .desk import ARTICLES

        desk.add_articles(*(one._replace(valid_until=gone) for one in ARTICLES))
        assert desk.ask("How can I pay?").handoff is not None
        desk.add_articles(ARTICLES[2])
        assert desk.ask("How can I pay?").articles == ("payment",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("How much is the Tarn trail shoe?", "Tarn trail shoe costs €119.00. Before, it was "
         "€149.00. It is in stock."),
        ("which colour is the tarn trail shoe", "- colour: moss"),
        ("Ist der Tarn Trailschuh lieferbar?", "Der Artikel ist auf Lager."),
        ("Is the ember gas stove in stock?", "It is sold out at the moment."),
    ],
)  # fmt: skip
def test_catalogue_answers_for_products(desk: Desk, text: str, said: str) -> None:
    reply = desk.ask(text)
    assert reply.text is not None
    assert said in reply.text
    assert reply.products


def test_recommender_is_asked_what_to_buy(desk: Desk) -> None:
    recipe = "recommend: {plugin: shelf}\n"
    reply = desk.ask("What would you suggest for me?", "C-1", recipe=recipe)
    assert reply.text == (
        "We think these could be for you:\n"
        "- Tarn trail shoe, €119.00 https://shop.example/tarn\n"
        "- Ember gas stove, €49.00 https://shop.example/ember"
    )
    stranger = desk.ask("What would you suggest?", recipe=recipe)
    assert (stranger.text or "").startswith("Many customers like these:")
    assert desk.ask("What would you suggest?").text is None


def test_unsubscribing_is_said_only_where_it_is_done(desk: Desk) -> None:
    known = desk.ask("Please unsubscribe me", "C-1")
    assert known.unsubscribes
    assert "unsubscribed" in (known.text or "")
    stranger = desk.ask("Please unsubscribe me")
    assert not stranger.unsubscribes
    assert "link at the bottom" in (stranger.text or "")
    assert not desk.ask("How do I unsubscribe my grandmother from the hiking club?").unsubscribes


def test_thanks_and_greetings_are_answered(desk: Desk) -> None:
    assert desk.ask("Thank you!").intent == "thanks"
    assert desk.ask("你好").text == "您好!请问有什么可以帮您?"
