"""Changes of answers as the leaves of a params file."""

from __future__ import annotations

from collections.abc import Mapping

from playbook.profile.sections import Answer


def answer_updates(before: Mapping[str, Answer], after: Mapping[str, Answer]) -> dict[str, object]:
    """Return the changed leaves by path, for `save_profile`.

    A new answer is one leaf without its empty fields; of an answer that was there only what
    differs is a leaf.

    Example:
        >>> met = Answer(answer="met", owner="DPO")
        >>> answer_updates({}, {"GDPR-01": met})
        {'data.answers.GDPR-01': {'answer': 'met', 'owner': 'DPO'}}
        >>> answer_updates({"GDPR-01": met}, {"GDPR-01": met.changed(owner="CISO")})
        {'data.answers.GDPR-01.owner': 'CISO'}
    """
    updates: dict[str, object] = {}
    for control, now in after.items():
        then, path = before.get(control), f"data.answers.{control}"
        plain = now.model_dump(mode="json")
        if then is None:
            rest = now.model_dump(mode="json", exclude_defaults=True)
            updates[path] = {"answer": plain["answer"], **rest}
            continue
        old = then.model_dump(mode="json")
        updates |= {f"{path}.{name}": one for name, one in plain.items() if one != old[name]}
    return updates
