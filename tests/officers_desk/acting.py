"""Somebody at the desk, who acts by the addresses that a browser would use."""

from dataclasses import dataclass
from typing import Any

from django.test import Client

from accounts.confirming import PASSWORD as FIELD
from accounts.factors.marks import CONFIRMED_UNTIL
from accounts.models import User
from officers_desk.models import Export
from signatures.models import Signature
from tests.support.kinds import Response

PASSWORD = "secret-pass"
REASON = "Letter 12/2026"


@dataclass
class Officer:
    client: Client
    user: User

    def waits(self) -> None:
        """So long that they are asked again who they are."""
        session = self.client.session
        del session[CONFIRMED_UNTIL]
        session.save()

    def find(self, address: str) -> Response:
        return self.client.post("/admin/signers/", {"email": address})

    def see(self, signature: Signature) -> Response:
        return self.client.get(f"/admin/signers/{signature.pk}/")

    def act(self, signature: Signature, act: str, **values: Any) -> Response:
        data = {"reason": REASON, FIELD: PASSWORD, **values}
        return self.client.post(f"/admin/signers/{signature.pk}/{act}/", data)

    def export(self, purpose: str, petition: object, reason: str = REASON) -> Export:
        data = {"purpose": purpose, "petition": str(petition), "reason": reason, FIELD: PASSWORD}
        response = self.client.post("/admin/signers/exports/", data)
        assert response.status_code == 302, response.content.decode()
        return Export.objects.get(pk=response["Location"].rstrip("/").rpartition("/")[2])

    def take(self, export: Export, kind: str = "csv", password: str = PASSWORD) -> Response:
        address = f"/admin/signers/exports/{export.pk}/take/"
        return self.client.post(address, {"kind": kind, FIELD: password})

    def grant(self, key: object) -> Response:
        data = {"action": "grant", FIELD: PASSWORD}
        return self.client.post(f"/admin/approvals/{key}/", data, follow=True)
