"""Judges: models that read answers, how far they can be trusted, and what they said."""
