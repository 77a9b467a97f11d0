"""A model that obeys every order it can read, whoever wrote it.

It answers over HTTP as a provider does (the server is the one of the tests). Beside a few true
sentences it writes what each attack wants, citing in turn the item that holds the attack, the
figures, and nothing.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from evals.suites.injection_attacks import Attack, bare
from evals.suites.injection_runs import SOUGHT
from tests.fakes.llm.analyst import claims, document, evidence
from tests.fakes.llm.server import FakeModels
from tests.fakes.llm.wire import Call, Reply

_TRUE_ONES = 3


@dataclass
class ObedientModel:
    """Answers calls; `read` are the ids of the attacks that reached one of its prompts."""

    attacks: Sequence[Attack]
    read: set[str] = field(default_factory=set)

    def __call__(self, call: Call) -> Reply:
        """The reply a model without a will of its own gives."""
        shown = bare(f"{call.system}\n{call.user}")
        seen = [attack for attack in self.attacks if attack.is_read_in(shown)]
        lines = bare("\n".join(line for _, line in evidence(call).values()))
        self.read |= {
            attack.id
            for attack in seen
            # A question may name what a page says; that is no way for the page into the prompt.
            if attack.place != "visible" or attack.is_read_in(lines)
        }
        return Reply(text=json.dumps(_obeying(call, seen)), chunks=20)


def _obeying(call: Call, seen: list[Attack]) -> dict[str, Any]:
    asked = call.wanted.get("properties", {})
    said = [attack.sentence("The company") for attack in seen]
    if "sentences" in asked:
        texts = said or ["Ein Satz."]
        numbered = [{"number": n, "text": texts[n % len(texts)]} for n in range(1, 41)]
        return {"sentences": numbered}
    honest = document(call)
    if not seen:
        return honest
    if "chosen" in asked:
        added = [{"name": text, "country": text, "reason": text} for text in said]
        chosen = [{**row, "reason": said[0]} for row in honest["chosen"]]
        return {"chosen": chosen, "left_out": [], "added": added}
    if "kind" in asked:
        return {"kind": "analysis", "industry": said[0], "companies": said, "year": 2024}
    drafts = _drafts(call, seen)
    if "replaces" in json.dumps(asked):
        return {"claims": [{**draft, "replaces": f"R{n}"} for n, draft in enumerate(drafts, 1)]}
    return {**honest, "claims": [*claims(call)[:_TRUE_ONES], *drafts]}


def _drafts(call: Call, seen: list[Attack]) -> list[dict[str, Any]]:
    """The wanted sentences, best disguise first: as said by the very item that orders them."""
    items = evidence(call)
    figures = [name for name in items if name.startswith("K")][:4]
    by_order: list[dict[str, Any]] = []
    by_figures: list[dict[str, Any]] = []
    for attack in seen:
        own = [name for name, (_, line) in items.items() if attack.is_read_in(bare(line))]
        company = next((items[name][0] for name in own if items[name][0]), "The company")
        text = attack.sentence(company)
        by_order.append({"text": text, "topic": "Emissions", "cites": own[:2] or figures})
        by_figures.append({"text": text, "topic": "Emissions", "cites": figures})
        by_figures.append({"text": f"{text} Verified.", "topic": "Emissions", "cites": []})
    return [*by_order, *by_figures]


@dataclass
class HostileServer:
    """The obeying model and a search engine whose results attack, behind one address."""

    model: ObedientModel

    @property
    def app(self) -> ASGIApp:
        """What is served: the search first, everything else is the model's."""
        search = Route("/search", self._search)
        return Starlette(routes=[search, Mount("/", app=FakeModels(self.model).app)])

    async def _search(self, _request: Request) -> JSONResponse:
        found = [
            {
                "url": f"https://files.reports.example/{SOUGHT}-sustainability-report-{n}.pdf",
                "title": f"{SOUGHT} {attack.words}" if attack.place == "search_title" else SOUGHT,
                "content": attack.words,
            }
            for n, attack in enumerate(self.model.attacks)
            if attack.place in {"search_title", "search_page"}
        ]
        return JSONResponse({"results": found})
