"""The kits hold cf_recommender to the contracts of its hooks, with many kinds of options."""

from __future__ import annotations

from typing import Any

import pytest

from ballyhoo.plugins.cf_recommender import recommender
from ballyhoo.testing import RecommendConformance, TrainConformance

OPTIONS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "replenish": {"task": "replenish"},
    "similar to a product": {"task": "similar", "to": "SKU-0002", "filters": {"in_stock": False}},
    "together": {"task": "together", "to": ["last_purchase", "cart"], "top": 5},
    "everything": {
        "top": 6,
        "explore": 0.3,
        "promote": {"where": "'spring' IN tags", "slots": 2},
        "max_per_category": 1,
        "diversity": 0.3,
        "stars": True,
        "filters": {
            "in_stock": False,
            "price": {"min": 1, "max": 1000},
            "not_bought_days": 30,
            "where": "attributes.colour = 'moss' OR brand IS NOT NULL",
        },
    },
}


@pytest.fixture(params=OPTIONS.values(), ids=OPTIONS)
def options(request: pytest.FixtureRequest) -> Any:
    return request.param


class TestRecommend(RecommendConformance):
    @pytest.fixture
    def plugin(self) -> Any:
        return recommender

    @pytest.fixture
    def options(self, options: Any) -> Any:
        return options


class TestTrain(TrainConformance):
    @pytest.fixture
    def plugin(self) -> Any:
        return recommender

    @pytest.fixture
    def options(self) -> Any:
        return OPTIONS["everything"]
