"""What the models need to know, as one frozen object; the environment is read elsewhere."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from agent.models.spec import ModelSpec, Provider, Role, checked_address

EXTRACTIVE = ModelSpec(provider="extractive")


def _spec(variable: str) -> BeforeValidator:
    def read(value: Any) -> Any:
        if isinstance(value, str):
            return ModelSpec.parse(value, variable) if value.strip() else None
        return value

    return BeforeValidator(read)


def _address(value: Any) -> Any:
    if isinstance(value, str):
        return checked_address(value, "ISRA_MODEL_BASE_URL") if value.strip() else None
    return value


class ModelSettings(BaseModel):
    """Models, addresses, keys, limits and budgets of one process."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Annotated[ModelSpec | None, _spec("ISRA_MODEL")] = EXTRACTIVE
    """The model of every role that has none of its own; None and `extractive` mean none."""
    summarize: Annotated[ModelSpec | None, _spec("ISRA_MODEL_SUMMARIZE")] = None
    synthesize: Annotated[ModelSpec | None, _spec("ISRA_MODEL_SYNTHESIZE")] = None
    fallback: Annotated[ModelSpec | None, _spec("ISRA_MODEL_FALLBACK")] = None
    """Asked once where the role's own model gave no usable answer."""
    base_url: Annotated[str | None, BeforeValidator(_address)] = None
    """Address for models that name none of their own, where their provider is that of the
    first model named (main, summarize, synthesize, fallback): others keep their provider's."""
    bedrock_region: str | None = None
    bedrock_profile: str | None = None
    gemini_api_key: SecretStr | None = None
    openai_api_key: SecretStr | None = None
    secrets_name: str | None = None
    """Secret of AWS Secrets Manager whose JSON object holds the keys that are not set here."""
    timeout_seconds: float = Field(default=90.0, gt=0, le=900)
    """Deadline of one call, counted from the moment it has its turn."""
    concurrency: int = Field(default=8, ge=1, le=256)
    """Calls under way at once, to each provider, in the whole process."""
    calls_per_minute: int | None = Field(default=None, ge=1)
    """Calls started a minute, to each provider, in the whole process; None: no limit."""
    attempts: int = Field(default=4, ge=1, le=10)
    """How often a call is tried where the failure may pass."""
    budget_tokens: int | None = Field(default=None, ge=1)
    """Tokens, read and written together, that one analysis may use; None: no limit."""
    budget_usd: Decimal | None = Field(default=None, gt=0)

    def spec(self, role: Role) -> ModelSpec:
        """The model of a role, its address filled in."""
        own = {"summarize": self.summarize, "synthesize": self.synthesize}.get(role)
        return self._addressed(own or self.main)

    @property
    def main(self) -> ModelSpec:
        """The model of every role without its own."""
        return self.model or EXTRACTIVE

    @property
    def fallback_spec(self) -> ModelSpec | None:
        """The fallback model, its address filled in; None where none is wanted."""
        if self.fallback is None or self.fallback.extractive:
            return None
        return self._addressed(self.fallback)

    @property
    def specs(self) -> tuple[ModelSpec, ...]:
        """Every model that may be called, each once, the main one first."""
        named = [self.main, self.summarize, self.synthesize, self.fallback]
        unique = dict.fromkeys(self._addressed(spec) for spec in named if spec is not None)
        return tuple(spec for spec in unique if not spec.extractive)

    def _addressed(self, spec: ModelSpec) -> ModelSpec:
        named = (self.main, self.summarize, self.synthesize, self.fallback)
        owner = next((s.provider for s in named if s is not None and not s.extractive), None)
        if spec.base_url or not self.base_url or spec.provider != owner:
            return spec
        return spec.model_copy(update={"base_url": self.base_url})

    def key(self, provider: Provider) -> SecretStr | None:
        """The API key of a provider, where it has one."""
        keys = {"gemini": self.gemini_api_key, "openai": self.openai_api_key}
        return keys.get(provider)
