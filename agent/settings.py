"""Every setting of the agent: read from the environment (prefix ISRA_) or a .env file.

`.env.example` is made from this class (`make env-example`); a test keeps the two equal.
"""

from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import (
    AliasChoices,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from agent.errors import ConfigurationError
from agent.memory.addresses import async_url, is_postgres
from agent.models.settings import EXTRACTIVE, ModelSettings
from agent.models.spec import ModelSpec

PREFIX = "ISRA_"
SEARCH_PROVIDERS = ("library", "directory", "tavily", "brave", "searxng", "exa", "ddgs")


class Settings(BaseSettings):
    """Settings with their meaning; a wrong value stops the start with one sentence."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", extra="ignore", env_ignore_empty=True, frozen=True
    )

    data_dir: Path = Field(
        default=Path("data"),
        description="Folder for the database, reports, checkpoints and caches.",
    )
    database_url: str = Field(
        default="",
        description=(
            "Address of the database: postgresql://user:password@host/name; "
            "empty means SQLite in the data folder."
        ),
    )
    blob_store: str = Field(
        default="",
        pattern=r"^(s3://[a-z0-9][a-z0-9.-]+(/.*)?)?$",
        description=(
            "Where reports and results are kept: s3://bucket/prefix; empty means the data folder."
        ),
    )
    s3_region: str = Field(default="", description="AWS region of the bucket.")
    s3_endpoint: str = Field(
        default="", description="Address of an S3-compatible server; empty means AWS."
    )
    s3_kms_key: str = Field(
        default="", description="KMS key that encrypts the bucket's objects; empty: S3's own key."
    )
    s3_cache_mb: int = Field(
        default=2048, ge=64, description="Local copies of the bucket's files kept, in MB."
    )
    runs: Literal["auto", "here", "workers"] = Field(
        default="auto",
        description=(
            "Where the chat's analyses run: here (in its own process) or workers "
            "(`isra worker`, needs Postgres); auto: workers on Postgres, here on SQLite."
        ),
    )
    worker_concurrency: int = Field(
        default=4, ge=1, le=64, description="Analyses one worker runs at once."
    )
    worker_heartbeat: float = Field(
        default=10.0,
        ge=0.5,
        le=300,
        description="Seconds between a worker's signs of life; after three without, others go on.",
    )
    drain_seconds: float = Field(
        default=20.0,
        ge=0,
        le=110,
        description="Seconds a stopping process may take to bring steps under way to their end.",
    )
    host: str = Field(default="127.0.0.1", description="Address the chat listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port the chat listens on.")
    public_url: str = Field(
        default="",
        description=(
            "Address people open the chat at, for example https://research.example.org; empty: "
            "the address it listens on."
        ),
    )
    auth: Literal["none", "password", "oauth", "alb"] = Field(
        default="none",
        description=(
            "How people sign in: none (this computer only), password (`isra user add`), oauth "
            "(a provider set by its OAUTH_ variables) or alb (an AWS load balancer signs in)."
        ),
    )
    users_file: Path | None = Field(
        default=None,
        description="Names and hashes of `isra user`; empty: users.txt in the data folder.",
    )
    owners: str = Field(
        default="",
        description=(
            "Users who may read everyone's feedback, separated by commas. Without sign-in it is "
            "whoever sits at this computer."
        ),
    )
    viewers: str = Field(
        default="",
        description=(
            "Users who may only read what is theirs, separated by commas; all others may also "
            "start analyses."
        ),
    )
    oauth_domains: str = Field(
        default="",
        description=(
            "E-mail domains that may sign in by oauth, separated by commas; empty: everyone the "
            "provider lets in."
        ),
    )
    alb_region: str = Field(default="", description="AWS region of the load balancer.")
    alb_signer: str = Field(
        default="", description="ARN of the load balancer that signs people in."
    )
    alb_claim: Literal["sub", "email"] = Field(
        default="sub",
        description="Claim that names a user; email only where the provider has verified it.",
    )
    alb_keys_url: str = Field(
        default="",
        description="Where the balancer's public keys are; empty: AWS's address of the region.",
    )
    logins_per_minute: int = Field(
        default=10, ge=1, le=1000, description="Log-in attempts a minute, by name and by address."
    )
    messages_per_minute: int = Field(
        default=30, ge=1, le=10_000, description="Messages of one user a minute."
    )
    uploads_per_hour: int = Field(
        default=100, ge=1, le=10_000, description="Files one user may upload in an hour."
    )
    api_calls_per_minute: int = Field(
        default=600, ge=1, le=100_000, description="Calls of the HTTP API by one user a minute."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least level of the log lines on stderr."
    )
    log_format: Literal["json", "console"] = Field(
        default="console", description="json for machines, console for people."
    )
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
    companies: int = Field(
        default=8, ge=1, le=50, description="Companies proposed for an analysis."
    )
    reader_memory_mb: int = Field(
        default=512, ge=256, le=16384, description="Memory limit of one PDF reader process in MB."
    )
    reader_seconds: int = Field(
        default=300, ge=5, le=3600, description="Time limit for reading one PDF in seconds."
    )
    max_pdf_mb: int = Field(default=150, ge=1, le=2000, description="Largest PDF accepted, in MB.")
    max_pdf_pages: int = Field(
        default=1000, ge=1, le=10000, description="Most pages a PDF may have."
    )
    pdf_password: SecretStr = Field(
        default=SecretStr(""), description="Password tried on PDFs that ask for one."
    )

    camelot: Literal["auto", "off"] = Field(
        default="off",
        description=(
            "auto looks for further tables with camelot, where the tables extra is installed, on "
            "pages with columns of numbers in no table yet (doubles the time of reading); off: no."
        ),
    )
    local_search: Literal["auto", "off"] = Field(
        default="off",
        description=(
            "auto finds pages by meaning as well where the local-search extra is installed (costs "
            "about 0.4 s of one core a page, once: over ten times the reading); off: by words."
        ),
    )

    offline: bool = Field(
        default=False, description="Never use the network to find reports or to check targets."
    )
    search: str = Field(
        default="library,directory",
        description=(
            "Where reports are looked for, in this order: library (reports at hand), directory "
            "(the company's own site, no key), tavily, brave, searxng, exa, ddgs."
        ),
    )
    search_requests: int = Field(
        default=200, ge=1, description="Requests a day to each search API, in one process."
    )
    tavily_api_key: SecretStr = Field(default=SecretStr(""), description="Key of Tavily.")
    tavily_url: str = Field(
        default="", description="Address of Tavily's API, where it is another than its own."
    )
    brave_api_key: SecretStr = Field(default=SecretStr(""), description="Key of Brave Search.")
    brave_url: str = Field(
        default="", description="Address of Brave's API, where it is another than its own."
    )
    exa_api_key: SecretStr = Field(default=SecretStr(""), description="Key of Exa.")
    exa_url: str = Field(
        default="", description="Address of Exa's API, where it is another than its own."
    )
    searxng_url: str = Field(
        default="", description="Address of a SearXNG server that gives JSON (search.formats)."
    )
    user_agent: str = Field(
        default="",
        description=(
            "Address or mail of who runs the agent; sites see it behind the agent's name."
        ),
    )
    ca_file: Path | None = Field(
        default=None,
        description="PEM file of certificates trusted beside the system's, for fetching reports.",
    )
    web_pause: float = Field(
        default=0.5, ge=0, le=60, description="Least seconds between two requests to one site."
    )
    refresh_cron: str = Field(
        default="",
        pattern=r"^$|^\S+( \S+){4,5}$",
        description=(
            "When workers look for newer reports of analysed companies and analyse those again, "
            "as a cron line such as `0 5 * * 1`; empty is never."
        ),
    )
    sbti_url: str = Field(
        default="https://files.sciencebasedtargets.org/production/files/companies-excel.xlsx",
        description=(
            "Address of the Science Based Targets initiative's company register, asked once a "
            "week for companies whose report came from the web; - is never."
        ),
    )

    @field_validator("search")
    @classmethod
    def _known_providers(cls, value: str) -> str:
        names = [name.strip().lower() for name in value.split(",") if name.strip()]
        for name in names:
            if name not in SEARCH_PROVIDERS:
                raise ValueError(f"“{name}” is none of {', '.join(SEARCH_PROVIDERS)}")
        return ",".join(dict.fromkeys(names))

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        # Resolved once, so that nothing depends on the folder a process happens to be in later.
        return value.expanduser().resolve()

    @model_validator(mode="after")
    def _known_models(self) -> Self:
        # Parsed here, so that a wrong name stops the start and not the first call.
        self.models()
        self.offered_models()
        return self

    @model_validator(mode="after")
    def _known_database(self) -> Self:
        if self.runs_in_workers and not is_postgres(self.resolved_database_url):
            raise ConfigurationError(
                "ISRA_RUNS=workers needs a Postgres database.",
                "Set ISRA_DATABASE_URL, or leave ISRA_RUNS empty.",
            )
        return self

    def models(self) -> ModelSettings:
        """What the models need to know. Raises ConfigurationError."""
        return ModelSettings(
            model=self.model,
            summarize=self.model_summarize,
            synthesize=self.model_synthesize,
            fallback=self.model_fallback,
            base_url=self.model_base_url,
            bedrock_region=self.bedrock_region or None,
            bedrock_profile=self.bedrock_profile or None,
            gemini_api_key=self.gemini_api_key if self.gemini_api_key.get_secret_value() else None,
            openai_api_key=self.openai_api_key if self.openai_api_key.get_secret_value() else None,
            secrets_name=self.secrets_name or None,
            timeout_seconds=self.model_timeout,
            concurrency=self.model_concurrency,
            calls_per_minute=self.model_rpm,
            budget_tokens=self.budget_tokens,
            budget_usd=self.budget_usd,
        )

    def offered_models(self) -> tuple[str, ...]:
        """The models a user may choose from: the one set, the others offered, then none at all.

        Raises ConfigurationError where a name is not one of a model.
        """
        names = [self.model, *(name.strip() for name in self.models_offered.split(","))]
        specs = [ModelSpec.parse(name, "ISRA_MODELS_OFFERED") for name in names if name]
        return tuple(dict.fromkeys(str(spec) for spec in (*specs, EXTRACTIVE)))

    @property
    def resolved_users_file(self) -> Path:
        """The file of names and password hashes, with the default filled in."""
        return self.users_file or self.data_dir / "users.txt"

    @property
    def search_order(self) -> tuple[str, ...]:
        """The providers to ask, in order."""
        return tuple(self.search.split(",")) if self.search else ()

    @property
    def resolved_database_url(self) -> str:
        """The database address for SQLAlchemy, with the default filled in."""
        return async_url(self.database_url or f"sqlite:///{self.data_dir / 'isra.db'}")

    @property
    def runs_in_workers(self) -> bool:
        """Whether the chat leaves its analyses to workers."""
        if self.runs == "auto":
            return is_postgres(self.resolved_database_url)
        return self.runs == "workers"


def load_settings() -> Settings:
    """Settings from the environment.

    Raises:
        ConfigurationError: names the first wrong variable and what it takes.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        message = str(first["msg"]).removeprefix("Value error, ")
        description = Settings.model_fields[name].description if name else ""
        # The value is not repeated: it may be a secret put under the wrong name.
        raise ConfigurationError(
            f"{PREFIX}{name.upper()} has a wrong value: {message}.",
            f"It sets: {description}",
        ) from None


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return load_settings()


def env_example() -> str:
    """The text of .env.example: every setting, its meaning and its default."""
    lines = ["# Settings of the Industry Sustainability Research Agent. All are optional.", ""]
    for name, field in Settings.model_fields.items():
        default = field.default
        if isinstance(default, SecretStr):
            default = default.get_secret_value()
        shown = "" if default is None else default
        lines += [f"# {field.description}", f"# {PREFIX}{name.upper()}={shown}".rstrip(), ""]
    return "\n".join(lines)
