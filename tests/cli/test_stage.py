"""Every stage answers alone, as a table or as JSON with its schema."""

import json
from pathlib import Path

import jsonschema
import pytest

from playbook.cli import main

ROOT = Path(__file__).parents[2]


def out_of(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    with pytest.raises(SystemExit) as stop:
        main(list(args))
    shown = capsys.readouterr()
    assert not stop.value.code, shown.err
    return shown.out


@pytest.mark.parametrize("name", ["landscape", "compliance", "costs", "decision"])
def test_the_json_of_a_stage_fits_its_schema(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    params = str(ROOT / "params" / "demo.yaml")

    record = json.loads(out_of(capsys, "stage", name, params, "--json"))
    schema = json.loads(out_of(capsys, "stage", name, params, "--schema"))

    jsonschema.validate(record, schema)
    assert record["$schema"] == schema["$id"]
    assert record["as_of"] == "2026-11-23"


def test_a_stage_prints_a_readable_table(capsys: pytest.CaptureFixture[str]) -> None:
    text = out_of(capsys, "stage", "costs", str(ROOT / "params" / "demo.yaml"))

    assert "Options by cost" in text
    assert "not considered:" in text
    assert len(text.splitlines()) > 30
