"""Page pictures show the quote marked, however it is set; and never another figure."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from agent.errors import DocumentError, NotFoundError
from tests.fixtures import hostile
from tests.tools.pdf.conftest import MakePdf
from tools.pdf.picture import Picture, draw_picture


def _report(canvas: Canvas) -> None:
    canvas.drawString(50, 780, "Our market-based emissions fell by 12,345 t, an addi-")
    canvas.drawString(50, 766, "tional step on our way – “net zero” by 2040.")
    canvas.drawString(50, 600, "Waste")
    canvas.drawString(400, 600, "1,234")
    canvas.drawString(50, 580, "Water")
    canvas.drawString(400, 580, "7,891")


def _image(picture: Picture) -> Image.Image:
    return Image.open(BytesIO(picture.data)).convert("RGB")


def _marked(picture: Picture) -> int:
    """Pixels in the colour of the marker."""
    image = _image(picture)
    counts = image.getcolors(image.width * image.height) or []
    return sum(n for n, (r, g, b) in counts if r > 225 and g > 200 and b < 160)


async def test_the_quote_is_marked(make_pdf: MakePdf) -> None:
    path = make_pdf(_report)
    plain = await draw_picture(path, 1)
    marked = await draw_picture(path, 1, "an additional step on our way")
    assert (plain.found, marked.found) == (False, True)
    assert _marked(plain) == 0
    assert _marked(marked) > 500


@pytest.mark.parametrize(
    "quote",
    [
        "OUR MARKET-BASED  EMISSIONS\nfell by 12,345 t",
        "our market\u2011based emissions",
        'an additional step on our way - "net zero" by 2040.',
        "an addi- tional step",
        "Our market-based emissions … net zero” by 2040",
        "Our market-based emissions fell by 12,345 t, an aditional step on our way",
        "Waste 1,234",
        "Water 7,891",
    ],
)
async def test_a_quote_is_found_however_it_is_set(make_pdf: MakePdf, quote: str) -> None:
    assert (await draw_picture(make_pdf(_report), 1, quote)).found


@pytest.mark.parametrize(
    "quote",
    [
        "emissions fell by 12,346 t",
        "fell by 2,345 t",
        "Waste 234",
        "Waste 7,891",
        "emissions rose and rose and rose",
        "Our market-based emissions fell by 12,346 t, an additional step on our way",
    ],
)
async def test_what_is_not_on_the_page_is_not_marked(make_pdf: MakePdf, quote: str) -> None:
    picture = await draw_picture(make_pdf(_report), 1, quote)
    assert not picture.found
    assert _marked(picture) == 0


async def test_a_footnote_mark_in_a_line_does_not_hide_the_quote(make_pdf: MakePdf) -> None:
    def paint(canvas: Canvas) -> None:
        line = canvas.beginText(50, 700)
        line.textOut("Scope 3 emissions")
        line.setRise(4)
        line.setFont("Helvetica", 6)
        line.textOut("5")
        canvas.drawText(line)
        canvas.setFont("Helvetica", 11)
        canvas.drawString(300, 700, "14,794")

    assert (await draw_picture(make_pdf(paint), 1, "Scope 3 emissions 14,794")).found


async def test_a_crop_is_the_part_around_the_quote(make_pdf: MakePdf) -> None:
    path = make_pdf(_report)
    whole = _image(await draw_picture(path, 1, "Waste 1,234"))
    part = await draw_picture(path, 1, "Waste 1,234", crop=True)
    assert _image(part).height < whole.height / 2
    assert _marked(part) > 500
    absent = await draw_picture(path, 1, "Energy 1", crop=True)
    assert _image(absent).size == whole.size


async def test_pictures_are_small_even_of_giant_pages(tmp_path: Path, make_pdf: MakePdf) -> None:
    path = tmp_path / "giant.pdf"
    path.write_bytes(hostile.giant_page())
    for picture in (await draw_picture(path, 1), await draw_picture(make_pdf(_report), 1)):
        width, height = _image(picture).size
        assert width * height < 1_200_000
        assert len(picture.data) < 100_000
        assert picture.mime in {"image/png", "image/jpeg"}


async def test_a_page_that_is_not_there_is_told(make_pdf: MakePdf) -> None:
    with pytest.raises(NotFoundError, match="no page 9"):
        await draw_picture(make_pdf(_report), 9)


async def test_a_page_that_cannot_be_drawn_is_told(tmp_path: Path) -> None:
    path = tmp_path / "bomb.pdf"
    path.write_bytes(hostile.flate_bomb())
    with pytest.raises(DocumentError, match="Page 1 cannot be drawn"):
        await draw_picture(path, 1)
