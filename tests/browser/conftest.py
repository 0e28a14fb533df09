"""A Chromium, found on this machine; without one each test here says loudly that it did not run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

REASON = (
    "not run: no Chromium (Debian: apt-get install chromium; macOS: brew install --cask chromium; "
    "or set PLAYBOOK_CHROMIUM)"
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
MAC_APPS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)


def chromium_path() -> str:
    """Return the browser's path: PLAYBOOK_CHROMIUM, else what the machine has; empty if none."""
    found = [os.environ.get("PLAYBOOK_CHROMIUM"), *(shutil.which(name) for name in NAMES)]
    found += [path for path in MAC_APPS if Path(path).is_file()]
    return next((path for path in found if path), "")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Return a browser for one module: Playwright's loop must not outlive it (`asyncio.run`)."""
    path = chromium_path()
    if not path and os.environ.get("PLAYBOOK_REQUIRE_BROWSER"):
        pytest.fail(f"{REASON}; PLAYBOOK_REQUIRE_BROWSER is set", pytrace=False)
    if not path:
        pytest.skip(REASON)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(SWITCHES))
        yield browser
        browser.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end of a run that the browser tests are missing from it."""
    skipped = terminalreporter.stats.get("skipped", [])
    if any(REASON in str(report.longrepr) for report in skipped):
        terminalreporter.write_line("browser tests not run: no Chromium", yellow=True, bold=True)
