"""The cases of server-side request forgery: nothing inside is ever connected to."""

from urllib.parse import quote, unquote

import pytest

from tests.fakes.internet import Internet, Reply, Request, html
from tests.fakes.internet.net import SECRET
from tools.web.client import WebClient
from tools.web.errors import WebError

PUBLIC = "93.184.216.34"
HOSTS: dict[str, list[list[str]]] = {
    "internal.test": [["127.0.0.1"]],
    "meta.test": [["169.254.169.254"]],
    "rfc1918.test": [["10.0.0.5"]],
    "azure.test": [["168.63.129.16"]],
    "aliyun.test": [["100.100.100.200"]],
    "oracle.test": [["192.0.0.192"]],
    "mixed.test": [[PUBLIC, "127.0.0.1"]],
    "v6map.test": [["::ffff:127.0.0.1"]],
    "nat64.test": [["64:ff9b::7f00:1"]],
    "sixto4.test": [["2002:7f00:1::"]],
    "teredo.test": [["2001:0:7f00:1::"]],
    "ula.test": [["fd00:ec2::254"]],
    "linklocal.test": [["fe80::1%1"]],
    "multicast.test": [["224.0.0.1"]],
    "broadcast.test": [["255.255.255.255"]],
    "documentation.test": [["203.0.113.7"]],
    "mixed6.test": [[PUBLIC, "fd00::1"]],
    "nothing.test": [[]],
}
REBINDING = [[PUBLIC], ["127.0.0.1"], [PUBLIC], ["127.0.0.1"], [PUBLIC], ["127.0.0.1"]]


def redirect(target: str) -> str:
    return f"http://good.test/go?{quote(target, safe='')}"


LEGITIMATE = {
    "public": "http://good.test/ok",
    "relative redirect": "http://good.test/relative",
    "TLS": "https://good.test/ok",
    "dead IPv6 beside living IPv4": "http://broken6.test/ok",
    "redirect to another public site": redirect("https://other.test/ok"),
}
HOSTILE = {
    "loopback": "http://127.0.0.1/",
    "localhost": "http://localhost/",
    "decimal": "http://2130706433/",
    "hexadecimal": "http://0x7f000001/",
    "octal": "http://0177.0.0.1/",
    "short": "http://127.1/",
    "zero": "http://0.0.0.0/",
    "IPv6 loopback": "http://[::1]/",
    "mapped": "http://[::ffff:127.0.0.1]/",
    "IPv6 zero": "http://[::]/",
    "circled digits": "http://①②⑦.⓪.⓪.①/",
    **{f"name {host}": f"http://{host}/" for host in HOSTS},
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "redirect to loopback": redirect("http://127.0.0.1/"),
    "redirect to metadata": redirect("http://169.254.169.254/"),
    "redirect to a name inside": redirect("http://internal.test/"),
    "redirect to a file": redirect("file:///etc/passwd"),
    "redirect to another scheme": redirect("gopher://good.test/"),
    "redirect to another port": redirect("http://good.test:8080/"),
    "redirect with a user name": redirect("http://user:word@good.test/ok"),
    "redirect in circles": "http://good.test/circle",
    "user name": "http://good.test@127.0.0.1/",
    "another port": "http://good.test:6379/",
    "robots.txt sends inside": "http://robots.test/page",
    "no host": "http:///etc/passwd",
    "data": "data:text/html,hello",
}


@pytest.fixture
def cases(internet: Internet) -> Internet:
    def go(request: Request) -> Reply:
        return Reply(status=302, headers={"Location": unquote(request.query)})

    pages = {
        "/ok": html("fine"),
        "/relative": Reply(status=302, headers={"Location": "/ok"}),
        "/circle": Reply(status=302, headers={"Location": "/circle"}),
        "/go": go,
    }
    internet.site("good.test", pages, "broken6.test", "mixed.test", "rebind.test", "mixed6.test")
    internet.site("other.test", {"/ok": html("fine")})
    inside = Reply(status=302, headers={"Location": "http://internal.test/robots.txt"})
    internet.site("robots.test", {"/robots.txt": inside, "/page": html("fine")})
    for host, answers in HOSTS.items():
        internet.name(host, *answers)
    internet.name("broken6.test", ["2001:4860:4860::dead", PUBLIC])
    return internet


def test_there_are_as_many_cases_as_promised() -> None:
    assert len(LEGITIMATE) + len(HOSTILE) + 1 >= 43


@pytest.mark.parametrize("url", LEGITIMATE.values(), ids=LEGITIMATE)
async def test_a_legitimate_page_is_fetched(cases: Internet, client: WebClient, url: str) -> None:
    assert "fine" in (await client.page(url)).text


@pytest.mark.parametrize("url", HOSTILE.values(), ids=HOSTILE)
async def test_nothing_inside_is_connected_to(cases: Internet, client: WebClient, url: str) -> None:
    with pytest.raises(WebError) as raised:
        await client.page(url)
    assert SECRET.decode() not in str(raised.value)
    assert cases.inside == []
    assert cases.refused_connections() == []


async def test_a_name_that_changes_its_address_never_leads_inside(
    cases: Internet, client: WebClient
) -> None:
    cases.name("rebind.test", *REBINDING)
    outcomes = []
    for _ in range(6):
        try:
            outcomes.append((await client.page("http://rebind.test/ok")).text)
        except WebError as error:
            outcomes.append(error.code)
    assert not any(SECRET.decode() in outcome for outcome in outcomes)
    assert cases.inside == []
    assert cases.refused_connections() == []


async def test_an_untrusted_certificate_is_refused(cases: Internet, client: WebClient) -> None:
    cases.untrusted.add("good.test")
    with pytest.raises(WebError) as raised:
        await client.page("https://good.test/ok")
    assert raised.value.code == "tls"


async def test_a_proxy_of_the_environment_is_not_used(
    cases: Internet, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv(name.lower(), "http://127.0.0.1:9")
    client = WebClient(cases.network())
    try:
        assert "fine" in (await client.page("http://good.test/ok")).text
    finally:
        await client.aclose()
