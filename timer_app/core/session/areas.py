"""Areas of the body: keys that are the same in every language, so that pain in one area is one curve."""

from __future__ import annotations

from functools import cache

from timer_app.core.fields import without_placeholders

_PAIN = "pain"  # the only measure whose areas have known words

# By their key: the words of each language, the one that is shown first. No word stands for two areas, so those
# that mean one in one language and another elsewhere are left out.
_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "head": {
        "en": ("Head",), "de": ("Kopf",), "es": ("Cabeza",), "fr": ("Tête",), "it": ("Testa",), "ja": ("頭",),
        "nl": ("Hoofd",), "pl": ("Głowa",), "pt": ("Cabeça",), "zh": ("头", "头部"),
    },
    "jaw": {
        "en": ("Jaw",), "de": ("Kiefer",), "es": ("Mandíbula",), "fr": ("Mâchoire",), "it": ("Mascella", "Mandibola"),
        "ja": ("あご", "顎"), "nl": ("Kaak",), "pl": ("Szczęka", "Żuchwa"), "pt": ("Maxilar",), "zh": ("下巴", "下颌"),
    },
    "neck": {
        "en": ("Neck", "Nape", "Cervical spine"), "de": ("Nacken", "Hals", "Halswirbelsäule", "HWS"),
        "es": ("Cuello", "Nuca"), "fr": ("Cou", "Nuque"), "it": ("Collo", "Cervicale"), "ja": ("首",),
        "nl": ("Nek",), "pl": ("Kark", "Szyja"), "pt": ("Pescoço",), "zh": ("颈部", "脖子", "颈"),
    },
    "shoulder": {
        "en": ("Shoulder", "Shoulders"), "de": ("Schulter", "Schultern"), "es": ("Hombro", "Hombros"),
        "fr": ("Épaule", "Épaules"), "it": ("Spalla", "Spalle"), "ja": ("肩",), "nl": ("Schouder", "Schouders"),
        "pl": ("Bark", "Barki"), "pt": ("Ombro", "Ombros"), "zh": ("肩膀", "肩", "肩部"),
    },
    "shoulder-blade": {
        "en": ("Shoulder blade", "Shoulder blades"), "de": ("Schulterblatt", "Schulterblätter"),
        "es": ("Omóplato", "Omóplatos"), "fr": ("Omoplate", "Omoplates"), "it": ("Scapola", "Scapole"),
        "ja": ("肩甲骨",), "nl": ("Schouderblad", "Schouderbladen"), "pl": ("Łopatka", "Łopatki"),
        "pt": ("Omoplata", "Omoplatas"), "zh": ("肩胛骨",),
    },
    "upper-back": {
        "en": ("Upper back", "Thoracic spine"), "de": ("Oberer Rücken", "Brustwirbelsäule", "BWS"),
        "es": ("Espalda alta", "Parte superior de la espalda"), "fr": ("Haut du dos",),
        "it": ("Schiena alta", "Parte alta della schiena"),
        "ja": ("背中の上部", "上背部"), "nl": ("Bovenrug",), "pl": ("Górna część pleców", "Górny odcinek pleców"),
        "pt": ("Parte superior das costas",), "zh": ("上背部", "上背"),
    },
    "back": {
        "en": ("Back", "Spine"), "de": ("Rücken", "Wirbelsäule"), "es": ("Espalda",), "fr": ("Dos",),
        "it": ("Schiena",), "ja": ("背中",), "nl": ("Rug",), "pl": ("Plecy",), "pt": ("Costas",), "zh": ("背部", "背"),
    },
    "lower-back": {
        "en": ("Lower back", "Low back", "Lumbar spine"), "de": ("Unterer Rücken", "Kreuz", "Lendenwirbelsäule", "LWS"),
        "es": ("Zona lumbar", "Espalda baja", "Lumbares"), "fr": ("Bas du dos", "Lombaires"),
        "it": ("Zona lombare", "Schiena bassa", "Parte bassa della schiena"), "ja": ("腰",), "nl": ("Onderrug",),
        "pl": ("Dolna część pleców", "Krzyż", "Lędźwie"), "pt": ("Lombar", "Região lombar"),
        "zh": ("下背部", "腰部", "下背"),
    },
    "chest": {
        "en": ("Chest",), "de": ("Brust",), "es": ("Pecho",), "fr": ("Poitrine",), "it": ("Petto",), "ja": ("胸",),
        "nl": ("Borst",), "pl": ("Klatka piersiowa",), "pt": ("Peito",), "zh": ("胸部", "胸"),
    },
    "arm": {
        "en": ("Arm", "Arms"), "de": ("Arm", "Arme"), "es": ("Brazo", "Brazos"), "fr": ("Bras",),
        "it": ("Braccio", "Braccia"), "ja": ("腕",), "nl": ("Arm", "Armen"), "pl": ("Ramię", "Ramiona"),
        "pt": ("Braço", "Braços"), "zh": ("手臂", "胳膊"),
    },
    "forearm": {
        "en": ("Forearm", "Forearms"), "de": ("Unterarm", "Unterarme"), "es": ("Antebrazo", "Antebrazos"),
        "fr": ("Avant-bras",), "it": ("Avambraccio", "Avambracci"), "ja": ("前腕",), "nl": ("Onderarm", "Onderarmen"),
        "pl": ("Przedramię", "Przedramiona"), "pt": ("Antebraço", "Antebraços"), "zh": ("前臂",),
    },
    "elbow": {
        "en": ("Elbow", "Elbows"), "de": ("Ellenbogen", "Ellbogen"), "es": ("Codo", "Codos"), "fr": ("Coude", "Coudes"),
        "it": ("Gomito", "Gomiti"), "ja": ("ひじ", "肘"), "nl": ("Elleboog", "Ellebogen"), "pl": ("Łokieć", "Łokcie"),
        "pt": ("Cotovelo", "Cotovelos"), "zh": ("肘部", "肘"),
    },
    "wrist": {
        "en": ("Wrist", "Wrists"), "de": ("Handgelenk", "Handgelenke"), "es": ("Muñeca", "Muñecas"),
        "fr": ("Poignet", "Poignets"), "it": ("Polso", "Polsi"), "ja": ("手首",), "nl": ("Pols", "Polsen"),
        "pl": ("Nadgarstek", "Nadgarstki"), "pt": ("Pulso", "Pulsos", "Punho"), "zh": ("手腕",),
    },
    "hand": {
        "en": ("Hand", "Hands"), "de": ("Hand", "Hände"), "es": ("Mano", "Manos"), "fr": ("Main", "Mains"),
        "it": ("Mano", "Mani"), "ja": ("手",), "nl": ("Hand", "Handen"), "pl": ("Dłoń", "Dłonie"),
        "pt": ("Mão", "Mãos"), "zh": ("手", "手部"),
    },
    "hip": {
        "en": ("Hip", "Hips"), "de": ("Hüfte", "Hüften"), "es": ("Cadera", "Caderas"), "fr": ("Hanche", "Hanches"),
        "it": ("Anca", "Anche"), "ja": ("股関節",), "nl": ("Heup", "Heupen"), "pl": ("Biodro", "Biodra"),
        "pt": ("Quadril", "Anca", "Ancas"), "zh": ("髋部", "髋"),
    },
    "buttocks": {
        "en": ("Buttocks", "Buttock", "Glutes"), "de": ("Gesäß", "Po"), "es": ("Glúteos", "Glúteo"),
        "fr": ("Fesses", "Fessiers"), "it": ("Glutei", "Gluteo"), "ja": ("お尻", "臀部"), "nl": ("Billen", "Bil"),
        "pl": ("Pośladki", "Pośladek"), "pt": ("Glúteos", "Nádegas"), "zh": ("臀部",),
    },
    "thigh": {
        "en": ("Thigh", "Thighs"), "de": ("Oberschenkel",), "es": ("Muslo", "Muslos"), "fr": ("Cuisse", "Cuisses"),
        "it": ("Coscia", "Cosce"), "ja": ("太もも", "大腿"), "nl": ("Bovenbeen", "Dij"), "pl": ("Udo", "Uda"),
        "pt": ("Coxa", "Coxas"), "zh": ("大腿",),
    },
    "knee": {
        "en": ("Knee", "Knees"), "de": ("Knie",), "es": ("Rodilla", "Rodillas"), "fr": ("Genou", "Genoux"),
        "it": ("Ginocchio", "Ginocchia"), "ja": ("ひざ", "膝"), "nl": ("Knie", "Knieën"), "pl": ("Kolano", "Kolana"),
        "pt": ("Joelho", "Joelhos"), "zh": ("膝盖", "膝"),
    },
    "calf": {
        "en": ("Calf", "Calves"), "de": ("Wade", "Waden"), "es": ("Pantorrilla", "Pantorrillas"),
        "fr": ("Mollet", "Mollets"), "it": ("Polpaccio", "Polpacci"), "ja": ("ふくらはぎ",), "nl": ("Kuit", "Kuiten"),
        "pl": ("Łydka", "Łydki"), "pt": ("Panturrilha", "Panturrilhas"), "zh": ("小腿",),
    },
    "leg": {
        "en": ("Leg", "Legs"), "de": ("Bein", "Beine"), "es": ("Pierna", "Piernas"), "fr": ("Jambe", "Jambes"),
        "it": ("Gamba", "Gambe"), "ja": ("脚部",), "nl": ("Been", "Benen"), "pl": ("Noga", "Nogi"),
        "pt": ("Perna", "Pernas"), "zh": ("腿", "腿部"),
    },
    "ankle": {
        "en": ("Ankle", "Ankles"), "de": ("Knöchel", "Sprunggelenk"), "es": ("Tobillo", "Tobillos"),
        "fr": ("Cheville", "Chevilles"), "it": ("Caviglia", "Caviglie"), "ja": ("足首",), "nl": ("Enkel", "Enkels"),
        "pl": ("Kostka", "Kostki"), "pt": ("Tornozelo", "Tornozelos"), "zh": ("脚踝",),
    },
    "foot": {
        "en": ("Foot", "Feet"), "de": ("Fuß", "Füße"), "es": ("Pie", "Pies"), "fr": ("Pied", "Pieds"),
        "it": ("Piede", "Piedi"), "ja": ("足",), "nl": ("Voet", "Voeten"), "pl": ("Stopa", "Stopy"),
        "pt": ("Pé", "Pés"), "zh": ("足部", "双脚"),
    },
}  # fmt: skip


def area_key(measure: str, name: str) -> str:
    """The key of what a question is about: its name written like an id, the same for the words of every language.

    Args:
        measure: What is measured, such as `pain`.
        name: The name as the author wrote it, or a key already; empty for none.
    """
    words = " ".join((without_placeholders(name) or name).casefold().split())
    known = _keys_by_word().get(words) if measure == _PAIN else None
    return known or words.replace(" ", "-")


def area_word(key: str, language: str) -> str:
    """The word for an area in a language such as `de` or `pt-BR`; empty where none is known."""
    words = _WORDS.get(key, {}).get(language.partition("-")[0].lower(), ())
    return words[0] if words else ""


def area_words(language: str) -> tuple[str, ...]:
    """The word for each area that is known in a language; the English ones where none is."""
    return tuple(filter(None, (area_word(key, language) for key in _WORDS))) or area_words("en")


@cache
def _keys_by_word() -> dict[str, str]:
    return {word.casefold(): key for key, words in _WORDS.items() for one in words.values() for word in one}
