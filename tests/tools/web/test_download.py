import asyncio
import gzip
import hashlib
from pathlib import Path

import pytest

from tests.fakes.internet import Internet, Reply, Request, Site, html, pdf
from tests.fakes.internet.world import resumable
from tools.web.client import WebClient
from tools.web.download import Download, Seen, download_pdf
from tools.web.errors import WebError

CONTENT = b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF\n"
URL = "https://files.test/report.pdf"


def served(net: Internet, *answers: object) -> Site:
    """A site whose report gives these answers in turn, the last one for ever."""
    left = list(answers)

    def answer(request: Request) -> Reply:
        now = left.pop(0) if len(left) > 1 else left[0]
        return now(request) if callable(now) else now  # type: ignore[return-value]

    return net.site("files.test", {"/report.pdf": answer})


async def fails(client: WebClient, folder: Path) -> WebError:
    """The error of a download that must leave nothing behind."""
    with pytest.raises(WebError) as raised:
        await download_pdf(client, URL, folder)
    assert list(folder.iterdir()) == []
    return raised.value


async def test_a_file_is_named_by_its_content_and_nothing_else_is_left(
    internet: Internet, client: WebClient, tmp_path: Path
) -> None:
    site = served(internet, pdf(CONTENT, ETag='"a"', Last_Modified="Mon, 01 Jun 2026 10:00:00 GMT"))
    got = await download_pdf(client, URL, tmp_path)
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    assert got == Download(
        URL,
        tmp_path / f"{sha256}.pdf",
        "report.pdf",
        sha256,
        Seen('"a"', "Mon, 01 Jun 2026 10:00:00 GMT"),
    )
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [CONTENT]
    headers = site.asked[-1].headers
    assert headers["accept-encoding"] == "identity"
    assert "IndustrySustainabilityResearchAgent" in headers["user-agent"]
    assert "mailto:tests@example.org" in headers["user-agent"]


async def test_an_unchanged_file_is_not_loaded_again(
    internet: Internet, client: WebClient, tmp_path: Path
) -> None:
    def conditional(request: Request) -> Reply:
        same = request.headers.get("if-none-match") == '"a"'
        return Reply(status=304) if same else pdf(CONTENT, ETag='"a"')

    served(internet, conditional)
    first = await download_pdf(client, URL, tmp_path)
    second = await download_pdf(client, URL, tmp_path, first.seen)
    assert second.path is None
    assert second.seen == first.seen


async def test_a_download_that_breaks_off_goes_on_where_it_stopped(
    internet: Internet, client: WebClient, tmp_path: Path
) -> None:
    site = served(internet, resumable(CONTENT, after=4000))
    got = await download_pdf(client, URL, tmp_path)
    assert got.sha256 == hashlib.sha256(CONTENT).hexdigest()
    ranges = [r.headers.get("range") for r in site.asked if r.path == "/report.pdf"]
    assert ranges == [None, "bytes=4000-"]
    assert site.asked[-1].headers["if-range"] == '"v1"'


async def test_a_file_that_changed_meanwhile_is_loaded_from_its_beginning(
    internet: Internet, client: WebClient, tmp_path: Path
) -> None:
    changed = CONTENT.replace(b"EOF", b"eof")
    served(internet, resumable(CONTENT, after=4000), pdf(changed, ETag='"v2"'))
    got = await download_pdf(client, URL, tmp_path)
    assert got.path is not None
    assert got.path.read_bytes() == changed


async def test_a_server_that_cannot_resume_gives_a_truncated_file_away(
    internet: Internet, client: WebClient, tmp_path: Path
) -> None:
    async def broken(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + CONTENT[:500])
        await writer.drain()

    served(internet, Reply(raw=broken))
    assert (await fails(client, tmp_path)).code == "truncated"


async def endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.7\n")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


async def drip(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        writer.write(b"%")
        await writer.drain()
        await asyncio.sleep(0.2)


async def silent(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


async def never_ending_head(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-Line: " + b"y" * 60000 + b"\r\n")
        await writer.drain()


@pytest.mark.parametrize(
    ("reply", "code", "words"),
    [
        (Reply(raw=endless), "too_large", "larger than 2 MB"),
        (pdf(b"%PDF-1.7" + b"x" * 3 * 2**20), "too_large", "larger than 2 MB"),
        (Reply(raw=drip), "timeout", "in time"),
        (Reply(raw=silent), "timeout", "in time"),
        (Reply(raw=never_ending_head), "truncated", "broke off"),
        (pdf(gzip.compress(CONTENT), Content_Encoding="gzip"), "encoded", "packed"),
        (pdf(b"<!doctype html><p>Accept cookies"), "not_pdf", "web page"),
        (pdf(b"GIF89a" + b"x" * 4000), "not_pdf", "something else"),
        (pdf(b""), "not_pdf", "something else"),
        (Reply(b"", 403), "forbidden", "refuses automated downloads"),
        (Reply(b"", 401), "forbidden", "refuses automated downloads"),
        (Reply(b"", 404), "not_found", "no such page or file"),
        (Reply(b"", 500), "server", "answered with an error"),
        (Reply(b"", 429, {"Retry-After": "3600"}), "busy", "asks to wait 3600 seconds"),
        (Reply(b"", 302, {"Location": "/report.pdf"}), "redirects", "in circles"),
        (Reply(b"", 302), "redirects", "no address"),
    ],
)
async def test_what_is_no_usable_pdf_is_refused_in_words(
    internet: Internet, client: WebClient, tmp_path: Path, reply: Reply, code: str, words: str
) -> None:
    served(internet, reply)
    error = await fails(client, tmp_path)
    assert (error.code, words in str(error)) == (code, True), str(error)
    assert error.do


async def test_a_busy_site_is_waited_for_as_long_as_it_asks(
    internet: Internet, client: WebClient, tmp_path: Path
) -> None:
    site = served(internet, Reply(b"", 429, {"Retry-After": "1"}), pdf(CONTENT))
    assert (await download_pdf(client, URL, tmp_path)).path is not None
    assert site.paths().count("/report.pdf") == 2


async def test_what_robots_txt_closes_is_not_asked_for(
    internet: Internet, client: WebClient, tmp_path: Path
) -> None:
    site = served(internet, pdf(CONTENT))
    rules = b"User-agent: *\nDisallow: /report\n"
    site.pages["/robots.txt"] = Reply(rules)
    assert (await fails(client, tmp_path)).code == "robots"
    assert site.paths() == ["/robots.txt"]


async def test_a_redirect_to_a_closed_part_is_not_followed(
    internet: Internet, client: WebClient, tmp_path: Path
) -> None:
    served(internet, Reply(status=302, headers={"Location": "https://closed.test/x.pdf"}))
    other = internet.site(
        "closed.test",
        {"/robots.txt": Reply(b"User-agent: *\nDisallow: /"), "/x.pdf": pdf(CONTENT)},
    )
    assert (await fails(client, tmp_path)).code == "robots"
    assert other.paths() == ["/robots.txt"]


async def test_robots_txt_is_read_once_for_many_pages(
    internet: Internet, client: WebClient
) -> None:
    site = internet.site("pages.test", {f"/{at}": html(str(at)) for at in range(5)})
    await asyncio.gather(*(client.page(f"https://pages.test/{at}") for at in range(5)))
    assert site.paths().count("/robots.txt") == 1


async def test_a_page_is_asked_for_again_when_a_kept_connection_was_closed(
    internet: Internet, client: WebClient
) -> None:
    async def hang_up(writer: asyncio.StreamWriter) -> None:
        writer.close()

    answers = [Reply(raw=hang_up), html("fine")]
    internet.site("pages.test", {"/": lambda request: answers.pop(0)})
    assert "fine" in (await client.page("https://pages.test/")).text


async def test_at_most_two_requests_are_under_way_to_one_host(
    internet: Internet, client: WebClient
) -> None:
    now, most = 0, 0

    async def counted(writer: asyncio.StreamWriter) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.05)
        now -= 1
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()

    internet.site("pages.test", {f"/{at}": Reply(raw=counted) for at in range(6)})
    await asyncio.gather(*(client.page(f"https://pages.test/{at}") for at in range(6)))
    assert most == 2


@pytest.mark.parametrize(
    ("disposition", "path", "name"),
    [
        ('attachment; filename="Report 2024.pdf"', "/x", "Report 2024.pdf"),
        ("attachment; filename*=UTF-8''Bericht%202024.pdf", "/x", "Bericht 2024.pdf"),
        ('attachment; filename="../../etc/passwd"', "/x", "passwd.pdf"),
        ("", "/files/esg%20report.pdf", "esg report.pdf"),
        ("", "/", "report.pdf"),
        ("", "/..%2f..%2fetc%2fcron.pdf", "cron.pdf"),
    ],
)
async def test_the_name_of_a_file_is_harmless(
    internet: Internet, client: WebClient, tmp_path: Path, disposition: str, path: str, name: str
) -> None:
    reply = pdf(CONTENT, **({"Content_Disposition": disposition} if disposition else {}))
    internet.site("names.test", {path: reply})
    assert (await download_pdf(client, f"https://names.test{path}", tmp_path)).name == name
