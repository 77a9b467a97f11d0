"""An analyst before a fake server."""

from collections.abc import Iterator

import pytest

from agent.ledger import MemoryLedger
from tests.fakes.llm.analyst import careful
from tests.fakes.llm.bench import Bench
from tests.fakes.llm.providers import pretend_aws
from tests.fakes.llm.server import FakeModels, serve


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    pretend_aws(monkeypatch)
    server = FakeModels(careful)
    with serve(server) as url:
        yield Bench(server, url, MemoryLedger())
