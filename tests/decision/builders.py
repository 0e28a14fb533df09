"""Small hand-made inputs of a decision: one `Spec` an option, everything else by default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

import numpy as np

from playbook.catalog import (
    ApiOffer,
    Assumption,
    Catalog,
    Gpu,
    GpuOffer,
    HostingPlace,
    Model,
    Price,
    Provider,
)
from playbook.clearance import Clearance
from playbook.compliance.records import Compliance, OpenQuestion, OptionVerdict
from playbook.costs.records import BreakEven, Costs, Deployment, OptionCost
from playbook.decision import Decision, decide
from playbook.decision.situation import Situation
from playbook.landscape.records import Landscape, ModelInRace, Reason
from playbook.profile.profile import Profile
from playbook.profile.sections import Data, Domain, Infrastructure, Team, Weights, Workload
from playbook.profile.trial_settings import Trials
from playbook.provenance import Provenance, Source
from playbook.trials.evidence_records import Evidence
from playbook.trials.interval import Interval
from playbook.trials.records import Comparison, EndpointEvidence, TaskResult
from playbook.uncertainty import Estimate, Percentiles, percentiles
from playbook.units import DAYS_PER_MONTH
from playbook.vocabulary import DataClass, Lane, Verdict

TODAY = date(2026, 11, 23)
DRAWS = 500
SOURCE = Source(title="Test", as_of=date(2026, 11, 1), kind="assumption")
FRONTIER, HOSTED, OWN = Lane.FRONTIER_API, Lane.HOSTED_OPEN_WEIGHTS, Lane.SELF_HOSTED
SECTIONS = {
    "team": Team, "workload": Workload, "data": Data, "infrastructure": Infrastructure,
    "domain": Domain, "trials": Trials, "weights": Weights,
}  # fmt: skip


@dataclass(frozen=True)
class Spec:
    """One option as a test wants it; `where` is its provider or place."""

    model: str
    lane: Lane = FRONTIER
    where: str = "acme"
    usd: float | None = 1_000.0
    spread: float = 0.0
    verdict: Verdict | None = Verdict.OK
    questions: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    state: str = "in"
    considered: bool = True
    months_left: float | None = None
    on_offer: bool = True
    priced_on: date = date(2026, 11, 1)
    terms_on: date = date(2026, 11, 1)
    fits: bool = True
    within_limits: float = 1.0
    rate: Interval | None = None
    first_token_s: float | None = 0.8

    @property
    def id(self) -> str:
        """Return the option's id."""
        return f"{self.model}@{'self:' if self.lane is OWN else ''}{self.where}"


def a_rate(value: float, n: int = 200, *, half: float = 0.03) -> Interval:
    return Interval(
        value=value, low=max(value - half, 0), high=min(value + half, 1), n=n, method="test"
    )


def a_profile(**sections: dict[str, object]) -> Profile:
    """Return a profile with a budget of $10,000 a month and people enough for own servers."""
    base: dict[str, dict[str, object]] = {
        "team": {"budget_usd_per_month": 10_000},
        "infrastructure": {"staff_free_fte": 2.0, "places": ("own",)},
    }
    return Profile(
        **{  # type: ignore[arg-type]
            name: kind.model_validate({**base.get(name, {}), **sections.get(name, {})})
            for name, kind in SECTIONS.items()
        }
    )


def _timing(spec: Spec) -> Interval | None:
    seen = spec.first_token_s
    if seen is None:
        return None
    return Interval(value=seen, low=0.9 * seen, high=1.1 * seen, n=200, method="test")


def evidence_on(option: str, spec: Spec, **changes: object) -> EndpointEvidence:
    fields: dict[str, object] = {
        "endpoint": f"try-{spec.model}", "title": spec.model, "option": option,
        "model_answered": (spec.model,), "stand_in": False, "demonstration": False,
        "recorded": False, "provenance": Provenance.MEASURED,
        "results": (
            TaskResult(task="all", pass_rate=spec.rate, pass_rate_answered=None, outcomes={}),
        ),
        "first_token_p50_s": None, "first_token_p95_s": _timing(spec),
        "output_tokens_per_second": None, "mean_input_tokens": None, "mean_output_tokens": None,
        "cost_usd": None, "usd_per_success": None, "refused_by_gate": 0, "refusal_reasons": (),
    }  # fmt: skip
    return EndpointEvidence.model_validate({**fields, **changes})


def some_evidence(
    *endpoints: EndpointEvidence, comparisons: Sequence[Comparison] = (), as_of: date = TODAY
) -> Evidence:
    return Evidence(
        as_of=as_of, status="complete" if endpoints else "untested", because="test",
        prompt_sets={}, endpoints=endpoints, comparisons=tuple(comparisons), samples=(),
        attempts=0, cost_usd=0, not_considered=(),
    )  # fmt: skip


def a_catalog(specs: Sequence[Spec]) -> Catalog:
    apis = [spec for spec in specs if spec.lane is not OWN]
    return Catalog(
        models=tuple(_model(spec) for spec in {spec.model: spec for spec in specs}.values()),
        providers=tuple(
            Provider(id=spec.where, title=spec.where, jurisdiction=("US",), source=_terms(spec))
            for spec in {spec.where: spec for spec in reversed(apis)}.values()
        ),
        api_offers=tuple(_offer(spec) for spec in apis),
        gpus=(
            Gpu(id="g1", title="G1", memory_gb=80, bandwidth_gb_per_s=3000, dense_bf16_tflops=900,
                tdp_w=700, source=SOURCE),
        ),
        gpu_offers=tuple(
            GpuOffer(
                gpu="g1", place=spec.where, provider="rent", region="eu", instance="i",
                gpus_per_instance=1, on_demand_usd_per_gpu_hour=2.0,
                source=SOURCE.model_copy(update={"as_of": spec.priced_on}),
            )
            for spec in specs if spec.lane is OWN
        ),
        places=(
            HostingPlace(id="own", title="own rack", operator="self", operator_jurisdiction=("DE",),
                         processing_regions=("EU",), perimeter="on_prem", owned=False,
                         source=SOURCE),
        ),
        assumptions=(
            _assumption("servers.rota_people_24x7", Estimate(low=4, likely=6, high=8)),
            _assumption("decision.reference_usd_per_million_tokens", 10),
            _assumption("rule_api_below_tokens_per_day", 1e6),
            _assumption("rule_open_weights_above_tokens_per_day", 1e7),
        ),
    )  # fmt: skip


def _terms(spec: Spec) -> Source:
    return Source(title="Terms", as_of=spec.terms_on, kind="vendor")


def _assumption(name: str, value: object) -> Assumption:
    return Assumption.model_validate(
        {"id": name, "source": SOURCE, "value": value, "unit": "", "meaning": ""}
    )


def _model(spec: Spec) -> Model:
    return Model(
        id=spec.model, title=spec.model.title(), family="test", developer="test",
        developer_jurisdiction=("US",), open_weights=spec.lane is not FRONTIER,
        licence="any", source=SOURCE,
        retires=None if spec.months_left is None else _in_months(spec.months_left),
    )  # fmt: skip


def _in_months(months: float) -> date:
    return TODAY + timedelta(days=ceil(months * DAYS_PER_MONTH))


def _offer(spec: Spec) -> ApiOffer:
    price = Price(
        since=spec.priced_on, input_usd_per_million_tokens=1, output_usd_per_million_tokens=2,
        source=SOURCE.model_copy(update={"as_of": spec.priced_on}),
    )  # fmt: skip
    return ApiOffer(model=spec.model, provider=spec.where, litellm_id="x/y", prices=(price,))


def a_cost(spec: Spec) -> OptionCost:
    draws = np.linspace(-1, 1, DRAWS) * spec.spread + (spec.usd or 0)
    priced = spec.usd is not None and spec.fits
    return OptionCost(
        option=spec.id, title=spec.id, lane=spec.lane, model=spec.model, priced=priced,
        because="test" if priced else "no GPU holds it", price_source="",
        usd_per_month=percentiles(draws) if priced else None, usd_per_million_tokens=None,
        components={"machines": percentiles(draws)} if spec.lane is OWN and priced else {},
        draws_usd_per_month=tuple(map(float, draws)) if priced else (),
        provenance=Provenance.COMPUTED,
        deployment=a_deployment(spec.within_limits) if spec.lane is OWN and spec.fits else None,
    )  # fmt: skip


def a_deployment(share_within_limits: float = 1.0) -> Deployment:
    return Deployment(
        gpu="g1", gpu_title="G1", gpus_per_replica=1, engine="vllm", precision="bf16",
        memory_needed_gib=20, memory_available_gib=70, batch=8,
        output_tokens_per_second_per_replica=Percentiles(p10=300, p50=400, p90=500),
        total_tokens_per_second_per_replica=Percentiles(p10=900, p50=1200, p90=1500),
        capacity_provenance=Provenance.COMPUTED, seconds_per_output_token=0.02, first_token_s=0.5,
        share_of_draws_within_latency_limits=share_within_limits, replicas_for_peak=1, replicas=2,
        gpus=2, usd_per_gpu_hour=2.0, list_usd_per_gpu_hour=2.0, utilisation=0.1,
        provider="rent", region="eu",
    )  # fmt: skip


def some_costs(
    specs: Sequence[Spec], *, volume: float = 1e6, break_evens: Sequence[BreakEven] = ()
) -> Costs:
    return Costs(
        as_of=TODAY, draws=DRAWS, tokens_per_day=Percentiles(p10=volume, p50=volume, p90=volume),
        options=tuple(a_cost(spec) for spec in specs), break_evens=tuple(break_evens), inputs=(),
        not_considered=(),
    )  # fmt: skip


def a_landscape(specs: Sequence[Spec]) -> Landscape:
    models = []
    for name in dict.fromkeys(spec.model for spec in specs):
        mine = [spec for spec in specs if spec.model == name]
        result = {"in": "pass", "out": "fail", "in_doubt": "unknown"}[mine[0].state]
        rule = "licence" if mine[0].considered else "candidates"
        reason = Reason.model_validate({"rule": rule, "result": result, "because": "clause 7"})
        models.append(
            ModelInRace.model_validate({
                "model": name, "title": name, "family": "test", "developer": "test",
                "open_weights": mine[0].lane is not FRONTIER, "state": mine[0].state,
                "reasons": (reason,), "lanes": tuple(spec.lane for spec in mine),
                "options": tuple(spec.id for spec in mine if spec.on_offer),
                "context_tokens": None, "released": None, "retires": None,
                "months_left": mine[0].months_left, "successor": None, "capability_index": None,
                "lowest_input_usd_per_million_tokens": None,
                "lowest_output_usd_per_million_tokens": None,
            })
        )  # fmt: skip
    return Landscape(as_of=TODAY, models=tuple(models), oldest_fact=TODAY, not_considered=())


def some_compliance(specs: Sequence[Spec]) -> Compliance:
    verdicts = tuple(
        OptionVerdict(
            option=spec.id, verdict=spec.verdict, controls=("c-1",), because=("clause 1",),
            verdict_if_unknowns_go_well=spec.verdict, verdict_if_unknowns_go_badly=spec.verdict,
            conditions=spec.conditions, questions=spec.questions,
            highest_class_if_unknowns_go_well=None, highest_class_if_unknowns_go_badly=None,
        )
        for spec in specs if spec.verdict is not None
    )  # fmt: skip
    asked = {name for spec in specs for name in spec.questions}
    return Compliance(
        as_of=TODAY, disclaimer="", findings=(), verdicts=verdicts,
        open_questions=tuple(
            OpenQuestion(id=name, question=f"Is {name} met?", owner="DPO", options_it_can_change=1)
            for name in sorted(asked)
        ),
        clearance=Clearance(endpoints=(), team_class=DataClass.INTERNAL), not_considered=(),
    )  # fmt: skip


def a_situation(
    *specs: Spec,
    profile: Profile | None = None,
    evidence: Evidence | None = None,
    costs: Costs | None = None,
) -> Situation:
    """Return a situation with these options; a spec with a rate brings its own evidence."""
    tested = [evidence_on(spec.id, spec) for spec in specs if spec.rate]
    return Situation(
        profile=profile or a_profile(),
        catalog=a_catalog(specs),
        landscape=a_landscape(specs),
        compliance=some_compliance(specs),
        costs=costs or some_costs(specs),
        evidence=evidence or some_evidence(*tested),
        as_of=TODAY,
    )


def decided(situation: Situation, seed: int = 7) -> Decision:
    return decide(
        situation.profile, situation.catalog, situation.landscape, situation.compliance,
        situation.costs, situation.evidence, rng=np.random.default_rng(seed), as_of=situation.as_of,
    )  # fmt: skip


def decision_on(*specs: Spec, **changes: object) -> Decision:
    return decided(a_situation(*specs, **changes))  # type: ignore[arg-type]
