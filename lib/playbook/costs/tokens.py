"""How a workload's tokens divide into calls, input and output, and how high its peak is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

from playbook.costs.load import WEEK_HOURS, busiest_over_mean
from playbook.profile.sections import Workload

ALMOST_ALL = 0.999  # a call that only writes has no derivable length; this bounds it


@dataclass(frozen=True)
class TokenFlow:
    """The mean call of a workload and the load it makes."""

    input_per_call: float
    """Mean input tokens of a call, agent history included."""
    output_per_call: float
    """Mean output tokens of a call."""
    share_output: float
    """Share of all tokens that the model writes, agent history counted as input."""
    peak_to_mean: float
    """Rate of the busiest hour over the mean of all 168 hours of the week."""
    longest_call: int
    """Input plus output that one call must be able to hold."""
    history_per_call: float = 0.0
    """Part of the mean input that is an agent's history; calls differ by as much up and down."""

    def counted_by(self, tokens_over_own: float) -> TokenFlow:
        """Return the same calls in the tokens of another tokenizer.

        Args:
            tokens_over_own: Its tokens over those counted here.
        """
        return replace(
            self,
            input_per_call=self.input_per_call * tokens_over_own,
            output_per_call=self.output_per_call * tokens_over_own,
            longest_call=ceil(self.longest_call * tokens_over_own),
            history_per_call=self.history_per_call * tokens_over_own,
        )

    @property
    def tokens_per_call(self) -> float:
        """Return mean input plus output tokens of a call."""
        return self.input_per_call + self.output_per_call

    @property
    def context_in_decode(self) -> float:
        """Return the mean tokens in the cache while a call is being answered."""
        return self.input_per_call + self.output_per_call / 2


def token_flow(workload: Workload) -> TokenFlow:
    """Return the mean call of a workload.

    `tokens_per_day` is the given total and is never changed here. `share_output` and
    `input_tokens_per_call` describe the first call of a task, so a call writes
    `input * share / (1 - share)` tokens. The k-th call of an agent's task also reads k-1 times
    `context_growth_tokens_per_call` of history, on the mean `growth * (calls - 1) / 2`: of the same
    total a larger part is then input. Every call reads and writes one token at least.

    The peak is `peak_to_mean`, or the mean over the hours of use if that is higher: a service
    that is used 42 hours a week runs at 4 times its weekly mean even without any peak. An
    `hourly_shape` counts likewise: its busiest hour is the least that the peak can be.

    Example:
        >>> chat = token_flow(Workload(input_tokens_per_call=1_500, share_output=0.25))
        >>> (chat.input_per_call, chat.output_per_call, chat.share_output)
        (1500.0, 500.0, 0.25)
        >>> agent = Workload(calls_per_task=5, context_growth_tokens_per_call=1_000)
        >>> token_flow(agent).input_per_call
        3500.0
        >>> token_flow(agent).share_output
        0.125
    """
    first_input = max(workload.input_tokens_per_call, 1.0)
    first_call = first_input / (1 - min(workload.share_output, ALMOST_ALL))
    history = workload.context_growth_tokens_per_call * (workload.calls_per_task - 1) / 2
    reads, writes = first_input + history, max(first_call - first_input, 1.0)
    return TokenFlow(
        input_per_call=reads,
        output_per_call=writes,
        share_output=writes / (reads + writes),
        peak_to_mean=_peak_to_mean(workload),
        longest_call=workload.max_context_tokens,
        history_per_call=history,
    )


def _peak_to_mean(workload: Workload) -> float:
    shape, hours = workload.hourly_shape, workload.hours_per_week
    of_shape = busiest_over_mean(shape, hours) if shape else WEEK_HOURS / hours
    return max(workload.peak_to_mean, of_shape, 1.0)
