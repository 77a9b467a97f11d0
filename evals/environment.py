"""Settings as a process of a benchmark or a test gets them."""

from pydantic import SecretStr

from agent.settings import Settings


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
