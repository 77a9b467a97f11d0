"""isra directory: look at, check and extend the list of industries and companies."""

from typing import Annotated, Any

import typer

from agent.domain import Company
from agent.errors import ConfigurationError, NotFoundError
from app.cli.output import print_json, print_table, stderr
from tools.directory import Directory, load_directory

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="The industries and companies the agent knows.", no_args_is_help=True)
    group.command("show")(show)
    group.command("check")(check)
    group.command("add")(add)
    app.add_typer(group, name="directory")


def show(
    text: Annotated[
        str, typer.Argument(help="An industry in any words; all industries without it.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Show the industries, or the companies of the ones a text means."""
    directory = load_directory()
    if text:
        _show_companies(directory, text, as_json)
        return
    rows = [_industry_shape(directory, industry.id) for industry in directory.industries]
    if as_json:
        print_json({"industries": rows})
        return
    print_table(
        f"{len(rows)} industries",
        ("id", "name", "companies", "ISIC", "NACE", "NAICS"),
        [
            (
                row["id"],
                row["name"] + (" (fictional)" if row["fictional"] else ""),
                row["companies"],
                *(", ".join(row[system]) for system in ("isic", "nace", "naics")),
            )
            for row in rows
        ],
    )


def check(as_json: Json = False) -> None:
    """Check every row: duplicates, country codes, ISIN and LEI digits, addresses, words."""
    # Only checks need the lists of countries and check digits; no other command waits for them.
    from tools.directory.validate import check as find_problems

    problems = find_problems()
    if as_json:
        print_json({"problems": [{"where": p.where, "what": p.what} for p in problems]})
    elif problems:
        print_table("Problems", ("where", "what"), [(p.where, p.what) for p in problems])
    if problems:
        raise ConfigurationError(
            f"The directory has {len(problems)} problems.", "Correct tools/directory/data."
        )
    if not as_json:
        directory = load_directory()
        ids = {
            company.id
            for industry in directory.industries
            if not industry.fictional
            for company in directory.companies(industry.id)
        }
        stderr.print(f"{len(directory.industries)} industries and {len(ids)} companies: all well.")


def add(
    name: Annotated[str, typer.Argument(help="The company's usual name.")],
    industry: Annotated[
        list[str], typer.Option(help="Industry id, the main one first; may be given again.")
    ],
    country: Annotated[str, typer.Option(help="Country of its head office, such as DE.")],
    scale: Annotated[str, typer.Option(help="Annual revenue: very large, large, medium or small.")],
    alias: Annotated[list[str] | None, typer.Option(help="Another name of it.")] = None,
    domain: Annotated[list[str] | None, typer.Option(help="A domain of its own.")] = None,
    report_page: Annotated[str, typer.Option(help="Page that lists its reports.")] = "",
    isin: Annotated[str, typer.Option(help="ISIN of its main share.")] = "",
    lei: Annotated[str, typer.Option(help="Its LEI.")] = "",
) -> None:
    """Add a company; it is written only when every check passes."""
    from tools.directory.edit import add_company, company_id

    company = Company(
        id=company_id(name),
        name=name.strip(),
        aliases=tuple(alias or ()),
        country=country,
        isin=isin,
        lei=lei,
        domains=tuple(domain or ()),
        report_page=report_page,
    )
    add_company(company, tuple(industry), scale)
    stderr.print(f"{company.name} added as {company.id}.", markup=False)


def _show_companies(directory: Directory, text: str, as_json: bool) -> None:
    known = {industry.id: industry for industry in directory.industries}
    query = directory.understand(text)
    industries = (known[text],) if text in known else query.industries
    countries = () if text in known else query.countries
    if not industries:
        near = ", ".join(match.industry.name for match in directory.suggest(text))
        raise NotFoundError(f"No industry is called “{text}”.", f"Nearest: {near}.")
    shapes = [
        _industry_shape(directory, industry.id)
        | {
            "members": [
                entry.company.model_dump(mode="json")
                | {"scale": entry.scale, "source": entry.source, "checked_on": entry.checked_on}
                for entry in directory.listed(industry.id)
                if not countries or entry.company.country in countries
            ]
        }
        for industry in industries
    ]
    if as_json:
        print_json({"region": query.region, "tie": query.tie, "industries": shapes})
        return
    if query.tie and text not in known:
        stderr.print(f"“{text}” can mean several industries.", markup=False)
    for shape in shapes:
        print_table(
            shape["name"] + (f", {query.region}" if countries else ""),
            ("company", "country", "revenue", "ISIN", "domain (?: not confirmed)", "checked on"),
            [
                (
                    row["name"],
                    row["country"],
                    row["scale"],
                    row["isin"],
                    ", ".join(row["domains"]) + ("" if row["domains_confirmed"] else " ?"),
                    row["checked_on"],
                )
                for row in shape["members"]
            ],
        )


def _industry_shape(directory: Directory, industry_id: str) -> dict[str, Any]:
    industry = next(row for row in directory.industries if row.id == industry_id)
    codes = directory.codes(industry_id)
    return {
        "id": industry.id,
        "name": industry.name,
        "fictional": industry.fictional,
        "companies": len(directory.companies(industry_id)),
        "isic": codes.isic if codes else [],
        "nace": codes.nace if codes else [],
        "naics": codes.naics if codes else [],
    }
