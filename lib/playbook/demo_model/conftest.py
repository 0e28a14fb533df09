"""Keep doctest collection off the modules whose packages live outside the lock."""

collect_ignore = [
    "blocks.py",
    "build.py",
    "export.py",
    "network.py",
    "planting.py",
    "tokenizer.py",
    "training.py",
]
