"""`playbook trials run`: a prompt set on some endpoints, outside any team."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from playbook.cli.confirming import confirm_cost
from playbook.cli.refusal_words import refusal_lines

if TYPE_CHECKING:
    from playbook.stages.outside import WhatRan
    from playbook.trials.evidence_records import Evidence
    from playbook.trials.preflight_records import RunPlan

ALL_ANSWERED, SOME_FAILED = 0, 1
_OUTCOMES = {"refused_by_gate": "kept back", "wrong_model": "of a wrong model"}
_OUTSIDE = (
    "without a team, what an endpoint declares decides: operator, perimeter, "
    "operator_jurisdiction, processing_regions, retention_days, trains_on_inputs; "
    "other questions need a team's params"
)
ERRORS_SHOWN, ERROR_CHARACTERS = 3, 300
_FILE = click.Path(path_type=Path, dir_okay=False)


@dataclass(frozen=True)
class _Done:
    """A run that came to its end."""

    evidence: Evidence
    out: Path
    now: WhatRan
    changes: tuple[str, ...]
    asked: int


@click.command()
@click.argument("prompts", metavar="SET.jsonl", type=_FILE)
@click.option("--endpoints", type=_FILE, required=True, help="YAML with `endpoints:`, or a team's.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option("--repeats", type=click.IntRange(1, 100), default=1, show_default=True)
@click.option("--concurrency", type=click.IntRange(1, 256), default=4, show_default=True)
@click.option("--deadline-s", type=click.FloatRange(0, 3_600, min_open=True), default=60.0)
@click.option("--max-usd", type=click.FloatRange(0), default=5.0, help="The run never costs more.")
@click.option("--yes", is_flag=True, help="Do not ask, whatever it may cost.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, and nothing else.")
def run(prompts: Path, endpoints: Path, out: Path, **chosen: Any) -> int:  # noqa: ANN401  click's own
    """Try the prompts of SET.jsonl on endpoints, outside any team.

    The set's own label and the declared places of the endpoints decide what may be sent; what may
    not is kept back and counted. Controls about an organisation, its use or its licences are not
    applied: there is no team. The same command on the same --out resumes: recorded answers are
    not asked again. Exit code 0 when all were answered, 1 when some were kept back or failed, 2
    when the input is wrong.
    """
    as_json, yes = chosen.pop("as_json"), chosen.pop("yes")
    done = _run(prompts, endpoints, out, chosen=chosen, yes=yes)
    found = result_of(done)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        _print(found)
    return ALL_ANSWERED if found["all_answered"] else SOME_FAILED


def _run(prompts: Path, endpoints: Path, out: Path, *, chosen: dict[str, Any], yes: bool) -> _Done:
    from playbook.cli.trial_progress import ProgressLine  # noqa: PLC0415  slow imports
    from playbook.profile.endpoint_file import load_endpoints  # noqa: PLC0415  likewise
    from playbook.stages import catalog_for, outside, today  # noqa: PLC0415  likewise
    from playbook.stages.judge_checks import asking_for_a_judge  # noqa: PLC0415  likewise
    from playbook.trials import load_prompt_set, run_trials  # noqa: PLC0415  likewise
    from playbook.trials.preflight import plan_run  # noqa: PLC0415  likewise

    named, day = load_endpoints(endpoints), today()
    sets, catalog = (load_prompt_set(prompts),), catalog_for(None)
    settings = {"money_cap_usd": chosen.pop("max_usd"), **chosen}
    profile = outside.profile_outside(sets[0], named, settings)
    clearance = outside.clearance_outside(profile, catalog, as_of=day)
    now = outside.what_runs(profile, sets[0], settings)
    changes = outside.changes_since(out, now)
    plan = plan_run(profile, catalog, clearance, folder=out, as_of=day, prompt_sets=sets)
    _tell(changes, plan)
    if profile.trials.judge is None and (asking := asking_for_a_judge(sets)):
        fix = "run a team whose params name trials.judge and this set"
        click.echo(f"{asking[0]} has scorers that a judge reads; not scored here: {fix}", err=True)
    again = "playbook trials run ... --yes"
    limits = {"": profile.trials.confirm_above_usd}
    confirm_cost([plan.changed(team="")], limits, yes=yes, run_again=again)
    outside.began(out, now, profile, catalog, as_of=day)
    with ProgressLine() as progress:
        evidence = run_trials(
            profile,
            catalog,
            clearance,
            folder=out,
            as_of=day,
            progress=progress,
            prompt_sets=sets,
        )
    evidence = outside.ended(out, evidence)
    return _Done(evidence, out, now, changes, plan.calls)


def _tell(changes: tuple[str, ...], plan: RunPlan) -> None:
    for line in changes:
        click.echo(f"changed since the last run in this folder: {line}", err=True)
    if changes:
        recorded = sum(one.recorded for one in plan.legs)
        click.echo(f"{recorded} recorded answers still hold; only the others are asked", err=True)


def result_of(done: _Done) -> dict[str, Any]:
    """Return the results of a run as plain JSON values."""
    evidence, out = done.evidence, done.out
    outcomes: dict[str, int] = {}
    for one in evidence.endpoints:
        for result in one.results[1:]:  # the first leaves out the parts of a safety set
            for name, count in result.outcomes.items():
                outcomes[name] = outcomes.get(name, 0) + count
    answered = set(outcomes) <= {"answered"} and evidence.status == "complete"
    return {
        "prompt_set": {"id": done.now.prompt_set, "sha256": done.now.sha256},
        "status": evidence.status,
        "because": evidence.because,
        "all_answered": answered,
        "outcomes": outcomes,
        "asked_now": done.asked,
        "changed": list(done.changes),
        "cost_usd": evidence.cost_usd,
        "attempts": evidence.attempts,
        "endpoints": [
            _endpoint(one.model_dump(mode="json")) | {"errors": _errors(out, one.endpoint)}
            for one in evidence.endpoints
        ],
        "not_considered": list(evidence.not_considered),
        "comparisons": [one.model_dump(mode="json") for one in evidence.comparisons],
        "paths": {
            name: str(out / file)
            for name, file in (
                ("evidence", "evidence.json"),
                ("ledger", "trials.jsonl"),
                ("audit_log", "audit.jsonl"),
                ("manifest", "manifest.json"),
                ("what_ran", "what_ran.json"),
            )
        },
    }


def _endpoint(plain: dict[str, Any]) -> dict[str, Any]:
    kept = (
        "endpoint", "title", "model_answered", "demonstration", "stand_in", "recorded", "results",
        "first_token_p50_s", "first_token_p95_s", "output_tokens_per_second", "cost_usd",
        "usd_per_success", "refused_by_gate", "refusal_reasons",
    )  # fmt: skip
    return {name: plain[name] for name in kept}


def _errors(out: Path, endpoint: str) -> dict[str, int]:
    """Return how often an endpoint's trials ended with each error, the commonest first."""
    from playbook.trials.ledger import LEDGER, read_ledger  # noqa: PLC0415  slow import

    said = Counter(
        one.error[:ERROR_CHARACTERS]
        for one in read_ledger(out / LEDGER)
        if one.final and one.outcome == "error" and one.endpoint == endpoint
    )
    return dict(said.most_common(ERRORS_SHOWN))


def _print(found: dict[str, Any]) -> None:
    for one in found["endpoints"]:
        overall, *tasks = one["results"]
        cost = "no price" if one["cost_usd"] is None else f"{one['cost_usd']:.4f} USD"
        click.echo(f"{one['endpoint']}: {_in_words(overall)}; {cost}")
        for task in () if overall["outcomes"] else tasks:  # the parts of a safety set
            click.echo(f"  {task['task']}: {_in_words(task)}")
        for reason in one["refusal_reasons"]:
            first, *more = refusal_lines(reason)
            click.echo(f"  kept back: {first}")
            for line in more:
                click.echo(f"    {line}")
        for reason, count in one["errors"].items():
            click.echo(f"  error, {count} times: {reason}")
    if any(one["refusal_reasons"] for one in found["endpoints"]):
        click.echo(_OUTSIDE)
    click.echo(f"{found['status']}: {found['because']}")
    click.echo(f"evidence: {found['paths']['evidence']}")


def _in_words(result: dict[str, Any]) -> str:
    outcomes = result["outcomes"].items()
    counts = ", ".join(f"{count} {_OUTCOMES.get(name, name)}" for name, count in outcomes)
    rate = result["pass_rate"]
    passed = (
        f"passed {rate['value']:.1%} ({rate['low']:.1%} to {rate['high']:.1%}, n {rate['n']})"
        if rate
        else "nothing scored"
    )
    return f"{passed}; {counts or 'no result'}"
