"""A complete made-up treatment for each shipped protocol: with it a plan lacks nothing."""

HEAD = """\
format: protoplan-treatment/1
id: made-up
revision: {number: 0, date: 2026-03-02}
patient: {label: made up, age: AGE, sex: female}
protocol: PROTOCOL
start: 2026-03-02
measurements:
  - {date: 2026-03-01, height: 175 cm, weight: 70 kg}
labs:
  - {date: 2026-03-01, creatinine: 0.7 mg/dL, bilirubin: 0.6 mg/dL, alt: 0.8 xULN, ast: 0.7 xULN, neutrophils: 2.1 10^9/L, platelets: 180 10^9/L}
medicines: none
earlier_exposure: none
facts: {cd20_percent: 30, cd22: positive, cns: negative, lineage: B, philadelphia: PHILADELPHIA, ecog: 1, lvef_percent: 60, heart_failure_nyha: 0, second_malignancy: no, uncontrolled_infection: no, cns_risk: high, leucovorin_elsewhere: yes}
"""

#: What is to be chosen; every shipped protocol is named, and those that leave nothing open.
OPTIONS = {
    "augmented-hyper-cvad": "augmented_courses: course A, doxorubicin_infusion: 24 h",
    "blinatumomab": "indication: relapsed or refractory",
    "clofarabine": "form: adult",
    "clofarabine-cytarabine": "",
    "clofarabine-etoposide-mitoxantrone": "clofarabine_dose: 20 mg/m2",
    "cytarabine-etoposide-amsacrine": "printed_row: as here",
    "flag": "cycles: 2",
    "flag-ida": "row: second",
    "flag-ida-new-zealand": "cycles: 2",
    "high-dose-cytarabine-idarubicin": "",
    "high-dose-cytarabine-mitoxantrone": "row: first",
    "hyper-cvad": "doxorubicin_infusion: 24 h, intrathecal_schedule: original",
    "hyper-cvad-bortezomib": (
        'asparaginase_dose: 5000 units/m2, asparaginase_days: "5, 7, 9, 11, 13, 15", '
        'rituximab_dose: 375 mg/m2, rituximab_days: "1"'
    ),
    "inotuzumab-ozogamicin": "remission_after: 1",
    "mini-hyper-cvd-inotuzumab": "inotuzumab_schedule: fractionated",
    "mini-hyper-cvd-venetoclax": "",
    "mitoxantrone-etoposide-ifosfamide": "",
    "nelarabine": "schedule: adult",
    "pomp": "",
}


def treatment(protocol: str, named: str = "", policy: str = "") -> str:
    """The treatment file.

    Args:
        protocol: A shipped protocol's id.
        named: How the treatment names it, where that is not its id.
        policy: The policy it names, where that is not the default one.
    """
    text = HEAD.replace("PROTOCOL", named or protocol, 1).replace("AGE", "45")
    text = text.replace("PHILADELPHIA", "negative")
    if OPTIONS[protocol]:
        text += f"options: {{{OPTIONS[protocol]}}}\n"
    return text + (f"policy: {policy}\n" if policy else "")
