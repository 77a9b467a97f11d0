"""Traces to an OpenTelemetry collector: OTLP over HTTP, made safe as those to LangSmith are."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agent.settings import Settings
from agent.tracing import make_tracing
from tests.fakes.llm.server import serve


class Collector:
    """Keeps the spans it is sent."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.captured = b""
        self.names: list[str] = []
        self.app = Starlette(routes=[Route("/{path:path}", self._take, methods=["GET", "POST"])])

    async def _take(self, request: Request) -> Response:
        self.paths.append(request.url.path)
        body = await request.body()
        if request.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        self.captured += body
        sent = ExportTraceServiceRequest.FromString(body)
        for resource in sent.resource_spans:
            for scope in resource.scope_spans:
                self.names += [span.name for span in scope.spans]
        return Response()


@pytest.fixture
def collector() -> Collector:
    return Collector()


@pytest.fixture
def address(collector: Collector) -> Iterator[str]:
    with serve(collector) as url:
        yield url


async def test_spans_go_to_the_collector_and_to_nobody_else(
    collector: Collector, address: str, tmp_path: Path
) -> None:
    from langsmith import traceable

    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        data_dir=tmp_path,
        otel_endpoint=address,
        # Whatever were sent here would be seen among the paths.
        langsmith_endpoint=address,
    )
    tracing = make_tracing(settings)
    begun = "2026-11-22T10:00:00+00:00"
    tracing.begin("an-1", begun, {"industry": "cement"})

    @traceable(name="summarize")
    def step(asked: str) -> dict[str, str]:
        return {"quote": "Scope 1 emissions fell to 12 kt in the year under review."}

    with tracing.part("an-1", begun, "run"):
        step("jane.doe@example.org")
    tracing.end("an-1", begun, {"companies": 1})
    await tracing.close()
    assert "summarize" in collector.names
    assert set(collector.paths) == {"/v1/traces"}
    assert b"jane.doe" not in collector.captured
    assert b"fell to 12 kt" not in collector.captured
