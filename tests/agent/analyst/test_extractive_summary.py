from agent.analyst.extractive import ExtractiveAnalyst
from agent.analyst.topics import TOPICS
from agent.domain import (
    Company,
    CompanySummary,
    Evidence,
    Industry,
    KpiRecord,
    Material,
    Passage,
    ProposedCompany,
    Silence,
    Target,
)
from tests.builders import company, figure, not_disclosed, target


async def summary(
    *kpis: KpiRecord,
    targets: tuple[Target, ...] = (),
    silences: tuple[Silence, ...] = (),
    passages: tuple[Passage, ...] = (),
) -> CompanySummary:
    report = company("Alpha AG").report
    assert report is not None
    material = Material(
        report=report, kpis=kpis, targets=targets, silences=silences, passages=passages
    )
    return await ExtractiveAnalyst().summarize(material)


def passage(topic: str, text: str, page: int = 12) -> Passage:
    evidence = Evidence(report="sha-alpha", page=page, quote=text)
    return Passage(id=text[:8], topic=topic, text=text, evidence=evidence, score=1.0)


async def test_a_figure_is_told_with_its_change_and_both_records() -> None:
    now, before = figure("scope_1", 2023, 39_428), figure("scope_1", 2022, 41_157)
    (claim,) = (await summary(now, before)).claims
    assert claim.text == (
        "Scope 1 emissions were 39,428 t CO2e in 2023, 4.2% less than in 2022 (41,157 t CO2e)."
    )
    assert claim.kpis == (now.id, before.id)
    assert claim.evidence == (now.evidence, before.evidence)
    assert (claim.topic, claim.company, claim.status) == ("Emissions", "Alpha AG", "unverified")


async def test_shares_change_in_percentage_points_and_rates_are_higher_or_lower() -> None:
    texts = [
        claim.text
        for claim in (
            await summary(
                figure("women_in_management", 2023, 18.8, "%"),
                figure("women_in_management", 2022, 18.5, "%"),
                figure("ltifr", 2023, 5.2, "per million hours worked", label="Lost time injuries"),
                figure("ltifr", 2022, 5.9, "per million hours worked", label="Lost time injuries"),
            )
        ).claims
    ]
    assert texts == [
        "The lost-time injury frequency rate was 5.2 per million hours worked in 2023, 11.9% "
        "lower than in 2022 (5.9 per million hours worked).",
        "The share of women in management was 18.8% in 2023, 0.3 percentage points higher than "
        "in 2022 (18.5%).",
    ]


async def test_a_figure_is_named_in_the_words_of_its_report() -> None:
    texts = [
        claim.text
        for claim in (
            await summary(
                figure("energy_total", 2023, 40, "MWh", quote="Energy use 40"),
                figure("ltifr", 2023, 4.2, "per million hours worked", quote="LTIFR 4.2"),
            )
        ).claims
    ]
    assert texts == [
        "Energy use was 40 MWh in 2023.",
        "LTIFR was 4.2 per million hours worked in 2023.",
    ]


async def test_targets_that_are_not_about_climate_stand_under_their_own_topic() -> None:
    stated = (
        target("other", "80% recycled content in bottles by 2027"),
        target("other", "25% women on the board by mid-2027"),
        target("other", "no fossil gas in any plant after 2028"),
    )
    topics = {c.text: c.topic for c in (await summary(targets=stated)).claims}
    assert [topics[t.evidence.quote] for t in stated] == ["Water and waste", "People", "Energy"]


async def test_the_basis_and_a_narrow_boundary_are_named() -> None:
    texts = [
        claim.text
        for claim in (
            await summary(
                figure("scope_2", 2023, 20, basis="market"),
                figure("scope_1", 2023, 10, boundary="Hanover site"),
            )
        ).claims
    ]
    assert texts == [
        "Scope 1 emissions were 10 t CO2e in 2023 (boundary: Hanover site).",
        "Scope 2 emissions (market-based) were 20 t CO2e in 2023.",
    ]


async def test_a_candidate_is_called_one_and_gives_way_to_a_verified_figure() -> None:
    unsure = figure("scope_3", 2023, 900, status="candidate")
    (claim,) = (await summary(unsure)).claims
    assert claim.text.startswith("Candidate, not confirmed a second way: Scope 3 emissions were")
    sure = figure("scope_3", 2023, 800)
    (claim,) = (await summary(unsure, sure)).claims
    assert claim.kpis == (sure.id,)


async def test_a_later_candidate_stands_beside_an_earlier_verified_figure() -> None:
    unsure = figure("scope_3", 2023, 900, status="candidate")
    sure = figure("scope_3", 2022, 800)
    texts = [claim.text for claim in (await summary(unsure, sure)).claims]
    assert texts == [
        "Scope 3 emissions were 800 t CO2e in 2022.",
        "Candidate, not confirmed a second way: Scope 3 emissions were 900 t CO2e in 2023.",
    ]


async def test_a_superseded_figure_is_not_told_and_a_restated_one_says_so() -> None:
    old = figure("scope_1", 2023, 120, superseded_by="new")
    new = figure("scope_1", 2023, 100, id="new", flags=("restated",))
    (claim,) = (await summary(old, new)).claims
    assert claim.text == "Scope 1 emissions were 100 t CO2e in 2023 (restated)."
    assert claim.kpis == ("new",)


async def test_units_that_differ_between_years_give_no_change() -> None:
    (claim,) = (
        await summary(figure("scope_1", 2023, 1.2, "kt CO2e"), figure("scope_1", 2022, 1000))
    ).claims
    assert claim.text == "Scope 1 emissions were 1.2 kt CO2e in 2023."


async def test_targets_are_worded_only_with_what_their_quote_holds() -> None:
    whole = target(
        "reduction_absolute", "cut Scope 1 and 2 emissions by 50% by 2030 compared with 2016",
        scopes="1+2", base_year=2016, target_year=2030, reduction_pct=50,
    )  # fmt: skip
    yearless = target(
        "net_zero", "our path to net zero across all scopes", scopes="1+2+3", target_year=2050
    )
    quote = "> 55% less diesel in all data centers by 2030"
    unscoped = target("reduction_absolute", quote, reduction_pct=55, target_year=2030)
    texts = [c.text for c in (await summary(targets=(whole, yearless, unscoped))).claims]
    assert texts == [
        "Net zero emissions.",
        "Reduce emissions (Scope 1 and 2) by 50% by 2030, compared with 2016.",
        quote,
    ]


async def test_a_target_stated_twice_is_told_once_and_a_scrap_of_a_table_not_at_all() -> None:
    scrap = target("reduction_absolute", "by 55% by 2025", reduction_pct=55, target_year=2025)
    full = target("net_zero", "we aim for net zero emissions by 2050", target_year=2050)
    again = target("net_zero", "our goal is net zero emissions by 2050", target_year=2050)
    reached = target("renewable", "we achieved our goal of 50% renewable power", target_year=2023)
    later = target("renewable", "all our power is to be renewable by 2030", target_year=2030)
    claims = (await summary(targets=(reached, scrap, full, again, later))).claims
    assert [claim.text for claim in claims] == [
        "Target: net zero emissions by 2050.",
        later.evidence.quote,
        reached.evidence.quote,
    ]


async def test_a_target_whose_quote_narrows_or_reports_it_is_given_in_its_own_words() -> None:
    quotes = (
        "cut Scope 1 emissions by 60% by FY30 from an FY20 base year",
        "20% reduction in Scope 3 emissions by 2030, excluding fuel",
        "3-4% lower Scope 1 emissions by 2030",
        "we achieved our target of 20% less Scope 1 emissions by 2022",
    )
    targets = [
        target("reduction_absolute", q, reduction_pct=p, scopes=s, target_year=y)
        for q, p, s, y in zip(
            quotes, (60, 20, 4, 20), ("1", "3", "1", "1"), (2030, 2030, 2030, 2022), strict=True
        )
    ]
    texts = {c.text for c in (await summary(targets=tuple(targets))).claims}
    assert texts == set(quotes)


async def test_what_a_report_says_it_does_not_disclose_is_quoted() -> None:
    silence = not_disclosed("scope_3", "No data on Scope 3 emissions has been collected to date.")
    (claim,) = (await summary(silences=(silence,))).claims
    assert claim.text == "No data on Scope 3 emissions has been collected to date."
    assert claim.topic == "Emissions"
    assert claim.evidence == (silence.evidence,)


async def test_passages_are_quoted_as_they_stand_in_page_order_after_the_figures() -> None:
    late = passage("Emissions", "The rest comes from steam, which the plant buys.", page=30)
    early = passage("Emissions", "The kiln was closed in May because of new rules.", page=3)
    claims = (await summary(figure("scope_1", 2023, 77), passages=(late, early))).claims
    assert [claim.text for claim in claims[1:]] == [early.text, late.text]
    assert all(claim.evidence[0].quote == claim.text for claim in claims[1:])


async def test_a_passage_that_only_repeats_a_figure_is_left_out_unless_it_says_why() -> None:
    plain = passage("Emissions", "Our Scope 1 emissions amounted to 39,428 tonnes in 2023.")
    because = passage("Emissions", "The 39,428 tonnes are mainly due to the new kiln in Linz.")
    claims = (await summary(figure("scope_1", 2023, 39_428), passages=(plain, because))).claims
    assert [claim.text for claim in claims[1:]] == [because.text]


async def test_topics_without_anything_are_named_in_order() -> None:
    done = await summary(figure("scope_1", 2023, 1))
    assert done.not_found_topics == tuple(t for t in TOPICS if t != "Emissions")
    assert done.generated_by == "extractive"


async def test_claim_ids_are_stable_and_distinct() -> None:
    records = (figure("scope_1", 2023, 1), figure("scope_3", 2023, 2))
    first, second = await summary(*records), await summary(*records)
    ids = [claim.id for claim in first.claims]
    assert ids == [claim.id for claim in second.claims]
    assert len(set(ids)) == len(ids)


async def test_companies_keep_their_order_and_reasons_up_to_the_limit() -> None:
    candidates = tuple(
        ProposedCompany(company=Company(id=name, name=name), reason=f"reason {name}")
        for name in ("c", "a", "b")
    )
    industry = Industry(id="x", name="X")
    chosen = await ExtractiveAnalyst().identify_companies(industry, candidates, 2)
    assert chosen == candidates[:2]
