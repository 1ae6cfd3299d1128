"""A name is a name and no advertisement, and no text hides characters that nobody sees."""

import sys
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.forms import Field
from django.utils import translation
from hypothesis import assume, example, given
from hypothesis import strategies as st

from campaigns.records.form_shape import Question
from signatures.form.characters import holds_unseen
from signatures.form.form_fields import field_for
from signatures.form.names import TITLES
from signatures.form.sign_form import CodeForm, SignForm
from tests.signatures.posting import post
from tests.support.kinds import CityPages

pytestmark = pytest.mark.any_database

# Of people, real or as they could be, from many countries. Persian and Sinhala ones need joiners.
HUMAN = (
    """
Мар'яна П. Коваль|Олександра Ґалаґан-Ів’яненко|Їжакевич Єва|Нестор-Юрій Чапля|Лев Тʼю
Małgorzata Brzęczyszczykiewicz-Żółć|Łukasz Święty|Jiří Dvořák|Nguyễn Thị Ánh Nguyệt|Trần Văn Ơn
محمد بن سلمان آل سعود|عبد الرحمن أبو بكر|حسینی\u200cنژاد|李小龍|王|欧阳娜娜|迪丽热巴·迪力木拉提
山田 太郎|ジョン・スミス|辻\U000e0100 一郎|김민수|남궁 옥분|สมชาย ใจดี|พรรณราย แสงวิเชียร|ශ්\u200dරී ජයවර්ධන
अमिताभ बच्चन|தமிழ்செல்வி இராமசாமி|ৰীতা শৰ্মা|گلزار احمد|גולדה מאיר|Ελένη Παπαδοπούλου|Շառլ Ազնավուր
გიორგი ბარათაშვილი|ጸጋዬ ገብረ መድኅን|Björk Guðmundsdóttir|Þórbergur Þórðarson|Ævar Örn|Ragnheiður Ýr
Liliʻuokalani|Keihanaikukauakahihuliheʻekahaunaele|Kaʻahumanu O’Neil|Seán Ó Súilleabháin|D'Arcy
J.R. Smith|J. R. R. Tolkien|St. John|St.John Smith|John Smith Jr.|Ph.D. Jones|A. I. Bell|M. Sc. Anna Alt
O|Q. X.|U Thant|X Æ A-Xii|Jean-Luc Picard|Vincent van Gogh|Ludwig von und zu Mühlen|Ana de la Cruz
Gal·la Pau|Montserrat Coll i Coll|José María Aznar y López|Antônio Carlos Jobim|Nguyễn|Ng|Li Na
Ngũgĩ wa Thiong’o|!Xóõ ǂKhomani|Siân Llŷr|Ōtani Shōhei|Leutheusser-Schnarrenberger|Håkon Åse
Wolfeschlegelsteinhausenbergerdorff|Elizabeth II|John 3rd|Pope John XXIII|Сергій Гай-Нижник
Dr. Li|Mr. Ng|Prof. Kim|Md. Kim|A. Kim|a. li|Alex. Li|J. de la Cruz|Joh. de la Cruz|M. al Rashid|St. Croix
Проф. Ко|Ing. Al|W. van de Co|Hon. My Nguyen|L. in ’t Veld|Carl af Ugglas|J. af Geijerstam
יִשָּׂשכָר בֶּן־דָּוִד|מֹשֶׁה|שִׁמְעוֹן|עَبْدُ اللّٰهِ|مُحَمَّدٌ|ख़ाँ अब्दुल ग़फ़्फ़ार|अंकुर ज़ुत्शी|फ़ैज़|སྒྲོལ་མ|བསྟན་འཛིན་རྒྱ་མཚོ
Ї́жак Олекса́ндра|Ngọc Hiền Nguyễn|Trịnh Thị Mỹ Lệ|မြင့်ဆွေဦး|สุริยะใส กตะศิลา|ស្រីមុំ ឈុន|ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ|Ąžuolas Ū̃sas
""".strip()
    .replace("\n", "|")
    .split("|")
)

SUFFIXES = [
    "com",
    "org",
    "co.uk",
    "com.ua",
    "укр",
    "рф",
    "中国",
    "भारत",
    "xn--p1ai",
    "io",
    "github.io",
]
DOTS = [".", "。", "．", "｡", "․", "·", "•", "۔", " .", "⸱", "●", "◦", "˙", "°", "॰", "᛫", "꞉"]
DIGITS = [
    *("0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९"),
    *("𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "⁰¹²³⁴⁵⁶⁷⁸⁹", "①②③④⑤⑥⑦⑧⑨⓪"),
]
UNSEEN_CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
# Those that Unicode calls letters or marks and draws as nothing.
UNSEEN = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0\ufffc\ufffd"
WORDS = st.from_regex(r"[A-Za-zА-Яа-яІЇЄҐіїєґ]{1,12}", fullmatch=True)


@pytest.fixture(scope="module")
def every_character() -> list[str]:
    return [chr(number) for number in range(sys.maxunicode + 1)]


@pytest.fixture(scope="module")
def nobody_sees(every_character: list[str]) -> list[str]:
    return [
        character
        for character in every_character
        if unicodedata.category(character) in UNSEEN_CATEGORIES
        or unicodedata.name(character, "").startswith("VARIATION SELECTOR-")
        or character in UNSEEN
    ]


def refused(name: str) -> str:
    """The code of the refusal; "" for a name that is accepted."""
    try:
        SignForm.base_fields["name"].clean(name)
    except ValidationError as error:
        [told] = error.error_list
        return str(told.code)
    return ""


@pytest.mark.parametrize("name", HUMAN)
def test_people_are_called_so(name: str) -> None:
    assert refused(name) == ""
    assert refused(unicodedata.normalize("NFD", name)) == "", "as some systems send it"


@given(st.lists(WORDS, min_size=1, max_size=4), st.sampled_from([" ", "-", "’", "ʻ", ". ", "'"]))
def test_any_words_make_a_name(words: list[str], between: str) -> None:
    # Behind a dot, a name has a capital letter, and "Com" is none.
    if between == ". ":
        words = [word[:2].capitalize() for word in words]
    name = between.join(words)
    assume(len(name.split(" ")[0]) < 40)
    assert refused(name) == ""


@given(
    WORDS, st.sampled_from(SUFFIXES), st.sampled_from(DOTS), st.sampled_from(["", "Ann ", "Ann-"])
)
@example("go", "com", ".", "J. ")
def test_a_domain_is_no_name(label: str, suffix: str, dot: str, before: str) -> None:
    assume(label.casefold() != "www")
    domain = f"{label}.{suffix}"
    for name in (domain, domain.upper(), full_width(domain)):
        name = name.replace(".", dot)
        assert refused(f"{before}{name} Smith") == "domain"
        assert refused(f"{before}{name}.") == "domain"


@given(
    st.from_regex(r"[a-z]{4,12}", fullmatch=True),
    st.sampled_from(SUFFIXES),
    st.sampled_from(["{}. {}", "{} . {}", "{}。 {}", "{}.  {}", "{}.\u00a0{}"]),
    st.sampled_from(["", "Ann ", "J. "]),
)
@example("evil", "com", "{}. {}", "")
@example("evil", "shop", "{}. {}", "")
def test_a_blank_after_the_dot_makes_no_name_of_a_domain(
    label: str, suffix: str, pattern: str, before: str
) -> None:
    assume(label not in TITLES)
    name = before + pattern.format(label, suffix)
    assert refused(name) == "domain"
    assert refused(f"{name}!") == "domain"


@pytest.mark.parametrize(
    "name", ["Evil. Com", "EVIL. COM", "x. com", "Evil. Shop", "evil. de", "A. com"]
)
def test_capitals_make_no_name_of_it_either(name: str) -> None:
    assert refused(name) == "domain"


@given(
    st.sampled_from("aяΩابश中"),
    st.lists(st.characters(min_codepoint=0x300, max_codepoint=0x36F), min_size=3, max_size=9),
)
def test_no_letter_bears_a_stack_of_accents(letter: str, accents: list[str]) -> None:
    name = letter + "".join(accents)
    whole = unicodedata.normalize("NFC", name)
    assume(sum(unicodedata.combining(each) > 0 for each in whole) > 2)
    assume(not holds_unseen(name))
    assert refused(f"Ann {name}nn") == "marks"


@pytest.mark.parametrize("mark", ["\u0e47", "\u064e", "\u0941", "\u05b8", "\u20dd", "\u0f74"])
def test_no_alphabet_s_own_marks_are_stacked_without_end(mark: str) -> None:
    assert refused(f"กका{mark * 5}") == "marks"


def full_width(text: str) -> str:
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)


@pytest.mark.parametrize("name", ["A. Li", "Y. Ng", "M. Sc. Anna"])
def test_a_space_after_the_dot_helps_where_initials_look_like_a_domain(name: str) -> None:
    assert refused(name.replace(". ", ".")) == "domain"
    assert refused(name) == ""


@pytest.mark.parametrize("width", [str, full_width])
@pytest.mark.parametrize(
    "advertisement",
    [
        *("ann@example", "Ann @ example", "http:ann", "HTTPS://ann", "https : //ann", "mailto:ann"),
        *("tel:12345", "tg:ann", "viber://ann", "Ann www.ann", "WWW .ann", "www2.ann", "insta:ann"),
        *("javascript:alert()", "<b>Ann</b>", "=1+1", "+1", "-1", "@ann"),
    ],
)
def test_what_only_addresses_and_formulas_have_is_refused(
    advertisement: str, width: Callable[[str], str]
) -> None:
    name = width(advertisement)
    assert refused(name) == ("" if name.startswith("＜") else "markup")


@given(
    st.lists(st.sampled_from(DIGITS).flatmap(st.sampled_from), min_size=6, max_size=12),
    st.sampled_from(["", " ", "-", ". ", "/", " a ", "–"]),
)
def test_six_digits_of_any_script_are_no_name(digits: list[str], between: str) -> None:
    assert refused("Ann " + between.join(digits)) == "digits"
    assert refused("Ann " + between.join(digits[:5])) == ""


@given(st.characters(categories=["Lu", "Ll", "Lo"]))
@example("é")
@example("王")
def test_forty_letters_stand_together_and_no_more(letter: str) -> None:
    assume(len(unicodedata.normalize("NFC", letter * 2)) == 2)
    assume(not holds_unseen(letter))
    assert refused(letter * 40 + " " + letter * 40) == ""
    assert refused(letter * 41) == "long_word"


def test_every_character_that_nobody_sees_is_known(
    every_character: list[str], nobody_sees: list[str]
) -> None:
    assert len(nobody_sees) > 140_000
    missed = [hex(ord(each)) for each in nobody_sees if not holds_unseen(f"a{each}b")]
    assert missed == []
    wrong = [
        hex(ord(each))
        for each in every_character
        if unicodedata.category(each)[0] in "LMNPSZ" and holds_unseen(f"a{each}b")
    ]
    assert set(wrong) <= {hex(ord(each)) for each in nobody_sees}


def single_lines() -> list[tuple[str, Any]]:
    """All fields for one line of text: of the form, of the editors' questions, of the code."""
    asked = [Question(kind=kind, key="k", label="L") for kind in ("text", "long_text")]
    fields = {**SignForm.base_fields, **CodeForm.base_fields}
    fields |= {f"question {each.kind}": field_for(each) for each in asked}
    internal = ("website", "version", "email_asked")
    return [
        (name, field)
        for name, field in fields.items()
        if type(field).__name__ == "CleanCharField" and name not in internal
    ]


@pytest.mark.parametrize(("name", "field"), single_lines())
@pytest.mark.parametrize("place", ["{}ann", "a{}nn", "ann{}"])
def test_no_field_takes_a_character_that_nobody_sees(
    nobody_sees: list[str], name: str, field: Field, place: str
) -> None:
    is_long = name in ("comment", "question long_text")
    for hidden in [*nobody_sees[:300], *nobody_sees[-300:]]:
        sent = place.replace("{}", hidden)
        if is_long and hidden in "\t\r\n":
            assert field.clean(sent) == sent.strip()
            continue
        with pytest.raises(ValidationError) as caught:
            field.clean(sent)
        assert {error.code for error in caught.value.error_list} == {"control"}


def test_every_field_of_the_form_for_text_is_such_a_field() -> None:
    fields = dict(single_lines())
    assert {"name", "email", "postcode", "comment", "code"} < set(fields)
    assert {"question text", "question long_text"} < set(fields)


@pytest.mark.parametrize(
    "words", ["❤️ Go!", "👩‍👩‍👧 1️⃣", "🏳️‍🌈 good", "می‌روم", "two\nlines\tand a tab"]
)
def test_a_comment_may_hold_what_people_write_in_comments(words: str) -> None:
    assert SignForm.base_fields["comment"].clean(words) == words


@pytest.mark.parametrize("postcode", ["97201", "SW1A 1AA", "00-950", "D02 AF30", "٠١٢٣٤"])
def test_postcodes_are_taken_as_they_are_written(postcode: str) -> None:
    assert SignForm.base_fields["postcode"].clean(postcode) == postcode


@pytest.mark.parametrize("postcode", ["a.com", "<b>", "=1", "x@y", "http://x"])
def test_what_is_no_postcode_is_refused(postcode: str) -> None:
    with pytest.raises(ValidationError):
        SignForm.base_fields["postcode"].clean(postcode)


@pytest.mark.parametrize(
    "name", ["x" * 100_000, "a\u0301\u0316" * 50_000, "්\u200d" * 50_000, "a.b:" * 25_000]
)
def test_a_text_that_is_too_long_is_refused_at_once(name: str) -> None:
    assert refused(name) == "max_length"


@pytest.mark.parametrize(
    ("name", "english", "ukrainian"),
    [
        ("buy.com", "web address. If it is your name", "поставте після крапки пробіл"),
        ("Ann 123-456", "without a number", "без числа"),
        ("x" * 41, "More than 40 letters", "Понад 40 літер"),
        ("evil. com", "web address", "адресу сайту"),
        ("A\u0301\u0302\u0303\u0304nn", "with plain letters", "звичайними літерами"),
        ("Ann\u200b", "character that cannot be shown", "не можна показати"),
        ("Ann @ home", "a name only", "лише ім’я"),
    ],
)
@pytest.mark.django_db
def test_each_refusal_is_told_in_both_languages(
    portland: CityPages, name: str, english: str, ukrainian: str
) -> None:
    for language, sentence in (("en", english), ("uk", ukrainian)):
        with translation.override(language):
            response = post(portland[language], name=name)
        assert response.status_code == 422
        assert sentence in response.content.decode()
