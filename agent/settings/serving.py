"""How the server is reached, who may use it how often, and what it logs."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, SecretStr, field_validator


class ServingFields(BaseModel):
    """How the server is reached, who may use it how often, and what it logs."""

    host: str = Field(default="127.0.0.1", description="Address the chat listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port the chat listens on.")
    public_url: str = Field(
        default="",
        description=(
            "Address people open the chat at, for example https://research.example.org; empty: "
            "the address it listens on."
        ),
    )
    auth: Literal["none", "password", "oauth", "alb"] = Field(
        default="none",
        description=(
            "How people sign in: none (this computer only), password (`isra user add`), oauth "
            "(a provider set by its OAUTH_ variables) or alb (an AWS load balancer signs in)."
        ),
    )
    users_file: Path | None = Field(
        default=None,
        description="Names and hashes of `isra user`; empty: users.txt in the data folder.",
    )
    session_secret: SecretStr = Field(
        default=SecretStr(""),
        description=(
            "Key that signs sessions, the same for all servers of one address, 32 characters or "
            "more; empty: made at the first start and kept in the data folder."
        ),
    )
    owners: str = Field(
        default="",
        description=(
            "Users who may read everyone's feedback, separated by commas. Without sign-in it is "
            "whoever sits at this computer."
        ),
    )
    viewers: str = Field(
        default="",
        description=(
            "Users who may only read what is theirs, separated by commas; all others may also "
            "start analyses."
        ),
    )
    oauth_domains: str = Field(
        default="",
        description=(
            "E-mail domains that may sign in by oauth, separated by commas; empty: everyone the "
            "provider lets in."
        ),
    )
    alb_region: str = Field(default="", description="AWS region of the load balancer.")
    alb_signer: str = Field(
        default="", description="ARN of the load balancer that signs people in."
    )
    alb_claim: Literal["sub", "email"] = Field(
        default="sub",
        description="Claim that names a user; email only where the provider has verified it.",
    )
    alb_keys_url: str = Field(
        default="",
        description="Where the balancer's public keys are; empty: AWS's address of the region.",
    )
    logins_per_minute: int = Field(
        default=10, ge=1, le=1000, description="Log-in attempts a minute, by name and by address."
    )
    messages_per_minute: int = Field(
        default=30, ge=1, le=10_000, description="Messages of one user a minute."
    )
    uploads_per_hour: int = Field(
        default=100, ge=1, le=10_000, description="Files one user may upload in an hour."
    )
    api_calls_per_minute: int = Field(
        default=600, ge=1, le=100_000, description="Calls of the HTTP API by one user a minute."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least level of the log lines on stderr."
    )
    log_format: Literal["json", "console"] = Field(
        default="console", description="json for machines, console for people."
    )

    @field_validator("session_secret")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < 32:
            raise ValueError("it has fewer than 32 characters")
        return value
