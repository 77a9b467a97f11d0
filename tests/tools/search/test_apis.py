"""The search APIs over real HTTP, on loopback."""

import asyncio
import json
from collections.abc import Callable

import pytest

from agent.domain import Company
from tests.fakes.internet import Reply, Request, Site, serve_plainly
from tools.search.apis import Brave, Exa, SearchApi, SearxNg, Tavily

COMPANY = Company(id="nordhavn", name="Nordhavn", domains=("nordhavn.com",))
ROWS = [{"url": "https://www.nordhavn.com/r.pdf", "title": "Sustainability Report", "score": 1}]

APIS: dict[str, tuple[Callable[[str], SearchApi], str, object, object]] = {
    "tavily": (
        lambda base: Tavily(base=base, key="word"),
        "/search",
        {"results": ROWS, "answer": None, "response_time": 0.4},
        {"results": []},
    ),
    "brave": (
        lambda base: Brave(base=base, key="word"),
        "/res/v1/web/search",
        {"web": {"results": ROWS}},
        {"query": {}},
    ),
    "searxng": (
        lambda base: SearxNg(base=base),
        "/search",
        {"results": ROWS, "unresponsive_engines": [["bing", "timeout"]]},
        {"results": [], "unresponsive_engines": []},
    ),
    "exa": (
        lambda base: Exa(base=base, key="word"),
        "/search",
        {"results": ROWS, "requestId": "1"},
        {"results": []},
    ),
}
EVERY = pytest.mark.parametrize("name", APIS)


def answer(content: object, status: int = 200) -> Reply:
    body = content.encode() if isinstance(content, str) else json.dumps(content).encode()
    return Reply(body, status, {"Content-Type": "application/json"})


async def ask(name: str, reply: Reply, year: int | None = 2024) -> tuple[object, list[Request]]:
    make, path, _, _ = APIS[name]
    site = Site({path: reply})
    async with serve_plainly(site) as base:
        api = make(base)
        try:
            return await api.candidates(COMPANY, year), site.asked
        finally:
            await api.aclose()


@EVERY
async def test_its_hits_are_given_with_address_and_title(name: str) -> None:
    outcome, asked = await ask(name, answer(APIS[name][2]))
    assert outcome.status == "found"
    assert [(hit.url, hit.title, hit.provider) for hit in outcome.hits] == [
        (ROWS[0]["url"], ROWS[0]["title"], name)
    ]
    assert len(asked) == 1, "the company's own domains gave a PDF: nothing more is asked"


@EVERY
async def test_an_empty_answer_is_nothing_and_not_a_failure(name: str) -> None:
    outcome, asked = await ask(name, answer(APIS[name][3]))
    assert (outcome.status, outcome.hits) == ("nothing", ())
    assert len(asked) == 2, "first on its own domains, then everywhere"


@EVERY
@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "refuses the key"), (429, "no requests left"), (500, "error (500)")],
)
async def test_a_refusal_is_a_failure_in_words(name: str, status: int, words: str) -> None:
    outcome, _ = await ask(name, answer({}, status))
    assert outcome.status == "failed"
    assert words in outcome.reason


@EVERY
@pytest.mark.parametrize("content", ["<html>", {"results": [1], "web": {"results": [1]}}])
async def test_an_answer_of_another_shape_is_a_failure(name: str, content: object) -> None:
    outcome, _ = await ask(name, answer(content))
    assert outcome.status == "failed"


@EVERY
async def test_a_server_that_is_away_is_a_failure(name: str) -> None:
    async with serve_plainly(Site()) as base:
        pass
    api = APIS[name][0](base)
    outcome = await api.candidates(COMPANY, None)
    await api.aclose()
    assert outcome.status == "failed"
    assert "cannot be reached" in outcome.reason


async def test_an_empty_answer_of_silent_engines_is_a_failure() -> None:
    silent = {"results": [], "unresponsive_engines": [["google", "CAPTCHA"], ["bing", "timeout"]]}
    outcome, _ = await ask("searxng", answer(silent))
    assert outcome.status == "failed"
    assert "2 engines" in outcome.reason


async def test_keys_and_queries_go_where_each_provider_wants_them() -> None:
    _, (tavily,) = await ask("tavily", answer(APIS["tavily"][2]))
    assert tavily.headers["authorization"] == "Bearer word"
    sent = json.loads(tavily.body)
    assert sent["include_domains"] == ["nordhavn.com"]
    assert "Nordhavn" in sent["query"]
    assert "2024" in sent["query"]
    _, (brave,) = await ask("brave", answer(APIS["brave"][2]))
    assert brave.headers["x-subscription-token"] == "word"
    assert "site%3Anordhavn.com" in brave.query
    _, (exa,) = await ask("exa", answer(APIS["exa"][2]))
    assert exa.headers["x-api-key"] == "word"
    assert json.loads(exa.body)["includeDomains"] == ["nordhavn.com"]


async def test_the_requests_of_a_day_are_limited() -> None:
    site = Site({"/search": answer({"results": []})})
    async with serve_plainly(site) as base:
        api = Exa(base=base, key="word", requests=3)
        outcomes = [await api.candidates(COMPANY, None) for _ in range(2)]
        await api.aclose()
    assert [outcome.status for outcome in outcomes] == ["nothing", "failed"]
    assert "used up" in outcomes[1].reason
    assert len(site.asked) == 3


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    outcome, _ = await ask("tavily", answer(APIS["tavily"][2]))
    assert outcome.status == "found"


async def test_ddgs_that_cannot_search_is_a_failure() -> None:
    duck = pytest.importorskip("tools.search.duck")
    pytest.importorskip("ddgs")
    provider = duck.Duck(proxy="http://127.0.0.1:9")
    async with asyncio.timeout(60):
        outcome = await provider.candidates(COMPANY, 2024)
    assert outcome.status == "failed"
