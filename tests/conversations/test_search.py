"""Posts are found by their words: of what one may read, as it is now, and of nothing else."""

from django.db import transaction

from accounts.models import User
from conversations.models import Post, PostIndex
from conversations.services import counts, index, posts
from core.full_text import MOST_TERMS, Asked, in_their_sentence, marked
from core.markdown import plain
from core.ops import integrity
from mentoring.standing import Standing
from tests.cast import World
from tests.conversations.talking import begun


def found(person: User, typed: str) -> list[str]:
    """Return the texts of the posts that a person finds, the newest first."""
    found = Post.objects.search(Standing.of(person), Asked.read(typed), part=slice(0, 20))
    return [post.body for post in found]


def test_words_are_found_without_accents_by_their_beginning_and_in_another_script(world: World) -> None:
    said = "Ponia Žilinskaitė rašė apie мотивационно писмо."
    begun(world, title="Laiškas", body=said)
    for typed in (
        "Žilinskaitė", "zilinskaite", "ZILINSK", "žilinskaitė ponia", "rase", "Мотивационно", "motivatsionno",
        "писм", '"apie мотивационно"', "laiškas", "laiskas žilin",
    ):  # fmt: skip
        assert found(world.cast.rasa, typed) == [said], typed
    for typed in ("linskaite", "žilinskaitė nobody", '"мотивационно apie"', '"мотив"', "x"):
        assert found(world.cast.rasa, typed) == [], typed


def test_another_form_of_an_english_word_is_found(world: World) -> None:
    begun(world, body="We had three meetings and were writing letters.")
    for typed in ("meeting", "write", "letter", "three meet"):
        assert found(world.cast.tomas, typed), typed


def test_an_index_follows_what_is_written_in_the_same_transaction(world: World) -> None:
    cast = world.cast
    topic = begun(world, title="Old title", body="An old hedgehog")
    first = topic.posts.get()
    assert found(cast.rasa, "hedgehog title") == ["An old hedgehog"]
    posts.edit_post(post=first, by=cast.milda, lock=0, body="A young squirrel", title="New name")
    assert found(cast.rasa, "hedgehog") == found(cast.rasa, "title") == []
    assert found(cast.rasa, "squirrel name") == ["A young squirrel"]
    answer = posts.answer(topic=topic, by=cast.rasa, body="A kingfisher")
    assert found(cast.tomas, "kingfisher") == ["A kingfisher"]
    assert found(cast.tomas, "name") == ["A young squirrel"]
    posts.delete_post(post=answer, by=cast.rasa)
    assert found(cast.tomas, "kingfisher") == []
    assert not PostIndex.objects.filter(post=answer).exists()
    posts.restore_post(post=answer, by=cast.rasa)
    assert found(cast.tomas, "kingfisher") == ["A kingfisher"]
    kept = transaction.savepoint()
    posts.answer(topic=topic, by=cast.rasa, body="A heron")
    transaction.savepoint_rollback(kept)
    assert found(cast.tomas, "heron") == []


def test_marks_of_markdown_are_not_part_of_the_words(world: World) -> None:
    begun(world, body="> said **before**\n\n- [our page](https://example.org/secret) and `code`_text_")
    assert found(world.cast.rasa, '"before our page and"')
    assert found(world.cast.rasa, "secret") == []
    assert plain("1. __one__ *two*\n2. snake_case > 3\n> > deep") == "one two\nsnake_case > 3\ndeep"


def test_an_index_that_went_wrong_is_told_and_made_anew(world: World) -> None:
    there, gone = begun(world, body="A hedgehog").posts.get(), begun(world, body="A heron", title="Other").posts.get()
    posts.delete_post(post=gone, by=world.cast.milda)
    PostIndex.objects.filter(post=there).delete()
    index.add([gone])
    assert found(world.cast.rasa, "heron") == []  # even so
    wrong = {f"conversations.post:{post.pk}" for post in (there, gone)}
    assert {fault.row for fault in integrity.faults(thorough=False) if fault.kind == "wrong_index"} == wrong
    counts.repair()
    assert [fault for fault in integrity.faults(thorough=False) if fault.kind == "wrong_index"] == []
    assert found(world.cast.rasa, "hedgehog") == ["A hedgehog"]


def test_found_words_are_shown_in_their_sentence() -> None:
    text = "First sentence. " * 30 + "Then Žilinskaitė wrote a letter. " + "And so on. " * 60
    pieces = in_their_sentence(text, Asked.read("zilinsk letter"))
    assert [piece.text for piece in pieces if piece.is_found] == ["Žilinskaitė", "letter"]
    shown = "".join(piece.text for piece in pieces)
    assert shown.startswith("… First sentence.")
    assert shown.endswith(" …")
    assert len(shown) < 300
    assert "".join(piece.text for piece in marked("Ъглова & <b>", Asked.read("uglova"))) == "Ъглова & <b>"
    assert [piece.text for piece in marked("meetings, meet, met", Asked.read("meeting")) if piece.is_found] == [
        "meetings"
    ]
    assert [piece.text for piece in marked("They write", Asked.read("writing")) if piece.is_found] == ["write"]
    assert in_their_sentence("", Asked.read("word")) == []


def test_what_is_typed_is_read_without_operators() -> None:
    asked = Asked.read('Žinia  "du žodžiai" -x AND žinia „trys“ ' + "y" * 500)
    assert [(term.tokens, term.is_quoted) for term in asked.terms][:5] == [
        (("zinia",), False), (("du", "zodziai"), True), (("x",), False), (("and",), False), (("trys",), True)
    ]  # fmt: skip
    assert len(asked.typed) == 100
    assert len(Asked.read(" ".join("abcdefghijklmnopqrstuvwxyz")).terms) == MOST_TERMS
    assert [Asked.read(typed).is_too_short for typed in ("", "a", '"*:&', "ab", "a b")] == [
        True,
        True,
        True,
        False,
        False,
    ]
