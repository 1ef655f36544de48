from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    TypeAdapter,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from timer_app.core.diagnostics.problems import Problem
from timer_app.core.diagnostics.source import parse_toml
from timer_app.core.diagnostics.validate import validate_source
from timer_app.core.fields.notation import CuePosition, DoseRange, parse_cue_position, parse_duration_dose


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def not_shouting(value: str) -> str:
    if value.isupper():
        raise ValueError("must not\nbe shouted")
    return value


def short_form(value: object) -> object:
    return {"at": value, "say": "here"} if isinstance(value, int) else value


class Point(Strict):
    at: Annotated[CuePosition, PlainValidator(parse_cue_position)]
    say: Annotated[str, Field(min_length=1, max_length=10), AfterValidator(not_shouting)] | None = None
    lasts: float | None = Field(None, alias="for", gt=0)


class Hold(Strict):
    hold: Annotated[DoseRange, PlainValidator(parse_duration_dose)]
    count: Literal["up", "down"] = "down"
    cues: Annotated[tuple[Point, ...], BeforeValidator(as_tuple)] = ()


class Rest(Strict):
    rest: int | float | str
    tempo: list[Point] | Literal["free"] | bool = False


class Measure(Strict):
    measure: dict[Annotated[str, Field(pattern="^[a-z]+$")], Annotated[int, Field(ge=0, le=10)]]


class Block(Strict):
    steps: Annotated[list[Step], Field(min_length=1, max_length=3)]
    rounds: Annotated[int, Field(ge=1)] = 1


def step_kind(value: object) -> str | None:
    keys = ("steps", "hold", "rest", "measure")
    return next((key for key in keys if isinstance(value, dict) and key in value), None)


Step = Annotated[
    Annotated[Hold, Tag("hold")]
    | Annotated[Rest, Tag("rest")]
    | Annotated[Measure, Tag("measure")]
    | Annotated[Block, Tag("steps")],
    Discriminator(step_kind),
]
Block.model_rebuild()


class Cat(Strict):
    kind: Literal["cat"]
    lives: int = 9


class Dog(Strict):
    kind: Literal["dog"]


class File(Strict):
    name: str = "x"
    schema_version: Literal[1] = Field(1, alias="schema")
    steps: list[Step] = Field(default_factory=list)
    pets: list[Annotated[Cat | Dog, Discriminator("kind")]] = Field(default_factory=list)
    extra: dict[str, Rest] = Field(default_factory=dict)
    pair: Annotated[tuple[int, Point] | None, BeforeValidator(as_tuple)] = None
    point: Annotated[Point, BeforeValidator(short_form)] | None = None
    nested: Annotated[Any, BeforeValidator(lambda value: TypeAdapter(list[Point]).validate_python(value))] = None
    sound: str = ""

    @field_validator("sound")
    @classmethod
    def _known(cls, value: str, info: ValidationInfo) -> str:
        sounds = (info.context or {}).get("sounds", [])
        if value and value not in sounds:
            raise PydanticCustomError(
                "sound", "there is no such sound", {"allowed": ", ".join(sounds), "suggestion": "bell"}
            )
        return value


def problems(text: str, model: type[BaseModel] = File, context: dict[str, Any] | None = None) -> list[Problem]:
    """What is wrong with a text."""
    found, listed = validate_source(model, parse_toml(text, "f.toml"), context or {})
    assert (found is None) == bool(listed)
    return listed


def problem(text: str, model: type[BaseModel] = File) -> Problem:
    """The one thing that is wrong with a text."""
    (found,) = problems(text, model)
    return found


def test_a_file_without_fault_becomes_the_model() -> None:
    found, listed = validate_source(File, parse_toml('[[steps]]\nhold = "20-30s"\n', "f.toml"), {})
    assert listed == []
    assert found is not None
    assert found.steps == [Hold.model_validate({"hold": "20-30s"})]


class TestKeys:
    def test_an_unknown_one_is_pointed_at_with_what_is_allowed_and_meant(self) -> None:
        assert problem("nmae = 'x'") == Problem(
            ("nmae",),
            "unknown key",
            "name, schema, steps, pets, extra, pair, point, nested, sound",
            "name",
            part="key",
        )

    def test_an_unknown_one_inside_a_choice_is_compared_with_the_keys_of_that_choice(self) -> None:
        assert problem("[[steps]]\nhold = 3\ncuse = []") == Problem(
            ("steps", 0, "cuse"), "unknown key", "hold, count, cues", "cues", part="key"
        )

    def test_an_unknown_one_three_unions_deep_is_found(self) -> None:
        text = "steps = [{steps = [{rest = 1}, {steps = [{hold = 3, cues = [{at = 1, sya = 'x'}]}]}]}]"
        path = ("steps", 0, "steps", 1, "steps", 0, "cues", 0, "sya")
        assert problem(text) == Problem(path, "unknown key", "at, say, for", "say", part="key")

    def test_one_of_another_choice_is_said_not_to_go_with_this_one(self) -> None:
        found = problem("[[steps]]\nhold = 3\ntempo = 'free'")
        assert (found.path, found.message) == (("steps", 0, "tempo"), 'does not go with "hold"')

    @pytest.mark.parametrize("key", ["rset", "stpes"])
    def test_an_unknown_one_is_never_taken_for_one_that_would_be_refused(self, key: str) -> None:
        assert problem(f"[[steps]]\nhold = 3\n{key} = 1").suggestion == ""

    def test_one_of_another_choice_is_plainly_unknown_further_in(self) -> None:
        assert problem("[[steps]]\nhold = 3\ncues = [{at = 1, tempo = 1}]").message == "unknown key"

    def test_a_missing_one_points_at_the_table(self) -> None:
        assert problem("[[steps]]\nhold = 3\ncues = [{say = 'x'}]") == Problem(
            ("steps", 0, "cues", 0, "at"), "is missing", part="table"
        )

    def test_one_with_another_name_in_the_program_is_called_as_the_file_calls_it(self) -> None:
        assert problem("schema = 2") == Problem(("schema",), "2 is not allowed here", "1")
        assert problem("at = 1\nlasts = 1", Point) == Problem(("lasts",), "unknown key", "at, say, for", part="key")
        assert problem("at = 1\nfor = 0", Point) == Problem(("for",), "must be above 0")

    def test_a_free_one_of_the_wrong_form_is_pointed_at_itself(self) -> None:
        found = problem("[[steps]]\nmeasure = { Pain = 3 }")
        assert (found.path, found.part) == (("steps", 0, "measure", "Pain"), "key")

    def test_free_ones_may_be_called_like_a_choice(self) -> None:
        assert problem("[extra.rest]\nrest = 1\nhold = 2").path == ("extra", "rest", "hold")


class TestChoices:
    def test_none_with_a_typo_in_the_key_that_tells_them_apart_is_a_typo(self) -> None:
        assert problem("[[steps]]\nhodl = 3") == Problem(
            ("steps", 0, "hodl"), "unknown key", "one of hold, rest, measure, steps", "hold", part="key"
        )

    def test_none_at_all_says_what_there_is(self) -> None:
        assert problem("[[steps]]\ncount = 'up'") == Problem(
            ("steps", 0), "cannot tell what this is", "one of hold, rest, measure, steps", part="table"
        )

    def test_for_something_that_is_no_table_is_no_puzzle(self) -> None:
        assert problem("steps = ['rest']").message == "must be a table, not a text"

    @pytest.mark.parametrize("name", ["hold", "rest", "steps"])
    def test_named_like_a_key_do_not_mislead_the_path(self, name: str) -> None:
        text = {"hold": "hold = {}", "rest": "rest = {}", "steps": "steps = {}"}[name]
        assert problem(f"[[steps]]\n{text}").path == ("steps", 0, name)

    def test_told_apart_by_a_value_name_the_values(self) -> None:
        assert problem("pets = [{kind = 'cot'}]") == Problem(
            ("pets", 0, "kind"), '"cot" is not allowed here', "cat, dog", "cat"
        )
        assert problem("pets = [{lives = 3}]") == Problem(("pets", 0, "kind"), "is missing", "cat, dog", part="table")
        assert problem("pets = [{kind = 'cat', lives = 'x'}]").path == ("pets", 0, "lives")

    def test_by_a_message_of_its_own_keep_it(self) -> None:
        chooser = Discriminator(step_kind, custom_error_type="step", custom_error_message="this step does nothing")

        class Own(Strict):
            step: Annotated[Annotated[Hold, Tag("hold")] | Annotated[Rest, Tag("rest")], chooser]

        assert problem("step = {count = 'up'}", Own) == Problem(
            ("step",), "this step does nothing", "one of hold, rest", part="table"
        )
        assert problem("step = {hodl = 1}", Own).suggestion == "hold"


class TestUnionsWithoutTag:
    def test_that_take_no_such_kind_name_all_kinds_once(self) -> None:
        assert problem("[[steps]]\nrest = []").message == "must be a number or a text, not a list"
        assert problem("[[steps]]\nrest = 1\ntempo = 3").message == (
            "must be a list, a text or true or false, not a whole number"
        )

    def test_report_only_the_choice_that_was_meant(self) -> None:
        assert problem("[[steps]]\nrest = 1\ntempo = [{at = 1}, {at = 'x'}]").path == ("steps", 0, "tempo", 1, "at")
        assert problem("[[steps]]\nrest = 1\ntempo = 'fre'").suggestion == "free"


class TestValues:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("name = 3", "must be a text, not a whole number"),
            ("name = true", "must be a text, not true or false"),
            ("name = 07:30:00", "must be a text, not a time of day"),
            ("steps = 'x'", "must be a list, not a text"),
            ("extra = []", "must be a table, not a list"),
            ("pair = [1.5, {at = 1}]", "must be a whole number, not 1.5"),
            ("[[steps]]\nsteps = []", "must not be empty"),
            ("[[steps]]\nsteps = [{rest=1},{rest=1},{rest=1},{rest=1}]", "has too many entries: at most 3 are allowed"),
            ("[[steps]]\nsteps = [{rest=1}]\nrounds = 0", "must be at least 1"),
            ("[[steps]]\nmeasure = {pain = 11}", "must be at most 10"),
            ("[[steps]]\nhold = 1\ncount = 'left'", '"left" is not allowed here'),
            ("[[steps]]\nhold = 1\ncount = 1", "must be a text, not a whole number"),
            ("[[steps]]\nhold = 1\ncues = [{at = 1, say = ''}]", "must not be empty"),
            (
                "[[steps]]\nhold = 1\ncues = [{at = 1, say = 'more than ten'}]",
                "is too long: at most 10 characters are allowed",
            ),
        ],
    )
    def test_of_the_wrong_sort_are_told_in_plain_words(self, text: str, message: str) -> None:
        assert problem(text).message == message

    def test_in_a_tuple_are_found_by_their_place(self) -> None:
        assert problem("pair = [1, {at = 'x'}]").path == ("pair", 1, "at")

    def test_that_a_validator_refuses_bring_its_words_on_one_line(self) -> None:
        assert problem("point = {at = 1, say = 'HO'}") == Problem(("point", "say"), "must not be shouted")

    def test_that_a_notation_refuses_bring_what_is_allowed_and_meant(self) -> None:
        found = problem("[[steps]]\nhold = '30-20s'")
        assert (found.path, found.suggestion) == (("steps", 0, "hold"), "20-30s")
        assert problem("[[steps]]\nhold = 'x'").allowed.startswith("seconds such as 30")

    def test_that_a_validator_put_in_another_form_are_reported_where_they_stand(self) -> None:
        found = problem("name = 'x'\npoint = 90000")
        assert found.path == ("point", "at")
        assert parse_toml("name = 'x'\npoint = 90000", "f.toml").located(found).line == 2

    def test_checked_by_a_model_inside_a_validator_keep_their_place(self) -> None:
        assert [found.path for found in problems("nested = [{at = 'x'}, {sya = 1}]")] == [
            ("nested", 0, "at"),
            ("nested", 1, "at"),
            ("nested", 1, "sya"),
        ]


class TestValidatorsOfOnesOwn:
    @staticmethod
    def model(context: dict[str, Any], message: str = "is wrong") -> type[BaseModel]:
        class Own(Strict):
            one: list[int] = Field(default_factory=list)
            two: int = 0

            @model_validator(mode="after")
            def _refuse(self) -> Own:
                raise PydanticCustomError("own", message, context)

        return Own

    def test_point_at_the_table_if_they_say_nothing_else(self) -> None:
        assert problem("two = 1", self.model({})) == Problem((), "is wrong", part="table")

    def test_point_at_a_key_or_value_inside(self) -> None:
        assert problem("two = 1", self.model({"key": "two"})) == Problem(("two",), "is wrong")
        assert problem("two = 1", self.model({"key": "two", "part": "key"})).part == "key"
        assert problem("one = [1]", self.model({"key": ["one", 0]})).path == ("one", 0)

    def test_say_what_is_allowed_and_meant(self) -> None:
        found = problem("two = 1", self.model({"allowed": "this", "suggestion": "that"}, "{allowed}\nand \x1b"))
        assert found == Problem((), "this and \\x1b", "this", "that", part="table")

    def test_are_given_the_context(self) -> None:
        assert problems("sound = 'bell'", context={"sounds": ["bell"]}) == []
        assert problems("sound = 'bel'", context={"sounds": ["bell"]}) == [
            Problem(("sound",), "there is no such sound", "bell", "bell")
        ]


def test_every_fault_of_a_file_is_reported_at_its_line_and_column() -> None:
    text = """\
name = 1
[[steps]]
hold = "30-20s"
rest = 3
[[steps]]
rounds = 0
[[steps.steps]]
hodl = 1
[[steps.steps]]
steps = [{ rest = {} }, 3]
"""
    source = parse_toml(text, "f.toml")
    located = source.collected(validate_source(File, source, {})[1])
    assert [(found.line, found.column, found.key) for found in located] == [
        (1, 8, "name"),
        (3, 8, "steps[0].hold"),
        (4, 1, "steps[0].rest"),
        (6, 10, "steps[1].rounds"),
        (8, 1, "steps[1].steps[0].hodl"),
        (10, 19, "steps[1].steps[1].steps[0].rest"),
        (10, 25, "steps[1].steps[1].steps[1]"),
    ]


known = st.sampled_from(
    ["name", "steps", "hold", "rest", "cues", "at", "say", "kind", "tempo", "measure", "x\x1b\n", "extra"]
)
anything = st.recursive(
    st.one_of(st.integers(), st.booleans(), st.floats(), st.dates(), st.text(max_size=5), known),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(known, inner, max_size=4),
    max_leaves=15,
)


@settings(deadline=None)
@given(st.dictionaries(known, anything, max_size=4))
def test_any_document_is_read_or_refused_in_plain_printable_lines(document: dict[str, Any]) -> None:
    source = parse_toml(tomli_w.dumps(document), "f.toml")
    found, listed = validate_source(File, source, {})
    assert (found is None) == bool(listed)
    for fault in map(source.located, listed):
        assert 1 <= fault.line <= len(source.lines)
        assert all(line.isprintable() for line in fault.render().splitlines())
        said = f"{fault.message} {fault.allowed}"
        assert not any(word in said for word in ("Input", "Value error", "valid", "tagged", "()", "Extra"))
