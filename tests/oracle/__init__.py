"""A second implementation of the planner: slow, obvious, and sharing no code with the first.

It reads the same files with the same readers (`protoplan.api.load_*`, the models), and from there on
goes its own way, written from `docs/protocol-files.md`, `docs/treatment-files.md` and
`docs/explanation/how-doses-are-adjusted.md`. It walks every date of the course and asks each sig of
the protocol: today? how often? how much? All arithmetic is in fractions, and the units are taken
apart at their slashes. `test_independence.py` holds that it imports none of the program's rooms.

`test_doses.py` draws treatments at random (options, facts, labs, medicines, measurements, toxicities,
prescribed changes, policies, records) on every shipped protocol, and on `protocols/words.yaml`, which
has the words that none of them uses. Both plan each; cycles and every administration are compared:
id, start, end, day, drug, route, status, calculated, adjusted and ordered dose, what was given.
Amounts are compared exactly, and so is what each drug comes to by each route. A record that the one refuses, the other has to refuse too
(`refusals.py`). `test_comparison.py` plants errors and sees them found.

    pytest tests/oracle                            a few of each protocol, the same ones every time
    ORACLE_TREATMENTS=200 pytest tests/oracle      so many of each, new ones every time

What the oracle does not cover:

- windows, spacing, limits, companions, usual doses, instructions, open items, eligibility,
  requirements and every other finding: they move no date and change no dose;
- the checklist, bags, the ledger of `cumulative`, what is printed, and which words say what is lacking: only that a dose
  has no number, and that drugs whose days are to be chosen are named;
- of the record: with what words it is refused, and what is never drawn (a drug that is stopped twice, two
  pins on one day). Doses that are given are compared where the plan has them: not those that the
  answers stated now would not give;
- in which tablets or vials a dose is made up; only what they come to;
- how files are read: fragments come already merged, amounts already parsed.

Where the docs leave it open, the oracle follows the program. It was settled so for:

- a rule that is adopted still gives way if the policy picks another table;
- the days of a ramp, on which a rule that lowers the dose leaves it open, are all those for which a
  step is printed, also where the step is not below the dose;
- a weight is in use once it was far enough from the one before, whether or not a cycle began with it;
- below 60 inches there is no ideal weight, and the actual one goes into the clearance;
- a condition with any measure in it, not only an age, is asked for the day of the dose;
- a dose that was put off into the next cycle stays planned if that one began in time;
- a dose that was put off, and was held or missed on a later day, stands on its first day again;
- of the entries of one day about one dose, that it was held is the first, that it was put off or began
  the next, and that it was given or missed the last;
- part of an infusion, if its amount is a number without end, is written to four places of its unit.
"""
