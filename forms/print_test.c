// SPDX-License-Identifier: Apache-2.0
/* Forms as they are printed: what stands beside which label, and that every shipped form fits on its pages, filled in and blank. */
#include "forms/define.h"
#include "view/print_test.h"

#define SAYS(zh, en) "'label':'" zh "','label_en':'" en "'"
#define WELLS                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                               \
    "{'title':'取水许可申请书','title_en':'Application for "                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                         \
    "water','source':'《取水许可申请书》','situation':[{'name':'use','kind':'choice'," SAYS(                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                \
        "用途",                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             \
        "Use") ",'options':["                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                               \
               "{'code':'farm'," SAYS("农业灌溉", "Irrigation") "},{'code':'plant'," SAYS(                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                  \
                   "工业",                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                  \
                   "Industry") "}]}],"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                      \
                               "'groups':[{'name':'g'," SAYS(                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                               \
                                   "取水",                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                  \
                                   "Water") ",'fields':["                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   \
                                            "{'name':'who','kind':'text'," SAYS(                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                            \
                                                "姓名",                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     \
                                                "Name") ",'most':20,'help':'写全名','help_en':'"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                         \
                                                        "In full'},"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                        \
                                                        "{'name':'daily','kind':'number'," SAYS(                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                            \
                                                            "日取水量",                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     \
                                                            "A day") ",'unit':'立方米','unit_en':"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       \
                                                                     "'m³'},"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                              \
                                                                     "{'name':'area','kind':'"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                              \
                                                                     "number'," SAYS(                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       \
                                                                         "灌溉面积",                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                        \
                                                                         "Area") ",'unit':'亩','"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          \
                                                                                 "unit_en':'mu','"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          \
                                                                                 "when':'use = "                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                            \
                                                                                 "\\\"farm\\\"'},"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          \
                                                                                 "{'name':'worth'"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          \
                                                                                 ",'kind':'money'"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          \
                                                                                 "," SAYS(                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                  \
                                                                                     "投资",                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                \
                                                                                     "Worth") "},"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          \
                                                                                              "{'"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          \
                                                                                              "na"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          \
                                                                                              "me"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          \
                                                                                              "':"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          \
                                                                                              "'b"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          \
                                                                                              "eg"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          \
                                                                                              "in"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          \
                                                                                              "s'"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          \
                                                                                              ",'"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          \
                                                                                              "ki"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          \
                                                                                              "nd"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          \
                                                                                              "':"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          \
                                                                                              "'d"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          \
                                                                                              "ay"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          \
                                                                                              "'"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                           \
                                                                                              "," SAYS("起始日期",                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          \
                                                                                                       "Begins") "},"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       \
                                                                                                                 "{'name':'why','kind':'long_text'," SAYS("理由",                                                                                                                                                                                                                                                                                                                                                                                                                                                                                           \
                                                                                                                                                          "Why") "},"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       \
                                                                                                                                                                 "{'name':'near','kind':'flag'," SAYS("邻近水源",                                                                                                                                                                                                                                                                                                                                                                                                                                           \
                                                                                                                                                                                                      "Near") "},"                                                                                                                                                                                                                                                                                                                                                                                                                                          \
                                                                                                                                                                                                              "{'name':'wells','kind':'rows'," SAYS("机井", "Wells") ",'columns':[{'name':'depth','kind':'number'," SAYS("井深", "Depth") ",'unit':'米','unit_en':'m'},{'name':'kind','kind':'choice'," SAYS("种类", "Kind") ",'options':[{'code':'deep'," SAYS("深井",                                                                                                                                                                                     \
                                                                                                                                                                                                                                                                                                                                                                                                                                                                "Deep") "},{'code':'flat'," SAYS("浅井",                                                                                                                                                    \
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                 "Flat") "}]}]},"                                                                                                                                           \
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                         "{'name':'true','kind':'flag'," SAYS(                                                                                                              \
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             "所填属实", "It is true") ",'required':true}]},"                                                                                               \
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       "{'name':'o'," SAYS("审查意见", "Examination") ",'step':'review','fields':[{'name':'granted','kind':'number'," SAYS( \
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                           "核定量",                                                                                                        \
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                           "Granted") ",'unit':'立方米','unit_en':'m³'}]}]}"
#define ANSWERS                                                                                     \
    "{'use':'farm','who':'张三','daily':'12500.5','area':'30','worth':1234500,'begins':'2014-09-" \
    "03','why':'旱',"                                                                              \
    "'near':false,'wells':[{'depth':'80','kind':'flat'}],'true':true}"

typedef struct Bench {
    View *view;
} Bench;

static void set_up(Bench *b, gconstpointer unused)
{
    (void)unused;
    b->view = view_open(NULL);
}

static void tear_down(Bench *b, gconstpointer unused)
{
    (void)unused;
    view_close(b->view);
}

/* Single quotes stand for double ones. Owned by the caller. */
static json_t *json_of(const char *text)
{
    g_autofree char *quoted = g_strdup(text);
    json_t *made = json_loads(g_strdelimit(quoted, "'", '"'), 0, NULL);
    g_assert_nonnull(made);
    return made;
}

/* The rows as lines of text: a row's cells with bars between them. Owned by the caller. */
static char *lines_of(const json_t *paper)
{
    size_t i, j;
    json_t *row, *one;
    g_autoptr(GString) text = g_string_new(NULL);
    json_array_foreach(json_object_get(paper, "rows"), i, row) {
        g_string_append_printf(text, "%s%s", json_text(row, "heading"), json_text(row, "text"));
        json_array_foreach(json_object_get(row, "pairs"), j, one)
            g_string_append_printf(text, "%s%s|%s", j ? "|" : "", json_string_value(json_array_get(one, 0)), json_string_value(json_array_get(one, 1)));
        const json_t *table = json_object_get(row, "table");
        g_string_append(text, json_text(table, "caption"));
        json_array_foreach(json_object_get(table, "columns"), j, one)
            g_string_append_printf(text, "|%s", json_text(one, "title"));
        json_array_foreach(json_object_get(table, "rows"), j, one)
            g_string_append_printf(text, "/%s,%s", json_string_value(json_array_get(one, 0)),
                                   json_string_value(json_array_get(one, 1)));
        g_string_append_c(text, '\n');
    }
    return g_strdup(text->str);
}

static json_t *paper_of(const Bench *b, enum language language, bool is_blank, const char *answers_text, const char *findings_text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) definition = json_of(WELLS), answers = json_of(answers_text), findings = json_of(findings_text);
    g_autoptr(ItemForm) form = form_read(definition, &error);
    g_assert_no_error(error);
    const FormPrint print = { .item_name = "取水", .item_name_en = "Water", .is_blank = is_blank, .answers = answers, .findings = findings };
    return form_paper(b->view, language, form, &print);
}

static void answers_stand_beside_their_labels(Bench *b, gconstpointer unused)
{
    (void)unused;
    g_autoptr(json_t) paper = paper_of(b, CHINESE, false, ANSWERS, "{'review':{'granted':'9000'}}");
    g_autofree char *lines = lines_of(paper);
    g_assert_cmpstr(json_text(paper, "title"), ==, "取水许可申请书");
    g_assert_cmpstr(lines, ==,
                    "一、申请情形\n用途|☑\u00a0农业灌溉　☐\u00a0工业\n二、取水\n姓名|张三|日取水量|"
                    "12,500.5 立方米\n灌溉面积|30 亩|投资|12,345.00 元\n"
                    "起始日期|2014年9月3日\n理由|旱\n邻近水源|☐\u00a0是　☑\u00a0否\n机井|"
                    "井深（米）|种类/80,浅井\n☑\u00a0所填属实\n"
                    "申请人（签名或者盖章）：　　　　　　　　　　　　　　　　　年　　月　　日\n三、"
                    "审查意见\n核定量|9,000 立方米\n"
                    "经办人（签名）：　　　　　　　　　　　　　　　　　　　　　年　　月　　日\n");
}

static void a_blank_form_leaves_room_and_explains(Bench *b, gconstpointer unused)
{
    (void)unused;
    g_autoptr(json_t) paper = paper_of(b, CHINESE, true, "{}", "{}"), of_plant = paper_of(b, CHINESE, true, "{'use':'plant'}", "{}");
    g_autofree char *lines = lines_of(paper), *lines_of_plant = lines_of(of_plant);
    g_assert_nonnull(strstr(lines, "用途|☐\u00a0农业灌溉　☐\u00a0工业\n"));
    g_assert_nonnull(strstr(lines, "灌溉面积|"));
    g_assert_nonnull(strstr(lines, "机井|井深（米）|种类/,☐\u00a0深井　☐\u00a0浅井/"));
    g_assert_nonnull(strstr(lines, "☐\u00a0所填属实\n"));
    g_assert_cmpstr(json_string_value(json_array_get(json_object_get(paper, "notes"), 1)), ==, "1. 姓名：写全名");
    g_assert_nonnull(strstr(lines_of_plant, "☑\u00a0工业"));
    g_assert_null(strstr(lines_of_plant, "灌溉面积|")); /* its condition is over the situation */
}

static void what_is_not_asked_is_not_printed(Bench *b, gconstpointer unused)
{
    (void)unused;
    g_autoptr(json_t) paper = paper_of(b, CHINESE, false, "{'use':'plant','who':'张三'}", "{}");
    g_autofree char *lines = lines_of(paper);
    g_assert_null(strstr(lines, "灌溉面积|"));
    g_assert_cmpuint(json_array_size(json_object_get(paper, "notes")), ==, 1); /* the source alone */
}

static void both_languages_stand_side_by_side(Bench *b, gconstpointer unused)
{
    (void)unused;
    g_autoptr(json_t) paper = paper_of(b, ENGLISH, false, ANSWERS, "{}");
    g_autofree char *lines = lines_of(paper);
    g_autoptr(GBytes) pdf = view_form_pdf(paper, NULL), again = view_form_pdf(paper, NULL);
    g_assert_true(g_bytes_equal(pdf, again));
    g_assert_cmpstr(json_text(paper, "title_en"), ==, "Application for water");
    g_assert_nonnull(strstr(lines, "用途\nUse|☑\u00a0农业灌溉 Irrigation　☐\u00a0工业 Industry"));
    g_assert_nonnull(strstr(lines, "12,500.5 立方米 m³"));
    g_assert_nonnull(strstr(lines, "CNY 12,345.00"));
}

/* ---- in files ---- */

static void marked_answers_are_columns(Bench *b, gconstpointer unused)
{
    (void)b, (void)unused;
    g_autoptr(json_t)
        definition =
            json_of("{'situation':[{'name':'use','kind':'choice','find':true," SAYS("用途", "Use") ",'options':[{'code':'farm'," SAYS(
                "农业灌溉", "Irrigation") "}]}],"
                                          "'groups':[{'name':'g'," SAYS(
                                              "组",
                                              "Group") ",'fields':[{'name':'who','kind':'text'"
                                                       "," SAYS("姓名",
                                                                "Name") "},"
                                                                        "{'name':'daily','kind':'"
                                                                        "number','find':true," SAYS(
                                                                            "日取水量",
                                                                            "A day") ",'unit':'"
                                                                                     "立方米'},{'"
                                                                                     "name':'worth'"
                                                                                     ",'kind':'"
                                                                                     "money','find'"
                                                                                     ":true," SAYS("投资",
                                                                                                   "Worth") "}]}]}");
    g_autoptr(json_t) answers =
        json_of("{'use':'farm','who':'张三','daily':'12500.5','worth':1234500}"),
                      row = json_object(), none = json_object();
    g_autoptr(ItemForm) form = form_read(definition, NULL);
    g_assert_nonnull(form);
    g_autoptr(json_t) columns = form_columns(ENGLISH, form);
    g_assert_cmpuint(json_array_size(columns), ==, 3);
    g_assert_cmpstr(json_text(json_array_get(columns, 1), "name"), ==, "answers.daily");
    g_assert_cmpstr(json_text(json_array_get(columns, 1), "title"), ==, "A day");
    g_assert_true(json_flag(json_array_get(columns, 1), "is_number"));
    form_put_cells(ENGLISH, form, answers, row);
    form_put_cells(ENGLISH, form, NULL, none);
    g_assert_cmpstr(json_text(row, "answers.use"), ==, "Irrigation");
    g_assert_cmpstr(json_text(row, "answers.daily"), ==, "12500.5");
    g_assert_cmpstr(json_text(row, "answers.worth"), ==, "12345.00");
    g_assert_null(json_object_get(row, "answers.who")); /* a file tells of no person by it */
    g_assert_cmpuint(json_object_size(none), ==, 0);
}

/* ---- shipped forms ---- */

/* A text as long as the field takes, within reason, so that nothing that is typed falls out of its box. */
static json_t *sample_of(const FormField *field);

static json_t *sample_row(const FormField *field)
{
    json_t *row = json_object();
    for (size_t i = 0; i < field->column_count; i++)
        json_object_set_new(row, field->columns[i].name, sample_of(&field->columns[i]));
    return row;
}

static json_t *sample_of(const FormField *field)
{
    switch (field->kind) {
    case FORM_NUMBER: return json_string("12500.5");
    case FORM_MONEY: return json_integer(123456700);
    case FORM_DAY: return json_string("2014-09-03");
    case FORM_CHOICE: return json_string(field->options[0].code);
    case FORM_MANY: return json_pack("[s]", field->options[0].code);
    case FORM_FLAG: return json_true();
    case FORM_ROWS: return json_pack("[o, o]", sample_row(field), sample_row(field));
    case FORM_LONG_TEXT: return json_string("平湖市当湖街道解放西路一带地下水位稳定，企业生产用水由自备井供给，\n经论证对周边影响较小。");
    default: return json_string(field->pattern ? "330482196505051234" : "平湖市当湖街道解放西路388号");
    }
}

static void print_shipped(const Bench *b, const Embedded *file, enum language language)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) definition = json_loadb(file->bytes, file->size, 0, NULL), answers = json_object();
    g_autoptr(ItemForm) form = form_read(definition, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < form->fields->len; i++)
        json_object_set_new(answers, form_field_at(form, i)->name, sample_of(form_field_at(form, i)));
    for (int is_blank = 0; is_blank < 2; is_blank++) {
        const FormPrint print = { .item_name = json_text(definition, "item"), .item_name_en = "", .is_blank = is_blank, .answers = is_blank ? NULL : answers };
        g_autoptr(json_t) paper = form_paper(b->view, language, form, &print);
        g_autoptr(GBytes) pdf = view_form_pdf(paper, &error);
        g_assert_no_error(error);
        g_autofree char *text = text_of(pdf);
        g_assert_nonnull(strstr(text, json_text(paper, "title")));
        g_assert_nonnull(strstr(text, "申请人（签名或者盖章）"));
    }
}

static void every_shipped_form_is_printed(Bench *b, gconstpointer unused)
{
    (void)unused;
    int count = 0;
    for (const Embedded *file = embedded; file < embedded + embedded_count; file++)
        if (g_str_has_prefix(file->name, "data/forms/")) {
            print_shipped(b, file, CHINESE);
            print_shipped(b, file, ENGLISH);
            count++;
        }
    g_assert_cmpint(count, >=, 21);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(test) g_test_add("/forms/print/" #test, Bench, NULL, set_up, test, tear_down)
    ADD(answers_stand_beside_their_labels);
    ADD(a_blank_form_leaves_room_and_explains);
    ADD(what_is_not_asked_is_not_printed);
    ADD(both_languages_stand_side_by_side);
    ADD(marked_answers_are_columns);
    ADD(every_shipped_form_is_printed);
    return g_test_run();
}
