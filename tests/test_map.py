"""The map for newcomers, docs/developers.md and the first words of each package, and that each thing has one home."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = [path.parent for name in ("bot", "ml") for path in sorted((ROOT / name).rglob("__init__.py"))]


def test_every_file_and_folder_that_the_map_names_is_there() -> None:
    named = re.findall(r"`([\w/]+(?:\.py|\.toml|/))`", (ROOT / "docs" / "developers.md").read_text(encoding="utf-8"))
    assert "ml/recognizer.py" in named
    there = {f"/{path.relative_to(ROOT).as_posix()}" for path in ROOT.glob("*.toml")} | {
        f"/{path.relative_to(ROOT).as_posix()}{'/' * path.is_dir()}"
        for folder in ROOT.iterdir()
        if folder.is_dir() and not folder.name.startswith(".")
        for path in (folder, *folder.rglob("*"))
    }
    assert [name for name in named if not any(path.endswith(f"/{name}") for path in there)] == []


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.relative_to(ROOT).as_posix())
def test_every_package_says_what_it_is_for_and_names_files_of_its_own(package: Path) -> None:
    said = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8")))
    assert said
    assert [name for name in re.findall(r"`(\w+\.py)`", said) if not (package / name).exists()] == []


def own_names(module: ast.Module) -> set[str]:
    """What a module defines; of a package also what it says that it has."""
    named = set[str]()
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            named.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            named.add(node.id)
    for node in module.body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]:
            named.update(ast.literal_eval(node.value))
    return named


def test_every_name_is_imported_from_where_it_lives() -> None:
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(path.read_bytes())
        for name in ("bot", "ml")
        for path in (ROOT / name).rglob("*.py")
    }
    own = {name: own_names(module) for name, module in modules.items()}
    strays = [
        f"{name}: {imported.name} from {node.module}"
        for name, module in modules.items()
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module in own
        for imported in node.names
        if imported.name not in own[node.module] and f"{node.module}.{imported.name}" not in own
    ]
    assert strays == []
