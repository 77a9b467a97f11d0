"""The model a user chooses writes; one that is not offered any more does not."""

import pytest

from agent.analyst.extractive import ExtractiveAnalyst
from agent.errors import ConfigurationError
from agent.models.settings import ModelSettings
from agent.settings import Settings
from graph.offered import OfferedAnalysts


def test_the_chosen_model_writes_and_one_not_offered_does_not() -> None:
    made: list[ModelSettings] = []

    def make(settings: ModelSettings) -> ExtractiveAnalyst:
        made.append(settings)
        return ExtractiveAnalyst()

    models = ModelSettings.model_validate(
        {"model": "ollama:a", "summarize": "ollama:s", "fallback": "ollama:f"}
    )
    offered = OfferedAnalysts(("ollama:a", "ollama:b", "extractive"), models, make)
    for name in ("ollama:a", "ollama:gone", ""):
        assert offered.analyst(name) is None
    assert offered.analyst("ollama:b") is offered.analyst("ollama:b")
    assert offered.analyst("extractive") is not None
    assert [str(one.main) for one in made] == ["ollama:b", "extractive"]
    assert [str(spec) for spec in made[0].specs] == ["ollama:b", "ollama:f"]
    assert made[1].specs == ()


def test_the_models_offered_are_checked_at_the_start() -> None:
    settings = Settings(model="ollama:a", models_offered="ollama:b, ollama:a")
    assert settings.offered_models() == ("ollama:a", "ollama:b", "extractive")
    assert Settings().offered_models() == ("extractive",)
    with pytest.raises((ConfigurationError, ValueError), match="ISRA_MODELS_OFFERED"):
        Settings(models_offered="nonsense")
