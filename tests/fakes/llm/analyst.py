"""Answers as a careful model would: every sentence is taken from the evidence it was sent."""

import json
import re
from collections.abc import Callable
from typing import Any

from tests.fakes.llm.wire import Call, Reply

_ITEM = re.compile(r"^([KPTSC]\d+) \| (.*)$")
_FENCED = re.compile(r"^(=====EVIDENCE-\w+=====)\n(.*?)\n\1$", re.DOTALL | re.MULTILINE)


def evidence(call: Call) -> dict[str, tuple[str, str]]:
    """Item id → company (empty where there is only one) and line, as the prompt shows them."""
    found = _FENCED.search(call.user)
    items: dict[str, tuple[str, str]] = {}
    company = ""
    for row in found.group(2).splitlines() if found else []:
        if match := _ITEM.match(row):
            items[match[1]] = (company, match[2])
        elif row.strip():
            company = row.strip()
    return items


def claims(call: Call) -> list[dict[str, Any]]:
    """A sentence for every item."""
    drafts = []
    named = re.search(r"^Company: (.+)$", call.user, re.MULTILINE)
    for name, (company, line) in evidence(call).items():
        text = line.split(" | ")[-1] if name[0] in "PTSC" else _figure(line)
        who = company or (named[1] if named else "")
        if who and who not in text:
            text = f"{who}: {text}"
        topic = line.split(" | ")[0] if name[0] in "KPC" else "Climate targets"
        drafts.append({"text": text, "topic": topic, "cites": [name]})
    return drafts


def _figure(line: str) -> str:
    _, subject, year, value, *_ = line.split(" | ")
    return f"{subject} was {value} in {year.removeprefix('year ')}."


def careful(call: Call) -> Reply:
    """The reply a careful model would give to any of the prompts."""
    return Reply(text=json.dumps(document(call)))


def document(call: Call) -> dict[str, Any]:
    """The document asked for, by the properties of its schema."""
    asked = call.wanted.get("properties", {})
    if "chosen" in asked:
        rows = re.findall(r"^(C\d+) \|", call.user, re.MULTILINE)
        chosen = [{"id": row, "reason": "It is among the largest."} for row in rows]
        return {"chosen": chosen, "left_out": [], "added": []}
    if "kind" in asked:
        return {"kind": "analysis", "industry": "cement", "companies": [], "year": None}
    if "found" in asked:
        return {"found": True, "claims": claims(call)[:5]}
    if "not_found" in asked:
        return {"claims": claims(call)[:12], "not_found": []}
    if "replaces" in json.dumps(asked):
        return {"claims": []}
    return {"claims": claims(call)[:20]}


def saying(drafts: list[dict[str, Any]]) -> Callable[[Call], Reply]:
    """A responder that writes the given sentences and offers nothing in a repair."""

    def respond(call: Call) -> Reply:
        whole = document(call)
        return Reply(text=json.dumps({**whole, "claims": [] if _repairs(call) else drafts}))

    return respond


def _repairs(call: Call) -> bool:
    return "Refused sentences" in call.user
