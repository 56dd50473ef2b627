"""What customers of the benches write: lines of about sixty characters, each with its own order number."""

LINES = (
    "Hello, is my order {} ready to be picked up this afternoon?",
    "Could you change the address of order {} to Mill Lane 14?",
    "Thanks! And do you still have the blue one, see {}, in size 42?",
    "I was told that {} would arrive on Tuesday, but nothing came.",
    "Quick question about {}: does the two-year warranty cover it?",
    "We would be six people instead of four for booking {} 🙂",
    "Do you open before nine? I would collect {} on my way to work.",
    "The café table from {} wobbles a little. Can you take a look?",
    "Please cancel the second item of {} and keep all the others.",
    "Is there a discount if I order {} again for the whole office?",
    "My receipt for {} is missing, could you mail it once more?",
    "Great, then I take {} with the darker wood. When can I pay?",
)


def line(number: int, order: str) -> str:
    return LINES[number % len(LINES)].replace("{}", order)
