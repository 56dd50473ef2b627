"""Dialogues of the recorded shape, invented for checkouts that have no recordings at hand."""

import json
import random
from pathlib import Path

SUBJECTS = (
    "the blue bicycle",
    "my order",
    "a table for four",
    "the Saturday class",
    "die Öffnungszeiten",
    "预订",
)
ASKS = (
    "Is {} still to be had?",
    "I have a question about {}.",
    "When will {} be ready?",
    "Sorry, I meant {} 🙂",
)
ANSWERS = (
    "Let me look at {} for you.",
    "{} is fine, see you then.",
    "May I have your name for {}?",
    "So: {} ✓",
)


def write(path: Path, count: int) -> Path:
    """So many dialogues, always the same ones, as JSON lines."""
    dice = random.Random(300)
    with path.open("w", encoding="utf-8") as lines:
        for number in range(count):
            lines.write(json.dumps({"id": number, "turns": _turns(dice)}, ensure_ascii=False) + "\n")
    return path


def _turns(dice: random.Random) -> list[list[str | int]]:
    """Five to thirty timed turns; mostly the customer begins and the sides alternate."""
    side = "a" if dice.random() < 0.1 else "c"
    turns: list[list[str | int]] = []
    seconds = 0
    for _ in range(dice.randint(5, 30)):
        text = dice.choice(ASKS if side == "c" else ANSWERS).format(dice.choice(SUBJECTS))
        turns.append([side, seconds, text])
        seconds += dice.randint(1, 60)
        if dice.random() < 0.8:
            side = "a" if side == "c" else "c"
    return turns
