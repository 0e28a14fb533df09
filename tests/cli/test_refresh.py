"""`playbook facts refresh`: the plan by default, exit codes for machines, no traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from playbook.cli.refresh import refresh_command
from playbook.errors import CatalogError

OFFER = """\
api_offers:
  - model: gpt-6-luna
    provider: openai
    litellm_id: gpt-6-luna  # kept
    prices:
      - {since: 2026-01-01, input_usd_per_million_tokens: 7, output_usd_per_million_tokens: 7, source: {title: litellm 0.1 bundled price map, as_of: 2026-01-01, kind: package}}
"""  # noqa: E501  a file of facts has one price on a line


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYBOOK_AS_OF", "2026-11-23")
    (tmp_path / "offers.yaml").write_text(OFFER, encoding="utf-8")
    return tmp_path


def run(*args: str) -> Result:
    return CliRunner().invoke(refresh_command, args, standalone_mode=False)


def test_changes_are_listed_with_exit_code_1_and_nothing_is_written(folder: Path) -> None:
    result = run("--folder", str(folder))

    assert result.return_value == 1
    assert "gpt-6-luna@openai: price: 7 in, 7 out" in result.output
    assert "uv lock --upgrade-package" in result.output
    assert "litellm 1." in result.output.splitlines()[0]
    assert (folder / "offers.yaml").read_text(encoding="utf-8") == OFFER


def test_written_changes_leave_nothing_to_do(folder: Path) -> None:
    written = run("--folder", str(folder), "--write", "--seal")
    again = run("--folder", str(folder), "--seal")

    assert (written.return_value, again.return_value) == (0, 0)
    assert "offers.yaml: written" in written.output
    assert "\n0 changes" in again.output
    assert "# kept" in (folder / "offers.yaml").read_text(encoding="utf-8")


def test_the_plan_is_printed_for_machines(folder: Path) -> None:
    plan = json.loads(run("--folder", str(folder), "--json").output)

    assert {change["kind"] for change in plan["changes"]} >= {"price", "second_opinion"}
    assert plan["as_of"] == "2026-11-23"


def test_a_broken_file_is_an_error_without_writing(folder: Path) -> None:
    (folder / "offers.yaml").write_text("api_offers: [{model: 3}]", encoding="utf-8")

    result = run("--folder", str(folder), "--write")

    assert isinstance(result.exception, CatalogError)
    assert "litellm_id is missing; give it" in str(result.exception)
