"""Settings over each of the two databases, and runs in processes of their own."""

from pathlib import Path
from typing import Any

from pydantic import SecretStr

from agent.settings import Settings

KEY = "not-a-key"


def settings_over(
    data_dir: Path, database_url: str = "", model_url: str = "", **more: Any
) -> Settings:
    """Settings of a process: SQLite without an address; the fake model where one is given."""
    if model_url:
        more = {
            "model": "openai:careful",
            "model_base_url": f"{model_url}/v1",
            "openai_api_key": SecretStr(KEY),
            **more,
        }
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        data_dir=data_dir,
        database_url=database_url,
        **more,
    )
