"""Where reports are looked for on the web."""

from pathlib import Path

from pydantic import BaseModel, Field, SecretStr, field_validator

SEARCH_PROVIDERS = ("library", "directory", "tavily", "brave", "searxng", "exa", "ddgs")


class FindingFields(BaseModel):
    """Where reports are looked for on the web."""

    offline: bool = Field(
        default=False, description="Never use the network to find reports or to check targets."
    )
    search: str = Field(
        default="library,directory",
        description=(
            "Where reports are looked for, in this order: library (reports at hand), directory "
            "(the company's own site, no key), tavily, brave, searxng, exa, ddgs."
        ),
    )
    search_requests: int = Field(
        default=200, ge=1, description="Requests a day to each search API, in one process."
    )
    tavily_api_key: SecretStr = Field(default=SecretStr(""), description="Key of Tavily.")
    tavily_url: str = Field(
        default="", description="Address of Tavily's API, where it is another than its own."
    )
    brave_api_key: SecretStr = Field(default=SecretStr(""), description="Key of Brave Search.")
    brave_url: str = Field(
        default="", description="Address of Brave's API, where it is another than its own."
    )
    exa_api_key: SecretStr = Field(default=SecretStr(""), description="Key of Exa.")
    exa_url: str = Field(
        default="", description="Address of Exa's API, where it is another than its own."
    )
    searxng_url: str = Field(
        default="", description="Address of a SearXNG server that gives JSON (search.formats)."
    )
    user_agent: str = Field(
        default="",
        description=(
            "Address or mail of who runs the agent; sites see it behind the agent's name."
        ),
    )
    ca_file: Path | None = Field(
        default=None,
        description="PEM file of certificates trusted beside the system's, for fetching reports.",
    )
    web_pause: float = Field(
        default=0.5, ge=0, le=60, description="Least seconds between two requests to one site."
    )
    refresh_cron: str = Field(
        default="",
        pattern=r"^$|^\S+( \S+){4,5}$",
        description=(
            "When workers look for newer reports of analysed companies and analyse those again, "
            "as a cron line such as `0 5 * * 1`; empty is never."
        ),
    )
    sbti_url: str = Field(
        default="https://files.sciencebasedtargets.org/production/files/companies-excel.xlsx",
        description=(
            "Address of the Science Based Targets initiative's company register, asked once a "
            "week for companies whose report came from the web; - is never."
        ),
    )

    @field_validator("search")
    @classmethod
    def _known_providers(cls, value: str) -> str:
        names = [name.strip().lower() for name in value.split(",") if name.strip()]
        for name in names:
            if name not in SEARCH_PROVIDERS:
                raise ValueError(f"“{name}” is none of {', '.join(SEARCH_PROVIDERS)}")
        return ",".join(dict.fromkeys(names))
