"""What is done to one page of several: deleting, moving, copying, unpublishing, making private."""

from wagtail import hooks
from wagtail.admin.viewsets.pages import base_page_viewset
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.rich_text.feature_registry import FeatureRegistry

from campaigns.blocks.links import GatheredLinkHandler
from campaigns.views import one_of_several
from campaigns.views.deleting import DeleteUnsigned, ask_second_person
from campaigns.views.pages_api import RuledPagesViewSet
from campaigns.views.privacy import PrivacyInEveryLanguage

# After Wagtail's own, in whose place it stands.
hooks.register("register_bulk_action", DeleteUnsigned, order=10)
base_page_viewset.set_privacy_view_class = PrivacyInEveryLanguage
hooks.register("before_delete_page", one_of_several.keep_signed)
hooks.register("before_delete_page", ask_second_person)
hooks.register("before_move_page", one_of_several.keep_in_place)
hooks.register("before_copy_page", one_of_several.refuse_copies)
hooks.register("before_bulk_action", one_of_several.keep_several)
hooks.register("after_unpublish_page", one_of_several.finish_in_other_languages)
hooks.register("after_delete_page", one_of_several.finish_in_other_languages)
hooks.register("after_bulk_action", one_of_several.tell_of_several)


@hooks.register("register_rich_text_features", order=10)
def gather_links(features: FeatureRegistry) -> None:
    features.register_link_type(GatheredLinkHandler)


@hooks.register("construct_admin_api")
def keep_rules(router: WagtailAPIRouter) -> None:
    router.register_endpoint("pages", RuledPagesViewSet)
