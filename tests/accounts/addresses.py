"""Every address of the admin, filled with something that exists."""

import re
import uuid
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.contrib.auth.models import Group
from django.urls import URLResolver, get_resolver
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, GroupApprovalTask, Locale, Site, UploadedFile, Workflow
from wagtail_localize.models import OverridableSegment, StringSegment, Translation

from accounts.models import User
from campaigns.models import (
    Answer,
    ChangeRequest,
    City,
    CityName,
    Delivery,
    Petition,
    PetitionEvent,
    Recipient,
    Tie,
)
from deliveries.models import Pack
from home.models import Contact
from integrity.models import Sweep, Wave
from launches.models import Launch
from library.models import Document
from signatures.models import Signature
from tests.support.kinds import SmallSite
from translation_desk.models import GlossaryTerm, GlossaryTranslation
from translations.submission import submit

ADMIN = "admin/"


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """All addresses below /admin/ as they are declared, without that prefix."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, address)
        elif address.startswith(ADMIN) and address != "admin/^.*/$":
            yield address.removeprefix(ADMIN)


class ExampleObjects:
    """One thing of each kind that an address may name."""

    def __init__(self, site: SmallSite) -> None:
        self.home = site["home"]["en"]
        self.page = site["portland"]["en"]
        self.image = get_image_model().objects.create(title="Image", file=get_test_image_file())
        self.document = Document.objects.create(title="Document", file="document.pdf")
        self.redirect = Redirect.objects.create(old_path="/old", redirect_link="/new")
        self.uploaded = UploadedFile.objects.create()
        self.revision = self.page.save_revision()
        uk = Locale.objects.get(language_code="uk")
        self.translation: Translation = submit(site["campaign"]["en"], uk)
        name = self.page.tie.city.names.get(locale__language_code="en")
        self.name_translation: Translation = submit(name, uk)
        self.user = User.objects.create_user("somebody", "somebody@example.org")
        self.campaign = site["campaign"]["en"]
        self.launch = Launch.objects.create(campaign=self.campaign.petition)  # type: ignore[misc]
        self.term = GlossaryTerm.objects.create(term="tie")
        self.term_translation = GlossaryTranslation.objects.create(
            term=self.term, locale=uk, forms="звʼязок"
        )
        self.event = PetitionEvent.objects.create(
            petition=self.page.petition, kind="launched", date="2022-06-01"
        )
        self.recipient = Recipient.objects.create(city=self.page.tie.city)
        self.change = ChangeRequest.objects.create(
            address=f"/admin/inherited/{self.page.pk}/", permission="campaigns.change_petition"
        )
        self.change.petitions.add(self.page.petition)
        now = timezone.now()
        self.delivery = Delivery.objects.create(
            petition=self.page.petition, counted_at=now, ready_at=now
        )
        self.answer = Answer.objects.create(
            delivery=self.delivery, language="en", text="Yes.", state=Answer.State.PUBLISHED
        )
        self.wave = Wave.objects.create(
            petition=self.page.petition, what=Wave.What.NETWORK, since=now, until=now
        )
        self.sweep = Sweep.objects.create(act="hold", note="A wave", seen=0)
        Pack.objects.create(delivery=self.delivery, state=Pack.State.FAILED)
        # Of somebody who signed, where the site has any.
        signed = Signature.objects.order_by("asked_at").values_list("pk", flat=True)
        self.signature_id = signed.first() or uuid.uuid4()
        self.workflow_state = Workflow.objects.get().start(site["campaign"]["en"], None)

    @cached_property
    def models(self) -> dict[str, Any]:
        """The key of a thing by the beginning of its addresses."""
        return {
            "snippets/campaigns/cityname": CityName.objects.filter(
                locale__language_code="uk"
            ).first(),
            "snippets/choose/campaigns/cityname": CityName.objects.first(),
            "snippets/campaigns/petition": self.page.petition,
            "snippets/choose/campaigns/petition": Petition.objects.first(),
            "snippets/campaigns/city": City.objects.first(),
            "snippets/choose/campaigns/city": City.objects.first(),
            "snippets/campaigns/tie": self.page.petition.tie,
            "snippets/choose/campaigns/tie": Tie.objects.first(),
            "snippets/translation_desk/glossaryterm": self.term,
            "snippets/choose/translation_desk/glossaryterm": self.term,
            "snippets/translation_desk/glossarytranslation": self.term_translation,
            "snippets/choose/translation_desk/glossarytranslation": self.term_translation,
            "snippets/campaigns/tieevent": self.page.tie.events.get(),
            "snippets/choose/campaigns/tieevent": self.page.tie.events.get(),
            "recipients": self.recipient,
            "snippets/choose/campaigns/recipient": self.recipient,
            "snippets/campaigns/petitionevent": self.event,
            "snippets/choose/campaigns/petitionevent": self.event,
            "locales": Locale.objects.get(language_code="uk"),
            "sites": Site.objects.get(),
            "users": self.user,
            "groups": Group.objects.get(name="Translators"),
            "collections": Collection.objects.first(),
            "workflows/tasks": GroupApprovalTask.objects.get(),
            "workflows": Workflow.objects.get(),
            "documents": self.document,
            "images": self.image,
            "settings": Site.objects.get(),
            "pages": self.page,
            "api": self.page,
            "localize/api": CityName.objects.first(),
            "localize/submit/snippet": CityName.objects.filter(locale__language_code="en").first(),
        }

    @cached_property
    def values(self) -> dict[str, Any]:
        """What stands for a named argument, where its name says enough."""
        states = self.workflow_state.task_states
        return {
            "parent_page_id": self.home.pk,
            "page_id": self.page.pk,
            "page_pk": self.page.pk,
            "page_to_move_id": self.page.pk,
            "destination_id": self.home.pk,
            "content_type_app_name": "campaigns",
            "content_type_model_name": "campaignpage",
            "revision_id": self.revision.pk,
            "revision_id_a": "earliest",
            "revision_id_b": "latest",
            "task_state_id": states.get().pk,
            "task_id": GroupApprovalTask.objects.get().pk,
            "workflow_pk": Workflow.objects.get().pk,
            "workflow_state_id": self.workflow_state.pk,
            "collection_id": Collection.objects.get().pk,
            "image_id": self.image.pk,
            "document_id": self.document.pk,
            "doc_id": self.document.pk,
            "uploaded_file_id": self.uploaded.pk,
            "filter_spec": "original",
            "redirect_id": self.redirect.pk,
            "translation_source_id": self.translation.source_id,
            "translation_id": self.translation.pk,
            "string_segment_id": StringSegment.objects.first().pk,
            "overridable_segment_id": getattr(OverridableSegment.objects.first(), "pk", 1),
            "mode": "open",
            "session_id": 1,
            "object_id": self.page.pk,
            "launch_id": self.launch.pk,
            "tie_id": self.page.tie.pk,
            "recipient_id": self.recipient.pk,
            "change_id": self.change.pk,
            "user_id": self.user.pk,
            "factor_id": 1,
            "signature_id": self.signature_id,
            "answer_id": self.answer.pk,
            "delivery_id": self.delivery.pk,
            "export_id": uuid.uuid4(),
            "sweep_id": self.sweep.pk,
            "wave_id": self.wave.pk,
            "approval_id": uuid.uuid4(),
            "language": "uk",
            "petition_id": self.page.petition_id,
            "uidb64": "x",
            "token": "x",
        }

    def fill(self, pattern: str) -> str:
        """The address that a pattern stands for."""
        names = {**self.values, **self.kind_of(pattern)}
        models = self.models
        if pattern.endswith("/name/"):
            names["translation_id"] = self.name_translation.pk
        if pattern.startswith(("exchange/", "launch/", "impact/", "wording/")):
            names["page_id"] = self.campaign.pk
        beginnings = [start for start in models if pattern.startswith(start)]
        if beginnings:
            names["pk"] = models[max(beginnings, key=len)].pk
        bare = re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", pattern).replace("\\.", ".")
        bare = re.sub(r"[\^$]", "", bare).replace("\\d+", "1")
        return "/admin/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda hit: str(names[hit[1]]), bare)

    def kind_of(self, pattern: str) -> dict[str, str]:
        """The model that a pattern names in its address."""
        app, model, action = "campaigns", "petitionpage", "publish"
        if pattern.startswith("settings"):
            app, model = Contact._meta.app_label, "contact"
        elif pattern.startswith(("localize", "tag")):
            model = "cityname"
        elif pattern.startswith("workflows"):
            app, model = "wagtailcore", "groupapprovaltask"
        elif pattern.startswith("bulk"):
            app, model = "wagtailcore", "page"
        if pattern.startswith("pages/workflow"):
            action = "approve"
        elif pattern.startswith("api"):
            action = "publish"
        names = {"app_label": app, "app_name": app, "model_name": model}
        return {**names, "action": action, "action_name": action}
