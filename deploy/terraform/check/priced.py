"""Compares what is planned with what deploy/prices.yaml reckons with, so that neither drifts."""

import json
from collections.abc import Iterator
from typing import Any

from deploy.costs import Profile, Tasks, load
from deploy.terraform.check.planned import Resource

_MB = 1024


def unlike(resources: list[Resource], environment: str) -> Iterator[str]:
    """Each part of the environment's profile that the plan has otherwise; none without profile."""
    for name, profile in load().profiles.items():
        if profile.environment != environment:
            continue
        for part, (planned, reckoned) in _parts(resources, profile).items():
            if planned != reckoned:
                yield f"{part}: {planned} planned, {reckoned} in the costs of {name}"


def _parts(resources: list[Resource], profile: Profile) -> dict[str, tuple[Any, Any]]:
    def count(kind: str) -> int:
        return len(_of(resources, kind))

    web, worker = (_size(resources, task) for task in ("web", "worker"))
    return {
        "size of a web task": (web, _reckoned(profile.web)),
        "size of a worker": (worker, _reckoned(profile.worker)),
        "zones": (count("aws_subnet"), 2 * profile.zones),
        "NAT gateways": (count("aws_nat_gateway"), profile.nat_gateways),
        "tasks with addresses": (_with_addresses(resources), profile.task_addresses),
        "zones of the database": (
            [1 + r.values["multi_az"] for r in _of(resources, "aws_db_instance")],
            [profile.database_zones],
        ),
        "rules of the firewall": (
            sum(
                len(json.loads(r.values["rule_json"])) for r in _of(resources, "aws_wafv2_web_acl")
            ),
            profile.waf_rules,
        ),
        "dashboards": (count("aws_cloudwatch_dashboard"), profile.dashboards),
        "metrics read by alarms": (_alarm_metrics(resources), profile.alarm_metrics),
    }


def _of(resources: list[Resource], kind: str) -> list[Resource]:
    return [resource for resource in resources if resource.type == kind]


def _size(resources: list[Resource], task: str) -> tuple[float, float]:
    (found,) = (
        r.values
        for r in _of(resources, "aws_ecs_task_definition")
        if r.address.endswith(f'["{task}"]')
    )
    return int(found["cpu"]) / _MB, int(found["memory"]) / _MB


def _reckoned(tasks: Tasks) -> tuple[float, float]:
    return tasks.vcpu, tasks.gb


def _with_addresses(resources: list[Resource]) -> bool:
    return any(
        r.values["network_configuration"][0]["assign_public_ip"]
        for r in _of(resources, "aws_ecs_service")
    )


def _alarm_metrics(resources: list[Resource]) -> int:
    """Metrics that alarms read; a policy that tracks a target has two alarms, one each way."""
    found = 0
    for alarm in _of(resources, "aws_cloudwatch_metric_alarm"):
        queries = alarm.values.get("metric_query") or []
        found += sum(1 for query in queries if query.get("metric")) or 1
    for policy in _of(resources, "aws_appautoscaling_policy"):
        for tracking in policy.values.get("target_tracking_scaling_policy_configuration") or []:
            customized = tracking.get("customized_metric_specification") or [{}]
            read = [m for m in customized[0].get("metrics") or [] if m.get("metric_stat")]
            found += 2 * (len(read) or 1)
    return found
