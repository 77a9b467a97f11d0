"""A reader's language is added under the checked English, and says what it is."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, shot
from tests.browser.steps import analysis_id, confirm, open_chat, say, wait_for_result
from tests.fakes.llm import server as llm
from tests.fakes.llm.analyst import careful
from tests.fakes.llm.wire import Call, Reply

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
MARK = "Auf Deutsch:"
NAMES = ["Aldermoor Cement", "Brennfels"]


def bilingual(call: Call) -> Reply:
    """A careful model that can also translate: its German is the English behind a mark."""
    if "kind" in call.wanted.get("properties", {}):
        wish = {"kind": "analysis", "industry": "sample cement", "companies": NAMES, "year": None}
        return Reply(text=json.dumps(wish))
    if "Language: Deutsch" not in call.user:
        return careful(call)
    found = re.findall(r"^(\d+)\. (.+)$", call.user, re.MULTILINE)
    sentences = [{"number": int(n), "text": f"{MARK} {text}"} for n, text in found]
    return Reply(text=json.dumps({"sentences": sentences}))


@pytest.fixture(scope="module")
def german(serve_models: str, serve: Callable[..., Server]) -> Iterator[Server]:
    """A server with a model; its users may choose to do without."""
    server = serve(
        ISRA_MODEL="openai:gpt-5-mini",
        ISRA_MODEL_BASE_URL=serve_models,
        ISRA_OPENAI_API_KEY="sk-made-up-for-tests",
    )
    yield server
    server.kill()


@pytest.fixture(scope="module")
def serve_models() -> Iterator[str]:
    """The address of a server that speaks as model providers do."""
    with llm.serve(llm.FakeModels(bilingual)) as url:
        yield url


def choose_german(page: Page) -> None:
    page.locator("#chat-settings-open-modal").click()
    page.locator("#language").click()
    page.get_by_role("option", name="Deutsch").click()
    page.locator("#confirm").click()


def test_the_result_is_translated_under_a_label_and_the_checked_text_stays(
    german: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    open_chat(page, german.base)
    choose_german(page)
    say(page, f"sample cement, only {' and '.join(NAMES)}")
    page.locator("#company-review").wait_for()
    confirm(page)
    wait_for_result(page)
    label = page.get_by_text("Deutsch: translated by the language model")
    label.wait_for()
    label.scroll_into_view_if_needed()
    shot(page, "16-language")

    view = page.context.request.get(f"{german.base}/analyses/{analysis_id(page)}/view").json()
    claims = page.locator(".message-content", has=page.locator("#analysis-result"))
    assert MARK not in claims.inner_text()
    assert MARK not in json.dumps(view)
    translated = page.locator(".message-content", has_text="translated by the language model")
    lines = translated.locator("li").all_inner_texts()
    assert len(lines) == len(view["citations"])
    assert all(line.startswith(MARK) for line in lines)
    citations = translated.locator('a[href^="#cite-"]')
    expect(citations).to_have_count(len(lines))

    citations.first.click()
    page.locator("#evidence-picture").wait_for()
    quote = page.locator(".isra-quote").inner_text()
    assert quote in [view["sources"][n]["quote"] for n in view["citations"][0]]

    page.reload()
    page.get_by_text("Deutsch: translated by the language model").wait_for()
