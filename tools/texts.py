# SPDX-License-Identifier: Apache-2.0
"""The texts on which clang-tidy's judgement of a source rests: its own and that of every header it includes, those of the system too,
how it is compiled, what is asked of it, and the clang-tidy at hand. The same digest, the same judgement."""
import functools
import hashlib
import json
import os
import pathlib
import subprocess


@functools.cache
def digest(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def includes(build):
    """{object: the files it was made of}, as the compiler told ninja."""
    found, current = {}, None
    for line in subprocess.check_output(["ninja", "-C", build, "--quiet", "-t", "deps"], text=True).splitlines():
        if line.startswith("    "):
            found[current].append((build / line.strip()).resolve())
        elif ": #deps" in line:
            current = line.partition(": #deps")[0]
            found[current] = []
    return found


def all_of(top, build):
    """(source, file that stands for its digest) of each source of the build; the first of several commands counts."""
    made_of, sources = includes(build), {}
    tool = subprocess.check_output(["clang-tidy", "--version"], text=True) + digest(top / ".clang-tidy")
    for one in json.loads((build / "compile_commands.json").read_text()):
        source = os.path.relpath((pathlib.Path(one["directory"]) / one["file"]).resolve(), top)
        if source.endswith(".c") and source not in sources:
            parts = [tool, one["command"], *(f"{path} {digest(path)}" for path in sorted(made_of[one["output"]]))]
            sources[source] = build / "tidy" / hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return sources.items()
