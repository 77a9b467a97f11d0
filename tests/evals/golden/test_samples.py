"""The committed sample reports: fictional on every page, and true to their golden lines."""

import io
import json
import re
from functools import cache
from hashlib import sha256
from typing import Any

import pypdf
import pypdfium2
import pytest
import yaml

from evals.golden.layout import gold_dir
from tools.library.samples import FOLDER, sample_files

NOTICE = "Fictional sample report"
KPIS = {
    "scope_1", "scope_2", "scope_3", "scope_1_2", "energy_total", "renewable_share", "employees",
    "water_withdrawal", "water_consumption", "waste_total", "ghg_intensity", "ltifr", "trir",
    "women_in_management",
}  # fmt: skip


def golden(name: str) -> list[dict[str, Any]]:
    text = (gold_dir() / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


REPORTS = golden("reports")
FILES = [report["file"] for report in REPORTS]


@cache
def pages(file: str) -> tuple[str, ...]:
    document = pypdfium2.PdfDocument(FOLDER / file)
    try:
        return tuple(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def bare(text: str) -> str:
    """Letters and digits and number signs only: how lines broke does not matter."""
    return re.sub(r"[^\w.,%]", "", text.replace("₂", "2").replace("³", "3"))


def stands(file: str, page: int, words: str) -> bool:
    return bare(words) in bare(pages(file)[page - 1])


def has_picture(file: str, page: int) -> bool:
    return bool(pypdf.PdfReader(FOLDER / file).pages[page - 1].images)


def test_there_are_eight_companies_of_two_industries() -> None:
    industries = [report["industry"] for report in REPORTS]
    assert len({report["company_id"] for report in REPORTS}) == 8
    assert sorted(industries) == ["sample-beverages"] * 4 + ["sample-cement"] * 4


def test_all_samples_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in sample_files()) < 3_000_000


@pytest.mark.parametrize("report", REPORTS, ids=FILES)
def test_a_report_is_what_its_golden_line_says(report: dict[str, Any]) -> None:
    data = (FOLDER / report["file"]).read_bytes()
    reader = pypdf.PdfReader(io.BytesIO(data))
    assert sha256(data).hexdigest() == report["sha256"]
    assert len(reader.pages) == report["pages"]
    assert 12 <= report["pages"] <= 40
    assert reader.metadata is not None
    assert report["company"] in str(reader.metadata.title)
    assert report["company"] in reader.pages[0].extract_text()


@pytest.mark.parametrize("file", FILES)
def test_every_page_says_that_it_is_fictional(file: str) -> None:
    subject = pypdf.PdfReader(FOLDER / file).metadata
    assert subject is not None
    assert NOTICE in str(subject.subject)
    for number, text in enumerate(pages(file), start=1):
        assert NOTICE in text or (not text.strip() and has_picture(file, number)), number


@pytest.mark.parametrize("file", FILES)
def test_golden_figures_stand_on_their_pages(file: str) -> None:
    lines = [line for line in golden("kpi_values") if line["report"] == file]
    assert len({line["kpi"] for line in lines}) >= 9
    for line in lines:
        assert line["kpi"] in KPIS
        if line.get("image"):
            assert has_picture(file, line["pdf_page"])
            assert not pages(file)[line["pdf_page"] - 1].strip()
            continue
        assert stands(file, line["pdf_page"], line["quote"]), line["quote"]
        assert line["printed"] in line["quote"]
        for page in line.get("also_pages", []):
            assert line["printed"] in pages(file)[page - 1]


@pytest.mark.parametrize("file", FILES)
def test_scope_1_and_2_add_up(file: str) -> None:
    values = {
        (line["kpi"], line["basis"], line["boundary"], line["year"]): line["value"]
        for line in golden("kpi_values")
        if line["report"] == file
    }
    totals = [key for key in values if key[0] == "scope_1_2"]
    assert totals
    for key in totals:
        _, basis, boundary, year = key
        parts = values["scope_1", None, boundary, year] + values["scope_2", basis, boundary, year]
        assert values[key] == pytest.approx(parts)


@pytest.mark.parametrize("name", ["targets", "targets_none", "absent"])
def test_golden_quotes_stand_on_their_pages(name: str) -> None:
    quoted = [line for line in golden(name) if line["quote"]]
    assert quoted
    for line in quoted:
        for page in (line["pdf_page"], *line.get("also_pages", [])):
            assert stands(line["report"], page, line["quote"]), line["quote"]


@pytest.mark.parametrize("file", FILES)
def test_golden_table_rows_stand_on_their_pages(file: str) -> None:
    for line in golden("table_rows"):
        if line["report"] != file:
            continue
        text = pages(file)[line["pdf_page"] - 1]
        assert re.search(line["label_regex"].replace(r"\ ", r"\s+"), text), line["label_regex"]
        assert all(value in text for value in line["values"])


def test_every_kpi_of_a_report_is_given_or_listed_as_absent() -> None:
    for file in FILES:
        given = {line["kpi"] for line in golden("kpi_values") if line["report"] == file}
        absent = {line["kpi"] for line in golden("absent") if line["report"] == file}
        assert given | absent == KPIS, file
        assert not given & absent, file


def test_questions_name_pages_of_the_report() -> None:
    count = {report["file"]: report["pages"] for report in REPORTS}
    for line in golden("page_questions"):
        assert line["gold_pages"]
        assert all(1 <= page <= count[line["report"]] for page in line["gold_pages"])


def test_the_list_for_the_directory_agrees_with_the_reports() -> None:
    listed = yaml.safe_load((FOLDER / "companies.yaml").read_text(encoding="utf-8"))
    assert listed["fictional"] is True
    assert {item["report"]["file"]: item["report"]["sha256"] for item in listed["companies"]} == {
        report["file"]: report["sha256"] for report in REPORTS
    }
    assert sorted(FOLDER / file for file in FILES) == list(sample_files())


def test_the_samples_hold_the_traps_of_real_reports() -> None:
    values = golden("kpi_values")
    assert any("," in line["printed"] and "." not in line["printed"] for line in values)
    assert any(line["printed"] == "1.204.518" for line in values)
    assert any(line.get("image") for line in values)
    assert {line["boundary"] for line in values} >= {"operational control", "equity share"}
    assert {line["basis"] for line in values} >= {"market", "location"}
    assert {line["silence"] for line in golden("absent")} == {"not_found", "not_disclosed"}
    assert golden("targets_none")


def test_footnote_marks_are_true_superscripts() -> None:
    file = next(file for file in FILES if "aldermoor" in file)
    number = next(
        line["pdf_page"]
        for line in golden("kpi_values")
        if line["report"] == file and line["kpi"] == "scope_3"
    )
    document = pypdfium2.PdfDocument(FOLDER / file)
    textpage = document[number - 1].get_textpage()
    found = textpage.search("(Scope 3)3").get_next()
    assert found is not None
    start, count = found
    _, digit_bottom, _, digit_top = textpage.get_charbox(start + count - 3, loose=True)
    _, mark_bottom, _, mark_top = textpage.get_charbox(start + count - 1, loose=True)
    assert mark_top - mark_bottom < 0.8 * (digit_top - digit_bottom)
    assert mark_bottom > digit_bottom + 2


def test_the_hidden_instruction_is_in_the_text_but_not_to_be_seen() -> None:
    file = next(file for file in FILES if "kirribell" in file)
    number = next(n for n, text in enumerate(pages(file)) if "ignore all previous" in text)
    document = pypdfium2.PdfDocument(FOLDER / file)
    page = document[number]
    textpage = page.get_textpage()
    found = textpage.search("ignore all previous instructions").get_next()
    assert found is not None
    left, bottom, right, top = textpage.get_charbox(found[0])
    scale = 8
    picture = page.render(scale=scale, grayscale=True).to_pil()
    height = page.get_height()
    box = (left * scale, (height - top) * scale, (right + 40) * scale, (height - bottom) * scale)
    assert picture.crop(tuple(round(v) for v in box)).getextrema() == (255, 255)
    assert top - bottom < 1.5
