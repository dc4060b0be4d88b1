"""`dataclass` as the standard library has it, but a class gets its `__init__` when its first object is made.

The library writes the source of six methods for every class and compiles it. For the hundred classes here
that was a third of all that a start computes, and of most of them a run makes no object: so the methods that
need no source of their own are shared, and the one that does is written when it is first called. It fills a
frozen object while that is one of an open class, which takes a fifth of the time of the library's way; an
import, and a start, make a hundred thousand of them.

What is given for `frozen`, `slots`, `kw_only` and `weakref_slot` holds as there; `field`, `fields` and
`replace` are the library's own. Sorting, and a hash of what can be changed, are not to be had, nor for a
frozen class with slots a subclass that has more of them, or says nothing of its own: `__slots__ = ()`.
"""

from __future__ import annotations

from dataclasses import MISSING, FrozenInstanceError, fields
from dataclasses import dataclass as bare
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass as dataclass
else:

    def dataclass(cls=None, /, *, frozen=False, **layout):
        """See the library's."""

        def made(cls):
            return _complete(bare(init=False, repr=False, eq=False, **layout)(cls), frozen)

        return made if cls is None else made(cls)


class _Init:
    """Stands for the `__init__` of a class until somebody asks for it."""

    def __init__(self, cls: type, frozen: bool) -> None:
        self._cls = cls
        self._frozen = frozen

    def __get__(self, instance: object, owner: type | None = None) -> Callable[..., None]:
        made = _made_init(self._cls, self._frozen)
        type.__setattr__(self._cls, "__init__", made)
        bound: Callable[..., None] = made.__get__(instance, owner)
        return bound


class _Factory:
    """Stands for what a factory makes, in a signature."""

    def __repr__(self) -> str:
        return "<factory>"


_FACTORY = _Factory()
_BECOME = vars(object)["__class__"].__set__


def _made_init(cls: type, frozen: bool) -> Any:
    """The `__init__` of a class, from source that is written for it."""
    # None of these can be the name of a field.
    known: dict[str, Any] = {"_0factory": _FACTORY, "_0put": object.__setattr__, "_0become": _BECOME}
    opened = known["_0opened"] = _opened(cls) if frozen else None
    places: list[str] = ["self"]
    names: list[str] = []
    body: list[str] = []
    for n, one in enumerate(fields(cls)):
        value = one.name
        if one.default is not MISSING:
            known[f"_0default{n}"] = one.default
            parameter, fixed = f"{one.name}=_0default{n}", f"_0default{n}"
        elif one.default_factory is not MISSING:
            known[f"_0make{n}"] = one.default_factory
            parameter, fixed = f"{one.name}=_0factory", f"_0make{n}()"
            value = f"{fixed} if {one.name} is _0factory else {one.name}"
        else:
            parameter, fixed = one.name, ""
        if one.init:
            (names if one.kw_only else places).append(parameter)
        elif not fixed:
            continue  # its `__post_init__` sets it
        value = value if one.init else fixed
        slow = frozen and opened is None
        body.append(f"_0put(self, {one.name!r}, {value})" if slow else f"self.{one.name} = {value}")
    if opened:
        body = ["_0cls = self.__class__", "_0become(self, _0opened)", *body, "_0become(self, _0cls)"]
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    parameters = ", ".join((*places, *(["*", *names] if names else ())))
    exec(f"def __init__({parameters}):\n " + "\n ".join(body or ["pass"]), known)
    made = known["__init__"]
    made.__annotations__ = {one.name: one.type for one in fields(cls) if one.init} | {"return": None}
    made.__qualname__, made.__module__ = f"{cls.__qualname__}.__init__", cls.__module__
    return made


def _opened(cls: type) -> type | None:
    """A class of the same slots, of which an object can be while it is filled as any other is; None where
    Python knows none that fits: for a class without slots, of others' slots too, or that can be referred to
    weakly."""
    slots = vars(cls).get("__slots__", ("__weakref__",))
    if "__weakref__" in slots or cls.__bases__ != (object,):
        return None
    return type(cls.__name__, (), {"__slots__": slots})


def _complete(cls: type, frozen: bool) -> type:
    names = tuple(one.name for one in fields(cls) if one.repr)
    compared = tuple(one.name for one in fields(cls) if one.compare)
    values: Callable[[object], Any] = attrgetter(*compared) if compared else lambda _: None

    def eq(self: object, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def text(self: object) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{self.__class__.__qualname__}({shown})"

    methods: dict[str, Any] = {"__init__": _Init(cls, frozen), "__repr__": text, "__eq__": eq}
    methods["__hash__"] = (lambda self: hash(values(self))) if frozen else None
    if frozen:
        methods |= {
            "__setattr__": _keep,
            "__delattr__": _hold,
            "__getstate__": _state,
            "__setstate__": _put,
        }
    for name, method in methods.items():
        if name not in vars(cls) or (name == "__hash__" and "__eq__" not in vars(cls)):
            setattr(cls, name, method)
    return cls


def _keep(_: object, name: str, __: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _hold(_: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, one.name) for one in fields(self)]


def _put(self: Any, state: list[Any]) -> None:
    for one, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)
