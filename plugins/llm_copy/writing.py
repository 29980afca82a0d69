"""Writes the copy of some briefs: by a model on this machine, or by a server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ballyhoo import Brief, Context, Copy, Provenance

from .engines.picking import Sampling
from .fields.json_row import TOKENS_PER_FIELD, JsonRow
from .fields.plans import FieldPlan, fit_plans, plan_fields
from .fields.script import MOST_IN_SLOT, Script
from .models.kept import keep_model
from .models.loaded import LoadedModel
from .models.places import find_place
from .options import LlmOptions
from .prompts.plain import write_label
from .prompts.prompt import Prompt, make_prompt
from .prompts.tokens import read_prompt
from .settings import LlmSettings


def write_copies(context: Context, options: LlmOptions, briefs: Sequence[Brief]) -> list[Copy]:
    """Return the copy of each brief, in their order.

    Raises:
        EnvironmentMissing: The model, the server or what they need is not there.
        DataError: The recipe's prompt is wrong, or longer than the model can read.
    """
    settings = context.settings or LlmSettings()
    if options.engine == "server":
        from .server.writing import write_by_server

        return write_by_server(context, options, settings, briefs)
    return _write_here(context, options, settings, briefs)


def _write_here(
    context: Context, options: LlmOptions, settings: LlmSettings, briefs: Sequence[Brief]
) -> list[Copy]:
    assert options.engine != "server"
    loaded = open_model(context, options, settings)
    answer, make_row = ("json", make_json_row) if options.as_json else ("lines", make_script)
    prompts = [
        make_prompt(brief, options, is_chat=loaded.is_chat, answer=answer) for brief in briefs
    ]
    rows: list[Script | JsonRow] = [
        make_row(loaded, brief, prompt) for brief, prompt in zip(briefs, prompts, strict=True)
    ]
    sampling = Sampling(temperature=options.temperature, top_p=options.top_p)
    asked = [row for row in rows if row.plans]
    engine = loaded.write(asked, sampling, options.engine)
    return [
        Copy(
            fields=row.fields if row.plans else {},
            provenance=Provenance(
                generator=context.plugin,
                model=loaded.name,
                engine=f"{engine}, {loaded.how}",
                seed=brief.seed,
                prompt_hash=prompt.hash(list(brief.fields)),
                tokens=_count_tokens(loaded, row.fields) if row.plans else None,
            ),
            prompt=prompt.show(),
        )
        for brief, prompt, row in zip(briefs, prompts, rows, strict=True)
    ]


def _count_tokens(loaded: LoadedModel, fields: Mapping[str, str]) -> int:
    """Return how many tokens the texts of a copy have."""
    return sum(len(loaded.vocabulary.encode_after("x", f" {text}")) for text in fields.values())


def open_model(context: Context, options: LlmOptions, settings: LlmSettings) -> LoadedModel:
    """Return the model that a recipe names, loaded now or before.

    Raises:
        EnvironmentMissing: It is not there.
    """
    place = find_place(
        options.model,
        revision=options.revision,
        models=settings.models,
        workspace=context.folder,
    )
    adapter = None
    if options.adapter is not None:
        adapter = find_place(
            options.adapter,
            revision=None,
            models=settings.models,
            workspace=context.folder,
            what="adapter",
        )
    return keep_model(place, adapter, settings, context.log.warning)


def make_json_row(loaded: LoadedModel, brief: Brief, prompt: Prompt) -> JsonRow:
    """Return the row that writes the fields of a brief as a JSON object."""
    tokens = read_prompt(loaded, prompt, "")
    plans = plan_fields(brief)
    return JsonRow(
        loaded.vocabulary,
        prompt=tokens,
        plans=_fit(loaded, plans, len(tokens) + TOKENS_PER_FIELD * len(plans)),
        seed=brief.seed,
    )


def make_script(loaded: LoadedModel, brief: Brief, prompt: Prompt) -> Script:
    """Return the row that writes the fields of a brief."""
    vocabulary = loaded.vocabulary
    plans = plan_fields(brief)
    labels = [vocabulary.encode_after("x\n", write_label(plan.name)) for plan in plans]
    line_break = vocabulary.encode_after("x", "\n")
    tokens = read_prompt(loaded, prompt, write_label(plans[0].name) if plans else "")
    between = sum(len(one) + len(line_break) + MOST_IN_SLOT for one in labels)
    return Script(
        vocabulary,
        prompt=tokens,
        plans=_fit(loaded, plans, len(tokens) + between),
        labels=labels,
        line_break=line_break,
        seed=brief.seed,
    )


def _fit(loaded: LoadedModel, plans: list[FieldPlan], taken: int) -> list[FieldPlan]:
    """Return plans that fit into what a model reads, behind what is taken already."""
    return plans if loaded.longest is None else fit_plans(plans, max(0, loaded.longest - taken))
