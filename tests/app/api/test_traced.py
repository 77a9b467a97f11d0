"""From a thumb to the very run in LangSmith: a real server, and a LangSmith over real HTTP."""

import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from agent.tracing import trace_id
from tests.app.api.conftest import PASSWORD, Api
from tests.fakes.langsmith import PROJECT_ID, FakeLangSmith
from tests.fakes.llm.server import serve

KEY = "lsv2_pt_0123456789abcdef"
_PATIENCE = 60


@pytest.fixture(scope="module")
def langsmith() -> Iterator[tuple[FakeLangSmith, str]]:
    fake = FakeLangSmith()
    with serve(fake) as address:
        yield fake, address


@pytest.fixture(scope="module")
def traced(start: Callable[..., Api], langsmith: tuple[FakeLangSmith, str]) -> Api:
    """A server that traces, whose sender of feedback is in a hurry."""
    return start(
        "tests.app.api.hasty",
        LANGSMITH_API_KEY=KEY,
        ISRA_LANGSMITH_ENDPOINT=langsmith[1],
    )


@pytest.fixture(scope="module")
def analysis_id(traced: Api) -> str:
    """A published analysis of Ada's."""
    with traced.of("ada") as ada:
        return traced.finished(ada)


def comes(true: Callable[[], bool]) -> bool:
    """Whether it becomes so within a time that only a broken sender takes."""
    until = time.monotonic() + _PATIENCE
    while not true() and time.monotonic() < until:
        time.sleep(0.05)
    return true()


def by_cookie(api: Api, user: str) -> httpx.Client:
    form = {"username": user, "password": PASSWORD}
    answer = httpx.post(f"{api.server.base}/login", data=form, timeout=60)
    return httpx.Client(
        base_url=api.server.base, cookies=answer.raise_for_status().cookies, timeout=60
    )


def test_a_thumb_reaches_its_run_after_an_outage_and_is_changed_and_taken_back_there(
    traced: Api, langsmith: tuple[FakeLangSmith, str], analysis_id: str
) -> None:
    fake, _ = langsmith
    assert comes(lambda: any(run.get("end_time") for run in fake.roots))
    [root] = fake.roots
    assert root["id"] == trace_id(analysis_id)

    fake.failing = 503
    before = len(fake.paths)
    with traced.of("ada") as ada:
        thumb = {"value": "down", "comment": "Wrong year, ask jane@example.org."}
        given = ada.put(f"analyses/{analysis_id}/feedback", json=thumb).raise_for_status().json()
        # Tried more than once, and nobody was kept waiting.
        assert comes(lambda: len(fake.paths) > before + 1)
        assert fake.feedback == {}
        fake.failing = 0
        assert comes(lambda: given["id"] in fake.feedback)
        sent = fake.feedback[given["id"]]
        assert (sent["run_id"], sent["trace_id"]) == (root["id"], root["id"])
        assert (sent["key"], sent["score"]) == ("user_thumb", 0)
        assert sent["comment"] == "Wrong year, ask <e-mail>."

        again = ada.put(f"analyses/{analysis_id}/feedback", json={"value": "up"})
        assert again.raise_for_status().json()["id"] == given["id"]
    assert comes(lambda: fake.feedback[given["id"]]["score"] == 1)

    with by_cookie(traced, "bob") as bob, by_cookie(traced, "ada") as own:
        taken = {"feedbackId": given["id"]}
        assert bob.request("DELETE", "/feedback", json=taken).status_code == 404
        own.request("DELETE", "/feedback", json=taken).raise_for_status()
    assert comes(lambda: fake.feedback == {})
    for secret in (KEY.encode(), b"jane@"):
        assert secret not in fake.captured


def test_only_an_owner_is_led_to_the_run(traced: Api, analysis_id: str) -> None:
    link = f"/owner/trace/{analysis_id}"
    with by_cookie(traced, "olga") as owner, by_cookie(traced, "ada") as ada:
        led = owner.get(link)
        assert led.status_code == 307
        place = urlsplit(led.headers["location"]).path
        assert place.endswith(f"/projects/p/{PROJECT_ID}/r/{trace_id(analysis_id)}")
        assert ada.get(link).status_code == 404
        assert owner.get("/owner/trace/no-such-analysis").status_code == 404
        page = owner.get("/owner/feedback").text
    assert httpx.get(f"{traced.server.base}{link}", timeout=60).status_code == 401
    assert "Nobody has given feedback yet" in page
