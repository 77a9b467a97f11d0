"""A run's events folded into what the progress card shows."""

from dataclasses import dataclass, field
from typing import Any, Literal

from graph.events import RunEvent

STAGES: dict[str, str] = {
    "search_report": "Finding the report",
    "retrieve_pdf": "Fetching the report",
    "read_pdf": "Reading pages",
    "extract_kpis": "Extracting figures",
    "summarize": "Summarizing",
    "verify_summary": "Checking every claim",
}
_ORDER = list(STAGES)
Phase = Literal[
    "finding", "review", "companies", "comparing", "writing", "done", "stopped", "failed"
]
ENDED: frozenset[Phase] = frozenset({"done", "stopped", "failed"})


@dataclass(slots=True)
class CompanyProgress:
    """How far one company is."""

    id: str
    name: str
    stage: str = ""
    state: Literal["waiting", "running", "done", "failed"] = "waiting"
    pages: int = 0
    total_pages: int = 0
    figures: int = 0
    reason: str = ""
    refused: list[dict[str, str]] = field(default_factory=list)
    """Documents that were looked at and not taken, each with its address and the reason."""
    choices: list[dict[str, Any]] = field(default_factory=list)
    """Documents of the web that may be the report, for the user to choose from."""

    def props(self) -> dict[str, Any]:
        """What the card shows of this company; `step` counts finished stages."""
        step = _ORDER.index(self.stage) if self.stage in _ORDER else 0
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "step": len(_ORDER) if self.state == "done" else step,
            "stage": STAGES.get(self.stage, ""),
            "pages": self.pages,
            "total_pages": self.total_pages,
            "figures": self.figures,
            "reason": self.reason,
            "refused": self.refused,
            "choices": len(self.choices),
        }


@dataclass(slots=True)
class Progress:
    """One run as its events tell it; events may come in any tempo, also all at once."""

    phase: Phase = "finding"
    industry: str = ""
    fictional: bool = False
    started_at: str = ""
    confirmed_at: str = ""
    ended_at: str = ""
    what: str = ""
    do: str = ""
    note: str = ""
    companies: dict[str, CompanyProgress] = field(default_factory=dict)
    proposed: list[dict[str, Any]] = field(default_factory=list)
    proposed_at: str = ""
    confirmed: list[dict[str, Any]] = field(default_factory=list)
    written: list[dict[str, Any]] = field(default_factory=list)
    """Sentences of the synthesis so far; each has been found on its page."""

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.phase in ENDED

    def apply(self, event: RunEvent) -> None:
        """Take one event in."""
        data: dict[str, Any] = event.data
        match event.kind:
            case "started":
                self.started_at = event.at
                self.industry = self.industry or str(data.get("industry", ""))
            case "industry":
                self.industry = str(data.get("name", self.industry))
                self.fictional = bool(data.get("fictional"))
            case "indexing":
                self.note = _indexing(data)
            case "proposed":
                self.phase, self.proposed_at = "review", event.at
                self.proposed = list(data.get("companies", []))
            case "confirmed":
                self._confirm(event.at, list(data.get("companies", [])))
            case "stage" | "company_done" | "company_failed" | "report_refused":
                self._company(event)
            case "retrying":
                self._retry(list(data.get("companies", [])))
            case "comparing":
                self.phase = "comparing"
            case "synthesizing":
                self.phase, self.written = "writing", []
            case "synthesis_piece":
                self.written.append(_sentence(data))
            case "published" | "cancelled" | "failed":
                self._end(event)

    def _end(self, event: RunEvent) -> None:
        phases: dict[str, Phase] = {"published": "done", "cancelled": "stopped", "failed": "failed"}
        self.phase, self.ended_at = phases[event.kind], event.at
        if event.kind == "published":
            self.written = []
        self.what, self.do = str(event.data.get("what", "")), str(event.data.get("do", ""))

    def props(self) -> dict[str, Any]:
        """What the progress card shows."""
        rows = list(self.companies.values())
        return {
            "phase": self.phase,
            "industry": self.industry,
            "companies": [row.props() for row in rows],
            "stages": list(STAGES.values()),
            "pages": sum(row.pages for row in rows),
            "figures": sum(row.figures for row in rows),
            "written": self.written,
            "finished": sum(row.state in {"done", "failed"} for row in rows),
            "started_at": self.confirmed_at or self.started_at,
            "ended_at": self.ended_at,
        }

    def _confirm(self, at: str, companies: list[dict[str, Any]]) -> None:
        self.phase, self.confirmed_at, self.confirmed = "companies", at, companies
        for row in companies:
            self.companies.setdefault(row["id"], CompanyProgress(row["id"], row["name"]))

    def _retry(self, companies: list[dict[str, Any]]) -> None:
        """An ended run goes on: what failed waits again, the rest stays as it is."""
        self.phase, self.ended_at, self.what, self.do = "companies", "", "", ""
        for row in companies:
            self.companies[row["id"]] = CompanyProgress(row["id"], row["name"])

    def _company(self, event: RunEvent) -> None:
        data: dict[str, Any] = event.data
        id_ = event.company_id or ""
        name = str(data.get("name", id_))
        row = self.companies.setdefault(id_, CompanyProgress(id_, name))
        row.pages = int(data.get("pages", row.pages))
        row.total_pages = int(data.get("total_pages", row.total_pages))
        row.figures = int(data.get("figures", row.figures))
        if event.kind == "company_done":
            row.state = "done"
        elif event.kind == "company_failed":
            row.state, row.reason = "failed", str(data.get("reason", ""))
            row.choices = list(data.get("choices", []))
        elif event.kind == "report_refused":
            refused = {name: str(data.get(name, "")) for name in ("url", "reason")}
            if refused not in row.refused:
                row.refused.append(refused)
        else:
            # A step tried again after a fault may tell an earlier stage; show what is true.
            row.state, row.stage = "running", str(data.get("stage", row.stage))


def _sentence(data: dict[str, Any]) -> dict[str, Any]:
    claim = data["claim"]
    pages = dict.fromkeys(place["page"] for place in claim["evidence"])
    return {"text": claim["text"], "topic": claim["topic"], "pages": list(pages)}


def _indexing(data: dict[str, Any]) -> str:
    if "total" not in data:
        return "Looking through the reports at hand."
    return f"Looking through the reports at hand: {data['number']} of {data['total']}."
