"""True and altered claims, made from hand-checked figures, targets and sentences of reports.

Every altered claim differs from a true one in one thing: value, unit, year, company, basis, scope,
direction, subject, rounding, a "by" turned into a "to", a negation. Nothing is random, so that a
claim that slips through can be looked at again.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agent.domain import Claim, Evidence, KpiRecord

_SUBJECTS = {
    "scope_1": "Scope 1 emissions",
    "scope_2": "Scope 2 emissions",
    "scope_3": "Scope 3 emissions",
    "scope_1_2": "Scope 1 and 2 emissions",
    "energy_total": "energy consumption",
    "water_withdrawal": "water withdrawal",
    "water_consumption": "water consumption",
    "waste_total": "total waste",
    "renewable_share": "share of renewable energy",
    "women_in_management": "share of women in management",
    "employees": "number of employees",
    "ltifr": "lost-time injury frequency rate",
    "trir": "total recordable incident rate",
}
_OTHER_SUBJECT = {
    "scope_1": "Scope 2 emissions",
    "scope_2": "Scope 3 emissions",
    "scope_3": "Scope 1 emissions",
    "scope_1_2": "Scope 3 emissions",
    "energy_total": "water consumption",
    "water_withdrawal": "water discharge",
    "waste_total": "hazardous waste",
    "renewable_share": "share of nuclear energy",
    "women_in_management": "share of men in management",
    "ltifr": "total recordable incident rate",
}
_OTHER_UNIT = {
    "t CO2e": "kt CO2e",
    "kt CO2e": "t CO2e",
    "million t CO2e": "thousand t CO2e",
    "Mt CO2e": "kt CO2e",
    "1,000 t CO2e": "t CO2e",
    "MWh": "GWh",
    "GWh": "MWh",
    "GJ": "TJ",
    "TJ": "GJ",
    "m3": "million m3",
    "t": "kt",
    "kt": "t",
}
_LARGER = {"t CO2e": ("kt CO2e", 1000.0), "MWh": ("GWh", 1000.0), "t": ("kt", 1000.0),
           "kt CO2e": ("Mt CO2e", 1000.0), "GJ": ("TJ", 1000.0)}  # fmt: skip
_DIGIT = {str(n): str((n + 3) % 10) for n in range(10)}
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:%|percent|per cent)(?!\w)")


@dataclass(frozen=True, slots=True)
class Case:
    """One claim, whether it is true, and what was altered where it is not."""

    claim: Claim
    true: bool
    change: str


def record_of(line: Mapping[str, Any], number: int) -> KpiRecord:
    """A KPI record from a hand-checked figure; the page's own label is what stands before it."""
    label = re.split(r"\s\d", line["quote"], maxsplit=1)[0]
    return KpiRecord(
        id=f"g{number}",
        kpi=line["kpi"],
        year=line["year"],
        value=line["value"],
        printed=line["printed"],
        unit=line["unit"],
        unit_printed=line.get("unit_printed") or "",
        basis=line.get("basis"),
        boundary=line.get("boundary") or "group",
        label=label,
        evidence=Evidence(report=line["report"], page=line["pdf_page"], quote=line["quote"]),
        method="table",
        status="verified",
    )


def figure_cases(
    records: Sequence[KpiRecord], names: Mapping[str, str], other: Mapping[str, str]
) -> Iterator[Case]:
    """Claims of one figure and of two years; `other` names a wrong company for each report."""
    for record in records:
        if record.kpi in _SUBJECTS:
            yield from _one_figure(record, records, names, other)
    for now in records:
        for before in records:
            same = (
                now.evidence.report == before.evidence.report
                and (now.kpi, now.basis, now.unit) == (before.kpi, before.basis, before.unit)
                and now.boundary == before.boundary
            )
            if same and now.year == before.year + 1 and now.kpi in _SUBJECTS and before.value:
                yield from _two_years(now, before, names, other)


def _claim(
    text: str, company: str, evidence: Sequence[Evidence], records: Sequence[KpiRecord] = ()
) -> Claim:
    return Claim(
        id="case",
        text=text,
        company=company,
        evidence=tuple(dict.fromkeys(evidence)),
        kpis=tuple(record.id for record in records),
    )


def _subject(record: KpiRecord) -> str:
    basis = f" ({record.basis}-based)" if record.basis else ""
    return f"{_SUBJECTS[record.kpi]}{basis}"


def _amount(value: float, unit: str) -> str:
    number = f"{value:,.6f}".rstrip("0").rstrip(".")
    if unit == "%":
        return f"{number}%"
    return number if unit in {"", "headcount"} else f"{number} {unit}"


def _altered_value(record: KpiRecord) -> float:
    digits = f"{record.value:.6f}".rstrip("0").rstrip(".")
    at = next((i for i, c in enumerate(digits) if c.isdigit() and (c != "0" or i)), 0)
    return float(digits[:at] + _DIGIT[digits[at]] + digits[at + 1 :])


def _one_figure(
    record: KpiRecord,
    records: Sequence[KpiRecord],
    names: Mapping[str, str],
    other: Mapping[str, str],
) -> Iterator[Case]:
    company, wrong = names[record.evidence.report], other[record.evidence.report]
    was = "were" if "emissions" in _SUBJECTS[record.kpi] else "was"

    def case(text: str, change: str = "", *, filed: str = company) -> Case:
        claim = _claim(text, filed, [record.evidence], [record])
        return Case(claim, not change, change or "true")

    def sentence(subject: str, amount: str, year: int, name: str = company) -> str:
        return f"{name}'s {subject} {was} {amount} in {year}."

    subject, amount = _subject(record), _amount(record.value, record.unit)
    yield case(sentence(subject, amount, record.year))
    yield case(f"In {record.year}, {company} reported {subject} of {amount}.")
    yield case(
        sentence(subject, _amount(_altered_value(record), record.unit), record.year), "value"
    )
    yield case(sentence(subject, _amount(record.value * 10, record.unit), record.year), "ten times")
    taken = {r.year for r in records if _is_same(r, record)}
    for year in (record.year - 1, record.year + 1, record.year + 7):
        if year not in taken:
            yield case(sentence(subject, amount, year), "year")
    yield case(sentence(subject, amount, record.year, wrong), "company in the text")
    yield case(sentence(subject, amount, record.year), "company filed under", filed=wrong)
    yield case(f"{company}'s {subject} {was} not {amount} in {record.year}.", "negation")
    if record.unit in _OTHER_UNIT and record.value:
        swapped = _amount(record.value, _OTHER_UNIT[record.unit])
        yield case(sentence(subject, swapped, record.year), "unit")
    if record.unit == "%":
        points = f"{_amount(record.value, '')} percentage points"
        yield case(sentence(subject, points, record.year), "unit")
    if record.basis:
        basis = {"market": "location", "location": "market"}[record.basis]
        text = sentence(subject.replace(record.basis, basis), amount, record.year)
        yield case(text, "basis")
    if record.kpi in _OTHER_SUBJECT:
        yield case(sentence(_OTHER_SUBJECT[record.kpi], amount, record.year), "subject")
    if record.unit in _LARGER and record.value >= 1000:
        unit, factor = _LARGER[record.unit]
        rounded = f"{record.value / factor:.1f} {unit}"
        wrong_one = f"{record.value / factor + 0.2:.1f} {unit}"
        yield case(sentence(subject, rounded, record.year))
        yield case(sentence(subject, wrong_one, record.year), "rounding")


def _is_same(one: KpiRecord, other: KpiRecord) -> bool:
    return one.evidence.report == other.evidence.report and one.value == other.value


def _two_years(
    now: KpiRecord, before: KpiRecord, names: Mapping[str, str], other: Mapping[str, str]
) -> Iterator[Case]:
    company = names[now.evidence.report]
    change = (now.value - before.value) / abs(before.value) * 100
    if now.unit == "%" or abs(change) < 1 or abs(change) >= 1000:
        return
    way, back = ("more", "less") if change > 0 else ("less", "more")
    verb, wrong_verb = ("rose", "fell") if change > 0 else ("fell", "rose")
    percent = f"{abs(change):.1f}".rstrip("0").rstrip(".")

    def case(text: str, altered: str = "") -> Case:
        claim = _claim(text, company, [now.evidence, before.evidence], [now, before])
        return Case(claim, not altered, altered or "true")

    def told(first: KpiRecord, second: KpiRecord, pct: str, direction: str) -> str:
        return (
            f"{_subject(now)[:1].upper()}{_subject(now)[1:]} of {company} were "
            f"{_amount(first.value, now.unit)} in {now.year}, {pct}% {direction} than in "
            f"{before.year} ({_amount(second.value, now.unit)})."
        )

    yield case(told(now, before, percent, way))
    yield case(told(now, before, percent, back), "direction")
    yield case(told(before, now, percent, way), "years swapped")
    yield case(told(now, before, f"{abs(change) + 1.3:.1f}", way), "value")
    short = f"{_subject(now)} of {company} {verb} by {percent}% in {now.year}."
    yield case(short)
    yield case(short.replace(verb, wrong_verb), "direction")
    yield case(short.replace("by", "to"), "by and to")
    yield case(short.replace("%", " percentage points"), "unit")
    yield case(short.replace(company, other[now.evidence.report]), "company in the text")


def target_cases(
    lines: Sequence[Mapping[str, Any]], names: Mapping[str, str], other: Mapping[str, str]
) -> Iterator[Case]:
    """Claims of stated targets: the quote itself, and a sentence that says the same."""
    for line in lines:
        place = Evidence(report=line["report"], page=line["pdf_page"], quote=line["quote"])
        company, quote = names[line["report"]], line["quote"].rstrip(".")
        yield Case(_claim(line["quote"], company, [place]), True, "true")
        yield Case(_claim(f"{company}: “{quote}.”", company, [place]), True, "true")
        for text, change in _altered_quote(quote):
            yield Case(_claim(text, company, [place]), False, change)
            yield Case(_claim(f"{company}: “{text}.”", company, [place]), False, change)
        yield from _told_target(line, place, company, other[line["report"]])


def _altered_quote(quote: str) -> Iterator[tuple[str, str]]:
    number = re.search(r"(?<![\w.,])\d+(?=[.,]?\d*\s?%)", quote)
    if number:
        digit = _DIGIT[quote[number.start()]]
        yield quote[: number.start()] + digit + quote[number.start() + 1 :], "value"
    for year in re.finditer(r"(?<!\d)20\d\d(?!\d)", quote):
        yield quote[: year.start()] + str(int(year.group()) + 5) + quote[year.end() :], "year"
    swaps = [
        (r"\bScope 1\b(?! ?[,+&]| and)", "Scope 2", "scope"),
        (r"\bScope 3\b", "Scope 1", "scope"),
        (r"\b(?:reduce|reduction in|reduction of)\b", "increase", "direction"),
        (r"\bnet[- ]zero\b", "carbon neutral", "status"),
        (r"\bvalidated by\b", "submitted to", "status"),
        (r"\bcommitted to\b", "rejected", "status"),
        (r"\babsolute\b", "specific", "measure"),
        (r"\brenewable\b", "nuclear", "carrier"),
        (r"\bhave not\b|\bnot been\b", "have been", "negation"),
    ]
    for pattern, put, change in swaps:
        text = re.sub(pattern, put, quote, count=1, flags=re.IGNORECASE)
        if text != quote:
            yield text, change


def _told_target(
    line: Mapping[str, Any], place: Evidence, company: str, wrong: str
) -> Iterator[Case]:
    """A plain sentence from the target's parts, where its quote carries them all."""
    percent, year, base = line["reduction_pct"], line["target_year"], line["base_year"]
    quote, scopes = line["quote"], line["scopes"]
    printed = _PERCENT.search(quote)
    carried = printed and year and str(year) in quote and base and str(base) in quote
    speaks = re.search(r"reduc", quote, re.IGNORECASE) and "emission" in quote
    if not carried or not speaks or "without" in quote:
        return
    if line["kind"] not in {"reduction_absolute", "reduction_intensity"}:
        return
    what = "emissions intensity" if line["kind"] == "reduction_intensity" else "emissions"
    named = bool(re.search(r"scope", quote, re.IGNORECASE)) and re.fullmatch(
        r"[123+]+", scopes or ""
    )
    of = f" (Scope {' and '.join(scopes.split('+'))})" if named else ""

    def told(pct: str, end: int, start: int, *, verb: str = "reduce", scope: str = of) -> str:
        return f"{company} aims to {verb} {what}{scope} by {pct}% by {end} compared with {start}."

    number = f"{percent:g}"

    def case(text: str, change: str = "") -> Case:
        return Case(_claim(text, company, [place]), not change, change or "true")

    yield case(told(number, year, base))
    yield case(told(f"{percent + 2:g}", year, base), "value")
    yield case(told(number, year + 5, base), "year")
    yield case(told(number, base, year), "target and base year swapped")
    yield case(told(number, year, base, verb="increase"), "direction")
    yield case(told(number, year, base).replace(f"by {number}%", f"to {number}%"), "by and to")
    yield case(told(number, year, base).replace(company, wrong), "company in the text")
    yield case(told(number, year, base).replace("aims to", "does not aim to"), "negation")
    yield case(told(number, year, base).replace("%", " percentage points"), "unit")
    if named:
        swap = " (Scope 3)" if "3" not in scopes.split("+") else " (Scope 1)"
        yield case(told(number, year, base, scope=swap), "scope")
    past = (
        told(number, year, base).replace("aims to reduce", "reduced").split(" by " + str(year))[0]
    )
    yield case(f"{past}.", "aim told as fact")


def sentence_cases(
    report: str, company: str, pages: Mapping[int, str], most: int
) -> Iterator[Case]:
    """Sentences of the report with a figure, word for word, and with a digit or word changed."""
    found = 0
    for number, text in pages.items():
        flat = re.sub(r"\s*\r?\n\s*", " ", text)
        for match in re.finditer(
            r"(?<=[.!?] )[A-Z][^.!?]{60,220}\d[^.!?]{5,120}\.(?= [A-Z])", flat
        ):
            sentence = match.group()
            if found == most or len(re.findall(r"\d", sentence)) > 12:
                continue
            found += 1
            place = Evidence(report=report, page=number, quote=sentence)
            yield Case(_claim(sentence, company, [place]), True, "true")
            yield from _altered_sentence(sentence, place, company)


def _altered_sentence(sentence: str, place: Evidence, company: str) -> Iterator[Case]:
    number = re.search(r"(?<![\w.,])\d", sentence)
    if number:
        digit = _DIGIT[number.group()]
        text = sentence[: number.start()] + digit + sentence[number.end() :]
        yield Case(_claim(text, company, [place]), False, "value")
        forged = place.model_copy(update={"quote": text})
        yield Case(_claim(text, company, [forged]), False, "quote forged")
    for pattern, put in ((r"\bincreased\b", "decreased"), (r"\breduced\b", "increased"),
                         (r"\bwas\b", "was not"), (r"\bmore than\b", "less than"),
                         (r"\bmillion\b", "thousand")):  # fmt: skip
        text = re.sub(pattern, put, sentence, count=1)
        if text != sentence:
            yield Case(_claim(text, company, [place]), False, "word")


def without_repeats(cases: Iterator[Case]) -> list[Case]:
    """The cases, each text and place once, numbered."""
    seen: dict[tuple[str, str | None, tuple[Evidence, ...]], Case] = {}
    for case in cases:
        key = (case.claim.text, case.claim.company, case.claim.evidence)
        seen.setdefault(key, case)
    return [
        replace(case, claim=case.claim.model_copy(update={"id": f"case-{number}"}))
        for number, case in enumerate(seen.values(), start=1)
    ]
