"""What is worth a retry, how long to wait, and how many go in at once."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    EventStreamError,
    NoCredentialsError,
    ReadTimeoutError,
)

from agent.limits import Gate, Gates, is_transient, retry_after


class Refusal(Exception):
    """An error as client libraries of HTTP make them."""

    def __init__(self, status: int, headers: dict[str, str] | None = None, code: str = "") -> None:
        super().__init__("refused")
        self.response = SimpleNamespace(status_code=status, headers=headers or {})
        self.code = code


def aws(code: str, status: int | None = None, kind: Any = ClientError) -> Exception:
    metadata = {"HTTPStatusCode": status, "HTTPHeaders": {"retry-after": "3"}} if status else {}
    response = {"Error": {"Code": code}, "ResponseMetadata": metadata}
    error: Exception = kind(response, "Converse")
    return error


@pytest.mark.parametrize(
    "error",
    (
        *(Refusal(status) for status in (408, 425, 429, 500, 502, 503, 529)),
        aws("ThrottlingException", 429),
        aws("ModelTimeoutException", 408),
        aws("modelStreamErrorException", kind=EventStreamError),
        aws("throttlingException", kind=EventStreamError),
        ReadTimeoutError(endpoint_url="x"),
        EndpointConnectionError(endpoint_url="x"),
        ConnectionResetError(),
        TimeoutError(),
    ),
    ids=repr,
)
def test_what_may_pass_is_tried_again(error: Exception) -> None:
    assert is_transient(error)


@pytest.mark.parametrize(
    "error",
    (
        *(Refusal(status) for status in (400, 401, 403, 404, 413, 422)),
        Refusal(429, code="insufficient_quota"),
        Refusal(429, {"retry-after": "86400"}),
        aws("ValidationException", 400),
        aws("AccessDeniedException", 403),
        aws("validationException", kind=EventStreamError),
        NoCredentialsError(),
        ValueError("a fault of our own"),
    ),
    ids=repr,
)
def test_what_will_fail_again_is_not(error: Exception) -> None:
    assert not is_transient(error)


def test_the_status_is_found_behind_a_wrapping_error() -> None:
    wrapped = RuntimeError("wrapped")
    wrapped.__cause__ = Refusal(503, {"retry-after": "7"})
    assert is_transient(wrapped)
    assert retry_after(wrapped) == 7


def test_the_wait_is_read_in_every_form_providers_use() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    google = Exception()
    google.details = {"error": {"details": [{"retryDelay": "1.5s"}]}}  # type: ignore[attr-defined]
    assert retry_after(Refusal(429, {"retry-after": "12"})) == 12
    assert 25 < (retry_after(Refusal(429, {"retry-after": soon})) or 0) <= 30
    assert retry_after(aws("ThrottlingException", 429)) == 3
    assert retry_after(google) == 1.5
    assert retry_after(Refusal(429, {"retry-after": "soon"})) is None
    assert retry_after(Refusal(429)) is None


async def test_a_gate_lets_in_as_many_as_it_has_places() -> None:
    gate, inside, most = Gate(2), 0, 0

    async def pass_through() -> None:
        nonlocal inside, most
        async with gate.turn():
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(pass_through() for _ in range(20)))
    assert most == 2


async def test_a_pause_asked_of_one_call_holds_all_back() -> None:
    gate, loop = Gate(8), asyncio.get_running_loop()
    gate.pause(0.2)
    begun = loop.time()
    async with gate.turn():
        assert loop.time() - begun >= 0.19


async def test_no_more_calls_start_than_a_minute_allows() -> None:
    gate = Gate(8, calls_per_minute=3)
    started = 0

    async def call() -> None:
        nonlocal started
        async with gate.turn():
            started += 1

    calls = [asyncio.create_task(call()) for _ in range(6)]
    await asyncio.sleep(0.1)
    assert started == 3
    for waiting in calls:
        waiting.cancel()


def test_a_provider_has_one_gate() -> None:
    gates = Gates(4)
    assert gates.of("gemini") is gates.of("gemini")
    assert gates.of("gemini") is not gates.of("bedrock")
