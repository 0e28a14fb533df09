"""How many tokens a model makes of the team's text, over the team's own count of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from playbook.catalog import Measurement, Model, Tokenizer, Writing, ratio_in, tokenizer_of
from playbook.costs.scenarios import Scenarios
from playbook.provenance import Provenance, Source, weakest
from playbook.uncertainty import Estimate, Samples

LATIN = (
    "af az bs ca cs cy da de es et eu fi fo fr ga gl hr hu id is it lb lt lv ms mt nb nl nn no pl"
    " pt ro sk sl sq sv sw tl tr uz vi"
)
"""ISO 639-1 codes of languages that are written in Latin letters, English aside."""
RATIO = "tokens per token of o200k"
Run = tuple[Source, date]


@dataclass(frozen=True)
class TokenCount:
    """Tokens of a model over the team's own count of the same text, in every scenario."""

    over_own: Samples
    """Ratio; shape `(1 + draws,)`."""
    provenance: Provenance
    """measured where both were counted in one run, quoted from counts of texts, else assumed."""
    words: str
    """What it rests on."""

    @property
    def likely(self) -> float:
        """Return the likely ratio."""
        return float(self.over_own[0])


class TokenCounts:
    """Ratios of all models for one profile; models that share a tokenizer share its draws."""

    def __init__(self, scenarios: Scenarios) -> None:
        self.scenarios = scenarios
        self._writings = writings_of(scenarios.profile.domain.languages)
        counted_by = scenarios.profile.workload.tokens_counted_by
        own = scenarios.catalog.model(counted_by) if counted_by else None
        self._own = self._tokenizer(own) if own else None
        self._own_models = frozenset(
            one.id for one in scenarios.catalog.models if self._counts_as_own(one)
        )
        self._found: dict[str, TokenCount] = {}

    def of(self, model: Model) -> TokenCount:
        """Return a model's tokens over the team's: measured in a run, else by its tokenizer."""
        if model.id not in self._found:
            self._found[model.id] = self._measured(model) or self._stated(model)
        return self._found[model.id]

    def _measured(self, model: Model) -> TokenCount | None:
        if model.id in self._own_models:
            return None
        found = measured_ratio(self.scenarios.catalog.measurements, model.id, self._own_models)
        if found is None:
            return None
        ratio, source = found
        value = Estimate.model_validate(ratio)
        return TokenCount(
            self.scenarios.fact(f"tokens of {model.id}", value, unit=RATIO, source=source),
            Provenance.MEASURED,
            f"measured on the same prompts as the team's tokenizer: {source.cite()}",
        )

    def _stated(self, model: Model) -> TokenCount:
        tokenizer, own = self._tokenizer(model), self._own
        if tokenizer is None or (own and own.id == tokenizer.id):
            return TokenCount(
                np.ones(1 + self.scenarios.draws),
                Provenance.COMPUTED if tokenizer else Provenance.ASSUMED,
                "the team's own tokenizer" if tokenizer else "the catalog has no tokenizers",
            )
        ratio, sources = self._over_reference(tokenizer), [tokenizer.source]
        if own is not None:
            ratio, sources = ratio / self._over_reference(own), [*sources, own.source]
        words = f"{tokenizer.title}: {tokenizer.source.cite()}"
        return TokenCount(ratio, weakest([one.provenance for one in sources]), words)

    def _over_reference(self, tokenizer: Tokenizer) -> Samples:
        value = ratio_in(tokenizer, self._writings)
        if value.low == value.high:
            return np.full(1 + self.scenarios.draws, value.likely)
        return self.scenarios.fact(
            f"tokens of {tokenizer.id} over o200k", value, unit=RATIO, source=tokenizer.source
        )

    def _counts_as_own(self, model: Model) -> bool:
        """Return whether a model has the tokenizer that counted the team's tokens."""
        found = self._tokenizer(model)
        if found is None or self._own is not None:
            return found is not None and found is self._own
        return all(ratio.low == ratio.high for ratio in found.tokens_over_reference.values())

    def _tokenizer(self, model: Model) -> Tokenizer | None:
        return tokenizer_of(self.scenarios.catalog.tokenizers, model)


def writings_of(languages: Sequence[str]) -> tuple[Writing, ...]:
    """Return the writings of some languages by their ISO codes; without any it is English.

    Example:
        >>> writings_of(["en", "de-CH", "ja"])
        ('english', 'latin', 'other')
    """
    found = dict.fromkeys(_writing(one) for one in languages)
    return tuple(found) or ("english",)


def _writing(language: str) -> Writing:
    code = language.strip().lower().replace("_", "-").partition("-")[0]
    if code == "en":
        return "english"
    return "latin" if code in LATIN.split() else "other"


def measured_ratio(
    measurements: Sequence[Measurement], model: str, own: Collection[str]
) -> tuple[float, Source] | None:
    """Return input tokens of a model over those of the team's own in one run, with the run.

    Only a run counts in which both answered the same prompts: one source, one day. Of several the
    newest; its ratio is of means weighted by requests.

    Args:
        measurements: What was measured.
        model: The model.
        own: Models whose tokenizer counted the team's tokens.
    """
    runs: dict[Run, tuple[list[Measurement], list[Measurement]]] = {}
    for one in measurements:
        asked = one.mean_input_tokens and not one.filler
        if asked and (one.model == model or one.model in own):
            of_model, of_own = runs.setdefault((one.source, one.measured_on), ([], []))
            (of_model if one.model == model else of_own).append(one)
    both = [(run, found) for run, found in runs.items() if all(found)]
    if not both:
        return None
    (source, _), (of_model, of_own) = max(both, key=lambda each: each[0][1])
    return _mean(of_model) / _mean(of_own), source


def _mean(measurements: Sequence[Measurement]) -> float:
    weights = [one.requests for one in measurements]
    return float(
        np.average([one.mean_input_tokens or 0.0 for one in measurements], weights=weights)
    )
