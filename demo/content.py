"""Reading the demo's data files, with the place of everything in them at hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from security.printable import Json

NULL = "tag:yaml.org,2002:null"


class ContentError(Exception):
    """What is wrong with a data file, and where."""

    def __init__(self, file: Path, line: int, column: int, reason: str) -> None:
        self.file, self.line, self.column, self.reason = file, line, column, reason
        super().__init__(f"{file}, line {line}, column {column}: {reason}")


@dataclass(frozen=True)
class Item:
    """A value of a YAML file that knows where it stands. Every scalar is read as text."""

    file: Path
    node: yaml.Node
    languages: tuple[str, ...]

    @classmethod
    def read(cls, file: Path, languages: tuple[str, ...]) -> "Item":
        """Raises: ContentError."""
        try:
            text = file.read_text(encoding="utf-8")
            node = yaml.compose(text, Loader=yaml.SafeLoader)
        except OSError as error:
            reason = f"the file cannot be read ({error.strerror})"
            raise ContentError(file, 1, 1, reason) from error
        except UnicodeDecodeError as error:
            line = file.read_bytes().count(b"\n", 0, error.start) + 1
            raise ContentError(file, line, 1, "the file must be text in UTF-8") from error
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            raise ContentError(file, line, 1, "a character here is not allowed in YAML") from error
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            reason = f"this is no proper YAML ({error.problem})"
            raise ContentError(file, line, column, reason) from error
        if node is None:
            raise ContentError(file, 1, 1, "the file is empty")
        return cls(file, node, languages)

    def error(self, reason: str) -> ContentError:
        mark = self.node.start_mark
        return ContentError(self.file, mark.line + 1, mark.column + 1, reason)

    def _at(self, node: yaml.Node) -> "Item":
        return Item(self.file, node, self.languages)

    def fields(self) -> "dict[str, Item]":
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error("names with values are expected here")
        found: dict[str, Item] = {}
        for key, value in self.node.value:
            name = self._at(key).text()
            if name in found:
                raise self._at(key).error(f"“{name}” stands here twice")
            found[name] = self._at(value)
        return found

    def __getitem__(self, name: str) -> "Item":
        fields = self.fields()
        if name not in fields:
            raise self.error(f"“{name}” is missing here")
        return fields[name]

    def __iter__(self) -> "Iterator[Item]":
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.error("a list is expected here")
        return iter([self._at(node) for node in self.node.value])

    def text(self) -> str:
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.error("a text is expected here")
        return "" if self.node.tag == NULL else str(self.node.value)

    def number(self) -> int:
        text = self.text()
        if not (text.isascii() and text.isdigit()):
            raise self.error(f"“{text}” is no number")
        return int(text)

    def value(self, language: str) -> Json:
        """The plain value in a language: where languages stand side by side, that one's."""
        if isinstance(self.node, yaml.ScalarNode):
            return self.text()
        if isinstance(self.node, yaml.SequenceNode):
            return [item.value(language) for item in self]
        fields = self.fields()
        if not fields.keys() & set(self.languages):
            return {name: item.value(language) for name, item in fields.items()}
        for name, item in fields.items():
            if name not in self.languages:
                raise item.error(f"“{name}” is none of the languages {', '.join(self.languages)}")
        if language not in fields or not fields[language].text().strip():
            raise self.error(f"the text in the language “{language}” is missing")
        return fields[language].text()
