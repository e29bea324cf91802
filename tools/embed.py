#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes an assembler file that holds what the program carries inside: pages, words, migrations,
styles and tables of data, sorted by name, as base/base.h declares them."""
import hashlib
import pathlib
import sys

top, out, *extra = sys.argv[1:]
top = pathlib.Path(top)
patterns = ["*/pages/*.mustache", "*/pages/*/*.mustache", "*/words/*.json", "*/[0-9][0-9][0-9]-*.sql", "*/static/*", "data/*.csv", "data/*.json", "data/*/*.json"]
found = {str(p.relative_to(top)): p for pattern in patterns for p in top.glob(pattern) if not str(p).startswith("build")}
for pair in extra:  # name=path of a file from a Debian package
    name, path = pair.split("=", 1)
    found[name] = pathlib.Path(path)

lines, table = [], []
for i, name in enumerate(sorted(found, key=lambda n: n.encode())):
    path = found[name].resolve()
    data = path.read_bytes()
    lines += [f"/* {hashlib.sha256(data).hexdigest()} */", f'n{i}: .asciz "{name}"',
              f'b{i}: .incbin "{path}"', ".byte 0"]
    table.append(f".quad n{i}, b{i}, {len(data)}")
text = "\n".join([".section .rodata", *lines, '.section .data.rel.ro,"aw"', ".balign 8",
                  ".globl embedded", "embedded:", *table, ".globl embedded_count", "embedded_count:",
                  f".quad {len(table)}", '.section .note.GNU-stack,"",@progbits', ""])
target = pathlib.Path(out)
if not target.exists() or target.read_text() != text:
    target.write_text(text)
