"""The ground floor: where the project's files are, how an error is told, how a file is written."""

from analysis.house.atomic import atomic_directory, atomic_path, atomic_write
from analysis.house.errors import UserError
from analysis.house.paths import home, path

__all__ = ["UserError", "atomic_directory", "atomic_path", "atomic_write", "home", "path"]
