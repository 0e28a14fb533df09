"""The best open weights stand between two closed models; neither side flatters them."""

from playbook import figures
from tests.figures.builders import a_frontier, a_gap, a_lag, a_landscape

CLOSED = a_frontier((2024, 12, 0.7), (2025, 3, 0.9), (2025, 8, 1.2), name="Closed")


def title(score: float) -> str:
    """Return the finding where the best open weights have a score."""
    lag = a_lag(open_frontier=a_frontier((2025, 8, score), name="Open"), closed_frontier=CLOSED)
    figure = figures.capability_over_time(a_landscape(gap=a_gap(pooled=lag)))
    return " ".join(figure.layout.title.text.split("<br>"))


def test_open_weights_stand_above_the_last_closed_model_they_reached_and_below_the_next() -> None:
    assert title(0.72) == (
        "The best open weights of the index (Open 0, 2025-08) stand above Closed 0 (2024-12) "
        "and below Closed 1 (2025-03)"
    )


def test_an_equal_score_counts_as_reached() -> None:
    assert "level with Closed 1 (2025-03) and below Closed 2 (2025-08)" in title(0.9)


def test_below_every_closed_model_only_the_first_is_named() -> None:
    assert title(0.1).endswith(
        "stand below Closed 0 (2024-12), the first closed model of the index"
    )


def test_above_every_closed_model_none_is_named() -> None:
    assert title(2.0).endswith("(Open 0, 2025-08) are level with or above every closed model")
