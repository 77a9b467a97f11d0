import pytest

from agent.analyst.extractive import ExtractiveAnalyst
from agent.analyst.protocol import Intent


async def understood(message: str, *, has_analysis: bool = False) -> Intent:
    return await ExtractiveAnalyst().understand(message, has_analysis=has_analysis)


@pytest.mark.parametrize(
    ("message", "industry"),
    [
        ("cement", "cement"),
        ("industrial machinery", "industrial machinery"),
        ("Analyse the sample cement industry", "sample cement"),
        ("How is the cement industry doing on decarbonisation?", "cement"),
        ("how do European airlines compare on net zero?", "European airlines"),
        ("I want to know how banks deal with climate risk", "banks"),
        ("Which companies in the chemicals industry have SBTi targets by 2030?", "chemicals"),
        ("Benchmark the top 5 airlines", "airlines"),
        ("What about the European telecom sector?", "European telecom"),
    ],
)
async def test_a_first_message_names_its_industry(message: str, industry: str) -> None:
    intent = await understood(message)
    assert (intent.kind, intent.industry, intent.year) == ("analysis", industry, None)


@pytest.mark.parametrize(
    ("message", "companies", "year"),
    [
        ("only KION and Palfinger, 2023", ("KION", "Palfinger"), 2023),
        ("compare KION with Palfinger", ("KION", "Palfinger"), None),
        ("Analyse steel companies: ArcelorMittal, SSAB, Salzgitter AG",
         ("ArcelorMittal", "SSAB", "Salzgitter AG"), None),
        ("Research machinery, only KION, Palfinger and 1&1 for 2022",
         ("KION", "Palfinger", "1&1"), 2022),
    ],
)  # fmt: skip
async def test_companies_and_year_are_taken_from_a_list(
    message: str, companies: tuple[str, ...], year: int | None
) -> None:
    intent = await understood(message)
    assert (intent.kind, intent.companies, intent.year) == ("analysis", companies, year)


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("add Manz", "change"),
        ("redo with 2022", "change"),
        ("leave Scope 3 out", "change"),
        ("only KION and Palfinger", "change"),
        ("What are the Scope 1 emissions of KION?", "follow_up"),
        ("Compare KION and Manz on energy", "follow_up"),
        ("explain this number", "follow_up"),
        ("Analyse the airline industry", "analysis"),
        ("now research telecom companies", "analysis"),
        ("help", "help"),
        ("thanks", "unclear"),
    ],
)
async def test_after_an_analysis_the_kinds_are_told_apart(message: str, kind: str) -> None:
    assert (await understood(message, has_analysis=True)).kind == kind


@pytest.mark.parametrize(
    ("message", "kind"),
    [("help", "help"), ("What can you do?", "help"), ("hi", "unclear"), ("  ", "unclear"),
     ("use my PDFs", "unclear")],
)  # fmt: skip
async def test_a_first_message_that_names_no_industry_is_not_an_analysis(
    message: str, kind: str
) -> None:
    assert (await understood(message)).kind == kind


async def test_the_year_of_a_target_is_not_the_year_of_the_reports() -> None:
    assert (await understood("Which steel companies are climate neutral by 2045?")).year is None
    change = await understood("redo with 2022", has_analysis=True)
    assert change.year == 2022


async def test_a_change_names_its_companies() -> None:
    intent = await understood("remove Viscom and Manz AG", has_analysis=True)
    assert intent.companies == ("Viscom", "Manz AG")
    assert intent.question == "remove Viscom and Manz AG"
