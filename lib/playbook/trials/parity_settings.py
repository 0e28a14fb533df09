"""What was pinned at two endpoints, and what is unknown about them."""

from __future__ import annotations

from playbook.profile.endpoints import Endpoint
from playbook.profile.trial_settings import Trials
from playbook.trials.parity_records import PinnedSetting


def pinned_settings(
    first: Endpoint, second: Endpoint, section: Trials, *, answered_as: tuple[str, str]
) -> tuple[PinnedSetting, ...]:
    """Return what can make the same weights answer differently, as known of both endpoints.

    What only a server knows, such as its chat template, is unknown here; equal counts of input
    tokens make the same one likely.

    Args:
        first: The endpoint that sets the standard.
        second: The other one.
        section: Sampling, which is the same for both.
        answered_as: Model id that each reported; empty if none answered.
    """
    sampling = "the prompt's own, the same for both"
    seed = "none: temperature 0" if section.temperature == 0 else f"{section.seed} and on"
    pairs = (
        ("temperature", *[f"{section.temperature:g}"] * 2),
        ("seed", seed, seed),
        ("longest answer", sampling, sampling),
        ("model that answered", *answered_as),
        ("dialect", _dialect(first), _dialect(second)),
        ("precision", first.precision, second.precision),
        ("engine", _engine(first), _engine(second)),
        ("GPU", first.gpu, second.gpu),
        ("chat template", "", ""),
    )
    return tuple(_setting(*one) for one in pairs)


def _setting(name: str, first: str, second: str) -> PinnedSetting:
    if not first or not second:
        return PinnedSetting(name=name, first=first, second=second, state="unknown")
    state = "same" if first == second else "different"
    return PinnedSetting(name=name, first=first, second=second, state=state)


def _dialect(endpoint: Endpoint) -> str:
    if endpoint.embedded is not None:
        return endpoint.dialect
    return endpoint.litellm_model.partition("/")[0]


def _engine(endpoint: Endpoint) -> str:
    return "embedded" if endpoint.embedded is not None else endpoint.engine
