"""The JSON shapes of the command line, as documented; other programs read them."""

from typing import Any

from agent.domain import (
    Analysis,
    Claim,
    CompanyAnalysis,
    Evidence,
    KpiRecord,
    Report,
    Silence,
    Target,
)


def kpi_shape(record: KpiRecord) -> dict[str, Any]:
    """One figure: value and unit as reported, normalised, page and quote."""
    return {
        "id": record.id,
        "kpi": record.kpi,
        "year": record.year,
        "value": record.value,
        "printed": record.printed,
        "unit": record.unit,
        "normalised": record.normalised.model_dump() if record.normalised else None,
        "basis": record.basis,
        "boundary": record.boundary,
        "label": record.label,
        "page": record.evidence.page,
        "quote": record.evidence.quote,
        "method": record.method,
        "status": record.status,
        "confirmations": list(record.confirmations),
        "flags": list(record.flags),
        "superseded_by": record.superseded_by,
        "superseded_why": record.superseded_why,
    }


def evidence_shape(evidence: Evidence) -> dict[str, Any]:
    """A place: report, page, quote."""
    return {"report": evidence.report, "page": evidence.page, "quote": evidence.quote}


def claim_shape(claim: Claim) -> dict[str, Any]:
    """A sentence with the places that bear it out."""
    return {
        "id": claim.id,
        "text": claim.text,
        "topic": claim.topic,
        "company": claim.company,
        "status": claim.status,
        "reason": claim.reason,
        "kpis": list(claim.kpis),
        "evidence": [evidence_shape(item) for item in claim.evidence],
    }


def target_shape(target: Target) -> dict[str, Any]:
    """A target with its page and quote on the first level."""
    shape = target.model_dump(exclude={"evidence"})
    return {**shape, "page": target.evidence.page, "quote": target.evidence.quote}


def silence_shape(silence: Silence) -> dict[str, Any]:
    """Why a figure is missing; page and quote where the report says so itself."""
    evidence = silence.evidence
    return {
        "kpi": silence.kpi,
        "silence": silence.kind,
        "note": silence.note,
        "page": evidence.page if evidence else None,
        "quote": evidence.quote if evidence else None,
    }


def report_shape(report: Report | None) -> dict[str, Any] | None:
    """A report's identity."""
    return report.model_dump(mode="json") if report else None


def company_shape(company: CompanyAnalysis) -> dict[str, Any]:
    """One company of an analysis."""
    return {
        "id": company.company_id,
        "name": company.name,
        "status": company.status,
        "reason": company.reason,
        "fictional": company.fictional,
        "report": report_shape(company.report),
        "summary": [claim_shape(claim) for claim in company.summary.claims],
        "not_found_topics": list(company.summary.not_found_topics),
        "kpis": [kpi_shape(record) for record in company.kpis],
        "targets": [target_shape(target) for target in company.targets],
        "coverage": [item.model_dump(mode="json") for item in company.coverage],
        "silences": [silence_shape(silence) for silence in company.silences],
        "warnings": list(company.warnings),
        "choices": [choice.model_dump(mode="json") for choice in company.choices],
        "target_checks": [check.model_dump(mode="json") for check in company.target_checks],
    }


def analysis_shape(analysis: Analysis) -> dict[str, Any]:
    """The whole analysis."""
    return {
        "analysis_id": analysis.analysis_id,
        "industry": analysis.industry.name,
        "fictional": analysis.industry.fictional,
        "companies": [company_shape(company) for company in analysis.companies],
        "table": analysis.table.model_dump(mode="json"),
        "synthesis": {
            "markdown": analysis.synthesis.markdown,
            "claims": [claim_shape(claim) for claim in analysis.synthesis.claims],
            "generated_by": analysis.synthesis.generated_by,
        },
        "usage": analysis.usage.model_dump(mode="json"),
        "seconds": analysis.seconds,
    }
