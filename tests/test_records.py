"""Our dataclasses are the standard library's, but for when their `__init__` is made."""

from __future__ import annotations

import builtins
import copy
import dataclasses
import inspect
import pickle
from dataclasses import field, fields, replace
from typing import Any, Generic, TypeVar

import pytest

from huntertui.records import dataclass

T = TypeVar("T")


def made(dataclass: Any) -> list[type]:
    """The same classes by each way of making them."""

    @dataclass(frozen=True, slots=True)
    class Point:
        """Two numbers."""

        x: int
        y: int = 2

    @dataclass(slots=True)
    class Open:
        """One that can be changed."""

        names: list[str] = field(default_factory=list)
        hidden: int = field(default=0, compare=False, repr=False)

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Named:
        """Only by name, and checked."""

        low: int
        high: int = 9
        width: int = field(init=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "width", self.high - self.low)

    @dataclass(slots=True, kw_only=True)
    class Mixed:
        """All that may be said of a field."""

        made: list[int] = field(init=False, default_factory=list)
        fixed: int = field(init=False, default=7)
        given: dict[str, int] = field(default_factory=dict)

    @dataclass
    class Plain(Generic[T]):
        """Nothing said of it, and one of its methods its own."""

        value: T

        def __repr__(self) -> str:
            return "mine"

    @dataclass(frozen=True, slots=True)
    class Empty:
        """Nothing."""

    return [Point, Open, Named, Plain, Empty, Mixed]


CASES: list[tuple[int, tuple[Any, ...], dict[str, Any]]] = [
    (0, (1,), {}),
    (0, (1,), {"y": 5}),
    (0, (), {}),
    (0, (1, 2, 3), {}),
    (0, (1,), {"z": 1}),
    (1, (), {}),
    (1, (["a"],), {"hidden": 3}),
    (2, (), {"low": 4}),
    (2, (4,), {}),
    (3, ("x",), {}),
    (4, (), {}),
    (5, (), {}),
    (5, (), {"given": {"a": 1}}),
    (5, (), {"fixed": 1}),
]


def behaviour(cls: type, args: tuple[Any, ...], more: dict[str, Any]) -> list[object]:
    """What a person sees of a class and its objects."""

    def attempt(act: Any) -> object:
        try:
            return act()
        except Exception as error:
            return type(error), str(error)

    one, other = attempt(lambda: cls(*args, **more)), attempt(lambda: cls(*args, **more))
    return [
        repr(one),
        one == other,
        one == object(),
        attempt(lambda: hash(one) == hash(other)),
        *(attempt(lambda name=each.name: setattr(one, name, 3)) for each in fields(cls)),
        *(attempt(lambda name=each.name: delattr(one, name)) for each in fields(cls)),
        attempt(lambda: repr(replace(one, x=7))),  # type: ignore[type-var]
        attempt(lambda: repr(copy.copy(one))),
        [(each.name, each.type, each.compare) for each in fields(cls)],
        str(inspect.signature(cls)),
        getattr(cls, "__match_args__", None),
        hasattr(one, "__dict__"),
    ]


@pytest.mark.parametrize(("at", "args", "more"), CASES)
def test_they_behave_as_the_library_s(at: int, args: tuple[Any, ...], more: dict[str, Any]) -> None:
    ours, theirs = made(dataclass)[at], made(dataclasses.dataclass)[at]
    assert behaviour(ours, args, more) == behaviour(theirs, args, more)


@dataclass(frozen=True, slots=True)
class Kept:
    """What can be sent to another process."""

    name: str


def test_they_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(Kept("Acme"))) == Kept("Acme")


def test_nothing_is_compiled_before_the_first_object_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    sources: list[str] = []

    def counted(source: str, *places: Any) -> None:
        sources.append(source)
        sound(source, *places)

    sound = builtins.exec
    monkeypatch.setattr(builtins, "exec", counted)
    point = made(dataclass)[0]
    assert sources == []
    point(1)
    assert len(found := list(sources)) > 0
    point(1)
    assert sources == found


def test_an_object_of_a_subclass_stays_one() -> None:
    @dataclass(frozen=True, slots=True)
    class Base:
        """The base."""

        kind: int = 1

    class Derived(Base):
        """No fields of its own."""

        __slots__ = ()

    assert type(Derived(2)) is Derived
    assert type(Base()) is Base
