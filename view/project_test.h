// SPDX-License-Identifier: Apache-2.0
/* A small project of pages and words, for the tests of this room. */
#pragma once

#include "view/room.h"

#include <string.h>

static const char words_zh[] =
    "{\"title\": \"我的<事项>\", \"due\": \"最迟 {{due_day_text}} 办结\", \"sub\": {\"deep\": "
    "\"深\"},"
    " \"named\": \"<{{name}}> & {{#again}}又{{/again}}\","
    " \"outer\": \"甲{{> t.a.inner}}{{t.a.title}}\", \"inner\": \"[{{n}}]\","
    " \"codes\": {\"state\": {\"review\": \"审查中\", \"with\": \"共{{n}}步\"},"
    " \"kind\": {\"case.accepted\": \"受理\"}, \"flag\": {\"true\": \"是\", \"false\": \"否\"},"
    " \"round\": {\"2\": \"第二轮\"}}}";
static const char words_en[] =
    "{\"title\": \"My <items>\", \"due\": \"Done by {{due_day_text}}\", \"sub\": {\"deep\": "
    "\"deep\"},"
    " \"named\": \"<{{name}}> & {{#again}}again{{/again}}\","
    " \"outer\": \"A{{> t.a.inner}}{{t.a.title}}\", \"inner\": \"[{{n}}]\","
    " \"codes\": {\"state\": {\"review\": \"Under review\", \"with\": \"{{n}} steps\"},"
    " \"kind\": {\"case.accepted\": \"Accepted\"}, \"flag\": {\"true\": \"yes\", \"false\": "
    "\"no\"},"
    " \"round\": {\"2\": \"second round\"}}}";

enum { FILES_MOST = 16 };
typedef struct Project {
    Embedded files[FILES_MOST];
    size_t count;
} Project;

static inline void add(Project *project, const char *name, const char *bytes)
{
    g_assert_cmpuint(project->count, <, FILES_MOST);
    project->files[project->count++] = (Embedded){ name, bytes, strlen(bytes) };
}

static inline Project usual_project(const char *page)
{
    Project project = { 0 };
    add(&project, "a/pages/page.mustache", page);
    add(&project, "a/pages/part.mustache", "*{{name}}*");
    add(&project, "a/pages/lines.mustache", "one\ntwo\n");
    add(&project, "a/pages/tree.mustache", "({{name}}{{#children}}{{> a/tree}}{{/children}})");
    add(&project, "a/pages/loop.mustache", "x{{> a/loop}}");
    add(&project, "a/pages/bush.mustache", "{{> a/branch}}{{> a/branch}}");
    add(&project, "a/pages/branch.mustache", "{{> a/bush}}");
    add(&project, "a/words/zh.json", words_zh);
    add(&project, "a/words/en.json", words_en);
    return project;
}

static inline View *open_project(const Project *project, GError **error)
{
    return view_open_from(project->files, project->count, error);
}

static inline char *render(const char *page, const char *data, enum language language,
                           GError **error)
{
    Project project = usual_project(page);
    g_autoptr(View) view = open_project(&project, error);
    if (!view)
        return NULL;
    json_error_t trouble;
    g_autoptr(json_t) answer = json_loads(data, JSON_DECODE_ANY, &trouble);
    g_autoptr(json_t) own = json_pack("{s:s, s:s}", "token", "T", "made_day", "2014-09-03");
    g_assert_nonnull(answer);
    return view_page(view, "a/page", language, answer, own, NULL, error);
}

typedef struct Case {
    const char *page, *data, *expected;
} Case;

static inline void check_cases(const Case *cases, size_t count, enum language language)
{
    for (size_t i = 0; i < count; i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("case %zu", i);
        g_autofree char *got = render(cases[i].page, cases[i].data, language, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(got, ==, cases[i].expected);
    }
}
