"""Records of a report with hostile text in every place that comes from outside."""

from datetime import date

from playbook.compliance.records import Compliance
from playbook.costs.records import Costs
from playbook.decision.records import Decision
from playbook.landscape.records import Landscape
from playbook.profile import Profile
from playbook.provenance import Provenance
from playbook.report.sections import Records
from playbook.runs import Run
from playbook.trials.evidence_records import Evidence
from playbook.trials.interval import Interval
from playbook.trials.records import EndpointEvidence, ShownAnswer, SideBySide, TaskResult

HOSTILE = (
    "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='o'\">"
)


def an_evidence(text: str = HOSTILE, *, stand_in: bool = True) -> Evidence:
    rate = Interval(value=0.8, low=0.6, high=0.91, n=20, method="Wilson")
    second = Interval(value=0.1, low=0.08, high=0.2, n=20, method="order statistics")
    endpoint = EndpointEvidence(
        endpoint="api",
        title=text,
        option="",
        model_answered=(text,),
        stand_in=stand_in,
        demonstration=True,
        recorded=False,
        provenance=Provenance.MEASURED,
        results=(
            TaskResult(
                task="all",
                pass_rate=rate,
                pass_rate_answered=rate,
                outcomes={"answered": 20, "refused_by_gate": 2},
            ),
            TaskResult(task=text, pass_rate=rate, pass_rate_answered=rate, outcomes={}),
        ),
        first_token_p50_s=second,
        first_token_p95_s=second,
        output_tokens_per_second=None,
        mean_input_tokens=100,
        mean_output_tokens=10,
        cost_usd=0.02,
        usd_per_success=0.001,
        refused_by_gate=2,
        refusal_reasons=(text,),
    )
    answer = ShownAnswer(endpoint="api", outcome="answered", text=text, passed=False)
    sample = SideBySide(
        prompt_set="demo", prompt="p1", task="t", asked=text, expected="x", answers=(answer,)
    )
    return Evidence(
        as_of=date(2026, 11, 23),
        status="complete",
        because=text,
        prompt_sets={"demo": "0" * 64},
        endpoints=(endpoint,),
        comparisons=(),
        samples=(sample,),
        attempts=22,
        cost_usd=0.02,
        not_considered=(text,),
    )


def records_of(run: Run, *, evidence: Evidence | None = None, text: str = HOSTILE) -> Records:
    """Return the records of a run, with hostile text in the profile and the decision."""
    profile = run.read("profile.json", Profile)
    decision = run.read("decision.json", Decision)
    team = profile.team.changed(title=text, description=text, owner=text)
    leader = decision.ranked[0].changed(title=text)
    return Records(
        manifest=run.manifest(),
        profile=profile.changed(team=team),
        landscape=run.read("landscape.json", Landscape),
        compliance=run.read("compliance.json", Compliance),
        costs=run.read("costs.json", Costs),
        evidence=evidence or an_evidence(text),
        decision=decision.changed(verdict=text, ranked=(leader, *decision.ranked[1:])),
    )
