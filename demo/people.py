"""The people of the demo programme; all invented."""

from dataclasses import dataclass

PASSWORD = "steps-to-work-2026"  # noqa: S105 -- of invented people, printed by the command; refused outside a demo
DOMAIN = "demo.example"


@dataclass(frozen=True, slots=True)
class Person:
    """One person; `mailbox` is the part of the address before the @."""

    full_name: str
    about: str
    mailbox: str = ""
    language: str = "en"
    zone: str = "Europe/Vilnius"


ADMIN, MANAGER = "lina", "egle"

PEOPLE: dict[str, Person] = {
    "lina": Person("Lina Vaičiūnienė", "Looks after the programmes of the centre", "admin"),
    "egle": Person("Eglė Petrauskaitė", "Brings people together and answers on weekdays", "manager"),
    "rasa": Person("Rasa Žukauskienė", "Head of personnel in a furniture factory in Kaunas", "mentor"),
    "milda": Person("Milda Kazlauskaitė", "Back to work after three years at home", "mentee"),
    "tomas": Person("Tomas Jankauskas", "Warehouse worker, Kaunas"),
    "elena": Person("Елена Георгиева", "Bookkeeper from Plovdiv, lives in Vilnius", "elena", "bg"),
    "aino": Person("Aino Virtanen", "Studies business in Tampere", zone="Europe/Helsinki"),
    "dovile": Person("Dovilė Čepaitė", "Sews children’s clothes and wants to sell them"),
    "maria": Person("Мария Димитрова", "Води печатница в Пловдив", "maria", "bg", "Europe/Sofia"),
    "ivan": Person("Иван Колев", "Електротехник, търси нова работа", "ivan", "bg", "Europe/Sofia"),
    "kalina": Person("Калина Щерева", "Завърши туризъм, работи в хотел", "kalina", "bg", "Europe/Sofia"),
    "stoyan": Person("Стоян Ърменков", "Бивш шофьор, учи програмиране", "stoyan", "bg", "Europe/Sofia"),
    "sari": Person("Sari Mäkinen", "Runs a bakery with a café in Tampere", zone="Europe/Helsinki"),
    "hanna": Person("Hanna Lehtonen", "Nurse’s assistant after ten years abroad", zone="Europe/Helsinki"),
    "ville": Person("Ville Hämäläinen", "Carpenter with a bad back, Tampere", zone="Europe/Helsinki"),
    "joonas": Person("Joonas Äijälä", "Cook, looking for steady hours", zone="Europe/Helsinki"),
    "nadezhda": Person("Надежда Илиева", "Учителка по рисуване", "nadezhda", "bg", "Europe/Sofia"),
    "oskari": Person("Oskari Järvinen", "Finished vocational school in June", zone="Europe/Helsinki"),
    "ieva": Person("Ieva Žemaitytė", "Hairdresser, wants a chair of her own"),
}


def address(key: str) -> str:
    """Return the e-mail address of a person."""
    return f"{PEOPLE[key].mailbox or key}@{DOMAIN}"
