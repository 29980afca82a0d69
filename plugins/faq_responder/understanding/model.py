"""What the responder learns from the knowledge base: understands questions, and finds articles.

understanding = Understanding.fit(articles, labelled)    # needs scikit-learn
understanding.save(folder)
understanding = Understanding.load(folder)               # needs NumPy and SciPy alone
understanding.understand(["Where is my order 1234?"], [None])
understanding.search(["Where is my order 1234?"], ["en"], top=3)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ballyhoo import Article, LabelledEnquiry

from ..retrieving.searcher import Searcher
from .asking import Asking
from .classifier import Classifier
from .entities import find_entities
from .language import Languages
from .temper import read_temper
from .understood import Hit, Understood


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Understanding:
    """What was learned from articles and labelled enquiries.

    Attributes:
        asking: What turns texts into numbers.
        languages: The languages of the knowledge base.
        classifier: What tells intents; None with fewer than two.
        searcher: What finds articles; None when there are none.
    """

    asking: Asking
    languages: Languages
    classifier: Classifier | None
    searcher: Searcher | None

    @classmethod
    def fit(
        cls,
        articles: Sequence[Article],
        labelled: Sequence[LabelledEnquiry] = (),
        *,
        embeddings: str | None = None,
        folder: Path = Path(),
    ) -> Understanding:
        """Learn from the knowledge base and from enquiries of which a person told the intent.

        Args:
            articles: All of them, in all languages. One without an intent is an intent of its own,
                which `understand` does not name.
            labelled: Questions and their intents.
            embeddings: A sentence model: a folder, an id, or `minilm`; None for words alone.
            folder: The workspace, from which a folder with a model is seen.

        Raises:
            EnvironmentMissing: The libraries or the model of `embeddings` are not there.
        """
        from .learning import learn

        return cls(**learn(articles, labelled, embeddings, folder))

    def understand(
        self, texts: Sequence[str], languages: Sequence[str | None] | None = None
    ) -> list[Understood]:
        """Return what each question asks for, aligned.

        Args:
            texts: Questions, of any length.
            languages: What was known of the language of each (BCP 47), or None.
        """
        told = [None] * len(texts) if languages is None else languages
        found = [self.languages.find(*one) for one in zip(texts, told, strict=True)]
        intents = (
            [(None, 0.0, True)] * len(texts)
            if self.classifier is None
            else self.classifier.tell(self.asking.ask(texts))
        )
        understood = []
        for text, language, (intent, confidence, in_scope) in zip(
            texts, found, intents, strict=True
        ):
            temper = read_temper(text, language)
            understood.append(
                Understood(
                    language=language,
                    intent=intent,
                    confidence=confidence,
                    in_scope=in_scope,
                    anger=temper.anger,
                    urgency=temper.urgency,
                    is_legal=temper.is_legal,
                    wants_person=temper.wants_person,
                    wants_to_unsubscribe=temper.wants_to_unsubscribe,
                    entities=find_entities(text),
                )
            )
        return understood

    def search(
        self, texts: Sequence[str], languages: Sequence[str | None], top: int = 5
    ) -> list[list[Hit]]:
        """Return the articles that answer each question best, aligned.

        Of an article with wordings in several languages only one is found: in the language of the
        one who asks, else the one that matches best. Articles in her language come first, others
        after; within each the best first. `fit` says how probable it is that an article answers,
        and is small for all of them when nothing fits.

        Args:
            texts: Questions.
            languages: In which language each is asked (BCP 47); None for any.
            top: The most hits of a question.
        """
        if self.searcher is None:
            return [[] for _ in texts]
        asked = self.asking.ask(texts)
        chances = None if self.classifier is None else self.classifier.find_chances(asked)
        return self.searcher.search(asked, languages, chances, top)

    def save(self, folder: Path) -> None:
        """Write it into a folder: arrays and JSON."""
        from .keeping import save

        save(self, folder)

    @classmethod
    def load(cls, folder: Path, workspace: Path = Path()) -> Understanding:
        """Read what `save` wrote; a folder with a model is seen from the workspace.

        Raises:
            ArtifactRefused: It cannot be read, or another version wrote it.
            EnvironmentMissing: It was learned with a library that is not there.
        """
        from .keeping import load

        return cls(**load(folder, workspace))
