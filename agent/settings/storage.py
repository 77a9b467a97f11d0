"""Where everything is kept, and who runs the analyses."""

from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, BaseModel, Field, field_validator


class StorageFields(BaseModel):
    """Where everything is kept, and who runs the analyses."""

    data_dir: Path = Field(
        default=Path("data"),
        description="Folder for the database, reports, checkpoints and caches.",
    )
    database_url: str = Field(
        default="",
        description=(
            "Address of the database: postgresql://user:password@host/name; "
            "empty means SQLite in the data folder."
        ),
    )
    blob_store: str = Field(
        default="",
        pattern=r"^(s3://[a-z0-9][a-z0-9.-]+(/.*)?)?$",
        description=(
            "Where reports and results are kept: s3://bucket/prefix; empty means the data folder."
        ),
    )
    s3_region: str = Field(default="", description="AWS region of the bucket.")
    s3_endpoint: str = Field(
        default="", description="Address of an S3-compatible server; empty means AWS."
    )
    s3_kms_key: str = Field(
        default="", description="KMS key that encrypts the bucket's objects; empty: S3's own key."
    )
    s3_cache_mb: int = Field(
        default=2048, ge=64, description="Local copies of the bucket's files kept, in MB."
    )
    runs: Literal["auto", "here", "workers"] = Field(
        default="auto",
        description=(
            "Where the chat's analyses run: here (in its own process) or workers "
            "(`isra worker`, needs Postgres); auto: workers on Postgres, here on SQLite."
        ),
    )
    worker_concurrency: int = Field(
        default=4, ge=1, le=64, description="Analyses one worker runs at once."
    )
    worker_heartbeat: float = Field(
        default=10.0,
        ge=0.5,
        le=300,
        description="Seconds between a worker's signs of life; after three without, others go on.",
    )
    ecs_agent_uri: str = Field(
        default="",
        validation_alias=AliasChoices("ISRA_ECS_AGENT_URI", "ECS_AGENT_URI"),
        description=(
            "Address of the ECS agent, which ECS itself sets (ECS_AGENT_URI is read too): a worker "
            "at work asks it to be spared when tasks are taken away."
        ),
    )
    intake_queue: str = Field(
        default="",
        pattern=r"^(https?://\S+)?$",
        description=(
            "Address of an SQS queue by which other systems ask workers for analyses; empty: none."
        ),
    )
    drain_seconds: float = Field(
        default=20.0,
        ge=0,
        le=110,
        description="Seconds a stopping process may take to bring steps under way to their end.",
    )

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        # Resolved once, so that nothing depends on the folder a process happens to be in later.
        return value.expanduser().resolve()
