"""The official layout, measured in the PDF itself: page, text area, characters and lines, faces, page numbers."""

from __future__ import annotations

import itertools
from collections import Counter
from functools import cache
from typing import Any

import pymupdf
import pytest
from rendering.publishing_examples import FULL, letter, report

from analysis.publishing.content import read
from analysis.publishing.pdf_page import pdf

MM = 72 / 25.4


@cache
def document(name: str) -> pymupdf.Document:
    return pymupdf.open("pdf", pdf(read({"letter": letter, "report": report}[name]())))


def lines(page: pymupdf.Page) -> list[dict[str, Any]]:
    """Characters of a page by their line: base line, characters, size and font of the first."""
    found: dict[float, list[dict[str, Any]]] = {}
    for block in page.get_text("rawdict")["blocks"]:
        for line in block.get("lines", []):
            for span in line["spans"]:
                for char in span["chars"]:
                    found.setdefault(round(char["origin"][1], 1), []).append(
                        {**char, "size": span["size"], "font": span["font"]}
                    )
    return [
        {"y": y, "text": "".join(c["c"] for c in sorted(chars, key=lambda c: c["origin"][0])), "chars": chars}
        for y, chars in sorted(found.items())
    ]


def body(page: pymupdf.Page) -> list[dict[str, Any]]:
    """The lines within the text area."""
    return [line for line in lines(page) if 37 * MM < line["y"] < 262 * MM]


@pytest.mark.parametrize("name", ["letter", "report"])
def test_every_page_is_a4(name: str) -> None:
    for page in document(name):
        assert page.rect.width == pytest.approx(210 * MM, abs=0.1)
        assert page.rect.height == pytest.approx(297 * MM, abs=0.1)


def full_page() -> pymupdf.Page:
    return next(page for page in document("letter") if page.number > 0 and body(page)[0]["text"] in FULL)


def test_a_full_page_has_22_lines_of_28_characters() -> None:
    page = full_page()
    assert [len(line["text"]) for line in body(page)] == [28] * 22


def test_text_area_is_156_by_225_mm_with_its_margins() -> None:
    found = body(full_page())
    left = min(char["origin"][0] for line in found for char in line["chars"])
    right = max(char["bbox"][2] for line in found for char in line["chars"])
    top = found[0]["y"] - 0.88 * 16
    assert left == pytest.approx(28 * MM, abs=1 * MM)
    assert top == pytest.approx(37 * MM, abs=1 * MM)
    assert right - left == pytest.approx(156 * MM, abs=1 * MM)
    pitch = {round(after["y"] - before["y"], 2) for before, after in itertools.pairwise(found)}
    assert max(pitch) == pytest.approx(28.95, abs=0.11)
    assert min(pitch) == pytest.approx(28.95, abs=0.11)
    assert 22 * 28.95 <= 225 * MM < 23 * 28.95


def faces(page: pymupdf.Page, text: str) -> tuple[str, float]:
    for line in lines(page):
        if text in line["text"]:
            start = line["text"].index(text)
            chars = sorted(line["chars"], key=lambda c: c["origin"][0])[start : start + len(text)]
            font, count = Counter(char["font"] for char in chars).most_common(1)[0]
            assert count >= len(text) - 1
            return font, round(chars[-1]["size"], 1)
    raise AssertionError(f"{text} is not on page {page.number + 1}")


def role(font: str) -> str:
    """Which role a font plays, by the names of official faces and of substitutes."""
    names = {
        "title": ("SemiBold", "XiaoBiao", "XBS", "STZhongsong"),
        "fang": ("Fang",),
        "kai": ("Kai", "KaiTi"),
        "hei": ("SansCJK", "Hei"),
        "song": ("Serif", "SimSun", "Song"),
    }
    return next(name for name, parts in names.items() if any(part in font for part in parts))


def test_the_title_and_the_levels_have_their_faces_and_sizes() -> None:
    first, last = document("letter")[0], next(p for p in document("letter") if "第一项" in p.get_text())
    assert [role(part) if isinstance(part, str) else part for part in faces(first, "建议的答复")] == ["title", 22]
    expected = {
        "关于作业时长": (first, "hei"),
        "已经做的": (first, "kai"),
        "第一项": (last, "fang"),
        "其中": (last, "fang"),
        "本学期书面作业": (first, "fang"),
    }
    for text, (page, face) in expected.items():
        font, size = faces(page, text)
        assert (role(font), size) == (face, 16), text


def test_levels_are_numbered_officially() -> None:
    text = "".join(page.get_text() for page in document("letter")).replace("\n", "")
    for heading in ("一、关于作业时长", "（一）已经做的", "1.第一项", "（1）其中"):
        assert heading in text


def test_page_numbers_stand_outside_and_the_letter_has_none_on_its_first_page() -> None:
    for name in ("letter", "report"):
        for page in document(name):
            number = page.number + 1
            found = [line for line in lines(page) if line["text"].replace(" ", "") == f"—{number}—"]
            if name == "letter" and number == 1:
                assert found == []
                continue
            assert len(found) == 1
            middle = sum(char["origin"][0] for char in found[0]["chars"]) / len(found[0]["chars"])
            assert (middle > 105 * MM) == (number % 2 == 1)
            assert {round(char["size"], 1) for char in found[0]["chars"]} == {14}
            assert found[0]["y"] > 262 * MM


def test_the_first_page_of_a_letter_has_its_red_head() -> None:
    red = [path for path in document("letter")[0].get_drawings() if path["color"] and path["color"][0] > 0.7]
    assert len(red) == 4
    assert {round(path["rect"].width / MM) for path in red} == {170}
    assert max(path["rect"].y0 for path in red) == pytest.approx((297 - 20) * MM, abs=1 * MM)
    assert not [p for p in document("letter")[1].get_drawings() if p["color"] and p["color"][0] > 0.7]


def test_date_stands_four_characters_from_the_right_with_the_signature_over_it() -> None:
    page = next(page for page in document("letter") if "2026年7月20日" in page.get_text())
    found = {line["text"]: line for line in lines(page)}
    date, signature = found["2026年7月20日"], found["澄湖区教育局（模拟）"]
    middle = [
        (line["chars"][0]["bbox"][0] + max(c["bbox"][2] for c in line["chars"])) / 2 for line in (date, signature)
    ]
    assert middle[0] == pytest.approx(middle[1], abs=6)
    assert date["y"] - signature["y"] == pytest.approx(28.95, abs=0.2)
    end = max(char["bbox"][2] for line in (date, signature) for char in line["chars"])
    assert (184 * MM - end) / 16 == pytest.approx(3, abs=1.2)


def test_copies_stand_at_the_foot_of_the_last_page_of_the_letter() -> None:
    page = next(page for page in document("letter") if "抄送" in page.get_text())
    last = body(page)[-1]
    assert last["y"] > 245 * MM
    assert faces(page, "抄送")[1] == 14


def test_no_heading_stands_at_the_foot_of_a_page() -> None:
    for page in document("report"):
        found = body(page)
        assert role(found[-1]["chars"][0]["font"]) not in ("title",)
        assert not found[-1]["text"].startswith(("一、", "二、", "三、", "（一）", "（二）", "图", "表"))


@pytest.mark.parametrize("name", ["letter", "report"])
def test_metadata_outline_and_language(name: str) -> None:
    made = document(name)
    assert made.metadata["title"]
    assert made.metadata["author"] == "澄湖区教育局（模拟）"
    headings = [entry[1] for entry in made.get_toc()]
    assert any(heading.startswith("一、") for heading in headings)
    assert made.xref_get_key(made.pdf_catalog(), "Lang")[1].startswith("zh")


@pytest.mark.parametrize("name", ["letter", "report"])
def test_the_simulated_origin_stands_on_every_page(name: str) -> None:
    for page in document(name):
        assert "数据均为模拟生成" in page.get_text().replace("\n", "")
