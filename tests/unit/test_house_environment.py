"""The project's own files agree: pyproject, environment.yml, lock files, Makefile, glossary, decisions."""

import re
import subprocess
import tomllib

import pytest
from packaging.requirements import Requirement

from analysis.house import path

PROJECT = tomllib.loads(path("pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIREMENTS = {Requirement(line).name: Requirement(line) for line in PROJECT["dependencies"]}
LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-slow.lock")


def _conda_lines():
    listed = path("environment.yml").read_text(encoding="utf-8").split("dependencies:")[1]
    return re.findall(r"^  - ([a-z][\w.=<>-]*)$", listed, re.M)


def test_environment_yml_has_the_same_python():
    assert "python=3.11" in _conda_lines()
    assert PROJECT["requires-python"] == ">=3.11"


def test_environment_yml_asks_for_what_pyproject_asks_for():
    """Conda's own packages carry the bounds of pyproject; everything else comes with the package itself."""
    conda = {
        Requirement(line).name: Requirement(line) for line in _conda_lines() if not line.startswith(("python=", "pip"))
    }
    assert {"jupyterlab", "pandas", "seaborn", "papermill", "nbconvert", "scipy"} <= set(conda)
    assert {name: str(r.specifier) for name, r in conda.items()} == {
        name: str(REQUIREMENTS[name].specifier) for name in conda
    }
    assert re.search(r"- pip:\n\s+- -e \.", path("environment.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_has_exact_versions_with_hashes_and_no_address(lock):
    text = path(lock).read_text(encoding="utf-8")
    assert not re.search(r"https?:|--(extra-)?index-url|--find-links", text)
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text[re.search(r"^[A-Za-z0-9]", text, re.M).start() :])
    for block in blocks:
        requirement = Requirement(block.split("\\")[0].strip())
        assert str(requirement.specifier).startswith("=="), requirement
        assert "--hash=sha256:" in block, requirement


def test_locks_hold_every_declared_requirement_within_its_bounds():
    wanted = list(REQUIREMENTS.values()) + [
        Requirement(line) for extra in PROJECT["optional-dependencies"].values() for line in extra
    ]
    locked = {}
    for line in re.findall(r"^([A-Za-z0-9][^\s\\]*==[^\s\\;]+)", path(LOCKS[2]).read_text(encoding="utf-8"), re.M):
        name, version = line.split("==")
        locked.setdefault(name.lower(), set()).add(version)
    for requirement in wanted:
        assert any(v in requirement.specifier for v in locked[requirement.name.lower()]), requirement


def test_each_dependency_is_named_with_its_reason():
    decision = path("docs", "decisions", "0001-dependencies.md").read_text(encoding="utf-8")
    extras = [Requirement(line).name for extra in PROJECT["optional-dependencies"].values() for line in extra]
    assert [name for name in [*REQUIREMENTS, *extras] if f"| {name} |" not in decision] == []


def test_make_alone_lists_every_public_target():
    shown = subprocess.run(["make", "-s"], cwd=path(), capture_output=True, text=True, check=True).stdout
    listed = set(re.findall(r"make ([a-z-]+)", shown))
    assert {"setup", "report", "test", "test-slow", "lint", "lab", "bench", "clean"} <= listed


def test_glossary_is_a_table_of_four_columns_without_doubles():
    rows = [line for line in path("GLOSSARY.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    assert all(row.count("|") == 5 for row in rows)
    terms = [row.split("|")[1].strip() for row in rows]
    assert sorted(terms) == sorted(set(terms))


def test_no_machine_path_and_no_registry_address_is_committed():
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=path(), capture_output=True, text=True, check=False)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    suspicious = re.compile(rb"(?<![\w.])/(home|root|work)/[a-z]|pypi\.org/simple|registry\.npmjs|deb\.debian\.org")
    found = []
    for name in filter(None, tracked.stdout.split("\0")):
        file = path(name)
        if (
            file.is_file()
            and file.suffix not in {".xlsx", ".xls", ".png", ".parquet"}
            and name != "tests/unit/test_house_environment.py"
        ):
            found += [f"{name}: {hit.group().decode()}" for hit in suspicious.finditer(file.read_bytes())]
    assert found == []
