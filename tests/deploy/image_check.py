"""The image, built and run for real. `make image-test` asks for it; no other run collects it.

It needs buildah, podman and runc, and a base image of the name in the Dockerfile; where no image
registry is reached `deploy/image/base.sh` makes one (debootstrap).
"""

import json
import os
import resource
import shutil
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, need
from tests.postgres import PostgresServer

# Building from nothing takes minutes.
pytestmark = pytest.mark.timeout(1800)

IMAGE = "localhost/isra:check"
BASE = "docker.io/library/python:3.11-slim-bookworm"
PASSWORD = "correct-horse-battery-staple"
PORT = 8911
DRAIN_SECONDS = 20
OPEN_FILES = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
LIMITS = (
    *("--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges"),
    *("--cpus", "1", "--memory", "2g", "--network", "host", "--read-only-tmpfs=false"),
    # podman leaves the image's health check to systemd, which a container itself may not have.
    *("--no-healthcheck", "--ulimit", f"nofile={OPEN_FILES}:{OPEN_FILES}"),
    *("--ulimit", "nproc=4096:4096"),
)
PODMAN = ("podman", "--runtime", "runc", "--cgroup-manager", "cgroupfs")
TOOLS = {"STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"}


def tool(*command: str, input: str | None = None, check: bool = True) -> str:
    ran = subprocess.run(
        command, input=input, capture_output=True, text=True, env=os.environ | TOOLS, check=False
    )
    assert not check or ran.returncode == 0, f"{' '.join(command)}\n{ran.stdout}{ran.stderr}"
    return ran.stdout.strip()


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


@pytest.fixture
def server(image: str, volume: str) -> Iterator[str]:
    mount = f"{volume}:/data"
    podman(
        *("run", "--rm", "--interactive", *LIMITS, "--volume", mount, image),
        *("user", "add", "ada", "--password-stdin"),
        input=PASSWORD + "\n",
    )
    name = f"isra-check-{time.time_ns()}"
    settings = ("--env", "ISRA_AUTH=password", "--env", f"ISRA_PORT={PORT}")
    podman(
        *("run", "--detach", "--name", name, *LIMITS, "--volume", mount, *settings),
        *("--env", "ISRA_OFFLINE=1", image),
    )
    try:
        wait_until_served(name)
        yield name
    finally:
        podman("rm", "--force", "--time", "5", name, check=False)


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


def test_stops_within_its_deadline_when_told_to(server: str) -> None:
    before = time.monotonic()
    podman("stop", "--time", str(DRAIN_SECONDS + 10), server)
    assert time.monotonic() - before < DRAIN_SECONDS + 10
    assert podman("inspect", "--format", "{{.State.ExitCode}}", server) == "0"


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
