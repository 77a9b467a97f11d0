"""Fonts, colours and paragraph styles of a sample report.

The fonts come from packages that carry them under the SIL Open Font License (Source Sans Pro,
Source Serif Pro, Lato) or the Apache License (Roboto, Caladea); both allow embedding.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, LETTER, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from evals.golden.make_samples.spec import ThemeSpec

_FAMILIES = {
    "SourceSans": ("font_source_sans_pro", "SourceSansPro-{}.ttf", "It", "SemiboldIt", "Semibold"),
    "SourceSerif": (
        "font_source_serif_pro", "SourceSerifPro-{}.ttf", "It", "SemiboldIt", "Semibold",
    ),
    "Roboto": ("font_roboto", "Roboto-{}.ttf", "Italic", "MediumItalic", "Medium"),
    "Lato": ("font_lato", "Lato-{}.ttf", "Italic", "BoldItalic", "Bold"),
    "Caladea": ("font_caladea", "Caladea-{}.ttf", "Italic", "BoldItalic", "Bold"),
}  # fmt: skip
_PAGES = {"a4": A4, "a4-landscape": landscape(A4), "letter": LETTER}
GREY = HexColor("#6b7280")
INK = HexColor("#1f2328")


@cache
def register_fonts() -> None:
    """Make the font families known to reportlab, once a process."""
    for family, (package, pattern, italic, bold_italic, bold) in _FAMILIES.items():
        files = resources.files(package) / "files"
        faces = {"": "Regular", "-B": bold, "-I": italic, "-BI": bold_italic}
        for suffix, face in faces.items():
            with resources.as_file(files / pattern.format(face)) as path:
                pdfmetrics.registerFont(TTFont(family + suffix, str(path)))
        pdfmetrics.registerFontFamily(
            family, normal=family, bold=f"{family}-B", italic=f"{family}-I",
            boldItalic=f"{family}-BI",
        )  # fmt: skip


@dataclass(frozen=True)
class Theme:
    """Resolved look: page size, margins in points, colours, styles by name."""

    spec: ThemeSpec
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    accent: Color
    dark: Color
    tint: Color
    styles: dict[str, ParagraphStyle]

    @property
    def inner(self) -> float:
        """Width between the margins."""
        return self.width - self.left - self.right


def make_theme(spec: ThemeSpec) -> Theme:
    """Resolve a theme; raises KeyError for an unknown font family."""
    register_fonts()
    width, height = _PAGES[spec.page]
    wide = spec.page == "a4-landscape"
    accent, dark, tint = HexColor(spec.accent), HexColor(spec.dark), HexColor(spec.tint)
    return Theme(
        spec=spec,
        width=width,
        height=height,
        left=58 if not wide else 64,
        right=58 if not wide else 64,
        top=82 if not wide else 70,
        bottom=62 if not wide else 54,
        accent=accent,
        dark=dark,
        tint=tint,
        styles=_styles(spec, accent, dark),
    )


def _styles(spec: ThemeSpec, accent: Color, dark: Color) -> dict[str, ParagraphStyle]:
    body, head = spec.body, spec.head
    if body not in _FAMILIES or head not in _FAMILIES:
        raise KeyError(f"unknown font family: {body} or {head}")
    size = {"SourceSans": 10.6, "Roboto": 10, "Lato": 10}.get(body, 10.2)
    cell = {"SourceSans": 9.4, "Roboto": 8.8, "Lato": 8.8}.get(body, 9)

    def style(name: str, font: str, points: float, leading: float, **more: Any) -> None:
        table[name] = ParagraphStyle(
            name, fontName=font, fontSize=points, leading=leading, textColor=INK, splitLongWords=0,
            allowWidows=0, allowOrphans=0, **more,
        )  # fmt: skip

    table: dict[str, ParagraphStyle] = {}
    style("body", body, size, size * 1.45, spaceAfter=6.5)
    style("bullet", body, size, size * 1.42, spaceAfter=4, leftIndent=11, bulletIndent=1)
    style("h1", f"{head}-B", 29, 33, spaceAfter=9)
    style("kicker", f"{body}-B", 8.2, 11, spaceAfter=5)
    style("lead", head, 14, 19.6, spaceAfter=15)
    style("h2", f"{head}-B", 13.4, 16.5, spaceBefore=9, spaceAfter=4, keepWithNext=1)
    style("h3", f"{body}-B", size, size * 1.4, spaceBefore=4, spaceAfter=2, keepWithNext=1)
    style("caption", f"{body}-B", 10.2, 13, spaceBefore=10, spaceAfter=3, keepWithNext=1)
    style("cell", body, cell, 11.4)
    style("cell-indent", body, cell, 11.4, leftIndent=9)
    style("cell-bold", f"{body}-B", cell, 11.4)
    style("head", f"{body}-B", cell - 0.2, 11)
    style("number", body, cell, 11.4, alignment=TA_RIGHT)
    style("number-bold", f"{body}-B", cell, 11.4, alignment=TA_RIGHT)
    style("number-head", f"{body}-B", cell - 0.2, 11, alignment=TA_RIGHT)
    style("note", body, 7.4, 9.6, spaceAfter=1.5)
    style("tile-value", f"{head}-B", 27, 31)
    style("tile-unit", f"{body}-B", 9, 11.8)
    style("tile-label", body, 9, 11.8)
    style("quote", f"{head}-I", 14, 19.5, spaceAfter=5)
    style("by", body, 8.4, 11)
    style("box-title", f"{body}-B", 10.2, 13, spaceAfter=3)
    style("toc", body, 10.8, 19)
    for name in ("h1", "h2", "lead", "caption", "box-title"):
        table[name].textColor = dark
    for name in ("kicker", "tile-value", "quote"):
        table[name].textColor = accent
    for name in ("note", "by", "tile-label"):
        table[name].textColor = GREY
    return table


__all__ = ["GREY", "INK", "Theme", "make_theme", "white"]
