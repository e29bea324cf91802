// SPDX-License-Identifier: Apache-2.0
/* Answers of every kind as people read them. */
#include "forms/forms.h"

#include <string.h>

#define SAYS "'label':'中','label_en':'en'"
#define FIELD(name, kind, more) "{'name':'" name "','kind':'" kind "'," SAYS more "}"
#define OPTIONS ",'options':[{'code':'farm','label':'农业','label_en':'Farming'},{'code':'home','label':'家庭','label_en':'Household'}]"
#define FORM "{'groups':[{'name':'g','label':'取水','label_en':'Water','fields':[" \
    FIELD("who", "text", "") "," FIELD("yearly", "number", ",'unit':'立方米','unit_en':'m³'") "," FIELD("fee", "money", "") "," FIELD("begins", "day", "") "," \
    FIELD("use", "choice", OPTIONS) "," FIELD("uses", "many", OPTIONS) "," \
    "{'name':'wells','kind':'rows'," SAYS ",'columns':[{'name':'depth','kind':'number','label':'井深','label_en':'Depth','unit':'米','unit_en':'m'},{'name':'place','kind':'text','label':'位置','label_en':'Place'}]}]}," \
    "{'name':'o','label':'审查','label_en':'Examination','step':'review','fields':[" FIELD("seen", "flag", "") "," FIELD("heard", "flag", "") "]}]}"

static ItemForm *form_made(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strdelimit(g_strdup(FORM), "'", '"');
    g_autoptr(json_t) definition = json_loads(text, 0, NULL);
    ItemForm *made = form_read(definition, &error);
    g_assert_no_error(error);
    return made;
}

static void answers_are_said_in_both_languages(void)
{
    static const struct { const char *field, *said, *said_en; } wanted[] = {
        { "who", "平湖农场", "平湖农场" }, { "yearly", "1,200,000.5 立方米", "1,200,000.5 m³" }, { "fee", "1,234.50 元", "CNY 1,234.50" },
        { "begins", "2014年9月3日", "3 September 2014" }, { "use", "农业", "Farming" }, { "uses", "农业、家庭", "Farming, Household" },
        { "wells", "井深 30 米，位置 村口；井深 45.5 米", "Depth 30 m, Place 村口; Depth 45.5 m" },
    };
    g_autoptr(ItemForm) form = form_made();
    g_autoptr(json_t) answers = json_pack("{s:s, s:s, s:i, s:s, s:s, s:[s, s], s:[{s:s, s:s}, {s:s}], s:b}", "who", "平湖农场", "yearly", "1200000.5", "fee", 123450, "begins",
        "2014-09-03", "use", "farm", "uses", "farm", "home", "wells", "depth", "30", "place", "村口", "depth", "45.5", "seen", true);
    g_autoptr(json_t) said = form_said(form, "", answers);
    g_assert_cmpint((int)json_array_size(said), ==, G_N_ELEMENTS(wanted)); /* nothing of the officer's */
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++) {
        const json_t *one = json_array_get(said, i);
        g_assert_cmpstr(json_text(one, "field"), ==, wanted[i].field);
        g_assert_cmpstr(json_text(one, "said"), ==, wanted[i].said);
        g_assert_cmpstr(json_text(one, "said_en"), ==, wanted[i].said_en);
        g_assert_cmpstr(json_text(one, "group_en"), ==, "Water");
    }
}

static void flags_of_an_officer_are_said_by_words(void)
{
    g_autoptr(ItemForm) form = form_made();
    g_autoptr(json_t) none_yet = json_object(), findings = json_pack("{s:b, s:b}", "seen", true, "heard", false);
    g_autoptr(json_t) said = form_said(form, "review", findings), none = form_said(form, "decide", findings), unasked = form_said(form, "review", NULL);
    g_assert_true(json_flag(json_array_get(said, 0), "is_yes"));
    g_assert_true(json_flag(json_array_get(said, 1), "is_no"));
    g_assert_cmpint((int)(json_array_size(none) + json_array_size(unasked)), ==, 0);
    g_assert_true(form_has_step(form, "review", none_yet));
    g_assert_false(form_has_step(form, "decide", none_yet));
}

#define BOTH(prefill, kind) "{'groups':[{'name':'g'," SAYS ",'fields':[" FIELD("yearly", "number", "") "," FIELD("own", "number", ",'prefill':'applicant.name'") "]}," \
    "{'name':'o'," SAYS ",'step':'review','fields':[" FIELD("first", "number", "") "," FIELD("granted", kind, ",'public':true,'prefill':'" prefill "'") "]}]}"

#define BESIDE(name) "{'groups':[{'name':'g'," SAYS ",'fields':[" FIELD("yearly", "number", "") "]},{'name':'o'," SAYS ",'step':'review','fields':[" \
    FIELD("measured", "number", ",'beside':'" name "'") "]}]}"

static void an_officers_field_begins_with_an_answer_of_its_kind(void)
{
    static const struct { const char *text; bool fits; } forms[] = {
        { BOTH("answers.yearly", "number"), true }, { BOTH("answers.yearly", "money"), false }, { BOTH("answers.first", "number"), false },
        { BOTH("answers.granted", "number"), false }, { BOTH("answers.none", "number"), false }, { BESIDE("yearly"), true }, { BESIDE("none"), false },
        { "{'groups':[{'name':'g'," SAYS ",'fields':[" FIELD("a", "number", "") "," FIELD("b", "number", ",'prefill':'answers.a'") "]}]}", false },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = g_strdelimit(g_strdup(forms[i].text), "'", '"');
        g_autoptr(json_t) definition = json_loads(text, 0, NULL);
        g_autoptr(ItemForm) form = form_read(definition, &error);
        g_assert_cmpint(form != NULL, ==, forms[i].fits);
        g_assert_true(form || strstr(error->message, "forms.beside"));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/forms/said/languages", answers_are_said_in_both_languages);
    g_test_add_func("/forms/said/flags", flags_of_an_officer_are_said_by_words);
    g_test_add_func("/forms/said/prefill", an_officers_field_begins_with_an_answer_of_its_kind);
    return g_test_run();
}
