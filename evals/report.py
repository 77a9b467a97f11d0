"""Results of an evaluation as a page, as Markdown and as JSON; nothing is loaded from elsewhere."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
import yaml
from markupsafe import Markup
from reportlab.graphics import renderSVG
from reportlab.graphics.shapes import Circle, Drawing, Line, String
from reportlab.lib.colors import HexColor
from tabulate import tabulate

from evals.baseline import Change, Results

_INK, _GREY, _GREEN, _RED = (HexColor(c) for c in ("#1d2b2a", "#c9d3d1", "#1f7a5a", "#b3261e"))
_WIDTH, _LEFT, _RIGHT, _ROW = 640, 230, 590, 22
_COLUMNS = ("measure", "score", "95 % interval", "right", "of", "before")


def write_results(
    folder: Path, results: Results, changes: Sequence[Change] = ()
) -> tuple[Path, Path, Path]:
    """Write results.json, results.md and results.html into the folder, which is made.

    Raises OSError where it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    texts = (as_json(results), as_markdown(results, changes), as_html(results, changes))
    paths = (folder / "results.json", folder / "results.md", folder / "results.html")
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def as_json(results: Results) -> str:
    """The results as they are, also the form of a baseline."""
    return json.dumps(results, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def as_markdown(results: Results, changes: Sequence[Change] = ()) -> str:
    """A table of measures, those that got worse first."""
    parts = ["# Evaluation", ""]
    for change in changes:
        if change.worse:
            parts.append(f"- **Worse:** {told(change)}")
    parts += ["", tabulate(_rows(results, changes), headers=_COLUMNS, tablefmt="github")]
    parts += ["", "## By report", ""]
    rows = [
        (name, report, _percent(counts["right"] / counts["of"]), _count(counts["of"]))
        for name, measure in _named(results)
        for report, counts in measure["by_report"].items()
    ]
    parts.append(tabulate(rows, headers=("measure", "report", "score", "of"), tablefmt="github"))
    return "\n".join(parts) + "\n"


def as_html(results: Results, changes: Sequence[Change] = ()) -> str:
    """One page that stands alone: a plot of all measures, one by report each, and the tables."""
    before = {(c.suite, c.measure): c.before for c in changes}
    plots = [
        (suite, _plot(_points(suite, measures, before)))
        for suite, measures in _by_suite(results).items()
    ]
    reports = [
        (name, _plot(_report_points(measure)))
        for name, measure in _named(results)
        if len(measure["by_report"]) > 1
    ]
    return _template().render(
        plots=plots,
        reports=reports,
        columns=_COLUMNS,
        rows=[(_said(*row[0].split("/", 1)), row) for row in _rows(results, changes)],
        worse=[told(change) for change in changes if change.worse],
        compared=bool(changes),
    )


def told(change: Change) -> str:
    """A change in one line."""
    now = "–" if change.now is None else _percent(change.now)
    before = "–" if change.before is None else _percent(change.before)
    where = f"; in {', '.join(change.reports)}" if change.reports else ""
    return f"{change.suite}/{change.measure} {change.worse} ({before} → {now}{where})"


def _by_suite(results: Results) -> dict[str, list[Mapping[str, Any]]]:
    found = {suite: scores.get("measures", []) for suite, scores in results["suites"].items()}
    return {suite: measures for suite, measures in found.items() if measures}


def _named(results: Results) -> list[tuple[str, Mapping[str, Any]]]:
    return [
        (f"{suite}/{measure['name']}", measure)
        for suite, measures in _by_suite(results).items()
        for measure in measures
        if measure["value"] is not None
    ]


def _rows(results: Results, changes: Sequence[Change]) -> list[tuple[str, ...]]:
    before = {f"{c.suite}/{c.measure}": c.before for c in changes}
    rows: list[tuple[str, ...]] = []
    for name, measure in _named(results):
        interval = f"{_percent(measure['low'])} – {_percent(measure['high'])}"
        old = before.get(name)
        rows.append(
            (
                name,
                _percent(measure["value"]),
                interval,
                _count(measure["right"]),
                _count(measure["of"]),
                "" if old is None else _percent(old),
            )
        )
    return rows


_Point = tuple[str, float, float, float, float | None]
"""Label, score, low, high, score of the baseline."""


def _points(
    suite: str,
    measures: Sequence[Mapping[str, Any]],
    before: Mapping[tuple[str, str], float | None],
) -> list[_Point]:
    return [
        (m["name"], m["value"], m["low"], m["high"], before.get((suite, m["name"])))
        for m in measures
        if m["value"] is not None
    ]


def _report_points(measure: Mapping[str, Any]) -> list[_Point]:
    return [
        (Path(name).stem, share, share, share, None)
        for name, counts in measure["by_report"].items()
        for share in [counts["right"] / counts["of"]]
    ]


def _plot(points: Sequence[_Point]) -> Markup:
    """Scores with their intervals from 0 to 100 per cent; a grey dash is the baseline."""
    height = _ROW * (len(points) + 1)
    drawing = Drawing(_WIDTH, height)
    for tenth in range(0, 11, 2):
        x = _x(tenth / 10)
        drawing.add(Line(x, 14, x, height, strokeColor=_GREY, strokeWidth=0.5))
        drawing.add(String(x - 8, 2, f"{tenth * 10} %", fontSize=8, fillColor=_INK))
    for row, (label, value, low, high, before) in enumerate(points):
        y = height - _ROW * row - _ROW / 2
        colour = _RED if before is not None and value < before else _GREEN
        drawing.add(String(0, y - 4, label[:44], fontSize=10, fillColor=_INK))
        drawing.add(Line(_x(low), y, _x(high), y, strokeColor=colour, strokeWidth=2))
        drawing.add(Circle(_x(value), y, 4, fillColor=colour, strokeColor=None))
        if before is not None:
            x = _x(before)
            drawing.add(Line(x, y - 8, x, y + 8, strokeColor=_INK, strokeWidth=1.5))
    svg = renderSVG.drawToString(drawing)
    # Each drawing cuts its edges by a shape of the same name, and a page may have a name only once.
    own = hashlib.sha256(svg.encode()).hexdigest()[:12]
    svg = svg.replace('id="clip"', f'id="clip-{own}"').replace("url(#clip)", f"url(#clip-{own})")
    # Reportlab draws the text of our own labels escaped; the prologue has no place in a page.
    return Markup(svg[svg.index("<svg") :])  # noqa: S704


def _said(suite: str, measure: str) -> str:
    """What a measure counts; empty where nobody said it."""
    return measures_said().get(suite, {}).get(measure, "")


@cache
def measures_said() -> dict[str, dict[str, str]]:
    """What the measures count, by suite and name."""
    loaded = yaml.safe_load(files("evals").joinpath("measures.yaml").read_text("utf-8"))
    return {
        str(suite): {str(name): str(text) for name, text in said.items()}
        for suite, said in loaded.items()
    }


def _x(share: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * share


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _count(number: float) -> str:
    return f"{number:g}"


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    source = files("evals").joinpath("report.html.jinja").read_text("utf-8")
    return environment.from_string(source)
