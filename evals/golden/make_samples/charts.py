"""Small vector charts, drawn from the same facts as the tables."""

from collections.abc import Sequence
from itertools import pairwise

from reportlab.lib.colors import Color, HexColor, white
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from evals.golden.make_samples.printed import Ledger, format_number
from evals.golden.make_samples.spec import Chart
from evals.golden.make_samples.theme import GREY, INK, Theme

_LINE = HexColor("#c9ced6")


class ChartBox(Flowable):
    """A titled chart `height` points high; series are facts of the report."""

    def __init__(self, chart: Chart, theme: Theme, ledger: Ledger, width: float) -> None:
        super().__init__()
        self.chart, self.theme, self.ledger = chart, theme, ledger
        self.width = width
        rows = len(chart.items)
        self.height = 46 + rows * 17 if chart.kind == "bars" else 168
        self.spaceBefore, self.spaceAfter = 6, 12

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803
        return self.width, self.height

    def draw(self) -> None:
        c = self.canv
        c.setFont(f"{self.theme.spec.body}-B", 9.2)
        c.setFillColor(self.theme.dark)
        c.drawString(0, self.height - 12, self.chart.title)
        if self.chart.unit:
            c.setFont(self.theme.spec.body, 7.6)
            c.setFillColor(GREY)
            c.drawString(0, self.height - 23, f"in {self.chart.unit}")
        {"columns": self._columns, "bars": self._bars, "path": self._path}[self.chart.kind]()

    def _shown(self, value: float) -> str:
        text = f"{value:.0f}" if value == int(value) else f"{value:g}"
        return format_number(text, self.ledger.spec.numbers)

    def _columns(self) -> None:
        """Stacked columns, one a year; the total stands above."""
        c, years = self.canv, self.chart.years
        shades = [self.theme.accent, self.theme.dark, _LINE]
        series = [self.ledger.fact(f) for f in self.chart.facts]
        totals = [sum(float(s.values[y]) for s in series) for y in years]
        floor, room = 32.0, self.height - 78
        step = self.width / len(years)
        c.setStrokeColor(_LINE)
        c.setLineWidth(0.6)
        c.line(0, floor, self.width, floor)
        for position, year in enumerate(years):
            x, y = position * step + step * 0.24, floor
            for shade, fact in zip(shades, series, strict=False):
                part = float(fact.values[year]) / max(totals) * room
                c.setFillColor(shade)
                c.rect(x, y, step * 0.52, part, stroke=0, fill=1)
                y += part
            c.setFillColor(INK)
            c.setFont(f"{self.theme.spec.body}-B", 8.2)
            if len(series) == 1:
                shown = format_number(series[0].values[year], self.ledger.spec.numbers)
                c.drawCentredString(x + step * 0.26, y + 4, shown)
            c.setFont(self.theme.spec.body, 8)
            c.drawCentredString(x + step * 0.26, floor - 11, str(year))
        self._legend(shades, len(series))

    def _legend(self, shades: Sequence[Color], count: int) -> None:
        if count < 2:
            return
        c, x = self.canv, 0.0
        c.setFont(self.theme.spec.body, 7.6)
        for shade, fact in zip(shades, self.chart.facts, strict=False):
            label = self.ledger.fact(fact).label or fact
            c.setFillColor(shade)
            c.rect(x, 5, 7, 7, stroke=0, fill=1)
            c.setFillColor(INK)
            c.drawString(x + 10, 5.6, label)
            x += 22 + stringWidth(label, self.theme.spec.body, 7.6)

    def _bars(self) -> None:
        """Horizontal bars over labelled shares."""
        c, y = self.canv, self.height - 44
        widest = max(self.chart.items.values())
        label = min(self.width * 0.44, 190)
        for text, value in self.chart.items.items():
            c.setFont(self.theme.spec.body, 8.2)
            c.setFillColor(INK)
            c.drawString(0, y + 2, text)
            c.setFillColor(self.theme.accent)
            length = (self.width - label - 44) * value / widest
            c.rect(label, y, length, 9.5, stroke=0, fill=1)
            c.setFillColor(INK)
            c.setFont(f"{self.theme.spec.body}-B", 8.2)
            c.drawString(label + length + 5, y + 2, self._shown(value))
            y -= 17

    def _path(self) -> None:
        """A line from the base year over results to a target; points are given in `items`."""
        c = self.canv
        points = [(int(y), v) for y, v in self.chart.items.items()]
        first, last = points[0][0], points[-1][0]
        top = max(v for _, v in points) * 1.08
        floor, room = 24.0, self.height - 70
        span = self.width - 60
        place = [(24 + (y - first) / (last - first) * span, floor + v / top * room)
                 for y, v in points]  # fmt: skip
        c.setStrokeColor(_LINE)
        c.setLineWidth(0.6)
        c.line(0, floor, self.width, floor)
        c.setLineWidth(1.8)
        c.setStrokeColor(self.theme.accent)
        for (x0, y0), (x1, y1) in pairwise(place[:-1]):
            c.line(x0, y0, x1, y1)
        c.setDash(3, 3)
        c.line(*place[-2], *place[-1])
        c.setDash()
        for (x, y), (year, value) in zip(place, points, strict=True):
            c.setFillColor(white if year == last else self.theme.accent)
            c.circle(x, y, 3.4, stroke=1, fill=1)
            c.setFillColor(INK)
            c.setFont(f"{self.theme.spec.body}-B", 8)
            c.drawCentredString(x, y + 8, self._shown(value))
            c.setFont(self.theme.spec.body, 7.8)
            c.drawCentredString(x, floor - 11, str(year))
