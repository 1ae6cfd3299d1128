"""Links of texts to pages."""

from django.utils.html import escape
from wagtail.rich_text.pages import PageLinkHandler

from campaigns.blocks.pointed import address_of, gathered


class GatheredLinkHandler(PageLinkHandler):
    """Takes pages that are fetched already; Wagtail's own asks for them anew in every block."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        keys = [int(attrs.get("id") or 0) for attrs in attrs_list]
        pages = gathered(keys)
        if pages is None:
            anew: list[str] = super().expand_db_attributes_many(attrs_list)
            return anew
        addresses = [escape(address_of(pages[key])) for key in keys]
        return [f'<a href="{address}">' if address else "<a>" for address in addresses]
