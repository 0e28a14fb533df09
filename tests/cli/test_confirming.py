"""Dear trials are asked for once, for all teams, or need a yes beforehand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import click
import pytest

from playbook.cli import main
from playbook.cli.confirming import confirm_cost
from playbook.errors import TrialError
from playbook.trials.preflight_records import Leg, RunPlan
from tests.trials.conftest import a_clearance, a_prompt, write_prompt_set

DEAR = """team: {{name: {name}}}
data: {{data_class: public, data_types: [public_only]}}
trials:
  prompt_sets: [demo]
  money_cap_usd: 50
  endpoints:
    - {{id: far, litellm_model: hosted_vllm/m, api_base: "http://127.0.0.1:9/v1",
       input_usd_per_million_tokens: 9000, output_usd_per_million_tokens: 9000}}
"""


def a_plan(team: str, usd: float, calls: int = 3) -> RunPlan:
    leg = Leg(
        phase="trials",
        endpoint="far",
        queue="far",
        calls=calls,
        recorded=0,
        refused=0,
        input_tokens=(1, 2),
        output_tokens=(1, 2),
        usd=(0.0, usd),
        minutes=(0.1, 0.2),
    )
    return RunPlan(
        team=team,
        legs=(leg,),
        prompts=3,
        prompts_needed=None,
        margin=0.05,
        money_left_usd=100.0,
        unpriced=(),
    )


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """Return a function that makes a terminal on which an answer is typed."""

    def typed(answer: str) -> list[str]:
        asked: list[str] = []
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)

        def confirm(text: str, **_: object) -> None:
            asked.append(text)
            if answer != "y":
                raise click.Abort

        monkeypatch.setattr("click.confirm", confirm)
        return asked

    return typed


def test_cheap_plans_are_told_and_not_asked_for(
    capsys: pytest.CaptureFixture[str], terminal: Callable[[str], list[str]]
) -> None:
    asked = terminal("n")

    confirm_cost(
        [a_plan("a", 0.9), a_plan("b", 0.9)], {"a": 1.0, "b": 1.0}, yes=False, run_again=""
    )

    assert not asked
    assert "all teams together: 0.00 to 1.80 USD" in capsys.readouterr().err


def test_several_dear_teams_are_one_question(terminal: Callable[[str], list[str]]) -> None:
    asked = terminal("y")

    confirm_cost(
        [a_plan("a", 3.0), a_plan("b", 4.0)], {"a": 1.0, "b": 2.0}, yes=False, run_again=""
    )

    assert asked == [
        "this may cost up to 7.00 USD, above the 1, 2 USD of confirm_above_usd. Go on?"
    ]


def test_a_no_stops_everything(terminal: Callable[[str], list[str]]) -> None:
    terminal("n")

    with pytest.raises(click.Abort):
        confirm_cost([a_plan("a", 3.0)], {"a": 1.0}, yes=False, run_again="")


def test_nobody_to_ask_is_a_problem_with_its_fix() -> None:
    with pytest.raises(TrialError, match="nothing was sent: run `again --yes`"):
        confirm_cost([a_plan("a", 3.0)], {"a": 1.0}, yes=False, run_again="again --yes")

    confirm_cost([a_plan("a", 3.0)], {"a": 1.0}, yes=True, run_again="again --yes")


def test_a_batch_of_dear_teams_stops_before_any_of_them_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[object] = []
    monkeypatch.setattr("playbook.batch.run_teams", lambda *args, **_: ran.append(args))
    monkeypatch.setattr(
        "playbook.stages.run_plans.assess_compliance",
        lambda profile, _catalog, **_: SimpleNamespace(clearance=a_clearance(profile)),
    )
    write_prompt_set(
        tmp_path,
        [a_prompt(one) for one in range(30)],
        data_class="public",
        data_types=["public_only"],
    )
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(DEAR.format(name=name))
    files = [str(tmp_path / f"{name}.yaml") for name in ("one", "two")]

    with pytest.raises(SystemExit) as caught:
        main(["run", *files, "--out", str(tmp_path / "reports")])

    told = capsys.readouterr().err
    assert caught.value.code == 2
    assert not ran
    assert "one: 50 calls to make" in told  # 20 of them to measure latency
    assert "all teams together" in told
    assert "nothing was sent: run `playbook run ... --yes`" in told
