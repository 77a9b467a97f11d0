"""What an environment costs a month by profile, before the model's bill: `python -m deploy.costs`.

Computed from list prices and uses in prices.yaml; the parts are shown, so that one sees what to
do without.
"""

from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

PRICES = Path(__file__).with_name("prices.yaml")
_HOURS = 730
_FEW_PEOPLE = 0.1
"""Share of one of the balancer's units that a few dozen people take up."""
_NAT_GB = 20
"""Reports and images come through the S3 endpoint; this is the rest of the web."""
_DATABASE_GB = 20


class _Sheet(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Sheet):
    """Where a price was read, and of what day, month or year that is."""

    address: str
    date: str


class Price(_Sheet):
    """Dollars, and the name of the source."""

    usd: Annotated[float, Field(gt=0)]
    source: str


class Prices(_Sheet):
    """Prices for one hour, GB-month or piece, as the name says."""

    fargate_vcpu_hour: Price
    fargate_gb_hour: Price
    fargate_spot_share: Price
    balancer_hour: Price
    balancer_unit_hour: Price
    public_address_hour: Price
    nat_hour: Price
    nat_gb: Price
    rds_micro_hour: Price
    database_storage_gb: Price
    s3_gb: Price
    image_gb: Price
    kms_key: Price
    secret: Price
    waf_acl: Price
    waf_rule: Price
    log_gb: Price
    metric: Price
    alarm_metric: Price
    dashboard: Price


class Free(_Sheet):
    """What CloudWatch gives every account every month."""

    metrics: int
    alarm_metrics: int
    dashboards: int
    log_gb: float
    source: str


class Tasks(_Sheet):
    """Tasks of one service: how many, of what size, and the hours a month they run."""

    tasks: int = Field(ge=1)
    vcpu: float
    gb: float
    hours: float = Field(ge=0, le=_HOURS)


class Metrics(_Sheet):
    """Metrics written at all hours, those written while analyses run, and the hours of that."""

    always: int
    at_work: int
    hours_at_work: float = Field(ge=0, le=_HOURS)

    @property
    def months(self) -> float:
        """Months of one metric, which is what is paid for."""
        return self.always + self.at_work * self.hours_at_work / _HOURS


class Profile(_Sheet):
    """What one way to run it uses in a month. Workers run on spare capacity.

    `environment` is the folder of terraform/ that is so; `make infra-check` compares them.
    """

    what: str
    environment: str = ""
    web: Tasks
    worker: Tasks
    zones: int = Field(ge=2, le=3)
    task_addresses: bool
    nat_gateways: int = Field(ge=0, le=3)
    database_zones: int = Field(ge=1, le=2)
    waf_rules: int = Field(ge=0)
    log_gb: float
    storage_gb: float
    image_gb: float
    metrics: Metrics
    alarm_metrics: int
    dashboards: int


class Sheet(_Sheet):
    """The price file."""

    region: str
    sources: dict[str, Source]
    prices: Prices
    free: Free
    profiles: dict[str, Profile]

    @model_validator(mode="after")
    def _every_price_has_its_source(self) -> Self:
        named = {price.source for _, price in self.prices} | {self.free.source}
        if unknown := named - self.sources.keys():
            raise ValueError(f"no such source: {', '.join(sorted(unknown))}")
        return self


def load(path: Path = PRICES) -> Sheet:
    """The price file, checked. Raises pydantic.ValidationError."""
    return Sheet.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def month(profile: Profile, sheet: Sheet) -> dict[str, float]:
    """Dollars a month by part; what CloudWatch gives for nothing is the last, and negative."""
    prices = sheet.prices
    addresses = profile.zones + profile.nat_gateways
    task_hours = (t.tasks * t.hours for t in (profile.web, profile.worker))
    address_hours = addresses * _HOURS + (sum(task_hours) if profile.task_addresses else 0)
    return {
        "web tasks": _tasks(profile.web, prices),
        "workers": _tasks(profile.worker, prices) * prices.fargate_spot_share.usd,
        "balancer": _HOURS
        * (prices.balancer_hour.usd + _FEW_PEOPLE * prices.balancer_unit_hour.usd),
        "public addresses": address_hours * prices.public_address_hour.usd,
        "NAT": profile.nat_gateways * _HOURS * prices.nat_hour.usd
        + (_NAT_GB * prices.nat_gb.usd if profile.nat_gateways else 0),
        "database": profile.database_zones
        * (_HOURS * prices.rds_micro_hour.usd + _DATABASE_GB * prices.database_storage_gb.usd),
        "firewall": prices.waf_acl.usd + profile.waf_rules * prices.waf_rule.usd
        if profile.waf_rules
        else 0.0,
        "reports and images": profile.storage_gb * prices.s3_gb.usd
        + profile.image_gb * prices.image_gb.usd,
        "key and secrets": prices.kms_key.usd + 2 * prices.secret.usd,
        **_watching(profile, sheet),
    }


def _watching(profile: Profile, sheet: Sheet) -> dict[str, float]:
    prices, free = sheet.prices, sheet.free
    used = (
        (profile.log_gb, free.log_gb, prices.log_gb.usd),
        (profile.metrics.months, free.metrics, prices.metric.usd),
        (profile.alarm_metrics, free.alarm_metrics, prices.alarm_metric.usd),
        (profile.dashboards, free.dashboards, prices.dashboard.usd),
    )
    return {
        "logs and alarms": sum(amount * price for amount, _, price in used),
        "free in every account": -sum(min(amount, given) * price for amount, given, price in used),
    }


def table(sheet: Sheet) -> str:
    """All profiles as a Markdown table."""
    months = {name: month(profile, sheet) for name, profile in sheet.profiles.items()}
    lines = [f"| a month, USD | {' | '.join(months)} |", f"|---|{'---:|' * len(months)}"]
    for part in next(iter(months.values())):
        # Adding 0 makes of "-0" a "0".
        shares = " | ".join(f"{round(found[part]) + 0}" for found in months.values())
        lines.append(f"| {part} | {shares} |")
    totals = " | ".join(f"**{sum(found.values()):.0f}**" for found in months.values())
    return "\n".join([*lines, f"| **together** | {totals} |"])


def _tasks(tasks: Tasks, prices: Prices) -> float:
    hour = tasks.vcpu * prices.fargate_vcpu_hour.usd + tasks.gb * prices.fargate_gb_hour.usd
    return tasks.tasks * tasks.hours * hour


if __name__ == "__main__":
    loaded = load()
    print(table(loaded))
    for name, described in loaded.profiles.items():
        print(f"\n{name}: {described.what}")
