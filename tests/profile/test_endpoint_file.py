"""Endpoints come from a file of their own or from a team's, with the same problems."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbook.errors import ParamsError
from playbook.profile.endpoint_file import load_endpoints

OWN = "  - id: own\n    litellm_model: hosted_vllm/m\n    api_base: http://127.0.0.1:8000/v1\n"


def test_a_file_of_endpoints_alone(tmp_path: Path) -> None:
    path = tmp_path / "endpoints.yaml"
    path.write_text(f"endpoints:\n{OWN}")

    assert [one.id for one in load_endpoints(path)] == ["own"]


def test_of_a_whole_params_file_only_the_endpoints_count(tmp_path: Path) -> None:
    indented = OWN.replace("\n", "\n  ")
    path = tmp_path / "team.yaml"
    path.write_text(f"team:\n  name: acme\ntrials:\n  endpoints:\n  {indented.rstrip()}\n")

    assert [one.id for one in load_endpoints(path)] == ["own"]


def test_all_problems_come_at_once_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "endpoints.yaml"
    path.write_text(
        f"endpoints:\n{OWN}  - id: own\n    litellm_modle: x\n    embedded: demo-base\n"
        "    rpm: -1\nmore: 1\n"
    )

    with pytest.raises(ParamsError) as caught:
        load_endpoints(path)

    told = "\n".join(caught.value.problems)
    assert "more is unknown beside endpoints" in told
    assert "endpoints[1].litellm_modle (line 6) is unknown; did you mean litellm_model?" in told
    assert "endpoints[1].rpm (line 8) is -1, not above 0" in told
    assert "is 'own', as in endpoints[0]; give each its own id" in told
    assert "trials." not in told


@pytest.mark.parametrize("text", ["", "endpoints: []\n", "team:\n  name: acme\n"])
def test_a_file_without_endpoints_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "endpoints.yaml"
    path.write_text(text)

    with pytest.raises(ParamsError, match="names no endpoint"):
        load_endpoints(path)
