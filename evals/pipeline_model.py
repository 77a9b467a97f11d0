"""A model for benchmarks: a server in a process of its own that answers after a fixed time.

It is the one of the tests, so benchmarks that use it run from the repository only.
"""

import json
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from agent.models.tokens import estimate_tokens
from tests.fakes.llm.analyst import careful
from tests.fakes.llm.server import FakeModels, serve
from tests.fakes.llm.wire import Call, Reply


@contextmanager
def model_server(latency: float) -> Iterator[str]:
    """Run the server; gives its address. Its memory and CPU time are not this process's."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(latency, theirs), daemon=True)
    process.start()
    try:
        address: str = ours.recv()
        yield address
    finally:
        ours.send("end")
        process.join(10)
        process.kill()


def _serve(latency: float, pipe: Connection) -> None:
    def respond(call: Call) -> Reply:
        shown = f"{call.system}\n{call.user}\n{json.dumps(call.wanted)}"
        return Reply(
            text=careful(call).text, delay=latency, input_tokens=estimate_tokens(shown), chunks=40
        )

    with serve(FakeModels(respond)) as address:
        pipe.send(address)
        pipe.recv()
