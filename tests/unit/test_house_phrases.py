"""Plain Chinese: what readers stumbled over stands nowhere in the notebooks, the code or the reference data."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BANNED = (
    "这些数字说明不了什么",
    "谁报了，谁没有报",
    "谁作了答，谁没有",
    "截至本次数据",
    "各天中最低的是",
    "九成位数",
    "致超占比",
    "致超学科",
    "收缩后的",
    "控制限",
    "代表性指数",
    "信度系数",
    "核对其班级日",
    "”数据支持",
    "”数据不支持",
    "数据尚不足以说明",
    ".base}为基数",
    "满意率变化",
)
PLACES = [
    *(ROOT / "notebooks").rglob("*.ipynb"),
    *(ROOT / "src").rglob("*.py"),
    *(ROOT / "data" / "reference").rglob("*.toml"),
]


@pytest.mark.parametrize("phrase", BANNED)
def test_a_phrase_that_readers_stumbled_over_is_gone(phrase):
    found = [str(place.relative_to(ROOT)) for place in PLACES if phrase in place.read_text(encoding="utf-8")]
    assert not found, f"“{phrase}”：{'、'.join(found)}"
