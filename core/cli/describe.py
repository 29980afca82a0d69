"""`ballyhoo describe`: reviewed descriptions of products, for a kind of customer, as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .amounts import show_count
from .invocation import Invocation, echo_json
from .stage_progress import show_stage_progress

if TYPE_CHECKING:
    from ..campaign import Campaign
    from ..engine.describing import Described
    from ..engine.engine import Engine
    from ..workspace import Workspace

RECIPE = b"{campaign: descriptions, generate: {fields: {description: {max_chars: 600}}}}"
"""What is written when no recipe says so."""

FIELD = "description"


@click.command("describe")
@click.option("--out", metavar="FILE", required=True, type=click.Path(path_type=Path),
              help="The CSV file to write; what is right in it stays.")  # fmt: skip
@click.option("--where", metavar="CONDITION", help="Which products; all when it is left out.")
@click.option("--for", "kinds", metavar="SEGMENT", multiple=True,
              help="For this named segment; else for everybody.")  # fmt: skip
@click.option("--language", "languages", metavar="TAG", multiple=True, help="Such as de; else en.")
@click.option("--recipe", metavar="RECIPE", type=click.Path(path_type=Path),
              help="Whose generate and review blocks say how; else llm_copy writes.")  # fmt: skip
@click.option("--shopify", metavar="FILE", type=click.Path(path_type=Path),
              help="Write a file that Shopify imports, too.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(
    invocation: Invocation,
    out: Path,
    where: str | None,
    kinds: tuple[str, ...],
    languages: tuple[str, ...],
    recipe: Path | None,
    shopify: Path | None,
    as_json: bool,
) -> int:
    """Write descriptions of products that a reviewer has read.

    A description is written again only when its product, the recipe or the question changed.
    """
    from ..engine.describing import describe_products
    from ..engine.description_file import read_descriptions, write_descriptions, write_for_shopify
    from ..engine.engine import open_engine

    workspace = invocation.workspace
    languages = languages or ("en",)
    _require_segments(workspace, kinds)
    if shopify is not None and len(languages) * max(1, len(kinds)) > 1:
        raise click.UsageError(
            "--shopify takes one language and one segment: a product has one text"
        )
    campaign = _load(workspace, recipe)
    known = read_descriptions(out)
    with (
        open_engine(workspace, works=False) as engine,
        show_stage_progress("descriptions") as tell,
    ):
        engine.progress = tell
        described = describe_products(
            engine,
            campaign,
            _find_products(engine, where),
            languages=languages,
            kinds=kinds or ("",),
            known=known,
            keep=lambda all_there_are: write_descriptions(out, all_there_are),
        )
    if shopify is not None:
        kind = kinds[0] if kinds else ""
        mine = [
            one
            for one in read_descriptions(out)
            if (one.language, one.kind) == (languages[0], kind)
        ]
        write_for_shopify(shopify, mine)
    if as_json:
        refused = [
            dict(zip(("sku", "language", "for", "why"), one, strict=True))
            for one in described.refused
        ]
        echo_json({"kept": described.kept, "written": described.written, "refused": refused})
    else:
        _print(out, described)
    return 1 if described.refused else 0


def _require_segments(workspace: Workspace, kinds: tuple[str, ...]) -> None:
    from ..conditions.named import SegmentFolder, find_named
    from ..errors import DataError

    for kind in kinds:
        try:
            find_named(kind, SegmentFolder(workspace.folder))
        except ValueError as error:
            raise DataError(f"--for: {error}") from None


def _load(workspace: Workspace, recipe: Path | None) -> Campaign:
    from ..campaign import check_recipe, load_campaign
    from ..errors import RecipeError

    if recipe is not None:
        return load_campaign(recipe, registry=workspace.registry, workspace=workspace.folder)
    checked = check_recipe(
        RECIPE, file="descriptions", registry=workspace.registry, workspace=workspace.folder
    )
    if checked.campaign is None:
        said = "\n".join(mistake.message for mistake in checked.mistakes)
        raise RecipeError(said, mistakes=checked.mistakes)
    return checked.campaign


def _find_products(engine: Engine, where: str | None) -> list[int]:
    from pydantic import TypeAdapter, ValidationError
    from sqlalchemy import select

    from ..conditions.checked import CheckedCondition
    from ..conditions.options import ProductCondition
    from ..errors import DataError
    from ..store.reading import StoredView
    from ..store.tables import products

    if where is None:
        with engine.store.read() as connection:
            return list(connection.execute(select(products.c.id).order_by(products.c.id)).scalars())
    reader: TypeAdapter[CheckedCondition] = TypeAdapter(ProductCondition)
    try:
        condition = reader.validate_python(where)
    except ValidationError as error:
        raise DataError(f"--where: {error.errors()[0]['msg']}") from None
    return StoredView(engine.store, engine.clock).find_products(condition)


def _print(out: Path, described: Described) -> None:
    click.echo(
        f"{out}: {show_count(described.written, 'description')} written, {described.kept:,} kept"
    )
    for sku, language, kind, why in described.refused:
        of = f" for {kind}" if kind else ""
        click.echo(f"  {sku} in {language}{of}: none may be shown: {why}")
