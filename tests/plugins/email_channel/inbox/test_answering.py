"""`ballyhoo inbox` answers mail from the knowledge base, threaded, each mail once."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from ballyhoo.core.web.app import make_app
from ballyhoo.core.workspace import find_workspace

from .shop import Shop, mail, read_text


def test_a_question_is_answered_in_its_thread(shop: Shop) -> None:
    raw = mail(head="References: <0@new.example>\nIn-Reply-To: <0@new.example>\n")
    said = shop.answer(raw)
    assert said == {
        "read": 1, "new": 1, "known": 0, "answered": 1, "handed_off": 0, "unsubscribed": 0,
        "skipped": {}, "suppressed": 0, "states": {"sent": 1},
    }  # fmt: skip
    [reply] = shop.sent()
    assert reply["To"] == "zoe@new.example"
    assert reply["Subject"] == "Re: A question"
    assert reply["In-Reply-To"] == "<1@new.example>"
    assert reply["References"] == "<0@new.example> <1@new.example>"
    assert reply["Auto-Submitted"] == "auto-replied"
    assert "List-Unsubscribe" not in reply
    assert "Precedence" not in reply
    for kind in ("plain", "html"):
        assert "30 days to send it back" in read_text(reply, kind)
        assert "Source: Returns" in read_text(reply, kind)
        assert "nsubscribe" not in read_text(reply, kind)


def test_a_mail_is_answered_once_however_often_it_is_read(shop: Shop) -> None:
    raw = mail()
    shop.answer(raw)
    assert [path.name.rpartition(":")[2] for path in (shop.box / "cur").iterdir()] == ["2,S"]
    assert shop.answer()["read"] == 0
    again = shop.answer(raw, mail(subject="Re: other", message_id="<1@new.example>"))
    assert (again["new"], again["known"], again["answered"]) == (0, 2, 0)
    assert len(shop.sent()) == 1
    assert len(shop.ask("SELECT id FROM enquiries")) == 1


def test_a_mail_without_an_id_is_known_by_what_is_in_it(shop: Shop) -> None:
    raw = mail(message_id=None)
    assert shop.answer(raw)["answered"] == 1
    assert shop.answer(raw)["known"] == 1
    [reply] = shop.sent()
    assert "In-Reply-To" not in reply


def test_a_person_gets_what_the_desk_does_not_know(shop: Shop) -> None:
    said = shop.answer(mail("Can I <b>paint</b> it?\n> no", message_id="<7@new.example>"))
    assert (said["answered"], said["handed_off"]) == (0, 1)
    [handoff] = shop.sent()  # she gets nothing: the recipe has no acknowledgement
    assert handoff["To"] == "support@desk.example"
    assert handoff["Reply-To"] == "zoe@new.example"
    assert handoff["Subject"] == "[low confidence] A question"
    assert handoff["References"] == "<7@new.example>"
    text = read_text(handoff)
    for part in (
        "Somebody asks something.", "> Can I <b>paint</b> it?", "Dear customer, ...",
        "Returns\nYou have 30 days to send it back.", "not proved",
    ):  # fmt: skip
        assert part in text
    assert "<b>paint" not in read_text(handoff, "html")
    assert shop.ask("SELECT step, state, reason FROM messages ORDER BY id") == [
        ("reply", "skipped", "handoff"), ("handoff", "sent", None),
    ]  # fmt: skip
    status = shop.run("status", "1", "--json").json
    assert (status["state"], status["adds_up"], status["audience"]) == ("running", True, 2)


def test_she_is_told_that_a_person_answers_when_the_recipe_says_so(shop: Shop) -> None:
    shop.write_answers(respond="acknowledge: {en: A person will answer., de: Bald.}")
    shop.answer(mail("Can I paint it?"))
    assert [one["To"] for one in shop.sent()] == ["zoe@new.example", "support@desk.example"]
    assert "A person will answer." in read_text(shop.sent()[0])


def test_without_an_address_hand_offs_stay_in_the_list_of_open_ones(shop: Shop) -> None:
    shop.write_answers(handoff=None)
    assert shop.answer(mail("Can I paint it?"))["handed_off"] == 1
    assert shop.sent() == []
    [(reason, closed)] = shop.ask("SELECT handoff, closed_at FROM replies")
    assert (reason, closed) == ("low_confidence", None)


def test_a_mail_that_the_desk_fails_on_is_handed_over_and_holds_up_no_other(shop: Shop) -> None:
    said = shop.answer(mail("boom", message_id="<1@x.example>"), mail(message_id="<2@x.example>"))
    assert (said["answered"], said["handed_off"]) == (1, 1)
    assert shop.answer()["read"] == 0
    assert sorted(one["To"] for one in shop.sent()) == ["support@desk.example", "zoe@new.example"]


def test_a_conversation_goes_on_by_what_we_wrote(shop: Shop) -> None:
    shop.answer(mail())
    ours = shop.sent()[0]["Message-ID"]
    # Some clients name the last mail alone.
    shop.answer(
        mail("And the return?", message_id="<2@new.example>", head=f"In-Reply-To: {ours}\n")
    )
    [first, second] = shop.ask("SELECT conversation FROM enquiries ORDER BY id")
    assert first == second
    # Whoever learnt of that id from elsewhere is in a conversation of his own.
    stranger = mail(sender="eve@evil.example", message_id="<3@evil.example>",
                    head=f"References: <1@new.example> {ours}\n")  # fmt: skip
    shop.answer(stranger)
    assert shop.ask("SELECT conversation FROM enquiries ORDER BY id")[2] != first
    turns = [line.split()[1] for line in (shop.folder / "asked.log").read_text().splitlines()]
    assert turns == ["0", "1", "0"]


def test_whoever_asks_for_no_more_messages_gets_none_but_is_told_so(shop: Shop) -> None:
    said = shop.answer(mail("Please unsubscribe me.", sender="Ann <ann@mail.example>"))
    assert (said["answered"], said["unsubscribed"]) == (1, 1)
    [told] = shop.sent()
    assert "no more messages" in read_text(told)
    assert shop.ask("SELECT reason FROM suppressions") == ["unsubscribe"]
    campaign = (
        "campaign: all\nsegment: {where: consent_email}\n"
        "deliver: {from: n@shop.example, fields: {subject: Hello, body: Look.}}\n"
    )
    (shop.folder / "campaigns/all.yaml").write_text(campaign)
    receipt = shop.run("run", "campaigns/all.yaml", "--yes", "--json").json
    assert receipt["audience"] == receipt["states"]["sent"] + sum(receipt["skipped"].values())
    assert {one["To"] for one in shop.sent()[1:]} == {"ben@mail.example"}


def test_a_no_from_another_address_takes_that_of_the_message_off_too(shop: Shop) -> None:
    campaign = (
        "campaign: all\nsegment: {where: consent_email}\n"
        "deliver: {from: n@shop.example, fields: {subject: Hello, body: Look.}}\n"
    )
    (shop.folder / "campaigns/all.yaml").write_text(campaign)
    with (shop.folder / "ballyhoo.toml").open() as file:
        known = file.read()
    (shop.folder / "ballyhoo.toml").write_text('base_url = "https://news.shop.example"\n' + known)
    assert shop.run("run", "campaigns/all.yaml", "--yes").code == 0
    [hers] = [one for one in shop.sent() if one["To"] == "ann@mail.example"]
    quoted = "\n".join(f"> {line}" for line in read_text(hers).splitlines())
    raw = mail(f"unsubscribe please\n\n{quoted}", sender="annie@home.example",
               head=f"In-Reply-To: {hers['Message-ID']}\n")  # fmt: skip
    assert shop.answer(raw)["unsubscribed"] == 1
    [channel] = shop.ask(
        "SELECT s.is_given FROM standings s JOIN addresses a ON a.id = s.address_id "
        "WHERE a.address = 'ann@mail.example' AND s.channel = 'email'"
    )
    assert not channel
    assert shop.ask("SELECT count(*) FROM suppressions WHERE reason = 'unsubscribe'") == [1]


def test_a_complaint_stops_answers_and_a_person_gets_the_mail(shop: Shop) -> None:
    shop.load("suppressions", "channel,address,reason\nemail,zoe@new.example,complaint\n")
    said = shop.answer(mail())
    assert (said["answered"], said["handed_off"]) == (0, 1)
    [handoff] = shop.sent()
    assert handoff["To"] == "support@desk.example"
    assert "30 days" in read_text(handoff)
    assert shop.ask("SELECT state, reason FROM messages WHERE step = 'reply'") == [
        ("skipped", "suppressed")
    ]


def test_a_changed_recipe_answers_what_comes_next(shop: Shop) -> None:
    shop.answer(mail(message_id="<1@x.example>"))
    shop.write_answers(sender="Other <other@shop.example>")
    shop.answer(mail(message_id="<2@x.example>"), mail(message_id="<1@x.example>"))
    assert [one["From"] for one in shop.sent()] == [
        "Fernpfad <help@shop.example>", "Other <other@shop.example>",
    ]  # fmt: skip
    assert shop.ask("SELECT state, audience FROM runs ORDER BY id") == [
        ("finished", 1), ("running", 1),
    ]  # fmt: skip


def test_an_inbox_that_is_paused_leaves_the_mail_where_it_is(shop: Shop) -> None:
    shop.answer(mail(message_id="<1@x.example>"))
    assert shop.run("pause", "1").code == 0
    [path] = shop.put(mail(message_id="<2@x.example>"))
    answer = shop.inbox()
    assert answer.code == 2
    assert "is paused" in answer.err
    assert "resume 1" in answer.err
    assert path.exists()
    assert shop.run("resume", "1").code == 0
    assert shop.answer()["answered"] == 1


def test_replies_count_under_no_cap_of_a_campaign(shop: Shop) -> None:
    shop.answer(mail(sender="ann@mail.example"))
    campaign = (
        "campaign: all\nsegment: {where: consent_email}\npolicy: {cap: {messages: 1, per: 7d}}\n"
        "deliver: {from: n@shop.example, fields: {subject: Hello, body: Look.}}\n"
    )
    (shop.folder / "campaigns/all.yaml").write_text(campaign)
    assert shop.run("run", "campaigns/all.yaml", "--yes", "--json").json["skipped"] == {}


def test_a_recipe_without_a_sender_is_refused(shop: Shop) -> None:
    (shop.folder / "campaigns/answers.yaml").write_text("respond: {plugin: desk}\n")
    answer = shop.inbox()
    assert answer.code == 2
    assert "deliver" in answer.err


def test_the_commands_of_runs_know_that_of_an_inbox(shop: Shop) -> None:
    shop.answer(mail(sender="ann@mail.example", proved="mail.example"))
    told = shop.run("explain", "1", "ann")
    assert told.code == 0, told.err
    assert "a mail of hers was taken" in told.out
    assert "no mail came" in shop.run("explain", "1", "ben").out
    assert "'ballyhoo inbox' reads it" in shop.run("status", "1").out
    for words in (("report", "1"), ("resume", "1"), ("retry", "1"), ("prune",), ("cancel", "1")):
        assert shop.run(*words).code == 0, words
    assert shop.answer(mail(message_id="<2@new.example>"))["answered"] == 1


def test_a_reply_asks_whether_it_helped_and_her_click_is_kept(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALLYHOO_BASE_URL", "https://mail.shop.example")
    monkeypatch.setenv("BALLYHOO_SECRET_KEY", "a signing key")
    shop.answer(mail(), mail("Can I paint it?", message_id="<2@new.example>"))
    reply, handoff = shop.sent()
    page = read_text(reply, "html")
    assert "Did this help?" in page
    assert "Did this help?" in read_text(reply)
    assert "Did this help?" not in read_text(handoff, "html")
    yes, no = re.findall(r'href="https://mail\.shop\.example(/s/[^"]+)"[^>]*>(?:Yes|No)<', page)
    with TestClient(make_app(find_workspace(shop.folder))) as client:
        for link, answer, helped in ((no, "1", 0), (yes, "2", 1)):
            form = re.search(r'name="form" value="([^"]+)"', client.get(link).text)
            assert form is not None
            data = {"form": unescape(form[1]), "answer": answer}
            assert client.post(link, data=data).status_code == 200
            asked = "SELECT is_helpful FROM replies WHERE handoff IS NULL"
            assert shop.ask(asked) == [helped]


def test_nobody_is_asked_whether_it_helped_to_be_left_alone(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALLYHOO_BASE_URL", "https://mail.shop.example")
    monkeypatch.setenv("BALLYHOO_SECRET_KEY", "a signing key")
    shop.answer(mail("Please unsubscribe me"))
    [reply] = shop.sent()
    assert "Did this help?" not in read_text(reply, "html")
