"""Records of all kinds, drawn step by step: what must hold after each of them."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from protoplan import api
from protoplan.model.plan import NOT_GIVEN, Administration, Plan
from protoplan.model.treatment import Treatment

HEAD = """\
format: protoplan-treatment/1
id: drawn
patient: {{label: drawn, age: 45, sex: female}}
protocol: {protocol}
start: 2026-03-02
{rest}measurements:
  - {{date: 2026-03-01, height: 175 cm, weight: 70 kg}}
{weights}labs:
{labs}medicines: none
earlier_exposure: none
as_of: {as_of}
"""
LABS = (
    "  - {{date: {on}, creatinine: 0.9 mg/dL, bilirubin: 0.6 mg/dL, alt: 0.8 xULN, ast: 0.7 xULN, "
    "neutrophils: 2.1 10^9/L, platelets: 180 10^9/L}}\n"
)
PROTOCOLS = {
    "mini-hyper-cvd-inotuzumab": "facts: {cd20_percent: 30, cns: negative}\n"
    "options: {maintenance_after: 5}\n",
    "hyper-cvad-bortezomib": "facts: {cd20_percent: 0, philadelphia: negative, "
    "leucovorin_elsewhere: yes}\n"
    'options: {asparaginase_dose: 5000 units/m2, asparaginase_days: "5, 7, 9, 11, 13, 15"}\n',
}
START = date(2026, 3, 2)


class Course(RuleBasedStateMachine):
    """One treatment whose days go by; nothing that is drawn contradicts what went before."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.weights: list[tuple[date, int]] = []
        self.given: dict[str, tuple[str, date]] = {}
        self.settled: set[str] = set()
        self.stopped: dict[str, date] = {}
        self.today = START
        self.protocol = ""
        self.plan: Plan

    def text(self, lines: list[str]) -> str:
        weeks = range((self.today - START).days // 7 + 1)
        labs = "".join(LABS.format(on=START + timedelta(7 * n)) for n in weeks)
        weights = "".join(f"  - {{date: {on}, weight: {kg} kg}}\n" for on, kg in self.weights)
        rest = PROTOCOLS[self.protocol]
        head = HEAD.format(
            protocol=self.protocol, rest=rest, weights=weights, labs=labs, as_of=self.today
        )
        return head + "".join(["record:\n", *lines] if lines else [])

    def planned(self, lines: list[str]) -> Plan:
        kind, treatment = api.load_text(self.text(lines), "drawn.yaml")
        assert kind == "treatment" and isinstance(treatment, Treatment)
        return api.plan_treatment(treatment)

    def add(self, line: str, moves: str | None = None) -> None:
        """Write an entry; nothing is newly placed before the day, but in a cycle that began."""
        before = self.plan
        self.lines.append(f"  - {{{line}}}\n")
        self.plan = self.planned(self.lines)
        labels = [cycle.label for cycle in self.plan.cycles]
        free = labels[labels.index(moves) :] if moves else []
        assert self.unrecorded(self.plan, free) <= self.unrecorded(before, [])

    def unrecorded(self, plan: Plan, free: list[str]) -> set[tuple[str, date]]:
        return {
            (row.id, row.date)
            for row in plan.administrations
            if row.date < self.today and row.cycle not in free
            if row.status in ("planned", "unresolved")
        }

    def free(self, wanted: Callable[[Administration], bool]) -> list[Administration]:
        """Doses of which nothing final is recorded."""
        return [
            row
            for row in self.plan.administrations
            if row.id not in self.settled and row.order.rate is None and wanted(row)
        ]

    @initialize(protocol=st.sampled_from(sorted(PROTOCOLS)))
    def begin(self, protocol: str) -> None:
        self.protocol = protocol
        self.plan = self.planned([])

    @rule(days=st.integers(1, 12))
    def wait(self, days: int) -> None:
        self.today += timedelta(days)
        self.plan = self.planned(self.lines)

    @rule(data=st.data())
    def give(self, data: Any) -> None:
        rows = self.free(
            lambda row: (
                row.date <= self.today
                and row.status not in ("cancelled", "missed")
                and row.order.ordered is not None
                and row.date >= START
            )
        )
        if not rows:
            return
        row = data.draw(st.sampled_from(rows))
        if self.stopped.get(row.order.drug, date.max) < row.date:
            return
        assert row.order.ordered is not None
        scale = data.draw(st.sampled_from([1, 1, 2]))
        value = row.order.ordered.value / scale
        amount = f"{value.normalize():f} {row.order.ordered.unit}"
        self.settled.add(row.id)
        self.given[row.id] = (amount, row.date)
        self.add(f"date: {row.date}, given: {row.id}, amount: {amount}")

    @rule(data=st.data(), how=st.sampled_from(["missed", "refused"]))
    def miss(self, data: Any, how: str) -> None:
        rows = self.free(lambda row: row.date <= self.today and row.status != "cancelled")
        if rows:
            row = data.draw(st.sampled_from(rows))
            self.settled.add(row.id)
            self.add(f"date: {self.today}, {how}: {row.id}, reason: drawn")

    @rule(data=st.data())
    def hold(self, data: Any) -> None:
        rows = self.free(lambda row: row.status in ("planned", "unresolved"))
        if rows:
            row = data.draw(st.sampled_from(rows[:60]))
            self.settled.add(row.id)
            self.add(f"date: {self.today}, held: {row.id}, reason: drawn")

    @rule(data=st.data(), days=st.integers(1, 9))
    def delay(self, data: Any, days: int) -> None:
        rows = self.free(lambda row: row.date >= self.today and row.status == "planned")
        if rows:
            row = data.draw(st.sampled_from(rows[:60]))
            self.settled.add(row.id)
            to = row.date + timedelta(days)
            self.add(f"date: {self.today}, delayed: {row.id}, to: {to}, reason: drawn")

    @rule(late=st.integers(0, 9))
    def start(self, late: int) -> None:
        for cycle in self.plan.cycles:
            if cycle.start is None or cycle.recorded:
                continue
            on = cycle.start + timedelta(late)
            if on <= self.today and not self._given_before(cycle.label, on):
                self.add(f"date: {on}, cycle: {cycle.label}, started: true", cycle.label)
            return

    def _given_before(self, label: str, on: date) -> bool:
        rows = {row.id: row for row in self.plan.administrations}
        return any(
            rows[name].cycle == label and day < on for name, (_, day) in self.given.items()
        ) or any(
            rows[name].cycle == label and rows[name].status in ("missed", "held")
            for name in self.settled if name in rows)  # fmt: skip

    @rule(data=st.data(), days=st.integers(1, 14))
    def put_off(self, data: Any, days: int) -> None:
        cycles = [c for c in self.plan.cycles if c.start and c.start > self.today]
        said = {
            line.split("delayed: ")[1].split(",")[0] for line in self.lines if "delayed" in line
        }
        cycles = [c for c in cycles if c.label not in said and not c.recorded]
        if cycles:
            cycle = data.draw(st.sampled_from(cycles))
            assert cycle.start is not None
            to = cycle.start + timedelta(days)
            self.add(f"date: {self.today}, delayed: {cycle.label}, to: {to}, reason: drawn")

    @rule(kg=st.integers(55, 95))
    def weigh(self, kg: int) -> None:
        if all(on != self.today for on, _ in self.weights) and self.today > START:
            self.weights.append((self.today, kg))
            self.plan = self.planned(self.lines)

    @precondition(lambda self: len(self.stopped) < 2)
    @rule(data=st.data())
    def stop(self, data: Any) -> None:
        drugs = sorted({row.order.drug for row in self.plan.administrations} - {*self.stopped})
        later = {name.split(".")[2] for name, (_, day) in self.given.items() if day > self.today}
        drugs = [drug for drug in drugs if drug not in later]
        if drugs:
            drug = data.draw(st.sampled_from(drugs))
            self.stopped[drug] = self.today
            self.add(f"date: {self.today}, stopped: {drug}, reason: drawn")

    # -- what must hold ----------------------------------------------------------------------------

    @invariant()
    def what_was_given_stays(self) -> None:
        rows = {row.id: row for row in self.plan.administrations}
        for name, (amount, on) in self.given.items():
            row = rows[name]
            assert ("given", on) == (row.status, row.date)
            assert row.given is not None and amount == str(row.given.amount)

    @invariant()
    def exposure_is_given_and_planned(self) -> None:
        for entry in self.plan.exposure:
            rows = [
                row
                for row in self.plan.administrations
                if (row.order.drug, row.order.route) == (entry.drug, entry.route)
                and row.status not in NOT_GIVEN
            ]
            assert {row.status for row in rows} <= {"given", "planned", "unresolved"}
            if entry.ordered is None:
                assert any(row.status == "unresolved" for row in rows)
                continue
            total = sum((Fraction(row.amount.value) for row in rows if row.amount), Fraction(0))
            assert total == Fraction(entry.ordered.value)
            assert entry.doses == len(rows)

    @invariant()
    def what_is_past_and_not_recorded_is_overdue(self) -> None:
        named = "".join(self.lines)
        for row in self.plan.administrations:
            if row.overdue:
                assert row.date < self.today
                assert f"given: {row.id}," not in named
            elif row.date < self.today:
                recorded = row.status in ("given", "missed", "held", "cancelled")
                assert recorded, (row.id, row.status)

    @invariant()
    def the_order_of_entries_changes_nothing(self) -> None:
        shuffled = list(self.lines)
        Random(len(shuffled)).shuffle(shuffled)
        other = self.planned(shuffled)
        assert told(other) == told(self.plan)


def told(plan: Plan) -> list[object]:
    """The plan without the places of the record, which differ when its lines do."""
    return [
        [(r.id, r.date, r.start, r.end, r.status, r.overdue, r.amount, r.order.because,
          r.order.per_basis) for r in plan.administrations],
        [(c.label, c.start, c.late, c.recorded) for c in plan.cycles],
        [(f.code, f.message, f.administrations) for f in plan.findings],
        plan.exposure, plan.unresolved, plan.checklist, plan.totals, plan.revision,
    ]  # fmt: skip


TestCourse = Course.TestCase
TestCourse.settings = settings(
    max_examples=12,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@given(
    breaks=st.lists(
        st.tuples(st.integers(1, 26 * 24) | st.just(4 * 24), st.integers(1, 7 * 24)),
        min_size=1,
        max_size=3,
    )
)
@settings(max_examples=25, deadline=None)
def test_breaks_of_up_to_7_days_always_leave_28_days_of_infusion(
    breaks: list[tuple[int, int]],
) -> None:
    """Each begins so many hours after the infusion last went on, while it runs."""
    start = datetime.combine(date(2026, 6, 22), time(10))  # cycle 5, by the default clock
    when, entries, ran, lost = start, [], 0, 0
    for after, length in breaks:
        ran += after
        if ran >= 28 * 24:
            return  # nothing runs any more
        infusion = "5.d1" if ran < 4 * 24 else "5.d5"
        cut = when + timedelta(hours=after)
        when = cut + timedelta(hours=length)
        lost += length
        name = f"{infusion}.blinatumomab.IV.1"
        entries += [
            f"date: {cut:%Y-%m-%d}, time: '{cut:%H:%M}', interrupted: {name}, reason: drawn",
            f"date: {when:%Y-%m-%d}, time: '{when:%H:%M}', resumed: {name}",
        ]
    course = Course()
    course.begin("mini-hyper-cvd-inotuzumab")
    course.today = when.date()
    plan = course.planned([f"  - {{{entry}}}\n" for entry in entries])

    parts = [
        row for row in plan.administrations if row.cycle == "5" and row.order.drug == "blinatumomab"
    ]
    assert timedelta(28) == sum((row.end - row.start for row in parts if row.end), timedelta())
    assert start + timedelta(28, hours=lost) == max(row.end for row in parts if row.end)
    assert len(parts) == len({row.id for row in parts}) <= 2 + len(breaks)
    # 4 days at 9 and 24 at 28 mcg a day, whole whatever the breaks; parts are rounded to 0.0001.
    amounts = [row.amount.value for row in parts if row.amount]
    assert abs(sum(amounts, Decimal(-708))) < Decimal("0.001")
