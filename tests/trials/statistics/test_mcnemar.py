"""McNemar's test: golden numbers worked by hand."""

from __future__ import annotations

import pytest

from playbook.trials.statistics.mcnemar import mcnemar_mid_p, mcnemar_p


def test_exact_mcnemar_of_1_and_7_is_0_070() -> None:
    """2 x (C(8,0) + C(8,1)) / 2^8 = 18 / 256 = 0.0703."""
    assert mcnemar_p(1, 7) == pytest.approx(18 / 256)


def test_no_discordant_pair_tells_nothing() -> None:
    assert mcnemar_p(0, 0) == 1
    assert mcnemar_p(5, 5) == 1


def test_mid_p_of_1_and_7_is_0_039() -> None:
    """Fagerland, Lydersen and Laake (2013), airway data: 18/256 less C(8,1)/256 = 10/256."""
    assert mcnemar_mid_p(1, 7) == pytest.approx(10 / 256)
    assert mcnemar_mid_p(7, 1) == mcnemar_mid_p(1, 7)


def test_mid_p_of_equal_numbers_takes_half_of_the_middle() -> None:
    """1 - C(4,2) / 2^4 / 2 = 1 - 6/32; without a pair there is nothing to test."""
    assert mcnemar_mid_p(2, 2) == pytest.approx(1 - 6 / 32)
    assert mcnemar_mid_p(0, 0) == 1


def test_mid_p_of_thousands_is_no_overflow() -> None:
    assert 0 < mcnemar_mid_p(900, 1_100) < mcnemar_p(900, 1_100) < 0.001
