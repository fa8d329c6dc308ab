"""Every word of the printed sheets, in one place; the Spanish ones are of the patient page alone.

The Spanish page says of itself that nobody has reviewed it, until a reviewer is recorded here.
"""

from collections.abc import Mapping
from datetime import date

import attrs

from protoplan.model.component import ROUTES

LANGUAGES = ("en", "es")

#: Who has reviewed a translation; the page of a language without one says so.
REVIEWED_BY: Mapping[str, str] = {"en": "the language it is written in"}

EN: Mapping[str, str] = {
    "unreviewed": "",
    "draft": "DRAFT · not for use",
    "incomplete": "INCOMPLETE · not to be given from",
    "verify": "verify before use",
    "page": "page",
    "of": "of",
    "plan": "plan",
    "revision": "revision",
    "cycle": "Cycle",
    "day": "day",
    "days": "days",
    "to": "to",
    "until": "until",
    "each": "each time",
    "before": "before the first day",
    "doses": "doses",
    "one dose": "1 dose",
    "patient title": "My treatment days",
    "patient cycle": "Part {cycle}: {begin} to {end}",
    "patient intro": "Times can change. Your team tells you when to come. "
    "If this page and your team say different things, follow your team.",
    "names": "",
    "long": "On many days in a row",
    "goes on": "goes on:",
    "and on": "and on, next week",
    "open": "Open-ended: days that no one can know beforehand",
    "each day": "Days with treatment",
    "treatment": "treatment",
    "every day": "every day",
    "once a day": "once a day, at {times}",
    "times a day": "{n} times a day, at {times}",
    "at": "at {times}",
    "all the time": "all the time, by a pump, from {begin} to {end}",
    "in all": "{dose} in all",
    "pieces": "{count} {form} of {holds}",
    "each time": "each time: {pieces}",
    "tablet": "tablet",
    "tablets": "tablets",
    "capsule": "capsule",
    "capsules": "capsules",
    "held": "ON HOLD",
    "omitted": "NOT GIVEN",
    "given": "GIVEN",
    "missed": "WAS NOT GIVEN",
    "cancelled": "CANCELLED",
    "unresolved": "NOT DECIDED",
    "no dose": "no dose; ask your team",
    "do not take": "Do not take on this day: {what}",
    "blood test": "A blood test may come first. Ask your team.",
    "moved": "can be moved: {begin} to {end}",
    "not recorded": "this day is past; ask your team",
    "runs on": "{drug} runs until {time}",
    "nothing": "No treatment is planned in this part.",
    "no dates": "The dates of this part are not known yet.",
    "nothing this week": "nothing is given this week",
    "to do": "What I have to do",
    "to do lines": "Bring to each visit|Come to|Take care of|Call at once if",
    "to ask": "Whom I ask",
    "to ask lines": "By day|At night and at weekends|Emergency",
    "other cycle": "see cycle {cycle}",
    "outside": "not in the course",
}

ES: Mapping[str, str] = {
    "unreviewed": "TRADUCCIÓN NO REVISADA",
    "draft": "BORRADOR · DRAFT · no usar",
    "incomplete": "INCOMPLETO · no usar",
    "verify": "verificar antes de usar",
    "page": "página",
    "of": "de",
    "plan": "plan",
    "revision": "revisión",
    "cycle": "Ciclo",
    "day": "día",
    "days": "días",
    "to": "a",
    "until": "hasta",
    "each": "cada vez",
    "before": "antes del primer día",
    "doses": "dosis",
    "one dose": "1 dosis",
    "patient title": "Mis días de tratamiento",
    "patient cycle": "Parte {cycle}: del {begin} al {end}",
    "patient intro": "Las horas pueden cambiar. Su equipo le dirá cuándo venir. "
    "Si esta hoja y su equipo no dicen lo mismo, siga lo que diga su equipo.",
    "names": "Los nombres de los medicamentos están escritos en inglés.",
    "long": "Muchos días seguidos",
    "goes on": "sigue:",
    "and on": "y sigue la semana siguiente",
    "open": "Sin fecha: días que nadie puede saber antes",
    "each day": "Días con tratamiento",
    "treatment": "tratamiento",
    "every day": "todos los días",
    "once a day": "una vez al día, a las {times}",
    "times a day": "{n} veces al día, a las {times}",
    "at": "a las {times}",
    "all the time": "todo el tiempo, con una bomba, del {begin} al {end}",
    "in all": "{dose} en total",
    "pieces": "{count} {form} de {holds}",
    "each time": "cada vez: {pieces}",
    "tablet": "tableta",
    "tablets": "tabletas",
    "capsule": "cápsula",
    "capsules": "cápsulas",
    "held": "EN PAUSA",
    "omitted": "NO SE DA",
    "given": "ADMINISTRADO",
    "missed": "NO SE DIO",
    "cancelled": "ANULADO",
    "unresolved": "NO DECIDIDO",
    "no dose": "sin dosis; pregunte a su equipo",
    "do not take": "No tome este día: {what}",
    "blood test": "Puede que antes le saquen sangre. Pregunte a su equipo.",
    "moved": "puede cambiar de día: del {begin} al {end}",
    "not recorded": "este día ya pasó; pregunte a su equipo",
    "runs on": "{drug} sigue hasta las {time}",
    "nothing": "En esta parte no hay tratamiento.",
    "no dates": "Las fechas de esta parte aún no se conocen.",
    "nothing this week": "no se da nada esta semana",
    "to do": "Qué tengo que hacer",
    "to do lines": "Traer a cada cita|Venir a|Cuidar de|Llamar enseguida si",
    "to ask": "A quién pregunto",
    "to ask lines": "De día|De noche y en fin de semana|Emergencia",
    "other cycle": "vea el ciclo {cycle}",
    "outside": "fuera del tratamiento",
}

#: What professionals read where their words differ from the patient's.
STAFF: Mapping[str, str] = {
    **EN,
    "each": "each",
    "once a day": "once daily at {times}",
    "times a day": "{n} × daily at {times}",
    "at": "{times}",
    "all the time": "continuous, {begin} to {end}",
    "pieces": "{count} × {holds} {form}",
    "each time": "{pieces}",
    "held": "HELD",
    "omitted": "LEFT OUT",
    "missed": "MISSED",
    "unresolved": "UNRESOLVED",
    "no dose": "no dose",
    "moved": "window {begin} to {end}",
    "not recorded": "NOT RECORDED",
    "nothing": "nothing is given",
    "no dates": "no dates; see what is lacking",
}

PLAIN_ROUTES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "IV": "into a vein",
        "IT": "INTRATHECAL, into the fluid around the spine",
        "SC": "under the skin",
        "IM": "into a muscle",
        "PO": "by mouth",
    },
    "es": {
        "IV": "en una vena",
        "IT": "INTRATECAL, en el líquido que rodea la columna",
        "SC": "debajo de la piel",
        "IM": "en un músculo",
        "PO": "por la boca",
    },
}

#: Units of doses that are words; the others are the same in both languages.
UNITS: Mapping[str, Mapping[str, str]] = {
    "en": {"/day": " a day", "/h": " an hour"},
    "es": {"/day": " al día", "/h": " por hora", "units": "unidades"},
}

_WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
_MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August",
           "September", "October", "November", "December"),
    "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
           "septiembre", "octubre", "noviembre", "diciembre"),
}  # fmt: skip


@attrs.frozen
class Words:
    """The words of one sheet.

    Attributes:
        plain: For a patient: plain words, dates written out.
    """

    language: str
    plain: bool

    def __call__(self, key: str, **values: object) -> str:
        """A phrase, with its blanks filled."""
        table = (ES if self.language == "es" else EN) if self.plain else STAFF
        # Only the phrase is a format: braces in a value stay what they are.
        return table[key].format(**values) if values else table[key]

    def route(self, name: str) -> str:
        """A route, spelled out."""
        return PLAIN_ROUTES[self.language][name] if self.plain else ROUTES[name]

    def amount(self, text: str) -> str:
        """An amount as printed, its unit in the language of the page."""
        for unit, word in UNITS[self.language].items() if self.plain else ():
            text = text.replace(unit, word)
        return text

    def day(self, on: date) -> str:
        """A date with its weekday, in the language of the page whatever the locale."""
        weekday = _WEEKDAYS[self.language][on.weekday()]
        if not self.plain:
            return f"{weekday[:3]}\N{NO-BREAK SPACE}{on.isoformat()}"
        month = _MONTHS[self.language][on.month - 1]
        of = " de " if self.language == "es" else " "
        kept = f"{on.day}{of}{month}{of}{on.year}".replace(" ", "\N{NO-BREAK SPACE}")
        return f"{weekday} {kept}"
