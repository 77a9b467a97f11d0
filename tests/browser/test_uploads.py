"""A user's own PDF is taken in; a file that only claims to be one is not."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, shot
from tests.browser.steps import LONG, open_chat, say

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def attach(page: Page, path: Path) -> None:
    page.locator("#upload-button-input").set_input_files(path)
    page.locator("#chat-submit:not([disabled])").click()


@pytest.fixture
def sample() -> Path:
    folder = files("tools.library") / "samples" / "sample-beverages"
    return Path(str(next(file for file in folder.iterdir() if file.name.endswith(".pdf"))))


def test_a_report_is_taken_in_and_named(
    server: Server, open_page: Callable[..., Page], sample: Path
) -> None:
    page = open_page()
    open_chat(page, server.base)
    attach(page, sample)
    expect(page.get_by_text("is added:")).to_be_visible(timeout=LONG)
    shot(page, "11-upload")
    page.wait_for_url("**/thread/**")
    page.reload()
    expect(page.get_by_text("is added:")).to_be_visible()
    say(page, "use my PDFs")
    page.locator("#company-review").wait_for()
    expect(page.locator(".isra-company")).to_have_count(1)


def test_a_file_that_only_claims_to_be_a_pdf_is_refused(
    server: Server, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    false = tmp_path / "report.pdf"
    false.write_text("<script>alert(1)</script>")
    page = open_page()
    open_chat(page, server.base)
    attach(page, false)
    expect(page.get_by_text("was not added")).to_be_visible(timeout=LONG)
