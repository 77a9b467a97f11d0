import pytest

from tools.web.domains import on_domains, registrable
from tools.web.links import page_links
from tools.web.sitemap import Sitemap, read_sitemap

BASE = "https://www.example.com/en/reports/"


def links(html: str) -> list[tuple[str, str]]:
    return [(link.url, link.title) for link in page_links(html, BASE)]


@pytest.mark.parametrize(
    ("html", "url", "title"),
    [
        ('<a href="/r.pdf">ESG Report</a>', "https://www.example.com/r.pdf", "ESG Report"),
        ('<a href="r.pdf#page=2">ESG Report</a>', f"{BASE}r.pdf", "ESG Report"),
        ('<iframe src="/r.pdf" title="Our report">', "https://www.example.com/r.pdf", "Our report"),
        ('<object data="r.pdf"></object>', f"{BASE}r.pdf", ""),
        ('<embed src="r.pdf">', f"{BASE}r.pdf", ""),
        ('<div data-href="/r.pdf">Report</div>', "https://www.example.com/r.pdf", ""),
        ('<a href="//cdn.net/r.pdf">Report 24</a>', "https://cdn.net/r.pdf", "Report 24"),
        (
            '<a href="/viewer.html?file=%2Fmedia%2Fr.pdf">Report 24</a>',
            "https://www.example.com/media/r.pdf",
            "Report 24",
        ),
        (
            '<script>var x = {"title":"Report 24","u":"https:\\/\\/a.b.com\\/r.pdf"}</script>',
            "https://a.b.com/r.pdf",
            "Report 24",
        ),
        (
            "<li><h3>Sustainability Report 2024</h3><a href='/r.pdf'>Download (3.1 MB)</a></li>",
            "https://www.example.com/r.pdf",
            "Sustainability Report 2024 Download (3.1 MB)",
        ),
        ('<base href="https://b.com/x/"><a href="r.pdf">R 24</a>', "https://b.com/x/r.pdf", "R 24"),
        (
            '<meta http-equiv="refresh" content="0; url=/new">',
            "https://www.example.com/new",
            "",
        ),
    ],
)
def test_a_link_is_found_with_its_words(html: str, url: str, title: str) -> None:
    found = dict(links(html))
    assert url in found
    assert not title or found[url] == title


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<a>",
        '<a href="javascript:x()">',
        '<a href="mailto:a@b.c">',
        '<a href="http://[bad">x',
        "\0",
    ],
)
def test_what_is_no_link_is_passed_over(html: str) -> None:
    assert links(html) == []


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.example.com", "example.com"),
        ("reports.example.co.uk", "example.co.uk"),
        ("example.co.uk", "example.co.uk"),
        ("EXAMPLE.com.", "example.com"),
        ("localhost", "localhost"),
    ],
)
def test_the_registrable_domain_of_a_host(host: str, domain: str) -> None:
    assert registrable(host) == domain


def test_neighbours_under_a_public_suffix_are_strangers() -> None:
    assert on_domains("https://reports.acme.co.uk/x", ["acme.co.uk"])
    assert not on_domains("https://evil.co.uk/x", ["acme.co.uk"])
    assert not on_domains("https://acme.co.uk.evil.com/x", ["acme.co.uk"])
    assert not on_domains("https://notacme.com/", ["acme.com"])


def test_sitemaps_and_their_indexes_are_read() -> None:
    urls = "<url><loc> https://a.com/x </loc></url><url><loc>ftp://a.com</loc></url>"
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    assert read_sitemap(f"<urlset {space}>{urls}</urlset>") == Sitemap(pages=("https://a.com/x",))
    index = (
        f"<sitemapindex {space}><sitemap><loc>https://a.com/1.xml</loc></sitemap></sitemapindex>"
    )
    assert read_sitemap(index) == Sitemap(further=("https://a.com/1.xml",))


def test_a_hostile_or_broken_sitemap_is_empty() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "b">]><urlset><url><loc>https://a.com/&a;</loc></url></urlset>'
    for text in (bomb, "<html>", "", "not xml"):
        assert read_sitemap(text) == Sitemap()
