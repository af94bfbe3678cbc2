import pytest

from analysis.text.digits import typed_numbers


@pytest.mark.parametrize(
    "text",
    [
        "超出973个班级日",
        "共７所学校",
        "满意率为９４%",
        "有三所学校未报",
        "不超过六十分钟",
        "百分之九十四",
        "列第三名",
        "第①项",
        "Ⅲ类",
        "约½",
        "五天都参加",
        "二十三个部门",
        "两份方案",
        "提高三个百分点",
    ],
)
def test_a_typed_number_is_found(text):
    assert typed_numbers(text)


@pytest.mark.parametrize(
    "text",
    [
        "三年级周三最重",
        "“双减”与“五育”并举",
        "一校两案",
        "一、二年级不布置书面作业",
        "下一步将逐校核查",
        "一律公示，一次性收费",
        "全部学校均已报送",
        "人大代表",
        "自周一起执行，星期三天气好，一起推进",
        "第一小学与第二初级中学",
        "万元以下的部分",
    ],
)
def test_names_that_contain_numerals_are_no_numbers(text):
    assert typed_numbers(text) == []


def test_the_numbers_come_in_their_order_and_whole():
    assert typed_numbers("2026年有三所，共1,234.5万元") == ["2026", "三所", "1,234.5"]
