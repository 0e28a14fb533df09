from datetime import date

from playbook.catalog import Measurement
from playbook.costs.corrections import Correction, SpeedSide
from playbook.provenance import Provenance, Source
from playbook.report import measured_tables
from playbook.uncertainty import Percentiles
from tests.decision.builders import Spec, decision_on
from tests.report.builders import an_evidence

DAY = date(2026, 11, 23)
SOURCE = Source(title="Trials of acme at own", as_of=DAY, kind="measured")


def a_side(word: Provenance, rate: float) -> SpeedSide:
    return SpeedSide(
        deployment="1 x H100, vllm, bf16",
        provenance=word,
        output_tokens_per_second_per_replica=Percentiles(p10=rate / 2, p50=rate, p90=rate * 2),
        replicas=2,
        usd_per_month=Percentiles(p10=900, p50=1_000, p90=1_250),
    )


def test_trials_that_measured_nothing_show_no_table() -> None:
    assert measured_tables.measurements(an_evidence()) == ()


def test_a_measurement_is_shown_with_load_hardware_and_day() -> None:
    one = Measurement(
        model="small-8b",
        endpoint="own",
        engine="vllm",
        gpu="h100",
        gpus=2,
        concurrency=16,
        requests=64,
        output_tokens_per_second=1_234.0,
        success_rate=0.98,
        measured_on=DAY,
        source=SOURCE,
    )
    evidence = an_evidence().changed(measurements=(one,), not_measured=("other: too few calls",))

    (table,) = measured_tables.measurements(evidence)

    assert "2 x h100, vllm" in table.rows[0]
    assert {"16", "1.23e+03", "98%", "2026-11-23"} <= set(table.rows[0])
    assert table.note == "Not measured: other: too few calls."


def test_a_correction_shows_both_badges_and_intervals() -> None:
    one = Correction(
        option="small-8b@self:here",
        title="Small 8B",
        measurements=3,
        calls_in_flight=(1, 4, 16),
        sources=(SOURCE.cite(),),
        before=a_side(Provenance.COMPUTED, 1_000),
        after=a_side(Provenance.CALIBRATED, 1_500),
    )
    decision = decision_on(Spec("a"), Spec("b")).changed(
        corrections=(one,), measurements_left_out=("odd: wrong GPU",)
    )

    (table,) = measured_tables.corrections(decision)

    assert [row[1] for row in table.rows] == ["computed", "calibrated"]
    assert "3 measurements at 1, 4, 16 calls in flight" in table.rows[1][-1]
    assert "odd: wrong GPU" in table.note


def test_a_decision_without_measurements_shows_no_table() -> None:
    assert measured_tables.corrections(decision_on(Spec("a"), Spec("b"))) == ()
