"""How many companies there are in an analysis, and how their PDFs are read."""

from typing import Literal

from pydantic import BaseModel, Field, SecretStr


class ReadingFields(BaseModel):
    """How many companies there are in an analysis, and how their PDFs are read."""

    companies: int = Field(
        default=8, ge=1, le=50, description="Companies proposed for an analysis."
    )
    reader_memory_mb: int = Field(
        default=512, ge=256, le=16384, description="Memory limit of one PDF reader process in MB."
    )
    reader_seconds: int = Field(
        default=300, ge=5, le=3600, description="Time limit for reading one PDF in seconds."
    )
    max_pdf_mb: int = Field(default=150, ge=1, le=2000, description="Largest PDF accepted, in MB.")
    max_pdf_pages: int = Field(
        default=1000, ge=1, le=10000, description="Most pages a PDF may have."
    )
    pdf_password: SecretStr = Field(
        default=SecretStr(""), description="Password tried on PDFs that ask for one."
    )

    camelot: Literal["auto", "off"] = Field(
        default="off",
        description=(
            "auto looks for further tables with camelot, where the tables extra is installed, on "
            "pages with columns of numbers in no table yet (doubles the time of reading); off: no."
        ),
    )
    local_search: Literal["auto", "off"] = Field(
        default="off",
        description=(
            "auto finds pages by meaning as well where the local-search extra is installed (costs "
            "about 0.4 s of one core a page, once: over ten times the reading); off: by words."
        ),
    )
