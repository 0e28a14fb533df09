"""Evidence with pairs, prices and a load sweep, to draw figures and tables from."""

from __future__ import annotations

from playbook.trials.evidence_records import Evidence
from playbook.trials.interval import Interval
from playbook.trials.load.records import LoadCurve, LoadPoint
from playbook.trials.records import Comparison
from tests.report.builders import an_evidence


def an_interval(value: float, spread: float = 0.05, n: int = 40) -> Interval:
    return Interval(value=value, low=value - spread, high=value + spread, n=n, method="some (95%)")


def a_comparison(**changes: object) -> Comparison:
    one = Comparison(
        first="api",
        second="own",
        task="all",
        n=80,
        difference=an_interval(0.2, n=80),
        only_first_passed=20,
        only_second_passed=4,
        p_value=0.0015,
        verdict="first better",
        adjusted_p=0.003,
        margin=0.05,
    )
    return one.changed(**changes)


def a_point(in_flight: int, **changes: object) -> LoadPoint:
    one = LoadPoint(
        kind="closed",
        in_flight=in_flight,
        planned_calls=60,
        calls=60,
        seconds=40.0,
        mean_in_flight=float(in_flight),
        output_tokens_per_second=an_interval(50.0 * in_flight, 5.0),
        requests_per_second=an_interval(in_flight / 2, 0.1),
        first_token_p50_s=an_interval(0.1 * in_flight, 0.02),
        first_token_p95_s=an_interval(0.3 * in_flight, 0.05),
        first_token_p99_s=None,
        total_p50_s=an_interval(2.0),
        total_p95_s=an_interval(3.0),
        token_gap_s=an_interval(0.02, 0.001),
        error_share=an_interval(0.05),
        outcomes={"answered": 57, "error": 3},
        slo_share=an_interval(0.95, 0.03),
        goodput_per_s=in_flight / 2.2,
        mean_input_tokens=300,
        mean_output_tokens=100,
    )
    return one.changed(**changes)


def a_curve(*points: LoadPoint, **changes: object) -> LoadCurve:
    one = LoadCurve(
        endpoint="api",
        kind="closed",
        slo_first_token_s=2.0,
        slo_tokens_per_second=15.0,
        slo_share_wanted=0.95,
        points=points or (a_point(1), a_point(4), a_point(16, because="this machine was slow")),
        not_tried=("64 in flight: errors at the load before",),
        knee=4.0,
        knee_because="Above 4 in flight throughput grows by less than the load.",
        best=4.0,
    )
    return one.changed(**changes)


def a_tried_pair(*comparisons: Comparison, text: str = "Server", **changes: object) -> Evidence:
    """Return the evidence of two endpoints, `api` and `own`, with a load sweep on the first."""
    base = an_evidence(text)
    (api,) = base.endpoints
    own = api.changed(endpoint="own", title="Own server", usd_per_success=None)
    api = api.changed(usd_per_success_interval=an_interval(0.001, 0.0002))
    found = base.changed(
        endpoints=(api, own),
        comparisons=comparisons or (a_comparison(),),
        load_curves=(a_curve(),),
    )
    return found.changed(**changes)
