"""Reports sent by programs: streamed, bounded, private, many at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.app.api.conftest import Api
from tools.library.samples import sample_files

MB = 1_000_000
BOUNDARY = "----isra"


def padded(pdf: bytes, size: int) -> Iterator[bytes]:
    """The PDF blown up by a comment; its table of contents is named again at the end."""
    start = pdf[pdf.rindex(b"startxref") :]
    yield pdf
    left = size - len(pdf) - len(start) - 2
    while left > 0:
        piece = b"%" + b" " * min(left - 1, 999_998) + b"\n"
        yield piece
        left -= len(piece)
    yield b"\n" + start


def multipart(parts: Iterator[bytes]) -> Iterator[bytes]:
    """A body of one file that is never whole in memory here either."""
    yield (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="big.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    ).encode()
    yield from parts
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


def send(client: httpx.Client, body: Iterator[bytes]) -> httpx.Response:
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    return client.post("reports", content=body, headers=headers, timeout=300)


def peak_mb(api: Api) -> float:
    """Most memory the server's own process has had since the mark was set back."""
    assert api.server.process is not None
    for line in Path(f"/proc/{api.server.process.pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1000
    raise AssertionError("no VmHWM")


def forget_peak(api: Api) -> None:
    assert api.server.process is not None
    Path(f"/proc/{api.server.process.pid}/clear_refs").write_text("5")


def test_a_report_of_150_mb_is_taken_with_flat_memory(api: Api, ada: httpx.Client) -> None:
    pdf = sample_files()[0].read_bytes()
    forget_peak(api)
    before = peak_mb(api)
    answer = send(ada, multipart(padded(pdf, 149 * MB)))
    assert answer.status_code == 201, answer.text
    assert answer.json()["pages"] > 0
    assert peak_mb(api) - before < 40
    assert ada.get(answer.headers["location"].removeprefix("/api/v1/")).json()["file"] == "big.pdf"


@pytest.mark.parametrize("told", [True, False], ids=["told", "untold"])
def test_a_body_over_the_limit_is_answered_413(ada: httpx.Client, told: bool) -> None:
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}

    def body() -> Iterator[bytes]:
        yield from multipart(b"%" * MB for _ in range(163))

    if told:
        headers["content-length"] = str(sum(map(len, body())))
    try:
        answer = ada.post("reports", content=body(), headers=headers, timeout=300)
    except (httpx.WriteError, httpx.RemoteProtocolError):
        # The server may close while the client still writes; it never took the rest.
        assert told or ada.get("me").is_success
        return
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_json_over_the_limit_is_answered_413(ada: httpx.Client) -> None:
    answer = ada.post("analyses", json={"industry": "x" * 1_100_000})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_report_is_its_owners_alone(ada: httpx.Client, bob: httpx.Client) -> None:
    with sample_files()[1].open("rb") as file:
        created = ada.post("reports", files={"file": ("mine.pdf", file, "application/pdf")})
    assert created.status_code == 201, created.text
    place = created.headers["location"].removeprefix("/api/v1/")
    assert ada.get(place).is_success
    assert ada.get(f"{place}/pages/1").headers["content-type"].startswith("image/")
    assert ada.get(f"{place}/pages/9999").status_code == 404
    assert bob.get(place).status_code == 404
    assert bob.get(f"{place}/pages/1").status_code == 404
    assert created.json()["sha256"] not in bob.get("reports").text


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("page.html", b"<html><body>x</body></html>", "web_page"),
        ("../../etc/x", b"", "empty"),
        ("\x00.pdf", b"%PDF-1.7 broken", ""),
    ],
)
def test_what_is_no_report_is_refused_with_a_reason(
    ada: httpx.Client, name: str, content: bytes, code: str
) -> None:
    answer = ada.post("reports", files={"file": (name, content, "application/pdf")})
    assert answer.status_code == 422
    assert code in answer.json()["code"]
    assert "incoming" not in answer.text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data; boundary=x"),
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
        (b"{}", "application/json"),
        (b"a=b", "application/x-www-form-urlencoded"),
        (b"--x", "multipart/form-data"),
    ],
)
def test_a_body_that_is_no_upload_is_refused(ada: httpx.Client, body: bytes, kind: str) -> None:
    answer = ada.post("reports", content=body, headers={"content-type": kind})
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def test_ten_clients_upload_and_cancel_at_once(api: Api) -> None:
    pdfs = [path.read_bytes() for path in sample_files()]

    def client(number: int) -> tuple[int, str]:
        with api.of(("ada", "bob")[number % 2]) as calls:
            pdf = pdfs[number % len(pdfs)]
            sent = calls.post("reports", files={"file": (f"{number}.pdf", pdf)})
            analysis_id = calls.post("analyses", json={"industry": "sample cement"}).json()["id"]
            state = calls.post(f"analyses/{analysis_id}/cancel").json()["state"]
            return sent.status_code, state

    with ThreadPoolExecutor(10) as pool:
        done = list(pool.map(client, range(10)))
    assert done == [(201, "cancelled")] * 10
    leftovers = api.server.data / "incoming"
    assert not any(leftovers.iterdir())
