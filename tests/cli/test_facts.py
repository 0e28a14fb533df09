"""`playbook facts` finds each planted fault, names the teams, and ends with the right code."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from playbook.catalog import Price, load_catalog
from playbook.catalog.acknowledgements import Finding
from playbook.catalog.integrity import FactsReport
from playbook.catalog.seals import seal_of
from playbook.catalog.showing import kinds_of
from playbook.cli import main
from playbook.cli.facts import _lines
from playbook.provenance import Source
from tests.facts.own_facts import ALIASED, ENDING, MODEL, PROVIDER, a_folder, an_organisation

USING = "team: {{name: {name}}}\ndomain: {{candidate_models: [llama-3.1-8b-instruct]}}\n"
ENDPOINT = """
team: {{name: {name}}}
domain: {{candidate_models: [mistral-small-4]}}
trials:
  endpoints: [{{id: gateway, litellm_model: {model}, api_base: "https://acme.example/v1"}}]
"""


def run(capsys: pytest.CaptureFixture[str], *args: object) -> tuple[int, str]:
    """Return the exit code and everything that was printed."""
    with pytest.raises(SystemExit) as stop:
        main(list(map(str, args)))
    shown = capsys.readouterr()
    assert "Traceback" not in shown.out + shown.err
    return int(stop.value.code or 0), shown.out + shown.err


def check(capsys: pytest.CaptureFixture[str], params: Path) -> tuple[int, FactsReport]:
    code, said = run(capsys, "facts", "check", "--params", params, "--json")
    return code, FactsReport.model_validate_json(said)


def of_acme(report: FactsReport) -> list[str]:
    """Return ids of findings that the organisation's own facts bring."""
    return [one.id for one in report.findings if "acme" in one.id.lower()]


def sealed_price(usd: float) -> str:
    source = Source(title="Our contract with Acme", as_of="2026-11-01", kind="vendor")  # type: ignore[arg-type]
    price = Price.model_validate({
        "since": "2026-11-01", "source": source,
        "input_usd_per_million_tokens": 0.1, "output_usd_per_million_tokens": 0.2,
    })  # fmt: skip
    seal = seal_of("llama-3.1-8b-instruct@acme", "", price)
    text = PROVIDER.replace("0.2, source", f'0.2, seal: "{seal}", source')
    return text.replace("per_million_tokens: 0.1", f"per_million_tokens: {usd}")


PLANTED = {
    "missing source": (
        PROVIDER.replace(", source: contract}\napi", "}\napi"),
        "acme: source is missing; name one",
    ),
    "blank source": (
        PROVIDER.replace("title: Our contract with Acme", "title: ' '"),
        "a source of 2026-11-01 has a blank title",
    ),
    "source that is not listed": (
        PROVIDER.replace("jurisdiction: [FR], source: contract", "jurisdiction: [FR], source: x"),
        "acme: source: 'x' is not under `sources:`",
    ),
    "future date": (
        PROVIDER.replace("as_of: 2026-11-01", "as_of: 2027-11-01"),
        "providers acme: as_of 2027-11-01 is in the future",
    ),
    "dangling reference": (
        PROVIDER.replace("llama-3.1-8b-instruct", "llama-9-8b"),
        "model llama-9-8b is not in the catalog",
    ),
    "implausible price": (
        PROVIDER.replace("output_usd_per_million_tokens: 0.2", "output_usd_per_million_tokens: 20"),
        "output at 20.0 against input at 0.1 is implausible",
    ),
    "unit slip of 1,000": (
        PROVIDER.replace("tokens: 0.1,", "tokens: 100,").replace("tokens: 0.2,", "tokens: 200,"),
        "a slip of a unit by 1,000?",
    ),
    "unit slip the other way": (
        PROVIDER.replace("tokens: 0.1", "tokens: 0.0001").replace("tokens: 0.2", "tokens: 0.0002"),
        "a slip of a unit by 1,000?",
    ),
    "duplicate id": (
        PROVIDER.replace("id: acme", "id: mistral"),
        "acme.yaml: providers mistral is given in data/",
    ),
    "price overwritten": (sealed_price(0.11), "price overwritten"),
    "unreadable file": ("providers: [", "our_facts/acme.yaml: not readable as YAML"),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_each_planted_fault_is_told_and_ends_with_2(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts, told = PLANTED[name]
    params = an_organisation(tmp_path, facts)

    code, said = run(capsys, "facts", "check", "--params", params)

    assert code == 2
    assert any(told in line for line in said.splitlines() if line.startswith("BROKEN"))


def test_facts_that_do_not_load_are_told_to_machines_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = check(capsys, an_organisation(tmp_path, "providers: ["))

    assert code == 2
    assert "our_facts/acme.yaml: not readable as YAML" in report.errors[0]


@pytest.mark.parametrize("facts", [PROVIDER, sealed_price(0.1), MODEL])
def test_sound_facts_of_an_organisation_break_nothing(
    facts: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = check(capsys, an_organisation(tmp_path, facts))

    assert report.errors == ()
    assert code < 2


def test_an_ending_offer_names_each_team_that_it_touches_and_how(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    params = an_organisation(
        tmp_path,
        ENDING,
        listed=USING.format(name="listed"),
        calling=ENDPOINT.format(name="calling", model="openai/acme-llama-8b-2024"),
        open="team: {name: open}\n",
        elsewhere=ENDPOINT.format(name="elsewhere", model="openai/other"),
    )

    code, report = check(capsys, params)

    (one,) = [
        each for each in report.findings if each.id == "retirement:llama-3.1-8b-instruct@acme"
    ]
    assert code == 1
    assert set(one.teams) == {"listed", "calling", "open"}
    for part in ("ends on 2027-03-31", "candidate of listed", "endpoint gateway of calling"):
        assert part in one.text
    assert "race of open" in one.text


def test_a_team_that_has_chosen_nothing_yet_brings_no_finding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    params = an_organisation(tmp_path, ENDING, open="team: {name: open}\n")

    _, report = check(capsys, params)

    assert [one for one in report.findings if "open" in one.teams] == []
    assert any("llama-3.1-8b-instruct@acme ends on" in line for line in report.information)


def test_findings_may_be_allowed_and_broken_facts_may_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`make check` asks so: a project must not fail by growing old."""
    aged = an_organisation(tmp_path / "aged", PROVIDER.replace("2026-11-01", "2025-11-01"))
    broken = an_organisation(tmp_path / "broken", "providers: [")

    codes = [
        run(capsys, "facts", "check", "--params", params, *flag)[0]
        for params in (aged, broken)
        for flag in ((), ("--allow-findings",))
    ]

    assert codes == [1, 0, 2, 2]
    assert "playbook facts check --allow-findings" in Path("Makefile").read_text("utf-8")


def test_an_end_that_touches_nobody_is_a_note(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    params = an_organisation(tmp_path, ENDING, acme=ENDPOINT.format(name="acme", model="openai/x"))

    _, report = check(capsys, params)

    assert of_acme(report) == ["doubt:llama-3.1-8b-instruct@acme:litellm"]
    assert any(one.startswith("llama-3.1-8b-instruct@acme ends") for one in report.information)


def test_a_broken_params_file_is_a_finding_and_hides_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    params = an_organisation(
        tmp_path, ENDING, broken="workload: {tokens_per_dya: 5}", good=USING.format(name="good")
    )

    code, report = check(capsys, params)

    told = {one.id: one.text for one in report.findings}
    assert code == 1
    assert "tokens_per_dya (line 1) is unknown" in told["params:params/teams/broken.yaml"]
    assert "candidate of good" in told["retirement:llama-3.1-8b-instruct@acme"]


def test_an_alias_in_a_params_file_is_a_finding_with_the_dated_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    moving = ENDPOINT.format(name="mover", model="openai/acme-llama-newest")

    _, report = check(capsys, an_organisation(tmp_path, ALIASED, mover=moving))

    (one,) = [each for each in report.findings if each.kind == "alias"]
    assert one.teams == ("mover",)
    assert "write openai/acme-llama-8b-2024" in one.text


def test_a_team_that_calls_what_has_ended_is_told_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    calling = ENDPOINT.format(name="late", model="openai/acme-llama-8b-2024")
    params = an_organisation(tmp_path, ENDING, late=calling)
    monkeypatch.setenv("PLAYBOOK_AS_OF", "2027-04-01")

    code, report = check(capsys, params)
    checked, said = run(capsys, "check", params / "teams" / "late.yaml")

    (one,) = [each for each in report.findings if each.kind == "retired"]
    assert (code, checked, one.teams) == (1, 0, ("late",))
    assert "ended on 2027-03-31" in one.text
    assert "trials.endpoints.gateway.litellm_model" in said
    assert "ended on 2027-03-31; its developer names" in said or "a later release is" in said


def test_an_organisation_may_acknowledge_its_own_findings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = """
acknowledgements:
  - finding: "doubt:llama-3.1-8b-instruct@acme:litellm"
    reason: our gateway's names are in no public map
    reviewed: 2026-11-01
    until: 2027-06-01
"""
    _, report = check(capsys, an_organisation(tmp_path, PROVIDER + known))

    assert of_acme(report) == []
    reasons = [one.acknowledgement.reason for one in report.acknowledged]
    assert "our gateway's names are in no public map" in reasons


def test_what_is_known_is_counted_and_listed_on_request(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    params = an_organisation(tmp_path, PROVIDER)

    _, short = run(capsys, "facts", "check", "--params", params)
    _, long = run(capsys, "facts", "check", "--params", params, "--known")

    assert "(--known lists these)" in short
    assert "known   " not in short
    assert len(long.splitlines()) > len(short.splitlines())
    assert "known   " in long
    assert "until 20" in long


def test_open_findings_can_be_printed_as_acknowledgements_that_want_a_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    params = an_organisation(tmp_path, PROVIDER)

    _, said = run(capsys, "facts", "check", "--params", params, "--stubs")
    a_folder(tmp_path / "our_facts", words=said)
    blank, report = check(capsys, params)
    a_folder(tmp_path / "our_facts", words=said.replace('""', "looked at, and may stand"))
    filled, clean = check(capsys, params)

    assert (blank, filled) == (2, 0)
    assert all("reason: String should have at least" in error for error in report.errors)
    assert clean.findings == ()


def test_a_broken_organisation_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    params = an_organisation(tmp_path, PROVIDER, org="catalog_dirs: [../nowhere]\n")

    code, report = check(capsys, params)
    checked, said = run(capsys, "check", params.parent / "params" / "org.yaml")

    (error,) = report.errors
    assert (code, checked) == (2, 2)
    assert error.startswith('params/org.yaml: catalog_dirs[0] (line 1) is "../nowhere", no folder')
    assert "no team's file" in said


def test_no_control_character_of_a_file_reaches_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = PROVIDER.replace("title: Acme Gateway", 'title: "Acme \\e[2J Gateway"')

    _, said = run(
        capsys, "facts", "show", "providers", "acme", "--params", an_organisation(tmp_path, facts)
    )

    assert "\x1b" not in said
    assert "Acme \\x1b[2J Gateway" in said


def test_without_a_project_the_packages_own_facts_are_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    code, said = run(capsys, "facts", "check")

    assert code < 2
    assert re.search(r"^0 broken, ", said, re.MULTILINE)


@pytest.mark.parametrize("as_json", [True, False])
def test_every_kind_can_be_listed(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: FBT001  pytest passes it by name
    for kind in kinds_of(load_catalog()):
        code, said = run(capsys, "facts", "show", kind, *(["--json"] if as_json else []))
        assert code == 0
        if as_json:
            assert all(one["id"] for one in json.loads(said))


def test_one_offer_is_shown_in_full(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = a_folder(tmp_path / "ours", acme=ALIASED)
    args = ("facts", "show", "api_offers", "openai/acme-llama-newest", "--catalog", folder)

    _, said = run(capsys, *args)
    shown = json.loads(run(capsys, *args, "--json")[1])

    assert "api_offers llama-3.1-8b-instruct@acme, as of 2026-11-23" in said
    assert "price in force on 2026-11-23, seen since 2026-11-01" in said
    assert "Our contract with Acme (2026-11-01): vendor, 22 days old" in said
    assert shown["price_in_force"]["output_usd_per_million_tokens"] == 0.2
    assert shown["sources"][0]["days_old"] == 22


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("modles",), "kind 'modles' is unknown; did you mean models?"),
        (("models", "mistral-smal-4"), "did you mean mistral-small-4?"),
        (("gpus", "zzzzzz"), "leave the name out to list all"),
    ],
)
def test_an_unknown_kind_or_name_gets_the_nearest_and_ends_with_2(
    args: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(capsys, "facts", "show", *args)

    assert code == 2
    assert told in said


def test_facts_can_be_refreshed_from_the_same_command(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = run(capsys, "facts", "refresh", "--help")

    assert code == 0
    assert "Append what litellm and genai-prices say now" in said


def test_one_finding_is_counted_in_the_singular() -> None:
    one = Finding(id="alias:a", kind="alias", text="a moves")
    report = FactsReport(as_of=date(2026, 11, 23), errors=(), findings=(one,))

    assert list(_lines(report, known=False))[-1] == "0 broken, 1 finding, 0 acknowledged"
