"""The rules of the house that can be read from the code: each failure names the file and what to do.

Planted faults seen red: an import of a view from a model, of a higher room, inside a function; a status set from a view;
a commit in a model; a clock read below the views; a file of 251 lines.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracker import paths

PACKAGE = paths.PACKAGE
STAIRS = (
    "activity",
    "organisation",
    "proofs",
    "notices",
    "kpis",
    "initiatives",
    "goals",
    "benefits",
    "milestones",
    "actions",
    "approvals",
    "blockers",
    "files",
    "discussion",
    "feeds",
    "updates",
)
TOP = (
    "audit",
    "boards",
    "importing",
    "exporting",
    "keeping",
    "checking",
    "overview",
    "partners",
    "demo",
)  # only queries, pages and commands: they may read any room
# Files of a room that belong to its upper storey: pages, and what they are made of.
UPPER = (
    "views",
    "forms",
    "pages",
    "command",
    "choices",
    "act_pages",
    "inviting",
    "listing",
    "showing",
    "rendering",
    "arriving",
    "knowing",
)
LONGEST = 250
CLOCKS = {"datetime.now", "date.today", "datetime.utcnow", "time.time"}
NAMELESS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "manager",
    "service",
    "services",
    "common",
    "misc",
}

# What only a verb of its own room may set, and where the verbs of it live.
STATUS = {
    "stage": "initiatives", "sponsor_id": "initiatives", "sponsor_standing": "initiatives", "held_at": "initiatives",
    "stopped_at": "initiatives", "asked_stage": "initiatives", "waiting_on": "blockers",
    "acting_head_id": "organisation", "standing": "organisation", "password_hash": "organisation",
}  # fmt: skip


def sources() -> list[Path]:
    return sorted(file for file in PACKAGE.rglob("*.py") if "_bundle" not in file.parts)


def room_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if len(parts) > 2 or (len(parts) == 2 and parts[1] in (*STAIRS, *TOP)) else None


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every module of ours that a file imports at run time, with the line."""
    hidden = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if (
            isinstance(node, ast.ImportFrom)
            and node.module
            and node.module.split(".")[0] == "tracker"
        ):
            for alias in node.names:
                deeper = PACKAGE.parent / Path(*node.module.split(".")) / f"{alias.name}.py"
                yield (
                    (f"{node.module}.{alias.name}" if deeper.exists() else node.module),
                    node.lineno,
                )
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "tracker":
                    yield alias.name, node.lineno


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"), str(file))


def place(file: Path, line: int) -> str:
    return f"{file.relative_to(PACKAGE.parent)}:{line}"


def is_upper(file: Path) -> bool:
    return file.stem.startswith(UPPER)


def test_rooms_import_downwards_only() -> None:
    wrong = []
    for file in sources():
        parts = file.relative_to(PACKAGE).parts
        if len(parts) < 2 or parts[0] not in STAIRS or is_upper(file):
            continue
        for module, line in imports(parsed(file)):
            other = room_of(module)
            if other in TOP or (other in STAIRS and STAIRS.index(other) > STAIRS.index(parts[0])):
                wrong.append(
                    f"{place(file, line)} imports {module}: let the higher room register what it knows, in rooms.py"
                )
    assert not wrong, "\n".join(wrong)


def test_nobody_imports_views_but_their_own_room_and_the_list_of_rooms() -> None:
    wrong = []
    for file in sources():
        parts = file.relative_to(PACKAGE).parts
        for module, line in imports(parsed(file)):
            if (
                module.split(".")[-1].startswith("views")
                and file.stem != "rooms"
                and room_of(module) != parts[0]
            ):
                wrong.append(f"{place(file, line)} imports {module}: only rooms.py registers pages")
    assert not wrong, "\n".join(wrong)


def test_imports_stand_at_the_top() -> None:
    wrong = []
    for file in sources():
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for module, line in imports(node):
                    wrong.append(
                        f"{place(file, line)} hides the import of {module} in {node.name}(): the staircase is broken"
                    )
    assert not wrong, "\n".join(wrong)


def test_below_the_views_nobody_knows_of_requests() -> None:
    wrong = []
    for file in sources():
        parts = file.relative_to(PACKAGE).parts
        if (
            len(parts) < 2
            or parts[0] not in STAIRS
            or is_upper(file)
            or file.stem in {"queries", "groups", "joining"}
        ):
            continue
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.ImportFrom):
                names = {alias.name for alias in node.names}
                if node.module == "flask" and names & {"request", "session", "g"}:
                    wrong.append(
                        f"{place(file, node.lineno)} reads the request: take by= and now= instead"
                    )
                if node.module == "flask_login" and "current_user" in names:
                    wrong.append(
                        f"{place(file, node.lineno)} asks who is signed in: take by= instead"
                    )
    assert not wrong, "\n".join(wrong)


def test_a_status_is_set_by_verbs_of_its_room_alone() -> None:
    wrong = []
    for file in sources():
        parts = file.relative_to(PACKAGE).parts
        for node in ast.walk(parsed(file)):
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AugAssign)
                else []
            )
            flat = [inner for target in targets for inner in ast.walk(target)]
            wrong += [
                f"{place(file, node.lineno)} sets .{target.attr}: call the verb of {STATUS[target.attr]}"
                for target in flat
                if isinstance(target, ast.Attribute)
                and target.attr in STATUS
                and isinstance(target.ctx, ast.Store)
                and (parts[0] != STATUS[target.attr] or is_upper(file))
            ]
    assert not wrong, "\n".join(wrong)


def test_one_place_commits() -> None:
    allowed = {"db.py", "migrating.py", "verify.py"}
    wrong = []
    for file in sources():
        if file.name in allowed:
            continue
        for node in ast.walk(parsed(file)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "commit"
                and not node.args
            ):
                target = ast.unparse(node.func.value)
                if "session" in target:
                    wrong.append(
                        f"{place(file, node.lineno)} commits: only writing() in db.py does"
                    )
    assert not wrong, "\n".join(wrong)


def test_one_place_reads_the_clock() -> None:
    wrong = []
    for file in sources():
        if file.name in {
            "clock.py",
            "verify.py",
            "cli.py",
        }:  # the last two measure or run without the application
            continue
        wrong += [
            f"{place(file, node.lineno)} reads the clock: ask tracker.clock.now(), or take now="
            for node in ast.walk(parsed(file))
            if isinstance(node, ast.Call) and ast.unparse(node.func) in CLOCKS
        ]
    assert not wrong, "\n".join(wrong)


def test_files_stay_small() -> None:
    long = {
        place(file, 0): n
        for file in sources()
        if (n := len(file.read_text("utf-8").splitlines())) > LONGEST
    }
    assert not long, f"Find the second idea in: {long}"


def test_names_say_what_is_inside() -> None:
    assert not [place(file, 0) for file in sources() if file.stem in NAMELESS]


@pytest.mark.parametrize("file", sources(), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_a_file_says_what_it_is_for(file: Path) -> None:
    assert ast.get_docstring(parsed(file)), (
        f"{place(file, 1)} has no first line that says what it is for"
    )
