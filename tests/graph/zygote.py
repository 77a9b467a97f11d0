"""Runs analyses in processes that a test kills: everything is imported once, then forked.

Reads a JSON list a line: the analysis' id, its industry, its library. Answers with the
process' id. The process takes up what was left behind, or begins the analysis.
"""

import asyncio
import json
import os
import signal
import sys

from agent.domain import AnalysisRequest
from agent.errors import NotFoundError
from agent.logs import configure_logs
from agent.settings import get_settings
from graph.events import FINAL
from graph.runner import open_research


async def run(analysis_id: str, industry: str, library: str) -> None:
    async with open_research(get_settings(), "here") as research:
        try:
            await research.status(analysis_id)
            await research.recover()
        except NotFoundError:
            request = AnalysisRequest(industry=industry, library=library, unattended=True)
            await research.start(request, analysis_id=analysis_id)
        async for event in research.events(analysis_id):
            if event.kind in FINAL:
                return


def main() -> None:
    configure_logs("error")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            os.setsid()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            asyncio.run(run(*json.loads(line)))
            os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
