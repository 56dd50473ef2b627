"""The shape of the source: who may import whom, how long a file may grow, what may stand in it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "shopbell"

# A feature knows those above it, never those below.
FEATURES = (
    "signin",
    "businesses",
    "staff",
    "loop",
    "conversations",
    "tickets",
    "automation",
    "offers",
    "blasts",
    "account",
    "dashboard",
    "channels",
    "live",
)
# The pages stand below all features and above nothing but what composes them.
PAGES = "web"
# Free to know every feature: what composes and starts them, and what fills or migrates their tables.
COMPOSING = ("__main__", "app", "chores", "cli", "demo", "migrations", "reactions", "serving")
# On their own: the kernel stands below all of it, and a replay sees a server only from outside.
ALONE = ("__init__", "kernel", "replay", "settings")

# What a plain `import shopbell` gives.
EVERYTHING = "shopbell"

MAY_IMPORT: dict[str, set[str]] = {
    **{part: {part} for part in ALONE},
    **{part: {*FEATURES, *COMPOSING, *ALONE, PAGES, "health", EVERYTHING} for part in COMPOSING},
    **{part: {"kernel", *FEATURES[: place + 1]} for place, part in enumerate(FEATURES)},
    "health": {"health", "kernel", "live", "settings"},
    PAGES: {PAGES, "kernel", "settings", *FEATURES},
}

LONGEST_FILE_LINES = 400
LONGEST_SCRIPT_LINES = 300

# Folders of this checkout that hold no work of ours.
MADE = {".git", "bundle", ".hypothesis", ".schemathesis", ".venv", "data", "dist", "__pycache__"}
UNWANTED = re.compile(
    r"""
    /wor[k]/ | /roo[t]/ | /tm[p]/brief                          # where somebody happened to work
    | pypi[.]org | pythonhosted[.]org | registry[.]npmjs | npmjs[.]com | deb[.]debian | crates[.]io
    """,
    re.VERBOSE,
)


def test_every_part_of_the_package_has_its_place() -> None:
    parts = {entry.stem for entry in SOURCE.iterdir() if entry.is_dir() or entry.suffix == ".py"}
    assert parts - MADE <= MAY_IMPORT.keys()


def test_parts_import_only_what_stands_above_them() -> None:
    wrong = [
        f"{file.relative_to(ROOT)} imports {part}"
        for file in SOURCE.rglob("*.py")
        for part in forbidden_imports(file.relative_to(SOURCE), file.read_text())
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("conversations/store.py", "from shopbell.tickets import commands"),
        ("conversations/store.py", "from shopbell import tickets"),
        ("conversations/store.py", "import shopbell.tickets.rules as r"),
        ("conversations/store.py", "from ..tickets.rules import close"),
        ("conversations/store.py", "from .. import tickets"),
        ("conversations/store.py", "def late():\n    from shopbell.app import build"),
        ("kernel/writer.py", "from shopbell.signin import rules"),
        ("kernel/writer.py", "from shopbell import settings"),
        ("replay/lane.py", "from shopbell.kernel import ids"),
        ("tickets/rules.py", "import shopbell"),
        ("live/hub.py", "from shopbell.web import pages"),
        ("web/pages.py", "from shopbell.app import build"),
    ],
)
def test_an_import_from_below_is_seen_in_every_form(file: str, source: str) -> None:
    assert len(list(forbidden_imports(Path(file), source))) == 1


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("tickets/commands.py", "from shopbell.conversations import commands"),
        ("tickets/commands.py", "from ..kernel.errors import Conflict"),
        ("tickets/commands.py", "from . import rules, store"),
        ("tickets/commands.py", "from .rules import close"),
        ("tickets/__init__.py", "from .rules import close"),
        ("tickets/commands.py", "import msgspec.json"),
        ("replay/lane.py", "from shopbell import __version__"),
        ("app.py", "from shopbell.live import routes"),
        ("app.py", "from shopbell import web"),
        ("web/shells.py", "from shopbell.staff.door import Door"),
        ("cli.py", "import shopbell"),
    ],
)
def test_an_import_from_above_is_allowed_in_every_form(file: str, source: str) -> None:
    assert list(forbidden_imports(Path(file), source)) == []


def test_no_source_file_outgrows_its_reader() -> None:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in SOURCE.rglob("*.py")}
    assert {file: lines for file, lines in lengths.items() if lines > LONGEST_FILE_LINES} == {}


def test_no_script_of_the_pages_outgrows_its_reader() -> None:
    ours = [file for file in SOURCE.rglob("*.ts") if "generated" not in file.parts]
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in ours}
    assert {file: lines for file, lines in lengths.items() if lines > LONGEST_SCRIPT_LINES} == {}


def test_no_file_names_somebodys_machine_or_a_registry() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{number} {found[0]}"
        for file in _files_of_ours(ROOT)
        for number, line in enumerate(file.read_text(errors="ignore").splitlines(), 1)
        if (found := UNWANTED.search(line))
    ]
    assert wrong == []


def forbidden_imports(file: Path, source: str) -> Iterator[str]:
    """Parts of shopbell that `file`, a path below src/shopbell, imports and may not know."""
    part = file.parts[0].removesuffix(".py")
    package = ("shopbell", *file.parts[:-1])
    for node in ast.walk(ast.parse(source)):
        for path in _imported_paths(node, package):
            known = path[1] if len(path) > 1 else EVERYTHING
            if path[0] == "shopbell" and known != "__version__" and known not in MAY_IMPORT[part]:
                yield known


def _imported_paths(node: ast.AST, package: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Each name that an import statement in a module of `package` asks for, from the root down."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield tuple(alias.name.split("."))
    elif isinstance(node, ast.ImportFrom):
        start = package[: len(package) - node.level + 1] if node.level else ()
        for alias in node.names:
            yield (*start, *(node.module.split(".") if node.module else ()), alias.name)


def _files_of_ours(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name not in MADE and not entry.name.endswith("_cache"):
            yield from _files_of_ours(entry)
        elif entry.is_file():
            yield entry
