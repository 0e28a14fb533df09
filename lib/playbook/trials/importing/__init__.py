"""Import prompt sets that other evaluation tools use; all that stays behind is told."""

from playbook.trials.importing.asserts import MAPPED, NOT_MAPPED
from playbook.trials.importing.drafts import Draft, Imported, Tally
from playbook.trials.importing.importer import FORMATS, import_prompts

__all__ = ["FORMATS", "MAPPED", "NOT_MAPPED", "Draft", "Imported", "Tally", "import_prompts"]
