"""What an environment costs a month by profile, before the model's bill: `python -m deploy.costs`.

Computed from list prices and uses in prices.yaml; the parts are shown, so that one sees what to
do without.
"""

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

PRICES = Path(__file__).with_name("prices.yaml")
_HOURS = 730
_FEW_PEOPLE = 0.1
"""Share of one of the balancer's units that a few dozen people take up."""
Tasks = tuple[int, float, float, float]
"""Count, vCPU, GB of memory, hours a month."""
_Dollars = Annotated[float, Field(gt=0)]


class _Sheet(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Prices(_Sheet):
    """Dollars for one hour, GB or piece, as the name says."""

    fargate_vcpu_hour: _Dollars
    fargate_gb_hour: _Dollars
    fargate_spot_share: _Dollars
    balancer_hour: _Dollars
    balancer_unit_hour: _Dollars
    public_address_hour: _Dollars
    nat_hour: _Dollars
    nat_gb: _Dollars
    rds_micro_hour: _Dollars
    database_storage_gb: _Dollars
    s3_gb: _Dollars
    kms_key: _Dollars
    secret: _Dollars
    waf_acl: _Dollars
    waf_rule: _Dollars
    log_gb: _Dollars
    metric: _Dollars
    alarm: _Dollars
    dashboard: _Dollars


class Worker(_Sheet):
    """The workers, and whether they run on spare capacity."""

    tasks: Tasks
    spot: bool


class Profile(_Sheet):
    """What one way to run it uses in a month."""

    what: str
    web: Tasks
    worker: Worker
    zones: int = Field(ge=2, le=3)
    task_addresses: bool
    nat_gateways: int = Field(ge=0, le=3)
    database_zones: int = Field(ge=1, le=2)
    waf_rules: int = Field(ge=0)
    log_gb: float
    storage_gb: float
    metrics: int
    alarms: int
    dashboards: int


class Sheet(_Sheet):
    """The price file."""

    prices: Prices
    profiles: dict[str, Profile]


def load(path: Path = PRICES) -> Sheet:
    """The price file, checked. Raises pydantic.ValidationError."""
    return Sheet.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def month(profile: Profile, prices: Prices) -> dict[str, float]:
    """Dollars a month by part."""
    addresses = profile.zones + profile.nat_gateways
    address_hours = addresses * _HOURS + (_hours(profile) if profile.task_addresses else 0)
    spot = prices.fargate_spot_share if profile.worker.spot else 1.0
    return {
        "web tasks": _tasks(profile.web, prices),
        "workers": _tasks(profile.worker.tasks, prices) * spot,
        "balancer": _HOURS * (prices.balancer_hour + _FEW_PEOPLE * prices.balancer_unit_hour),
        "public addresses": address_hours * prices.public_address_hour,
        # Reports and images come through the S3 endpoint; the rest of the web is some 20 GB.
        "NAT": profile.nat_gateways * _HOURS * prices.nat_hour
        + (20 * prices.nat_gb if profile.nat_gateways else 0),
        "database": profile.database_zones
        * (_HOURS * prices.rds_micro_hour + 20 * prices.database_storage_gb),
        "firewall": prices.waf_acl + profile.waf_rules * prices.waf_rule
        if profile.waf_rules
        else 0.0,
        "storage": profile.storage_gb * prices.s3_gb,
        "key and secrets": prices.kms_key + 2 * prices.secret,
        "logs and alarms": profile.log_gb * prices.log_gb
        + profile.metrics * prices.metric
        + profile.alarms * prices.alarm
        + profile.dashboards * prices.dashboard,
    }


def table(sheet: Sheet) -> str:
    """All profiles as a Markdown table."""
    months = {name: month(profile, sheet.prices) for name, profile in sheet.profiles.items()}
    lines = [f"| a month, USD | {' | '.join(months)} |", f"|---|{'---:|' * len(months)}"]
    for part in next(iter(months.values())):
        lines.append(
            f"| {part} | {' | '.join(f'{found[part]:.0f}' for found in months.values())} |"
        )
    totals = " | ".join(f"**{sum(found.values()):.0f}**" for found in months.values())
    return "\n".join([*lines, f"| **together** | {totals} |"])


def _tasks(tasks: Tasks, prices: Prices) -> float:
    count, cpu, memory, hours = tasks
    return count * hours * (cpu * prices.fargate_vcpu_hour + memory * prices.fargate_gb_hour)


def _hours(profile: Profile) -> float:
    return profile.web[0] * profile.web[3] + profile.worker.tasks[0] * profile.worker.tasks[3]


if __name__ == "__main__":
    loaded = load()
    print(table(loaded))
    for name, described in loaded.profiles.items():
        print(f"\n{name}: {described.what}")
