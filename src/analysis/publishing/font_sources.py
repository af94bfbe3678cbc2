"""Getting the open substitutes: from this system's own files, Debian's packages, or npm; always into the user's cache.

Each source is a package asked for by name with its ordinary client; without root nothing else is touched. A font
collection is taken apart, so that each file holds one simplified-Chinese face that Typst and matplotlib both read.
"""

from __future__ import annotations

import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont

from analysis.house import UserError, atomic_path
from analysis.house import fonts as house_fonts


@dataclass(frozen=True, slots=True)
class Source:
    """Where a substitute comes from: the file in a Debian package, and the file in an npm package (``""``: none)."""

    deb: str
    deb_file: str
    npm: str = ""
    npm_file: str = ""


SERIF, SANS = "@expo-google-fonts/noto-serif-sc", "@expo-google-fonts/noto-sans-sc"
SOURCES = {
    "fang": Source("texlive-lang-chinese", "FandolFang-Regular.otf"),
    "song": Source("fonts-noto-cjk", "NotoSerifCJK-Regular.ttc", SERIF, "NotoSerifSC_400Regular.ttf"),
    "kai": Source(
        "fonts-lxgw-wenkai", "LXGWWenKai-Regular.ttf", "@fontsource/lxgw-wenkai", "lxgw-wenkai-latin-500-normal.woff2"
    ),
    "hei": Source("fonts-noto-cjk", "NotoSansCJK-Regular.ttc", SANS, "NotoSansSC_400Regular.ttf"),
    "bold": Source("fonts-noto-cjk", "NotoSansCJK-Bold.ttc", SANS, "NotoSansSC_700Bold.ttf"),
    "title": Source("fonts-noto-cjk-extra", "NotoSerifCJK-SemiBold.ttc", SERIF, "NotoSerifSC_600SemiBold.ttf"),
}
LASTING = 900
# Seconds that one package client may take.


def get(roles: Iterable[str], tell: Callable[[str], None] = lambda line: None) -> tuple[str, ...]:
    """Put the substitutes of some roles into the cache; return the roles that no source could supply.

    Parameters
    ----------
    roles
        Names of `analysis.house.fonts.ROLES`; those already in the cache are left alone.
    tell
        Called with one Chinese line for each thing begun.
    """
    wanted = [role for role in roles if not _target(role).is_file()]
    for supply in (_from_system, _from_debian, _from_npm):
        if wanted:
            supply(wanted, tell)
            wanted = [role for role in wanted if not _target(role).is_file()]
    house_fonts.forget()
    return tuple(wanted)


def require() -> None:
    """Make sure that every role is played.

    Raises
    ------
    UserError
        If one is not, with what to do.
    """
    lacking = house_fonts.missing()
    if lacking:
        names = "、".join(house_fonts.ROLES[role].label for role in lacking)
        raise UserError(f"缺少字体：{names}；请运行 shuangjian fonts --get 补齐后再试。")


def _target(role: str) -> Path:
    return house_fonts.cache() / house_fonts.ROLES[role].substitute


def _keep(role: str, file: Path) -> None:
    """Write a font file, or the simplified-Chinese face of a collection, as the role's substitute."""
    with atomic_path(_target(role)) as draft:
        if file.suffix.lower() == ".ttc":
            faces = TTCollection(str(file), lazy=True).fonts
            chosen = [face for face in faces if " SC" in str(face["name"].getDebugName(1))]
            _proper(chosen[0] if chosen else faces[0]).save(draft, reorderTables=False)
        elif file.suffix.lower() == ".woff2":
            font = TTFont(str(file))
            font.flavor = None
            font.save(draft)
        else:
            shutil.copyfile(file, draft)


def _proper(face: TTFont) -> TTFont:
    face.recalcTimestamp = False
    return face


def _from_system(roles: Iterable[str], tell: Callable[[str], None]) -> None:
    for role in roles:
        file = house_fonts.installed().get(SOURCES[role].deb_file.lower())
        if file is not None:
            tell(f"取用系统已装的 {file.name}")
            _keep(role, file)


def _from_debian(roles: Iterable[str], tell: Callable[[str], None]) -> None:
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return
    wanted = list(roles)
    for package in dict.fromkeys(SOURCES[role].deb for role in wanted):
        with tempfile.TemporaryDirectory(prefix="shuangjian-fonts-") as name:
            folder = Path(name)
            tell(f"从 Debian 软件包 {package} 取字体")
            if not _download(package, folder):
                continue
            names = {SOURCES[role].deb_file: role for role in wanted if SOURCES[role].deb == package}
            for deb in folder.glob("*.deb"):
                _unpack(["dpkg-deb", "--fsys-tarfile", str(deb)], names)


def _download(package: str, folder: Path) -> bool:
    """Download a Debian package into a folder, first with the system's lists, else with fresh ones of our own."""
    own = [f"Dir::State::lists={folder}/lists", f"Dir::Cache={folder}/cache"]
    private = [word for option in own for word in ("-o", option)]
    download = ["apt-get", "-q", "-q", "-o", "APT::Sandbox::User=", "download", package]
    if _ran(download, folder):
        return True
    for part in ("lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    renewed = _ran(["apt-get", "-q", "-q", "-o", "APT::Sandbox::User=", *private, "update"], folder)
    return renewed and _ran([*download[:1], *private, *download[1:]], folder)


def _from_npm(roles: Iterable[str], tell: Callable[[str], None]) -> None:
    if not shutil.which("npm"):
        return
    wanted = [role for role in roles if SOURCES[role].npm]
    for package in dict.fromkeys(SOURCES[role].npm for role in wanted):
        with tempfile.TemporaryDirectory(prefix="shuangjian-fonts-") as name:
            folder = Path(name)
            tell(f"从 npm 软件包 {package} 取字体")
            if _ran(["npm", "pack", "--silent", package], folder):
                names = {SOURCES[role].npm_file: role for role in wanted if SOURCES[role].npm == package}
                for packed in folder.glob("*.tgz"):
                    _unpack(["gzip", "-dc", str(packed)], names)


def _ran(command: list[str], folder: Path) -> bool:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, stdin=subprocess.DEVNULL, timeout=LASTING)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _unpack(command: list[str], names: dict[str, str]) -> None:
    """Read a tar stream from a command and keep the files whose name a role asks for."""
    with (
        tempfile.TemporaryDirectory(prefix="shuangjian-fonts-") as folder,
        subprocess.Popen(command, stdout=subprocess.PIPE) as process,
        tarfile.open(fileobj=process.stdout, mode="r|") as packed,
    ):
        for member in packed:
            base = Path(member.name).name
            content = packed.extractfile(member) if base in names and member.isfile() else None
            if content is not None:
                file = Path(folder, base)
                with file.open("wb") as copy:
                    shutil.copyfileobj(content, copy)
                _keep(names[base], file)


def advice() -> str:
    """Return the line that tells what to install where no source could be reached."""
    packages = " ".join(dict.fromkeys(source.deb for source in SOURCES.values()))
    return (
        "可请管理员安装：Windows/macOS 装齐仿宋、黑体、楷体、宋体、方正小标宋；"
        f"Debian/Ubuntu 执行 apt-get install {packages}；然后再运行 shuangjian fonts --get。"
    )
