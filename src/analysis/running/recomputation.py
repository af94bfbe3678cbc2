"""The figures of a manifest computed again from the snapshot, each from its identity alone.

A notebook that runs again repeats what is written in it, a forged figure too. Here no line of the notebook runs: the
engine is asked for the indicator in the scope, group and window that an entry names, and what it says is held against
the entry. What it cannot compute is no figure.

An identity does not tell how a document asked: by group or narrowed to one, of the school or of the district's groups.
Each way is tried until one gives the entry; nor how its readers may see it (`analysis.disclosure`), so each form is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import Any

from analysis.disclosure import UNNAMED_DIMENSION, forms, threshold
from analysis.house import UserError
from analysis.house.content import Json
from analysis.indicators.assembly import tables_read
from analysis.indicators.catalogue import entries
from analysis.indicators.comparison import compared
from analysis.indicators.concentration import concentration, of_groups
from analysis.indicators.own import recomputed as own_recomputed
from analysis.indicators.provenance import DERIVED
from analysis.indicators.statistic import OWN, Scope, Statistic, Where
from analysis.indicators.study import Study
from analysis.presentation.causes import unnamed_rest
from analysis.presentation.follow_up import owed_count, owing_count, refused_counts
from analysis.presentation.judged_groups import margin_of, missing_of
from analysis.presentation.limits import limit
from analysis.presentation.peers import PEERS
from analysis.presentation.references import CLAIMS, base_of, count_of
from analysis.presentation.reporting import reported
from analysis.presentation.verdicts import judged
from analysis.running.comparing import Compared, told_place, written

Entry = Json
UNKNOWABLE = "按它的指标、范围与分组，引擎算不出这个数"


def recomputed(parameters: Json, engine: str, items: Iterable[Entry]) -> Compared:
    """Compute the figures of a document again.

    Parameters
    ----------
    parameters
        The document's: snapshot, district, school, term, as_of, audience.
    engine
        What counted them.
    items
        Entries of its manifest.

    Returns
    -------
    list of pairs
        For each entry ``identical``, ``rounding`` (the same as printed) or ``differs``, and the finding (empty where identical).
    """
    told = {name: str(parameters.get(name, "")) for name in ("snapshot", "district", "school", "term", "as_of")}
    document = Document(told["snapshot"], told["district"], told["school"], told["term"], told["as_of"], engine)
    audience = str(parameters.get("audience", "internal"))
    return [_held(document, audience, item) for item in items]


def _held(document: Document, audience: str, item: Entry) -> tuple[str, dict[str, str]]:
    nearest: Entry | None = None
    near = ""
    for one in document.ways(item):
        for shown in forms(one, audience, document.school, threshold()):
            kind = same(_unnumbered(item), _unnumbered(shown.as_dict()))
            if kind == "identical":
                return kind, {}
            if kind == "rounding" or nearest is None:
                nearest, near = shown.as_dict(), kind
    told = UNKNOWABLE if nearest is None else written(nearest)
    finding = {"kind": near or "differs", "place": told_place(item)}
    return near or "differs", finding | {"packet": written(item), "again": told}


def same(then: Entry, now: Entry) -> str:
    """Tell whether two accounts of a figure are identical, the same in print and nearly in value, or differ."""
    if then == now:
        return "identical"
    apart = ("estimate", "numerator", "denominator", "bounds")
    if any(then.get(name) != now.get(name) for name in {*then, *now} if name not in apart):
        return "differs"
    pairs = [(then.get(name), now.get(name)) for name in apart[1:]]
    pairs += [(then["estimate"].get(name), now["estimate"].get(name)) for name in {*then["estimate"], *now["estimate"]}]
    return "rounding" if all(_near(one, other) for one, other in pairs) else "differs"


def _near(one: object, other: object) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_near, one, other))
    if isinstance(one, float) and isinstance(other, int | float):
        return abs(one - other) <= 1e-6 * max(1.0, abs(one))
    return bool(one == other)


def _unnumbered(item: Entry) -> Entry:
    """Return an entry without the number that tells unnamed schools of a page apart: it says nothing of the figure."""
    plain: Entry = json.loads(json.dumps(item, ensure_ascii=False))
    if UNNAMED_DIMENSION in plain["scope"]["group"]:
        plain["scope"]["group"][UNNAMED_DIMENSION] = 0
    return plain


@lru_cache(maxsize=16)
def _study(snapshot: str, district: str, term: str, as_of: str, engine: str) -> Study:
    """Return the study of a district; what it measured serves the next document too."""
    return Study(snapshot, district=district, term=term, as_of=as_of, engine=engine or None)


class Document:
    """What a document looks at, and how the engine is asked for a figure of it."""

    def __init__(self, snapshot: str, district: str, school: str, term: str, as_of: str, engine: str) -> None:
        self.snapshot, self.district, self.school, self.as_of = snapshot, district, school, as_of
        self.term, self.engine = term, engine
        self._counts: dict[object, list[Statistic]] = {}  # of the registers of letters

    def study(self, scope: Where) -> Study:
        """Return the district's study of the term that a figure speaks of."""
        return _study(self.snapshot, scope["district"], scope["term"] or self.term, self.as_of, self.engine)

    def ways(self, item: Entry) -> Iterator[Statistic]:
        """Give the figures that the engine computes for an entry's identity, the likeliest first."""
        id: str = item["indicator"]
        try:
            if id.startswith(OWN):
                yield from own_recomputed(self.study(item["scope"]).at(item["scope"]["school"]), item)
            elif id.startswith("register."):
                yield from self._registered(item["scope"])
            elif id.startswith("reporting."):
                yield from self._reported(id.partition(".")[2], item["scope"])
            elif id in entries():
                yield from self._labelled(id, item["scope"])
            elif end := next((end for end in DERIVED if id.endswith(end)), ""):
                yield from self._derived(id.removesuffix(end), end, item)
        except (UserError, LookupError, TypeError, ValueError, AttributeError):  # an entry may hold anything
            return

    def _labelled(self, id: str, scope: Where) -> Iterator[Statistic]:
        """Give the measured figures with each name that a page may call their group by."""
        for one in self._measured(id, scope):
            yield one
            if one.scope.school:
                short = self.study(scope).schools.set_index("school").at[one.scope.school, "short_name"]
                yield replace(one, group_label=str(short))
            elif self.school and "grade" in dict(one.scope.group):
                yield replace(one, group_label=PEERS)

    def _measured(self, id: str, scope: Where) -> Iterator[Statistic]:
        """Give an indicator's figure of a scope, asked by group or narrowed to one, of the school or the district."""
        study, group, school = self.study(scope), dict(scope["group"]), scope["school"]
        unnamed = group.pop(UNNAMED_DIMENSION, None) is not None
        told = {name: _values(value) for name, value in group.items()}
        singles = [name for name, value in told.items() if not isinstance(value, tuple)]
        for size in range(len(singles), -1, -1):
            for names in combinations(singles, size):
                where = {name: value for name, value in told.items() if name not in names}
                own = {name: told[name] for name in names}
                if unnamed:
                    yield from _asked(study, id, ("school", *names), where, own)
                elif school:
                    yield from _asked(study.at(school), id, names, where, own)
                    yield from _asked(study, id, ("school", *names), where, {**own, "school": school})
                else:
                    yield from _asked(study, id, names, where, own)

    def _derived(self, id: str, end: str, item: Entry) -> Iterator[Statistic]:
        study, scope = self.study(item["scope"]), item["scope"]
        if scope["school"] not in ("", self.school) and "members" in scope["group"]:
            return
        if end == ".difference":
            group = {name: _values(value) for name, value in scope["group"].items()}
            unnamed = group.pop(UNNAMED_DIMENSION, None) is not None
            for each in compared(study, [id], **group):
                if unnamed or each.school == scope["school"]:
                    yield each.difference
        elif end in (".missing", ".base"):
            behind = zip(*(self._member(member, scope) for member in scope["group"]["members"]), strict=False)
            yield from (missing_of(items) if end == ".missing" else base_of(items, scope["school"]) for items in behind)
        elif end == ".margin":
            group = {name: value for name, value in scope["group"].items() if name != "limit"}
            rule = limit(study.at(scope["school"]), scope["group"]["limit"], **group)
            for one in self._measured(id, {**scope, "group": group}) if rule is not None else ():
                told = judged(one, rule, at_least=False).rule
                yield from filter(None, [margin_of(one, told)] if told else [])
        elif end == ".groups":
            yield from self._counted(id, item)
        else:
            named = next(name for name in scope["group"] if name.startswith(("held_", "without_")))
            dimension, keys = named.partition("_")[2], str(scope["group"][named]).split("、")
            whole: Statistic = study.at(scope["school"]).measure(id)
            for breaches in (False, True):
                if keys == ["unnamed"]:
                    found = concentration(study, whole, breaches=breaches)
                    if found and found.rest and found.dimension == "school":
                        yield unnamed_rest(found.rest, whole)
                else:
                    made = of_groups(study.at(scope["school"]), whole, dimension, keys, breaches=breaches)
                    yield from (one for one in (made.held, made.rest) if one and one.indicator == item["indicator"])

    def _member(self, address: str, scope: Where) -> Iterator[Statistic]:
        """Give the figures that an address names (`analysis.indicators.provenance.address`)."""
        indicator, school, group = json.loads(address)
        of = {"indicator": indicator, "label": "", "scope": {**scope, "school": school, "group": group}}
        return self.ways(of)

    def _counted(self, id: str, item: Entry) -> Iterator[Statistic]:
        """Give the number of the members that the engine knows; with one that it does not know, none."""
        scope = item["scope"]
        members: list[str] = scope["group"]["members"]
        if len(set(members)) < len(members) and scope["group"]["counted"] not in CLAIMS:
            return
        if not all(any(one.known for one in self._member(member, scope)) for member in members):
            return
        study, entry = self.study(scope), entries()[id]
        like = study.measure(id)
        slices = {"", *(study.snapshot.slice(tables_read(entry), school) for school in ("", self.school))}
        for digest in slices:
            yield count_of(
                members, replace(like, slice=digest), scope["group"]["counted"], item["unit"], scope["school"]
            )

    def _reported(self, what: str, scope: Where) -> Iterator[Statistic]:
        study, of = self.study(scope), tuple(scope["group"].get("of", ()))
        if what == "refused":
            whole, by_keeper = refused_counts(study.at(self.school))
            yield from (whole, *by_keeper.values())
        elif what == "owing":
            yield owing_count(study.at(self.school), of)
        elif what == "owed":
            yield owed_count(study.at(self.school), of, scope["school"])
        elif what in study.snapshot.tables or scope["group"] == {}:
            yield reported(study.at(scope["school"]), what)

    def _registered(self, scope: Where) -> Iterator[Statistic]:
        """Give the counts of the registers of letters, those of one register taken once."""
        place = (scope["group"].get("letter"), scope["district"], scope["end"])
        if place not in self._counts:
            self._counts[place] = list(_of_letters(self.snapshot, *place))
        yield from self._counts[place]


def _of_letters(snapshot: str, letter: str | None, district: str, end: str) -> Iterator[Statistic]:
    from analysis.letters.judgement import judge
    from analysis.letters.owed import owed
    from analysis.letters.pages import claim_counts, due_counts, due_days
    from analysis.letters.published_command import choose, study_of

    plain = Scope(district, end=end)
    if letter:
        sent = choose([letter])[0]
        yield from claim_counts(sent, judge(sent, study_of(sent, snapshot, end)), plain).values()
    else:
        rows = owed(date.fromisoformat(end))
        yield from due_counts(rows, plain).values()
        yield from filter(None, due_days(rows, plain))


def _values(value: object) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _asked(
    study: Study, id: str, by: tuple[str, ...], where: dict[str, Any], own: dict[str, Any]
) -> Iterator[Statistic]:
    """Give the figures of the groups that answer; nothing where the indicator cannot be asked so."""
    try:
        found = study.measure(
            id, by=by or None, **{name: list(v) if isinstance(v, tuple) else v for name, v in where.items()}
        )
    except UserError:
        return
    for one in [found] if isinstance(found, Statistic) else found:
        group = {**dict(one.scope.group), "school": one.scope.school}
        if all(str(group.get(name)) == str(value) for name, value in own.items()):
            yield one
