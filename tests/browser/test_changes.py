"""A result is changed in words: what stays as it was is not read again."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, shot
from tests.browser.steps import LONG, begin, confirm, open_chat, rows, say, wait_for_result

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def chat(server: Server, open_page: Callable[..., Page]) -> Page:
    """A conversation with a finished analysis of two of the sample companies."""
    page = open_page()
    begin(page, server.base)
    page.locator("#review-limit").fill("2")
    page.locator("#review-update").click()
    expect(page.locator("#company-confirm")).to_have_text("Analyse 2 companies")
    confirm(page)
    wait_for_result(page)
    return page


def changed(page: Page, text: str) -> Any:
    """Say it, wait for the next result, give what it shows."""
    before = page.locator("#analysis-result").count()
    say(page, text)
    newest = page.locator("#analysis-result").nth(before)
    newest.locator("#comparison-table").wait_for(timeout=LONG)
    analysis = newest.get_attribute("data-analysis")
    base = page.url.split("/thread/")[0]
    return page.context.request.get(f"{base}/analyses/{analysis}/view").json()


def stages(server: Server, analysis: str) -> set[str]:
    """The companies that were worked on in an analysis."""
    query = "SELECT DISTINCT company_id FROM run_events WHERE analysis_id = ? AND kind = 'stage'"
    return {row[0] for row in rows(server.database, query, analysis)}


def test_a_company_is_added_and_only_its_report_is_read(server: Server, chat: Page) -> None:
    view = changed(chat, "add Korvanta Cement")
    assert len(view["companies"]) == 3
    assert len(stages(server, view["analysis_id"])) == 1
    assert "korvanta" in stages(server, view["analysis_id"]).pop()
    expect(chat.get_by_text("Adding Korvanta Cement.")).to_be_visible()
    shot(chat, "13-added")


def test_a_company_is_dropped_without_reading_anything(server: Server, chat: Page) -> None:
    view = changed(chat, "drop Korvanta")
    assert [company["name"] for company in view["companies"] if "Korvanta" in company["name"]] == []
    assert stages(server, view["analysis_id"]) == set()


def test_a_figure_left_out_is_nowhere_in_the_new_result(chat: Page) -> None:
    view = changed(chat, "leave Scope 3 out")
    assert view["table"]["columns"]
    assert "scope_3" not in {column["kpi"] for column in view["table"]["columns"]}
    figures = [figure["title"] for company in view["companies"] for figure in company["figures"]]
    assert not [title for title in figures if "Scope 3" in title]


def test_another_year_is_used_and_said_where_it_is_not_at_hand(chat: Page) -> None:
    view = changed(chat, "redo with 2022")
    assert view["year"] == 2022
    expect(chat.get_by_text("No report of 2022 is at hand").last).to_be_visible()


def test_what_cannot_be_understood_says_what_can_be(chat: Page) -> None:
    say(chat, "instead")
    expect(chat.get_by_text("I did not find in this what to change")).to_be_visible()
    say(chat, "explain this number")
    expect(chat.get_by_text("Which number?")).to_be_visible()


def test_names_a_year_a_question_and_own_reports_start_an_analysis(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    open_chat(page, server.base)
    say(page, "only KION and Palfinger, 2023")
    page.locator("#company-review").wait_for()
    expect(page.locator(".isra-company")).to_have_count(2)
    expect(page.locator("#review-year")).to_have_value("2023")
    page.locator("#new-chat-button").click()
    say(page, "How do European airlines compare on net zero?")
    expect(page.locator("#company-review")).to_have_attribute(
        "aria-label", "Companies proposed for Airlines"
    )
    page.locator("#new-chat-button").click()
    say(page, "help")
    expect(page.get_by_text("I cannot tell you what the reports do not say")).to_be_visible()


def test_a_conversation_is_renamed_and_deleted_with_all_its_data(
    server: Server, chat: Page
) -> None:
    thread = chat.url.rsplit("/", 1)[1]
    of_thread = "SELECT analysis_id FROM chat_turns WHERE thread_id = ?"
    analyses = {row[0] for row in rows(server.database, of_thread, thread)}
    assert len(analyses) > 3
    request = chat.context.request
    renamed = {"threadId": thread, "name": "My cement"}
    assert request.put(f"{server.base}/project/thread", data=renamed).ok
    chat.reload()
    expect(chat.locator("#thread-history").get_by_text("My cement")).to_be_visible()
    assert request.delete(f"{server.base}/project/thread", data={"threadId": thread}).ok
    for table in ("chat_steps", "chat_elements", "chat_turns", "chat_feedback"):
        assert rows(server.database, f"SELECT 1 FROM {table} WHERE thread_id = ?", thread) == []
    left = {row[0] for row in rows(server.database, "SELECT id FROM analyses")}
    told = {row[0] for row in rows(server.database, "SELECT analysis_id FROM run_events")}
    assert not analyses & left and not analyses & told
