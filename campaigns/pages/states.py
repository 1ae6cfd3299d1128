"""The states of the United States: how they are written short, where they lie, their ZIP codes."""

from bisect import bisect_right

# Each state is a square, about where it lies: abbreviation, column and row.
US_STATES = {
    "Alabama": ("AL", 6, 6),
    "Alaska": ("AK", 0, 1),
    "Arizona": ("AZ", 1, 5),
    "Arkansas": ("AR", 4, 5),
    "California": ("CA", 0, 4),
    "Colorado": ("CO", 2, 4),
    "Connecticut": ("CT", 10, 3),
    "Delaware": ("DE", 9, 4),
    "District of Columbia": ("DC", 8, 5),
    "Florida": ("FL", 7, 7),
    "Georgia": ("GA", 7, 6),
    "Hawaii": ("HI", 0, 7),
    "Idaho": ("ID", 1, 2),
    "Illinois": ("IL", 5, 3),
    "Indiana": ("IN", 6, 3),
    "Iowa": ("IA", 4, 3),
    "Kansas": ("KS", 3, 5),
    "Kentucky": ("KY", 5, 4),
    "Louisiana": ("LA", 4, 6),
    "Maine": ("ME", 10, 0),
    "Maryland": ("MD", 8, 4),
    "Massachusetts": ("MA", 9, 2),
    "Michigan": ("MI", 6, 2),
    "Minnesota": ("MN", 4, 2),
    "Mississippi": ("MS", 5, 6),
    "Missouri": ("MO", 4, 4),
    "Montana": ("MT", 2, 2),
    "Nebraska": ("NE", 3, 4),
    "Nevada": ("NV", 1, 3),
    "New Hampshire": ("NH", 10, 1),
    "New Jersey": ("NJ", 9, 3),
    "New Mexico": ("NM", 2, 5),
    "New York": ("NY", 8, 2),
    "North Carolina": ("NC", 6, 5),
    "North Dakota": ("ND", 3, 2),
    "Ohio": ("OH", 7, 3),
    "Oklahoma": ("OK", 3, 6),
    "Oregon": ("OR", 0, 3),
    "Pennsylvania": ("PA", 8, 3),
    "Rhode Island": ("RI", 10, 2),
    "South Carolina": ("SC", 7, 5),
    "South Dakota": ("SD", 3, 3),
    "Tennessee": ("TN", 5, 5),
    "Texas": ("TX", 3, 7),
    "Utah": ("UT", 1, 4),
    "Vermont": ("VT", 9, 1),
    "Virginia": ("VA", 7, 4),
    "Washington": ("WA", 0, 2),
    "West Virginia": ("WV", 6, 4),
    "Wisconsin": ("WI", 5, 2),
    "Wyoming": ("WY", 2, 3),
}

# Beside what only cuts a name short, like Calif. or N. Dak. Initials are read as one word.
SHORT_FORMS = {
    **{short.lower(): state for state, (short, _x, _y) in US_STATES.items()},
    "wva": "West Virginia",
    "penna": "Pennsylvania",
}
# By their first three digits, each up to the next. A few are the army's and the islands'.
ZIP_CODES = """
005 New York, 006 -, 010 Massachusetts, 028 Rhode Island, 030 New Hampshire, 039 Maine, 050 Vermont,
055 Massachusetts, 056 Vermont, 060 Connecticut, 070 New Jersey, 090 -, 100 New York,
150 Pennsylvania, 197 Delaware, 200 District of Columbia, 201 Virginia, 202 District of Columbia,
206 Maryland, 220 Virginia, 247 West Virginia, 270 North Carolina, 290 South Carolina, 300 Georgia,
320 Florida, 340 -, 341 Florida, 350 Alabama, 370 Tennessee, 386 Mississippi, 398 Georgia,
400 Kentucky, 430 Ohio, 460 Indiana, 480 Michigan, 500 Iowa, 530 Wisconsin, 550 Minnesota, 569 -,
570 South Dakota, 580 North Dakota, 590 Montana, 600 Illinois, 630 Missouri, 660 Kansas,
680 Nebraska, 700 Louisiana, 716 Arkansas, 730 Oklahoma, 733 Texas, 734 Oklahoma, 750 Texas,
800 Colorado, 820 Wyoming, 832 Idaho, 840 Utah, 850 Arizona, 870 New Mexico, 885 Texas, 889 Nevada,
900 California, 962 -, 967 Hawaii, 969 -, 970 Oregon, 980 Washington, 995 Alaska
"""
ZIP_STARTS, ZIP_STATES = zip(
    *(entry.split(maxsplit=1) for entry in ZIP_CODES.strip().split(",")), strict=True
)


def state_of_zip(digits: str) -> str:
    """The state in which a ZIP code lies, by its first three digits; empty where it is in none."""
    place = bisect_right(ZIP_STARTS, digits[:3])
    return ZIP_STATES[place - 1].strip("-") if place else ""
