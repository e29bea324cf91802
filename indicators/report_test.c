// SPDX-License-Identifier: Apache-2.0
/* Comparisons and the bulletin. */
#include "indicators/compare.h"
#include "indicators/figures.h"
#include "indicators/report.h"

#include "identity/identity.h"
#include "rooms_test.h"

#include <string.h>

enum { COUNTY = 330482, LIVES = 400, LIMIT = 20 };

static const int64_t places[] = { 330482000000, 330482001000, 330482103000, 330482103201 };

typedef struct Bench {
    char *folder;
    Store *store;
    View *view;
    Context context;
} Bench;

static bool settle(Db *db, void *data, GError **error)
{
    Context context = *(const Context *)data;
    const Embedded *divisions = embedded_find("data/divisions.csv"), *organs = embedded_find("data/organs.csv");
    context.db = db;
    return identity_import_divisions(&context, divisions->bytes, divisions->size, error) &&
           identity_import_organs(&context, organs->bytes, organs->size, error);
}

/* A made-up case: accepted on one of the days from 1 July 2013 on, most of them decided. */
static bool live(const Context *context, int i, GError **error)
{
    Day day = day_from(2013, 7, 1) + g_test_rand_int_range(0, 457);
    Case life = { .state = REVIEW, .organ = 1 + i % 5, .channel = i % 4, .place = places[i % 4], .accepted_on = day,
                  .statutory_days = LIMIT, .promised_days = LIMIT / 2, .returned = i % 17 == 0, .overdue = i % 23 == 0 };
    char item[] = "XK";
    life.item = item;
    if (i % 6) {
        life.state = GRANTED;
        life.decided_on = day + i % 15;
        life.decision = i % 11 ? GRANTED_IT : REFUSED_IT;
        life.spent = i % 9;
        life.kept = i % 13 > 0;
        life.rated = i % 6;
    }
    const SubjectChange turn = { NULL, &case_kind, NULL, NULL, &life };
    return indicators_follow(context, &turn, error);
}

static bool live_all(Db *db, void *data, GError **error)
{
    Context context = *(const Context *)data;
    context.db = db;
    for (int i = 0; i < LIVES; i++)
        if (!live(&context, i, error))
            return false;
    return true;
}

static void bench_open(Bench *b)
{
    g_autoptr(GError) error = NULL;
    *b = (Bench){ .folder = g_dir_make_tmp("report-XXXXXX", NULL), .view = view_open(&error) };
    g_autofree char *file = g_build_filename(b->folder, "city.db", NULL);
    b->store = store_with_rooms(file, 2);
    b->context = (Context){ .county = COUNTY, .now = instant_at(day_from(2014, 10, 8), 600), .rooms = rooms };
    g_assert_no_error(error);
    g_assert_true(store_write(b->store, settle, &b->context, &error));
    g_assert_true(store_write(b->store, live_all, &b->context, &error));
    b->context.db = store_reader(b->store, &error);
    g_assert_no_error(error);
}

static void bench_close(Bench *b)
{
    store_return(b->store, b->context.db);
    store_close(b->store);
    view_close(b->view);
    remove_tree(b->folder);
    g_free(b->folder);
}

static IndicatorAsk asked(const Bench *b, const char *from, const char *to)
{
    IndicatorAsk ask;
    g_assert_true(indicators_report_ask(&b->context, from, to, 0, &ask, NULL));
    return ask;
}

static json_t *bulletin(const Bench *b, enum language language, const IndicatorAsk *ask)
{
    g_autoptr(GError) error = NULL;
    json_t *made = indicators_bulletin(&b->context, b->view, language, ask, &error);
    g_assert_no_error(error);
    return made;
}

/* ---- comparing ---- */

static const char *verdict(const char *published, json_t *value)
{
    g_autoptr(json_t) owned = value;
    return compare_verdict(published, owned);
}

static void a_figure_is_the_same_when_its_digits_are(void)
{
    g_assert_cmpstr(verdict("664548", json_integer(664548)), ==, "same");
    g_assert_cmpstr(verdict("664548", json_integer(664547)), ==, "different");
    g_assert_cmpstr(verdict("86.33", json_real(86.33)), ==, "same");
    g_assert_cmpstr(verdict("86.33", json_real(86.34)), ==, "different");
    g_assert_cmpstr(verdict("28.2", json_real(28.18)), ==, "same");
    g_assert_cmpstr(verdict("100", json_real(99.99)), ==, "different");
    g_assert_cmpstr(verdict("100", json_real(100.0)), ==, "same");
    g_assert_cmpstr(verdict("0", json_null()), ==, "not_yet");
}

/* ---- periods ---- */

static void assert_period(IndicatorAsk ask, const char *from, const char *to)
{
    char text[DAY_TEXT];
    g_assert_cmpstr(day_text(ask.from, text), ==, from);
    g_assert_cmpstr(day_text(ask.to, text), ==, to);
}

static void periods_before_are_as_long(void)
{
    IndicatorAsk months = { .from = day_parse("2014-01-01"), .to = day_parse("2014-09-30") };
    assert_period(report_before(&months), "2013-04-01", "2013-12-31");
    assert_period(report_year_before(&months), "2013-01-01", "2013-09-30");
    IndicatorAsk february = { .from = day_parse("2016-02-01"), .to = day_parse("2016-02-29") };
    assert_period(report_before(&february), "2016-01-01", "2016-01-31");
    assert_period(report_year_before(&february), "2015-02-01", "2015-02-28");
    IndicatorAsk days = { .from = day_parse("2016-02-29"), .to = day_parse("2016-03-04") };
    assert_period(report_before(&days), "2016-02-24", "2016-02-28");
    assert_period(report_year_before(&days), "2015-02-28", "2015-03-04");
}

static void what_cannot_be_asked_is_refused(void)
{
    Bench b;
    bench_open(&b);
    const struct { const char *from, *to; int64_t division; unsigned status; } faults[] = {
        { "2014-02-30", "2014-09-30", 0, NOT_FITTING }, { "2014-01-01", "soon", 0, NOT_FITTING },
        { "2014-09-30", "2014-01-01", 0, NOT_FITTING }, { "2014-01-01", "2014-09-30", 330482999000, NOT_FOUND },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(faults); i++) {
        IndicatorAsk ask;
        g_autoptr(GError) error = NULL;
        g_assert_false(indicators_report_ask(&b.context, faults[i].from, faults[i].to, faults[i].division, &ask, &error));
        g_assert_cmpuint(trouble_status(error), ==, faults[i].status);
    }
    bench_close(&b);
}

/* ---- the bulletin ---- */

static const json_t *figure_named(const json_t *figures, const char *key)
{
    for (size_t i = 0; i < json_array_size(figures); i++)
        if (strcmp(json_text(json_array_get(figures, i), "key"), key) == 0)
            return json_array_get(figures, i);
    return NULL;
}

static size_t check_pieces(const json_t *pieces, const json_t *figures)
{
    size_t seen = 0;
    for (size_t i = 0; i < json_array_size(pieces); i++) {
        const json_t *piece = json_array_get(pieces, i), *figure = figure_named(figures, json_text(piece, "key"));
        if (!figure)
            continue;
        seen++;
        g_assert_true(json_equal(json_object_get(piece, "value"), json_object_get(figure, "value")));
        g_assert_cmpstr(json_text(piece, "path"), ==, json_text(figure, "path"));
        g_autofree char *percent = g_strconcat(json_text(figure, "percent"), "%", NULL);
        g_autofree char *count = view_number(json_number(figure, "value"));
        g_assert_cmpstr(json_text(piece, "text"), ==, *json_text(figure, "percent") ? percent : count);
    }
    return seen;
}

/* In both languages, whatever stands in a sentence is the figure of its key, and no mark of ours is left in it. */
static void sentences_say_the_figures(void)
{
    Bench b;
    bench_open(&b);
    IndicatorAsk ask = asked(&b, "2014-01-01", "2014-09-30");
    g_autoptr(json_t) figures = indicators_figures(&b.context, &ask, NULL);
    for (enum language language = 0; language < LANGUAGES; language++) {
        size_t seen = 0;
        g_autoptr(json_t) made = bulletin(&b, language, &ask);
        const json_t *chapters = json_object_get(made, "chapters");
        for (size_t c = 0; c < json_array_size(chapters); c++) {
            const json_t *sections = json_object_get(json_array_get(chapters, c), "sections");
            for (size_t s = 0; s < json_array_size(sections); s++)
                seen += check_pieces(json_object_get(json_array_get(sections, s), "pieces"), figures);
        }
        g_assert_cmpuint(seen, >=, 10);
        g_autofree char *all = json_dumps(made, JSON_COMPACT);
        g_assert_null(strstr(all, "\\u0001"));
        g_assert_null(strstr(all, "\\u0004"));
    }
    bench_close(&b);
}

static json_int_t sum_of(const json_t *grid, size_t column)
{
    json_int_t sum = 0;
    const json_t *rows = json_object_get(grid, "rows");
    for (size_t i = 0; i < json_array_size(rows); i++)
        sum += json_number(json_array_get(json_object_get(json_array_get(rows, i), "cells"), column), "value");
    return sum;
}

/* Each case once: the tables of organs, towns, channels, months and items add up to the figures. */
static void tables_add_up(void)
{
    Bench b;
    bench_open(&b);
    IndicatorAsk ask = asked(&b, "2014-01-01", "2014-09-30");
    g_autoptr(json_t) figures = indicators_figures(&b.context, &ask, NULL), made = bulletin(&b, CHINESE, &ask);
    int64_t centre = json_number(figure_named(figures, "centre.cases"), "value"), towns = json_number(figure_named(figures, "towns.cases"), "value");
    const struct { const char *name; int64_t accepted; } wanted[] = { { "items", centre + towns }, { "organs", centre }, { "towns", towns },
                                                                     { "channels", centre + towns }, { "months", centre + towns } };
    const json_t *chapters = json_object_get(made, "chapters");
    size_t seen = 0;
    for (size_t c = 0; c < json_array_size(chapters); c++) {
        const json_t *sections = json_object_get(json_array_get(chapters, c), "sections");
        const json_t *last = json_array_get(sections, json_array_size(sections) - 1);
        const json_t *grid = json_array_get(json_object_get(last, "grids"), 0);
        for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
            if (strcmp(wanted[i].name, json_text(grid, "name")) == 0) {
                g_assert_cmpint(sum_of(grid, 0), ==, wanted[i].accepted);
                seen++;
            }
    }
    g_assert_cmpuint(seen, ==, G_N_ELEMENTS(wanted));
    bench_close(&b);
}

static void comparisons_stand_where_there_are_data(void)
{
    Bench b;
    bench_open(&b);
    IndicatorAsk ask = asked(&b, "2014-07-01", "2014-09-30"), early = asked(&b, "2013-07-01", "2013-09-30");
    IndicatorAsk before = report_before(&ask), year = report_year_before(&ask);
    g_autoptr(json_t) made = bulletin(&b, CHINESE, &ask), first = bulletin(&b, CHINESE, &early);
    const json_t *annex = json_object_get(made, "annex");
    g_autoptr(json_t) was = indicators_figures(&b.context, &before, NULL), earlier = indicators_figures(&b.context, &year, NULL);
    g_assert_cmpint(json_number(figure_named(annex, "before.accepted"), "value"), ==,
                    json_number(figure_named(was, "centre.cases"), "value") + json_number(figure_named(was, "towns.cases"), "value"));
    g_assert_cmpint(json_number(figure_named(annex, "year.accepted"), "value"), ==,
                    json_number(figure_named(earlier, "centre.cases"), "value") + json_number(figure_named(earlier, "towns.cases"), "value"));
    g_assert_null(figure_named(json_object_get(first, "annex"), "before.accepted"));
    bench_close(&b);
}

static void every_form_is_made(void)
{
    Bench b;
    bench_open(&b);
    static const char *const heads[REPORT_FORMATS] = { "政务", "<!doc", "%PDF", "PK", "{" };
    IndicatorAsk ask = asked(&b, "2014-01-01", "2014-09-30");
    for (enum report_format format = 0; format < REPORT_FORMATS; format++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) bytes = indicators_report(&b.context, b.view, CHINESE, &ask, format, &error);
        g_assert_no_error(error);
        g_assert_true(g_str_has_prefix(g_bytes_get_data(bytes, NULL), heads[format]));
    }
    bench_close(&b);
}

static void days_are_added_up_in_working_days(void)
{
    static const struct { Case life; int64_t spent, statutory, promised, awaited; } rows[] = {
        { { .statutory_days = 20, .spent = 3, .promised_days = 10 }, 3, 20, 10, 3 },
        { { .statutory_days = 60, .statutory_unit = CALENDAR_DAYS, .spent = 20, .promised_days = 30, .promised_unit = CALENDAR_DAYS }, 14, 43, 21, 14 },
        { { .statutory_days = 1, .statutory_unit = CALENDAR_DAYS, .spent = 0, .promised_days = 0 }, 0, 1, 0, 0 },
        { { .statutory_days = 15, .spent = 2, .promised_days = 0 }, 2, 15, 0, 0 },
        { { .statutory_days = 0, .spent = 4, .promised_days = 5 }, 0, 0, 5, 0 },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        Case life = rows[i].life;
        life.decided_on = 1;
        g_assert_cmpint(case_measure(&life, SPENT_DAYS), ==, rows[i].spent);
        g_assert_cmpint(case_measure(&life, STATUTORY_DAYS), ==, rows[i].statutory);
        g_assert_cmpint(case_measure(&life, PROMISED_DAYS), ==, rows[i].promised);
        g_assert_cmpint(case_measure(&life, AWAITED_SPENT_DAYS), ==, rows[i].awaited);
        g_assert_cmpint(case_measure(&life, AWAITED_STATUTORY_DAYS), ==, life.promised_days ? rows[i].statutory : 0);
    }
}

/* Each figure says what it counts, in both languages. */
static void every_figure_has_its_definition(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(View) view = view_open(&error);
    g_assert_no_error(error);
    for (const Room *const *room = rooms; *room; room++)
        for (const Figure *each = (*room)->figures; each && each->key; each++) {
            g_autofree char *words = g_strdelimit(g_strdup(each->key), ".", '_');
            g_autoptr(json_t) figure = json_pack("{s:s, s:s, s:b}", "owner", (*room)->name, "words", words, "is_known", true);
            for (enum language language = 0; language < LANGUAGES; language++) {
                g_autofree char *definition = figure_definition(figure, view, language), *name = figure_name(figure, view, language);
                g_assert_null(strstr(definition, ".definitions."));
                g_assert_null(strstr(name, ".figures."));
            }
        }
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/a figure is the same when its digits are", a_figure_is_the_same_when_its_digits_are);
    g_test_add_func("/report/periods before are as long", periods_before_are_as_long);
    g_test_add_func("/report/what cannot be asked is refused", what_cannot_be_asked_is_refused);
    g_test_add_func("/report/sentences say the figures", sentences_say_the_figures);
    g_test_add_func("/report/tables add up", tables_add_up);
    g_test_add_func("/report/comparisons stand where there are data", comparisons_stand_where_there_are_data);
    g_test_add_func("/report/every form is made", every_form_is_made);
    g_test_add_func("/report/days are added up in working days", days_are_added_up_in_working_days);
    g_test_add_func("/report/every figure has its definition", every_figure_has_its_definition);
    return g_test_run();
}
