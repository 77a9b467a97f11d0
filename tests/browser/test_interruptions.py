"""Reloads, second tabs, lost networks and killed servers lose nothing and double nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, shot
from tests.browser.steps import begin, confirm, rows, wait_for_result

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def mortal(serve: Callable[..., Server]) -> Server:
    """A server that may be killed; two companies are enough to be interrupted."""
    return serve(ISRA_COMPANIES="2")


def states(server: Server, page: Page) -> list[str]:
    """How the analyses of a conversation stand, by the database."""
    query = (
        "SELECT state FROM analyses JOIN chat_turns ON analysis_id = analyses.id "
        "WHERE chat_turns.kind = 'request' AND thread_id = ?"
    )
    return [row[0] for row in rows(server.database, query, page.url.rsplit("/", 1)[1])]


def test_a_reload_in_the_middle_brings_progress_and_stop_back(
    mortal: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    begin(page, mortal.base)
    confirm(page)
    page.reload()
    page.locator("#analysis-progress").wait_for()
    wait_for_result(page)
    expect(page.locator("#stop-button")).to_have_count(0)
    assert page.locator("#analysis-progress").count() == 1
    assert page.locator("#analysis-result").count() == 1


def test_stop_works_also_after_a_reload(mortal: Server, open_page: Callable[..., Page]) -> None:
    page = open_page()
    begin(page, mortal.base)
    confirm(page)
    with mortal.held_work():
        page.reload()
        page.locator("#stop-button").click()
        expect(page.get_by_text("What was read so far is kept")).to_be_visible()
    expect(page.locator("#stop-button")).to_have_count(0)
    shot(page, "10-stopped")
    assert states(mortal, page) == ["cancelled"]
    page.reload()
    expect(page.get_by_text("What was read so far is kept")).to_have_count(1)


def test_two_tabs_show_one_run_and_only_one_can_confirm_it(
    mortal: Server, open_page: Callable[..., Page]
) -> None:
    first = open_page()
    begin(first, mortal.base)
    second = first.context.new_page()
    second.goto(first.url)
    second.locator("#company-review").wait_for()
    confirm(first)
    second.locator("#company-confirm").click()
    expect(second.locator("#company-status")).to_be_visible()
    wait_for_result(first)
    wait_for_result(second)
    second.reload()
    wait_for_result(second)
    assert second.locator("#analysis-result").count() == 1


def test_a_closed_tab_does_not_end_the_run(mortal: Server, open_page: Callable[..., Page]) -> None:
    page = open_page()
    begin(page, mortal.base)
    confirm(page)
    address, context = page.url, page.context
    page.close()
    back = context.new_page()
    back.goto(address)
    wait_for_result(back)
    assert back.locator("#analysis-result").count() == 1


def test_a_killed_server_goes_on_where_it_was(
    mortal: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    begin(page, mortal.base)
    confirm(page)
    mortal.kill()
    mortal.start()
    page.goto(page.url)
    wait_for_result(page)
    assert page.locator("#analysis-result").count() == 1
    assert states(mortal, page) == ["published"]


def test_a_review_outlives_a_killed_server(mortal: Server, open_page: Callable[..., Page]) -> None:
    page = open_page()
    begin(page, mortal.base)
    mortal.kill()
    mortal.start()
    page.goto(page.url)
    page.locator("#company-review").wait_for()
    confirm(page)
    wait_for_result(page)


def test_a_lost_network_loses_no_message(mortal: Server, open_page: Callable[..., Page]) -> None:
    page = open_page()
    begin(page, mortal.base)
    confirm(page)
    page.context.set_offline(True)
    page.wait_for_timeout(2_000)
    page.context.set_offline(False)
    wait_for_result(page)
    assert page.locator("#analysis-result").count() == 1
