"""Clients: live calls through litellm, recorded ones from a file."""

from playbook.trials.clients.litellm_client import LitellmClient
from playbook.trials.clients.replay import RecordingClient, ReplayClient

__all__ = ["LitellmClient", "RecordingClient", "ReplayClient"]
