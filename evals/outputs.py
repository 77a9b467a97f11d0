"""How results are shown to people: given from above, since evals know no chat and no exports."""

from collections.abc import Callable, Mapping

from agent.domain import Analysis, Answer

Renderer = Callable[[Analysis, tuple[Answer, ...]], Mapping[str, bytes]]
"""Every form an analysis and its answers are shown in, by name; `.md` ends those in Markdown."""


class _Holder:
    renderer: Renderer | None = None


def use_renderer(renderer: Renderer) -> None:
    """Called by the program that shows results, before a suite is run."""
    _Holder.renderer = renderer


def rendered(analysis: Analysis, answers: tuple[Answer, ...]) -> Mapping[str, bytes]:
    """The forms; only the analysis and answers as JSON where no renderer was given."""
    if _Holder.renderer is not None:
        return _Holder.renderer(analysis, answers)
    nouns = (analysis, *answers)
    return {"stored.json": b"\n".join(noun.model_dump_json().encode() for noun in nouns)}
