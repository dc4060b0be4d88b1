"""New stages in the team's file: put in with everything else in it left as it is, to the byte."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from huntertui.model.pipeline import NewStage, Pipeline
from huntertui.records import dataclass
from huntertui.teamtemplate import stage_table

_BEGUN = """\
# The team's policy, begun by an import that brought stages along. What is left out has its default;
# "huntertui team init FILE" writes one with all that there is, "huntertui team check" says what is wrong.

"""
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")'  # the four kinds of texts
    r"|'''.*?'{3,5}(?!')"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*|[\[\]{},=\n]|[ \t\r]+|[^\"'#\[\]{},=\s]+",
    re.DOTALL,
)


class Unfit(ValueError):
    """The file cannot take the stages as it is written. The message says what to do."""


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def with_stages(text: str, new: Sequence[NewStage], pipeline: Pipeline) -> str:
    """Return the text of the team's file with stages more, and nothing else changed or moved.

    `pipeline`: the stages that are in force, for a file that does not list them. "" is a file to come. Unfit,
    also where the result would not say just what is meant.
    """
    after, before, ours = text or _BEGUN, tomllib.loads(text), pipeline
    for one in new:
        if one.after and one.after not in pipeline:
            raise Unfit(f"its pipeline has no {one.after!r}")
        after = _appended(_listed(after, one, pipeline), stage_table(one.stage))
        pipeline = pipeline.plus(one)
    if 0 < text.count("\n") == text.count("\r\n"):
        after = re.sub(r"(?<!\r)\n", "\r\n", after)
    try:
        right = tomllib.loads(after) == _wanted(before, new, ours)
    except tomllib.TOMLDecodeError:
        right = False
    if not right:
        raise Unfit("its stages are written in a way that only a person can add to")
    return after


def lines_of(new: Sequence[NewStage], pipeline: Pipeline) -> str:
    """What somebody who may change the file has to put in, for people to read."""
    for one in new:
        pipeline = pipeline.plus(one)
    return _pipeline(pipeline) + "".join(stage_table(one.stage) for one in new)


def _wanted(before: Mapping[str, Any], new: Sequence[NewStage], pipeline: Pipeline) -> dict[str, Any]:
    """What the file has to say in the end."""
    order = list(before.get("pipeline", [stage.name for stage in pipeline.stages]))
    stages = dict(before.get("stages", {}))
    for one in new:
        order.insert(order.index(one.after) + 1 if one.after else 0, one.stage.name)
        stages |= tomllib.loads(stage_table(one.stage))["stages"]
    return {**before, "pipeline": order, "stages": stages}


def _pipeline(pipeline: Pipeline) -> str:
    return f"pipeline = [{', '.join(json.dumps(stage.name) for stage in pipeline.stages)}]\n"


def _appended(text: str, table: str) -> str:
    """With a table behind all others: the end of a file is never inside of anything."""
    return text + ("" if not text or text.endswith("\n") else "\n") + table


def _listed(text: str, one: NewStage, pipeline: Pipeline) -> str:
    """With the name in the list of the stages, or with that list, where there is none."""
    array = _array(text)
    if array is None:
        place = _top(text)
        gap = "\n" if text[place:] else ""
        return f"{text[:place]}{_pipeline(pipeline.plus(one))}{gap}{text[place:]}"
    names = [token for token in array if token.text[0] in "\"'"]
    name = json.dumps(one.stage.name)
    there = next((token for token in names if _value(token) == one.after), None)
    if names and not one.after:
        return f"{text[: names[0].start]}{name}, {text[names[0].start :]}"
    if there is None:
        raise Unfit(f"its pipeline has no {one.after!r}")
    behind = [token for token in array if token.start >= there.end]
    end = next((token.start for token in behind if token.text == "\n"), there.start)
    mark = next(token for token in behind if token.text in (",", "]"))
    alone = [token for token in behind if token.start < end and token.text[0] not in ",# \t\r"]
    start = text.rfind("\n", 0, there.start) + 1
    indent = text[start : there.start]
    shared = end < there.end or alone or indent.strip() or start < array[0].end
    if shared or (mark.text == "," and mark.start > end):
        return f"{text[: there.end]}, {name}{text[there.end :]}"
    if mark.text == "]":  # the last one, with no comma behind it
        return f"{text[: there.end]},{text[there.end : end]}\n{indent}{name}{text[end:]}"
    return f"{text[:end]}\n{indent}{name},{text[end:]}"


def _array(text: str) -> list[_Token] | None:
    """The tokens of the list that `pipeline` is, from [ to ]; None where the file has no such entry."""
    tokens = list(_tokens(text))
    depth, key, valued = 0, list[_Token](), False
    for place, token in enumerate(tokens):
        if token.text in ("]", "}"):
            depth -= 1
        elif depth:
            depth += token.text in ("[", "{")
        elif token.text == "\n":
            key, valued = [], False
        elif valued:
            if token.text == "[" and len(key) == 1 and _named(key[0]) == "pipeline":
                return _closed(tokens[place:])
            depth += token.text in ("[", "{")
        elif token.text == "=":
            valued = True
        elif token.text == "[":
            return None  # the first table: what follows is in it
        elif token.text[0] not in "# \t\r":
            key.append(token)
    return None


def _closed(tokens: Sequence[_Token]) -> list[_Token]:
    """The tokens from one [ to its ]."""
    depth = 0
    for place, token in enumerate(tokens):
        depth += (token.text == "[") - (token.text == "]")
        if not depth:
            return list(tokens[: place + 1])
    raise Unfit("its pipeline has no end")


def _tokens(text: str) -> Iterator[_Token]:
    """The pieces of a text that is TOML."""
    place = 0
    while found := _TOKEN.match(text, place):
        yield _Token(found[0], place)
        place = found.end()


def _named(token: _Token) -> str:
    """What a key of one part is called."""
    return str(_value(token)) if token.text[0] in "\"'" else token.text


def _value(token: _Token) -> object:
    return tomllib.loads(f"x = {token.text}")["x"]


def _top(text: str) -> int:
    """Where an entry can stand first: behind the remarks that a file begins with, where a blank line parts
    them from what follows."""
    place = here = 0
    for line in text.split("\n")[:-1]:
        if line.strip() and not line.lstrip().startswith("#"):
            break
        here += len(line) + 1
        place = place if line.strip() else here
    return place
