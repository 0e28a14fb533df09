"""Under test the notebooks hold for one fixed day and write to a folder of their own."""

import os
import tempfile

os.environ["PLAYBOOK_AS_OF"] = "2026-11-23"  # stored headlines must not turn red with age
os.environ["PLAYBOOK_REPORTS"] = tempfile.mkdtemp(prefix="playbook-notebooks-")
