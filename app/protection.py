"""Keeps a worker that is at work from being chosen when ECS takes tasks away.

ECS tells a task the address of its agent in ECS_AGENT_URI; elsewhere nothing is done. See
"Task scale-in protection endpoint" in the Amazon ECS developer guide.
"""

import asyncio
from collections.abc import Callable

import httpx

from agent.logs import get_logger

log = get_logger(__name__)

_PATH = "/task-protection/v1/state"
_LOOK_SECONDS = 10.0
_MINUTES = 15
"""A protection that nobody renews ends after so long: its worker is dead."""
_RENEW_SECONDS = 300.0


async def protect_while_busy(
    agent: str, busy: Callable[[], bool], *, look_seconds: float = _LOOK_SECONDS
) -> None:
    """Protect this task while `busy` says so, and release it after; until cancelled.

    An agent that does not answer or refuses costs no run: the next look asks again.
    """
    loop = asyncio.get_running_loop()
    protected, asked_at = False, 0.0
    async with httpx.AsyncClient(base_url=agent, timeout=5, trust_env=False) as client:
        while True:
            wanted = busy()
            due = wanted and loop.time() - asked_at >= _RENEW_SECONDS
            if (wanted != protected or due) and await _ask(client, wanted):
                protected, asked_at = wanted, loop.time()
            await asyncio.sleep(look_seconds)


async def _ask(client: httpx.AsyncClient, wanted: bool) -> bool:
    body: dict[str, object] = {"ProtectionEnabled": wanted}
    if wanted:
        body["ExpiresInMinutes"] = _MINUTES
    try:
        answer = await client.put(_PATH, json=body)
        refused = answer.is_error or "failure" in answer.json()
    except (httpx.HTTPError, ValueError) as error:
        log.warning("scale-in protection not set", error=type(error).__name__)
        return False
    if refused:
        log.warning("scale-in protection refused", status=answer.status_code)
    return not refused
