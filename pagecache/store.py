"""What is kept, as much of it as there is room for: what was read longest ago goes first."""

import threading
from collections import OrderedDict
from collections.abc import Hashable

from pagecache.entries import Entry


class Store:
    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.bytes = 0
        self.entries: OrderedDict[Hashable, Entry] = OrderedDict()
        self.weights: dict[Entry, int] = {}
        self.lock = threading.Lock()

    def get(self, key: Hashable) -> Entry | None:
        entry = self.entries.get(key)
        if entry is not None:
            # Without the lock, which every reader would take: it may be gone meanwhile.
            try:
                self.entries.move_to_end(key)
            except KeyError:
                return entry
        return entry

    def put(self, key: Hashable, entry: Entry) -> None:
        with self.lock:
            if key in self.entries:
                self._drop(self.entries.pop(key))
            self.entries[key] = entry
            self.weights[entry] = 0
        self.weigh(entry)

    def weigh(self, entry: Entry) -> None:
        """Again, each time that a page is kept in one more form."""
        with self.lock:
            if entry in self.weights:
                entry.is_heavier = False
                self._drop(entry)
                self.weights[entry] = entry.size
                self.bytes += entry.size
                while self.bytes > self.limit:
                    self._drop(self.entries.popitem(last=False)[1])

    def _drop(self, entry: Entry) -> None:
        self.bytes -= self.weights.pop(entry)
