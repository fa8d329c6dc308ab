"""The formulary against its evidence: typed again from the lists that were read, not from the files."""

from collections import Counter

import pytest
from tests.conftest import Run

from protoplan import api, library
from protoplan.problems import SLIP, did_you_mean

IDS = library.ids("formulary")

#: Class and its members, from the lists of the FDA, of labels and of papers.
MEMBERS = {
    "anthracycline": ["daunorubicin", "doxorubicin", "epirubicin", "idarubicin"],
    "cytotoxic": [
        "amsacrine", "carboplatin", "clofarabine", "cyclophosphamide", "cytarabine", "doxorubicin",
        "etoposide", "fludarabine", "gemcitabine", "idarubicin", "ifosfamide",
        "inotuzumab-ozogamicin", "methotrexate", "mitoxantrone", "nelarabine", "vincristine",
    ],
    "antifolate": ["co-trimoxazole", "dapsone", "pemetrexed", "pyrimethamine"],
    "asparaginase": ["asparaginase-e-coli", "pegaspargase"],
    "azole": [
        "clotrimazole", "fluconazole", "isavuconazole", "itraconazole", "ketoconazole",
        "posaconazole", "voriconazole",
    ],
    "cyp3a4-strong-inhibitor": [
        "ceritinib", "clarithromycin", "cobicistat", "idelalisib", "itraconazole", "ketoconazole",
        "nefazodone", "nelfinavir", "posaconazole", "ritonavir", "telithromycin", "voriconazole",
    ],
    "cyp3a4-moderate-inhibitor": [
        "aprepitant", "ciprofloxacin", "conivaptan", "crizotinib", "diltiazem", "dronedarone",
        "erythromycin", "fluconazole", "imatinib", "isavuconazole", "verapamil",
    ],
    "cyp3a4-weak-inhibitor": [
        "amiodarone", "chlorzoxazone", "cilostazol", "cimetidine", "clotrimazole", "cyclosporine",
        "fluvoxamine", "fosaprepitant", "ivacaftor", "lomitapide", "ranitidine", "ranolazine",
        "ticagrelor",
    ],
    "cyp3a4-strong-inducer": [
        "apalutamide", "carbamazepine", "enzalutamide", "lumacaftor", "mitotane", "phenytoin",
        "rifampin",
    ],
    "cyp3a4-moderate-inducer": [
        "bosentan", "dabrafenib", "efavirenz", "etravirine", "phenobarbital", "primidone",
    ],
    "cyp3a4-weak-inducer": ["armodafinil", "modafinil", "rufinamide", "vemurafenib"],
    "nephrotoxic": ["cisplatin"],
    "nsaid": ["aspirin"],
    "p-gp-inhibitor": [
        "amiodarone", "clarithromycin", "cobicistat", "cyclosporine", "dronedarone", "erythromycin",
        "itraconazole", "ketoconazole", "lapatinib", "propafenone", "quinidine", "ranolazine",
        "rolapitant", "verapamil",
    ],
    "penicillin": ["piperacillin-tazobactam"],
    "proton-pump-inhibitor": [
        "esomeprazole", "lansoprazole", "omeprazole", "pantoprazole", "rabeprazole",
    ],
    "sulfonamide": ["co-trimoxazole"],
    "vinca": ["vincristine"],
}  # fmt: skip

#: Drugs that a protocol gives: unit of the doses, routes, products.
GIVEN = {
    "amsacrine": ("mg", "IV", []),
    "asparaginase-e-coli": ("units", "IM IV", ["vial 10000 units"]),
    "blinatumomab": ("mcg", "IV", ["vial 35 mcg"]),
    "bortezomib": ("mg", "IV SC", ["vial 3.5 mg"]),
    "carboplatin": ("mg", "IV", []),
    "clofarabine": ("mg", "IV", []),
    "cyclophosphamide": ("mg", "IV", []),
    "cytarabine": ("mg", "IT IV", []),
    "dasatinib": ("mg", "PO", [f"tablet {n} mg" for n in (20, 50, 70, 80, 100, 140)]),
    "dexamethasone": ("mg", "IV PO", []),
    "doxorubicin": ("mg", "IV", []),
    "gemcitabine": ("mg", "IV", []),
    "etoposide": ("mg", "IV", []),
    "filgrastim": ("mcg", "SC", []),
    "fludarabine": ("mg", "IV", []),
    "hydrocortisone": ("mg", "IT", []),
    "idarubicin": ("mg", "IV", []),
    "ifosfamide": ("mg", "IV", []),
    "imatinib": ("mg", "PO", ["tablet 100 mg", "tablet 400 mg"]),
    "inotuzumab-ozogamicin": ("mg", "IV", ["vial 0.9 mg"]),
    "leucovorin": ("mg", "IV", []),
    "mercaptopurine": ("mg", "PO", []),
    "methylprednisolone": ("mg", "IV", []),
    "mesna": ("mg", "IV", []),
    "methotrexate": ("mg", "IT IV PO", []),
    "mitoxantrone": ("mg", "IV", []),
    "nelarabine": ("mg", "IV", ["vial 250 mg"]),
    "pegaspargase": ("units", "IM IV", ["vial 3750 units"]),
    "pegfilgrastim": ("mg", "SC", []),
    "prednisone": ("mg", "IV PO", []),
    "rituximab": ("mg", "IV", []),
    "ursodiol": ("mg", "PO", ["capsule 300 mg"]),
    "venetoclax": ("mg", "PO", ["tablet 10 mg", "tablet 50 mg", "tablet 100 mg"]),
    "vincristine": ("mg", "IV", []),
}

#: Medicines of which a source read gives no level, or only a list that was not read itself. Without
#: a file the planner asks; a file without the class would answer no.
LEFT_OUT = [
    "adagrasib", "azithromycin", "carvedilol", "elvitegravir", "grapefruit-juice", "indinavir",
    "ivosidenib", "lopinavir", "lorlatinib", "paritaprevir", "pexidartinib", "repotrectinib",
    "saquinavir", "sotorasib", "st-johns-wort", "telaprevir", "tipranavir", "tucatinib",
]  # fmt: skip

#: Named by a source, in none of the classes; a rule names them by their id.
WITHOUT_A_CLASS = [
    "allopurinol", "cholestyramine", "colestipol", "nitrous-oxide", "pentostatin", "probenecid",
]  # fmt: skip


@pytest.mark.parametrize("name", MEMBERS)
def test_a_class_has_the_members_of_its_list_and_no_other(name: str) -> None:
    members = [drug for drug in IDS if name in dict(api.drug(drug).classes)]

    assert sorted(MEMBERS[name]) == members


def test_no_class_is_in_use_that_is_not_held_here() -> None:
    assert set(MEMBERS) == {name for drug in IDS for name, _ in api.drug(drug).classes}


def test_every_file_is_held_here() -> None:
    listed = {drug for members in MEMBERS.values() for drug in members}

    assert set(IDS) == listed | set(GIVEN) | set(WITHOUT_A_CLASS)
    assert set() == listed & set(WITHOUT_A_CLASS)


def test_what_no_source_read_gives_a_level_has_no_file_by_any_name() -> None:
    known = {word.lower() for drug in IDS for word in (drug, *api.drug(drug).aliases)}

    assert set() == known & set(LEFT_OUT)


@pytest.mark.parametrize("drug", IDS)
def test_unit_routes_and_products_are_those_of_the_labels(drug: str) -> None:
    entry = api.drug(drug)
    routes = " ".join(sorted(route.route for route in entry.routes))
    products = [f"{product.form} {product.holds}" for product in entry.products]

    assert GIVEN.get(drug, (None, "", [])) == (entry.unit, routes, products)


def test_there_are_these_caps_and_limits_and_no_other() -> None:
    caps = [(cap.about, str(cap.dose)) for drug in IDS for cap in api.drug(drug).caps]
    limits = [
        (limit.about, str(limit.most or f"{limit.cycles} cycles"), limit.over)
        for drug in IDS
        for limit in api.drug(drug).limits
    ]

    assert [("vincristine/largest-dose", "2 mg")] == caps
    assert [
        ("cytarabine/in-a-course", "48 g/m2", "cycle"),
        ("doxorubicin/lifetime", "550 mg/m2", "lifetime"),
        ("idarubicin/lifetime", "150 mg/m2", "lifetime"),
        ("inotuzumab/cycles", "6 cycles", "lifetime"),
        ("inotuzumab/cycles-before-transplant", "2 cycles", "lifetime"),
        ("mitoxantrone/lifetime", "140 mg/m2", "lifetime"),
    ] == limits


def test_every_name_means_one_drug_however_it_is_written() -> None:
    words = [
        "".join(filter(str.isalnum, word.lower()))
        for drug in IDS
        for word in (drug, *api.drug(drug).aliases)
    ]

    assert [] == [word for word, count in Counter(words).items() if count > 1]


@pytest.mark.parametrize(
    "other",
    [
        "azacitidine", "betamethasone", "bendamustine", "calaspargase", "cladribine", "cycloserine",
        "dexlansoprazole", "fosphenytoin", "levoketoconazole", "levoleucovorin", "nilotinib", "oxcarbazepine", "pentobarbital",
        "ponatinib", "prednisolone", "quinine", "rifabutin", "rifapentine", "roxithromycin",
        "tezacaftor", "thioguanine", "vinblastine", "vinorelbine",
    ],
)  # fmt: skip
def test_another_drug_is_never_taken_for_a_slip_of_the_pen(other: str) -> None:
    assert other not in IDS
    assert did_you_mean(other, IDS, SLIP) is None


@pytest.mark.parametrize("drug", IDS)
def test_a_printed_name_is_that_of_the_drug(drug: str) -> None:
    """Tall-man letters change no letter; a name that says more is spelled out by hand."""
    spelled = {"asparaginase-e-coli": "asparaginase (E. coli)"}
    tall = {"carboplatin": "CARBOplatin", "cisplatin": "CISplatin", "daunorubicin": "DAUNOrubicin", "doxorubicin": "DOXOrubicin",
            "rituximab": "riTUXimab", "vincristine": "vinCRIStine"}  # fmt: skip
    plain = (
        drug if drug in ("co-trimoxazole", "piperacillin-tazobactam") else drug.replace("-", " ")
    )

    assert {**spelled, **tall}.get(drug, plain) == api.drug(drug).name


def test_what_the_fda_list_is_cited_for_is_never_passed_off_as_read() -> None:
    sources = [source for drug in IDS for source in api.drug(drug).sources]

    assert {False} == {source.verified for source in sources if source.cite.startswith("US FDA")}
    assert {False} == {source.verified for source in sources if source.cite.startswith("UpToDate")}


def test_every_file_passes_the_check_and_begins_with_its_schema(run: Run) -> None:
    files = sorted((library.root() / "formulary").glob("*.yaml"))
    first = "# yaml-language-server: $schema=../schemas/formulary.schema.json\n"

    assert 0 == run("check", *map(str, files)).code
    assert [] == [path.name for path in files if not path.read_text("utf-8").startswith(first)]
