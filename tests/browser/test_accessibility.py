"""No step of the journey has a serious finding of the axe rules, in light or dark."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.steps import LONG, begin, confirm, open_chat, wait_for_result

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def findings() -> Callable[[Page], list[str]]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def serious(page: Page) -> list[str]:
        # The client names its own controls a moment after it has drawn them.
        page.wait_for_timeout(400)
        violations: list[dict[str, Any]] = axe.run(page).response["violations"]
        return [
            f"{found['id']}: {found['nodes'][0]['html'][:120]}"
            for found in violations
            if found["impact"] in SERIOUS
        ]

    return serious


@pytest.fixture(scope="module")
def finished(server: Server, open_page: Callable[..., Page]) -> str:
    """The address of a conversation with a finished analysis of two companies."""
    page = open_page()
    begin(page, server.base)
    page.locator("#review-limit").fill("2")
    page.locator("#review-update").click()
    expect(page.locator("#company-confirm")).to_have_text("Analyse 2 companies")
    confirm(page)
    wait_for_result(page)
    address = page.url
    page.context.close()
    return address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_step_can_be_used_by_everyone(
    server: Server,
    open_page: Callable[..., Page],
    findings: Callable[[Page], list[str]],
    finished: str,
    scheme: str,
) -> None:
    # The rules are injected as a script, which the page's own policy rightly refuses.
    page = open_page(color_scheme=scheme, bypass_csp=True)
    open_chat(page, server.base)
    assert findings(page) == []
    begin(page, server.base)
    assert findings(page) == []
    page.goto(finished)
    wait_for_result(page)
    assert findings(page) == []
    page.locator('a[href^="#cite-1"]').first.click()
    page.locator("#evidence-picture").wait_for(timeout=LONG)
    assert findings(page) == []
    for tab in ("Companies", "Not found", "About", "Targets", "Coverage"):
        page.get_by_role("tab", name=tab).click()
        assert findings(page) == [], tab
