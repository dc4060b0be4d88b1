"""Any file gives its rows with their line numbers, or one clean message."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from huntertui.errors import Usage
from huntertui.exchange import ImportFault, blob, check_encoding, reading
from huntertui.exchange.delimited import Broken, parsed
from huntertui.exchange.reading import in_blocks, read_sheets
from huntertui.exchange.tables import tables_of

TEXT = 'Name,City\n"Zoë, Ltd","Kö\nln"\n\nAcme,Bonn\n'
ROWS = [(1, ["Name", "City"]), (2, ["Zoë, Ltd", "Kö\nln"]), (4, []), (5, ["Acme", "Bonn"])]


def rows_of(path: Path) -> list[tuple[int, list[str]]]:
    (sheet,) = read_sheets(path)
    rows = list(sheet.rows())
    assert list(sheet.rows()) == rows
    return rows


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deals.csv"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe\0\0", "utf-32-le"),
        (b"\0\0\xfe\xff", "utf-32-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
        (b"", "utf-32-le"),
        (b"", "utf-32-be"),
        (b"\xfe\xff", "utf-32-le"),  # the wrong mark
        (b"\xfe\xff", "utf-32-be"),
    ],
)
def test_every_unicode_encoding(path: Path, mark: bytes, encoding: str) -> None:
    path.write_bytes(mark + TEXT.encode(encoding))
    (sheet,) = read_sheets(path)
    assert list(sheet.rows()) == ROWS
    assert sheet.name == "deals.csv"
    assert sheet.notices == ()


@pytest.mark.parametrize("more", ["", "Zürich,\U0001f600\n"])
def test_what_is_no_utf_8_is_windows_1252_and_told(path: Path, more: str) -> None:
    path.write_bytes(TEXT.replace("Zoë", "€uro\xff").encode("cp1252") + b"\x81,x\n" + more.encode())
    (sheet,) = read_sheets(path)
    rows = list(sheet.rows())
    assert rows[1] == (2, ["€uro\xff, Ltd", "Kö\nln"])
    assert rows[4] == (6, ["\ufffd", "x"])
    assert rows[5:] == ([(7, ["Zürich", "\U0001f600"])] if more else [])
    assert sheet.notices == (
        "read as Windows-1252 where it is no UTF-8 (first in line 2; if that looks wrong, say --encoding)",
    )


@pytest.mark.parametrize(
    ("name", "letters"), [("cp1250", "Łódź"), ("shift_jis", "東京"), ("utf-16-le", "Łódź")]
)
def test_an_encoding_that_is_given_holds(path: Path, name: str, letters: str) -> None:
    path.write_bytes(f"Name,City\nAcme,{letters}\n".encode(name))
    (sheet,) = read_sheets(path, name)
    assert list(sheet.rows())[1] == (2, ["Acme", letters])
    path.write_bytes(b"Name\nAcme\n" + b"\xff\xfe\n")
    with pytest.raises(ImportFault, match="line 3: broken ASCII"):
        read_sheets(path, "ascii")


@pytest.mark.parametrize("name", ["nonsense", "hex", "a\0b", "../x"])
def test_what_is_no_encoding(name: str) -> None:
    with pytest.raises(Usage, match="is none: such are"):
        check_encoding(name)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a;b\n1,5;2,5\n", [(1, ["a", "b"]), (2, ["1,5", "2,5"])]),
        ("a\tb,c\n1\t2\n", [(1, ["a", "b,c"]), (2, ["1", "2"])]),
        ("a|b\n1|2\n", [(1, ["a", "b"]), (2, ["1", "2"])]),
        ("a\n1\n", [(1, ["a"]), (2, ["1"])]),
        ('a, "b;c;d;e"\n1,2\n', [(1, ["a", "b;c;d;e"]), (2, ["1", "2"])]),
        ("a;b\nx, y, z, w;2\n", [(1, ["a", "b"]), (2, ["x, y, z, w", "2"])]),
        ("sep=;\r\na;b\r\n1;2\r\n", [(2, ["a", "b"]), (3, ["1", "2"])]),
        ("a,b\r\n1,2\r\n", [(1, ["a", "b"]), (2, ["1", "2"])]),
        ("a,b\r1,2\r\r3,4", [(1, ["a", "b"]), (2, ["1", "2"]), (4, ["3", "4"])]),
        ("\n\n,,\n \na,b\n1,2\n,\n", [(5, ["a", "b"]), (6, ["1", "2"])]),
        ('a,b\n5" pipe,"say ""x"""\n', [(1, ["a", "b"]), (2, ['5" pipe', 'say "x"'])]),
        ('a,b\n"x\r\ny\rz",2\n', [(1, ["a", "b"]), (2, ["x\r\ny\rz", "2"])]),
    ],
)
def test_delimiters_line_ends_and_quotes(path: Path, text: str, rows: list[tuple[int, list[str]]]) -> None:
    path.write_bytes(text.encode())
    assert [(line, cells) for line, cells in rows_of(path) if "".join(cells).strip()] == rows


def test_a_large_cell_is_read_and_the_limit_of_others_stays(path: Path) -> None:
    before = csv.field_size_limit(5_000)
    try:
        path.write_text(f"a,b\n{'x' * 200_000},2\n")
        assert len(rows_of(path)[1][1][0]) == 200_000
        assert csv.field_size_limit() == 5_000
    finally:
        csv.field_size_limit(before)


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        (b"a,b\n1,\0002\n", 2, "a NUL byte"),
        (b'a,b\n1,2\n"x,y\n3,4\n', 3, "never closed"),
        (b'"x"y,b\n1,2\n', 1, "not doubled"),
        (b'a,b\n"x"y,2\n' + b"z\n" * 200, 2, "not doubled"),  # where no row is whole again
        (b"a,b\n1,2\nx\ry,2\n", 3, "carriage return"),
        (b"a,b\n" + b"x" * 1_000_001 + b",2\n", 2, "1,000,000 characters"),
        (b"\xff\xfea\0,\0b\0\n\0\0\xd8x\0", 2, "broken UTF-16"),
        (b"\xef\xbb\xbfa,b\n1,\xff\n", 2, "broken UTF-8"),
        (b"a" + b"," * 1_000 + b"\n", 1, "1,000 columns"),
    ],
)
def test_what_is_no_csv_is_said_with_its_line(path: Path, data: bytes, line: int, says: str) -> None:
    path.write_bytes(data)
    with pytest.raises(ImportFault, match=says) as caught:
        rows_of(path)
    assert str(caught.value).startswith(f"{path}, line {line}:")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('1,"he said "hi" to us"\n2,x\n', ['1,"he said "hi" to us"\n']),
        # What may be the rest of the row is none: only a row of the same width is whole.
        ('1,"he said "hi"\nto us"\n\n2,x\n', ['1,"he said "hi"\nto us"\n\n']),
        ('1,"a "b" c"\n2,x\n3,"d "e" f"\n', ['1,"a "b" c"\n', '3,"d "e" f"\n']),
        ('2,x\n1,"a "b" c"\n', ['1,"a "b" c"\n']),
    ],
)
def test_a_row_with_a_quote_gone_wrong_stops_no_other(path: Path, text: str, rows: list[str]) -> None:
    path.write_text(f"a,b\n{text}")
    found = [cells for _, cells in rows_of(path)]
    assert [cells for cells in found if not isinstance(cells, Broken)] == [["a", "b"], ["2", "x"]]
    assert [cells for cells in found if isinstance(cells, Broken)] == [[row] for row in rows]
    lines = [line for line, _ in rows_of(path)]
    assert [text_at(path, line)[0] for line in lines] == ["a", *(cells[0][0] for cells in found[1:])]


def text_at(path: Path, line: int) -> str:
    return path.read_text().split("\n")[line - 1]


def test_a_file_put_behind_another_has_its_mark_inside(path: Path) -> None:
    path.write_text('a,b\n1,2\n\ufeff"a",b\n3,4\n')
    assert [cells for _, cells in rows_of(path)] == [["a", "b"], ["1", "2"], ["a", "b"], ["3", "4"]]


def test_caps(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text("a,b\n1,2\n3,4\n")
    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    assert len(rows_of(path)) == 3
    monkeypatch.setattr(reading, "MAX_ROWS", 2)
    with pytest.raises(ImportFault, match="line 3: more than 2 rows"):
        rows_of(path)
    monkeypatch.setattr(blob, "MAX_BYTES", 5)
    with pytest.raises(ImportFault, match="is larger than"):
        read_sheets(path)


@pytest.mark.parametrize(
    "name", ["/dev/zero", "/dev/null", "folder", "pipe", "missing", "loop", "a\0b", "missing/x"]
)
def test_only_plain_files_are_read(tmp_path: Path, name: str) -> None:
    """In a process of its own, so that a wrong answer is a time-out and not a hanging suite."""
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    code = (
        "import sys\nfrom pathlib import Path\nfrom huntertui.exchange import ImportFault, reading\n"
        "name = sys.stdin.read()\n"
        "try: list(reading.read_sheets(Path(name))[0].rows()) or print(name, 'is no table')\n"
        "except ImportFault as fault: print(fault)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=name, cwd=tmp_path, capture_output=True, text=True, timeout=30
    )
    assert done.stderr == ""
    assert (
        done.stdout.startswith(f"{name} is no".replace("\0", "\ufffd")) or "cannot be read: " in done.stdout
    )


def test_a_link_to_a_file_is_read(path: Path, tmp_path: Path) -> None:
    path.write_text(TEXT)
    link = tmp_path / "link.csv"
    link.symlink_to(path)
    assert rows_of(link) == ROWS


def test_a_file_one_may_not_read(path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    path.write_text(TEXT)
    path.chmod(0)
    with pytest.raises(ImportFault, match="permission denied"):
        read_sheets(path)


def test_a_path_that_could_steer_the_terminal(tmp_path: Path) -> None:
    with pytest.raises(ImportFault, match="cannot be read: no such file") as caught:
        read_sheets(tmp_path / "a\x1b[2J\udcff.csv")
    assert "\x1b" not in str(caught.value)
    assert str(caught.value).encode()


@given(st.binary(max_size=200))
@example(b'sep=;\n"')
@example(b"\r")
def test_any_bytes_give_rows_or_a_fault(data: bytes) -> None:
    path = Path(os.environ["HOME"]) / "any.csv"
    path.write_bytes(data)
    try:
        rows = rows_of(path)
    except ImportFault:
        return
    lines = [line for line, _ in rows]
    assert lines == sorted(set(lines))


@pytest.mark.parametrize(("small", "again"), [(1_000_000, "Ann"), (10, "Bob")])
def test_a_small_table_is_kept_and_a_large_one_read_anew(
    path: Path, small: int, again: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huntertui.exchange.tables._SMALL", small)
    path.write_text("Name\n\nAnn\n")
    (table,) = tables_of(path)
    assert list(table.rows()) == [(3, ["Ann"])]
    path.write_text("Name\n\nBob\n")
    assert list(table.rows()) == [(3, [again])]


def test_blocks_end_where_rows_are_long() -> None:
    rows = [(n, ["x" * 10_000]) for n in range(1000)]
    blocks = list(in_blocks(iter(rows)))
    assert [row for block, _ in blocks for row in block] == rows
    assert [len(block) for block, _ in blocks][:-1] == [128] * (len(blocks) - 1)
    assert all(size == 10_000 * len(block) for block, size in blocks)
    assert [len(block) for block, _ in in_blocks((n, ["x"]) for n in range(1030))] == [512, 512, 6]


def test_long_lines_are_not_read_ahead() -> None:
    lines = iter(["," * 1_000_000] * 300)
    next(parsed(lines, ",", ""))
    assert len(list(lines)) > 297


@pytest.mark.parametrize("small", [1_000_000, 10], ids=["kept", "read anew"])
def test_each_reading_of_the_rows_can_be_stopped(
    path: Path, small: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huntertui.exchange.tables._SMALL", small)
    path.write_text("Name\n" + "Ann\n" * 2000)
    told: list[int] = []
    (table,) = tables_of(path, heed=told.append)
    told.clear()
    assert len(list(table.rows())) == 2000
    assert told
    assert told == sorted(told)
