import pytest

from agent.domain import Company, ReportChoice
from tools.search.finder import is_sure
from tools.search.provider import Hit
from tools.search.rank import rank, years

NOW = 2026
COMPANY = Company(id="nordhavn", name="Nordhavn Materials", domains=("nordhavn.com",))
SITE = "https://www.nordhavn.com"
RIGHT = f"{SITE}/files/2026-03/NM_Annual_and_Sustainability_Report_2025.pdf"


def hit(url: str, title: str = "", linked_from: str = "") -> Hit:
    return Hit(url, title, "test", linked_from)


def ranked(
    *hits: Hit, year: int | None = None, company: Company = COMPANY
) -> tuple[ReportChoice, ...]:
    return rank(hits, company, year, NOW)


OTHERS = (
    hit(f"{SITE}/en/sustainability", "Sustainability | Nordhavn Materials"),
    hit(f"{SITE}/files/2025-03/NM_Sustainability_Report_2024.pdf", "Sustainability Report 2024"),
    hit(f"{SITE}/files/2026-04/GRI_content_index_2025.pdf", "GRI Content Index 2025"),
    hit(
        "https://www.responsibilityreports.com/PDF/NM_2025.pdf",
        "Nordhavn 2025 sustainability report",
    ),
    hit(f"{SITE}/en/pr-2026-03-20", "Press release: Nordhavn publishes sustainability report 2025"),
    hit(
        "https://www.suder.com/suder-sustainability-report-2025.pdf",
        "Suder Sustainability Report 2025",
    ),
    hit(
        "https://s3.eu-central-1.amazonaws.com/nm/ar2025.pdf",
        "Nordhavn Materials Annual Report 2025",
    ),
    hit(
        "https://nordhavn-reports.example/nordhavn-materials-sustainability-report-2025.pdf",
        "Nordhavn Materials Sustainability Report 2025 free download",
    ),
)


def test_the_full_report_of_the_newest_year_on_the_own_site_is_first() -> None:
    best, *_ = ranked(*OTHERS, hit(RIGHT, "Annual and Sustainability Report 2025"))
    assert best.url == RIGHT
    assert is_sure(best, COMPANY)
    assert any("own site" in reason for reason in best.reasons)


def test_nothing_of_another_host_is_fetched_without_asking() -> None:
    strangers = [choice for choice in ranked(*OTHERS) if not choice.official]
    assert strangers
    assert not any(is_sure(choice, COMPANY) for choice in strangers)
    assert all("not" in choice.warnings[0] for choice in strangers)


def test_a_host_that_only_bears_the_name_counts_where_no_own_site_is_known() -> None:
    unknown = COMPANY.model_copy(update={"name": "Nordhavn", "domains": ()})
    title = "Nordhavn Sustainability Report 2025"
    brand, other = (
        ranked(hit(f"https://{host}/sustainability-report-2025.pdf", title), company=unknown)[0]
        for host in ("www.nordhavn.com", "www.library.org")
    )
    assert is_sure(brand, unknown)
    assert brand.warnings
    assert not is_sure(other, unknown)


def test_a_file_of_a_content_network_counts_when_an_own_page_links_to_it() -> None:
    url, title = "https://d1.cloudnet.com/x9.pdf", "Sustainability Report 2025"
    linked, found = ranked(hit(url, title, f"{SITE}/reports")), ranked(hit(url, title))
    assert is_sure(linked[0], COMPANY)
    assert not any(is_sure(choice, COMPANY) for choice in found)


def test_the_year_asked_for_goes_before_the_newest() -> None:
    hits = [hit(f"{SITE}/sustainability-report-{year}.pdf") for year in (2025, 2024, 2023)]
    assert ranked(*hits)[0].year == 2025
    assert ranked(*hits, year=2023)[0].year == 2023
    others = ranked(*hits[:2], year=2023)
    assert not any(is_sure(choice, COMPANY) for choice in others)


def test_the_year_comes_from_the_title_before_the_name_and_never_from_the_folder() -> None:
    choice = ranked(hit(f"{SITE}/2021-05/report_2022.pdf", "Sustainability Report 2024"))[0]
    assert choice.year == 2024
    assert ranked(hit(f"{SITE}/2021-05/sustainability_report_2022.pdf"))[0].year == 2022
    assert ranked(hit(f"{SITE}/2021-05/sustainability-report.pdf"))[0].year is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("report 2024", (2024,)),
        ("report 2024/25", (2024, 2025)),
        ("report-2024-25.pdf", (2024, 2025)),
        ("report_2023_2024.pdf", (2023, 2024)),
        ("fy24 report", (2024,)),
        ("fy24/25 report", (2024, 2025)),
        ("targets for 2030", ()),
        ("no 120245", ()),
        ("2024-03-20", (2024,)),
    ],
)
def test_years_of_a_title(text: str, found: tuple[int, ...]) -> None:
    assert years(text, NOW) == found


@pytest.mark.parametrize(
    "title",
    [
        "Sustainability Report 2025 - Executive Summary",
        "Sustainability Policy",
        "Assurance statement sustainability report 2025",
        "Sustainability Report 2025 GRI Index",
        "Sustainability strategy 2025",
        "Half-year report 2025",
        "Green Finance Framework",
    ],
)
def test_what_stands_around_a_report_is_not_fetched_for_it(title: str) -> None:
    assert not any(is_sure(choice, COMPANY) for choice in ranked(hit(f"{SITE}/a.pdf", title)))


@pytest.mark.parametrize(
    "title",
    [
        "Nachhaltigkeitsbericht 2025",
        "Rapport de durabilité 2025",
        "Informe de sostenibilidad 2025",
        "Bilancio di sostenibilità 2025",
        "Relatório de Sustentabilidade 2025",
        "Hållbarhetsrapport 2025",
        "Sustainability Statement 2025",
        "ESG Report FY25",
        "Integrated Annual Report 2025",
        "Non-financial report 2025",
        "Annual Report 2024/25",
        "Annual Financial Report 2025",
        "Universal Registration Document 2025",
    ],
)
def test_a_report_is_known_by_its_title_in_many_languages(title: str) -> None:
    assert is_sure(ranked(hit(f"{SITE}/a.pdf", title))[0], COMPANY)
