"""The hooks of faq_responder: learns from the knowledge base, and answers enquiries."""

from __future__ import annotations

from collections.abc import Sequence

from ballyhoo import Context, Enquiry, Reply, hookimpl

from .options import AnswerOptions


@hookimpl
def train(context: Context, stage: str, options: AnswerOptions) -> None:
    """Learn what people ask for, and where it is answered, into an artifact.

    Raises:
        EnvironmentMissing: The libraries that learn are not installed.
    """
    from .learning import learn

    learn(context, options)


@hookimpl
def respond(context: Context, options: AnswerOptions, enquiries: Sequence[Enquiry]) -> list[Reply]:
    """Answer each enquiry from the knowledge base and the records, or hand it to a person."""
    from .answering import answer

    return answer(context, options, enquiries)
