"""What the dashboard finds by time: openings, closures, ratings, joins and leaves of one business."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def partial(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    # Each holds a few rows of its table only, so that what is written all day long pays nothing for them.
    op.create_index(
        "ticket_history_openings",
        "ticket_history",
        ["business_id", "at"],
        **partial("name IN ('ticket_opened', 'ticket_reopened')"),
    )
    op.create_index("closures_by_time", "ticket_closures", ["business_id", "closed_at"])
    rated = partial("rated_at IS NOT NULL")
    op.create_index("ratings_by_time", "ticket_closures", ["business_id", "rated_at"], **rated)
    op.create_index(
        "event_log_of_loop",
        "event_log",
        ["business_id", "at"],
        **partial("name IN ('member_joined', 'member_left')"),
    )
