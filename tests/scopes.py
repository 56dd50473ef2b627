"""What a test may look at that looks at everything."""

from shopbell.kernel.desk import Desk
from shopbell.kernel.scope import HOUSE, Scope


async def everything(desk: Desk) -> Scope:
    """All that belongs to any business, and to the house."""
    heads = await desk.read_for(HOUSE, lambda read: read.rows("SELECT business_id FROM event_heads"))
    return Scope([row[0] for row in heads], house=True)
