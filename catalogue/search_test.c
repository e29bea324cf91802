// SPDX-License-Identifier: Apache-2.0
/* Searches as people type them, with what they find. */
#include "catalogue/bench_test.h"

static const struct {
    const char *code, *name, *name_en, *organ, *objects, *online, *keywords;
} items[] = {
    { "CYFW", "餐饮服务许可", "Catering licence", "市场监督管理局", "person|enterprise", "yes", "开饭店|restaurant|小吃" },
    { "SPLT", "食品流通许可", "Food trade licence", "市场监督管理局", "enterprise", "no", "超市|饭店进货" },
    { "JHDJ", "结婚登记", "Marriage registration", "发展和改革局", "person", "yes", "领结婚证|女方" },
    { "JHBL", "补领结婚登记证", "Replacement of a marriage certificate", "发展和改革局", "person", "no", "" },
    { "CSDJ", "新生儿出生登记", "Registration of a birth", "发展和改革局", "person", "yes", "上户口" },
    { "LYSZ", "旅游景区设立", "Setting up a tourist site", "发展和改革局", "enterprise|state_organ", "no", "" },
    { "33-A1", "餐饮", "Meals", "市场监督管理局", "enterprise", "no", "旅游餐" },
};

static GString *table_of_items(void)
{
    GString *csv = table_start();
    for (size_t i = 0; i < G_N_ELEMENTS(items); i++) {
        const char *cells[ITEM_COLUMNS];
        copy_sample(cells);
        cells[CODE] = items[i].code;
        cells[NAME] = items[i].name;
        cells[NAME_EN] = items[i].name_en;
        cells[ORGAN] = items[i].organ;
        cells[OBJECTS] = items[i].objects;
        cells[ONLINE] = items[i].online;
        cells[KEYWORDS] = items[i].keywords;
        cells[SUMMARY] = i ? "办理之后可以领取证件。" : "开饭店、小吃店之前要办的许可。";
        cells[SUMMARY_EN] = i ? "You get a paper." : "Before you open a dining room.";
        append_cells(csv, cells);
    }
    return csv;
}

static void bench_fill(Bench *b)
{
    g_autoptr(GError) error = NULL;
    bench_open(b);
    g_assert_cmpint(import_csv(b, table_of_items(), true, &error), ==, G_N_ELEMENTS(items));
}

static json_t *ask(Bench *b, const SearchAsk *ask)
{
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(b->store, &error);
    json_t *found = search_items(db, COUNTY, ask, &error);
    store_return(b->store, db);
    g_assert_no_error(error);
    return found;
}

/* "CYFW JHDJ" in the order found, with ~ before what only comes near. */
static char *codes_of(const json_t *found)
{
    GString *codes = g_string_new(json_flag(found, "near") ? "~" : "");
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(found, "items"), i, item)
        g_string_append_printf(codes, "%s%s", i ? " " : "", json_text(item, "code"));
    return g_string_free(codes, FALSE);
}

static void assert_found(Bench *b, const SearchAsk *asked, const char *codes)
{
    g_autoptr(json_t) found = ask(b, asked);
    g_autofree char *got = codes_of(found);
    g_test_message("%s", asked->query);
    g_assert_cmpstr(got, ==, codes);
}

typedef struct Expected {
    const char *query, *codes;
} Expected;

static void assert_all(const Expected *expected, size_t count)
{
    Bench b;
    bench_fill(&b);
    for (size_t i = 0; i < count; i++)
        assert_found(&b, &(SearchAsk){ .day = TODAY, .query = expected[i].query, .object = "", .limit = 50 }, expected[i].codes);
    bench_close(&b);
}

/* ---- what fits ---- */

static void chinese_is_found_from_one_character_on(void)
{
    static const Expected expected[] = {
        { "婚", "JHDJ JHBL" },
        { "餐饮", "33-A1 CYFW" },
        { "登记", "JHDJ CSDJ JHBL" },
        { "餐饮服务许可", "CYFW" },
        { "上户口", "CSDJ" },
        { "饭店", "CYFW SPLT" },
        { "许可 食品", "SPLT" },
        { "婚 登记 补", "JHBL" },
        { "婚　登记", "JHDJ JHBL" },
        { "婚 户口", "~" },
    };
    assert_all(expected, G_N_ELEMENTS(expected));
}

static void pinyin_is_found_in_full_and_by_initials(void)
{
    static const Expected expected[] = {
        { "canyin", "33-A1 CYFW" },
        { "can yin", "33-A1 CYFW" },
        { "CanYin", "33-A1 CYFW" },
        { "ｃａｎｙｉｎ", "33-A1 CYFW" },
        { "canyinf", "CYFW" },
        { "xuke", "CYFW SPLT" },
        { "anyin", "~" },
        { "kaifandian", "CYFW" },
        { "cyfw", "CYFW" },
        { "jhdj", "JHDJ JHBL" },
        { "xsecs", "CSDJ" },
        { "lvyou", "LYSZ 33-A1" },
        { "luyou", "LYSZ 33-A1" },
        { "nv fang", "JHDJ" },
        { "餐饮 fw", "CYFW" },
    };
    assert_all(expected, G_N_ELEMENTS(expected));
}

static void english_and_codes_are_found_by_words(void)
{
    static const Expected expected[] = {
        { "Catering LICENCE", "CYFW" },
        { "licence", "CYFW SPLT" },
        { "restaurant", "CYFW" },
        { "rest", "CYFW" },
        { "staurant", "~" },
        { "marriage", "JHDJ JHBL" },
        { "dining", "CYFW" },
        { "33-a1", "33-A1" },
        { "splt", "SPLT" },
    };
    assert_all(expected, G_N_ELEMENTS(expected));
}

static void what_fits_best_comes_first(void)
{
    static const Expected expected[] = {
        /* the name itself, then what begins with it, then what holds it */
        { "餐饮", "33-A1 CYFW" },
        { "结婚登记", "JHDJ JHBL" },
        { "registration", "CSDJ JHDJ" },
        /* an everyday word itself before part of one */
        { "小吃", "CYFW" },
        { "超市", "SPLT" },
        /* the same of pinyin */
        { "jiehun", "JHDJ JHBL" },
        { "dengji", "JHDJ CSDJ JHBL" },
        /* the name before the summary */
        { "领", "JHBL JHDJ 33-A1 LYSZ SPLT CSDJ" },
    };
    assert_all(expected, G_N_ELEMENTS(expected));
}

static void what_comes_near_is_shown_when_nothing_fits(void)
{
    static const Expected expected[] = {
        { "新生儿登记", "~CSDJ" },
        { "我要开饭店", "~CYFW" },
        { "开饭店和超市", "~CYFW SPLT" },
        { "i want a restaurant", "~CYFW" },
        { "登记新生儿", "~" },
        { "飞机", "~" },
    };
    assert_all(expected, G_N_ELEMENTS(expected));
}

static void odd_input_finds_nothing_and_does_no_harm(void)
{
    static const Expected expected[] = {
        { "%", "~" },     { "_", "~" },           { "'", "~" },  { "\"; DROP TABLE item; --", "~" },
        { "😀", "~" },    { "|餐饮|", "33-A1 CYFW" }, { "\\", "~" }, { "é", "~" },
        { "\xE2\x80\x8B", "~" }, { "()[]{}", "~" },
    };
    assert_all(expected, G_N_ELEMENTS(expected));
}

static void a_very_long_query_is_answered(void)
{
    Bench b;
    bench_fill(&b);
    g_autofree char *word = g_strnfill(100000, 'c'), *blanks = g_strnfill(100000, ' ');
    assert_found(&b, &(SearchAsk){ .day = TODAY, .query = word, .object = "", .limit = 50 }, "~");
    g_autofree char *padded = g_strconcat(blanks, "餐饮", blanks, NULL);
    assert_found(&b, &(SearchAsk){ .day = TODAY, .query = padded, .object = "", .limit = 50 }, "33-A1 CYFW");
    bench_close(&b);
}

/* ---- choices and pages ---- */

static void choices_narrow_what_is_found(void)
{
    Bench b;
    bench_fill(&b);
    assert_found(&b, &(SearchAsk){ TODAY, "", "", 0, false, 0, 50 }, "CSDJ JHBL JHDJ LYSZ 33-A1 CYFW SPLT");
    assert_found(&b, &(SearchAsk){ TODAY, "", "person", 0, false, 0, 50 }, "CSDJ JHBL JHDJ CYFW");
    assert_found(&b, &(SearchAsk){ TODAY, "", "state_organ", 0, false, 0, 50 }, "LYSZ");
    assert_found(&b, &(SearchAsk){ TODAY, "", "", 27, false, 0, 50 }, "33-A1 CYFW SPLT");
    assert_found(&b, &(SearchAsk){ TODAY, "", "person", 27, false, 0, 50 }, "CYFW");
    assert_found(&b, &(SearchAsk){ TODAY, "", "", 0, true, 0, 50 }, "CSDJ JHDJ CYFW");
    assert_found(&b, &(SearchAsk){ TODAY, "登记", "", 0, true, 0, 50 }, "JHDJ CSDJ");
    assert_found(&b, &(SearchAsk){ TODAY, "", "", 0, false, 2, 3 }, "JHDJ LYSZ 33-A1");
    assert_found(&b, &(SearchAsk){ TODAY, "", "", 0, false, 100, 3 }, "");
    bench_close(&b);
}

static void what_other_choices_would_give_is_told(void)
{
    Bench b;
    bench_fill(&b);
    g_autoptr(json_t) found = ask(&b, &(SearchAsk){ TODAY, "许可", "person", 0, false, 0, 1 });
    g_assert_cmpint(json_number(found, "total"), ==, 1);
    g_assert_cmpint(json_number(found, "fitting"), ==, 2);
    const json_t *enterprise = json_array_get(json_object_get(found, "objects"), 1);
    g_assert_cmpstr(json_text(enterprise, "object"), ==, "enterprise");
    g_assert_cmpint(json_number(enterprise, "count"), ==, 2);
    const json_t *organ = json_array_get(json_object_get(found, "organs"), 0);
    g_assert_cmpint(json_number(organ, "organ"), ==, 27);
    g_assert_cmpint(json_number(organ, "count"), ==, 1);
    bench_close(&b);
}

static void a_row_says_what_lists_show(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_fill(&b);
    Db *db = store_reader(b.store, &error);
    g_autoptr(json_t) found = catalogue_search(db, COUNTY, TODAY, "cyfw", 5, &error);
    store_return(b.store, db);
    const json_t *item = json_array_get(json_object_get(found, "items"), 0);
    g_assert_cmpstr(json_text(item, "name"), ==, "餐饮服务许可");
    g_assert_cmpstr(json_text(item, "name_en"), ==, "Catering licence");
    g_assert_cmpstr(json_text(item, "organ_name"), ==, "市场监督管理局");
    g_assert_cmpint(json_number(json_object_get(item, "promised"), "days"), ==, 8);
    g_assert_true(json_flag(item, "online"));
    bench_close(&b);
}

static void a_draft_is_not_found(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_open(&b);
    g_assert_cmpint(import_csv(&b, table_of_items(), false, &error), ==, G_N_ELEMENTS(items));
    assert_found(&b, &(SearchAsk){ .day = TODAY, .query = "餐饮", .object = "", .limit = 50 }, "~");
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/catalogue/chinese is found from one character on", chinese_is_found_from_one_character_on);
    g_test_add_func("/catalogue/pinyin is found in full and by initials", pinyin_is_found_in_full_and_by_initials);
    g_test_add_func("/catalogue/english and codes are found by words", english_and_codes_are_found_by_words);
    g_test_add_func("/catalogue/what fits best comes first", what_fits_best_comes_first);
    g_test_add_func("/catalogue/what comes near is shown when nothing fits", what_comes_near_is_shown_when_nothing_fits);
    g_test_add_func("/catalogue/odd input finds nothing and does no harm", odd_input_finds_nothing_and_does_no_harm);
    g_test_add_func("/catalogue/a very long query is answered", a_very_long_query_is_answered);
    g_test_add_func("/catalogue/choices narrow what is found", choices_narrow_what_is_found);
    g_test_add_func("/catalogue/what other choices would give is told", what_other_choices_would_give_is_told);
    g_test_add_func("/catalogue/a row says what lists show", a_row_says_what_lists_show);
    g_test_add_func("/catalogue/a draft is not found", a_draft_is_not_found);
    return g_test_run();
}
