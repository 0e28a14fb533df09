"""A notebook in a real kernel that calls litellm directly with the library's client."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

from playbook.batch.engine import execute
from playbook.trials.audit import AUDIT_LOG, read_audit, verify_audit
from tests.batch.project import write_notebook
from tests.trials.leaks.conftest import FORBIDDEN, nothing_reached

OPEN = """
from pathlib import Path
import litellm
from playbook.profile.endpoints import Endpoint
from playbook.trials.audit import AuditLog
from playbook.trials.client import Message, Request
from playbook.trials.connecting import opened
endpoint = Endpoint(id="place", litellm_model="hosted_vllm/m", api_base=base + "/v1")
opening = opened([endpoint], AuditLog(Path(folder) / "audit.jsonl"))
client = opening.__enter__().client
line = client._line(endpoint, client._target(endpoint))[1]
asked = dict(
    model="hosted_vllm/m", api_base=base + "/v1", api_key="k", client=line,
    messages=[{"role": "user", "content": prompt}],
)
outcomes = []
def note(error): outcomes.append(type(error).__name__)
"""
CALLS = (
    "await client.ask(endpoint, Request([Message('user', prompt)], 5), deadline_s=10)",
    "await litellm.acompletion(**asked)",
    "[one async for one in await litellm.acompletion(stream=True, **asked)]",
    "litellm.completion(**asked)",
    "await litellm.acompletion(fallbacks=[{'model': 'hosted_vllm/n'}], **asked)",
)
CLOSE = "import json\nPath(folder, 'outcomes.json').write_text(json.dumps(outcomes))"


def test_a_notebook_that_goes_past_the_gate_sends_nothing_and_is_logged(
    tmp_path: Path, outside: SimpleNamespace
) -> None:
    calls = [f"try:\n    {call}\nexcept Exception as error:\n    note(error)" for call in CALLS]
    cells: list[tuple[str, list[str]]] = [("base = folder = prompt = ''", ["parameters"])]
    (tmp_path / "notebooks").mkdir()
    write_notebook(tmp_path, "past.ipynb", [*cells, *((one, []) for one in [OPEN, *calls, CLOSE])])
    values = {"base": outside.base, "folder": str(tmp_path), "prompt": FORBIDDEN}

    execute(
        tmp_path / "notebooks" / "past.ipynb",
        tmp_path / "executed.ipynb",
        values,
        on_cell=lambda *_: None,
    )

    assert len(json.loads((tmp_path / "outcomes.json").read_text())) == len(CALLS)
    assert nothing_reached(outside)
    assert verify_audit(tmp_path / AUDIT_LOG).intact
    lines = [line.entry for line in read_audit(tmp_path / AUDIT_LOG)]
    assert {(one.event, one.address) for one in lines} == {("blocked", outside.host_port)}
    assert len(lines) >= len(CALLS)
    assert FORBIDDEN not in (tmp_path / AUDIT_LOG).read_text()
