"""The rules of written Ukrainian that a program can check.

Where the orthography leaves a choice, it is made once: «», ’ and an en dash with spaces.
"""

import re
from dataclasses import dataclass

LETTER = "[А-ЩЬЮЯҐЄІЇа-щьюяґєії]"
NUMBER = r"(?:\d|%\(\w+\)[sd]|%d|\{\w*\})"
UNITS = (
    r"(?:%(?!\()|°|км|кг|см|мм|га|КБ|МБ|ГБ|хв|год|с(?=[\s.,;)]|$)|тис\.|млн|млрд|грн|р\.|рр\.|ст\.)"
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


@dataclass(frozen=True)
class Rule:
    name: str
    wrong: str
    example: str

    def finds(self, text: str) -> list[str]:
        return [
            text[max(0, hit.start() - 20) : hit.end() + 20]
            for hit in re.finditer(self.wrong, text, re.IGNORECASE)
        ]


SIGNS = [
    Rule("quotation marks are «»", rf"[“”„]|\"(?={LETTER})|(?<={LETTER})\"", 'слово "так"'),
    Rule("the apostrophe is ’", rf"(?<={LETTER})['ʼ`′](?={LETTER})", "зв'язок"),
    Rule("the dash is –", "—", "ми — люди"),
    Rule("a hyphen is no dash", r"(?<=\S) - (?=\S)", "ми - люди"),
    Rule("an ellipsis is one sign", r"\.\.\.", "далі..."),
    Rule("a letter of Russian", "[ыэъё]", "подъезд"),
    Rule("letters of two alphabets", rf"[A-Za-z]{LETTER}|{LETTER}[A-Za-z]", "пiдпис"),
    Rule("a number and its unit stay together", rf"{NUMBER} {UNITS}(?!\w)", "за 5 хв"),
    Rule("№ and its number stay together", r"№ ?[\d%{]", "№ 5"),
    Rule("the parts of a number stay together", r"\d \d{3}\b", "16 000 дітей"),
    Rule("one space", r"(?<=\S)  +(?=\S)", "два  пропуски"),
    Rule("no space before a mark", r"(?<=\w) [,;:!?.](?=\s|$)", "так ,"),
]


def russianism(wrong: str, better: str, example: str) -> Rule:
    return Rule(f"better: {better}", rf"(?<![\w’])(?:{wrong})", example)


RUSSIANISMS = [
    russianism(r"слідуюч\w+", "наступний, такий", "слідуючий крок"),
    russianism(r"при(?:йма|йня)\w* участь", "брати участь", "приймати участь"),
    russianism(r"на протязі", "протягом", "на протязі дня"),
    russianism(r"явля(?:єть|ють|ти|в|л)\w*ся", "є", "це являється помилкою"),
    russianism(r"співпада\w+|співпав\w*|співпасти", "збігатися", "імена співпадають"),
    russianism(r"відмін(?:ити|ено|ив|ила|или|іть|яти)\b", "скасувати", "відмінити зміни"),
    russianism(r"люб(?:ий|ого|ому|им|ою|ої|а|е|у|і|их|ими)\b", "будь-який", "у любому місті"),
    russianism(r"учбов\w+", "навчальний", "учбовий заклад"),
    russianism(r"получ(?:ити|ив|ила|или|ати|ає)\w*", "отримати", "получити лист"),
    russianism(
        r"сам(?:ий|а|е|і|ого|ої) (?:кращ|гірш|більш|менш|голов|важлив|нов|стар)\w+",
        "най…",
        "самий кращий",
    ),
    russianism(r"(?:в|у) залежності від", "залежно від", "в залежності від мови"),
    russianism(r"згідно до", "згідно з", "згідно до закону"),
    russianism(r"існуюч\w+", "наявний", "існуючі сторінки"),
    russianism(r"діюч(?:ий|а|е|і|ого|ої|их)\b", "чинний, дієвий", "діючий закон"),
    russianism(r"бажаюч\w+", "охочий", "усі бажаючі"),
    russianism(r"оточуюч\w+", "навколишній", "оточуючі люди"),
    russianism(r"міроприємств\w+", "захід", "міроприємство"),
    russianism(r"добав(?:ити|лен|ля|те|ив)\w*", "додати", "добавити місто"),
    russianism(r"на(?:жм|жат|жим)\w+", "натиснути", "нажміть кнопку"),
    russianism(r"скача(?:ти|й|єте|ли|в)\w*", "завантажити", "скачати файл"),
    russianism(r"не дивлячись на", "попри", "не дивлячись на це"),
    russianism(r"тим не менше?", "проте", "тим не менше"),
    russianism(r"(?:в|у) якості", "як", "в якості мера"),
    russianism(r"підписчик\w*", "підписник", "підписчик петиції"),
    russianism(r"мова йде про", "ідеться про", "мова йде про місто"),
    russianism(r"так як", "оскільки", "так як місто"),
    russianism(r"по крайній мірі", "принаймні", "по крайній мірі"),
    russianism(r"приймати (?:міри|заходи)", "вживати заходів", "приймати міри"),
    russianism(r"рішит\w+", "вирішити", "рішити питання"),
    russianism(r"(?:не)?вірн(?:ий|а|е|і|о|у|ого)\b", "правильний", "невірний пароль"),
    russianism(r"при допомозі", "за допомогою", "при допомозі коду"),
    russianism(r"на рахунок", "щодо", "на рахунок підпису"),
    russianism(r"по(?:шт|чт)овий ящик", "поштова скринька", "поштовий ящик"),
    russianism(r"відноситься до", "належить до", "відноситься до теми"),
    russianism(r"більш (?:краще|кращий|вищий|легший)", "кращий", "більш кращий"),
    russianism(r"вибачаюс\w+", "перепрошую", "вибачаюсь"),
    russianism(r"настройк\w+", "налаштування", "настройки сайту"),
    russianism(r"ссилк\w+", "посилання", "ссилка"),
    russianism(r"загруз\w+", "завантажити", "загрузити файл"),
    russianism(r"сохран\w+", "зберегти", "сохранити"),
    russianism(r"інформаці\w+ по (?!батькові)", "про", "інформація по місту"),
]
RULES = [*SIGNS, *RUSSIANISMS]


def readable(text: str) -> str:
    """A text without what no reader sees: markup, addresses, code."""
    text = re.sub(r"`[^`]*`|https?://\S+|\S+@\S+|<[^>]+>", "·", text)
    return PLACEHOLDER.sub(lambda hit: "%d" if hit[0].startswith("%") else "{}", text)


def complaints(text: str) -> list[str]:
    plain = readable(text)
    return [f"{rule.name}: …{hit}…" for rule in RULES for hit in rule.finds(plain)]
