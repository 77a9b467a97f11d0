"""Geometric art for covers and page ends; no pictures, so nothing to license."""

import math
from collections.abc import Callable
from dataclasses import replace

from reportlab.lib.colors import Color, white
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from evals.golden.make_samples.spec import CompanySpec
from evals.golden.make_samples.theme import Theme

NOTICE = "Fictional sample report"


def draw_cover(c: Canvas, theme: Theme, company: CompanySpec) -> None:
    """The cover page: art, title, company, and the notice that all of it is invented."""
    c.saveState()
    c.setFillColor(theme.dark)
    c.rect(0, 0, theme.width, theme.height, stroke=0, fill=1)
    _ART[theme.spec.cover](c, theme)
    x, top = theme.left, theme.height - theme.height * 0.13
    head, body = theme.spec.head, theme.spec.body
    c.setFillColor(white)
    c.setFont(f"{body}-B", 13)
    c.drawString(x, top, company.legal_name)
    size = 42 if theme.width > 600 or len(company.title) < 24 else 36
    c.setFont(f"{head}-B", size)
    line = top - 66
    for words in _lines(company.title):
        c.drawString(x, line, words)
        line -= size * 1.12
    c.setFont(head, 15)
    c.drawString(x, line - 4, company.subtitle)
    notice = f"{NOTICE} · {company.legal_name} is an invented company"
    c.setFillColor(theme.dark)
    c.roundRect(x - 9, 31, stringWidth(notice, body, 8.5) + 18, 22, 4, stroke=0, fill=1)
    c.setFillColor(white)
    c.setFont(body, 8.5)
    c.drawString(x, 39, notice)
    c.restoreState()


class ArtPanel(Flowable):
    """Fills what is left of a page with a strip of the cover's art; nothing where little is."""

    def __init__(self, theme: Theme, number: int) -> None:
        super().__init__()
        self.theme, self.number = theme, number

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803
        self.width = availWidth
        shown = availHeight > (150 if self.number % 2 else 330)
        self.height = min(availHeight - 26, 190) if shown else 0
        return self.width, availHeight - 1 if self.height else 0

    def draw(self) -> None:
        if self.height <= 0:
            return
        c, theme = self.canv, self.theme
        light = self.number % 3 != 1
        dark = blend(theme.accent, theme.tint, 0.72) if light else theme.dark
        accent = blend(theme.accent, theme.tint, 0.1) if light else theme.accent
        panel = replace(
            theme, width=self.width, height=self.height / 0.62, dark=dark, accent=accent
        )
        c.saveState()
        clip = c.beginPath()
        clip.rect(0, 0, self.width, self.height)
        c.clipPath(clip, stroke=0, fill=0)
        c.setFillColor(blend(theme.tint, white, 0.25) if light else theme.dark)
        c.rect(0, 0, self.width, self.height, stroke=0, fill=1)
        if self.number % 2:
            c.translate(self.width, 0)
            c.scale(-1, 1)
        _ART[theme.spec.cover](c, panel)
        c.restoreState()


def _lines(title: str) -> list[str]:
    words = title.split()
    if len(title) <= 16:
        return [title]
    middle = next(
        i for i in range(1, len(words) + 1) if len(" ".join(words[:i])) >= len(title) / 2 - 1
    )
    return [line for line in (" ".join(words[:middle]), " ".join(words[middle:])) if line]


def blend(first: Color, second: Color, share: float) -> Color:
    """`share` of the second colour in the first, 0 to 1."""
    pairs = zip(first.rgb(), second.rgb(), strict=True)
    return Color(*(a + (b - a) * share for a, b in pairs))


def _strata(c: Canvas, t: Theme) -> None:
    """Layers of rock, each a soft wave."""
    for layer in range(9):
        base = t.height * (0.56 - layer * 0.064)
        _wave(c, t, base, 16 - layer, 0.9 + layer * 0.17, layer * 0.8,
              blend(t.dark, t.accent, 0.18 + layer * 0.095))  # fmt: skip


def _waves(c: Canvas, t: Theme) -> None:
    for layer in range(7):
        base = t.height * (0.5 - layer * 0.075)
        _wave(c, t, base, 26, 1.3, layer * 1.25, blend(t.accent, t.tint, layer * 0.12))


def _wave(c: Canvas, t: Theme, base: float, swing: float, turns: float, shift: float,
          fill: Color) -> None:  # fmt: skip
    path = c.beginPath()
    path.moveTo(0, 0)
    for step in range(61):
        x = t.width * step / 60
        path.lineTo(x, base + swing * math.sin(turns * math.tau * step / 60 + shift))
    path.lineTo(t.width, 0)
    path.close()
    c.setFillColor(fill)
    c.drawPath(path, stroke=0, fill=1)


def _quarters(c: Canvas, t: Theme) -> None:
    """A grid of quarter circles in turning order."""
    rows = max(2, round(t.height * 0.55 / (t.width / 6)))
    side = t.height * 0.55 / rows
    for row in range(rows):
        for column in range(math.ceil(t.width / side)):
            pick = (row * 7 + column * 5 + row * column) % 5
            x, y = column * side, row * side
            c.setFillColor(blend(t.dark, t.accent, 0.15 + 0.2 * pick))
            c.rect(x, y, side, side, stroke=0, fill=1)
            c.setFillColor(t.tint if pick == 2 else blend(t.accent, t.dark, 0.25 * pick))
            turn = (row + 2 * column + pick) % 4
            corner = (x + side * (turn in (1, 2)), y + side * (turn in (2, 3)))
            path = c.beginPath()
            path.moveTo(*corner)
            path.arcTo(corner[0] - side, corner[1] - side, corner[0] + side, corner[1] + side,
                       startAng=90 * turn, extent=90)  # fmt: skip
            path.close()
            c.drawPath(path, stroke=0, fill=1)


def _arcs(c: Canvas, t: Theme) -> None:
    """Concentric rings rising from the lower right corner."""
    for ring in range(11):
        radius = t.width * (1.02 - ring * 0.09)
        c.setFillColor(blend(t.dark, t.accent, 0.08 + ring * 0.085))
        c.circle(t.width * 0.86, t.height * 0.02, radius * 0.72, stroke=0, fill=1)
    c.setFillColor(t.tint)
    c.circle(t.width * 0.86, t.height * 0.02, t.width * 0.06, stroke=0, fill=1)


def _blocks(c: Canvas, t: Theme) -> None:
    """Skewed blocks, like stacked bags or bricks."""
    side = t.width / 5
    for row in range(6):
        for column in range(-1, 6):
            shade = (row * 3 + column * 2) % 6
            x, y = column * side + (row % 2) * side / 2, row * side * 0.52
            path = c.beginPath()
            path.moveTo(x + 4, y + 4)
            path.lineTo(x + side, y + 4)
            path.lineTo(x + side + 18, y + side * 0.5)
            path.lineTo(x + 22, y + side * 0.5)
            path.close()
            c.setFillColor(blend(t.accent, t.dark, 0.14 * shade))
            c.drawPath(path, stroke=0, fill=1)


def _peaks(c: Canvas, t: Theme) -> None:
    """Ranges of mountains, the nearer the lighter."""
    for layer in range(6):
        base = t.height * (0.44 - 0.07 * layer)
        path = c.beginPath()
        path.moveTo(0, 0)
        path.lineTo(0, base)
        for step in range(1, 9):
            high = step % 2 == 1
            lift = t.height * (0.03 + 0.022 * ((step * 5 + layer * 3) % 5))
            path.lineTo(t.width * step / 8, base + lift if high else base - lift * 0.45)
        path.lineTo(t.width, 0)
        path.close()
        c.setFillColor(blend(t.dark, t.accent, 0.15 + layer * 0.17))
        c.drawPath(path, stroke=0, fill=1)


def _leaves(c: Canvas, t: Theme) -> None:
    """Leaf shapes in rows."""
    side = t.width / 7
    for row in range(math.ceil(t.height * 0.5 / side)):
        for column in range(8):
            x, y = column * side - (row % 2) * side / 2, row * side
            c.setFillColor(blend(t.accent, t.tint, ((row * 2 + column * 3) % 5) * 0.16))
            path = c.beginPath()
            path.moveTo(x, y)
            path.curveTo(x, y + side * 0.75, x + side * 0.25, y + side, x + side, y + side)
            path.curveTo(x + side, y + side * 0.25, x + side * 0.75, y, x, y)
            path.close()
            c.drawPath(path, stroke=0, fill=1)


def _terraces(c: Canvas, t: Theme) -> None:
    """Stepped slopes seen from the side."""
    for layer in range(8):
        c.setFillColor(blend(t.dark, t.accent, 0.14 + layer * 0.11))
        path = c.beginPath()
        level = t.height * (0.55 - layer * 0.068)
        path.moveTo(0, 0)
        path.lineTo(0, level * 0.72)
        for step in range(6):
            x0, x1 = t.width * step / 6, t.width * (step + 1) / 6
            y = level * (0.72 + 0.07 * step)
            path.curveTo(x0 + 30, y, x1 - 60, y, x1, y + level * 0.03)
        path.lineTo(t.width, 0)
        path.close()
        c.drawPath(path, stroke=0, fill=1)


_ART: dict[str, Callable[[Canvas, Theme], None]] = {
    "strata": _strata,
    "quarters": _quarters,
    "waves": _waves,
    "arcs": _arcs,
    "blocks": _blocks,
    "peaks": _peaks,
    "leaves": _leaves,
    "terraces": _terraces,
}
