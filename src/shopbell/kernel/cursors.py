"""Cursors: where somebody stands in the stream of one business, opaque to whoever holds one.

A cursor is the epoch of the store, the end of the business's id, and an event number: one of another epoch (a
restored copy) or of another business is not taken for a place in this stream.
"""

LONGEST_NUMBER = 18
TAG = 6


def cursor(epoch: str, business_id: str, seq: int) -> str:
    """The cursor after the event with that number."""
    return f"{epoch}{business_id[-TAG:]}-{seq}"


def position(text: str, epoch: str, business_id: str) -> int | None:
    """The event number a cursor stands for; None when it is none of this business in this epoch."""
    start, dash, number = text.partition("-")
    if start != f"{epoch}{business_id[-TAG:]}" or not dash or len(number) > LONGEST_NUMBER:
        return None
    return int(number) if number.isascii() and number.isdigit() else None
