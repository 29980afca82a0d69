from __future__ import annotations

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from .shop import PLUGINS, RECIPE, WRITTEN, open_shop, read_post

Run = Callable[..., Any]
NAMES = ("ada", "bo", "cy", "di", "ed", "fay")
LANGUAGES = {"ada": "de", "bo": "ar", "fay": "zh-Hans"}
MAIL = """\
campaign: spring
segment: {where: country = 'DE'}
recommend: {plugin: post}
deliver:
  plugin: email_channel
  from: Fernpfad <news@shop.example>
  fields:
    subject: "Hello {first_name|you}"
    preheader: Dry trails
    body: "{product.name} for {price|little}"
"""
RECOMMENDER = """
from ballyhoo import Reason, Recommendation


@hookimpl
def recommend(context, options: ScribeOptions, customers):
    why = Reason(kind="popular", category="Shoes")
    return [[Recommendation(product_id=1, score=1.0, reason=why)] for _ in customers]
"""
PRODUCTS = """\
sku,title,price,currency,url
shoe,{title},89.90,EUR,https://shop.example/shoe
"""
HOSTILE = "</iframe><script>alert(1)</script>"


class Page(HTMLParser):
    """What stands in a page: tags with their attributes, text, and what the frames show."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said = ""
        self.feed(html)
        self.frames = [given["srcdoc"] or "" for given in self.all("iframe")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [given for name, given in self.tags if name == tag]


@pytest.fixture(autouse=True)
def shop(run: Run) -> None:
    open_shop(run, NAMES, di={"consent_email": "no"}, ed={"email": ""})
    rows = ["id,language", *(f"{name},{LANGUAGES.get(name, 'en')}" for name in NAMES)]
    Path("languages.csv").write_text("\n".join(rows) + "\n")
    assert run("import", "customers", "languages.csv").code == 0
    Path("plugins/post.py").write_text(PLUGINS + RECOMMENDER)
    Path("products.csv").write_text(PRODUCTS.format(title="Trail shoe"))
    assert run("import", "products", "products.csv").code == 0
    Path("mail.yaml").write_text(MAIL)


def look(run: Run, *arguments: str) -> tuple[dict[str, Any], Page]:
    answer = run("preview", *arguments, "--json")
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    return told, Page(Path(told["page"]).read_text(encoding="utf-8"))


def test_the_page_shows_messages_in_frames_and_nothing_that_runs(run: Run) -> None:
    told, page = look(run, "mail.yaml")
    assert Path(told["page"]) == Path("preview/preview.html").resolve()
    assert told["messages"] == 4
    assert told["warnings"] == []
    assert len(page.frames) == 2 * 4
    assert all(given["sandbox"] == "" for given in page.all("iframe"))
    assert "Hello Ada" in page.said
    assert "Trail shoe, is popular in Shoes" in page.said
    policies = [one["content"] for one in page.all("meta") if "http-equiv" in one]
    assert [(one or "").partition(";")[0] for one in policies] == ["default-src 'none'"]
    assert page.all("script") == []
    assert [name for _, given in page.tags for name in given if name.startswith("on")] == []
    outside = [given for tag, given in page.tags if tag in ("link", "img") or "src" in given]
    assert outside == []


def test_each_language_is_shown_and_who_gets_none_is_not(run: Run) -> None:
    _, page = look(run, "mail.yaml")
    for said in ("de", "ar", "zh-Hans", "en", "ada@customers.example", "89,90"):
        assert said in page.said, said
    assert "di@customers.example" not in page.said
    assert [frame for frame in page.frames if 'dir="rtl"' in frame]


def test_nothing_is_sent_or_stored_and_links_lead_nowhere(run: Run) -> None:
    def count() -> list[int]:
        engine = create_engine("sqlite:///ballyhoo.db")
        with engine.connect() as connection:
            counts = [
                connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
                for table in ("runs", "messages", "events")
            ]
        engine.dispose()
        return counts

    before = count()
    _, page = look(run, "mail.yaml")
    assert count() == before
    assert read_post() == []
    assert not Path("outbox").exists()
    assert all("https://preview.invalid/unsubscribe/" in frame for frame in page.frames)


def test_copy_is_written_for_the_messages_shown_and_for_nobody_else(run: Run) -> None:
    many = ["id,email,first_name,country,consent_email,consent_at"]
    many += [f"x{one},x{one}@customers.example,X,DE,yes,2026-01-15" for one in range(200)]
    Path("many.csv").write_text("\n".join(many) + "\n")
    assert run("import", "customers", "many.csv").code == 0
    counting = PLUGINS.replace(
        "    return [\n        Copy",
        '    with (context.folder / "briefs.txt").open("a") as file:\n'
        '        file.write("brief\\n" * len(briefs))\n'
        "    return [\n        Copy",
    )
    assert counting != PLUGINS
    Path("plugins/post.py").write_text(counting)
    Path("r.yaml").write_text(
        WRITTEN + "experiment: {variants: {warm: {}, plain: {}}, holdout: 10%}\n"
    )
    told, page = look(run, "r.yaml")
    assert told["messages"] == 12
    # Equal briefs are written for once: there are three languages at most in two variants.
    assert 2 <= len(Path("briefs.txt").read_text().splitlines()) <= 6
    assert "2 variants" in page.said
    assert "Written by post with toy" in " ".join(page.said.split())
    assert "copy_guard has no objection" in " ".join(page.said.split())


def test_a_slot_is_told_with_its_value_and_a_default_as_one(run: Run) -> None:
    Path("mail.yaml").write_text(MAIL.replace("{first_name|you}", "{last_name|you}"))
    _, page = look(run, "mail.yaml", "--customer", "ada")
    said = "".join(page.said.split())
    assert "{last_name}youdefault" in said
    assert "{product.name}Trailshoe" in said


def test_one_customer_is_named_by_the_shops_own_id(run: Run) -> None:
    told, page = look(run, "mail.yaml", "--customer", "cy", "--out", "elsewhere")
    assert Path(told["page"]).resolve() == Path("elsewhere/preview.html").resolve()
    assert told["messages"] == 1
    assert "cy@customers.example" in page.said
    assert not Path("preview").exists()


def test_somebody_who_gets_none_is_shown_with_the_reason(run: Run) -> None:
    told, page = look(run, "mail.yaml", "--customer", "di")
    assert [one["warning"] for one in told["warnings"]] == [
        "a run would not send this: no_consent: no consent to this channel"
    ]
    assert len(page.frames) == 2
    Path("mail.yaml").write_text(MAIL.replace("'DE'", "'AT'"))
    told, _ = look(run, "mail.yaml", "--customer", "ada")
    assert told["warnings"][0]["warning"] == "a run would not send this: she is not in the segment"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--customer", "nobody"], "there is no such customer"),
        (["--customer", "ed"], "this customer has no address"),
    ],
)
def test_a_customer_who_cannot_be_shown_is_said(run: Run, arguments: list[str], said: str) -> None:
    answer = run("preview", "mail.yaml", *arguments)
    assert answer.code == 2
    assert said in answer.err
    assert not Path("preview").exists()


def test_a_message_that_cannot_be_made_is_shown_as_none(run: Run) -> None:
    Path("mail.yaml").write_text(MAIL.replace("{price|little}", "{product.list_price}"))
    told, page = look(run, "mail.yaml", "--customer", "ada")
    assert told["warnings"][0]["warning"].startswith("she would get none: unfilled_slot: ")
    assert page.frames == []


def test_a_channel_of_any_kind_is_shown_as_text(run: Run) -> None:
    Path("r.yaml").write_text(RECIPE)
    told, page = look(run, "r.yaml")
    assert told["messages"] == 4
    assert [frame for frame in page.frames if ">Hello Ada</pre>" in frame]


def test_nobody_is_a_page_too(run: Run) -> None:
    Path("mail.yaml").write_text(MAIL.replace("'DE'", "'AT'"))
    answer = run("preview", "mail.yaml")
    assert answer.code == 0
    assert "preview.html: nobody would get a message" in answer.out
    assert "Nobody would get a message now" in Path("preview/preview.html").read_text()


def test_what_data_says_is_text_on_the_page(run: Run) -> None:
    _, plain = look(run, "mail.yaml", "--customer", "ada")
    Path("products.csv").write_text(PRODUCTS.format(title=HOSTILE))
    assert run("import", "products", "products.csv").code == 0
    Path("names.csv").write_text(f"id,first_name\nada,{HOSTILE}\n")
    assert run("import", "customers", "names.csv").code == 0
    recipe = MAIL.replace("Dry trails", HOSTILE).replace("Fernpfad <", f'\'"{HOSTILE}" <')
    Path("mail.yaml").write_text(recipe.replace("news@shop.example>", "news@shop.example>'"))
    _, page = look(run, "mail.yaml", "--customer", "ada")
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in plain.tags]
    assert HOSTILE in page.said
    for frame in page.frames:
        inside = Page(frame)
        assert inside.all("script") == []
        assert HOSTILE in inside.said


def test_warnings_are_told_for_a_person_too(run: Run) -> None:
    Path("mail.yaml").write_text(MAIL.replace("    preheader: Dry trails\n", ""))
    answer = run("preview", "mail.yaml")
    assert answer.code == 0
    assert answer.out.splitlines()[1:] == [
        "  there is no preheader; an inbox shows the first words of the message instead "
        "(every message)"
    ]


def test_a_wrong_recipe_is_said_and_a_folder_without_workspace(
    run: Run, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("mail.yaml").write_text(MAIL.replace("country", "contry"))
    answer = run("preview", "mail.yaml")
    assert answer.code == 2
    assert "mail.yaml:2:" in answer.err
    bare = tmp_path_factory.mktemp("bare")
    (bare / "bare.yaml").write_text(
        "campaign: bare\nsegment: {where: country = 'DE'}\n"
        "deliver: {plugin: outbox, fields: {subject: Hello, body: Come and look.}}\n"
    )
    monkeypatch.chdir(bare)
    assert run("preview", "bare.yaml").code == 3
