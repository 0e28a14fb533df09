"""What a licence means for one team: its clauses against the team's facts, three-valued."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from playbook.catalog.licences import Licence
from playbook.catalog.models import Model
from playbook.profile import Profile
from playbook.records import Record

Outcome = Literal["permitted", "conditional", "not_permitted", "unknown"]
Clause = tuple[Outcome, str]
_WORST_FIRST: tuple[Outcome, ...] = ("not_permitted", "unknown", "conditional", "permitted")
EU_PLACES = ("EU", "DE", "FR")
"""Words of `data.operating_in` that mean an establishment in the EU."""


class LicenceVerdict(Record):
    """Whether a team may use a model under its licence, and what it then must do."""

    outcome: Outcome
    """unknown is neither permitted nor not permitted."""
    because: tuple[str, ...]
    """The clauses that decide, each in words with the fact it met."""
    duties: tuple[str, ...]
    """What the team must do or show, for `conditional`."""
    citation: str
    """Licence text with its date."""

    @property
    def words(self) -> str:
        """Return the verdict in one line."""
        said = "; ".join(self.because)
        duties = f" Duties: {'; '.join(self.duties)}." if self.duties else ""
        return f"{self.outcome.replace('_', ' ')}: {said}.{duties}"


def judge_licence(
    model: Model, licence: Licence, profile: Profile, *, own_servers: bool
) -> LicenceVerdict:
    """Return what a licence means for a team.

    On own servers the team is the licensee and every clause binds it. Behind an API the provider
    is; then clauses on outputs, unverified terms and the duties of a product reach the team.

    Args:
        model: The model; some clauses look at its modalities.
        licence: Its licence; a missing clause is unknown.
        profile: The team's facts; a missing fact is unknown.
        own_servers: Whether the team runs the weights itself.
    """
    clauses = [*_general(licence, profile, own_servers=own_servers), *_outputs(licence, profile)]
    if own_servers:
        clauses += [
            *_ceiling(licence, profile), *_revenue(licence, profile), *_eu(model, licence, profile)
        ]  # fmt: skip
    duties = _duties(licence, profile, own_servers=own_servers)
    if duties:
        clauses.append(("conditional", f"{licence.title} sets {len(duties)} duties"))
    outcome = min((clause[0] for clause in clauses), key=_WORST_FIRST.index)
    return LicenceVerdict(
        outcome=outcome,
        because=tuple(text for found, text in clauses if found == outcome),
        duties=duties if outcome == "conditional" else (),
        citation=licence.source.cite(),
    )


def _general(licence: Licence, profile: Profile, *, own_servers: bool) -> Iterator[Clause]:
    commercial = profile.data.commercial_use
    bars = "; ".join(licence.use_restrictions) or "commercial use is not granted"
    if licence.commercial_use is None:
        yield "unknown", f"nobody has verified the terms of this model ({licence.title})"
    elif not own_servers:
        yield "permitted", "the provider runs it under its own terms"
    elif licence.commercial_use != "no":
        yield "permitted", f"{licence.title} grants commercial use"
    elif commercial is None:
        yield "unknown", f"{bars}; data.commercial_use is not stated"
    elif commercial:
        yield "not_permitted", f"{bars}; the use is commercial"
    else:
        yield "unknown", f"{bars}; ask legal counsel whether this non-commercial use is research"


def _outputs(licence: Licence, profile: Profile) -> Iterator[Clause]:
    trains = _trains_other_models(profile)
    allowed = licence.outputs_may_train_other_models
    if trains is False or allowed is True:
        return
    if trains is None:
        said = "may not" if allowed is False else "perhaps may not"
        field = "domain.trains_other_models_on_outputs"
        yield "unknown", f"outputs {said} train other models; {field} is not stated"
    elif allowed is False:
        yield "not_permitted", "outputs may not train other models, and the team does that"
    else:
        yield "unknown", f"whether outputs may train other models is not known of {licence.title}"


def _trains_other_models(profile: Profile) -> bool | None:
    stated, uses = profile.domain.trains_other_models_on_outputs, profile.data.uses
    if stated or "distill_or_train_other_model" in (uses or ()):
        return True
    return False if stated is False or uses is not None else None


def _ceiling(licence: Licence, profile: Profile) -> Iterator[Clause]:
    users, ceiling = profile.team.monthly_active_users, licence.monthly_user_ceiling
    if ceiling is None:
        return
    limit = f"above {ceiling:,} monthly active users a separate licence is needed"
    if users is None:
        yield "unknown", f"{limit}; team.monthly_active_users is not stated"
    elif users > ceiling:
        yield "not_permitted", f"{limit}; the team has {users:,}"


def _revenue(licence: Licence, profile: Profile) -> Iterator[Clause]:
    revenue, cap = profile.team.annual_revenue_usd, licence.revenue_cap_usd_per_year
    if cap is None:
        return
    limit = f"above USD {cap:,.0f} a year of group revenue there are no rights"
    if revenue is None:
        yield "unknown", f"{limit}; team.annual_revenue_usd is not stated"
    elif revenue > cap:
        yield "not_permitted", f"{limit}; the organisation has {revenue:,.0f}"


def _eu(model: Model, licence: Licence, profile: Profile) -> Iterator[Clause]:
    excluded = licence.excludes_eu_multimodal
    if model.modalities == ("text",) or excluded is False:
        return
    places = profile.data.operating_in
    clause = "multimodal versions are not licensed to those established in the EU"
    if places is not None and not set(places) & set(EU_PLACES):
        return
    if excluded is None:
        yield "unknown", f"whether {clause} is not known of {licence.title}"
    elif places is None:
        yield "unknown", f"{clause}; data.operating_in is not stated"
    elif set(places) <= set(EU_PLACES):
        yield "not_permitted", f"{clause}; the team operates in {', '.join(places)}"
    else:
        where = ", ".join(places)
        yield "unknown", f"{clause}; it operates in {where}: where is its principal place?"


def _duties(licence: Licence, profile: Profile, *, own_servers: bool) -> tuple[str, ...]:
    """Return the duties that bite: those of permissive licences only when weights are passed on."""
    if licence.commercial_use == "conditional" or licence.spdx.startswith("LicenseRef"):
        return (*licence.duties, *licence.use_restrictions)
    passes_on = profile.data.offers_model_to_third_parties is not False
    return licence.duties if passes_on and own_servers else ()
