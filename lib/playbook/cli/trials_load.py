"""`playbook trials load`: one endpoint under more and more load, outside any team."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from playbook.cli.confirming import confirm_cost
from playbook.errors import ParamsError

if TYPE_CHECKING:
    from playbook.profile import Endpoint, Profile
    from playbook.profile.sections import Workload
    from playbook.trials.evidence_records import Evidence

SERVED, NOT_SERVED = 0, 1
EMBEDDED = "embedded:"
EMBEDDED_INPUT_TOKENS, EMBEDDED_OUTPUT_TOKENS = 60, 24
"""The demonstration models hold few tokens."""
MOST_LOADS = 20
_FILE = click.Path(path_type=Path, dir_okay=False)


def _numbers(
    kind: type[int | float], most: float
) -> Callable[[click.Context, click.Parameter, str], tuple[float, ...]]:
    """Return what reads numbers with commas between them, each above 0; lowest first."""

    def read(_: click.Context, param: click.Parameter, value: str) -> tuple[float, ...]:
        try:
            found = sorted({kind(one) for one in value.split(",") if one.strip()})
        except ValueError:
            message = f"{value!r} is no list of numbers such as 1,4,16"
            raise click.BadParameter(message, param=param) from None
        if len(found) > MOST_LOADS or any(not 0 < one <= most for one in found):
            message = f"{value!r}: at most {MOST_LOADS} numbers above 0, up to {most:g}"
            raise click.BadParameter(message, param=param)
        return tuple(found)

    return read


@click.command()
@click.argument("endpoint")
@click.option("--endpoints", type=_FILE, help="YAML with `endpoints:`, or a team's params file.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option("--in-flight", callback=_numbers(int, 256), default="1,4,16", show_default=True)
@click.option("--rates", callback=_numbers(float, 1e4), default="", help="Calls a second, random.")
@click.option("--input-tokens", type=click.FloatRange(1, 60_000))
@click.option("--output-tokens", type=click.IntRange(1, 100_000))
@click.option("--calls", type=click.IntRange(10, 10_000), default=60, show_default=True)
@click.option("--deadline-s", type=click.FloatRange(0, 3_600, min_open=True), default=60.0)
@click.option("--slo-ttft-s", type=click.FloatRange(0, 600, min_open=True))
@click.option("--slo-tokens-per-second", type=click.FloatRange(0, 10_000, min_open=True))
@click.option("--max-usd", type=click.FloatRange(0), default=5.0, help="The run never costs more.")
@click.option("--yes", is_flag=True, help="Do not ask, whatever it may cost.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, and nothing else.")
def load(endpoint: str, endpoints: Path | None, out: Path, **chosen: Any) -> int:  # noqa: ANN401  click's own
    """Measure ENDPOINT under load: an id from --endpoints, or embedded:demo-base.

    Sends public filler text that no prefix cache knows, with N calls in flight and at N calls a
    second. Lengths and service level are those of the team's workload unless they are given. The
    sweep ends early where a higher load would show no more. The same command on the same --out goes
    on. Exit code 0 when the endpoint was measured, 1 when too little was answered, 2 when the input
    is wrong.
    """
    as_json, yes = chosen.pop("as_json"), chosen.pop("yes")
    if not chosen["in_flight"] and not chosen["rates"]:
        raise click.UsageError("name a load: --in-flight 1,4,16 or --rates 0.5,1,2")
    one, work = _named(endpoint, endpoints)
    evidence = _sweep(one, work, out, chosen=chosen, yes=yes)
    from playbook.cli.load_tables import print_curves, result_of  # noqa: PLC0415  slow imports

    found = result_of(one, evidence, out)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        print_curves(one, evidence, out)
    return SERVED if found["measured"] else NOT_SERVED


def _named(name: str, path: Path | None) -> tuple[Endpoint, Workload]:
    """Return the endpoint, and the workload that stands beside it."""
    from playbook.profile import Endpoint  # noqa: PLC0415  slow imports
    from playbook.profile.endpoint_file import load_endpoints  # noqa: PLC0415  likewise
    from playbook.profile.sections import Workload  # noqa: PLC0415  likewise

    if name.startswith(EMBEDDED):
        model = name.removeprefix(EMBEDDED)
        try:
            return Endpoint.model_validate({"id": model, "embedded": model}), Workload()
        except ValueError as error:
            raise click.UsageError(f"{name}: no such model; try embedded:demo-base") from error
    if path is None:
        raise click.UsageError(f"--endpoints is needed: the file in which {name} stands")
    known = load_endpoints(path)
    found = next((one for one in known if one.id == name), None)
    if found is None:
        ids = ", ".join(one.id for one in known)
        raise ParamsError(str(path), [f"holds no endpoint {name!r}; it has {ids}"])
    return found, _workload(path)


def _workload(path: Path) -> Workload:
    """Return the workload of a team's params file; the default of a file of endpoints alone."""
    from playbook.profile import load_profile  # noqa: PLC0415  slow imports
    from playbook.profile.endpoint_file import ENDPOINTS  # noqa: PLC0415  likewise
    from playbook.profile.reading import read_file, read_tree  # noqa: PLC0415  likewise
    from playbook.profile.sections import Workload  # noqa: PLC0415  likewise

    alone = ENDPOINTS in read_tree(read_file(path, str(path)), str(path)).root.plain()
    return Workload() if alone else load_profile(path).workload


def _profile(endpoint: Endpoint, work: Workload, chosen: dict[str, Any]) -> Profile:
    from playbook.profile.trial_settings import LoadLength  # noqa: PLC0415  slow imports
    from playbook.stages.outside import profile_outside  # noqa: PLC0415  likewise
    from playbook.trials.load.outside import filler_set  # noqa: PLC0415  likewise

    short = endpoint.embedded is not None
    length = LoadLength(
        input_tokens=chosen["input_tokens"] or (EMBEDDED_INPUT_TOKENS if short else None),
        output_tokens=chosen["output_tokens"] or (EMBEDDED_OUTPUT_TOKENS if short else None),
    )
    settings = {
        "load_sweep": chosen["in_flight"],
        "load_rates": chosen["rates"],
        "load_calls": chosen["calls"],
        "load_lengths": (length,),
        "deadline_s": chosen["deadline_s"],
        "money_cap_usd": chosen["max_usd"],
    }
    level = {
        "first_token_p95_s": chosen["slo_ttft_s"] or work.first_token_p95_s,
        "output_tokens_per_second": chosen["slo_tokens_per_second"]
        or work.output_tokens_per_second,
    }
    profile = profile_outside(filler_set(), (endpoint,), settings)
    return profile.changed(workload=work.changed(**level))


def _sweep(
    endpoint: Endpoint, work: Workload, out: Path, *, chosen: dict[str, Any], yes: bool
) -> Evidence:
    from playbook.cli.trial_progress import ProgressLine  # noqa: PLC0415  slow imports
    from playbook.stages import catalog_for, outside, today  # noqa: PLC0415  likewise
    from playbook.trials import run_trials  # noqa: PLC0415  likewise
    from playbook.trials.load.outside import filler_set, sweep_all  # noqa: PLC0415  likewise
    from playbook.trials.preflight import plan_run  # noqa: PLC0415  likewise

    profile, catalog, day = _profile(endpoint, work, chosen), catalog_for(None), today()
    clearance = outside.clearance_outside(profile, catalog, as_of=day)
    named = {name: str(value) for name, value in sorted(chosen.items()) if value is not None}
    now = outside.what_runs(profile, filler_set(), named)
    for line in outside.changes_since(out, now):
        click.echo(f"changed since the last run in {out}: {line}", err=True)
    sets, phases = (filler_set(),), (sweep_all,)
    plan = plan_run(
        profile, catalog, clearance, folder=out, as_of=day, prompt_sets=sets, phases=phases
    )
    limits = {"": profile.trials.confirm_above_usd}
    again = "playbook trials load ... --yes"
    confirm_cost([plan.changed(team="", prompts_needed=None)], limits, yes=yes, run_again=again)
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
            phases=phases,
        )
    return outside.ended(out, evidence)
