// SPDX-License-Identifier: Apache-2.0
/* A form of an item: read or refused with every fault, answered, and its situations gone through. */
#include "forms/forms.h"

#include <string.h>

#define SAYS "'label':'中','label_en':'en'"
#define USE "{'name':'use','kind':'choice'," SAYS ",'options':[{'code':'farm'," SAYS "},{'code':'home'," SAYS "},{'code':'plant'," SAYS "}]}"

/* Single quotes stand for double ones. Owned by the caller. */
static json_t *json_of(const char *text)
{
    g_autofree char *quoted = g_strdup(text);
    json_t *made = json_loads(g_strdelimit(quoted, "'", '"'), 0, NULL);
    g_assert_nonnull(made);
    return made;
}

static ItemForm *form_of(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) definition = json_of(text);
    ItemForm *made = form_read(definition, &error);
    g_assert_no_error(error);
    return made;
}

/* ---- definitions ---- */

#define GROUP(fields) "{'groups':[{'name':'g'," SAYS ",'fields':[" fields "]}]}"

static void assert_refused(const char *text, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) definition = json_of(text);
    g_assert_null(form_read(definition, &error));
    g_test_message("%s: %s", reason, error->message);
    g_assert_nonnull(strstr(error->message, reason));
}

static void every_fault_of_a_definition_is_told(void)
{
    static const struct { const char *text, *reason; } wrong[] = {
        { GROUP("{'name':'a','kind':'text'," SAYS ",'when':'a = \\\"x\\\"'}"), "forms.names_itself" },
        { GROUP("{'name':'a','kind':'flag'," SAYS ",'when':'b'},{'name':'b','kind':'flag'," SAYS ",'when':'a'}"), "forms.names_later" },
        { GROUP("{'name':'a','kind':'text'," SAYS "},{'name':'b','kind':'number'," SAYS ",'formula':'a * 2'}"), "forms.expression_no_number" },
        { GROUP("{'name':'a','kind':'number'," SAYS ",'least':'5','most':'4'}"), "forms.bounds" },
        { GROUP("{'name':'a','kind':'day'," SAYS ",'least':'2014-02-30'}"), "forms.bound" },
        { GROUP("{'name':'a','kind':'choice'," SAYS "}"), "forms.no_options" },
        { GROUP("{'name':'a','kind':'text'," SAYS "},{'name':'a','kind':'text'," SAYS "}"), "forms.twice" },
        { GROUP("{'name':'a','kind':'text'," SAYS ",'lable':'x'}"), "forms.unknown_member" },
        { GROUP("{'name':'A','kind':'text'," SAYS "}"), "forms.name" }, { GROUP("{'name':'a','kind':'word'," SAYS "}"), "forms.kind" },
        { GROUP("{'name':'a','kind':'text','label':'x'}"), "forms.label" }, { GROUP("{'name':'a','kind':'text'," SAYS ",'pattern':'['}"), "forms.pattern" },
        { GROUP("{'name':'a','kind':'text'," SAYS ",'formula':'1'}"), "forms.formula_kind" }, { GROUP("{'name':'a','kind':'rows'," SAYS "}"), "forms.columns" },
        { GROUP("{'name':'a','kind':'rows'," SAYS ",'columns':[{'name':'b','kind':'text'," SAYS ",'when':'true'}]}"), "forms.column" },
        { "{'situation':[{'name':'a','kind':'text'," SAYS "}]}", "forms.question_kind" }, { "{'ends':[{'name':'e','kind':'no_need','when':'1 = 1'}]}", "forms.rule" },
        { "{'groups':[{'name':'g'," SAYS ",'fields':[]}]}", "forms.group" }, { "{'situation':{}}", "forms.member" }, { "{'groups':'x'}", "forms.member" },
        { GROUP("{'name':'a','kind':'text'," SAYS ",'required':'yes'}"), "forms.member" }, { GROUP("{'name':'a','kind':'text'," SAYS ",'help':'\\u202e'}"), "202E" },
        { GROUP("{'name':'a','kind':'rows'," SAYS ",'columns':[{'name':'b','kind':'text'," SAYS "},{'name':'b','kind':'text'," SAYS "}]}"), "forms.twice" }, { "[]", "forms.no_object" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_refused(wrong[i].text, wrong[i].reason);
}

#define WELLS                                                                                      \
    "{'name':'wells','kind':'rows'," SAYS ",'columns':[{'name':'depth','kind':'number'," SAYS      \
    "},{'name':'price','kind':'money'," SAYS "},{'name':'place','kind':'text'," SAYS "}]}"

static void sums_and_relative_bounds_that_do_not_fit_are_told(void)
{
    static const struct {
        const char *text, *reason;
    } wrong[] = {
        { GROUP(WELLS ",{'name':'all','kind':'number'," SAYS ",'formula':'wells + 1'}"),
          "forms.names_rows" },
        { GROUP(WELLS ",{'name':'all','kind':'number'," SAYS ",'formula':'sum(wells)'}"),
          "forms.expression_rows" },
        { GROUP(WELLS ",{'name':'all','kind':'number'," SAYS ",'formula':'sum(wells.place)'}"),
          "forms.names_no_column" },
        { GROUP(WELLS ",{'name':'all','kind':'number'," SAYS ",'formula':'sum(ponds.depth)'}"),
          "forms.names_no_column" },
        { GROUP(WELLS ",{'name':'all','kind':'number'," SAYS ",'formula':'count(wells.depth)'}"),
          "forms.expression_rows" },
        { GROUP(WELLS ",{'name':'all','kind':'number'," SAYS ",'formula':'sum(wells.depth'}"),
          "forms.expression_bracket" },
        { GROUP("{'name':'all','kind':'number'," SAYS ",'formula':'sum(wells.depth)'}," WELLS),
          "forms.names_no_column" },
        { GROUP("{'name':'a','kind':'day'," SAYS ",'least':'tomorrow'}"), "forms.names_later" },
        { GROUP("{'name':'a','kind':'day'," SAYS ",'least':'a + 1'}"), "forms.names_itself" },
        { GROUP("{'name':'a','kind':'day'," SAYS ",'least':'today + 99999'}"), "forms.bound" },
        { GROUP("{'name':'a','kind':'number'," SAYS "},{'name':'b','kind':'day'," SAYS
                ",'least':'a'}"),
          "forms.bound" },
        { GROUP("{'name':'a','kind':'day'," SAYS ",'least':'today + 5','most':'today'}"),
          "forms.bounds" },
        { GROUP("{'name':'today','kind':'day'," SAYS "}"), "forms.name" },
        { GROUP("{'name':'a','kind':'day'," SAYS
                ",'least':'2014-09-01'},{'name':'b','kind':'day'," SAYS
                ",'least':'a + 1','most':'2014-09-01'}"),
          "forms.bounds" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_refused(wrong[i].text, wrong[i].reason);
}

static void several_faults_are_told_at_once(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) definition = json_of(GROUP("{'name':'a','kind':'number'," SAYS ",'least':'5','most':'4'},{'name':'b','kind':'text'," SAYS ",'when':'c'}"));
    g_assert_null(form_read(definition, &error));
    g_assert_nonnull(strstr(error->message, "forms.bounds"));
    g_assert_nonnull(strstr(error->message, "forms.names_later"));
}

/* ---- answers ---- */

#define WATER "{'situation':[" USE "],'groups':[{'name':'g'," SAYS ",'fields':[" \
    "{'name':'who','kind':'text'," SAYS ",'required':true,'least':2,'most':10}," \
    "{'name':'daily','kind':'number'," SAYS ",'required':true,'decimals':1,'least':'0.1','most':'5000','when':'use != \\\"home\\\"'}," \
    "{'name':'yearly','kind':'number'," SAYS ",'formula':'daily * 365'}," \
    "{'name':'fee','kind':'money'," SAYS "}," \
    "{'name':'begins','kind':'day'," SAYS ",'least':'2014-01-01'}," \
    "{'name':'wells','kind':'rows'," SAYS ",'most':2,'columns':[{'name':'depth','kind':'number'," SAYS ",'required':true},{'name':'place','kind':'text'," SAYS "}]}," \
    "{'name':'true','kind':'flag'," SAYS ",'required':true}]}," \
    "{'name':'officer'," SAYS ",'step':'review','fields':[{'name':'granted','kind':'number'," SAYS ",'required':true}]}]," \
    "'papers':[{'name':'水资源论证报告书','when':'use = \\\"plant\\\" and daily > 100'}],'ends':[{'name':'small','kind':'no_need','when':'use = \\\"home\\\"','text':'不用','text_en':'no'}]}"

static json_t *check(const ItemForm *form, const char *step, const char *given, json_t **errors)
{
    g_autoptr(json_t) asked = json_of(given);
    return form_check_on(form, step, day_parse("2014-09-01"), NULL, asked, errors);
}

static void answers_are_kept_by_kind_and_sums_filled_in(void)
{
    json_t *errors;
    g_autoptr(ItemForm) form = form_of(WATER);
    g_autoptr(json_t) answers = check(form, "", "{'use':'farm','who':' 平湖农场 ','daily':['1,000.5'],'fee':'12.5','begins':'2014-09-01','true':'on','wells':[{'depth':'30'},{'depth':'','place':' '}]}", &errors);
    g_autoptr(json_t) held = errors;
    g_autoptr(json_t) wanted = json_of("{'use':'farm','who':'平湖农场','daily':'1000.5','yearly':'365182.5','fee':1250,'begins':'2014-09-01','true':true,'wells':[{'depth':'30'}]}");
    g_assert_cmpint((int)json_array_size(held), ==, 0);
    g_assert_true(json_equal(answers, wanted));
}

static void what_is_not_asked_is_left_out(void)
{
    json_t *errors;
    g_autoptr(ItemForm) form = form_of(WATER);
    g_autoptr(json_t) answers = check(form, "", "{'use':'home','who':'张三','daily':'17','true':'on'}", &errors);
    g_autoptr(json_t) held = errors;
    g_assert_cmpint((int)json_array_size(held), ==, 0);
    g_assert_null(json_object_get(answers, "daily"));
    g_assert_null(json_object_get(answers, "yearly"));
}

static void every_wrong_answer_is_told(void)
{
    static const struct { const char *given, *field, *reason; } wrong[] = {
        { "{'who':'张','daily':'1','true':'on'}", "who", "forms.too_short" }, { "{'daily':'1','true':'on'}", "who", "forms.required" },
        { "{'use':'farm','who':'张三','daily':'1.25','true':'on'}", "daily", "forms.too_many_decimals" }, { "{'use':'farm','who':'张三','daily':'0','true':'on'}", "daily", "forms.out_of_bounds" },
        { "{'use':'farm','who':'张三','daily':'多','true':'on'}", "daily", "forms.not_a_number" }, { "{'use':'sea','who':'张三','true':'on'}", "use", "forms.not_a_choice" },
        { "{'use':'home','who':'张三','true':'on','fee':'1.234'}", "fee", "forms.not_money" }, { "{'use':'home','who':'张三','true':'on','begins':'2013-12-31'}", "begins", "forms.out_of_bounds" },
        { "{'use':'home','who':'张三'}", "true", "forms.required" }, { "{'use':'home','who':'张三','true':'no'}", "true", "forms.declare" },
        { "{'use':'home','who':'张三','true':'on','wells':[{'place':'村口'}]}", "wells.1.depth", "forms.required" },
        { "{'use':'home','who':'张三','true':'on','wells':[{'depth':'1'},{'depth':'2'},{'depth':'3'}]}", "wells", "forms.rows_most" },
        { "{'use':'home','who':'张三','true':'on','extra':'1'}", "extra", "forms.unknown" }, { "{'use':'home','who':'张三','true':'on','granted':'1'}", "granted", "forms.unknown" },
        { "{'use':'home','who':'张\\n三','true':'on'}", "who", "forms.one_line" },
    };
    g_autoptr(ItemForm) form = form_of(WATER);
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        json_t *errors;
        g_assert_null(check(form, "", wrong[i].given, &errors));
        g_autoptr(json_t) held = errors;
        g_autofree char *text = json_dumps(held, 0);
        g_test_message("%s: %s", wrong[i].reason, text);
        g_assert_cmpint((int)json_array_size(held), ==, 1);
        g_assert_cmpstr(json_text(json_array_get(held, 0), "field"), ==, wrong[i].field);
        g_assert_cmpstr(json_text(json_array_get(held, 0), "reason"), ==, wrong[i].reason);
    }
}

static void a_sum_that_is_too_large_is_told(void)
{
    json_t *errors;
    g_autoptr(ItemForm) form = form_of(GROUP("{'name':'a','kind':'number'," SAYS "},{'name':'b','kind':'money'," SAYS ",'formula':'a + 1'}"));
    g_assert_null(check(form, "", "{'a':'9223372036853'}", &errors));
    g_autoptr(json_t) held = errors;
    g_assert_cmpstr(json_text(json_array_get(held, 0), "reason"), ==, "forms.out_of_bounds");
}

static void a_column_is_summed_up_and_rows_are_counted(void)
{
    json_t *errors;
    g_autoptr(ItemForm) form = form_of(GROUP(
        WELLS ",{'name':'all','kind':'number'," SAYS
              ",'formula':'sum(wells.depth) / count(wells)'},{'name':'paid','kind':'money'," SAYS
              ",'formula':'sum( wells.price )'},"
              "{'name':'sum','kind':'number'," SAYS "},{'name':'many','kind':'flag'," SAYS
              ",'required':true,'when':'count(wells) > 1 and sum > 2'}"));
    g_autoptr(json_t) answers = check(form, "",
                                      "{'wells':[{'depth':'30','price':'1.5'},{'depth':'10','price'"
                                      ":'2'},{'place':'村口'}],'sum':'1'}",
                                      &errors);
    g_autoptr(json_t) held = errors;
    g_assert_cmpint((int)json_array_size(held), ==, 0);
    g_assert_cmpstr(json_text(answers, "all"), ==, "13.33");
    g_assert_cmpint(json_number(answers, "paid"), ==, 350);
}

/* Forms send each cell by itself; rows between them in which nothing stands are left out, and
 * errors name the cell. */
static void rows_come_cell_by_cell(void)
{
    json_t *errors, *wrong;
    g_autoptr(ItemForm) form = form_of(GROUP(WELLS));
    g_autoptr(json_t) answers = check(
        form, "",
        "{'wells.1.depth':['30'],'wells.1.place':[''],'wells.2.depth':[' '],'wells.3.price':['2']}",
        &errors);
    g_autoptr(json_t) wanted = json_of("{'wells':[{'depth':'30'},{'price':200}]}");
    g_assert_cmpint((int)json_array_size(errors), ==, 0);
    g_assert_true(json_equal(answers, wanted));
    json_decref(errors);
    g_assert_null(check(form, "",
                        "{'wells.2.depth':['x'],'wells.0.depth':['1'],'wells.51.depth':['1'],'"
                        "wells.1.width':['1'],'wells.depth':['1']}",
                        &wrong));
    g_autofree char *text = json_dumps(wrong, 0);
    g_test_message("%s", text);
    g_assert_cmpint((int)json_array_size(wrong), ==, 5);
    g_assert_cmpstr(json_text(json_array_get(wrong, 0), "field"), ==, "wells.2.depth");
    json_decref(wrong);
}

/* Today is 2014-09-01. */
static void days_are_held_against_today_and_each_other(void)
{
    static const struct {
        const char *given, *least, *most;
    } wrong[] = {
        { "{'begins':'2014-08-31'}", "2014-09-01", "2014-12-10" },
        { "{'begins':'2014-12-11'}", "2014-09-01", "2014-12-10" },
        { "{'begins':'2014-09-01','ends':'2014-09-01'}", "2014-09-02", "" },
        { "{'ends':'2014-08-01'}", NULL, "" },
    };
    g_autoptr(ItemForm) form =
        form_of(GROUP("{'name':'begins','kind':'day'," SAYS
                      ",'least':'today','most':'today + 100'},{'name':'ends','kind':'day'," SAYS
                      ",'least':'begins+1'}"));
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        json_t *errors;
        g_autoptr(json_t) answers = check(form, "", wrong[i].given, &errors);
        g_autoptr(json_t) held = errors;
        g_assert_true((answers == NULL) == (wrong[i].least != NULL));
        if (wrong[i].least) {
            g_assert_cmpstr(json_text(json_array_get(held, 0), "least"), ==, wrong[i].least);
            g_assert_cmpstr(json_text(json_array_get(held, 0), "most"), ==, wrong[i].most);
        }
    }
}

static void an_officer_fills_in_the_fields_of_the_step(void)
{
    json_t *errors;
    g_autoptr(ItemForm) form = form_of(WATER);
    g_autoptr(json_t) answers = check(form, "review", "{'granted':'12'}", &errors);
    g_autoptr(json_t) held = errors;
    g_assert_cmpint((int)json_array_size(held), ==, 0);
    g_assert_cmpstr(json_text(answers, "granted"), ==, "12");
}

static void answers_choose_papers_and_ends(void)
{
    g_autoptr(ItemForm) form = form_of(WATER);
    g_autoptr(json_t) small = json_of("{'use':'farm','daily':'5'}");
    g_autoptr(json_t) large = json_of("{'use':'plant','daily':'500'}");
    g_autoptr(json_t) home = json_of("{'use':'home'}");
    g_assert_false(form_asks(form, "papers", "水资源论证报告书", small));
    g_assert_true(form_asks(form, "papers", "水资源论证报告书", large));
    g_assert_true(form_asks(form, "papers", "取水许可申请书", small));
    g_assert_null(form_end(form, large));
    g_assert_cmpstr(json_text(form_end(form, home), "kind"), ==, "no_need");
}

/* ---- situations ---- */

static void every_combination_is_gone_through(void)
{
    g_autoptr(ItemForm) form = form_of("{'situation':[" USE ",{'name':'new','kind':'flag'," SAYS ",'when':'use = \\\"farm\\\"'}]}");
    g_autoptr(json_t) tried = form_try_situations(form);
    g_autoptr(json_t) wanted = json_of("{'combinations':4,'too_many':false,'nowhere':[],'never':[]}");
    g_assert_true(json_equal(tried, wanted));
}

static void combinations_that_lead_nowhere_are_named(void)
{
    g_autoptr(ItemForm) form = form_of("{'situation':[" USE ",{'name':'size','kind':'choice'," SAYS ",'when':'use != \\\"home\\\"','options':[{'code':'s'," SAYS ",'when':'use = \\\"farm\\\"'},"
        "{'code':'t'," SAYS ",'when':'use = \\\"home\\\"'}]},{'name':'not','kind':'flag'," SAYS ",'when':'use = \\\"sea\\\"'}],'papers':[{'name':'图','when':'use = \\\"sea\\\"'}]}");
    g_autoptr(json_t) tried = form_try_situations(form);
    g_autoptr(json_t) wanted = json_of("{'combinations':2,'too_many':false,'nowhere':[{'field':'size','answers':{'use':'plant'}}],'never':[{'about':'options','name':'size','option':'t'},"
        "{'about':'fields','name':'not'},{'about':'papers','name':'图'}]}");
    g_assert_true(json_equal(tried, wanted));
}

static void more_combinations_than_can_be_tried_are_told(void)
{
    g_autoptr(GString) text = g_string_new("{'situation':[");
    for (int i = 0; i < 16; i++)
        g_string_append_printf(text, "%s{'name':'q%d','kind':'flag'," SAYS "}", i ? "," : "", i);
    g_string_append(text, "]}");
    g_autoptr(ItemForm) form = form_of(text->str);
    g_autoptr(json_t) tried = form_try_situations(form);
    g_assert_true(json_flag(tried, "too_many"));
    g_assert_cmpint((int)json_number(tried, "combinations"), ==, FORM_COMBINATIONS_MOST);
}

/* ---- those that the program ships ---- */

static void every_shipped_form_is_sound(void)
{
    const char *name;
    int count = 0;
    g_autoptr(GDir) folder = g_dir_open("data/forms", 0, NULL);
    while (folder && (name = g_dir_read_name(folder))) {
        g_autoptr(GError) error = NULL;
        g_autofree char *path = g_build_filename("data/forms", name, NULL);
        g_autoptr(json_t) definition = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
        g_test_message("%s", name);
        g_autoptr(ItemForm) form = form_read(definition, &error);
        g_assert_no_error(error);
        g_assert_true(*json_text(definition, "source"));
        g_autoptr(json_t) tried = form_try_situations(form);
        g_autofree char *text = json_dumps(tried, 0);
        g_test_message("%s", text);
        g_assert_false(json_flag(tried, "too_many"));
        g_assert_cmpint((int)json_array_size(json_object_get(tried, "nowhere")) + (int)json_array_size(json_object_get(tried, "never")), ==, 0);
        count++;
    }
    g_assert_cmpint(count, >, 0);
}

/* Each combination of the first ends where nothing can be chosen. */
static void dead_ends_are_bounded_too(void)
{
    g_autoptr(GString) text = g_string_new("{'situation':[");
    for (int i = 0; i < 60; i++)
        g_string_append_printf(text, "{'name':'q%d','kind':'flag'," SAYS "},", i);
    g_string_append(text, "{'name':'last','kind':'choice'," SAYS ",'options':[{'code':'a'," SAYS ",'when':'q0 and not(q0)'}]}]}");
    g_autoptr(ItemForm) form = form_of(text->str);
    g_autoptr(json_t) tried = form_try_situations(form);
    g_assert_true(json_flag(tried, "too_many"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/forms/every fault of a definition is told", every_fault_of_a_definition_is_told);
    g_test_add_func("/forms/sums and relative bounds that do not fit are told",
                    sums_and_relative_bounds_that_do_not_fit_are_told);
    g_test_add_func("/forms/a column is summed up and rows are counted",
                    a_column_is_summed_up_and_rows_are_counted);
    g_test_add_func("/forms/rows come cell by cell", rows_come_cell_by_cell);
    g_test_add_func("/forms/days are held against today and each other",
                    days_are_held_against_today_and_each_other);
    g_test_add_func("/forms/several faults are told at once", several_faults_are_told_at_once);
    g_test_add_func("/forms/answers are kept by kind and sums filled in", answers_are_kept_by_kind_and_sums_filled_in);
    g_test_add_func("/forms/what is not asked is left out", what_is_not_asked_is_left_out);
    g_test_add_func("/forms/every wrong answer is told", every_wrong_answer_is_told);
    g_test_add_func("/forms/a sum that is too large is told", a_sum_that_is_too_large_is_told);
    g_test_add_func("/forms/an officer fills in the fields of the step", an_officer_fills_in_the_fields_of_the_step);
    g_test_add_func("/forms/answers choose papers and ends", answers_choose_papers_and_ends);
    g_test_add_func("/forms/every combination is gone through", every_combination_is_gone_through);
    g_test_add_func("/forms/combinations that lead nowhere are named", combinations_that_lead_nowhere_are_named);
    g_test_add_func("/forms/more combinations than can be tried are told", more_combinations_than_can_be_tried_are_told);
    g_test_add_func("/forms/dead ends are bounded too", dead_ends_are_bounded_too);
    g_test_add_func("/forms/every shipped form is sound", every_shipped_form_is_sound);
    return g_test_run();
}
