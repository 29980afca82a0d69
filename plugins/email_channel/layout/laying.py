"""Lays messages out: HTML and text by the built-in layout, or by templates of the workspace."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from html import escape
from importlib import resources
from typing import Any

from ballyhoo import (
    Brand,
    Context,
    DataError,
    Message,
    PreparedTemplate,
    Template,
    prepare_template,
)

from ..options import EmailOptions
from .colours import choose_colours
from .facts import collect_template_facts, describe_brand, take_web_address
from .inlining import fill_variables, inline_styles
from .inspecting import inspect_links, inspect_source
from .measured import measure_page
from .mjml import compile_mjml, is_mjml
from .plain_text import make_plain_text

MOST_HTML_BYTES = 102_000
"""Gmail shows no more of a message, and hides the unsubscribe link with the rest."""

LAYOUT_NAME = "layout"
"""What a template extends to change parts of the built-in layout only."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A message that was laid out.

    Attributes:
        html: The HTML part.
        text: The text part.
        warnings: What a person should know before it is sent to many.
    """

    html: str
    text: str
    warnings: tuple[str, ...]


def _find_none(name: str) -> str:
    raise DataError(f"there is no asset '{name}'", hint="[brand] assets names no folder")


def _lead_nowhere(labels: Sequence[str]) -> Sequence[str]:
    return [""] * len(labels)


@dataclass(frozen=True, slots=True)
class Layout:
    """Templates that are compiled, with their styles in their tags.

    Attributes:
        options: The recipe's `deliver` block.
        brand: What templates may name of the brand.
        html: Makes the HTML part.
        text: Makes the text part; None when it is made from the HTML.
        logo: The asset that is the logo; empty when it is none.
        is_checked: Whether the message must be looked at for the unsubscribe link.
        warnings: What holds for every message.
        told: Warnings that stand in the log already.
    """

    options: EmailOptions
    brand: Mapping[str, Any]
    html: PreparedTemplate
    text: PreparedTemplate | None
    is_checked: bool
    logo: str = ""
    warnings: tuple[str, ...] = field(default=())
    told: set[str] = field(default_factory=set, compare=False)

    def lay_out(
        self,
        message: Message,
        unsubscribe_url: str,
        preferences_url: str = "",
        asset: Callable[[str], str] = _find_none,
        answers: Callable[[Sequence[str]], Sequence[str]] = _lead_nowhere,
    ) -> Laid:
        """Return the parts of a message.

        Args:
            message: The message, slots filled.
            unsubscribe_url: Her link; every message must show it.
            preferences_url: Of the page on which she chooses what she gets.
            asset: Answers the address of one of the brand's assets.
            answers: Answers the address of each answer to a question.

        Raises:
            DataError: A template cannot be rendered, leaves the link out, or makes one that leads
                to none of the web.
        """
        brand, missing = self._find_logo(asset)
        links = {"unsubscribe_url": unsubscribe_url, "preferences_url": preferences_url}
        facts, warnings = collect_template_facts(
            message, self.options, brand, links, asset, answers
        )
        warnings += missing
        html = self.html.render(facts)
        if self.text is None:
            text = make_plain_text(html)
        else:
            body = "\n\n".join(facts["paragraphs"])
            text = self.text.render({**facts, "body": body})
        if self.is_checked and unsubscribe_url:
            _require_link(self.html.name, html, escape(unsubscribe_url), unsubscribe_url)
            if self.options.text_template is not None and self.text is not None:
                _require_link(self.text.name, text, unsubscribe_url)
        if self.options.template is not None:
            warnings += inspect_links(self.html.name, html)
        size = len(html.encode())
        if size > MOST_HTML_BYTES:
            warnings.append(f"the HTML has {size // 1000} kB; Gmail shows 102 and hides the rest")
        return Laid(html, text, (*self.warnings, *warnings))

    def _find_logo(self, asset: Callable[[str], str]) -> tuple[Mapping[str, Any], list[str]]:
        """Return the brand with the address of a logo that is an asset; without one, a warning."""
        if not self.logo:
            return self.brand, []
        try:
            return {**self.brand, "logo": asset(self.logo)}, []
        except DataError as error:
            return self.brand, [f"brand.logo: {error.message}"]


def prepare_layout(options: EmailOptions, brand: Brand) -> Layout:
    """Return what lays out all messages of a recipe's variant.

    Args:
        options: The recipe's `deliver` block.
        brand: How the shop presents itself.

    Raises:
        DataError: A template is wrong.
        EnvironmentMissing: It is MJML, and nothing here compiles that.
    """
    colours, warnings = choose_colours(brand.colours)
    if not brand.legal_address.strip():
        warnings.append("brand.legal_address is empty; the law wants it in every message")
    variables = colours
    layout = inline_styles(_read("layout.html.j2"), css=_read("layout.css"), variables=variables)
    parts = {LAYOUT_NAME: layout}
    if options.template is None:
        html = prepare_template(layout, escape=True, name="the built-in layout")
    else:
        source = _prepare_source(options.template, variables)
        warnings += inspect_source(options.template.name, source)
        html = prepare_template(source, escape=True, name=options.template.name, parts=parts)
    text: PreparedTemplate | None = None
    if options.text_template is not None:
        given = options.text_template
        text = prepare_template(given.text, escape=False, name=given.name)
    elif options.template is None:
        text = prepare_template(_read("layout.txt.j2"), escape=False, name="the built-in text")
    for what, url in _list_addresses(options, brand):
        if url.startswith("http:"):
            warnings.append(f"{what} is not https")
    return Layout(
        options=options,
        brand=describe_brand(brand, colours),
        logo="" if take_web_address(brand.logo) else brand.logo,
        html=html,
        text=text,
        is_checked=options.template is not None or options.text_template is not None,
        warnings=tuple(warnings),
    )


_prepared: list[tuple[EmailOptions, Brand, Layout]] = []
_MOST_PREPARED = 16
MOST_TOLD = 20
"""Warnings that are logged of one layout: a catalogue without https would fill the log."""


def lay_out(context: Context, options: EmailOptions, message: Message) -> Laid:
    """Return the parts of a message; templates are prepared once for options and brand.

    Each warning is logged once, the first ones of them.

    Raises:
        DataError: A template is wrong, or leaves the unsubscribe link out.
    """
    layout = find_layout(context, options)
    links = context.links
    laid = layout.lay_out(
        message,
        "" if message.thread is not None else links.unsubscribe(message),
        "" if message.thread is not None else links.preferences(message),
        links.asset,
        lambda labels: links.answers(message, labels),
    )
    for one in laid.warnings:
        if one not in layout.told and len(layout.told) < MOST_TOLD:
            layout.told.add(one)
            context.log.warning(one)
    return replace(laid, html=measure_page(laid.html, links, message))


def find_layout(context: Context, options: EmailOptions) -> Layout:
    """Return the layout of these options and this brand, prepared before when it was."""
    for known, brand, layout in _prepared:
        if known is options and brand is context.brand:
            return layout
    for known, brand, layout in _prepared:
        if known == options and brand == context.brand:
            return layout
    layout = prepare_layout(options, context.brand)
    _prepared.insert(0, (options, context.brand, layout))
    del _prepared[_MOST_PREPARED:]
    return layout


def _prepare_source(template: Template, variables: Mapping[str, str]) -> str:
    if is_mjml(template):
        return fill_variables(compile_mjml(template), variables)
    css = _read("layout.css") if "{% extends" in template.text else ""
    return inline_styles(template.text, css=css, variables=variables)


def _require_link(name: str, text: str, *forms: str) -> None:
    if not any(form in text for form in forms):
        raise DataError(
            f"{name}: the message has no link to unsubscribe",
            hint="write {{ unsubscribe_url }} where the link leads; every message must have it",
        )


def _list_addresses(options: EmailOptions, brand: Brand) -> list[tuple[str, str]]:
    found = [("brand.logo", brand.logo)]
    if options.hero is not None:
        found.append(("deliver.hero.image", options.hero.image))
        found.append(("deliver.hero.url", options.hero.url or ""))
    if options.button is not None:
        found.append(("deliver.button.url", options.button.url))
    return found


@cache
def _read(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")
