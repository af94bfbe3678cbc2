"""Which font plays each role, where it is got from, and what is said when there is none."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from analysis import cli
from analysis.house import UserError, fonts
from analysis.publishing import font_sources, typefaces


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any font: an empty cache, one empty system folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    system = tmp_path / "system"
    system.mkdir()
    monkeypatch.setattr(fonts, "system_folders", lambda: (system,))
    fonts.forget()
    yield system
    monkeypatch.undo()
    fonts.forget()


def test_every_role_has_a_source_and_a_chain_of_the_others() -> None:
    assert set(fonts.ROLES) == set(font_sources.SOURCES)
    for name, role in fonts.ROLES.items():
        assert set(role.behind) <= set(fonts.ROLES) - {name}


def test_an_official_face_goes_before_the_substitute(bare: Path) -> None:
    fonts.cache().mkdir(parents=True)
    (fonts.cache() / "FandolFang-Regular.otf").touch()
    found = fonts.find("fang")
    assert found is not None
    assert not found.official
    (bare / "SIMFANG.TTF").touch()
    fonts.forget()
    found = fonts.find("fang")
    assert found is not None
    assert (found.official, found.file) == (True, bare / "SIMFANG.TTF")


def test_an_official_hei_needs_no_heavier_one_beside_it(bare: Path) -> None:
    assert set(fonts.missing()) == set(fonts.ROLES)
    (bare / "simhei.ttf").touch()
    fonts.forget()
    assert set(fonts.missing()) == set(fonts.ROLES) - {"hei", "bold"}


def test_without_any_source_the_command_names_what_to_install(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(bare))
    assert cli.main(["fonts", "--get"]) == 1
    told = capsys.readouterr()
    assert "仿宋：缺" in told.out
    for word in ("fonts-noto-cjk", "fonts-lxgw-wenkai", "方正小标宋"):
        assert word in told.err
    assert told.err.count("\n") == 1


def test_rendering_without_fonts_says_how_to_get_them(bare: Path) -> None:
    with pytest.raises(UserError, match="shuangjian fonts --get"):
        font_sources.require()


def test_a_font_of_the_system_is_used_before_anything_is_fetched(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare / "LXGWWenKai-Regular.ttf").write_bytes(b"a font")
    monkeypatch.setenv("PATH", str(bare))
    assert font_sources.get(["kai"]) == ()
    found = fonts.find("kai")
    assert found is not None
    assert found.file.read_bytes() == b"a font"
    assert found.file.parent == fonts.cache()


def test_npm_is_asked_where_there_is_no_debian(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package client of the test's own stands where npm would, and packs what npm would."""
    source = font_sources.SOURCES["song"]
    packed = bare / "packed.tgz"
    with tarfile.open(packed, "w:gz") as archive:
        member = tarfile.TarInfo(f"package/400Regular/{source.npm_file}")
        member.size = 6
        archive.addfile(member, io.BytesIO(b"a face"))
    npm = bare / "npm"
    npm.write_text(f'#!/bin/sh\n[ "$1 $2 $3" = "pack --silent {source.npm}" ] && cp {packed} ./noto.tgz\n')
    npm.chmod(0o755)
    gzip = next(Path(folder) for folder in ("/bin", "/usr/bin") if (Path(folder) / "gzip").exists())
    for name in ("gzip", "cp", "sh"):
        (bare / name).symlink_to(gzip / name)
    monkeypatch.setenv("PATH", str(bare))
    told: list[str] = []
    assert font_sources.get(["song"], told.append) == ()
    assert told == [f"从 npm 软件包 {source.npm} 取字体"]
    assert (fonts.cache() / fonts.ROLES["song"].substitute).read_bytes() == b"a face"


def test_nothing_is_done_when_all_fonts_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    if fonts.missing():
        pytest.skip("fonts are not installed: run shuangjian fonts --get")
    assert cli.main(["fonts", "--get"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(fonts.ROLES)
    assert not [line for line in lines if line.startswith("从")]


def test_rare_characters_of_names_are_found_behind_the_first_face() -> None:
    assert typefaces.lacking("fang", "喆堃昇珺玥㛃𬱖") in ([], ["𬱖"], ["㛃", "𬱖"])
    assert typefaces.lacking("fang", "喆堃昇珺玥〔〕　\n") == []
    assert typefaces.lacking("fang", "甲🙂🙂") == ["🙂"]
