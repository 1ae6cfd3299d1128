"""Which tables public pages show something of. A test holds that every table is in one list."""

from typing import Any

# Where they change, pages are rendered anew.
SHOWN = {
    "campaigns": (
        *("answer", "answertranslation", "campaignpage", "city", "cityname"),
        *("delivery", "petition", "petitionevent", "petitionpage", "recipient"),
        *("recipientwords", "round", "sitepause", "tie", "tieevent", "updatepage"),
    ),
    "cards": ("card",),
    "home": ("contact", "contentpage", "homepage"),
    "library": ("document", "image", "rendition"),
    # A campaign whose key is destroyed can no longer be signed.
    "signatures": ("hashkey", "signature"),
    "taggit": ("tag", "taggeditem"),
    "wagtailcore": (
        *("collection", "collectionviewrestriction", "collectionviewrestriction_groups", "locale"),
        *("page", "pageviewrestriction", "pageviewrestriction_groups", "site"),
    ),
    "wagtaildocs": ("document",),
    "wagtailembeds": ("embed",),
    "wagtailimages": ("image", "rendition"),
    "wagtailredirects": ("redirect",),
}
UNSEEN = {
    # Who works here, and what they may do. A page for some alone is never kept.
    "account": ("emailaddress", "emailconfirmation"),
    "accounts": ("session", "user", "user_groups", "user_user_permissions"),
    "auth": ("group", "group_permissions", "permission"),
    "mfa": ("authenticator",),
    "wagtailusers": ("userprofile",),
    # Work in the admin before it goes live, and what is written down of it.
    "campaigns": ("changerequest", "changerequest_petitions", "sourcecheck", "textversion"),
    "deliveries": (
        "answerlink",
        "pack",
        "signingkey",
    ),
    # Its numbers stand on pages that hold for seconds.
    "integrity": ("hourlyintegrity", "sweep", "wave"),
    "launches": ("launch", "launchitem"),
    "officers_desk": ("export",),
    "operations": ("done",),
    "translation_desk": ("digest", "glossaryterm", "glossarytranslation"),
    "translations": ("translationstate",),
    "wagtail_localize": (
        *("localesynchronization", "overridablesegment", "relatedobjectsegment"),
        *("segmentoverride", "string", "stringsegment", "stringtranslation", "template"),
        *("templatesegment", "translatableobject", "translation", "translationcontext"),
        *("translationlog", "translationsource"),
    ),
    "wagtailadmin": ("admin", "editingsession", "formstate"),
    "wagtailcore": (
        *("apitoken", "comment", "commentreply", "groupapprovaltask", "groupapprovaltask_groups"),
        *("groupcollectionpermission", "grouppagepermission", "groupsitepermission"),
        *("modellogentry", "pagelogentry", "pagesubscription", "referenceindex", "revision"),
        *("task", "taskstate", "uploadedfile", "workflow", "workflowcontenttype"),
        *("workflowpage", "workflowstate", "workflowtask"),
    ),
    # Written by the worker and by visitors, again and again.
    "contenttypes": ("contenttype",),
    "jobs": ("heartbeat", "job"),
    "pagecache": ("change", "version"),
    "security": (
        *("approval", "auditentry", "bucket", "daykey", "demologin", "policyreport", "realsite"),
        *("refused", "usedkey"),
    ),
    # Of people and of rules about them; what shows of them stands in their signatures. Numbers by
    # place are filled in, as totals are, which move with signatures.
    "signatures": (
        *("allowance", "erased", "erasure", "expirednumber", "hold", "hourlyplaces"),
        *("invalidation", "placetally", "report", "submission", "suppression", "tally"),
        "tallychange",
    ),
    # Free text is never answered from memory.
    "wagtailsearch": ("indexentry", "sqliteftsindexentry"),
}


def labels(rooms: dict[str, Any]) -> frozenset[str]:
    return frozenset(f"{room}.{model}" for room, models in rooms.items() for model in models)


TABLES = {
    "UNSEEN": labels(UNSEEN),
    # Of signers pages show names and numbers, which are filled in without rendering anew.
    "TOPICS": {"signatures.signature": "people"},
    # A new signature waits for its confirmation, a new answer for its reader, and a new key opens
    # nothing by itself. A picture in a new size is made by showing it, a site's settings, still
    # empty, by asking for them.
    "GROWING": frozenset(
        {
            *("campaigns.answer", "home.contact", "library.rendition", "signatures.hashkey"),
            *("signatures.signature", "wagtailimages.rendition"),
        }
    ),
    # Which record of a city a row belongs to, by which field: only pages that show it are rendered
    # anew. A petition's pages belong to it; of any other page everything may show something.
    "RECORDS": {
        "campaigns.city": ("city", "pk"),
        "campaigns.cityname": ("city", "city"),
        "campaigns.delivery": ("petition", "petition"),
        "campaigns.petition": ("petition", "pk"),
        "campaigns.petitionevent": ("petition", "petition"),
        "campaigns.petitionpage": ("petition", "petition"),
        "campaigns.round": ("petition", "petition"),
        "campaigns.tie": ("tie", "pk"),
        "campaigns.tieevent": ("tie", "tie"),
        "cards.card": ("petition", "petition"),
        "wagtailcore.page": ("petition", "petitionpage__petition"),
    },
    # What saving a draft writes into a page's row, and how far mails about a round have got.
    "DRAFTS": {
        "campaigns.round": frozenset({"asked_up_to"}),
        "wagtailcore.page": frozenset(
            {
                *("draft_title", "has_unpublished_changes", "latest_revision_id"),
                *("latest_revision_created_at", "locked", "locked_at", "locked_by_id"),
            }
        ),
    },
}
