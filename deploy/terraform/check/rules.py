"""What must hold for everything planned, whatever module it is in."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from deploy.terraform.check.planned import Resource, listed, statements
from deploy.terraform.check.shapes import misshapen

_HERE = Path(__file__).parent
_UNSCOPABLE = frozenset(yaml.safe_load((_HERE / "unscopable.yaml").read_text()))
_OPEN_PORTS = {80, 443}
_PUBLIC_BLOCKS = (
    "block_public_acls",
    "block_public_policy",
    "ignore_public_acls",
    "restrict_public_buckets",
)
_ENCRYPTED_BY = {
    "aws_cloudwatch_log_group": "kms_key_id",
    "aws_secretsmanager_secret": "kms_key_id",
    "aws_sns_topic": "kms_master_key_id",
    "aws_sqs_queue": "kms_master_key_id",
}
_LONGEST_STOP = 120
"""Seconds Fargate waits at most."""
_IDENTIFIER = re.compile(r"\b[a-z]\w*")
"""A metric in an expression; functions are written in capitals."""


def broken(resources: list[Resource], catalogue: dict[str, Any]) -> list[str]:
    """Every rule that is broken, in words, with the resource that breaks it."""
    found = [text for rule in _RULES for text in rule(resources)]
    return found + list(_metrics(resources, catalogue))


def _of(resources: list[Resource], *types: str) -> list[Resource]:
    return [resource for resource in resources if resource.type in types]


def _encryption(resources: list[Resource]) -> Iterator[str]:
    for resource in resources:
        key = _ENCRYPTED_BY.get(resource.type)
        if key and not resource.values.get(key):
            yield f"{resource.address} is not encrypted with our key"
    for resource in _of(resources, "aws_db_instance", "aws_rds_cluster"):
        if not (resource.values.get("storage_encrypted") and resource.values.get("kms_key_id")):
            yield f"{resource.address} is not encrypted with our key"
    for resource in _of(resources, "aws_ecr_repository"):
        if resource.values["encryption_configuration"][0]["encryption_type"] != "KMS":
            yield f"{resource.address} is not encrypted with our key"
    encrypted = len(_of(resources, "aws_s3_bucket_server_side_encryption_configuration"))
    if encrypted != len(_of(resources, "aws_s3_bucket")):
        yield "a bucket has no encryption of its own"


def _public_access(resources: list[Resource]) -> Iterator[str]:
    closed = _of(resources, "aws_s3_bucket_public_access_block")
    if len(closed) != len(_of(resources, "aws_s3_bucket")):
        yield "a bucket is not closed to the public"
    for resource in closed:
        for name in _PUBLIC_BLOCKS:
            if not resource.values.get(name):
                yield f"{resource.address}: {name} is off"
    for resource in _of(resources, "aws_db_instance", "aws_rds_cluster_instance"):
        if resource.values.get("publicly_accessible") is not False:
            yield f"{resource.address} can be reached from the internet"
    for resource in _of(resources, "aws_vpc_security_group_ingress_rule"):
        anyone = resource.values.get("cidr_ipv4") == "0.0.0.0/0" or resource.values.get("cidr_ipv6")
        ports = {resource.values.get("from_port"), resource.values.get("to_port")}
        if anyone and not ports <= _OPEN_PORTS:
            yield f"{resource.address} lets anyone in on {sorted(map(str, ports))}"


def _subnets(resources: list[Resource]) -> Iterator[str]:
    for kind in ("public", "private"):
        zones = [
            r.values["availability_zone"] for r in resources if f"aws_subnet.{kind}" in r.address
        ]
        if len(set(zones)) < 2:
            yield f"the {kind} subnets are in fewer than two zones"
    for resource in _of(resources, "aws_subnet"):
        if resource.values.get("map_public_ip_on_launch"):
            yield f"{resource.address} gives public addresses to whatever starts there"


def _policies(resources: list[Resource]) -> Iterator[str]:
    roles = _of(resources, "aws_iam_role")
    if not roles or not any(True for role in roles for _ in statements(role)):
        yield "no role's policy could be read: nothing was checked"
    for resource in resources:
        for statement in statements(resource):
            if statement["Effect"] != "Allow":
                continue
            actions, targets = listed(statement["Action"]), listed(statement.get("Resource", []))
            whole = [action for action in actions if action == "*" or action.endswith(":*")]
            if whole and resource.type != "aws_kms_key":
                yield f"{resource.address} allows {', '.join(whole)}"
            if "*" in targets and not set(actions) <= _UNSCOPABLE:
                yield f"{resource.address} allows {', '.join(actions)} on every resource"
            if statement.get("Principal") == "*" or "*" in listed(
                (statement.get("Principal") or {}).get("AWS", [])
            ):
                yield f"{resource.address} trusts everyone"


def _pipeline_trust(resources: list[Resource]) -> Iterator[str]:
    for role in _of(resources, "aws_iam_role"):
        for statement in statements(role):
            if statement["Action"] != "sts:AssumeRoleWithWebIdentity":
                continue
            exact = statement.get("Condition", {}).get("StringEquals", {})
            subject = next((text for name, text in exact.items() if name.endswith(":sub")), "")
            if not (
                subject.startswith("repo:") and ":environment:" in subject and "*" not in subject
            ):
                yield f"{role.address} is open to more than one environment of one repository"


def _containers(resources: list[Resource]) -> Iterator[str]:
    for task in _of(resources, "aws_ecs_task_definition"):
        for container in json.loads(task.values["container_definitions"]):
            environment = {entry["name"]: entry["value"] for entry in container["environment"]}
            if not container.get("readonlyRootFilesystem"):
                yield f"{task.address} may write to its own image"
            if container.get("user", "0").partition(":")[0] in {"0", "root"}:
                yield f"{task.address} runs as root"
            if not container["stopTimeout"] <= _LONGEST_STOP:
                yield f"{task.address} asks for more time to stop than Fargate gives"
            drain = float(environment["ISRA_DRAIN_SECONDS"])
            if container["command"] != ["db", "upgrade"] and drain >= container["stopTimeout"]:
                yield f"{task.address} is killed before it may end by itself"
            if any(
                "PASSWORD" in name or name.endswith("_KEY")
                for name in environment
                if "KMS" not in name
            ):
                yield f"{task.address} has a secret in its plain environment"


def _tls(resources: list[Resource]) -> Iterator[str]:
    for listener in _of(resources, "aws_lb_listener"):
        if listener.values["protocol"] == "HTTPS":
            if "TLS13" not in (listener.values.get("ssl_policy") or ""):
                yield f"{listener.address} speaks old TLS"
        elif listener.values["default_action"][0]["type"] != "redirect":
            yield f"{listener.address} answers without TLS"


def _scaling(resources: list[Resource]) -> Iterator[str]:
    """A service that may go to none is started by a step upwards; tracking a target cannot."""
    steps = {
        (policy.values["resource_id"], step["adjustment_type"])
        for policy in _of(resources, "aws_appautoscaling_policy")
        for step in policy.values.get("step_scaling_policy_configuration") or []
        if all(one["scaling_adjustment"] > 0 for one in step["step_adjustment"])
    }
    for target in _of(resources, "aws_appautoscaling_target"):
        service = target.values["resource_id"]
        if target.values["min_capacity"] == 0 and (service, "ChangeInCapacity") not in steps:
            yield f"{target.address} may go to none, from where nothing starts the first task"


def _metrics(resources: list[Resource], catalogue: dict[str, Any]) -> Iterator[str]:
    """Alarms and dashboards name metrics as the agent gives them out, in its own environment."""
    names = {metric["name"] for metric in catalogue["metrics"]}
    environments = {
        entry["value"]
        for task in _of(resources, "aws_ecs_task_definition")
        for container in json.loads(task.values["container_definitions"])
        for entry in container["environment"]
        if entry["name"] == "ISRA_ENVIRONMENT"
    }
    read = 0
    for alarm in _of(resources, "aws_cloudwatch_metric_alarm", "aws_appautoscaling_policy"):
        for metric in _read_metrics(alarm.values):
            if (metric.get("namespace") or "").startswith("AWS/"):
                continue
            read += 1
            if metric.get("namespace") != catalogue["namespace"]:
                place = metric.get("namespace")
                yield f"{alarm.address} looks in {place}, where nothing is written"
            if metric.get("metric_name") not in names:
                yield f"{alarm.address} reads {metric.get('metric_name')}, which is never written"
            if metric.get("dimensions") not in [{"Environment": value} for value in environments]:
                yield f"{alarm.address} reads dimensions that are never written"
        yield from _expressions(alarm)
    for board in _of(resources, "aws_cloudwatch_dashboard"):
        for widget in json.loads(board.values["dashboard_body"])["widgets"]:
            for namespace, name, *_ in widget["properties"].get("metrics", []):
                if namespace != catalogue["namespace"] or name not in names:
                    yield f"{board.address} shows {name}, which is never written"
    if not read:
        yield "no alarm reads a metric of the agent"


def _read_metrics(values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The metrics that an alarm or a scaling policy reads, as an alarm writes them."""
    if values.get("metric_name"):
        yield values
    for query in values.get("metric_query") or []:
        yield from query.get("metric") or []
    for policy in values.get("target_tracking_scaling_policy_configuration") or []:
        for customized in policy.get("customized_metric_specification") or []:
            for query in customized.get("metrics") or []:
                for stat in query.get("metric_stat") or []:
                    for metric in stat["metric"]:
                        dimensions = {d["name"]: d["value"] for d in metric["dimensions"]}
                        yield {**metric, "dimensions": dimensions}


def _expressions(alarm: Resource) -> Iterator[str]:
    """An expression computes with the metrics of its own alarm alone."""
    queries = alarm.values.get("metric_query") or []
    ids = {query["id"] for query in queries}
    for query in queries:
        for name in _IDENTIFIER.findall(query.get("expression") or ""):
            if name not in ids:
                yield f"{alarm.address} computes with {name}, which it does not read"


_RULES: tuple[Callable[[list[Resource]], Iterator[str]], ...] = (
    _encryption,
    _public_access,
    _subnets,
    _policies,
    _pipeline_trust,
    _containers,
    _tls,
    _scaling,
    misshapen,
)
