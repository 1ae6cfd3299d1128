"""What a browser would send."""

from bs4 import BeautifulSoup


def form_fields(html: str) -> dict[str, str]:
    """What a browser would send of the forms of a page, as they stand there."""
    page = BeautifulSoup(html, "html.parser")
    fields = {field["name"]: field.get("value", "") for field in page.select("input[name]")}
    for choice in page.select("select[name]"):
        chosen = choice.select_one("option[selected]") or choice.select_one("option")
        fields[choice["name"]] = chosen["value"] if chosen else ""
    return {str(name): str(value) for name, value in fields.items()}
