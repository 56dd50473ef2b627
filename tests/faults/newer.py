"""A version that does not exist yet: what a later release may change while processes of this one serve beside it."""

import shutil
from pathlib import Path

import shopbell
from shopbell.migrations import head

# Not always this checkout's: a fault may have been planted in it.
SOURCE = Path(shopbell.__file__).parents[1]


def passing_over(heard: str, first: str) -> str:
    """What the newer version does with the message that only it knows."""
    return f"if isinstance({heard}, Weather):\n            pass\n        elif isinstance({heard}, {first}):"


UNKNOWN = """
class Weather(msgspec.Struct, frozen=True, array_like=True, tag="weather"):
    sky: str


OfBusiness = News | Fleeting | Presents | Weather
OfAll = SessionsEnded | StaffChanged | Met | Unheard | Weather
"""
SAYING_IT = """            events = list(group)
            for name in (business_id, "all"):
                self._bus.tell(self._subject(name), encode(Weather("clear")))
"""
CHANGES = (
    ("__init__.py", "__version__ = ", "__version__ = '99.0.0' or "),
    (
        "live/told.py",
        "    elsewhere: bytes | None = None\n",
        "    elsewhere: bytes | None = None\n    mood: str = ''\n",
    ),
    ("live/told.py", " elsewhere=elsewhere(", " mood='fine', elsewhere=elsewhere("),
    (
        "live/bus_messages.py",
        "\nOfBusiness = News | Fleeting | Presents\nOfAll = SessionsEnded | StaffChanged | Met | Unheard\n",
        UNKNOWN,
    ),
    ("live/relay.py", "    Unheard,\n", "    Unheard,\n    Weather,\n"),
    ("live/relay.py", "            events = list(group)\n", SAYING_IT),
    ("live/relay.py", "if isinstance(news, News):", passing_over("news", "News")),
    ("live/relay.py", "if isinstance(said, Met):", passing_over("said", "Met")),
)

EXPANDING = """
def upgrade():
    op.create_table("forecasts", sa.Column("id", sa.Text, primary_key=True))
    op.add_column("messages", sa.Column("mood", sa.Text, nullable=False, server_default="calm"))
"""
# As CONTRIBUTING.md has it: alone in its revision, and anew if it was cut off in the middle.
INDEXING = """
def upgrade():
    with op.get_context().autocommit_block():
        op.drop_index("messages_by_mood", if_exists=True, postgresql_concurrently=True)
        op.create_index("messages_by_mood", "messages", ["mood"], postgresql_concurrently=True)
"""
CONTRACTING = """
def upgrade():
    op.drop_table("forecasts")
    leave_behind(op.get_bind(), "{oldest}")
"""


def newer_version(folder: Path) -> Path:
    """A copy of the source with those changes, to be put on the path before the real one; its schema only adds."""
    copy = folder / "newer"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name, old, new in CHANGES:
        file = copy / "shopbell" / name
        text = file.read_text()
        assert text.count(old) == 1, f"{name} does not hold {old!r} once"
        file.write_text(text.replace(old, new))
    add_revision(copy, EXPANDING)
    add_revision(copy, INDEXING)
    return copy


def add_revision(source: Path, body: str) -> str:
    """Write the next revision to that source; its number."""
    versions = source / "shopbell" / "migrations" / "versions"
    before = max(path.name.split("_")[0] for path in versions.glob("[0-9]*.py"))
    number = f"{int(before) + 1:04}"
    (versions / f"{number}_later.py").write_text(
        '"""A later revision."""\n\nimport sqlalchemy as sa\nfrom alembic import op\n\n'
        "from shopbell.migrations import leave_behind\n\n"
        f'revision = "{number}"\ndown_revision = "{before}"\n{body}'
    )
    return number


def contracted_version(newer: Path) -> Path:
    """The newer version, once it takes away what only it used: whoever knows only the present schema starts no more."""
    add_revision(newer, CONTRACTING.format(oldest=f"{int(head()) + 1:04}"))
    return newer
