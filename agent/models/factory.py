"""Chat models from specs. Nothing of a provider is imported before one of its models is built."""

import importlib
import logging
from collections.abc import Callable
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Any

from agent.errors import ConfigurationError
from agent.models.settings import ModelSettings
from agent.models.spec import ModelSpec

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

# These write whole prompts, replies or addresses at DEBUG and INFO.
_TALKATIVE = ("botocore", "google_genai", "httpcore", "httpx", "langchain_aws", "openai", "urllib3")
_OUTPUT_LIMIT = {
    "gemini": "max_output_tokens",
    "bedrock": "max_tokens",
    "openai": "max_tokens",
    "ollama": "num_predict",
}
# A model that thinks spends output tokens before it writes; without room for it every reply
# would end truncated.
_ROOM_TO_THINK = 8192
_LONGEST_READ = 60.0
"""Seconds a socket of Bedrock's client may stay silent."""


class ModelFactory:
    """Builds each model once and keeps it; its connections are shared by all calls."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._built: dict[ModelSpec, BaseChatModel] = {}
        self._building = Lock()

    def build(self, spec: ModelSpec, max_output_tokens: int) -> "BaseChatModel":
        """The chat model of `spec`, writing at most `max_output_tokens` beside its thoughts.

        Imports the provider's library at first use, which can take seconds: call it in a
        thread. Raises ConfigurationError where a package, key or region is missing.
        """
        with self._building:
            if spec not in self._built:
                self._built[spec] = _BUILDERS[spec.provider](spec, self._settings)
                _quieten()
            model = self._built[spec]
        thinks = bool((model.profile or {}).get("reasoning_output"))
        limit = max_output_tokens + (_ROOM_TO_THINK if thinks else 0)
        return model.model_copy(update={_OUTPUT_LIMIT[spec.provider]: limit})

    def check(self) -> None:
        """Build every configured model, so that a mistake shows at start and not in a run.

        Raises ConfigurationError.
        """
        for spec in self._settings.specs:
            self.build(spec, 1)


def _gemini(spec: ModelSpec, settings: ModelSettings) -> "BaseChatModel":
    library = _library("langchain_google_genai", "langchain-google-genai", "gemini")
    model: BaseChatModel = library.ChatGoogleGenerativeAI(
        model=spec.name,
        api_key=_key(settings, spec, "ISRA_GEMINI_API_KEY (or GOOGLE_API_KEY)"),
        base_url=spec.base_url,
        vertexai=False,
        timeout=settings.timeout_seconds,
        max_retries=1,  # 0 would mean the library's own default of several
    )
    return model


def _bedrock(spec: ModelSpec, settings: ModelSettings) -> "BaseChatModel":
    _library("langchain_aws", "langchain-aws", "bedrock")
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    from agent.models.bedrock import LEAST_THREADS, ThreadedConverse

    # Its fields have aliases that the type checker does not see.
    make: Any = ThreadedConverse
    threads = max(LEAST_THREADS, 2 * settings.concurrency)
    config = Config(
        connect_timeout=5,
        # A cancelled call keeps its thread until this passes.
        read_timeout=min(settings.timeout_seconds, _LONGEST_READ),
        retries={"total_max_attempts": 1, "mode": "standard"},
        max_pool_connections=threads,
    )
    try:
        model: BaseChatModel = make(
            model=spec.name,
            threads=threads,
            region_name=settings.bedrock_region,
            credentials_profile_name=settings.bedrock_profile,
            base_url=spec.base_url,
            config=config,
        )
    except (BotoCoreError, ValueError):
        raise ConfigurationError(
            f"The model {spec} cannot be reached: AWS region, profile or credentials are missing.",
            "Set ISRA_BEDROCK_REGION (as in eu-central-1) and, where needed, ISRA_BEDROCK_PROFILE "
            "to a profile of your AWS configuration.",
        ) from None
    return model


def _openai(spec: ModelSpec, settings: ModelSettings) -> "BaseChatModel":
    library = _library("langchain_openai", "langchain-openai", "openai")
    # A server of one's own often wants no key, but the client insists on one.
    key = settings.openai_api_key or ("none" if spec.base_url else None)
    model: BaseChatModel = library.ChatOpenAI(
        model=spec.name,
        api_key=key or _key(settings, spec, "ISRA_OPENAI_API_KEY"),
        base_url=openai_address(spec.base_url),
        timeout=settings.timeout_seconds,
        max_retries=0,
        stream_usage=True,
        # Its own watch over a stream can swallow a cancellation (asyncio.wait_for before 3.12).
        stream_chunk_timeout=None,
    )
    return model


def _ollama(spec: ModelSpec, settings: ModelSettings) -> "BaseChatModel":
    library = _library("langchain_ollama", "langchain-ollama", "ollama")
    model: BaseChatModel = library.ChatOllama(
        model=spec.name,
        base_url=spec.base_url,
        client_kwargs={"timeout": settings.timeout_seconds},
    )
    return model


_BUILDERS: dict[str, Callable[[ModelSpec, ModelSettings], "BaseChatModel"]] = {
    "gemini": _gemini,
    "bedrock": _bedrock,
    "openai": _openai,
    "ollama": _ollama,
}


def openai_address(base_url: str | None) -> str:
    """The address the client appends `/chat/completions` to; a bare host gets `/v1`.

    Never None: the client would then read an address from other environment variables.
    """
    if base_url is None:
        return "https://api.openai.com/v1"
    return base_url if base_url.partition("://")[2].find("/") >= 0 else f"{base_url}/v1"


def _library(module: str, package: str, extra: str) -> Any:
    if find_spec(module) is None:
        raise ConfigurationError(
            f"The package {package} is not installed, which a model of {extra} needs.",
            f'Install it with: pip install "industry-sustainability-agent[{extra}]"',
        )
    return importlib.import_module(module)


def _key(settings: ModelSettings, spec: ModelSpec, variable: str) -> Any:
    key = settings.key(spec.provider)
    if key is None:
        raise ConfigurationError(
            f"The model {spec} needs an API key and none is set.",
            f"Set {variable} to the key itself, or ISRA_SECRETS_NAME to the AWS secret with it.",
        )
    return key


def _quieten() -> None:
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        if logger.level == logging.NOTSET:
            logger.setLevel(logging.WARNING)
