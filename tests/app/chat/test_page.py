"""The client's page names no other host and runs only the scripts it came with."""

import base64
import hashlib
import re

from app.chat.page import build_page


def test_the_page_names_no_outside_host() -> None:
    assert "://" not in build_page().html


def test_the_policy_allows_exactly_the_page_s_inline_scripts() -> None:
    page = build_page()
    for script in re.findall(r"<script>(.*?)</script>", page.html, re.DOTALL):
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in page.policy
    assert "'unsafe-inline'" not in page.policy.split("script-src")[1].split(";")[0]


def test_the_page_has_a_heading_for_those_who_hear_it() -> None:
    assert "<h1" in build_page().html
