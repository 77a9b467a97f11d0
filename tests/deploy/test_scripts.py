"""The pipeline's own scripts, against a real server of AWS's interfaces (moto) over HTTP."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest

from deploy.scripts import scores
from deploy.scripts.aws import DeploymentError, exit_code
from deploy.scripts.migrate import migrate
from deploy.scripts.release import release
from deploy.scripts.revisions import with_image
from deploy.scripts.rotate_database import rotate
from deploy.scripts.scan_gate import gate
from deploy.scripts.smoke import smoke
from tests.bucket import Bucket
from tests.deploy.told import Told, telling

CLUSTER = "isra-test"
MANIFEST = (
    '{"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",'
    ' "config": {"digest": "sha256:0", "size": 1}, "layers": []}'
)


@pytest.fixture
def told(bucket: Bucket) -> Iterator[Told]:
    """Before moto's server; `bucket` sets the keys."""
    with telling(bucket.endpoint) as server:
        yield server


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


def done(revision: str) -> dict[str, Any]:
    """A service at the end of a deployment, which moto does not play."""
    deployment = {"taskDefinition": revision, "rolloutState": "COMPLETED"}
    return {
        "serviceName": "web",
        "taskDefinition": revision,
        "deployments": [deployment],
        "runningCount": 1,
        "desiredCount": 1,
    }


def next_revision(ecs: Any, family: str) -> str:
    newest: str = ecs.describe_task_definition(taskDefinition=family)["taskDefinition"][
        "taskDefinitionArn"
    ]
    name, _, number = newest.rpartition(":")
    return f"{name}:{int(number) + 1}"


def test_a_release_puts_the_new_image_into_the_service(ecs: Any, told: Told) -> None:
    expected = next_revision(ecs, f"{CLUSTER}-web")
    told.answer(
        "DescribeServices",
        {"services": [done("old")], "failures": []},
        # Both versions run while traffic moves.
        {
            "services": [
                {
                    **done(expected),
                    "deployments": [
                        {"taskDefinition": expected, "rolloutState": "IN_PROGRESS"},
                        {"taskDefinition": "old", "rolloutState": "COMPLETED"},
                    ],
                }
            ],
            "failures": [],
        },
        {"services": [done(expected)], "failures": []},
    )
    told.answer("UpdateService", {"service": done(expected)})
    revision = release(told.client("ecs"), CLUSTER, "web", "isra:4", longest=5, between=0.05)
    assert revision == expected
    assert [asked["taskDefinition"] for asked in told.asked["UpdateService"]] == [expected]
    assert image_of(ecs, revision) == "isra:4"


def test_a_release_that_was_rolled_back_fails(told: Told, ecs: Any) -> None:
    told.answer("DescribeServices", {"services": [done("old")], "failures": []})
    told.answer("UpdateService", {"service": done("old")})
    with pytest.raises(DeploymentError, match="rolled back"):
        release(told.client("ecs"), CLUSTER, "web", "isra:5", longest=1, between=0.05)


def test_a_release_of_what_runs_already_changes_nothing(ecs: Any, told: Told) -> None:
    running = with_image(ecs, f"{CLUSTER}-web", "isra:7")
    told.answer("DescribeServices", {"services": [done(running)], "failures": []})
    assert release(told.client("ecs"), CLUSTER, "web", "isra:7", longest=1, between=0.05) == running
    assert told.asked["UpdateService"] == []


@pytest.mark.parametrize(("code", "good"), [(0, True), (1, False), (None, False)])
def test_a_migration_counts_by_its_exit_code(
    ecs: Any, told: Told, code: int | None, good: bool
) -> None:
    container = {} if code is None else {"exitCode": code}
    stopped = {"lastStatus": "STOPPED", "containers": [container], "stoppedReason": "ended"}
    told.answer("RunTask", {"tasks": [{"taskArn": "task"}], "failures": []})
    told.answer(
        "DescribeTasks",
        {"tasks": [{"lastStatus": "RUNNING", "containers": [{}]}], "failures": []},
        {"tasks": [stopped], "failures": []},
    )
    client = told.client("ecs")
    if good:
        migrate(client, CLUSTER, "isra:6", {}, longest=1, between=0.05)
    else:
        with pytest.raises(DeploymentError, match="/isra/isra-test/migrate"):
            migrate(client, CLUSTER, "isra:6", {}, longest=1, between=0.05)


def test_a_migration_that_finds_no_place_to_run_says_why(ecs: Any, told: Told) -> None:
    told.answer("RunTask", {"tasks": [], "failures": [{"reason": "RESOURCE:MEMORY"}]})
    with pytest.raises(DeploymentError, match="RESOURCE:MEMORY"):
        migrate(told.client("ecs"), CLUSTER, "isra:6", {}, longest=1, between=0.05)


@pytest.fixture
def scanned(told: Told) -> Iterator[Told]:
    """A repository with one image, which nobody has looked into yet."""
    ecr = told.client("ecr")
    ecr.create_repository(repositoryName=CLUSTER)
    ecr.put_image(repositoryName=CLUSTER, imageManifest=MANIFEST, imageTag="tag")
    yield told
    ecr.delete_repository(repositoryName=CLUSTER, force=True)


def test_an_image_passes_with_what_is_not_critical(scanned: Told) -> None:
    ecr = scanned.client("ecr")
    ecr.start_image_scan(repositoryName=CLUSTER, imageId={"imageTag": "tag"})
    assert gate(ecr, CLUSTER, "tag", longest=1, between=0.05) == {"HIGH": 1}


def test_an_image_nobody_looks_into_does_not_pass(scanned: Told) -> None:
    with pytest.raises(DeploymentError, match=r"could not be scanned \(PENDING"):
        gate(scanned.client("ecr"), CLUSTER, "tag", longest=2, between=0.01)
    assert len(scanned.asked["DescribeImageScanFindings"]) > 1


def scan(status: str, **counts: int) -> dict[str, Any]:
    return {
        "imageScanStatus": {"status": status, "description": f"it is {status}"},
        "imageScanFindings": {"findingSeverityCounts": counts},
    }


def test_an_image_is_waited_for_and_stopped_by_something_critical(scanned: Told) -> None:
    scanned.answer(
        "DescribeImageScanFindings",
        {"__type": "ScanNotFoundException", "message": "not yet"},
        scan("IN_PROGRESS"),
        scan("COMPLETE", CRITICAL=2, HIGH=5),
    )
    with pytest.raises(DeploymentError, match="'CRITICAL': 2"):
        gate(scanned.client("ecr"), CLUSTER, "tag", longest=2, between=0.05)
    assert len(scanned.asked["DescribeImageScanFindings"]) == 3


@pytest.mark.parametrize("status", ["FAILED", "UNSUPPORTED_IMAGE"])
def test_a_scan_that_cannot_end_is_not_waited_for(scanned: Told, status: str) -> None:
    scanned.answer("DescribeImageScanFindings", scan(status))
    with pytest.raises(DeploymentError, match=f"it is {status}"):
        gate(scanned.client("ecr"), CLUSTER, "tag", longest=60, between=30)
    assert len(scanned.asked["DescribeImageScanFindings"]) == 1


@pytest.fixture
def password(told: Told) -> Iterator[str]:
    secrets = told.client("secretsmanager")
    made = secrets.create_secret(Name="database", SecretString='{"password": "first"}')
    yield made["ARN"]
    secrets.delete_secret(SecretId=made["ARN"], ForceDeleteWithoutRecovery=True)


def test_tasks_start_anew_once_the_new_password_is_the_current_one(
    told: Told, ecs: Any, password: str
) -> None:
    secrets = told.client("secretsmanager")
    before = secrets.describe_secret(SecretId=password)["VersionIdsToStages"]
    rotate(secrets, told.client("ecs"), password, CLUSTER, ["web"], longest=2, between=0.05)
    after = secrets.describe_secret(SecretId=password)["VersionIdsToStages"]
    assert [version for version, stages in after.items() if "AWSCURRENT" in stages] != list(before)
    (asked,) = told.asked["UpdateService"]
    assert asked == {"cluster": CLUSTER, "service": "web", "forceNewDeployment": True}


def test_no_task_starts_anew_while_the_old_password_holds(
    told: Told, ecs: Any, password: str
) -> None:
    told.answer("DescribeSecret", {"VersionIdsToStages": {"old": ["AWSCURRENT"]}})
    secrets = told.client("secretsmanager")
    with pytest.raises(DeploymentError, match="nothing was restarted"):
        rotate(secrets, told.client("ecs"), password, CLUSTER, ["web"], longest=0.2, between=0.05)
    assert told.asked["UpdateService"] == []


def test_what_aws_refuses_ends_a_step_with_its_words(
    told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    secrets = told.client("secretsmanager")
    told.answer("RotateSecret", {"__type": "ResourceNotFoundException", "message": "no such one"})
    assert exit_code(lambda: str(secrets.rotate_secret(SecretId="absent"))) == 1
    assert "no such one" in capsys.readouterr().err


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
