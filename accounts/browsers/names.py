"""What a browser calls itself, in two words. They are names, so nobody translates them."""

from django.http import HttpRequest

# The first that fits: most browsers also name those that they want to be taken for.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(request: HttpRequest) -> str:
    """Like “Firefox, Linux”; nothing where neither is known."""
    told = request.headers.get("User-Agent", "")
    found = (
        next((name for sign, name in known if sign in told), "") for known in (BROWSERS, SYSTEMS)
    )
    return ", ".join(filter(None, found))
