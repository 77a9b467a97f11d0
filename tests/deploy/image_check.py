"""The image, built and run for real. `make image-test` asks for it; no other run collects it.

It needs buildah, podman and runc, and a base image of the name in the Dockerfile; where no image
registry is reached `deploy/image/base.sh` makes one (debootstrap). Sizes and memory are printed.
"""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

import httpx
import pytest
from httpx_sse import connect_sse

from tests.conftest import REPOSITORY, need
from tests.postgres import PostgresServer

# Building from nothing takes minutes.
pytestmark = pytest.mark.timeout(1800)

IMAGE = "localhost/isra:check"
BASE = "docker.io/library/python:3.11-slim-bookworm"
PASSWORD = "correct-horse-battery-staple"
SAMPLE = {"industry": "sample cement", "companies": ["Korvanta Cement"], "unattended": True}
PORT = 8911
DRAIN_SECONDS = 20
OPEN_FILES = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
CLOSED = (
    *("--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges"),
    *("--network", "host", "--read-only-tmpfs=false"),
    *("--ulimit", f"nofile={OPEN_FILES}:{OPEN_FILES}", "--ulimit", "nproc=4096:4096"),
)
LIMITS = (*CLOSED, "--cpus", "1", "--memory", "2g")
WEB_LIMITS = (*CLOSED, "--cpus", "0.5", "--memory", "1g")
"""The web task of the environments: see `web_cpu` and `web_memory`."""
MOST_MEGABYTES = 560
"""What the image may add to its base."""
PODMAN = ("podman", "--runtime", "runc", "--cgroup-manager", "cgroupfs")
# podman leaves the times of a health check to systemd, which a container itself may not have.
TOOLS = {
    "STORAGE_DRIVER": "vfs",
    "BUILDAH_ISOLATION": "chroot",
    "DISABLE_HC_SYSTEMD": "true",
}


def tool(*command: str, input: str | None = None, check: bool = True) -> str:
    ran = subprocess.run(
        command, input=input, capture_output=True, text=True, env=os.environ | TOOLS, check=False
    )
    assert not check or ran.returncode == 0, f"{' '.join(command)}\n{ran.stdout}{ran.stderr}"
    return ran.stdout.strip()


def say(text: str) -> None:
    """For whoever reads what `make image-test` measured."""
    sys.stdout.write(f"{text}\n")


def podman(*arguments: str, input: str | None = None, check: bool = True) -> str:
    return tool(*PODMAN, *arguments, input=input, check=check)


@pytest.fixture(scope="session")
def image() -> str:
    for name in ("buildah", "podman", "runc"):
        need(shutil.which(name) is not None, name)
    if not tool("buildah", "images", "--quiet", BASE, check=False):
        need(shutil.which("debootstrap") is not None, f"the base image {BASE}")
        tool(str(REPOSITORY / "deploy" / "image" / "base.sh"), BASE)
    tool(
        *("buildah", "bud", "--isolation", "chroot", "--network", "host", "--pull-never"),
        *("--format", "docker", "--layers", "--quiet", "--tag", IMAGE, str(REPOSITORY)),
    )
    return IMAGE


@pytest.fixture
def volume() -> Iterator[str]:
    name = f"isra-check-{time.time_ns()}"
    podman("volume", "create", name)
    yield name
    podman("volume", "rm", "--force", name)


@contextmanager
def serving(image: str, volume: str, limits: tuple[str, ...]) -> Iterator[str]:
    """A container that serves the chat to the user ada."""
    mount = f"{volume}:/data"
    podman(
        *("run", "--rm", "--interactive", *limits, "--volume", mount, image),
        *("user", "add", "ada", "--password-stdin"),
        input=PASSWORD + "\n",
    )
    name = f"isra-check-{time.time_ns()}"
    settings = ("--env", "ISRA_AUTH=password", "--env", f"ISRA_PORT={PORT}")
    podman(
        *("run", "--detach", "--name", name, *limits, "--volume", mount, *settings),
        *("--env", "ISRA_OFFLINE=1", image),
    )
    try:
        wait_until_served(name)
        yield name
    finally:
        podman("rm", "--force", "--time", "5", name, check=False)


@pytest.fixture
def server(image: str, volume: str) -> Iterator[str]:
    with serving(image, volume, LIMITS) as name:
        yield name


@pytest.fixture
def web_task(image: str, volume: str) -> Iterator[str]:
    with serving(image, volume, WEB_LIMITS) as name:
        yield name


def program(server: str) -> httpx.Client:
    """A program of ada's at the machine API."""
    token = podman("exec", server, "isra", "token", "create", "check", "--user", "ada")
    return httpx.Client(
        base_url=f"http://127.0.0.1:{PORT}/api/v1/",
        headers={"authorization": f"Bearer {token}"},
        timeout=60,
    )


def follow(client: httpx.Client, analysis: str, kind: str = "") -> None:
    """Wait for an event of that kind, or for the first of any."""
    with connect_sse(client, "GET", f"analyses/{analysis}/events") as source:
        seen = []
        for event in source.iter_sse():
            seen.append(event.event)
            if kind in {event.event, ""}:
                return
        raise AssertionError(f"{kind} never came: {seen}")


def most_memory(server: str) -> float:
    """The most memory that the container ever held, in MB; cgroups of version 2 or 1 say it."""
    for place in ("memory.peak", "memory/memory.max_usage_in_bytes"):
        peak = podman("exec", server, "cat", f"/sys/fs/cgroup/{place}", check=False)
        if peak.isdigit():
            return int(peak) / 1e6
    return float("nan")


def wait_until_served(name: str) -> None:
    for _ in range(120):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/login", timeout=2):
                return
        except OSError:
            state = podman("inspect", "--format", "{{.State.Status}}", name)
            assert state == "running", podman("logs", name, check=False)
            time.sleep(0.5)
    raise AssertionError(podman("logs", name, check=False))


def test_serves_the_chat_read_only_and_as_nobody_special(server: str) -> None:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    form = urllib.parse.urlencode({"username": "ada", "password": PASSWORD}).encode()
    with browser.open(f"http://127.0.0.1:{PORT}/login", form) as reply:
        assert reply.status == 200
    with browser.open(f"http://127.0.0.1:{PORT}/user") as reply:
        assert json.load(reply)["identifier"] == "ada"
    assert podman("exec", server, "python", "-c", "import os; print(os.getuid())") == "10001"
    for place in ("/app", "/opt/venv", "/etc", "/tmp"):
        tried = podman("exec", server, "sh", "-c", f"touch {place}/x 2>&1 || true")
        assert "Read-only file system" in tried, place
    settings = json.loads(podman("inspect", server))[0]["HostConfig"]
    assert settings["Memory"] == 2 * 1024**3
    assert settings["NanoCpus"] == 1_000_000_000


def test_analyses_the_samples_within_one_cpu_and_two_gigabytes(server: str) -> None:
    podman("exec", server, "isra", "research", "sample cement", "--yes", "--json", "/data/out.json")
    result = json.loads(podman("exec", server, "cat", "/data/out.json"))
    assert result["fictional"]
    assert result["synthesis"]["claims"]
    assert sum(len(company["kpis"]) for company in result["companies"]) > 0


def test_programs_get_an_analysis_with_its_evidence(server: str) -> None:
    with program(server) as client:
        asked = client.post("analyses", json=SAMPLE)
        assert asked.status_code == 202
        analysis = asked.json()["id"]
        follow(client, analysis, "published")
        company = client.get(f"analyses/{analysis}").json()["result"]["companies"][0]
        evidence = company["kpis"][0]["evidence"]
        page = client.get(
            f"analyses/{analysis}/reports/{evidence['report']}/pages/{evidence['page']}",
            params={"quote": evidence["quote"]},
        )
        assert page.headers["x-quote-found"] == "yes"


def test_the_web_task_s_size_is_enough_even_where_it_does_the_work_too(web_task: str) -> None:
    with program(web_task) as client:
        asked = [client.post("analyses", json=SAMPLE).json()["id"] for _ in range(2)]
        for analysis in asked:
            follow(client, analysis, "published")
    say(f"most memory of a web task of 0.5 vCPU and 1 GB: {most_memory(web_task):.0f} MB")
    assert podman("inspect", "--format", "{{.State.OOMKilled}}", web_task) == "false"
    assert podman("healthcheck", "run", web_task) == ""


def test_its_own_health_check_tells_a_server_from_none(server: str, image: str) -> None:
    podman("healthcheck", "run", server)
    idle = ("--env", f"ISRA_PORT={PORT + 1}", "--entrypoint", "sleep")
    other = podman("run", "--detach", *LIMITS, *idle, image, "60")
    try:
        with pytest.raises(AssertionError, match="unhealthy"):
            podman("healthcheck", "run", other)
    finally:
        podman("rm", "--force", "--time", "0", other, check=False)


def test_stops_within_its_deadline_with_work_under_way(server: str) -> None:
    with program(server) as client:
        analysis = client.post("analyses", json=SAMPLE).json()["id"]
        follow(client, analysis)
    before = time.monotonic()
    podman("stop", "--time", str(DRAIN_SECONDS + 10), server)
    took = time.monotonic() - before
    say(f"stopped after {took:.1f} s")
    assert took < DRAIN_SECONDS + 10
    assert podman("inspect", "--format", "{{.State.ExitCode}}", server) == "0"
    # What was under way goes on at the next start.
    podman("start", server)
    wait_until_served(server)
    with program(server) as client:
        follow(client, analysis, "published")


def test_a_stopped_worker_hands_its_run_to_the_next(
    image: str, volume: str, postgres: PostgresServer
) -> None:
    with postgres.database() as url:
        given = urllib.parse.urlsplit(url)
        folder = urllib.parse.parse_qs(given.query)["host"][0]
        # The socket alone: the server's folder is closed to other users.
        socket = f"{folder}/.s.PGSQL.5432:/postgres/.s.PGSQL.5432"
        address = f"postgresql://{given.username}@{given.path}?host=/postgres"
        shared = (
            *(*LIMITS, "--volume", f"{volume}:/data", "--volume", socket),
            *("--env", f"ISRA_DATABASE_URL={address}", "--env", "ISRA_OFFLINE=1"),
        )
        podman("run", "--rm", *shared, image, "db", "upgrade")
        asked = ("research", "sample cement", "--queue", "--json", "-")
        queued = podman("run", "--rm", *shared, image, *asked)
        analysis = json.loads(queued)["analyses"][0]["analysis_id"]

        first = podman("run", "--detach", *shared, image, "worker")
        wait_for_log(first, "worker started")
        time.sleep(2)
        podman("stop", "--time", str(DRAIN_SECONDS + 10), first)
        assert podman("inspect", "--format", "{{.State.ExitCode}}", first) == "0"

        second = podman("run", "--detach", *shared, image, "worker")
        try:
            told = podman("run", "--rm", *shared, image, "events", analysis)
            assert "published" in told
        finally:
            podman("rm", "--force", "--time", "5", first, second, check=False)


def wait_for_log(container: str, words: str) -> None:
    for _ in range(60):
        if words in subprocess.run(
            [*PODMAN, "logs", container],
            capture_output=True, text=True, env=os.environ | TOOLS, check=False,
        ).stderr:  # fmt: skip
            return
        time.sleep(0.5)
    raise AssertionError(f"“{words}” was never said")


def test_the_image_says_what_it_is(image: str) -> None:
    found = json.loads(tool("buildah", "inspect", "--type", "image", image))["Docker"]["config"]
    assert found["User"] == "10001:10001"
    assert found["Labels"]["org.opencontainers.image.licenses"] == "Apache-2.0"
    assert found["Healthcheck"]["Test"][0] == "CMD"
    assert list(found["Volumes"]) == ["/data"]
    assert Path(found["WorkingDir"]) == Path("/app")


def test_the_image_is_small(image: str) -> None:
    sizes = [int(podman("image", "inspect", "--format", "{{.Size}}", n)) for n in (image, BASE)]
    added = (sizes[0] - sizes[1]) / 1e6
    shell = ("run", "--rm", *LIMITS, "--entrypoint", "sh", image, "-c")
    folder = "/opt/venv/lib/python3.*/site-packages"
    found = podman(*shell, f"du -sm {folder}/* | sort -rn | head -12; du -sm /opt/isra /app")
    bytecode = podman(*shell, f"find {folder} -name '*.pyc' -printf '%s\\n'")
    say(f"image {sizes[0] / 1e6:.0f} MB, of which its base {sizes[1] / 1e6:.0f} MB")
    say(re.sub(r"/opt/venv/lib/[^/]*/site-packages/", "", found))
    say(f"bytecode {sum(map(int, bytecode.split())) / 1e6:.0f} MB")
    assert added < MOST_MEGABYTES


def test_nothing_of_building_is_left_in_the_image(image: str) -> None:
    shell = ("run", "--rm", *LIMITS, "--entrypoint", "sh", image, "-c")
    assert podman(*shell, "ls /src /root/.cache 2>/dev/null || true") == ""
    assert "No module named pip" in podman(*shell, "/opt/venv/bin/python -m pip 2>&1 || true")
