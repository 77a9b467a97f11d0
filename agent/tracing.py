"""Traces of analyses in LangSmith, where a key is set; otherwise nothing is ever sent.

Sending is the client library's background thread: an outage there costs a run nothing. All of
an analysis, also what other processes do for it after a restart, is one trace whose root has an
id made from the analysis' own.
"""

import asyncio
import hashlib
import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from agent.errors import ConfigurationError
from agent.logs import get_logger
from agent.redaction import redact
from agent.settings import Settings

if TYPE_CHECKING:
    from langsmith import Client
    from langsmith.run_trees import RunTree

log = get_logger(__name__)

_NAMESPACE = uuid.UUID("6f1c7c0e-64a4-5f0c-9d2b-1f6a52f0c7a1")
SEND_MS = 3000
"""Milliseconds one request to LangSmith may take."""
_FLUSH_SECONDS = 3.0


def trace_id(analysis_id: str) -> str:
    """The id of the root run of an analysis: the same wherever and whenever it is asked for."""
    return str(uuid.uuid5(_NAMESPACE, analysis_id))


class Tracing:
    """Wraps what is done for an analysis; without a client it keeps tracing off."""

    def __init__(
        self,
        client: "Client | None" = None,
        project: str = "",
        sampling: float = 1.0,
        flush: Callable[[int], object] | None = None,
    ) -> None:
        """`flush` sends what a collector's own queue holds, within so many milliseconds."""
        self._client = client
        self._flush = flush
        self._project = project
        self._sampling = sampling

    def traces(self, analysis_id: str) -> bool:
        """Whether this analysis is among those that are traced: all of its parts, or none."""
        if self._client is None:
            return False
        digest = hashlib.sha256(analysis_id.encode()).digest()
        return int.from_bytes(digest[:8], "big") / 2**64 < self._sampling

    @contextmanager
    def part(self, analysis_id: str, begun: str, name: str) -> Iterator[None]:
        """Whatever runs within is traced below the analysis' root; `begun` is its start (ISO).

        Without a client nothing is, whatever variables of the tracing library are set.
        """
        from langsmith import tracing_context

        if not self.traces(analysis_id):
            with tracing_context(enabled=False):
                yield
            return
        with tracing_context(
            enabled=True,
            client=self._client,
            project_name=self._project,
            parent=self._root(analysis_id, begun),
            tags=[name],
            metadata={"analysis": analysis_id},
        ):
            yield

    def begin(self, analysis_id: str, begun: str, asked: dict[str, Any]) -> None:
        """Open the root run of a new analysis."""
        if self.traces(analysis_id):
            self._quietly(lambda: self._root(analysis_id, begun, asked).post())

    def end(
        self, analysis_id: str, begun: str, came_to: dict[str, Any], error: str | None = None
    ) -> None:
        """Close the root run with what came of the analysis."""
        if not self.traces(analysis_id):
            return

        def close() -> None:
            root = self._root(analysis_id, begun)
            root.end(outputs=came_to, error=error)
            root.patch(exclude_inputs=True)

        self._quietly(close)

    async def close(self) -> None:
        """Send what waits, for a few seconds at most."""
        if self._client is not None:
            await asyncio.to_thread(self._client.close, _FLUSH_SECONDS)
        if self._flush is not None:
            await asyncio.to_thread(self._flush, int(_FLUSH_SECONDS * 1000))

    def _root(
        self, analysis_id: str, begun: str, inputs: dict[str, Any] | None = None
    ) -> "RunTree":
        from langsmith.run_trees import RunTree

        # Id and start make the place of every run in the trace, so both come from the analysis.
        root = uuid.UUID(trace_id(analysis_id))
        return RunTree(
            id=root,
            trace_id=root,
            start_time=datetime.fromisoformat(begun),
            name="analysis",
            run_type="chain",
            inputs=inputs or {},
            project_name=self._project,
            ls_client=self._client,
            extra={"metadata": {"analysis": analysis_id}},
        )

    def _quietly(self, send: Callable[[], None]) -> None:
        try:
            send()
        except Exception as error:  # noqa: BLE001 - a trace that fails must not fail the run
            log.warning("trace not sent", error=type(error).__name__)


def make_tracing(settings: Settings) -> Tracing:
    """Tracing as set: to LangSmith with its key, to an OpenTelemetry collector, else off.

    Raises:
        ConfigurationError: the packages of OpenTelemetry are missing.
    """
    from langsmith import Client

    key = settings.langsmith_api_key.get_secret_value()
    if not (key or settings.otel_endpoint):
        return Tracing()
    quieten()
    provider = _tracer_provider(settings) if settings.otel_endpoint else None
    client = Client(
        api_url=settings.langsmith_endpoint,
        # The client insists on a key; with a collector alone it has nowhere to send it.
        api_key=key or "none",
        anonymizer=redact,
        timeout_ms=SEND_MS,
        tracing_mode="otel" if provider else "langsmith",
        otel_tracer_provider=provider,
        # Of LangSmith's server nothing is asked where nothing is sent to it.
        info={} if provider else None,
        tracing_error_callback=lambda error: log.warning(
            "trace not sent", error=type(error).__name__
        ),
    )
    flush = provider.force_flush if provider else None
    return Tracing(client, settings.langsmith_project, settings.langsmith_sampling, flush)


def direct_client(settings: Settings) -> "Client":
    """A client that sends at once and raises what fails, for what must be known to arrive.

    Its calls block. Raises ConfigurationError without a key.
    """
    from langsmith import Client

    key = settings.langsmith_api_key.get_secret_value()
    if not key:
        raise ConfigurationError("There is no key of LangSmith.", "Set LANGSMITH_API_KEY.")
    quieten()
    return Client(
        api_url=settings.langsmith_endpoint,
        api_key=key,
        timeout_ms=SEND_MS,
        auto_batch_tracing=False,
        tracing_mode="langsmith",
    )


def quieten() -> None:
    """Stop the library's own log: it writes addresses, ids and a part of the key at a failure."""
    logging.getLogger("langsmith").setLevel(logging.CRITICAL)


def _tracer_provider(settings: Settings) -> Any:
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"ISRA_OTEL_ENDPOINT needs the package {error.name}.",
            "pip install 'industry-sustainability-agent[otel]'",
        ) from error
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
    named = Resource.create({SERVICE_NAME: settings.langsmith_project})
    provider = TracerProvider(resource=named)
    exporter = OTLPSpanExporter(
        endpoint=f"{settings.otel_endpoint.rstrip('/')}/v1/traces", timeout=SEND_MS / 1000
    )
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider
