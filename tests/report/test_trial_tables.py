"""Tables of load, safety, repetition, judges and the outcome policy."""

from __future__ import annotations

from playbook.report import evidence_tables, judge_tables, trial_tables
from playbook.report.table import Table
from playbook.report.trials import more_tables, trial_section_tables
from playbook.trials.judging.records import Calibration, JudgedEndpoint, JudgedPair, Judging
from playbook.trials.outcomes import OUTCOME_POLICY
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

    table = evidence_tables.pairs(a_tried_pair(a_comparison(), slower))

    assert table.rows[0][4] == "+20% [+15%, +25%]"
    assert table.rows[1][4] == "+0.4 [+0.35, +0.45] s"
    assert table.rows[1][-1] == "90"
    assert table.note.startswith("Margin, set before the run: 5%")


def test_what_was_left_out_of_the_latencies_is_told() -> None:
    base = a_tried_pair()
    told = base.endpoints[0].changed(
        timed_by="litellm", latencies_left_out={"this machine was busy": 4}
    )

    row = evidence_tables.latencies(base.changed(endpoints=(told,))).rows[0]

    assert row[-2].startswith("litellm")
    assert row[-1] == "4: this machine was busy"


def test_hostile_text_is_escaped_in_every_table() -> None:
    evidence = a_tried_pair(
        text=HOSTILE, safety=some_safety(), judging=some_judging(calibrated=True)
    )

    for table in trial_section_tables(evidence):
        assert "<img" not in text_of(table), table.title
