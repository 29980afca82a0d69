"""Makes the artifact of the responder, and tells when the knowledge base has moved on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from ballyhoo import Article, ArtifactRefused, Context, EnvironmentMissing, LabelledEnquiry

from .catalogue import Catalogue, list_titles
from .learned import FILE, Learned, load
from .options import AnswerOptions
from .understanding.model import Understanding


def learn(context: Context, options: AnswerOptions) -> None:
    """Fit what understands and searches to the knowledge base as it is now.

    Raises:
        EnvironmentMissing: scikit-learn is not installed.
    """
    try:
        import sklearn  # noqa: F401
    except ImportError as error:
        raise EnvironmentMissing(
            f"faq_responder learns with scikit-learn; '{error.name}' is not installed",
            hint="pip install 'ballyhoo[answers]'",
        ) from None
    articles = context.store.articles()
    labelled = context.store.labelled_enquiries()
    understanding = Understanding.fit(
        articles, labelled, embeddings=options.embeddings, folder=context.folder
    )
    catalogue = Catalogue(list_titles(one for one in context.store.products() if one is not None))
    with context.artifacts.write() as folder:
        understanding.save(folder)
        catalogue.save(folder)
        state = {"knowledge": hash_knowledge(articles, labelled)}
        (folder / FILE).write_text(json.dumps(state), encoding="utf-8")


def open_learned(context: Context, articles: Sequence[Article]) -> Learned:
    """Return what was learned.

    Args:
        context: What the plugin may touch.
        articles: Those that are valid now.

    Raises:
        ArtifactRefused: The knowledge base is another one now.
    """
    learned = load(context.artifacts.read(), context.folder)
    now = hash_knowledge(articles, context.store.labelled_enquiries())
    if learned.knowledge != now:
        raise ArtifactRefused("the knowledge base has changed since faq_responder learned it")
    return learned


def hash_knowledge(articles: Sequence[Article], labelled: Sequence[LabelledEnquiry]) -> str:
    """Return a hash of what is learned from."""
    told = [[one.id, one.language, one.version, one.intent] for one in articles]
    asked = [[one.text, one.intent, one.language] for one in labelled]
    text = json.dumps([told, asked], ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
