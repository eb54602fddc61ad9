"""Finding texts by the words in them: one index for each table, in PostgreSQL as on a laptop (decision 0041).

    class PostIndex(models.Model):
        post = models.OneToOneField(Post, models.CASCADE, primary_key=True, related_name="index")
        words = WordsField()

    PostIndex(post=post, words=AsWords("Писах до Žilinskaitė", "bg"))
    Post.objects.filter(index__words__found=Asked.read("zilinskaite").question)

A word is kept as it is folded for names (`core.search.folded`): it is found without its accents and from another
script, by its beginning, and in another form of it where the database knows the language. Nothing that is typed has a
meaning but quotation marks, around words that stand beside each other.

`full_text_index` is the migration that makes the index: GIN in PostgreSQL; in SQLite a table of FTS5 which triggers
keep, so that a row and what it is found by change together. SQLite loses triggers with the table when a later migration
builds it anew: let that one end with `full_text_index` too.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final, Self

from django.conf import settings
from django.db import connection, models
from django.db.migrations import RunPython
from django.db.models import Expression, Lookup

from core.search import LONGEST, folded
from core.typed_text import clean_text

CONFIGURATIONS: Final = {
    "de": "german",
    "en": "english",
    "fi": "finnish",
    "it": "italian",
    "lt": "lithuanian",
}
"""What PostgreSQL calls the languages whose forms of words it knows. It knows none of Bulgarian."""

FEWEST_LETTERS: Final = 2
MOST_TERMS: Final = 12
_KEPT: Final = re.compile(r"[a-z0-9]+")
_WORD: Final = re.compile(r"\w+(?:['’]\w+)*")
_TERM: Final = re.compile(r"[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]|([^\s\"“”„«»]+)")

_folded_word = lru_cache(maxsize=8192)(folded)


def tokens_of(text: str) -> list[str]:
    """Return the words of a text as they are kept: small plain Latin letters and figures, nothing else."""
    return _KEPT.findall(folded(text))


@dataclass(frozen=True)
class Term:
    """A word that is looked for, or several that stand beside each other; `typed` as somebody wrote it."""

    typed: str
    tokens: tuple[str, ...]
    is_quoted: bool = False

    @property
    def is_beginning(self) -> bool:
        """Whether a longer word counts too: not where it is quoted, nor for a single letter."""
        return not self.is_quoted and len(self.tokens[-1]) >= FEWEST_LETTERS


@dataclass(frozen=True)
class Asked:
    """What somebody looks for: every term must be there."""

    typed: str
    terms: tuple[Term, ...] = ()

    @classmethod
    def read(cls, typed: str) -> Self:
        """Read what was typed, whatever it is; only its first characters count."""
        words = clean_text(typed[: LONGEST * 4], lines=False)[:LONGEST]
        terms: dict[tuple[str, ...], Term] = {}
        for quoted, single in _TERM.findall(words):
            if tokens := tuple(tokens_of(quoted or single)):
                terms.setdefault(tokens, Term(quoted or single, tokens, is_quoted=bool(quoted)))
        return cls(words, tuple(terms.values())[:MOST_TERMS])

    @property
    def is_too_short(self) -> bool:
        """Whether there is nothing in it to look for."""
        return sum(len(token) for term in self.terms for token in term.tokens) < FEWEST_LETTERS

    @cached_property
    def plain_words(self) -> str:
        """What is looked for without quotation marks and signs, for the searches of names."""
        return " ".join(term.typed for term in self.terms)

    @property
    def question(self) -> "Question":
        """What the database is asked."""
        in_postgresql = connection.vendor == "postgresql"
        say = _in_postgresql if in_postgresql else _in_fts
        single = [term for term in self.terms if not term.is_quoted]
        return Question(
            tuple(say(term) for term in single),
            tuple(term.typed for term in single) if in_postgresql else (),
            tuple(say(term) for term in self.terms if term.is_quoted),
        )


@dataclass(frozen=True)
class Question:
    """The terms as the database reads them; `typed` are the single ones, where it knows other forms of them."""

    single: Collection[str]
    typed: Collection[str]
    quoted: Collection[str]


def _in_fts(term: Term) -> str:
    """Return a term in the language of FTS5; its tokens are letters and figures, so nothing in it is an operator."""
    return f'"{" ".join(term.tokens)}"' + (" *" if term.is_beginning else "")


def _in_postgresql(term: Term) -> str:
    """Return a term in the language of `tsquery`; in its tokens nothing is an operator either."""
    return " <-> ".join(term.tokens) + (":*" if term.is_beginning else "")


# --- the column, its values and its lookup ----------------------------------------------------------------------------


class WordsField(models.Field):  # type: ignore[type-arg]  # not generic at run time
    """What a row is found by; written with `AsWords`, asked with `found`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"editable": False, **kwargs})

    def db_type(self, connection: Any) -> str:
        """Return the type of the column."""
        return "tsvector" if connection.vendor == "postgresql" else "text"


class AsWords(Expression):
    """The words of a text, for a `WordsField`.

    Args:
        text: of any length, without marks of Markdown.
        language: in which it probably is: "en", "bg".
    """

    def __init__(self, text: str, language: str = "") -> None:
        super().__init__(output_field=WordsField())
        self.text, self.language = text, language

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str, ...]]:  # noqa: ARG002 -- Django's signature
        """Return the words as one text, for SQLite."""
        return "%s", (" ".join(tokens_of(self.text)),)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str, ...]]:  # noqa: ARG002
        """Return them as they are, and the stems of them where the language has any."""
        sql, kept = "to_tsvector('simple', %s::text)", " ".join(tokens_of(self.text))
        if configuration := CONFIGURATIONS.get(self.language):
            return f"{sql} || to_tsvector('{configuration}', %s::text)", (kept, self.text)
        return sql, (kept,)


@WordsField.register_lookup
class Found(Lookup):
    """Whether all that is asked is among the words; what is asked is a `Question`."""

    lookup_name = "found"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:  # noqa: ARG002 -- Django's signature
        """Return the question as it is; each database says it in its own way."""
        return "%s", [value]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str, ...]]:
        """Return the condition for SQLite, by the table of FTS5."""
        meta = self.lhs.target.model._meta
        quote, index = connection.ops.quote_name, connection.ops.quote_name(index_name(meta.db_table))
        key = f"{quote(self.lhs.alias)}.{quote(meta.pk.column)}"
        terms = (*self.rhs.single, *self.rhs.quoted)
        one = f"{key} IN (SELECT rowid FROM {index} WHERE {index} MATCH %s)"  # noqa: S608 -- our own names
        return f"({' AND '.join([one] * len(terms))})" if terms else "0 = 1", terms

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Return the condition for PostgreSQL: each term as it is, or a form of it in a language of the interface."""
        column, params = self.process_lhs(compiler, connection)
        known = [CONFIGURATIONS[code] for code, _name in settings.LANGUAGES if code in CONFIGURATIONS]
        as_it_is, found, terms = "to_tsquery('simple', %s)", list(params), []
        one = " || ".join([as_it_is, *(f"plainto_tsquery('{each}', %s)" for each in known)])
        for single, typed in zip(self.rhs.single, self.rhs.typed, strict=True):
            terms.append(f"({one})")
            found += [single, *([typed] * len(known))]
        for quoted in self.rhs.quoted:
            terms.append(as_it_is)
            found.append(quoted)
        return (f"{column} @@ ({' && '.join(terms)})", found) if terms else ("FALSE", [])


# --- the index --------------------------------------------------------------------------------------------------------


def index_name(table: str) -> str:
    """Return what the index of a table is called."""
    return f"{table}_words"


_FTS: Final = (
    "CREATE VIRTUAL TABLE {index} USING fts5(words, content='{table}', content_rowid='{key}',"
    " tokenize='porter unicode61', prefix='2 3')",
    "CREATE TRIGGER {index}_added AFTER INSERT ON {table} BEGIN"
    " INSERT INTO {index}(rowid, words) VALUES (new.{key}, new.words); END",
    "CREATE TRIGGER {index}_gone AFTER DELETE ON {table} BEGIN"
    " INSERT INTO {index}({index}, rowid, words) VALUES ('delete', old.{key}, old.words); END",
    "CREATE TRIGGER {index}_changed AFTER UPDATE ON {table} BEGIN"
    " INSERT INTO {index}({index}, rowid, words) VALUES ('delete', old.{key}, old.words);"
    " INSERT INTO {index}(rowid, words) VALUES (new.{key}, new.words); END",
    "INSERT INTO {index}({index}) VALUES ('rebuild')",
)
_NO_FTS: Final = (
    "DROP TRIGGER IF EXISTS {index}_added",
    "DROP TRIGGER IF EXISTS {index}_gone",
    "DROP TRIGGER IF EXISTS {index}_changed",
    "DROP TABLE IF EXISTS {index}",
)


def full_text_index(app: str, model: str) -> RunPython:
    """Return the operation that indexes the column `words` of a table; done again, it makes the index anew."""

    def statements(apps: Any, schema_editor: Any, *, forwards: bool) -> None:
        meta = apps.get_model(app, model)._meta
        names = {"table": meta.db_table, "index": index_name(meta.db_table), "key": meta.pk.column}
        if schema_editor.connection.vendor == "postgresql":
            found = ["DROP INDEX IF EXISTS {index}"]
            found += ["CREATE INDEX {index} ON {table} USING gin (words)"] if forwards else []
        else:
            found = [*_NO_FTS, *(_FTS if forwards else ())]
        for statement in found:
            schema_editor.execute(statement.format(**names), params=None)

    def make(apps: Any, schema_editor: Any) -> None:
        statements(apps, schema_editor, forwards=True)

    def unmake(apps: Any, schema_editor: Any) -> None:
        statements(apps, schema_editor, forwards=False)

    return RunPython(make, unmake)


# --- showing what was found -------------------------------------------------------------------------------------------

_SHOWN: Final = 220
_BEFORE: Final = 80
_SENTENCE_ENDS: Final = re.compile(r"[.!?…]\s+|\n+")
_ALIKE, _ENDING = 4, 4


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `is_found` where it is one of the words that were looked for."""

    text: str
    is_found: bool = False


def marked(text: str, asked: Asked) -> list[Piece]:
    """Return a short text in pieces, the found words apart."""
    return _cut(text, _hits(text, asked), 0, len(text))


def in_their_sentence(text: str, asked: Asked) -> list[Piece]:
    """Return the part of a long text that shows the first found words, in pieces; without any the beginning of it."""
    hits = _hits(text, asked)
    first = hits[0][0] if hits else 0
    start = 0
    if first > _BEFORE // 2:
        ends = [end.end() for end in _SENTENCE_ENDS.finditer(text, max(first - _BEFORE * 2, 0), first)]
        near = [end for end in ends if first - end <= _BEFORE]
        start = near[0] if near else _word_begins(text, max(first - _BEFORE, 0))
    end = len(text) if len(text) - start <= _SHOWN else _word_ends(text, start + _SHOWN)
    pieces = _cut(text, hits, start, end)
    if start:
        pieces.insert(0, Piece("… "))
    return [*pieces, Piece(" …")] if end < len(text) else pieces


def _word_begins(text: str, at: int) -> int:
    """Return where the word after this place begins."""
    blank = re.compile(r"\s").search(text, at, at + _BEFORE // 2)
    return blank.end() if blank and at else at


def _word_ends(text: str, at: int) -> int:
    """Return where the word before this place ends."""
    blank = max(text.rfind(sign, at - _BEFORE // 2, at) for sign in " \n")
    return blank if blank > 0 else at


def _cut(text: str, hits: list[tuple[int, int]], start: int, end: int) -> list[Piece]:
    pieces, at = [], start
    for begins, ends in hits:
        if begins < start or ends > end:
            continue
        if begins > at:
            pieces.append(Piece(text[at:begins]))
        pieces.append(Piece(text[begins:ends], is_found=True))
        at = ends
    return [*pieces, Piece(text[at:end])] if at < end else pieces


def _hits(text: str, asked: Asked) -> list[tuple[int, int]]:
    """Return where found words stand; where a term stands nowhere as it is, words that are much like it."""
    words = [(match.start(), match.end(), _KEPT.findall(_folded_word(match[0]))) for match in _WORD.finditer(text)]
    found: set[tuple[int, int]] = set()
    for term in asked.terms:
        plain = [each for token in term.tokens for each in words if _stands(token, each[2], term)]
        alike = plain or [each for each in words if any(_is_like(term, kept) for kept in each[2])]
        found |= {each[:2] for each in alike}
    return sorted(found)


def _stands(token: str, kept: list[str], term: Term) -> bool:
    return any(each == token or (term.is_beginning and each.startswith(token)) for each in kept)


def _is_like(term: Term, kept: str) -> bool:
    """Return whether a word may be another form of a single term: it begins alike, and little follows."""
    if len(term.tokens) > 1 or term.is_quoted:
        return False
    token = term.tokens[0]
    same = next((at for at, (one, other) in enumerate(zip(token, kept, strict=False)) if one != other), None)
    same = min(len(token), len(kept)) if same is None else same
    return same >= _ALIKE and len(token) - same <= _ENDING and len(kept) - same <= _ENDING
