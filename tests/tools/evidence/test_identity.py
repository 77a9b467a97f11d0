"""A document is taken for a company's report only when it is that company's, of that year."""

import json
from pathlib import Path

import pytest

from agent.domain import Company
from evals.reading import read_report
from tests.tools.evidence.pages import document
from tools.evidence.identity import describe, identify, own_names
from tools.evidence.identity.data import identity_data
from tools.evidence.identity.language import text_language
from tools.evidence.identity.names import core, legal_names, readable, strip_legal_form
from tools.pdf.page import PageRecord

FILLER = (
    "The reporting on environmental and social topics follows the GRI standards and covers all",
    "sites of the group. Scope 1 and Scope 2 greenhouse gas emissions are reported each year,",
    "as are renewable energy and stakeholder engagement and the materiality analysis of topics.",
)


def report(name: str, legal: str, year: int, *, pages: int = 12) -> list[PageRecord]:
    """A plain report of a made-up company with a cover, running heads and an imprint."""
    inner = [
        [
            f"{name} Sustainability Report {year}",
            *FILLER,
            f"In the financial year {year} {name} went on with its programme, as page {n} shows.",
            f"GHG {year} {year - 1} {year - 2}",
            str(n),
        ]
        for n in range(2, pages)
    ]
    cover = [f"{name}", f"Sustainability Report {year}"]
    imprint = [legal, "Hafenstrasse 1", f"© {year + 1} {legal}"]
    return document(cover, *inner, imprint)


NORDWIND = report("Nordwind", "Nordwind Kraftwerke AG", 2023)


def test_a_report_is_described_by_its_company_year_kind_and_language() -> None:
    verdict = describe(NORDWIND, {})
    assert verdict.verdict == "match"
    assert verdict.company == "Nordwind Kraftwerke"
    assert (verdict.year, verdict.kind, verdict.language) == (2023, "sustainability report", "en")


@pytest.mark.parametrize("name", ["Nordwind", "Nordwind Kraftwerke AG", "NORDWIND KRAFTWERKE"])
def test_short_and_legal_name_are_the_same_company(name: str) -> None:
    assert identify(NORDWIND, {}, company=name, year=2023).verdict == "match"


def test_an_alias_counts_as_the_company() -> None:
    company = Company(id="x", name="Northern Wind Power", aliases=("Nordwind",))
    assert identify(NORDWIND, {}, company=company, year=2023).verdict == "match"


@pytest.mark.parametrize("year", [2020, 2022, 2024, 2030])
def test_another_year_is_never_a_match(year: int) -> None:
    verdict = identify(NORDWIND, {}, company="Nordwind", year=year)
    assert verdict.verdict == "mismatch"
    assert "2023" in verdict.reasons[0]


def test_a_report_titled_with_its_year_of_publication_is_of_the_year_before() -> None:
    inner = [
        [f"Nordwind Sustainability Report 2024 {n}", "KPI 2021 2022 2023", *FILLER]
        for n in range(10)
    ]
    pages = document(["Nordwind AG", "Sustainability Report 2024"], *inner)
    assert describe(pages, {}).year == 2023
    asked = identify(pages, {}, company="Nordwind", year=2024)
    assert asked.verdict == "uncertain"
    assert "titled 2024" in asked.reasons[0]


def test_a_foundation_of_a_like_name_is_another_body() -> None:
    pages = report("Nordwind Foundation", "Nordwind Foundation", 2023)
    assert identify(pages, {}, company="Nordwind AG").verdict == "mismatch"
    assert identify(pages, {}, company="Nordwind Foundation").verdict == "match"


def test_a_sister_company_of_a_longer_name_is_not_a_match() -> None:
    assert identify(NORDWIND, {}, company="Nordwind Mobility AG").verdict != "match"
    mobility = report("Nordwind Mobility", "Nordwind Mobility AG", 2023)
    for sheet in range(2, 8):
        lines = mobility[sheet].text.splitlines()
        mobility[sheet] = document([*lines, "Nordwind AG holds 75 % of the shares."])[0]
    assert identify(mobility, {}, company="Nordwind AG").verdict != "match"
    assert describe(mobility, {}).company == "Nordwind Mobility"


def test_a_suppliers_report_that_names_its_customer_is_refused() -> None:
    pages = report("Kabelwerk Ost", "Kabelwerk Ost GmbH", 2023)
    for index in range(1, 9):
        lines = pages[index].text.splitlines()
        praise = "Our largest customer Nordwind Kraftwerke AG buys cables; Nordwind is content."
        pages[index] = document([*lines, praise])[0]
    verdict = identify(pages, {}, company="Nordwind Kraftwerke AG", year=2023)
    assert verdict.verdict == "mismatch"
    assert "Kabelwerk Ost" in verdict.reasons[0]


def test_a_court_judgment_that_names_the_company_is_no_report() -> None:
    pages = document(
        ["DISTRICT COURT OF EXAMPLE", "Case number C/12/345", "Judgment of 3 May 2024"],
        ["in the case of Nordwind Kraftwerke AG, appellant, versus", "the claimant and others"],
        *[["Nordwind Kraftwerke AG submits that its emissions fell.", *FILLER] for _ in range(9)],
    )
    verdict = identify(pages, {}, company="Nordwind Kraftwerke AG")
    assert (verdict.verdict, verdict.kind) == ("mismatch", "court judgment")


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("press release", ["Press release", "For immediate release", "Nordwind AG cuts emissions"]),
        ("policy", ["Nordwind AG", "Supplier Code of Conduct", "Version 3"]),
        ("form", ["Nordwind AG", "Proxy form", "Please complete and sign", "Signature ________"]),
        ("notice of meeting", ["Nordwind AG", "Notice of Annual General Meeting 2024"]),
        ("quarterly report", ["Nordwind AG", "Half-year Financial Report 2023"]),
        ("presentation", ["Nordwind AG", "Capital Markets Day 2023"]),
    ],
)
def test_other_papers_of_the_company_are_no_reports(kind: str, lines: list[str]) -> None:
    pages = document(lines, ["Nordwind AG is a power company.", "Nordwind has 300 people."])
    verdict = identify(pages, {}, company="Nordwind AG")
    assert (verdict.verdict, verdict.kind) == ("mismatch", kind)


def test_a_document_without_text_is_uncertain_and_says_so() -> None:
    verdict = describe(document([""], [""]), {})
    assert verdict.verdict != "match"
    assert verdict.company is None
    assert any("No page carries text" in reason for reason in verdict.reasons)


@pytest.mark.parametrize(
    ("printed", "short", "form"),
    [
        ("NORDHAVN GROUP AG", "NORDHAVN GROUP", "AG"),
        ("Example Electronics Co., Ltd.", "Example Electronics", "Co., Ltd."),
        ("Beispiel SE & Co. KGaA", "Beispiel", "SE & Co. KGaA"),
        ("Esempio S.p.A.", "Esempio", "S.p.A."),
        ("Sample Holdings plc", "Sample Holdings", "plc"),
        ("Muster Real Estate Investment Trust", "Muster REIT", ""),
        ("Muster Foundation", "Muster Foundation", ""),
        ("Esimerkki Oyj", "Esimerkki", "Oyj"),
    ],
)
def test_the_legal_form_is_stripped_sensibly(printed: str, short: str, form: str) -> None:
    assert strip_legal_form(printed) == (short, form)


def test_legal_names_are_found_inside_sentences() -> None:
    text = (
        "The Supervisory Board of Muster & Sohn Aktiengesellschaft and the auditors of "
        "freiweg AG met in 2023. 3Q Company, Inc. and A.B. Dresden Corp. did not. Page 2 X1 plc"
    )
    found = [name.full for name in legal_names(text)]
    assert found == [
        "Muster & Sohn Aktiengesellschaft",
        "freiweg AG",
        "3Q Company, Inc.",
        "A.B. Dresden Corp.",
        "X1 plc",
    ]


def test_names_are_written_for_people() -> None:
    assert readable("PALMENWERK GROUP") == "Palmenwerk Group"
    assert readable("ABCD Software") == "ABCD Software"
    assert core("The Muster Group plc") == ("muster",)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("de", "Der Bericht beschreibt die Ziele und Maßnahmen des Konzerns für das Jahr. " * 4),
        ("fr", "Le rapport décrit les objectifs et les mesures du groupe pour une année. " * 4),
        (
            "ja",
            "当社グループは、持続可能な社会の実現に向けて、環境負荷の低減に取り組んでいます。" * 5,
        ),
        (None, "12 34 56"),
    ],
)
def test_the_language_is_told_from_small_words_or_script(code: str | None, text: str) -> None:
    assert text_language(text) == code


def test_the_file_of_names_and_kinds_is_sound() -> None:
    data = identity_data()
    assert data.weak_forms <= set(data.legal_forms)
    assert set(data.kept_forms) <= set(data.legal_forms)
    assert len({kind.name for kind in data.kinds}) == len(data.kinds)
    assert all(kind.title or kind.body for kind in data.kinds)
    assert any(kind.accepted for kind in data.kinds)


def gold(shared_data: Path, name: str) -> list[dict[str, str]]:
    text = (shared_data / "gold" / name).read_text(encoding="utf-8")
    if name.endswith(".json"):
        return list(json.loads(text))
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.realdata
def test_documents_filed_under_the_wrong_company_are_refused(shared_data: Path) -> None:
    for entry in gold(shared_data, "wrong_documents.json"):
        pages, metadata = read_report(shared_data / "reports" / entry["file"])
        verdict = identify(pages, metadata, company=entry["asked_for"])
        assert verdict.verdict == "mismatch", entry["file"]


@pytest.mark.realdata
@pytest.mark.timeout(900)
def test_real_reports_are_accepted_for_their_company_and_year_only(shared_data: Path) -> None:
    for entry in gold(shared_data, "reports.jsonl"):
        pages, metadata = read_report(shared_data / "reports" / entry["file"])
        name, year = entry["company"], int(entry["fiscal_year"])
        assert identify(pages, metadata, company=name, year=year).verdict == "match", name
        assert identify(pages, metadata, company=name, year=year - 1).verdict != "match", name
        other = identify(pages, metadata, company="Nordwind Kraftwerke AG")
        assert other.verdict == "mismatch", name
        described = describe(pages, metadata)
        assert described.verdict == "match", name
        own = {word for own in own_names(pages, metadata) for word in core(own)}
        assert core(name)[0] in own
