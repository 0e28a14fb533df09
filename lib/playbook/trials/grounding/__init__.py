"""What an answer says, by its letters: sentences, quantities, names, quotes, negations."""
