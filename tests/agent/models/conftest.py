"""A fake server and a gateway in front of it."""

from collections.abc import Iterator

import pytest

from agent.ledger import MemoryLedger
from tests.fakes.llm.bench import PARIS, Bench
from tests.fakes.llm.providers import pretend_aws
from tests.fakes.llm.server import FakeModels, serve
from tests.fakes.llm.wire import Reply


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    pretend_aws(monkeypatch)
    server = FakeModels(lambda call: Reply(text=PARIS))
    with serve(server) as url:
        yield Bench(server, url, MemoryLedger())
