"""Annexes: everything that is told of a text, word for word, on both sides of each limit."""

from __future__ import annotations

import pytest
from letters_helpers import told

from analysis.letters.checks import annexes

CASES = [
    ('参与率见附表。', [(1, 'warning', '参与率见附表。', '写了“见附表”，文稿中没有任何表格或附表；请附上，或把数字写在正文中。')]),
    ('根据上级部署和本区实际情况有关科室对台账作了梳理和核对；参与率详见附表；以上情况已由有关科室会同各镇街逐条比对并在门户网站上公开。', [(1, 'warning', '…本区实际情况有关科室对台账作了梳理和核对；参与率详见附表；以上情况已由有关科室会同各镇街逐条比对并在门户…', '写了“详见附表”，文稿中没有任何表格或附表；请附上，或把数字写在正文中。')]),
    ('参与率见附表。\n附表 参与率', []),
    ('参与率见表1。\n表1：参与率', []),
    ('参与率见表 2，合格率见下表。', [(1, 'warning', '参与率见表 2，合格率见下表。', '写了“见表 2”，文稿中没有任何表格或附表；请附上，或把数字写在正文中。'), (1, 'warning', '参与率见表 2，合格率见下表。', '写了“见下表”，文稿中没有任何表格或附表；请附上，或把数字写在正文中。')]),
    ('参与率见附表。\n附件：名单', []),
    ('情况如下。\n参与率列于文后附表。', [(2, 'warning', '参与率列于文后附表。', '写了“列于文后附表”，文稿中没有任何表格或附表；请附上，或把数字写在正文中。')]),
    ('见附件。', []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_what_is_told_of_a_text(text, expected):
    assert told(annexes, text) == expected
