// SPDX-License-Identifier: Apache-2.0
/* Fields that begin with what is known: what fits, only where it is asked, and never over what somebody has answered. */
#include "forms/forms.h"

#include <string.h>

#define SAYS(name) "'label':'" name "','label_en':'" name "'"
#define FORM                                                                                                                                  \
    "{'situation':[{'name':'kind','kind':'choice'," SAYS("类") ",'options':[{'code':'new'," SAYS("新") "},{'code':'renew'," SAYS("延") "}]}],"  \
    "'groups':[{'name':'g'," SAYS("组") ",'fields':["                                                                                          \
    "{'name':'who','kind':'text'," SAYS("姓名") ",'prefill':'applicant.name'},"                                                               \
    "{'name':'telephone','kind':'text'," SAYS("电话") ",'pattern':'[0-9]+','prefill':'applicant.telephone'},"                                 \
    "{'name':'on','kind':'day'," SAYS("日期") ",'prefill':'case.day'},"                                                                       \
    "{'name':'former','kind':'text'," SAYS("原名") ",'when':'kind = \\\"renew\\\"','prefill':'applicant.name'},"                              \
    "{'name':'place','kind':'text'," SAYS("地点") ",'prefill':'earlier'},{'name':'worth','kind':'money'," SAYS("金额") ",'prefill':'earlier'}," \
    "{'name':'reason','kind':'text'," SAYS("理由") "}]},"                                                                                      \
    "{'name':'o'," SAYS("审查") ",'step':'review','fields':[{'name':'seen','kind':'text'," SAYS("核实") ",'prefill':'applicant.name'}]}]}"
#define KNOWN \
    "{'applicant.name':'张三','applicant.telephone':'0573 8501','case.day':'2014-09-03','earlier':{'place':'当湖街道','worth':1200,'reason':'旱'}}"

/* Single quotes stand for double ones. Owned by the caller. */
static json_t *json_of(const char *text)
{
    g_autofree char *quoted = g_strdup(text);
    json_t *made = json_loads(g_strdelimit(quoted, "'", '"'), 0, NULL);
    g_assert_nonnull(made);
    return made;
}

/* The answers and the names of the fields filled in, as text. Owned by the caller. */
static char *filled(const char *answers_text, const char *known_text)
{
    size_t i;
    json_t *one;
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) definition = json_of(FORM), answers = json_of(answers_text), known = json_of(known_text), named = json_array();
    g_autoptr(ItemForm) form = form_read(definition, &error);
    g_assert_no_error(error);
    g_autoptr(json_t) made = form_prefilled(form, answers, known, named);
    g_autofree char *dumped = json_dumps(made, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    GString *text = g_string_new(g_strdelimit(dumped, "\"", '\''));
    json_array_foreach(named, i, one)
        g_string_append_printf(text, " %s", json_text(one, "field"));
    return g_string_free(text, FALSE);
}

static void what_is_known_stands_in_its_fields(void)
{
    g_autofree char *text = filled("{'kind':'new'}", KNOWN); /* the telephone does not fit its pattern */
    g_assert_cmpstr(text, ==, "{'kind':'new','on':'2014-09-03','place':'当湖街道','who':'张三','worth':1200} who on place worth");
}

static void conditions_hold_for_it(void)
{
    g_autofree char *text = filled("{'kind':'renew'}", "{'applicant.name':'张三'}");
    g_assert_cmpstr(text, ==, "{'former':'张三','kind':'renew','who':'张三'} who former");
}

static void what_was_answered_stays(void)
{
    g_autofree char *text = filled("{'kind':'new','who':'李四'}", KNOWN), *nothing = filled("{'kind':'new'}", "{}");
    g_assert_cmpstr(text, ==, "{'kind':'new','who':'李四'}");
    g_assert_cmpstr(nothing, ==, "{'kind':'new'}");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/forms/prefill/known", what_is_known_stands_in_its_fields);
    g_test_add_func("/forms/prefill/conditions", conditions_hold_for_it);
    g_test_add_func("/forms/prefill/answered", what_was_answered_stays);
    return g_test_run();
}
