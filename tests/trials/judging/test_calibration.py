"""Golden numbers are worked by hand; the formulas' own tests are in `statistics/test_agreement`."""

from __future__ import annotations

import pytest

from playbook.trials.interval import Interval
from playbook.trials.judging.calibration import Compared, calibrate, corrected_rate
from playbook.trials.statistics.intervals import wilson


def labels(*, both: int, only_person: int, only_judge: int, neither: int) -> list[Compared]:
    return [
        *[Compared(person=True, judge=True)] * both,
        *[Compared(person=True, judge=False)] * only_person,
        *[Compared(person=False, judge=True)] * only_judge,
        *[Compared(person=False, judge=False)] * neither,
    ]


def a_rate(passed: int, n: int) -> Interval:
    low, high = wilson(passed, n)
    return Interval(value=passed / n, low=low, high=high, n=n, method="Wilson (95%)")


def test_agreement_and_error_rates_are_those_of_the_table() -> None:
    """Cohen (1960): observed 0.7, by chance 0.5, so kappa 0.4; 20 of 25 and 15 of 25 right."""
    found = calibrate(labels(both=20, only_person=5, only_judge=10, neither=15), left_out=3)

    assert found.calibrated
    assert (found.labels, found.left_out) == (50, 3)
    assert found.agreement is not None
    assert found.agreement.value == pytest.approx(0.7)
    assert found.kappa is not None
    assert found.kappa.value == pytest.approx(0.4)
    assert found.sensitivity is not None
    assert found.sensitivity.value == pytest.approx(0.8)
    assert found.specificity is not None
    assert found.specificity.value == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("table", "because"),
    [
        ((0, 0, 0, 0), "no labelled answer was judged; label at least 30"),
        ((15, 1, 1, 12), "29 labels, 30 are needed"),
        ((40, 0, 2, 2), "people passed 40 and failed 4 of the labelled answers"),
        ((10, 10, 10, 10), "no better than a coin"),
    ],
)
def test_a_judge_with_too_few_labels_or_none_better_than_a_coin_is_uncalibrated(
    table: tuple[int, int, int, int], because: str
) -> None:
    both, only_person, only_judge, neither = table

    found = calibrate(
        labels(both=both, only_person=only_person, only_judge=only_judge, neither=neither)
    )

    assert not found.calibrated
    assert because in found.because


def test_a_rate_is_corrected_by_rogan_and_gladen() -> None:
    """(0.6 + 0.6 - 1) / (0.8 + 0.6 - 1) = 0.5."""
    compared = labels(both=20, only_person=5, only_judge=10, neither=15)

    found = corrected_rate(a_rate(60, 100), compared)

    assert found is not None
    assert found.value == pytest.approx(0.5)


def test_more_labels_narrow_the_corrected_rate_and_never_below_the_judge_s_own() -> None:
    few, many = (
        corrected_rate(
            a_rate(60, 100),
            labels(both=9 * k, only_person=k, only_judge=k, neither=9 * k),
        )
        for k in (2, 200)
    )

    assert few is not None
    assert many is not None
    assert few.high - few.low > many.high - many.low
    plain = a_rate(60, 100)
    assert many.high - many.low > plain.high - plain.low


def test_prompts_that_share_groups_count_as_fewer() -> None:
    compared = labels(both=45, only_person=5, only_judge=5, neither=45)
    low, high = wilson(12, 20)
    grouped = Interval(value=0.6, low=low, high=high, n=100, method="20 groups")

    found, alone = corrected_rate(grouped, compared), corrected_rate(a_rate(60, 100), compared)

    assert found is not None
    assert alone is not None
    assert found.high - found.low > alone.high - alone.low
