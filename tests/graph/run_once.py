"""A process that runs one analysis with the sample library, to be killed by a test.

It takes up what is left behind, or begins the analysis of the given id.
"""

import asyncio
import sys

from agent.domain import AnalysisRequest
from agent.errors import NotFoundError
from agent.settings import get_settings
from graph.events import FINAL
from graph.runner import open_research


async def main(analysis_id: str, industry: str, limit: int) -> None:
    async with open_research(get_settings(), "here") as research:
        try:
            await research.status(analysis_id)
            await research.recover()
        except NotFoundError:
            request = AnalysisRequest(industry=industry, limit=limit, unattended=True)
            await research.start(request, analysis_id=analysis_id)
        async for event in research.events(analysis_id):
            if event.kind in FINAL:
                return


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
