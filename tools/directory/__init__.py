"""Industries and their companies, as readable data."""

from tools.directory.directory import Directory, load_directory
from tools.directory.matching import IndustryMatch, IndustryQuery

__all__ = ["Directory", "IndustryMatch", "IndustryQuery", "load_directory"]
