"""Settings of evaluations, and how a process of its own gets them."""

from pydantic import SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from agent.settings import Settings


class OwnSettings(Settings):
    """Nothing of the machine's settings: neither its bucket nor its keys are an evaluation's."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what the code gives."""
        return (init_settings,)


def environment_of(settings: Settings) -> dict[str, str]:
    """What was set, as variables for a process of its own; secrets in the clear."""
    changed = settings.model_dump(include=settings.model_fields_set)
    return {
        f"ISRA_{name.upper()}": (
            value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        )
        for name, value in changed.items()
        if value not in ("", None)
    }
