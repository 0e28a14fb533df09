"""The rules of the scan, strongest first, and the label that each implies.

The classes are the house's own rule, not a law's: what identifies, pays, opens or treats (official
and account numbers, health numbers, secrets) is restricted, for it harms by itself and can't be
taken back; what merely reaches or describes a person (e-mail, telephone, IP address, birth date,
provider number) is confidential.
"""

from __future__ import annotations

from functools import cache

from playbook.trials.scanning.contact import CONTACT_RULES
from playbook.trials.scanning.credentials import CREDENTIAL_RULES
from playbook.trials.scanning.health import HEALTH_RULES
from playbook.trials.scanning.identity import IDENTITY_RULES
from playbook.trials.scanning.payment import PAYMENT_RULES
from playbook.trials.scanning.rule import Rule
from playbook.trials.scanning.tokens import TOKEN_RULES

RULES: tuple[Rule, ...] = (
    *TOKEN_RULES,
    *CREDENTIAL_RULES,
    *PAYMENT_RULES,
    *IDENTITY_RULES,
    *HEALTH_RULES,
    *CONTACT_RULES,
)


@cache
def rules_by_id() -> dict[str, Rule]:
    """Return the rules by their id."""
    return {one.id: one for one in RULES}
