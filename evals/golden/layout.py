"""Lays the sample library and its golden truth out as an evaluation set."""

from pathlib import Path

from tools.library.samples import FOLDER

GOLD = Path(__file__).parent / "samples"


def gold_dir() -> Path:
    """The golden truth of the sample reports, as JSON lines."""
    return GOLD


def samples_as_shared(folder: Path) -> Path:
    """Fill an empty folder with links `gold/` and `reports/`, the layout all suites read.

    Raises:
        OSError: the links cannot be made, for example because they are there already.
    """
    (folder / "gold").symlink_to(GOLD, target_is_directory=True)
    (folder / "reports").symlink_to(FOLDER, target_is_directory=True)
    return folder
