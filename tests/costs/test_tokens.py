import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.costs.tokens import token_flow
from playbook.profile.sections import Workload


def test_share_and_input_length_give_the_output_length() -> None:
    flow = token_flow(Workload(input_tokens_per_call=1_500, share_output=0.25))

    assert flow.output_per_call == pytest.approx(500)
    assert flow.share_output == pytest.approx(0.25)


def test_agent_history_turns_output_share_into_input() -> None:
    """Five calls, each 1,000 tokens longer: mean history 2,000; 500 of 4,000 is output."""
    flow = token_flow(Workload(calls_per_task=5, context_growth_tokens_per_call=1_000))

    assert flow.input_per_call == pytest.approx(3_500)
    assert flow.output_per_call == pytest.approx(500)
    assert flow.share_output == pytest.approx(0.125)


def test_peak_is_at_least_the_mean_of_the_hours_in_use() -> None:
    """42 of 168 hours: the mean over those hours is 4 times the weekly mean."""
    assert token_flow(Workload(peak_to_mean=3, hours_per_week=42)).peak_to_mean == pytest.approx(4)
    assert token_flow(Workload(peak_to_mean=6, hours_per_week=42)).peak_to_mean == pytest.approx(6)


def test_peak_is_at_least_the_busiest_hour_of_the_shape() -> None:
    """One hour of 5 beside 23 of 1: 5 / (28 / 24) = 4.29 times the mean."""
    shape = (1.0,) * 23 + (5.0,)

    assert token_flow(Workload(peak_to_mean=3, hourly_shape=shape)).peak_to_mean == pytest.approx(
        4.286, abs=0.001
    )
    assert token_flow(Workload(peak_to_mean=9, hourly_shape=shape)).peak_to_mean == pytest.approx(9)


@given(
    st.floats(0, 1),
    st.floats(0, 1e6),
    st.floats(1, 1_000),
    st.floats(0, 1e5),
)
def test_any_valid_workload_reads_and_writes(
    share: float, reads: float, calls: float, growth: float
) -> None:
    flow = token_flow(
        Workload(
            share_output=share,
            input_tokens_per_call=reads,
            calls_per_task=calls,
            context_growth_tokens_per_call=growth,
        )
    )

    assert 0 < flow.share_output < 1
    assert flow.input_per_call >= 1
    assert flow.output_per_call >= 1
