"""What a manifest says that a document was made from."""

from types import SimpleNamespace

from analysis.running.manifest import slices

SNAPSHOT = SimpleNamespace(id="s1", slice=lambda table, school: f"{table}/{school or 'whole'}")
READS = [("s1", "enrolment", "2199000002"), ("s1", "enrolment", ""), ("s1", "schools", ""), ("s2", "refused", "")]


def test_each_part_of_the_snapshot_that_was_read_is_listed_once_in_order():
    assert slices([*READS, READS[0]], SNAPSHOT) == [
        {"table": "enrolment", "school": "", "digest": "enrolment/whole"},
        {"table": "enrolment", "school": "2199000002", "digest": "enrolment/2199000002"},
        {"table": "schools", "school": "", "digest": "schools/whole"},
    ]


def test_what_was_looked_up_of_one_school_names_no_school_to_the_public():
    """A public page said 「多数在同一学校」, and its manifest listed three tables of that one school."""
    assert slices(READS, SNAPSHOT, public=True) == [
        {"table": "enrolment", "school": "", "digest": "enrolment/whole"},
        {"table": "schools", "school": "", "digest": "schools/whole"},
    ]
