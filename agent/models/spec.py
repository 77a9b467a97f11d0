"""Which model to use, as people write it: `provider:name`, with an address where needed."""

from typing import Literal, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from agent.errors import ConfigurationError

Provider = Literal["gemini", "bedrock", "openai", "ollama", "extractive"]
Role = Literal["understand", "identify", "summarize", "synthesize", "answer"]

TAKES = (
    "gemini:<name>, bedrock:<model or profile id>, openai:<name>, ollama:<name> or extractive; "
    "an address of its own follows an @, as in openai:<name>@http://localhost:8000/v1"
)


class ModelSpec(BaseModel):
    """One model of one provider; `base_url` is None for the provider's own address."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    provider: Provider
    name: str = ""
    base_url: str | None = None

    @classmethod
    def parse(cls, text: str, variable: str = "ISRA_MODEL") -> "ModelSpec":
        """Read `provider:name[@address]`; the name may hold colons itself, as Bedrock's ids do.

        Raises ConfigurationError naming `variable` and what it takes.
        """
        written, at, address = text.strip().partition("@http")
        provider, _, name = written.partition(":")
        provider = provider.strip().lower()
        known = provider in get_args(Provider)
        named = bool(name) == (provider != "extractive") and not any(c.isspace() for c in name)
        if not (known and named):
            raise ConfigurationError(f"{variable} is {text!r}.", f"It takes {TAKES}.")
        base_url = checked_address(f"http{address}", variable) if at else None
        return cls.model_validate({"provider": provider, "name": name, "base_url": base_url})

    @property
    def extractive(self) -> bool:
        """Whether no model at all stands behind it."""
        return self.provider == "extractive"

    def __str__(self) -> str:
        return f"{self.provider}:{self.name}" if self.name else self.provider


def checked_address(address: str, variable: str) -> str:
    """The address without a trailing slash.

    Raises ConfigurationError where it is not an http or https address with a host, or where
    it carries a user name or password (they would end up in logs).
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise ConfigurationError(
            f"{variable} holds an address that cannot be used.",
            "It takes http://host[:port][/path] or https://…, without user name or password.",
        )
    return address.rstrip("/")
