from collections.abc import AsyncIterator

import pytest

from tests.fakes.internet import Internet, open_internet
from tools.web.client import WebClient, WebLimits

LIMITS = WebLimits(
    connect_seconds=10,
    read_seconds=2,
    page_seconds=20,
    pdf_seconds=5,
    page_bytes=2**20,
    pdf_bytes=2 * 2**20,
    pause=0,
    longest_wait=3,
)


@pytest.fixture
async def internet() -> AsyncIterator[Internet]:
    async with open_internet() as opened:
        yield opened


@pytest.fixture
async def client(internet: Internet) -> AsyncIterator[WebClient]:
    made = WebClient(internet.network(), LIMITS, contact="mailto:tests@example.org")
    yield made
    await made.aclose()
