"""The team profile: what a team says of itself, read from YAML with all problems at once."""

from playbook.profile.answers import answer_updates
from playbook.profile.endpoints import Endpoint
from playbook.profile.example import example_text, new_params_text
from playbook.profile.fields import LeafField, leaf_fields, leaf_paths
from playbook.profile.layers import catalog_dirs
from playbook.profile.loading import (
    dump_sections,
    load_profile,
    params_dir,
    params_hash,
    profile_from_sections,
)
from playbook.profile.profile import SECTIONS, Profile
from playbook.profile.saving import ChangedElsewhereError, save_profile, value_at

__all__ = [
    "SECTIONS",
    "ChangedElsewhereError",
    "Endpoint",
    "LeafField",
    "Profile",
    "answer_updates",
    "catalog_dirs",
    "dump_sections",
    "example_text",
    "leaf_fields",
    "leaf_paths",
    "load_profile",
    "new_params_text",
    "params_dir",
    "params_hash",
    "profile_from_sections",
    "save_profile",
    "value_at",
]
