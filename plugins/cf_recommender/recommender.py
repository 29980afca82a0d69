"""The hooks of cf_recommender: learns from what customers did, and recommends products."""

from __future__ import annotations

from collections.abc import Sequence

from ballyhoo import Context, Customer, EnvironmentMissing, Recommendation, hookimpl

from .options import CfOptions


@hookimpl
def train(context: Context, stage: str, options: CfOptions) -> None:
    """Learn from the store, and write what recommending needs into an artifact.

    Raises:
        EnvironmentMissing: The libraries that learn are not installed.
    """
    try:
        import sklearn  # noqa: F401
        import surprise  # noqa: F401
    except ImportError as error:
        raise EnvironmentMissing(
            f"cf_recommender learns with scikit-surprise and scikit-learn; '{error.name}' is not "
            "installed",
            hint="pip install 'ballyhoo[recommend]'",
        ) from None
    from .learning import learn

    learned = learn(context, options)
    with context.artifacts.write() as folder:
        learned.save(folder)


@hookimpl
def recommend(
    context: Context, options: CfOptions, customers: Sequence[Customer]
) -> list[list[Recommendation]]:
    """Rank products for each customer."""
    from .learned import open_learned
    from .recommending import recommend_products

    return recommend_products(context, options, open_learned(context.artifacts.read()), customers)
