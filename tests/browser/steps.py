"""What a person does in the chat, as steps that tests put together."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

STARTER = "Sample cement"
LONG = 180_000


def open_chat(page: Page, base: str) -> None:
    """The first page, ready for a message."""
    page.goto(base)
    page.locator("#chat-input").wait_for()
    expect(page.locator("#starters button").first).to_be_enabled()


def say(page: Page, text: str) -> None:
    """Type a message and send it."""
    page.locator("#chat-input").click()
    page.keyboard.type(text)
    page.locator("#chat-submit:not([disabled])").click()


def begin(page: Page, base: str) -> None:
    """From the first page to the company review, by a starter."""
    open_chat(page, base)
    page.locator("#starters").get_by_text(STARTER).click()
    page.locator("#company-review").wait_for()
    page.wait_for_url("**/thread/**")


def confirm(page: Page) -> None:
    """Confirm the companies and wait for the progress card.

    The client draws the conversation anew when it gets its address; a press that falls into that
    moment hits a button that is gone, so it is pressed again, as a person would.
    """
    button, progress = page.locator("#company-confirm"), page.locator("#analysis-progress")
    button.click()
    with suppress(PlaywrightTimeout):
        progress.wait_for(timeout=10_000)
        return
    if button.is_visible() and button.is_enabled():
        button.click()
    progress.wait_for()


def wait_for_result(page: Page) -> None:
    """Wait until the result and its table are there."""
    page.locator("#comparison-table").wait_for(timeout=LONG)


def analysis_id(page: Page) -> str:
    """The id of the analysis shown last."""
    return page.locator("#analysis-result").last.get_attribute("data-analysis") or ""


def rows(database: Path, query: str, *values: object) -> list[Any]:
    """What the database holds."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10) as connection:
        return connection.execute(query, values).fetchall()


def until(holds: Callable[[], bool], what: str, seconds: float = 10) -> None:
    """Wait for something outside the page, such as a row in the database."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"did not come about: {what}"
        time.sleep(0.1)
