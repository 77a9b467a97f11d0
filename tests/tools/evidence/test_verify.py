"""A claim is verified only when its quotes and records bear out every part of it."""

import pytest

from agent.domain import Claim, Company, Evidence, KpiRecord
from tests.tools.evidence.pages import page
from tools.evidence.verify import Outcome, check, verify
from tools.evidence.verify.mentions import equal_values, read_mentions
from tools.evidence.verify.vocabulary import vocabulary
from tools.pdf.page import PageRecord

REPORT = "a" * 64
OTHER = "b" * 64
NORDWIND = Company(id="nordwind", name="Nordwind AG", aliases=("Nordwind Group",))
SUEDWIND = Company(id="suedwind", name="Südwind plc")
COMPANIES = {REPORT: NORDWIND, OTHER: SUEDWIND}


def prose(text: str, *quotes: str, on_page: str | None = None) -> tuple[str, Outcome]:
    """Check a claim of Nordwind that cites quotes of one page."""
    sheet = page(
        4, "Nordwind Sustainability Report 2023", *(on_page or "\n".join(quotes)).split("\n")
    )
    claim = Claim(
        id="c",
        text=text,
        company="Nordwind AG",
        evidence=tuple(Evidence(report=REPORT, page=4, quote=q) for q in quotes),
    )
    result = check(claim, {4: sheet}, companies=COMPANIES)
    return result.status, result.outcome


BORNE_OUT = [
    (
        "In 2023 our Scope 1 emissions fell by 4.2 % to 39,428 t CO2e (2022: 41,157 t CO2e), "
        "while Scope 2 emissions rose by 7.0 % to 12,300 t CO2e.",
        [
            "Nordwind's Scope 1 emissions fell by 4.2% to 39,428 t CO2e in 2023.",
            "Scope 1 emissions of Nordwind were 39.4 kt CO2e in 2023.",
            "Scope 2 emissions rose by 7% to 12,300 t CO2e in 2023.",
            "Nordwind: Scope 1 emissions were 41,157 t CO2e in 2022.",
            "In 2023 our Scope 1 emissions fell by 4.2 % to 39,428 t CO2e (2022: 41,157 t CO2e)",
        ],
    ),
    (
        "We aim to reduce absolute Scope 1 and 2 emissions by 42 % by 2030 from a 2020 base year "
        "and to reach net zero across the value chain by 2045.",
        [
            "Nordwind aims to reduce absolute Scope 1 and 2 emissions by 42% by 2030 from 2020.",
            "Nordwind plans to reduce its Scope 1 and 2 emissions by 42% by 2030 versus 2020.",
            "Nordwind aims to reach net zero across the value chain by 2045.",
        ],
    ),
    (
        "The share of women in management rose from 21.4 % to 23.1 %, an increase of 1.7 "
        "percentage points; the target for 2027 is at least 30 %.",
        [
            "The share of women in management rose from 21.4% to 23.1%.",
            "The share of women in management increased by 1.7 percentage points.",
            "Nordwind's target for women in management is at least 30% in 2027.",
        ],
    ),
    (
        "Our targets were validated by the Science Based Targets initiative (SBTi) in July 2022.",
        ["Nordwind's targets were validated by the SBTi in July 2022."],
    ),
    (
        "Water withdrawal was 1.2 million m³, of which 0.4 million m³ in areas of water stress.",
        ["Water withdrawal was 1.2 million m3.", "Water withdrawal was 1,200,000 m3."],
    ),
    (
        "No data on Scope 3 emissions has been collected to date.",
        ["Nordwind AG does not disclose Scope 3 emissions: “No data on Scope 3 emissions has been "
         "collected to date.”"],
    ),
    (
        "Scope 2 emissions (market-based) amounted to 35 kt CO2e and Scope 2 emissions "
        "(location-based) to 52 kt CO2e in 2023.",
        ["Scope 2 emissions (market-based) were 35 kt CO2e in 2023.",
         "Scope 2 emissions (location-based) were 52 kt CO2e in 2023."],
    ),
]  # fmt: skip

ALTERED = [
    (
        "In 2023 our Scope 1 emissions fell by 4.2 % to 39,428 t CO2e (2022: 41,157 t CO2e), "
        "while Scope 2 emissions rose by 7.0 % to 12,300 t CO2e.",
        [
            "Nordwind's Scope 2 emissions fell by 4.2% to 39,428 t CO2e in 2023.",
            "Scope 1 emissions rose by 7.0% to 12,300 t CO2e in 2023.",
            "Scope 1 emissions rose by 4.2% to 39,428 t CO2e in 2023.",
            "Scope 1 emissions fell to 4.2% in 2023.",
            "Scope 1 emissions fell by 39,428 t CO2e in 2023.",
            "Scope 1 emissions were 41,157 t CO2e in 2023.",
            "Scope 1 emissions were 39,428 t CO2e in 2022.",
            "Scope 1 emissions were 39.5 kt CO2e in 2023.",
            "Scope 1 emissions were 39,428 kt CO2e in 2023.",
            "Scope 1 emissions were 39,428 million t CO2e in 2023.",
            "Scope 1 emissions fell by 4.2 percentage points in 2023.",
            "Scope 1 emissions did not fall to 39,428 t CO2e in 2023.",
            "Südwind's Scope 1 emissions fell by 4.2% to 39,428 t CO2e in 2023.",
            "Westwind's Scope 1 emissions fell by 4.2% to 39,428 t CO2e in 2023.",
            "Scope 1 emissions in Austria fell by 4.2% to 39,428 t CO2e in 2023.",
            "Scope 1 emissions intensity fell by 4.2% in 2023.",
            "Water withdrawal fell by 4.2% in 2023.",
            "Scope 1 and 2 emissions fell by 4.2% to 39,428 t CO2e in 2023.",
            "Scope 1 emissions fell by more than 4.2% in 2023.",
            "Scope 1 emissions fell by up to 4.2 % to 39,428 t CO2e in 2023.",
        ],
    ),
    (
        "We aim to reduce absolute Scope 1 and 2 emissions by 42 % by 2030 from a 2020 base year "
        "and to reach net zero across the value chain by 2045.",
        [
            "Nordwind aims to reduce Scope 1 and 2 emissions by 42% by 2020 from a 2030 base year.",
            "Nordwind aims to reduce Scope 1 and 2 emissions by 42% by 2045 from a 2020 base year.",
            "Nordwind aims to reduce Scope 1 and 2 emissions to 42% by 2030 from a 2020 base year.",
            "Nordwind aims to reduce Scope 3 emissions by 42% by 2030 from a 2020 base year.",
            "Nordwind aims to reduce the intensity of Scope 1 and 2 emissions by 42% by 2030.",
            "Nordwind reduced Scope 1 and 2 emissions by 42%.",
            "Nordwind achieved a reduction of Scope 1 and 2 emissions by 42% by 2030.",
            "Nordwind does not aim to reach net zero across the value chain by 2045.",
            "Nordwind aims to reach carbon neutrality across the value chain by 2045.",
            "Nordwind aims to reach net zero in its own operations by 2045.",
            "Nordwind aims to increase absolute Scope 1 and 2 emissions by 42 % by 2030 from 2020.",
        ],
    ),
    (
        "The share of women in management rose from 21.4 % to 23.1 %, an increase of 1.7 "
        "percentage points; the target for 2027 is at least 30 %.",
        [
            "The share of women in management rose from 23.1% to 21.4%.",
            "The share of women in management increased by 1.7%.",
            "The share of women in management increased to 1.7 percentage points.",
            "The share of women on the supervisory board rose from 21.4% to 23.1%.",
            "The share of men in management rose from 21.4% to 23.1%.",
            "The share of women in management fell to 23.1%.",
            "The target for women in management is at most 30% in 2027.",
        ],
    ),
    (
        "Our targets were validated by the Science Based Targets initiative (SBTi) in July 2022.",
        [
            "Nordwind's targets were submitted to the SBTi in July 2022.",
            "Nordwind's targets were validated by the SBTi in June 2022.",
            "Nordwind's targets were not validated by the SBTi in July 2022.",
            "Nordwind's targets were validated by the CDP in July 2022.",
            "Nordwind's targets were validated by the SBTi in July 2021.",
        ],
    ),
    (
        "Water withdrawal was 1.2 million m³, of which 0.4 million m³ in areas of water stress.",
        [
            "Water withdrawal was 1.2 thousand m3.",
            "Water consumption was 1.2 million m3.",
            "Water discharge was 1.2 million m3.",
            "Water withdrawal was 1.2 million litres.",
            "Water withdrawal was 1.3 million m3.",
        ],
    ),
    (
        "We have not adopted science-based targets.",
        ["Nordwind has adopted science-based targets.", "Nordwind adopted science-based targets."],
    ),
    (
        "Scope 2 emissions (market-based) amounted to 35 kt CO2e and Scope 2 emissions "
        "(location-based) to 52 kt CO2e in 2023.",
        ["Scope 2 emissions (market-based) were 52 kt CO2e in 2023.",
         "Scope 2 emissions (location-based) were 35 kt CO2e in 2023."],
    ),
    (
        "Scope 1, Scope 2 and Scope 3 emissions were 10 kt, 20 kt and 30 kt CO2e, respectively.",
        ["Scope 1 emissions were 30 kt CO2e.", "Scope 3 emissions were 10 kt CO2e."],
    ),
    (
        "Energy consumption fell by 5 % and water withdrawal fell by 7 % in 2023.",
        ["Water withdrawal fell by 5% in 2023.", "Energy consumption fell by 7% in 2023.",
         "Energy consumption may have fallen by 5% in 2023."],
    ),
    (
        "Of all managers, women held 23 % and men held 77 % of posts.",
        ["Men held 23% of posts.", "Women held 77% of posts."],
    ),
    (
        "Emissions did not fall by 4 % in 2023, as had been planned.",
        ["fall by 4 % in 2023", "Emissions fell by 4% in 2023."],
    ),
    (
        "Energy from renewable sources rose to 5,278 MWh.",
        ["Energy consumption rose to 5,278 MWh.", "Energy from nuclear sources rose to 5,278 MWh."],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("quote", "text"), [(quote, text) for quote, texts in BORNE_OUT for text in texts]
)
def test_what_the_quote_says_is_verified(quote: str, text: str) -> None:
    assert prose(text, quote) == ("verified", Outcome.BORNE_OUT)


@pytest.mark.parametrize(
    ("quote", "text"), [(quote, text) for quote, texts in ALTERED for text in texts]
)
def test_what_the_quote_does_not_say_is_not_verified(quote: str, text: str) -> None:
    assert prose(text, quote)[0] != "verified"


def test_a_quote_that_is_not_on_the_page_is_rejected() -> None:
    quote = "Scope 1 emissions fell to 39,428 t CO2e in 2023."
    status, outcome = prose(
        quote, quote, on_page="Scope 1 emissions fell to 39,429 t CO2e in 2023."
    )
    assert (status, outcome) == ("rejected", Outcome.QUOTE_NOT_ON_PAGE)


def test_a_quote_cut_out_of_a_negative_sentence_is_rejected() -> None:
    on_page = "While we have not adopted science-based targets, we follow their method."
    quote = "adopted science-based targets"
    assert prose(quote, quote, on_page=on_page)[1] is Outcome.NEGATION_DIFFERS


def test_a_claim_without_evidence_or_page_is_not_verified() -> None:
    bare = Claim(id="c", text="Emissions fell.")
    assert check(bare, {}).outcome is Outcome.NO_EVIDENCE
    placed = bare.model_copy(
        update={"evidence": (Evidence(report=REPORT, page=9, quote="Emissions fell."),)}
    )
    assert check(placed, {}).outcome is Outcome.PAGE_MISSING


def record(
    kpi: str,
    year: int,
    value: float,
    printed: str,
    quote: str,
    *,
    unit: str = "t CO2e",
    basis: str | None = None,
    report: str = REPORT,
    status: str = "verified",
) -> KpiRecord:
    return KpiRecord.model_validate(
        {
            "id": f"{kpi}-{year}-{basis}-{report[0]}",
            "kpi": kpi,
            "year": year,
            "value": value,
            "printed": printed,
            "unit": unit,
            "basis": basis,
            "evidence": Evidence(report=report, page=4, quote=quote),
            "method": "table",
            "status": status,
        }
    )


TABLE = page(
    4,
    "Nordwind Sustainability Report 2023",
    "t CO2e 2023 2022",
    "Scope 1 39,428 41,157",
    "Scope 2 (market-based) 12,300 11,495",
    "Scope 2 (location-based) 20,000 21,000",
    "Share of women in management % 23.1 21.4",
    "Total energy consumption in MWh 1,000 900",
)
OTHER_TABLE = page(4, "Südwind Report 2023", "2023 2022", "Scope 1 50,000 40,000")
NOW = record("scope_1", 2023, 39428, "39,428", "Scope 1 39,428")
BEFORE = record("scope_1", 2022, 41157, "41,157", "Scope 1 39,428 41,157")
MARKET = record("scope_2", 2023, 12300, "12,300", "Scope 2 (market-based) 12,300", basis="market")
WOMEN = record(
    "women_in_management", 2023, 23.1, "23.1", "Share of women in management % 23.1", unit="%"
)
WOMEN_BEFORE = record(
    "women_in_management", 2022, 21.4, "21.4", "Share of women in management % 23.1 21.4", unit="%"
)
THEIRS = record("scope_1", 2023, 50000, "50,000", "Scope 1 50,000", report=OTHER)
THEIRS_BEFORE = record("scope_1", 2022, 40000, "40,000", "Scope 1 50,000 40,000", report=OTHER)


def figures(text: str, *records: KpiRecord, company: str | None = "Nordwind AG") -> str:
    claim = Claim(
        id="c",
        text=text,
        company=company,
        evidence=tuple(r.evidence for r in records),
        kpis=tuple(r.id for r in records),
    )
    sheets = {REPORT: TABLE, OTHER: OTHER_TABLE}

    def page_of(report: str, number: int) -> PageRecord | None:
        return sheets[report] if number == 4 else None

    return check(claim, page_of, records={r.id: r for r in records}, companies=COMPANIES).status


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ("Scope 1 emissions were 39,428 t CO2e in 2023.", (NOW,)),
        ("Scope 1 emissions were 39.4 kt CO2e in 2023.", (NOW,)),
        ("Nordwind's Scope 1 emissions in 2023: 39 thousand tonnes CO2e.", (NOW,)),
        ("Scope 1 emissions were 39,428 t CO2e in 2023, 4.2% less than in 2022 (41,157 t CO2e).",
         (NOW, BEFORE)),
        ("Scope 1 emissions fell by 4.2% from 2022 to 2023.", (NOW, BEFORE)),
        ("Scope 1 emissions fell from 41,157 t CO2e in 2022 to 39,428 t CO2e in 2023.",
         (NOW, BEFORE)),
        ("Scope 2 emissions (market-based) were 12,300 t CO2e in 2023.", (MARKET,)),
        ("The share of women in management was 23.1% in 2023, 1.7 percentage points higher than "
         "in 2022 (21.4%).", (WOMEN, WOMEN_BEFORE)),
    ],
)  # fmt: skip
def test_a_claim_made_from_records_is_verified(text: str, records: tuple[KpiRecord, ...]) -> None:
    assert figures(text, *records) == "verified"


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ("Scope 1 emissions were 39,428 t CO2e in 2022.", (NOW,)),
        ("Scope 1 emissions were 39,482 t CO2e in 2023.", (NOW,)),
        ("Scope 1 emissions were 39.5 kt CO2e in 2023.", (NOW,)),
        ("Scope 1 emissions were 40 kt CO2e in 2023.", (NOW,)),
        ("Scope 1 emissions were 39,428 kt CO2e in 2023.", (NOW,)),
        ("Scope 1 emissions were 39,428 MWh in 2023.", (NOW,)),
        ("Scope 1 emissions were 39,428 in 2023.", (NOW,)),
        ("Scope 2 emissions were 39,428 t CO2e in 2023.", (NOW,)),
        ("Emissions were 39,428 t CO2e in 2023.", (NOW,)),
        ("Scope 1 emissions intensity was 39,428 t CO2e in 2023.", (NOW,)),
        ("Scope 1 emissions fell to 39,428 t CO2e in 2023.", (NOW,)),
        ("Biogenic Scope 1 emissions were 39,428 t CO2e in 2023.", (NOW,)),
        ("Scope 1 emissions of the parent company were 39,428 t CO2e in 2023.", (NOW,)),
        ("Scope 1 emissions have been 39,428 t CO2e since 2023.", (NOW,)),
        ("Scope 1 emissions could be 39,428 t CO2e in 2023.", (NOW,)),
        ("Scope 1 emissions were 39,428 t CO2e in the first half of 2023.", (NOW,)),
        ("Scope 1 emissions halved from 2022 to 2023.", (NOW, BEFORE)),
        ("Scope 1 emissions hardly fell from 2022 to 2023.", (NOW, BEFORE)),
        ("Scope 1 emissions fell by 4.2% from 2022 to 2023 at constant output.", (NOW, BEFORE)),
        ("Scope 1 emissions were 39,428 t CO2e in 2023 in Austria.", (NOW,)),
        ("Scope 1 emissions were 41,157 t CO2e in 2023, 4.2% less than in 2022 (39,428 t CO2e).",
         (NOW, BEFORE)),
        ("Scope 1 emissions were 39,428 t CO2e in 2023, 4.2% more than in 2022 (41,157 t CO2e).",
         (NOW, BEFORE)),
        ("Scope 1 emissions fell by 4.4% from 2022 to 2023.", (NOW, BEFORE)),
        ("Scope 1 emissions fell to 4.2% from 2022 to 2023.", (NOW, BEFORE)),
        ("Scope 1 emissions fell by 4.2 percentage points from 2022 to 2023.", (NOW, BEFORE)),
        ("Scope 1 emissions fell by 4.2% from 2021 to 2022.", (NOW, BEFORE)),
        ("Scope 2 emissions (location-based) were 12,300 t CO2e in 2023.", (MARKET,)),
        ("The share of women was 23.1% in 2023.", (WOMEN,)),
        ("The share of women in management rose by 1.7% in 2023.", (WOMEN, WOMEN_BEFORE)),
        ("Südwind's Scope 1 emissions were 39,428 t CO2e in 2023.", (NOW,)),
        ("Scope 1 emissions were not 39,428 t CO2e in 2023.", (NOW,)),
    ],
)  # fmt: skip
def test_an_altered_claim_made_from_records_is_not_verified(
    text: str, records: tuple[KpiRecord, ...]
) -> None:
    assert figures(text, *records) != "verified"


ACROSS = (NOW, BEFORE, THEIRS, THEIRS_BEFORE)


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("Scope 1 emissions fell at Nordwind (down 4.2% to 39,428 t CO2e in 2023) compared with "
         "the year before.", True),
        ("Both companies report comparable Scope 1 emissions for 2023, from 39,428 t CO2e "
         "(Nordwind AG) to 50,000 t CO2e (Südwind plc).", True),
        ("Nordwind AG reports the lowest Scope 1 emissions for 2023 (39,428 t CO2e), Südwind plc "
         "the highest (50,000 t CO2e), among two comparable figures.", True),
        ("Scope 1 emissions fell at one and rose at one of the two companies whose reports give "
         "two years.", True),
        ("Scope 1 emissions fell at two and rose at none of the two companies whose reports give "
         "two years.", False),
        ("Both companies report comparable Scope 1 emissions for 2023, from 39,428 t CO2e "
         "(Südwind plc) to 50,000 t CO2e (Nordwind AG).", False),
        ("Nordwind AG reports the highest Scope 1 emissions for 2023 (39,428 t CO2e), Südwind plc "
         "the lowest (50,000 t CO2e), among two comparable figures.", False),
        ("All three companies report comparable Scope 1 emissions for 2023, from 39,428 t CO2e "
         "(Nordwind AG) to 50,000 t CO2e (Südwind plc).", False),
        ("Scope 1 emissions fell at Südwind (down 4.2% to 39,428 t CO2e in 2023) compared with "
         "the year before.", False),
        ("Scope 1 emissions rose at Nordwind (up 4.2% to 39,428 t CO2e in 2023) compared with the "
         "year before.", False),
    ],
)  # fmt: skip
def test_claims_across_companies_keep_each_figure_with_its_company(text: str, true: bool) -> None:
    assert (figures(text, *ACROSS, company=None) == "verified") is true


def test_a_company_whose_name_begins_with_a_number_word_is_no_count() -> None:
    three = Company(id="three", name="Three Larches Brewing")
    claim = Claim(
        id="c",
        text="Scope 1 emissions fell at Three Larches Brewing (down 4.2% to 39,428 t CO2e in "
        "2023) compared with the year before.",
        evidence=(NOW.evidence, BEFORE.evidence),
        kpis=(NOW.id, BEFORE.id),
    )
    records = {r.id: r for r in (NOW, BEFORE)}
    found = check(claim, {4: TABLE}, records=records, companies={REPORT: three})
    assert found.status == "verified"


def test_an_intensity_keeps_its_unit_to_the_end() -> None:
    sheet = page(4, "2023", "GHG intensity in g CO2e/litre 42.6")
    record_ = record(
        "ghg_intensity", 2023, 42.6, "42.6", "GHG intensity in g CO2e/litre 42.6",
        unit="g CO2e/litre",
    )  # fmt: skip

    def status(unit: str) -> str:
        claim = Claim(
            id="c",
            text=f"Greenhouse gas intensity was 42.6 {unit} in 2023.",
            evidence=(record_.evidence,),
            kpis=(record_.id,),
        )
        return check(claim, {4: sheet}, records={record_.id: record_}).status

    assert status("g CO2e/litre") == "verified"
    assert status("kg CO2e/litre") != "verified"
    assert status("g CO2e/bottle") != "verified"
    assert status("g CO2e") != "verified"


def test_a_candidate_is_only_shown_with_that_word() -> None:
    candidate = NOW.model_copy(update={"status": "candidate"})
    plain = "Scope 1 emissions were 39,428 t CO2e in 2023."
    assert figures(plain, candidate) == "unverified"
    told = "Candidate, not confirmed a second way: scope 1 emissions were 39,428 t CO2e in 2023."
    assert figures(told, candidate) == "verified"


@pytest.mark.parametrize(
    "change",
    [
        {"printed": "39,482", "value": 39482},
        {"value": 39482},
        {"year": 2019},
        {"evidence": Evidence(report=REPORT, page=4, quote="Scope 1 39,482")},
    ],
)
def test_a_record_that_its_page_does_not_bear_out_bears_out_nothing(
    change: dict[str, object],
) -> None:
    forged = NOW.model_copy(update=change)
    text = f"Scope 1 emissions were {forged.value:,.0f} t CO2e in {forged.year}."
    assert figures(text, forged) == "rejected"


def test_a_claim_filed_under_another_company_is_rejected() -> None:
    text = "Scope 1 emissions were 39,428 t CO2e in 2023."
    assert figures(text, NOW, company="Südwind plc") == "rejected"
    assert figures(text, NOW, company="nordwind") == "verified"


def test_verify_gives_the_claim_back_with_status_and_reason() -> None:
    place = Evidence(report=REPORT, page=4, quote="Scope 1 39,428")
    claim = Claim(id="c", text="Scope 1 39,428", evidence=(place,))
    checked = verify(claim, {4: TABLE})
    assert (checked.status, checked.reason) == ("verified", "Borne out by page 4.")
    assert checked.model_copy(update={"status": "unverified", "reason": ""}) == claim


@pytest.mark.parametrize(
    ("said", "value", "unit", "equal"),
    [
        ("39.4 kt CO2e", 39428, "t CO2e", True),
        ("39.43 kt CO2e", 39428, "t CO2e", True),
        ("39.42 kt CO2e", 39428, "t CO2e", False),
        ("39,428 t CO2e", 39.4, "kt CO2e", False),
        ("1.2 million m3", 1200000, "m3", True),
        ("1.2 TWh", 1200, "GWh", True),
        ("3.6 GJ", 1, "MWh", True),
        ("3.6 TJ", 1, "MWh", False),
        ("12 t CO2e", 12, "MWh", False),
    ],
)
def test_values_are_equal_when_conversion_and_rounding_are_right(
    said: str, value: float, unit: str, equal: bool
) -> None:
    from tools.evidence.units import parse_unit

    quantity = read_mentions(said).quantities[0]
    step = 0.1 if value == 39.4 else 1.0
    assert equal_values(quantity, value, parse_unit(unit), step=step) is equal


def test_numbers_years_and_scopes_of_a_sentence_are_told_apart() -> None:
    found = read_mentions(
        "In FY23 Scope 1 and 2 emissions fell by 4.2% to 39,428 t CO2e; by 2030 they are to fall "
        "30 % from a 2019 base year, and Scope 3 category 11 by 5 percentage points."
    )
    assert [(q.value, q.unit.name if q.unit else "", q.points) for q in found.quantities] == [
        (4.2, "%", False),
        (39428.0, "t CO2e", False),
        (30.0, "%", False),
        (5.0, "%", True),
    ]
    assert [(y.value, y.role) for y in found.years] == [
        (2023, "plain"),
        (2030, "target"),
        (2019, "base"),
    ]
    assert [mark.value for mark in found.scopes] == ["1+2", "3.11"]


def test_the_vocabulary_file_is_sound() -> None:
    words = vocabulary()
    assert set(words.data.both_ways) <= set(words.data.contrasts)
    assert set(words.data.only_for) <= set(words.data.contrasts)
    assert set(words.data.only_for.values()) <= set(words.data.subjects)
    assert {"up", "down", "flat"} == set(words.data.directions)
