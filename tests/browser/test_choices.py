"""Where code is not sure of a report the user chooses one, and the analysis goes on with it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, shot
from tests.browser.online_server import UNSURE
from tests.browser.steps import LONG, analysis_id, confirm, open_chat, rows, say
from tests.browser.test_uploads import attach
from tests.fakes.internet.pdfs import report
from tests.fakes.internet.world import LAST

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def online(serve: Callable[..., Server]) -> Iterator[Server]:
    """A server that searches a small internet."""
    server = serve(
        module="tests.browser.online_server",
        ISRA_OFFLINE="false",
        ISRA_SEARCH="library,directory,searxng",
        ISRA_SEARXNG_URL="http://127.0.0.1:1",
        ISRA_SBTI_URL="https://register.test/companies-excel.xlsx",
        ISRA_WEB_PAUSE="0",
    )
    yield server
    server.kill()


def searched(server: Server, analysis: str) -> set[str]:
    """The companies whose report was looked for in an analysis."""
    query = "SELECT DISTINCT company_id FROM run_events WHERE analysis_id = ? AND kind = 'stage'"
    return {row[0] for row in rows(server.database, query, analysis)}


def test_a_document_is_chosen_and_only_its_company_is_worked_on(
    online: Server, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page()
    open_chat(page, online.base)
    say(page, "only Aldermoor Cement, Birkenau and Cedarholm")
    page.locator("#company-review").wait_for()
    confirm(page)
    page.locator("#report-choice").wait_for(timeout=LONG)
    first = analysis_id(page)
    choice = page.locator(".isra-choice")
    expect(choice).to_have_count(1)
    expect(choice).to_contain_text("files.elsewhere.org")
    expect(choice).to_contain_text(str(LAST))
    expect(page.locator("#choice-confirm")).to_be_disabled()
    refused = page.get_by_label("Documents not taken for Cedarholm")
    page.locator(".isra-progress-head").click()
    expect(refused).to_contain_text("web page")
    page.reload()
    page.locator("#report-choice").scroll_into_view_if_needed()
    shot(page, "14-choice")
    page.locator(f'.isra-document input[value="{UNSURE}"]').check()
    page.locator("#choice-confirm").click()
    newest = page.locator("#analysis-result").nth(1)
    newest.locator("#comparison-table").wait_for(timeout=LONG)
    expect(page.get_by_text("1 report chosen")).to_be_visible()
    expect(page.locator("#report-choice")).to_have_count(0)

    second = newest.get_attribute("data-analysis") or ""
    assert first != second
    assert "birkenau" in searched(online, second)
    assert not [one for one in searched(online, second) if "aldermoor" in one]
    view = page.context.request.get(f"{online.base}/analyses/{second}/view").json()
    states = {company["name"]: company["status"] for company in view["companies"]}
    assert states["Birkenau"] == "done"
    chosen = next(company for company in view["companies"] if company["name"] == "Birkenau")
    assert chosen["target_checks"][0]["status"] == "validated"

    newest.get_by_role("tab", name="Companies").click()
    newest.locator('[data-company="Birkenau"] .isra-company-head').click()
    expect(newest.locator('[data-company="Birkenau"]')).to_contain_text("SBTi")
    newest.locator('[data-company="Birkenau"]').scroll_into_view_if_needed()
    shot(page, "15-register")

    own = tmp_path / "cedarholm.pdf"
    own.write_bytes(report("Cedarholm", LAST))
    attach(page, own)
    third = page.locator("#analysis-result").nth(2)
    third.locator("#comparison-table").wait_for(timeout=LONG)
    expect(page.get_by_text("Going on with the report of Cedarholm")).to_be_visible()
    assert searched(online, third.get_attribute("data-analysis") or "") == {"cedarholm"}
