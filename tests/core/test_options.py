from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from ballyhoo import (
    DataFile,
    EnvironmentMissing,
    Options,
    PluginError,
    Secret,
    SecretReference,
    TemplateFile,
)
from ballyhoo.core.options import find_options_model


class MailOptions(Options):
    token: Secret | None = None
    template: TemplateFile | None = None
    file: DataFile | None = None


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "templates/mail").mkdir(parents=True)
    (folder / "templates/spring.html.j2").write_text("<p>Grüße</p>", encoding="utf-8")
    (folder / "templates/mail/welcome.txt").write_text("Welcome")
    (folder / "templates/.hidden").write_text("")
    (folder / "data").mkdir()
    (folder / "data/vips.csv").write_text("id\n")
    (folder / "list.csv").write_text("id\n")
    (tmp_path / "outside.csv").write_text("id\n")
    return folder


def read(workspace: Path, **options: Any) -> MailOptions:
    return MailOptions.model_validate(options, context={"workspace": workspace})


def refuse(workspace: Path, **options: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        read(workspace, **options)
    (error,) = caught.value.errors()
    return error["msg"]


def test_options_do_not_change_and_take_no_other_keys(workspace: Path) -> None:
    options = read(workspace)
    with pytest.raises(ValidationError, match="frozen"):
        options.token = None
    with pytest.raises(ValidationError, match="Extra inputs"):
        read(workspace, tokn=None)


def test_a_secret_is_the_name_of_a_variable(workspace: Path, monkeypatch) -> None:
    options = read(workspace, token={"env": "SMS_TOKEN_2"})
    assert options.token == SecretReference("SMS_TOKEN_2")
    monkeypatch.setenv("SMS_TOKEN_2", "hush")
    assert options.token.read() == "hush"
    assert "hush" not in repr(options)


@pytest.mark.parametrize("value", [None, ""])
def test_a_secret_that_is_not_set_is_missing(value: str | None, monkeypatch) -> None:
    monkeypatch.delenv("NO_SUCH_TOKEN", raising=False)
    if value is not None:
        monkeypatch.setenv("NO_SUCH_TOKEN", value)
    with pytest.raises(EnvironmentMissing) as caught:
        SecretReference("NO_SUCH_TOKEN").read()
    assert caught.value.message == "the environment variable NO_SUCH_TOKEN is not set"
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("value", ["sk-4f1b", 7, ["x"], {}, {"enw": "X"}, {"env": "X", "or": "Y"}])
def test_a_secret_in_plain_is_refused_and_not_shown(workspace: Path, value: Any) -> None:
    assert refuse(workspace, token=value) == (
        "a secret must not stand here; write {env: NAME} and set NAME where it runs"
    )


@pytest.mark.parametrize("name", ["sk-4f1b", "$TOKEN", "", "2TOKEN", "TOKEN\n", 7])
def test_a_variable_has_a_variables_name(workspace: Path, name: Any) -> None:
    assert refuse(workspace, token={"env": name}) == (
        "in {env: NAME}, NAME has letters, digits and '_' only, as in {env: SMTP_KEY}"
    )


def test_a_template_is_kept_with_its_text(workspace: Path) -> None:
    template = read(workspace, template="spring.html.j2").template
    assert (template.name, template.text) == ("spring.html.j2", "<p>Grüße</p>")
    assert read(workspace, template="mail/welcome.txt").template.text == "Welcome"


def test_a_data_file_is_found_anywhere_in_the_workspace(workspace: Path) -> None:
    assert read(workspace, file="data/vips.csv").file == workspace / "data/vips.csv"
    assert read(workspace, file="data/../list.csv").file == workspace / "list.csv"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"template": "sprnig.html.j2"},
            "the template 'sprnig.html.j2' is not in templates/; did you mean 'spring.html.j2'?",
        ),
        (
            {"template": "mail/welcom.txt"},
            "the template 'mail/welcom.txt' is not in templates/; "
            "did you mean 'mail/welcome.txt'?",
        ),
        (
            {"template": "x"},
            "the template 'x' is not in templates/; known: spring.html.j2",
        ),
        (
            {"template": "mail"},
            "the template 'mail' is not in templates/; known: spring.html.j2",
        ),
        (
            {"template": "../list.csv"},
            "'../list.csv' lies outside of templates/; move the template into it",
        ),
        ({"template": ""}, "must be the name of a template in templates/"),
        ({"template": 5}, "must be the name of a template in templates/"),
        ({"template": "a\0b"}, "'a<U+0000>b' cannot be the name of a template"),
        (
            {"template": "x" * 300},
            f"'{'x' * 57}...' cannot be the name of a template",
        ),
        (
            {"file": "data/vip.csv"},
            "the file 'data/vip.csv' is not in the workspace; did you mean 'data/vips.csv'?",
        ),
        (
            {"file": "no/such.csv"},
            "the file 'no/such.csv' is not in the workspace; known: list.csv",
        ),
        (
            {"file": "../outside.csv"},
            "'../outside.csv' lies outside of the workspace; move the file into it",
        ),
        (
            {"file": "/etc/hosts"},
            "'/etc/hosts' lies outside of the workspace; move the file into it",
        ),
    ],
)  # fmt: skip
def test_a_file_that_is_not_there_is_told(
    workspace: Path, options: dict[str, Any], said: str
) -> None:
    assert refuse(workspace, **options) == said


def test_a_link_that_leads_out_of_the_workspace_is_not_followed(workspace: Path) -> None:
    (workspace / "link.csv").symlink_to(workspace.parent / "outside.csv")
    assert "lies outside of the workspace" in refuse(workspace, file="link.csv")


def test_links_in_a_circle_are_no_file(workspace: Path) -> None:
    (workspace / "a.csv").symlink_to("b.csv")
    (workspace / "b.csv").symlink_to("a.csv")
    assert refuse(workspace, file="a.csv").startswith("'a.csv' cannot be the name of a file")


def test_a_template_that_is_no_text_is_told(workspace: Path) -> None:
    (workspace / "templates/logo.png").write_bytes(b"\x89PNG\xff")
    assert refuse(workspace, template="logo.png") == (
        "the template 'logo.png' cannot be read; save it as UTF-8 text"
    )


def test_without_a_templates_folder_nothing_is_suggested(tmp_path: Path) -> None:
    assert refuse(tmp_path, template="x") == "the template 'x' is not in templates/"


def test_without_a_workspace_the_current_folder_serves(workspace: Path, monkeypatch) -> None:
    monkeypatch.chdir(workspace)
    assert (
        MailOptions.model_validate({"file": "list.csv"}).file
        == Path(os.fspath(workspace)) / "list.csv"
    )


def test_the_schema_of_each_type_says_how_it_is_written() -> None:
    properties = MailOptions.model_json_schema()["properties"]
    assert properties["token"]["anyOf"][0]["required"] == ["env"]
    assert properties["template"]["anyOf"][0]["type"] == "string"
    assert properties["file"]["anyOf"][0]["type"] == "string"


def test_the_model_of_a_hook_is_the_annotation_of_its_options() -> None:
    def recommend(context: Nowhere, options: MailOptions) -> None:  # type: ignore[name-defined]  # noqa: F821
        raise AssertionError

    assert find_options_model("mail", "recommend", recommend) is MailOptions


def test_a_hook_without_options_has_no_model() -> None:
    def recommend(context: object) -> None:
        raise AssertionError

    assert find_options_model("mail", "recommend", recommend) is None


def test_options_without_an_annotation_are_refused() -> None:
    def recommend(options) -> None:
        raise AssertionError

    with pytest.raises(PluginError, match="takes options without saying which"):
        find_options_model("mail", "recommend", recommend)
