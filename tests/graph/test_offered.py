"""The model a user chooses writes; one that is not offered any more does not."""

from pathlib import Path

import pytest

from agent.analyst.extractive import ExtractiveAnalyst
from agent.domain import AnalysisRequest
from agent.errors import ConfigurationError
from agent.memory.database import make_engine
from agent.memory.tables import metadata
from agent.models.settings import ModelSettings
from agent.settings import Settings
from graph.analyses import AnalysisTable
from graph.offered import OfferedAnalysts


async def test_the_chosen_model_is_found_by_the_analysis(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite+aiosqlite:///{tmp_path / 'isra.db'}")
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    table = AnalysisTable(engine)
    for name, model in (("set", "ollama:a"), ("other", "ollama:b"), ("gone", "ollama:c")):
        await table.create(name, AnalysisRequest(industry="x", model=model))
    await table.create("none", AnalysisRequest(industry="x", model="extractive"))
    made: list[ModelSettings] = []

    def make(settings: ModelSettings) -> ExtractiveAnalyst:
        made.append(settings)
        return ExtractiveAnalyst()

    models = ModelSettings.model_validate(
        {"model": "ollama:a", "summarize": "ollama:s", "fallback": "ollama:f"}
    )
    offered = OfferedAnalysts(("ollama:a", "ollama:b", "extractive"), models, engine, make)
    for name in ("set", "gone", "unknown"):
        assert await offered.chosen(name) is None
    assert await offered.chosen("other") is await offered.chosen("other")
    assert await offered.chosen("none") is not None
    assert [str(one.main) for one in made] == ["ollama:b", "extractive"]
    assert [str(spec) for spec in made[0].specs] == ["ollama:b", "ollama:f"]
    assert made[1].specs == ()
    await engine.dispose()


def test_the_models_offered_are_checked_at_the_start() -> None:
    settings = Settings(model="ollama:a", models_offered="ollama:b, ollama:a")
    assert settings.offered_models() == ("ollama:a", "ollama:b", "extractive")
    assert Settings().offered_models() == ("extractive",)
    with pytest.raises((ConfigurationError, ValueError), match="ISRA_MODELS_OFFERED"):
        Settings(models_offered="nonsense")
