"""The fictional sample reports that come with the project.

Eight invented companies of two industries, made by `evals/golden/make_samples`; `companies.yaml`
beside this file lists them with their reports. Every page of every report says that it is
fictional.
"""

from pathlib import Path

FOLDER = Path(__file__).parent


def sample_files() -> tuple[Path, ...]:
    """The PDFs, by industry and name."""
    return tuple(sorted(FOLDER.rglob("*.pdf")))
