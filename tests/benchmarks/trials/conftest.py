"""The peers' sides run in environments of their own: nothing to collect here."""

collect_ignore_glob = ["*_side.py"]
