"""A worker at work is protected from scale-in, an idle one is not, whatever the agent answers."""

import asyncio
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from app.protection import protect_while_busy
from tests.fakes.llm.server import serve


class FakeAgent:
    """The ECS agent's endpoint; the first `refusals` calls are refused as ECS does."""

    def __init__(self, refusals: int = 0) -> None:
        self.asked: list[dict[str, Any]] = []
        self.refusals = refusals
        route = Route("/task-protection/v1/state", self._put, methods=["PUT"])
        self.app = Starlette(routes=[route])

    async def _put(self, request: Request) -> JSONResponse:
        self.asked.append(await request.json())
        if len(self.asked) <= self.refusals:
            return JSONResponse({"failure": {"Reason": "DEPLOYMENT_BLOCKED"}})
        return JSONResponse({"protection": self.asked[-1]})


async def until(agent: FakeAgent, count: int) -> None:
    async with asyncio.timeout(30):
        while len(agent.asked) < count:
            await asyncio.sleep(0.01)


async def test_it_is_asked_for_once_while_busy_and_given_back() -> None:
    agent, busy = FakeAgent(), [False]
    with serve(agent) as address:
        guard = asyncio.create_task(protect_while_busy(address, lambda: busy[0], look_seconds=0.01))
        await asyncio.sleep(0.1)
        assert agent.asked == []
        busy[0] = True
        await until(agent, 1)
        await asyncio.sleep(0.1)
        busy[0] = False
        await until(agent, 2)
        guard.cancel()
    assert agent.asked == [
        {"ProtectionEnabled": True, "ExpiresInMinutes": 15},
        {"ProtectionEnabled": False},
    ]


async def test_a_refusal_is_asked_again_and_an_absent_agent_costs_nothing() -> None:
    agent = FakeAgent(refusals=2)
    with serve(agent) as address:
        guard = asyncio.create_task(protect_while_busy(address, lambda: True, look_seconds=0.01))
        await until(agent, 3)
        await asyncio.sleep(0.1)
        assert len(agent.asked) == 3
        guard.cancel()
    nowhere = asyncio.create_task(
        protect_while_busy("http://127.0.0.1:9", lambda: True, look_seconds=0.01)
    )
    await asyncio.sleep(0.2)
    assert not nowhere.done()
    nowhere.cancel()
