"""Which models think, what they may use, and where runs are traced."""

from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, BaseModel, Field, SecretStr


class ModelFields(BaseModel):
    """Which models think, what they may use, and where runs are traced."""

    model: str = Field(
        default="extractive",
        description=(
            "The mind: extractive (no model, no key), gemini:<name>, bedrock:<id>, "
            "openai:<name> or ollama:<name>."
        ),
    )
    models_offered: str = Field(
        default="",
        description=(
            "Further models a user may choose in the chat, separated by commas, named as in "
            "ISRA_MODEL. The extractive analyst is always offered."
        ),
    )
    model_summarize: str = Field(
        default="", description="Model of the summaries, where it is another; empty: ISRA_MODEL."
    )
    model_synthesize: str = Field(
        default="",
        description="Model of the synthesis, where it is another; empty: ISRA_MODEL.",
    )
    model_fallback: str = Field(
        default="", description="Model asked once where the first gives nothing usable."
    )
    judge_model: str = Field(
        default="",
        description=(
            "Model that judges texts in evaluations, another than those that write them; empty: a "
            "Claude on Bedrock where ISRA_BEDROCK_REGION is set."
        ),
    )
    model_base_url: str = Field(
        default="", description="Address of an OpenAI-compatible or Ollama server."
    )
    model_timeout: float = Field(
        default=90.0, gt=0, le=900, description="Seconds one model call may take, once it runs."
    )
    model_concurrency: int = Field(
        default=8, ge=1, le=256, description="Model calls under way at once, to each provider."
    )
    model_rpm: int | None = Field(
        default=None, ge=1, description="Model calls started a minute; empty: no limit."
    )
    budget_tokens: int | None = Field(
        default=None, ge=1, description="Tokens one analysis may use; empty: no limit."
    )
    budget_usd: Decimal | None = Field(
        default=None, gt=0, description="Dollars one analysis may cost; empty: no limit."
    )
    metrics: Literal["off", "emf"] = Field(
        default="off",
        description=(
            "emf: server and workers write their metrics as lines for CloudWatch on stdout "
            "(agent/metrics.yaml names them); off: no."
        ),
    )
    environment: str = Field(
        default="local",
        pattern=r"^[\w.-]{1,64}$",
        description="Name of this installation in metrics, for example prod.",
    )
    langsmith_api_key: SecretStr = Field(
        default=SecretStr(""),
        validation_alias=AliasChoices("ISRA_LANGSMITH_API_KEY", "LANGSMITH_API_KEY"),
        description=(
            "Key of LangSmith; with it every analysis is traced there, without texts of pages. "
            "LANGSMITH_API_KEY is read too."
        ),
    )
    langsmith_endpoint: str = Field(
        default="https://api.smith.langchain.com", description="Address of LangSmith's API."
    )
    langsmith_project: str = Field(
        default="industry-sustainability", description="Project of LangSmith the traces go to."
    )
    langsmith_sampling: float = Field(
        default=1.0, ge=0, le=1, description="Share of the analyses that are traced."
    )
    otel_endpoint: str = Field(
        default="",
        pattern=r"^(https?://\S+)?$",
        description=(
            "Address of an OpenTelemetry collector (OTLP over HTTP, without /v1/traces): traces go "
            "there instead of to LangSmith; its headers as in OTEL_EXPORTER_OTLP_HEADERS."
        ),
    )
    prompts_dir: Path | None = Field(
        default=None,
        description="Folder of prompts (<name>/<arm>.md) used instead of those delivered.",
    )
    bedrock_region: str = Field(default="", description="AWS region of Bedrock.")
    bedrock_profile: str = Field(default="", description="AWS profile used for Bedrock.")
    gemini_api_key: SecretStr = Field(
        default=SecretStr(""),
        validation_alias=AliasChoices("ISRA_GEMINI_API_KEY", "GOOGLE_API_KEY"),
        description="Key of the Gemini API; GOOGLE_API_KEY is read too.",
    )
    openai_api_key: SecretStr = Field(
        default=SecretStr(""), description="Key of an OpenAI-compatible server."
    )
    secrets_name: str = Field(
        default="",
        description="Secret of AWS Secrets Manager that holds the keys not set here, as JSON.",
    )
