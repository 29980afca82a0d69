"""The kits hold faq_responder to the contracts of its hooks."""

from __future__ import annotations

from typing import Any

import pytest

from ballyhoo.plugins.faq_responder import responder
from ballyhoo.testing import RespondConformance, TrainConformance


class TestRespond(RespondConformance):
    @pytest.fixture
    def plugin(self) -> Any:
        return responder

    @pytest.fixture
    def options(self) -> dict[str, Any]:
        return {"confidence": 0.4, "link": "https://shop.example/help/{id}"}


class TestTrain(TrainConformance):
    @pytest.fixture
    def plugin(self) -> Any:
        return responder

    @pytest.fixture
    def options(self) -> dict[str, Any]:
        return {}
