"""The pipeline's own scripts, against a real server of AWS's interfaces (moto) over HTTP."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest

from deploy.scripts import scores
from deploy.scripts.aws import DeploymentError
from deploy.scripts.migrate import migrate
from deploy.scripts.release import release
from deploy.scripts.revisions import with_image
from deploy.scripts.smoke import smoke
from tests.bucket import Bucket

CLUSTER = "isra-test"


@pytest.fixture
def ecs(bucket: Bucket) -> Iterator[Any]:
    """ECS with the three task definitions and the web service; `bucket` sets the keys."""
    client = boto3.client("ecs", region_name="eu-central-1", endpoint_url=bucket.endpoint)
    client.create_cluster(clusterName=CLUSTER)
    for task in ("web", "worker", "migrate"):
        client.register_task_definition(
            family=f"{CLUSTER}-{task}",
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            containerDefinitions=[
                {"name": task, "image": "isra:1", "environment": [{"name": "A", "value": "b"}]}
            ],
        )
    client.create_service(
        cluster=CLUSTER, serviceName="web", taskDefinition=f"{CLUSTER}-web", desiredCount=0
    )
    yield client
    client.delete_service(cluster=CLUSTER, service="web", force=True)


def image_of(ecs: Any, revision: str) -> str:
    task = ecs.describe_task_definition(taskDefinition=revision)["taskDefinition"]
    return str(task["containerDefinitions"][0]["image"])


def test_a_new_revision_differs_in_its_image_alone(ecs: Any) -> None:
    before = ecs.describe_task_definition(taskDefinition=f"{CLUSTER}-web")["taskDefinition"]
    revision = with_image(ecs, f"{CLUSTER}-web", "isra:2")
    after = ecs.describe_task_definition(taskDefinition=revision)["taskDefinition"]
    assert image_of(ecs, revision) == "isra:2"
    assert after["revision"] == before["revision"] + 1
    assert after["cpu"] == before["cpu"]
    kept = after["containerDefinitions"][0]["environment"]
    assert kept == before["containerDefinitions"][0]["environment"]


def test_the_same_image_makes_no_new_revision(ecs: Any) -> None:
    first = with_image(ecs, f"{CLUSTER}-web", "isra:3")
    assert with_image(ecs, f"{CLUSTER}-web", "isra:3") == first


def test_a_release_of_an_unknown_service_says_so(ecs: Any) -> None:
    with pytest.raises(DeploymentError, match="no service worker"):
        release(ecs, CLUSTER, "worker", "isra:4", longest=1, between=0.1)


class _Told:
    """ECS at the end of a deployment, which moto does not play: told what it then says."""

    def __init__(self, ecs: Any, *, service: Any = None, task: Any = None) -> None:
        self._ecs, self._service, self._task = ecs, service, task
        self.updated = "old"

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ecs, name)

    def update_service(self, *, taskDefinition: str, **_: Any) -> None:
        self.updated = taskDefinition

    def describe_services(self, **_: Any) -> dict[str, Any]:
        done = {"taskDefinition": self.updated, "rolloutState": "COMPLETED"}
        counts = {"runningCount": 1, "desiredCount": 1}
        reached = {"taskDefinition": self.updated, "deployments": [done], **counts}
        return {"services": [self._service or reached]}

    def describe_tasks(self, **_: Any) -> dict[str, Any]:
        return {"tasks": [self._task]}

    def run_task(self, **_: Any) -> dict[str, Any]:
        return {"tasks": [{"taskArn": "task"}], "failures": []}


def test_a_release_puts_the_new_image_into_the_service(ecs: Any) -> None:
    told = _Told(ecs)
    revision = release(told, CLUSTER, "web", "isra:4", longest=5, between=0.1)
    assert told.updated == revision
    assert image_of(ecs, revision) == "isra:4"


def test_a_release_that_was_rolled_back_fails(ecs: Any) -> None:
    rolled_back = {
        "taskDefinition": "old",
        "deployments": [{"taskDefinition": "old", "rolloutState": "COMPLETED"}],
        "runningCount": 1,
        "desiredCount": 1,
    }
    with pytest.raises(DeploymentError, match="rolled back"):
        release(_Told(ecs, service=rolled_back), CLUSTER, "web", "isra:5", longest=1, between=0.1)


@pytest.mark.parametrize(("code", "good"), [(0, True), (1, False), (None, False)])
def test_a_migration_counts_by_its_exit_code(ecs: Any, code: int | None, good: bool) -> None:
    task = {"lastStatus": "STOPPED", "containers": [{"exitCode": code}], "stoppedReason": "ended"}
    told = _Told(ecs, task=task)
    if good:
        migrate(told, CLUSTER, "isra:6", {}, longest=1, between=0.1)
    else:
        with pytest.raises(DeploymentError, match="/isra/isra-test/migrate"):
            migrate(told, CLUSTER, "isra:6", {}, longest=1, between=0.1)


class _Site(BaseHTTPRequestHandler):
    """A site that serves a page; `owner` says how it answers for the owner's page."""

    owner = 401

    def do_GET(self) -> None:
        self.send_response(self.owner if self.path.startswith("/owner") else 200)
        self.send_header("content-security-policy", "default-src 'self'")
        self.send_header("x-content-type-options", "nosniff")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def site() -> Iterator[tuple[type[_Site], str]]:
    class Own(_Site):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Own)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield Own, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_smoke_test_passes_where_all_is_well(site: tuple[type[_Site], str]) -> None:
    assert "the owner's page is closed to strangers" in smoke(site[1], longest=1, between=0.1)


def test_the_smoke_test_fails_where_strangers_read_the_owner_s_page(
    site: tuple[type[_Site], str],
) -> None:
    site[0].owner = 200
    with pytest.raises(DeploymentError, match="owner"):
        smoke(site[1], longest=0.3, between=0.1)


def test_the_smoke_test_fails_where_nothing_answers() -> None:
    with pytest.raises(DeploymentError, match="does not answer"):
        smoke("http://127.0.0.1:9", longest=0.3, between=0.1)


def test_a_score_below_its_limit_or_missing_is_told() -> None:
    limits = {"least": {"suites.kpis.precision": 0.99}, "most": {"suites.claims.altered": 0}}
    assert (
        scores.missed({"suites": {"kpis": {"precision": 1.0}, "claims": {"altered": 0}}}, limits)
        == []
    )
    told = scores.missed({"suites": {"kpis": {"precision": 0.9}}}, limits)
    assert told == [
        "suites.kpis.precision is 0.9, least is 0.99",
        "suites.claims.altered was not measured",
    ]
