"""How colours look to those who lack a kind of cone, and how far apart two colours are for them."""

from __future__ import annotations

from huntertui.colors import color, linear_light

Matrix = tuple[tuple[float, float, float], ...]

NORMAL: Matrix = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
# Machado, Oliveira and Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision
# Deficiency", severity 1.0, on linear sRGB.
DEUTERANOPIA: Matrix = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.011820, 0.042940, 0.968881),
)
TRITANOPIA: Matrix = (
    (1.255528, -0.076749, -0.178779),
    (-0.078411, 0.930809, 0.147602),
    (0.004733, 0.691367, 0.303900),
)
# Linear sRGB to CIE XYZ, IEC 61966-2-1, and its white, D65.
_XYZ: Matrix = (
    (0.4124, 0.3576, 0.1805),
    (0.2126, 0.7152, 0.0722),
    (0.0193, 0.1192, 0.9505),
)
_WHITE = (0.9505, 1.0, 1.089)


def delta_e(one: str, other: str, seen: Matrix = NORMAL) -> float:
    """CIE 1976: some 2.3 can just be told apart side by side, 20 at a glance."""
    pairs = zip(_lab(one, seen), _lab(other, seen), strict=True)
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


def _lab(name: str, seen: Matrix) -> tuple[float, float, float]:
    value = color(name)
    linear = [linear_light(int(value[at : at + 2], 16)) for at in (1, 3, 5)]
    light = [min(max(c, 0.0), 1.0) for c in _times(seen, linear)]
    x, y, z = (_curve(c / white) for c, white in zip(_times(_XYZ, light), _WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _curve(t: float) -> float:
    return float(t ** (1 / 3) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29)


def _times(matrix: Matrix, vector: list[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]
