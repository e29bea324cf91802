# SPDX-License-Identifier: Apache-2.0
"""Sentences of refusals, held against the calls that say them: a tag that no call fills leaves a hole in what people read."""
import json
import re

TAG = re.compile(r"\{\{([#^/>]?)\s*([^}]*?)\s*\}\}")
DEEPEST = 8  # words, one inside another


def words_of(tree):
    """The sentences by their keys, in each language."""
    words = {}

    def keep(path, value, language):
        if isinstance(value, dict):
            for key, inner in value.items():
                keep(f"{path}.{key}", inner, language)
        else:
            words.setdefault(path, {})[language] = value
    for path, text in tree.files(r"^\w+/words/\w+\.json$"):
        keep(path.split("/")[0], json.loads(text), path)
    return words


def holes(words, key, language, given, depth=0):
    """The tags that stand empty in a sentence when these names are given; a section is closed to what is not."""
    sections = []
    for kind, name in TAG.findall(words[key].get(language, "")):
        stem = name.split(".")[0].removesuffix("_text")
        if kind and kind in "#^":
            sections.append((kind == "#", stem))
        elif kind == "/":
            sections = sections[:-1]
        elif any((told in given) != opens for opens, told in sections):
            continue
        elif kind == ">" and name.removeprefix("t.") in words and depth < DEEPEST:
            yield from holes(words, name.removeprefix("t."), language, given, depth + 1)
        elif not kind and name != "." and stem != "t" and stem not in given:
            yield stem


def arguments(text, at):
    """The arguments of the call whose bracket opens before `at`."""
    depth, found, begin = 0, [], at
    for part in re.compile(r'"(?:[^"\\]|\\.)*"|[()\[\]{},]').finditer(text, at):
        if part[0] in "([{":
            depth += 1
        elif part[0] in ")]}" and depth:
            depth -= 1
        elif part[0] in "),":
            if not depth:
                found.append(text[begin:part.start()].strip())
                begin = part.end()
                if part[0] == ")":
                    break
    return found


def refusals(text):
    """Each call that refuses with pairs of name and value: where it stands, the keys of its sentences, the names it fills; None where
    a name is not written out."""
    for call in re.finditer(r"\b(refuse\w*)\s*\(", text):
        given = arguments(text, call.end())
        for place, argument in enumerate(given):
            keys = re.findall(r'"([a-z_]+\.[a-z_.0-9]+)"', argument)
            names = given[place + 1:-1:2]
            if keys and given[-1] == "NULL":
                plain = all(re.fullmatch(r'"\w+"', name) for name in names)
                yield call.start(), keys, {name.strip('"') for name in names} | ({"field"} if call[1] == "refuse_field" else set()) if plain else None
                break
