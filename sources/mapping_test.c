// SPDX-License-Identifier: Apache-2.0
/* Mappings: what fits, what is sent, and how any answer is read. */
#include "sources/life.h"

#include <string.h>

static void refused_for(bool fits(const char *, GError **), const char *text, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(fits(text, &error));
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
}

static void mappings_are_refused_with_their_line(void)
{
    g_assert_true(mapping_request_fits("idNumber = id_number\r\n\r\nkind = \"1\"", NULL));
    refused_for(mapping_request_fits, "", "sources.needed");
    refused_for(mapping_request_fits, "id number = id_number", "sources.line_request");
    refused_for(mapping_request_fits, "idNumber", "sources.line_request");
    refused_for(mapping_request_fits, "idNumber = telephone", "sources.line_fact");
    refused_for(mapping_request_fits, "kind = \"a\"b\"", "sources.line_fact");
    refused_for(mapping_request_fits, "kind = answers.a b", "sources.line_fact");
    g_assert_true(mapping_answer_fits("姓名 | /data/name = name\n住址|/data/a~1b/0", NULL));
    refused_for(mapping_answer_fits, "姓名 = /data", "sources.line_answer");
    refused_for(mapping_answer_fits, "姓名 | data", "sources.line_answer");
    refused_for(mapping_answer_fits, "姓名 | /a~2", "sources.line_answer");
    refused_for(mapping_answer_fits, "姓名 | /a = address", "sources.line_fact");
    g_assert_true(mapping_found_fits("", NULL));
    g_assert_true(mapping_found_fits("/code = 0", NULL));
    refused_for(mapping_found_fits, "/code", "sources.line_found");
    g_autoptr(GString) many = g_string_new(NULL);
    for (int i = 0; i < 31; i++)
        g_string_append_printf(many, "a%d = name\n", i);
    refused_for(mapping_request_fits, many->str, "sources.lines_many");
}

static void a_request_has_what_its_mapping_says(void)
{
    g_autoptr(json_t) facts = source_facts("330482199001010012", "张三", "person", "", "{\"street\":\"新仓镇\",\"rooms\":3}");
    g_autoptr(json_t) request = mapping_request("idNumber = id_number\nkind = \"a=1\"\nrooms = answers.rooms\nwhere = answers.street\nwho=name\nx = answers.none", facts);
    g_autofree char *text = json_canonical(request);
    g_assert_cmpstr(text, ==, "{\"idNumber\":\"330482199001010012\",\"kind\":\"a=1\",\"rooms\":\"3\",\"where\":\"新仓镇\",\"who\":\"张三\",\"x\":\"\"}");
}

static void reads(const char *found, const char *answer, enum reading expected, const char *lines)
{
    const char *why;
    json_t *read;
    const Source source = { .answer = (char *)(uintptr_t)"姓名 | /data/name = name\n住址 | /data/a~1b/0\n户数 | /data/count", .found = (char *)(uintptr_t)found };
    g_autoptr(json_t) facts = source_facts("330482199001010012", "张三", "person", "", "{\"street\":\"新仓镇\",\"rooms\":3}");
    g_assert_cmpint(mapping_read(&source, facts, answer, strlen(answer), &read, &why), ==, expected);
    g_autoptr(json_t) held = read;
    g_autofree char *text = held ? json_canonical(held) : NULL;
    g_assert_cmpstr(text, ==, lines);
}

static void an_answer_is_read_by_its_pointers(void)
{
    reads("", "{\"data\":{\"name\":\"张三\",\"a/b\":[\"新仓镇\"],\"count\":2.5}}", READ_FOUND, "[[\"姓名\",\"张三\"],[\"住址\",\"新仓镇\"],[\"户数\",\"2.5\"]]");
    reads("", "{\"data\":{\"name\":\"张三\",\"count\":{\"deep\":1}}}", READ_FOUND, "[[\"姓名\",\"张三\"]]");
    reads("/code = 0", "{\"code\":0,\"data\":{\"name\":\"张三\"}}", READ_FOUND, "[[\"姓名\",\"张三\"]]");
    reads("/code = 0", "{\"code\":7}", READ_NONE, NULL);
    reads("/found = true", "{\"found\":false}", READ_NONE, NULL);
    reads("", "{\"data\":{\"name\":\"李四\"}}", READ_DIFFERS, NULL);
    reads("", "{\"data\":{}}", READ_DIFFERS, NULL);
    reads("", "<html>", READ_BROKEN, NULL);
    reads("", "", READ_BROKEN, NULL);
    reads("", "{\"data\":{\"name\":\"张三\"},\"data\":{}}", READ_BROKEN, NULL);
}

/* A text that turns the direction of writing, or is no text, stands on no paper. */
static void what_cannot_be_shown_is_not_read(void)
{
    reads("", "{\"data\":{\"name\":\"张三\",\"a/b\":[\"\\u202e镇\"],\"count\":\"1\\u0000\"}}", READ_BROKEN, NULL);
    reads("", "{\"data\":{\"name\":\"张三\",\"a/b\":[\"\\u202e镇\"],\"count\":\"\\u0007\"}}", READ_FOUND, "[[\"姓名\",\"张三\"]]");
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/source_mapping/mappings are refused with their line", mappings_are_refused_with_their_line);
    g_test_add_func("/source_mapping/a request has what its mapping says", a_request_has_what_its_mapping_says);
    g_test_add_func("/source_mapping/an answer is read by its pointers", an_answer_is_read_by_its_pointers);
    g_test_add_func("/source_mapping/what cannot be shown is not read", what_cannot_be_shown_is_not_read);
    return g_test_run();
}
