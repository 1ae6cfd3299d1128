"""A pack holds numbers, words and the names that may be named; it can be checked without us."""

import hashlib
import io
from datetime import timedelta

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from campaigns.models import Recipient, RecipientWords
from deliveries.models import Pack, SigningKey
from deliveries.packs import files, handing, making, typesetting
from deliveries.packs.content import Contents, broken
from signatures.models import Signature
from tests.deliveries.conftest import Prepare
from tests.support.factories import confirmed
from tests.support.kinds import CityPages

pytestmark = pytest.mark.django_db


def content(pack: Pack, name: str) -> bytes:
    return files.read(pack, name)


def test_a_pack_has_both_languages_its_names_and_its_checksums(
    prepare: Prepare, signers: list[Signature]
) -> None:
    delivery = prepare()
    pack = delivery.pack
    assert pack.state == Pack.State.READY
    assert pack.names == [
        *("petition-en.pdf", "petition-uk.pdf", "names-01.csv", "names-01.pdf", "numbers.csv"),
        *("checksums.sig", "checksums.txt"),
    ]
    assert set(delivery.checksums) == set(pack.names)
    for name, checksum in delivery.checksums.items():
        assert hashlib.sha256(content(pack, name)).hexdigest() == checksum
        assert delivery.file_of(checksum) == name
    assert (delivery.totals["signatures"], delivery.totals["names"]) == (3, 1)
    assert "محمد علي" in content(pack, "names-01.csv").decode()
    assert "Mary" not in content(pack, "names-01.csv").decode()


def test_a_version_that_few_signed_stands_without_its_number(
    prepare: Prepare, portland: CityPages
) -> None:
    for number in range(14):
        confirmed(portland["uk" if number < 2 else "en"], f"{number}@example.org")
    pack = prepare().pack
    assert set(pack.delivery.totals["versions"].values()) == {None}, "12 would tell the 2"
    html = Client().get(f"/en/deliveries/{pack.delivery.code}/").content.decode()
    assert html.count("The number is left out") == 2
    numbers = content(pack, "numbers.csv").decode()
    assert [line.rpartition(",")[2] for line in numbers.splitlines() if "versions" in line] == [
        "",
        "",
    ]
    for number in range(14, 24):
        confirmed(portland["uk"], f"{number}@example.org")
    pack.delivery.delete()
    assert sorted(prepare().totals["versions"].values()) == [12, 12]


def test_its_documents_say_that_they_are_accessible_and_may_be_archived(
    prepare: Prepare, signers: list[Signature]
) -> None:
    pack = prepare().pack
    for name, language in (("petition-en.pdf", "en"), ("petition-uk.pdf", "uk")):
        with pikepdf.open(io.BytesIO(content(pack, name))) as document:
            assert str(document.Root.Lang) == language
            assert document.Root.MarkInfo.Marked
            with document.open_metadata() as said:
                assert (said["pdfuaid:part"], said["pdfaid:part"]) == ("1", "2")
                assert said["pdfaid:conformance"] == "A"


def test_the_sites_public_key_proves_its_checksums(
    prepare: Prepare, signers: list[Signature]
) -> None:
    pack = prepare().pack
    answer = Client().get("/.well-known/deliveries.pem")
    key = load_pem_public_key(answer.content)
    text, signature = content(pack, "checksums.txt"), content(pack, "checksums.sig")
    key.verify(signature, text)  # type: ignore[union-attr, call-arg]
    for name in ("petition-en.pdf", "names-01.csv"):
        assert f"{pack.files[name]}  {name}\n" in text.decode()


def test_a_new_key_signs_and_the_one_before_still_checks_what_it_signed(
    prepare: Prepare, signers: list[Signature], by: User, capsys: pytest.CaptureFixture[str]
) -> None:
    old = prepare()
    handing.hand_over(old, by, handing.today(old.petition))
    half_made = prepare(steps=2)
    call_command("new_signing_key")
    assert "/.well-known/deliveries-2.pem" in capsys.readouterr().out
    while making.step(half_made.pk):
        pass
    for pack, number in ((old.pack, 1), (Pack.objects.get(pk=half_made.pk), 2)):
        answer = Client().get(f"/.well-known/deliveries-{number}.pem")
        key = load_pem_public_key(answer.content)
        text, signature = content(pack, "checksums.txt"), content(pack, "checksums.sig")
        key.verify(signature, text)  # type: ignore[union-attr, call-arg]
    every = Client().get("/.well-known/deliveries.pem").content.decode()
    assert every == "".join(SigningKey.objects.values_list("public", flat=True))
    assert every.count("BEGIN PUBLIC KEY") == 2
    assert Client().get("/.well-known/deliveries-3.pem").status_code == 404
    anew = Pack.objects.get(pk=half_made.pk).delivery
    assert "deliveries-2.pem" in str(Contents.of(anew, "en").document([]))


def test_what_lies_in_the_storage_is_noise(prepare: Prepare, signers: list[Signature]) -> None:
    pack = prepare().pack
    with files.storage().open(files.path(pack, "names-01.csv")) as file:
        assert "محمد علي".encode() not in file.read()


def test_nobody_s_signature_makes_no_pack_but_loses_no_address(
    prepare: Prepare, portland: CityPages
) -> None:
    delivery = prepare("email", "mayor@city.example")
    pack = delivery.pack
    assert (pack.state, pack.key) == (Pack.State.FAILED, "")
    assert (delivery.ready_at, delivery.checksums) == (None, {})
    confirmed(portland["en"])
    making.begin(delivery)
    while making.step(delivery.pk):
        pass
    pack.refresh_from_db()
    assert (pack.state, pack.email) == (Pack.State.READY, "mayor@city.example")
    handing.discard(pack)
    assert Pack.objects.get().email == ""


def test_who_signs_while_it_is_made_changes_no_number_of_it(
    prepare: Prepare, signers: list[Signature], portland: CityPages
) -> None:
    delivery = prepare(steps=1)
    late = confirmed(portland["en"], "late@example.org", name="Late")
    late.let_name(portland["en"].recipient)
    while making.step(delivery.pk):
        pass
    delivery.refresh_from_db()
    assert delivery.totals["signatures"] == len(signers)
    assert Signature.objects.counted().count() == len(signers) + 1
    assert late.name not in content(delivery.pack, "names-01.csv").decode()


def test_a_worker_that_died_half_way_is_followed_by_another(
    prepare: Prepare, signers: list[Signature], monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = prepare(steps=2)
    with monkeypatch.context() as patch:
        patch.setattr(making, "noted", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            making.step(delivery.pk)
    while making.step(delivery.pk):
        pass
    delivery.refresh_from_db()
    assert len(delivery.checksums) == 7


def test_names_go_into_volumes(
    prepare: Prepare,
    signers: list[Signature],
    portland: CityPages,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(making, "NAMES_A_FILE", 2)
    for signer in signers:
        signer.let_name(portland["en"].recipient)
    pack = prepare().pack
    lines = [content(pack, f"names-0{volume}.csv").decode().split() for volume in (1, 2)]
    assert "1" in lines[0][1]
    assert lines[1][1].startswith("3,")


def test_a_sign_without_a_glyph_is_named_and_a_long_word_is_broken(
    portland: CityPages, signers: list[Signature], prepare: Prepare
) -> None:
    document = making.names_document(prepare(), ["🌻" + "A" * 100], 1, 1)
    ((name, note),) = document["sections"][0]["parts"][2]["rows"]
    assert max(map(len, name.split("\u200b"))) <= 30
    assert "SUNFLOWER (U+1F33B)" in note
    assert typesetting.typeset(document).startswith(b"%PDF")
    assert broken("e\u0301" * 40).count("\u200b\u0301") == 0


def test_a_document_that_cannot_be_set_says_so_without_its_words() -> None:
    with pytest.raises(typesetting.UnsettableError) as caught:
        typesetting.typeset({"title": "Olena"})
    assert "Olena" not in str(caught.value)


def test_the_address_to_check_it_is_in_it(
    prepare: Prepare, signers: list[Signature], portland: CityPages
) -> None:
    delivery = prepare()
    contents = Contents.of(delivery, "uk")
    parts = contents.document([])["sections"][0]["parts"]
    assert {"kind": "link", "address": contents.address} in parts
    assert contents.address.endswith(f"/uk/deliveries/{delivery.code_told}/")


def test_a_mayor_whom_somebody_knows_is_addressed_by_name(
    prepare: Prepare, signers: list[Signature], portland: CityPages
) -> None:
    mayor = Recipient.objects.create(
        city=portland["en"].tie.city, source="City hall", checked_on=timezone.localdate()
    )
    RecipientWords.objects.create(recipient=mayor, language="en", address="Dear Mayor Doe")
    greeting = {"kind": "text", "text": "Dear Mayor Doe"}
    delivery = prepare()
    assert greeting in Contents.of(delivery, "en").document([])["sections"][0]["parts"]
    Recipient.objects.update(checked_on=timezone.localdate() - timedelta(days=400))
    assert greeting not in Contents.of(delivery, "en").document([])["sections"][0]["parts"]
