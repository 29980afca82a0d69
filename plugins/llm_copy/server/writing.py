"""Writes the copy of some briefs by a server: many questions at once, each answered whole."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from ballyhoo import Brief, Context, Copy, EnvironmentMissing, PluginError, Provenance

from ..fields.answers import read_fields
from ..fields.cutting import cut_text, tidy_text
from ..fields.plans import plan_fields
from ..options import LlmOptions
from ..prompts.prompt import make_prompt
from ..settings import LlmSettings
from .client import Client, Refusal, Server
from .questions import Manners, make_question
from .usage import Usage

_manners: dict[tuple[str, str], Manners] = {}
"""By server and model: what was learned lasts as long as the process."""


def write_by_server(
    context: Context, options: LlmOptions, settings: LlmSettings, briefs: Sequence[Brief]
) -> list[Copy]:
    """Return the copy of each brief, in their order.

    Raises:
        EnvironmentMissing: There is no server, or it does not let us in.
        BallyhooError: It refuses a question, or answers what cannot be read.
    """
    if not settings.server_url:
        raise EnvironmentMissing(
            "the engine 'server' needs a server, and none is named",
            hint='write server_url = "http://localhost:8000/v1" into [plugins.llm_copy]',
        )
    client = Client(
        Server(
            url=settings.server_url,
            key=settings.server_key.read() if settings.server_key else None,
            timeout_seconds=settings.server_timeout,
            attempts=settings.server_attempts,
        )
    )
    manners = _manners.setdefault((settings.server_url, options.model), Manners())
    usage = Usage(settings.price_in, settings.price_out)

    def write(brief: Brief) -> Copy:
        try:
            return _write_one(context, options, client, manners, usage, brief)
        except BaseException:
            client.stop()
            raise

    with ThreadPoolExecutor(settings.server_concurrency, thread_name_prefix="server") as pool:
        futures = [pool.submit(write, brief) for brief in briefs]
        try:
            copies = [future.result() for future in futures]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    context.log.info("%s: %s", options.model, usage)
    return copies


def _write_one(
    context: Context,
    options: LlmOptions,
    client: Client,
    manners: Manners,
    usage: Usage,
    brief: Brief,
) -> Copy:
    plans = plan_fields(brief)
    while True:
        answers = "json" if manners.has_schema() else "lines"
        prompt = make_prompt(brief, options, is_chat=True, answer=answers)
        asked = manners.adapt(make_question(options, prompt, plans, brief.seed))
        try:
            answer = client.ask(asked)
            break
        except Refusal as refusal:
            if not manners.learn(refusal, asked):
                raise
    usage.count(answer)
    text, is_finished = _read_choice(answer)
    texts = read_fields(text, [plan.name for plan in plans])
    return Copy(
        fields={
            plan.name: cut_text(
                tidy_text(texts[plan.name]), plan.limits, plan.values, is_finished=is_finished
            )
            for plan in plans
        },
        provenance=Provenance(
            generator=context.plugin,
            model=str(answer.get("model") or options.model),
            engine=f"server {urlsplit(client.url).netloc.rpartition('@')[2]}",
            seed=brief.seed,
            prompt_hash=prompt.hash(list(brief.fields)),
            tokens=_read_tokens(answer),
        ),
        prompt=prompt.show(),
    )


def _read_tokens(answer: dict[str, Any]) -> int | None:
    """Return how many tokens an answer took; None when the server does not say."""
    usage = answer.get("usage")
    told = usage.get("completion_tokens") if isinstance(usage, dict) else None
    return told if isinstance(told, int) else None


def _read_choice(answer: dict[str, Any]) -> tuple[str, bool]:
    """Return what was written, and whether it was written to its end."""
    try:
        choice = answer["choices"][0]
        text = choice["message"]["content"]
        return str(text or ""), choice.get("finish_reason") != "length"
    except (KeyError, IndexError, TypeError, AttributeError):
        raise PluginError(
            "the server's answer has no choices with a message",
            hint="does it speak OpenAI's chat completions?",
        ) from None
