"""Clients: live calls through litellm or without it, recorded ones from a file."""

from playbook.trials.clients.lean_client import LeanClient
from playbook.trials.clients.litellm_client import LitellmClient
from playbook.trials.clients.replay import RecordingClient, ReplayClient

__all__ = ["LeanClient", "LitellmClient", "RecordingClient", "ReplayClient"]
