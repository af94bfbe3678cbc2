"""No figure of a register gains because a cell that decides is no value of its column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from registers_handed_in import DAY, DISTRICT, TERM, hand_in_all, registers

from analysis.indicators import Study, catalogue
from analysis.intake import dictionary
from analysis.snapshots import Store

KNOWN = dictionary.read()
CASES = [  # file, column, row (from 1), what stands there instead, what it speaks against
    ("校外培训机构名册", "主管部门", 3, "不详", ["institutions.handed_over", "institutions.conflicts"]),
    ("校外培训机构名册", "主管部门", 3, "区教肓局", ["institutions.handed_over"]),
    ("校外培训机构名册", "机构编号", 2, "M0Z", ["institutions.deposit_shortfall", "institutions.own_account"]),
    ("校外培训机构名册", "类别", 3, "不详", ["institutions.prepaid_within", "institutions.prepaid_beyond"]),
    ("校外培训机构名册", "状态", 3, "", ["institutions.handed_over"]),
    ("风险保证金", "机构编号", 2, "M0Z", ["institutions.deposit_shortfall", "institutions.own_account"]),
    ("风险保证金", "账户", 2, "不详", ["institutions.own_account", "institutions.conflicts"]),
    ("风险保证金", "账户余额", 2, "待核", ["institutions.deposit_shortfall", "institutions.deposit_coverage"]),
    ("双随机检查", "机构编号", 3, "M0Z", ["institutions.rectified", "institutions.rectification_overdue"]),
    ("双随机检查", "检查人员", 2, "不详", ["institutions.conflicts"]),
    ("双随机检查", "结果", 3, "不详", ["institutions.rectified"]),
    ("检查人员", "利害关系机构", 2, "M0Z", ["institutions.conflicts"]),
    ("检查人员", "人员编号", 2, "不详", ["institutions.conflicts"]),
    ("黑白名单", "机构编号", 3, "M0Z", ["institutions.conflicts"]),
    ("停训通知与承诺", "机构编号", 3, "M0Z", ["institutions.notices"]),
    ("预收费合同", "机构编号", 2, "M0Z", ["institutions.prepaid_within", "institutions.prepaid_beyond"]),
    ("预收费合同", "课时", 3, "不详", ["institutions.prepaid_within"]),
    ("课后服务经费", "核定金额", 2, "待核", ["service.funds_paid", "service.funds_on_time"]),
    ("课后服务经费", "学校", 3, "不详", ["service.funds_paid", "service.funds_on_time"]),
    ("任务完成情况", "应完成", 2, "待核", ["supervision.tasks_done"]),
    ("任务完成情况", "任务", 2, "不详", ["supervision.tasks_done"]),
    ("工作专班", "成员单位数", 1, "1", ["supervision.members_listed"]),
    ("督查台账", "整改期限", 3, "不详", ["supervision.overdue", "supervision.closed"]),
    ("监测平台填报", "填报截止", 2, "2026-05-25", ["supervision.returns_on_time"]),
    ("教师减负", "涉及教师数", 2, "待核", ["service.relief_use"]),
]


def _worst(study: Study, id: str) -> tuple[float, bool]:
    """Return the worse end, as a number of which more is better (nothing known is worst), and whether all is known."""
    found, lower = study.measure(id), catalogue.describe(id).direction == "lower"
    if found.bounds is None and (found.unknown or found.value is None):
        return -np.inf, False
    low, high = found.bounds or (found.value, found.value)
    return (-high if lower else low), not found.unknown


def _study(folder: Path, tables: dict[str, list[list[str]]]) -> Study:
    hand_in_all(folder, tables)
    return Study(district=DISTRICT, term=TERM, as_of=DAY, store=Store(folder / "store"))


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return _study(tmp_path_factory.mktemp("registers") / "good", registers())


@pytest.mark.parametrize(("file", "column", "row", "cell", "ids"), CASES)
def test_a_cell_that_is_no_value_improves_no_worse_bound(
    tmp_path: Path, good: Study, file: str, column: str, row: int, cell: str, ids: list[str]
) -> None:
    needed = {name for id in ids for name in (*catalogue.describe(id).tables, *catalogue.describe(id).reported_in)}
    labels = {word for name in needed for word in (KNOWN.table(name).label, *KNOWN.table(name).names)}
    tables = {name: rows for name, rows in registers().items() if name == file or name in labels}
    tables[file][row][tables[file][0].index(column)] = cell
    spoilt = _study(tmp_path / "spoilt", tables)
    for id in ids:
        (before, known), (after, still) = _worst(good, id), _worst(spoilt, id)
        assert known and np.isfinite(before)
        assert after <= before + 1e-12 and not still, id


def test_what_was_granted_in_a_batch_that_is_put_aside_bounds_the_share_paid(tmp_path: Path) -> None:
    """70,000 of 100,000 are paid; of the batch of 50,000 whose payment cannot be read, nothing or all."""
    tables = {"课后服务经费": registers()["课后服务经费"]}
    tables["课后服务经费"][3][5] = "若干"
    paid = _study(tmp_path / "paid", tables).measure("service.funds_paid")
    assert (paid.numerator, paid.denominator, paid.unknown) == (70_000, 100_000, 1)
    assert paid.bounds == pytest.approx((70 / 150, 120 / 150))


@pytest.mark.parametrize("name", ["区教育和体育局", "区教体局"])
def test_a_bureau_of_education_and_more_is_one_of_education(tmp_path: Path, name: str) -> None:
    """Of two non-subject institutions the one stays with it, whatever else the bureau is in charge of."""
    tables = {"校外培训机构名册": registers()["校外培训机构名册"]}
    tables["校外培训机构名册"][3][4] = name
    found = _study(tmp_path / "own", tables).measure("institutions.handed_over")
    assert (found.numerator, found.denominator) == (1, 2)
