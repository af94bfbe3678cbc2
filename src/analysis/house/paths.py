"""Where the project's own files are, and how a TOML file is read."""

from __future__ import annotations

import os
import tomllib
from functools import lru_cache
from pathlib import Path

from analysis.house.content import Json
from analysis.house.errors import UserError

MARK = Path("data") / "reference"


@lru_cache(maxsize=8)
def _find(start: str, told: str | None) -> Path:
    if told:
        home_told = Path(told).expanduser().resolve()
        if not (home_told / MARK).is_dir():
            raise UserError(
                f"环境变量 SHUANGJIAN_HOME 指向“{told}”，其中没有 data/reference 目录；请改为项目所在目录。"
            )
        return home_told
    for folder in (Path(start), *Path(start).parents, *Path(__file__).resolve().parents):
        if (folder / MARK).is_dir() and (folder / "notebooks").is_dir():
            return folder
    raise UserError(
        "找不到项目目录（应含 data/reference 与 notebooks）；请进入项目目录后再运行，或设置 SHUANGJIAN_HOME。"
    )


def home() -> Path:
    """Return the project's folder.

    It is `SHUANGJIAN_HOME` if that is set, else the nearest folder above the working directory (then above this
    file) that holds `data/reference` and `notebooks`.

    Raises
    ------
    UserError
        If there is no such folder.
    """
    return _find(os.getcwd(), os.environ.get("SHUANGJIAN_HOME"))


def path(*parts: str) -> Path:
    """Return a path inside the project's folder: ``path("data", "reference", "rules.toml")``."""
    return home().joinpath(*parts)


def read_toml(file: Path) -> Json:
    """Read a TOML file that people edit; a slip in it is told with file, row and column.

    Raises
    ------
    UserError
        If the file is missing, is not UTF-8, or is not TOML.
    """
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise UserError(f"找不到文件“{file}”；请检查路径，或从备份中恢复该文件。") from None
    except UnicodeDecodeError as slip:
        raise UserError(f"“{file}”不是 UTF-8 编码（第 {slip.start} 字节处）；请另存为 UTF-8 后再试。") from None
    except tomllib.TOMLDecodeError as slip:
        raise UserError(f"“{file}”的写法有误：{slip}；请按该行列改正后再试。") from None
