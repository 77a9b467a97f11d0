import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.domain import Company
from agent.errors import ProviderError
from tests.fakes.internet import Internet, Reply, Site, open_internet
from tests.fakes.internet.register import register_file
from tools.search.registers import Registers
from tools.search.sbti import SbtiRegister
from tools.web.client import WebClient, WebLimits

URL = "https://register.test/companies-excel.xlsx"
ROWS = (
    (1, "Nordhavn AG", "DE0000000001", "L1", "Targets set", "1.5°C", 2030, "Committed", None),
    (2, "Brennfels SE", "DE0000000002", "L2", "Committed", None, None, None, None),
    (3, "Korvanta Ltd", None, None, "Commitment removed", None, None, None, None),
    (4, "Twin Inc", None, None, "Targets set", None, None, None, None),
    (5, "Twin Ltd", None, None, "Committed", None, None, None, None),
)


@pytest.fixture
async def net() -> AsyncIterator[Internet]:
    async with open_internet() as opened:
        yield opened


@pytest.fixture
def site(net: Internet) -> Site:
    return net.site("register.test", {"/companies-excel.xlsx": register_file(*ROWS)})


@pytest.fixture
async def client(net: Internet) -> AsyncIterator[WebClient]:
    made = WebClient(net.network(), WebLimits(pause=0))
    yield made
    await made.aclose()


def loads(site: Site) -> int:
    return site.paths().count("/companies-excel.xlsx")


@pytest.mark.parametrize(
    ("fields", "status", "matched_by"),
    [
        ({"name": "Another name", "lei": "L1"}, "validated", "LEI"),
        ({"name": "Another name", "isin": "DE0000000002"}, "committed", "ISIN"),
        ({"name": "Nordhavn"}, "validated", "name"),
        ({"name": "Renamed", "aliases": ("Brennfels",)}, "committed", "name"),
        ({"name": "Korvanta"}, "removed", "name"),
        ({"name": "Twin"}, "not listed", ""),
        ({"name": "Nordhavn Foundation"}, "not listed", ""),
    ],
)
async def test_a_company_is_found_by_number_before_name(
    site: Site,
    client: WebClient,
    tmp_path: Path,
    fields: dict[str, object],
    status: str,
    matched_by: str,
) -> None:
    company = Company.model_validate({"id": "x", **fields})
    check = await SbtiRegister(client, URL, tmp_path).check(company)
    assert (check.status, check.matched_by) == (status, matched_by)
    assert check.checked_on
    assert check.checked_on in check.words


async def test_the_words_of_the_register_are_kept(
    site: Site, client: WebClient, tmp_path: Path
) -> None:
    check = await SbtiRegister(client, URL, tmp_path).check(Company(id="x", name="Nordhavn"))
    assert check.detail == "near term: Targets set (1.5°C, 2030); net zero: Committed"


async def test_the_register_is_fetched_once_a_week(
    site: Site, client: WebClient, tmp_path: Path
) -> None:
    company = Company(id="x", name="Nordhavn")
    for _ in range(2):
        register = SbtiRegister(client, URL, tmp_path)
        await register.check(company)
        await register.check(company)
    assert loads(site) == 1
    file = tmp_path / "sbti-companies.xlsx"
    old = file.stat().st_mtime - 8 * 24 * 3600
    os.utime(file, (old, old))
    await SbtiRegister(client, URL, tmp_path).check(company)
    assert loads(site) == 2


async def test_an_old_register_is_better_than_none_and_shows_its_day(
    site: Site, client: WebClient, tmp_path: Path
) -> None:
    company = Company(id="x", name="Nordhavn")
    await SbtiRegister(client, URL, tmp_path).check(company)
    file = tmp_path / "sbti-companies.xlsx"
    os.utime(file, (1_700_000_000, 1_700_000_000))
    site.pages["/companies-excel.xlsx"] = Reply(b"", 500)
    check = await SbtiRegister(client, URL, tmp_path).check(company)
    assert (check.status, check.checked_on) == ("validated", "2023-11-14")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"", 500),
        Reply(b"<html>"),
        Reply(b"PK broken"),
        register_file(("a", "b"), heads=("x", "y")),
    ],
)
async def test_a_register_that_cannot_be_had_is_left_out_and_not_asked_again_at_once(
    site: Site, client: WebClient, tmp_path: Path, reply: Reply
) -> None:
    site.pages["/companies-excel.xlsx"] = reply
    register = SbtiRegister(client, URL, tmp_path)
    company = Company(id="x", name="Nordhavn")
    with pytest.raises(ProviderError):
        await register.check(company)
    asked = loads(site)
    assert await Registers([register]).check(company) == ()
    assert loads(site) == asked
    assert list(tmp_path.glob("*.part")) == []


async def test_nothing_is_asked_for_a_fictional_company(
    site: Site, client: WebClient, tmp_path: Path
) -> None:
    register = SbtiRegister(client, URL, tmp_path)
    company = Company(id="x", name="Nordhavn", fictional=True)
    assert await Registers([register]).check(company) == ()
    assert loads(site) == 0
