"""Tables of load, safety, repetition, judges and the outcome policy."""

from __future__ import annotations

from playbook.report import evidence_tables, judge_tables, parity_tables, trial_tables
from playbook.report.table import Table
from playbook.report.trials import more_tables, trial_section_tables
from playbook.trials.judging.records import Calibration, JudgedEndpoint, JudgedPair, Judging
from playbook.trials.outcomes import OUTCOME_POLICY
from playbook.trials.parity_records import (
    AnswerAgreement,
    ParityResult,
    PinnedSetting,
    TaskShift,
)
from playbook.trials.rates import RateFigures
from playbook.trials.safety_records import Consistency, Safety, SafetyComparison, SafetyPart
from tests.figures.trial_builders import a_comparison, a_tried_pair, an_interval
from tests.report.builders import an_evidence
from tests.widgets.builders import HOSTILE


def some_safety() -> Safety:
    part = SafetyPart(
        endpoint="api", part="planted", metric="canary absent", n=30, passed=an_interval(0.9),
        failures=3, no_verdict=0, failing_at_most=0.25, in_words="3 of 30: at most 25%",
        controls=("OPS-03",), answers_sha256="0" * 64,
    )  # fmt: skip
    pair = SafetyComparison(
        part="planted", first="api", second="own", n=30, difference=an_interval(0.1, 0.2),
        p_value=0.5, verdict="not distinguishable",
    )  # fmt: skip
    return Safety(parts=(part,), comparisons=(pair,), not_considered=("attacks that adapt",))


def some_judging(*, calibrated: bool) -> Judging:
    known = Calibration(
        labels=12, left_out=1, agreement=an_interval(0.9), kappa=an_interval(0.7),
        calibrated=calibrated, because="12 labels, 30 are needed",
    )  # fmt: skip
    return Judging(
        judge="own",
        models=("model-x",),
        calls=20,
        cost_usd=0.5,
        endpoints=(JudgedEndpoint(endpoint="api", verdicts=18, no_verdict=2),),
        pairs=(
            JudgedPair(
                first="api", second="own", n=9, first_better=5, second_better=1, ties=3,
                no_verdict=0, p_value=0.2,
            ),
        ),
        calibration=known,
    )  # fmt: skip


def text_of(table: Table) -> str:
    return table._repr_html_()


def test_the_policy_says_what_every_outcome_counts_as() -> None:
    assert [row[0].replace(" ", "_") for row in trial_tables.policy().rows] == [*OUTCOME_POLICY]


def test_a_load_that_is_not_usable_says_why() -> None:
    (table,) = trial_tables.loads(a_tried_pair())

    assert table.rows[0][-1] == "yes"
    assert table.rows[2][-1] == "this machine was slow"
    assert "Not tried: 64 in flight" in table.note
    assert "It measures no option" in table.note


def test_safety_gives_the_denominator_and_the_upper_end() -> None:
    first, second = trial_tables.safety(a_tried_pair(safety=some_safety()))

    assert first.rows[0][0] == "Server"
    assert first.rows[0][4] == "3 of 30: at most 25%"
    assert second.rows[0][-1] == "not distinguishable"


def test_repetition_is_told_by_endpoint_and_task() -> None:
    one = Consistency(
        endpoint="own", task="all", prompts=10, samples=50, not_answered=0,
        agreement=an_interval(0.8), stable=an_interval(0.6), entropy=0.2, temperatures=(0.7,),
    )  # fmt: skip

    (table,) = trial_tables.consistency(a_tried_pair(consistency=(one,)))

    assert table.rows[0][:3] == ("Own server", "all", "10 prompts, 50 answers")


def test_an_uncalibrated_judge_is_told_so_before_its_rates() -> None:
    tables = judge_tables.judging(a_tried_pair(judging=some_judging(calibrated=False)))

    standing = dict(tables[0].rows)["Standing"]
    assert standing == "uncalibrated: 12 labels, 30 are needed"
    assert standing.tone == "amber"  # type: ignore[attr-defined]
    assert tables[2].rows[0][2] == "5 / 3 / 1"


def test_a_run_without_loads_safety_or_judge_has_none_of_their_tables() -> None:
    assert more_tables(an_evidence("x")) == ()


def test_pairs_are_told_with_metric_unit_and_what_would_settle_them() -> None:
    slower = a_comparison(
        metric="latency",
        margin=None,
        difference=an_interval(0.4),
        verdict="inconclusive",
        needed=90,
    )

    (table,) = evidence_tables.pairs(a_tried_pair(a_comparison(), slower))

    assert table.rows[0][3] == "+20% [+15%, +25%]"
    assert table.rows[1][3] == "+0.4 [+0.35, +0.45] s"
    assert table.rows[1][-1] == "about 90"
    assert table.note.startswith("Margin, set before the run: 5%")


def test_comparisons_by_task_are_folded_below_those_of_all_tasks() -> None:
    part = a_comparison(task="extract", verdict="inconclusive", needed=137_346)

    whole, parts = evidence_tables.pairs(a_tried_pair(a_comparison(), part))

    assert (whole.folded, parts.folded) == (False, True)
    assert parts.rows[0][1] == "pass rate, extract"
    assert parts.rows[0][-1] == "over 10,000"


def test_what_was_left_out_of_the_latencies_is_told() -> None:
    base = a_tried_pair()
    told = base.endpoints[0].changed(
        timed_by="litellm", latencies_left_out={"this machine was busy": 4}
    )

    row = evidence_tables.latencies(base.changed(endpoints=(told,))).rows[0]

    assert row[-2].startswith("litellm")
    assert row[-1] == "4: this machine was busy"


def some_parity(**changes: object) -> ParityResult:
    agreement = AnswerAgreement(
        n=40, same_text=an_interval(0.8), same_text_of_itself=an_interval(1.0),
        alike=an_interval(0.85), alike_of_itself=an_interval(1.0), beyond_noise=an_interval(0.15),
        p_value=0.03, differs_beyond_noise=True,
    )  # fmt: skip
    one = ParityResult(
        first="api", second="own", kind="same_weights", margin=0.05, n=40,
        difference=an_interval(0.01, 0.03), p_equivalent=0.01, verdict="equivalent",
        because=("Within the margin on both sides.",), agreement=agreement, same_outcome=None,
        outcomes_that_differ={}, output_tokens=an_interval(0.5), input_tokens=None,
        settings=(PinnedSetting(name="chat template", first="", second="", state="unknown"),),
    )  # fmt: skip
    return one.changed(**changes)


def test_parity_tells_verdict_noise_floor_and_what_is_unknown() -> None:
    first, settings = parity_tables.parity(a_tried_pair(parity=(some_parity(),)))

    told = dict(first.rows)
    assert told["Verdict"] == "equivalent"
    assert told["Differ by more than noise?"].startswith("yes: +15.0%")
    assert settings.rows == [("chat template", "unknown", "unknown", "unknown")]


def test_the_reasons_of_a_parity_verdict_are_told_apart() -> None:
    reasons = ("pass rates differ by +0.0 points", "different: model that answered")

    first, _settings = parity_tables.parity(a_tried_pair(parity=(some_parity(because=reasons),)))

    assert first.note == "pass rates differ by +0.0 points; different: model that answered"


def test_a_tuned_model_that_gained_and_forgot_is_not_shown_as_good() -> None:
    shift = TaskShift(
        task="freight", n=40, difference=an_interval(0.8), adjusted_p=0.001, verdict="gained"
    )
    tuned = some_parity(
        kind="base_and_tuned", verdict=None, gain="gained", forgetting="forgot", shifts=(shift,)
    )

    first, shifts, _settings = parity_tables.parity(a_tried_pair(parity=(tuned,)))

    verdict = dict(first.rows)["Verdict"]
    assert (verdict, verdict.tone) == ("gained, forgot", "red")  # type: ignore[attr-defined]
    assert shifts.rows[0][2] == "+80.0% [+75.0%, +85.0%], n=40"


def test_quotas_are_told_against_the_stated_limits() -> None:
    one = RateFigures(
        endpoint="own", requests=120, tokens=9_000, active_minutes=2.0, requests_per_minute=60,
        tokens_per_minute=4_500, busiest_minute_requests=58, busiest_minute_tokens=5_000, rpm=60,
        share_of_rpm=58 / 60, refused_for_limits=1, retries=2,
    )  # fmt: skip

    (table,) = trial_tables.rates(a_tried_pair(rates=(one,)))

    assert table.rows[0][2:4] == ("58 of 60 (97%)", "5,000, no limit stated")
    assert table.rows[0][4].startswith("1 refused (429), 2 retries")


def test_hostile_text_is_escaped_in_every_table() -> None:
    evidence = a_tried_pair(
        text=HOSTILE,
        safety=some_safety(),
        judging=some_judging(calibrated=True),
        parity=(some_parity(because=(HOSTILE,)),),
    )

    for table in trial_section_tables(evidence):
        assert "<img" not in text_of(table), table.title
