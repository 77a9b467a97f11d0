"""The first page's suggestions, made from the industries of the directory."""

from typing import TYPE_CHECKING

import chainlit as cl

if TYPE_CHECKING:
    from graph.runner import Research

_MOST = 5


async def starters(research: "Research") -> list[cl.Starter]:
    """Fictional samples first, because they work without any report at hand; then help."""
    industries = sorted(await research.list_industries(), key=lambda item: not item.fictional)
    offered = [
        cl.Starter(
            label=f"{industry.name} (fictional)" if industry.fictional else industry.name,
            message=f"Analyse the {in_sentence(industry.name)}",
            icon=f"/public/icons/{'sample' if industry.fictional else 'industry'}.svg",
        )
        for industry in industries[:_MOST]
    ]
    return [
        *offered,
        cl.Starter(label="What can you do?", message="help", icon="/public/icons/help.svg"),
    ]


def in_sentence(name: str) -> str:
    """An industry inside a sentence: "Steel" becomes "steel industry", "ICT" stays "ICT"."""
    lowered = name[:1].lower() + name[1:] if name[1:2].islower() else name
    return lowered if lowered.endswith("industry") else f"{lowered} industry"
