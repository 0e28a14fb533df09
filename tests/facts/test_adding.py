"""A provider, a model, a licence and a GPU each take one file, as CONTRIBUTING.md shows."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from playbook.cli import main
from playbook.costs import estimate_costs
from playbook.landscape import screen_models
from playbook.profile import load_profile
from playbook.stages.catalogs import catalog_for
from tests.facts.own_facts import an_organisation

AS_OF = date(2026, 11, 23)
PAGE = Path("CONTRIBUTING.md")
TEAM = """
team: {{name: acme, annual_revenue_usd: 900_000_000}}
infrastructure: {{places: [rented_eu]}}
domain: {{candidate_models: [{model}]}}
"""


def example(what: str) -> str:
    """Return the file that CONTRIBUTING.md shows for a thing."""
    text = PAGE.read_text(encoding="utf-8").partition(f"### {what}\n")[2]
    return text.partition("```yaml\n")[2].partition("```")[0]


def shown(
    capsys: pytest.CaptureFixture[str], params: Path, kind: str, name: str
) -> dict[str, object]:
    with pytest.raises(SystemExit) as stop:
        main(["facts", "show", kind, name, "--params", str(params), "--json"])
    assert not stop.value.code
    record: dict[str, object] = json.loads(capsys.readouterr().out)
    assert record["sources"]
    return record


def checked(capsys: pytest.CaptureFixture[str], params: Path) -> dict[str, list[object]]:
    with pytest.raises(SystemExit):
        main(["facts", "check", "--params", str(params), "--json"])
    found: dict[str, list[object]] = json.loads(capsys.readouterr().out)
    return found


def test_a_provider_takes_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    params = an_organisation(
        tmp_path, example("A provider"), acme=TEAM.format(model="llama-3.1-8b-instruct")
    )
    team = params / "teams" / "acme.yaml"

    catalog = catalog_for(team)
    landscape = screen_models(load_profile(team), catalog, as_of=AS_OF)
    costs = estimate_costs(load_profile(team), catalog, rng=np.random.default_rng(1), as_of=AS_OF)

    option = "llama-3.1-8b-instruct@acme"
    assert option in {one.id for one in catalog.options(["rented_eu"])}
    (model,) = [one for one in landscape.models if one.model == "llama-3.1-8b-instruct"]
    assert option in {one.option for one in model.findings}
    assert next(one for one in costs.options if one.option == option).usd_per_month is not None
    assert shown(capsys, params, "providers", "acme")["id"] == "acme"
    assert shown(capsys, params, "api_offers", option)["price_in_force"]
    assert checked(capsys, params)["errors"] == []


def test_a_model_takes_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    params = an_organisation(tmp_path, example("A model"), acme=TEAM.format(model="acme-one-9b"))
    team = params / "teams" / "acme.yaml"

    catalog = catalog_for(team)
    landscape = screen_models(load_profile(team), catalog, as_of=AS_OF)

    assert "acme-one-9b@self:rented_eu" in {one.id for one in catalog.options(["rented_eu"])}
    (model,) = [one for one in landscape.models if one.model == "acme-one-9b"]
    assert (model.state, model.options) == ("in", ("acme-one-9b@self:rented_eu",))
    assert shown(capsys, params, "models", "acme-one-9b")["id"] == "acme-one-9b"
    assert checked(capsys, params)["errors"] == []


def test_a_licence_takes_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The team's 75 million USD a month are above the 20 million of section 3."""
    model = example("A model").replace("apache-2.0", "acme-1.0").replace("sources:\n", "")
    source, _, rest = model.partition("models:\n")
    licence = example("A licence").replace("sources:\n", f"sources:\n{source}")
    params = an_organisation(
        tmp_path, f"{licence}models:\n{rest}", acme=TEAM.format(model="acme-one-9b")
    )
    team = params / "teams" / "acme.yaml"

    landscape = screen_models(load_profile(team), catalog_for(team), as_of=AS_OF)

    (found,) = [one for one in landscape.models if one.model == "acme-one-9b"]
    because = next(one.because for one in found.reasons if one.rule == "licence")
    assert found.state == "out"
    assert "section 3" in because
    assert shown(capsys, params, "licences", "acme-1.0")["id"] == "acme-1.0"
    assert checked(capsys, params)["errors"] == []


def test_a_gpu_takes_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = example("A GPU").replace(
        "on_demand_usd_per_gpu_hour: 2.5", "on_demand_usd_per_gpu_hour: 0.1"
    )
    params = an_organisation(tmp_path, facts, acme=TEAM.format(model="llama-3.1-8b-instruct"))
    team = params / "teams" / "acme.yaml"

    costs = estimate_costs(
        load_profile(team), catalog_for(team), rng=np.random.default_rng(1), as_of=AS_OF
    )

    own = next(one for one in costs.options if one.option.endswith("@self:rented_eu"))
    assert own.deployment is not None
    assert own.deployment.gpu == "g9"
    assert shown(capsys, params, "gpus", "g9")["id"] == "g9"
    assert checked(capsys, params)["errors"] == []
