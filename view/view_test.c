// SPDX-License-Identifier: Apache-2.0
#include "view/project_test.h"

/* ---- Mustache ---- */

static void values_are_put_in(void)
{
    static const Case cases[] = {
        { "", "{}", "" },
        { "plain 文字", "{}", "plain 文字" },
        { "a{b}c{ {d} }", "{}", "a{b}c{ {d} }" },
        { "{{a}}", "{\"a\": \"x\"}", "x" },
        { "[{{ a }}]", "{\"a\": \"x\"}", "[x]" },
        { "[{{\ta\n}}]", "{\"a\": \"x\"}", "[x]" },
        { "{{a}}{{b}}", "{\"a\": \"x\", \"b\": \"y\"}", "xy" },
        { "  {{a}}\n", "{\"a\": \"x\"}", "  x\n" },
        { "[{{a}}]", "{}", "[]" },
        { "[{{a}}]", "{\"a\": null}", "[]" },
        { "[{{a}}]", "{\"a\": {\"b\": 1}}", "[]" },
        { "[{{a}}]", "{\"a\": [1, 2]}", "[]" },
        { "{{a}}", "{\"a\": 1234567}", "1234567" },
        { "{{a}}", "{\"a\": 0}", "0" },
        { "{{a}}", "{\"a\": -7}", "-7" },
        { "{{a}}", "{\"a\": 1.25}", "1.25" },
        { "{{a}} {{b}}", "{\"a\": true, \"b\": false}", "true false" },
        { "{{姓名}}", "{\"姓名\": \"张三\"}", "张三" },
        { "{{a-b_c1}}", "{\"a-b_c1\": \"x\"}", "x" },
        { "{{.}}", "\"x\"", "x" },
        { "{{.}}", "5", "5" },
        { "{{a}}}", "{\"a\": \"x\"}", "x}" },
        { "{{a}}", "[]", "" },
        { "{{a}}", "{\"a\": \"{{b}}\", \"b\": \"no\"}", "{{b}}" },
    };
    check_cases(cases, G_N_ELEMENTS(cases), CHINESE);
}

static void dotted_names_reach_inside(void)
{
    static const Case cases[] = {
        { "{{a.b}}", "{\"a\": {\"b\": \"x\"}}", "x" },
        { "{{a.b.c.d.e}}", "{\"a\": {\"b\": {\"c\": {\"d\": {\"e\": \"x\"}}}}}", "x" },
        { "[{{a.b.c}}]", "{\"a\": {\"b\": 1}}", "[]" },
        { "[{{a.b}}]", "{\"b\": \"no\"}", "[]" },
        { "{{#a.b}}yes{{/a.b}}", "{\"a\": {\"b\": true}}", "yes" },
        { "{{#a}}{{b.c}}{{/a}}", "{\"a\": {\"d\": 1}, \"b\": {\"c\": \"x\"}}", "x" },
        /* the first part decides where to look, the others do not wander */
        { "[{{#a}}{{b.c}}{{/a}}]", "{\"a\": {\"b\": {}}, \"b\": {\"c\": \"no\"}}", "[]" },
        { "{{page.token}}", "{}", "T" },
        { "{{page.token}}", "{\"page\": {\"token\": \"no\"}}", "T" },
        { "{{#page}}{{token}}{{/page}}", "{}", "T" },
        { "{{page.made_day_text}}", "{}", "2014年9月3日(周三)" },
        { "[{{token}}{{pages}}]", "{\"pages\": 3}", "[3]" },
    };
    check_cases(cases, G_N_ELEMENTS(cases), CHINESE);
}

static void sections_open_for_what_is_there(void)
{
    static const Case cases[] = {
        { "{{#a}}x{{/a}}", "{\"a\": true}", "x" },
        { "{{#a}}x{{/a}}", "{\"a\": false}", "" },
        { "{{#a}}x{{/a}}", "{\"a\": null}", "" },
        { "{{#a}}x{{/a}}", "{}", "" },
        { "{{#a}}x{{/a}}", "{\"a\": \"\"}", "" },
        { "{{#a}}x{{/a}}", "{\"a\": 0}", "" },
        { "{{#a}}x{{/a}}", "{\"a\": []}", "" },
        { "{{#a}}x{{/a}}", "{\"a\": {}}", "x" },
        { "{{#a}}{{.}}{{/a}}", "{\"a\": \"text\"}", "text" },
        { "{{#a}}{{.}}{{/a}}", "{\"a\": 1}", "1" },
        { "{{#a}}{{b}}{{/a}}", "{\"a\": {\"b\": \"in\"}, \"b\": \"out\"}", "in" },
        { "{{#a}}{{b}}{{/a}}", "{\"a\": {}, \"b\": \"out\"}", "out" },
        { "{{#a}}{{.}},{{/a}}", "{\"a\": [1, \"b\", 3]}", "1,b,3," },
        { "{{#a}}{{n}};{{/a}}", "{\"a\": [{\"n\": 1}, {\"n\": 2}]}", "1;2;" },
        { "{{#a}}{{#.}}{{.}}{{/.}};{{/a}}", "{\"a\": [[1, 2], [], [3]]}", "12;;3;" },
        { "{{#.}}{{.}}{{/.}}", "[1, 2]", "12" },
        { "{{#a}}{{#b}}{{x}}{{y}}{{/b}}{{/a}}", "{\"a\": {\"x\": 1, \"b\": {\"y\": 2}}}", "12" },
        { "{{#a}}1{{#a}}2{{/a}}3{{/a}}", "{\"a\": true}", "123" },
        { "{{# a }}x{{/ a }}", "{\"a\": 1}", "x" },
        { "{{#a}}{{#b}}x{{/b}}y{{/a}}z", "{\"a\": 1}", "yz" },
        { "{{#a}}{{/a}}-", "{\"a\": [1, 2]}", "-" },
        { "{{#a}}x{{/a}}{{#a}}y{{/a}}", "{\"a\": 1}", "xy" },
        { "{{^a}}x{{/a}}", "{\"a\": true}", "" },
        { "{{^a}}x{{/a}}", "{\"a\": false}", "x" },
        { "{{^a}}x{{/a}}", "{}", "x" },
        { "{{^a}}x{{/a}}", "{\"a\": null}", "x" },
        { "{{^a}}x{{/a}}", "{\"a\": []}", "x" },
        { "{{^a}}x{{/a}}", "{\"a\": \"\"}", "x" },
        { "{{^a}}x{{/a}}", "{\"a\": 0}", "x" },
        { "{{^a}}x{{/a}}", "{\"a\": {}}", "" },
        { "{{^a}}{{b}}{{/a}}", "{\"b\": \"out\"}", "out" },
        { "{{#a}}x{{/a}}{{^a}}y{{/a}}", "{\"a\": 1}", "x" },
        { "{{#b}}{{^c}}{{a}}{{/c}}{{/b}}", "{\"b\": {\"a\": 1}, \"a\": 2}", "1" },
        { "{{^a.b}}x{{/a.b}}", "{\"a\": {}}", "x" },
    };
    check_cases(cases, G_N_ELEMENTS(cases), CHINESE);
}

static void tags_alone_on_a_line_take_it_with_them(void)
{
    static const Case cases[] = {
        { "a\n{{#b}}\nc\n{{/b}}\nd\n", "{\"b\": true}", "a\nc\nd\n" },
        { "a\n  {{#b}}  \nc\n\t{{/b}}\t\nd", "{\"b\": true}", "a\nc\nd" },
        { "a\r\n{{#b}}\r\nc\r\n{{/b}}\r\nd", "{\"b\": true}", "a\r\nc\r\nd" },
        { "{{#b}}\nc{{/b}}", "{\"b\": true}", "c" },
        { "c\n  {{#b}}\n  {{/b}}", "{}", "c\n" },
        { "a {{#b}}c{{/b}}\n", "{\"b\": true}", "a c\n" },
        { "{{#b}} {{/b}}\n", "{\"b\": true}", " \n" },
        { "{{^b}}\nc\n{{/b}}\n", "{}", "c\n" },
        { "a\n{{! note }}\nb", "{}", "a\nb" },
        { "a\n  {{! two\n lines }}\nb", "{}", "a\nb" },
        { "a {{! note }} b", "{}", "a  b" },
        { "a{{!}}b{{!#/^>}}c", "{}", "abc" },
        { "{{a}}\n", "{}", "\n" },
        { "a\n\n{{#b}}\n\nc\n{{/b}}\n", "{\"b\": true}", "a\n\n\nc\n" },
    };
    check_cases(cases, G_N_ELEMENTS(cases), CHINESE);
}

static void partials_are_put_in(void)
{
    static const Case cases[] = {
        { "[{{> a/part}}]", "{\"name\": \"x\"}", "[*x*]" },
        { "[{{>a/part}}]", "{}", "[**]" },
        { "{{#l}}{{> a/part}}{{/l}}", "{\"l\": [{\"name\": 1}, {\"name\": 2}]}", "*1**2*" },
        { "a\n  {{> a/lines}}\nb\n", "{}", "a\n  one\ntwo\nb\n" },
        { "a {{> a/lines}}\nb", "{}", "a one\ntwo\n\nb" },
        { "{{> a/tree}}",
          "{\"name\": 1, \"children\": [{\"name\": 2, \"children\": []},"
          " {\"name\": 3, \"children\": [{\"name\": 4, \"children\": null}]}]}",
          "(1(2)(3(4)))" },
    };
    check_cases(cases, G_N_ELEMENTS(cases), CHINESE);
}

static void values_are_always_escaped(void)
{
    static const Case cases[] = {
        { "{{a}}", "{\"a\": \"<>&\\\"'\"}", "&lt;&gt;&amp;&quot;&#39;" },
        { "{{a}}", "{\"a\": \"&amp;\"}", "&amp;amp;" },
        { "<p title=\"{{a}}\">", "{\"a\": \"\\\" onclick=\\\"x\"}",
          "<p title=\"&quot; onclick=&quot;x\">" },
        { "<p title='{{a}}'>", "{\"a\": \"' x='\"}", "<p title='&#39; x=&#39;'>" },
        { "{{a}}", "{\"a\": \"</textarea><script>alert(1)</script>\"}",
          "&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;" },
        { "{{#a}}{{.}}{{/a}}", "{\"a\": [\"<\"]}", "&lt;" },
        { "{{a.b}}{{a.b_text}}", "{\"a\": {\"b\": \"<\"}}", "&lt;&lt;" },
        { "{{a_text}}", "{\"a\": \"<img src=x>\"}", "&lt;img src=x&gt;" },
        { "{{n_day_text}}{{n_fen_text}}", "{\"n_day\": \"<\", \"n_fen\": \"<\"}", "&lt;&lt;" },
        { "{{state_text}}", "{\"state\": \"<script>\"}", "&lt;script&gt;" },
        { "{{t.a.title}}", "{}", "我的&lt;事项&gt;" },
        { "{{> t.a.named}}", "{\"name\": \"<b>\", \"again\": 1}", "&lt;&lt;b&gt;&gt; &amp; 又" },
    };
    check_cases(cases, G_N_ELEMENTS(cases), CHINESE);
    static const Case english[] = { { "{{a_text}}", "{\"a\": 1, \"a_en\": \"<\"}", "&lt;" } };
    check_cases(english, G_N_ELEMENTS(english), ENGLISH);
}

/* ---- words ---- */

static void words_are_put_in(void)
{
    static const Case cases[] = {
        { "{{t.a.sub.deep}}", "{\"t\": {\"a\": {\"sub\": {\"deep\": \"no\"}}}}", "深" },
        { "{{> t.a.due}}", "{\"due_day\": \"2014-09-03\"}", "最迟 2014年9月3日(周三) 办结" },
        { "{{#l}}{{> t.a.inner}}{{/l}}", "{\"l\": [{\"n\": 1}, {\"n\": 2}]}", "[1][2]" },
        { "{{> t.a.outer}}", "{\"n\": 3}", "甲[3]我的&lt;事项&gt;" },
        { "{{> t.a.sub.deep}}", "{}", "深" },
        { "a\n{{> t.a.sub.deep}}\nb", "{}", "a\n深\nb" },
        { "{{t.a.codes.state.review}}", "{}", "审查中" },
    };
    check_cases(cases, G_N_ELEMENTS(cases), CHINESE);
    static const Case english[] = {
        { "{{t.a.sub.deep}}", "{}", "deep" },
        { "{{> t.a.due}}", "{\"due_day\": \"2014-09-03\"}", "Done by 3 September 2014" },
    };
    check_cases(english, G_N_ELEMENTS(english), ENGLISH);
}

static void a_sentence_is_not_escaped(void)
{
    Project project = usual_project("");
    g_autoptr(GError) error = NULL;
    g_autoptr(View) view = open_project(&project, &error);
    g_autoptr(json_t) data = json_pack("{s:s}", "name", "A&B");
    g_autofree char *named = view_sentence(view, ENGLISH, "a.named", data);
    g_assert_cmpstr(named, ==, "<A&B> & ");
    g_autofree char *without = view_sentence(view, CHINESE, "a.named", NULL);
    g_assert_cmpstr(without, ==, "<> & ");
    g_autofree char *unknown = view_sentence(view, CHINESE, "a.nothing", NULL);
    g_assert_cmpstr(unknown, ==, "a.nothing");
}

/* ---- what is refused at the start ---- */

static void a_page_that_does_not_parse_is_refused(void)
{
    static const char *const wrong[][2] = {
        { "a\n{{a", "a/pages/page.mustache, line 2: the tag is not closed" },
        { "{{a}", "not closed" },
        { "{{#a}}", "the section is not closed: a" },
        { "{{#a}}{{#b}}{{/a}}{{/b}}", "closes another section: a" },
        { "{{/a}}", "closes nothing: a" },
        { "{{}}", "no name" },
        { "{{a b}}", "no name: a b" },
        { "{{a..b}}", "no name" },
        { "{{.a}}", "no name" },
        { "{{a.}}", "no name" },
        { "{{#}}{{/}}", "no name" },
        { "{{{a}}}", "unescaped" },
        { "{{&a}}", "unescaped" },
        { "{{ & a }}", "unescaped" },
        { "{{=<% %>=}}", "unescaped" },
        { "{{> a/nothing}}", "no such partial: a/nothing" },
        { "{{>}}", "no name" },
        { "{{t.a.nothing}}", "no word file has: t.a.nothing" },
        { "{{> t.a.nothing}}", "no word file has" },
        { "{{t.a.sub}}", "no word file has" },
        { "{{t.a.due}}", "the word has tags" },
        { "{{#t.a.title}}{{/t.a.title}}", "a word is no section" },
        { "\x01", "not clean" },
        { "\xff", "not clean" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        Project project = usual_project(wrong[i][0]);
        g_autoptr(View) view = open_project(&project, &error);
        g_assert_null(view);
        g_assert_error(error, TROUBLE, FAULT);
        g_test_message("case %zu", i);
        g_assert_nonnull(strstr(error->message, wrong[i][1]));
    }
}

static void words_that_do_not_match_are_refused(void)
{
    static const char *const wrong[][3] = {
        { "{\"x\": \"a\"}", "{}", "b/words/zh.json: b.x: missing in en.json" },
        { "{}", "{\"x\": {\"y\": \"a\"}}", "b/words/en.json: b.x.y: missing in zh.json" },
        { "{\"x\": 1}", "{\"x\": \"a\"}", "b.x is neither text nor an object" },
        { "{\"x\": \"a\", \"x\": \"b\"}", "{\"x\": \"a\"}", "b/words/zh.json, line 1" },
        { "{\"x.y\": \"a\", \"x\": {\"y\": \"b\"}}", "{\"x.y\": \"a\"}",
          "b.x.y stands there twice" },
        { "{\"x\": ", "{\"x\": \"a\"}", "b/words/zh.json, line 1" },
        { "[]", "{}", "b/words/zh.json, line" },
        { "{\"x\": \"{{a\"}", "{\"x\": \"a\"}",
          "b/words/zh.json: b.x, line 1: the tag is not closed" },
        { "{\"x\": \"{{t.b.y}}\"}", "{\"x\": \"a\"}", "no word file has: t.b.y" },
        { "{\"codes\": {\"state\": {\"review\": \"另\"}}}",
          "{\"codes\": {\"state\": {\"review\": \"Other\"}}}", "say different things" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        Project project = usual_project("");
        add(&project, "b/words/zh.json", wrong[i][0]);
        add(&project, "b/words/en.json", wrong[i][1]);
        g_autoptr(View) view = open_project(&project, &error);
        g_assert_null(view);
        g_assert_error(error, TROUBLE, FAULT);
        g_test_message("case %zu", i);
        g_assert_nonnull(strstr(error->message, wrong[i][2]));
    }
}

static void rooms_may_share_a_code(void)
{
    g_autoptr(GError) error = NULL;
    Project project = usual_project("{{state_text}}");
    add(&project, "b/words/zh.json",
        "{\"codes\": {\"state\": {\"review\": \"审查中\", \"open\": \"开\"}}}");
    add(&project, "b/words/en.json",
        "{\"codes\": {\"state\": {\"review\": \"Under review\", \"open\": \"open\"}}}");
    g_autoptr(View) view = open_project(&project, &error);
    g_assert_no_error(error);
    g_autoptr(json_t) answer = json_pack("{s:s}", "state", "open");
    g_autofree char *got = view_page(view, "a/page", CHINESE, answer, NULL, NULL, &error);
    g_assert_cmpstr(got, ==, "开");
}

/* {"a": {"a": … {"a": null}}}, so deep. */
static char *nested_data(unsigned depth)
{
    GString *data = g_string_new("null");
    for (unsigned i = 0; i < depth; i++) {
        g_string_prepend(data, "{\"a\": ");
        g_string_append(data, "}");
    }
    return g_string_free(data, FALSE);
}

static void a_page_that_never_ends_is_stopped(void)
{
    static const char *const endless[][2] = {
        { "{{> a/loop}}", "calls itself" },
        { "{{> a/bush}}", "calls itself" },
        { "{{#a}}{{> a/page}}{{/a}}{{#b}}{{> a/page}}{{/b}}", "calls itself" },
        { "{{#a}}{{> a/page}}{{> a/page}}{{/a}}", "goes on" },
        { "{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}x{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}", "goes on" },
    };
    g_autofree char *deep = nested_data(28);
    g_autofree char *data =
        g_strdup_printf("{\"b\": {}, \"l\": [1,2,3,4,5,6,7,8,9,10,11,12], %s", deep + 1);
    for (size_t i = 0; i < G_N_ELEMENTS(endless); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *got = render(endless[i][0], data, CHINESE, &error);
        g_assert_null(got);
        g_assert_error(error, TROUBLE, FAULT);
        g_assert_nonnull(strstr(error->message, endless[i][1]));
    }
}

static char *nested(unsigned depth)
{
    GString *page = g_string_new(NULL);
    for (unsigned i = 0; i < depth; i++)
        g_string_append(page, "{{#a}}");
    for (unsigned i = 0; i < depth; i++)
        g_string_append(page, "{{/a}}");
    return g_string_free(page, FALSE);
}

static void sections_nest_so_deep_and_no_deeper(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *deep = nested(32), *too_deep = nested(33);
    g_autofree char *got = render(deep, "{\"a\": true}", CHINESE, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(got, ==, "");
    g_assert_null(render(too_deep, "{\"a\": true}", CHINESE, &error));
    g_assert_error(error, TROUBLE, FAULT);
}

static void what_is_built_in_opens(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(View) view = view_open(&error);
    g_assert_no_error(error);
    g_autofree char *got = view_sentence(view, ENGLISH, "base.not_found", NULL);
    g_assert_true(g_str_has_prefix(got, "Nothing was found"));
    g_assert_null(view_page(view, "a/nothing", CHINESE, NULL, NULL, NULL, &error));
    g_assert_error(error, TROUBLE, FAULT);
}

static void the_length_is_told(void)
{
    g_autoptr(GError) error = NULL;
    Project project = usual_project("{{a}}!");
    g_autoptr(View) view = open_project(&project, &error);
    g_autoptr(json_t) answer = json_pack("{s:s}", "a", "平湖");
    size_t length = 0;
    g_autofree char *got = view_page(view, "a/page", CHINESE, answer, NULL, &length, &error);
    g_assert_cmpuint(length, ==, strlen("平湖!"));
    g_assert_cmpuint(strlen(got), ==, length);
}

static void numbers_print_as_they_were_meant(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *got = render("{{a}} {{b}} {{c}}", "{\"a\": 1.1, \"b\": 0.30000000000000004, \"c\": 86.33}", CHINESE, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(got, ==, "1.1 0.3 86.33");
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/view/values are put in", values_are_put_in);
    g_test_add_func("/view/dotted names reach inside", dotted_names_reach_inside);
    g_test_add_func("/view/sections open for what is there", sections_open_for_what_is_there);
    g_test_add_func("/view/tags alone on a line take it with them",
                    tags_alone_on_a_line_take_it_with_them);
    g_test_add_func("/view/partials are put in", partials_are_put_in);
    g_test_add_func("/view/values are always escaped", values_are_always_escaped);
    g_test_add_func("/view/words are put in", words_are_put_in);
    g_test_add_func("/view/a sentence is not escaped", a_sentence_is_not_escaped);
    g_test_add_func("/view/a page that does not parse is refused",
                    a_page_that_does_not_parse_is_refused);
    g_test_add_func("/view/words that do not match are refused",
                    words_that_do_not_match_are_refused);
    g_test_add_func("/view/rooms may share a code", rooms_may_share_a_code);
    g_test_add_func("/view/a page that never ends is stopped", a_page_that_never_ends_is_stopped);
    g_test_add_func("/view/sections nest so deep and no deeper",
                    sections_nest_so_deep_and_no_deeper);
    g_test_add_func("/view/what is built in opens", what_is_built_in_opens);
    g_test_add_func("/view/the length is told", the_length_is_told);
    g_test_add_func("/view/numbers print as they were meant", numbers_print_as_they_were_meant);
    return g_test_run();
}
