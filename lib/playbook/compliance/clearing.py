"""What may be sent to each endpoint of a profile: unknown counts as not met, default is nothing."""

from __future__ import annotations

from playbook.catalog import Catalog, Option, address_in, address_of
from playbook.clearance import EMBEDDED_ADDRESS, Clearance, EndpointClearance
from playbook.compliance.classes import TeamClass
from playbook.compliance.harms import Harm, Scene, Sight, in_order
from playbook.compliance.subjects import endpoint_subject
from playbook.compliance.verdicts import CasesByClass, at_most, highest_class, stops_by_class
from playbook.profile import Profile
from playbook.profile.endpoints import Endpoint
from playbook.vocabulary import DataClass


def clear_endpoints(
    profile: Profile, catalog: Catalog, cases: CasesByClass, scene: Scene, *, whose: TeamClass
) -> Clearance:
    """Return the clearance of a profile's endpoints.

    Every unknown counts as not met. Only the bundled engine, run by the team inside its own
    network, is judged by what is known: no byte leaves the machine. An endpoint that stands in
    for a third party is treated as the third party that it declares. No more is cleared than the
    class that the team states, even where its types of data imply a higher one: naming a type must
    not open an endpoint.
    """
    named = any(endpoint.option for endpoint in profile.trials.endpoints)
    known = catalog.options(profile.infrastructure.places) if named else ()
    options = {option.id: option for option in known}
    return Clearance(
        endpoints=tuple(
            _clear(
                profile, endpoint, options.get(endpoint.option), catalog, (cases, scene, whose.note)
            )
            for endpoint in profile.trials.endpoints
        ),
        team_class=whose.highest,
        team_types=profile.data.data_types,
    )


def _clear(
    profile: Profile,
    endpoint: Endpoint,
    option: Option | None,
    catalog: Catalog,
    given: tuple[CasesByClass, Scene, str],
) -> EndpointClearance:
    cases, scene, note = given
    wrong = why_not_own(endpoint, catalog)
    addresses = () if wrong else addresses_of(endpoint, catalog)
    bundled = _is_own_engine(endpoint)
    by_class = stops_by_class(Sight(endpoint_subject(endpoint, option, profile), scene), cases)
    highest, stops = highest_class(by_class, unknowns_go_well=bundled)
    stated = profile.data.data_class
    limit = stated or (DataClass.RESTRICTED if bundled else DataClass.PUBLIC)
    capped = at_most(highest, limit) if addresses else None
    is_limit = highest is None or highest.rank < limit.rank
    deciding = stops if addresses and is_limit else ()
    return EndpointClearance(
        endpoint=endpoint.id,
        highest_class=capped,
        allowed_addresses=addresses,
        controls=tuple(harm.case.control.id for harm in in_order(deciding)),
        because=wrong
        or _because(endpoint, addresses, deciding, stated) + (f"; {note}" if note else ""),
    )


def addresses_of(endpoint: Endpoint, catalog: Catalog) -> tuple[str, ...]:
    """Return the `host:port` pairs that calls to an endpoint may go to; none when unknown."""
    if endpoint.embedded is not None:
        return (EMBEDDED_ADDRESS,)
    known = None
    if endpoint.api_base:
        known = address_in(endpoint.api_base)
    elif endpoint.litellm_model:
        known = address_of(catalog.api_hosts, endpoint.litellm_model)
    return (known,) if known else ()


def why_not_own(endpoint: Endpoint, catalog: Catalog) -> str:
    """Return why an endpoint can't be the team's own, as declared; empty where nothing shows it.

    Args:
        endpoint: Endpoint of the profile.
        catalog: Its API hosts are providers' own public addresses.
    """
    own = endpoint.operator == "self" or endpoint.perimeter in ("on_prem", "air_gapped")
    for address in addresses_of(endpoint, catalog) if own else ():
        host = address.rpartition(":")[0].rstrip(".")
        for known in catalog.api_hosts:
            if host == known.host or host.endswith(f".{known.host}"):
                return (
                    f"{host} is the public address of a provider, but operator {endpoint.operator} "
                    f"and perimeter {endpoint.perimeter} are declared; correct both"
                )
    return ""


def _is_own_engine(endpoint: Endpoint) -> bool:
    own = endpoint.operator == "self" and endpoint.perimeter in ("on_prem", "air_gapped")
    return endpoint.embedded is not None and own and not endpoint.stand_in


def _because(
    endpoint: Endpoint,
    addresses: tuple[str, ...],
    deciding: tuple[Harm, ...],
    stated: DataClass | None,
) -> str:
    if not addresses:
        return f"its address is unknown: set trials.endpoints.{endpoint.id}.api_base"
    if deciding:
        return "What stops more: " + "; ".join(harm.line for harm in in_order(deciding))
    if stated is None:
        return "the team's own class is unknown: set data.data_class"
    return f"{stated} is the team's own class (data.data_class)"
