"""Decide with evidence between commercial LLM APIs, hosted and self-hosted open weights."""

__version__ = "0.1.0"
