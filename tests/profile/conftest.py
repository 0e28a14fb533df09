"""A params folder of its own for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbook.errors import ParamsError
from playbook.profile import Profile, load_profile

ORG = """\
defaults:
  data:
    stance_on_chinese_origin_weights: condition
  infrastructure:
    staff_usd_per_year: 150_000
    lead_times:
      frontier_api: {low: 1, likely: 2, high: 3}
locked:
  - data.stance_on_chinese_origin_weights
"""


class Params:
    """A folder `params` with an organisation's file, prompt sets and one team."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.team = folder / "teams" / "acme.yaml"
        self.team.parent.mkdir(parents=True)
        (folder / "prompts").mkdir()
        (folder / "prompts" / "demo_support.jsonl").touch()
        self.write_org(ORG)

    def write_org(self, text: str) -> None:
        """Write the organisation's file."""
        (self.folder / "org.yaml").write_text(text, encoding="utf-8")

    def load(self, text: str) -> Profile:
        """Return the profile of a team's file with this text."""
        self.team.write_text(text, encoding="utf-8")
        return load_profile(self.team)

    def problems(self, text: str | bytes) -> tuple[str, ...]:
        """Return the problems of a team's file, after seeing that nothing else was written."""
        self.team.write_bytes(text if isinstance(text, bytes) else text.encode())
        before = sorted(self.folder.rglob("*"))
        with pytest.raises(ParamsError) as caught:
            load_profile(self.team)
        assert sorted(self.folder.rglob("*")) == before
        assert caught.value.what == "params/teams/acme.yaml"
        return caught.value.problems


@pytest.fixture
def params(tmp_path: Path) -> Params:
    return Params(tmp_path / "params")
