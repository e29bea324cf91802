// SPDX-License-Identifier: Apache-2.0
/* Files of histories, good and bad, loaded into a county of the shipped tables. */
#include "load/room.h"
#include "rooms_test.h"

#include <glib/gstdio.h>
#include <string.h>

enum { COUNTY = 330482 };

/* ---- the bench ---- */

typedef struct Bench {
    char *folder, *file;
    Store *store;
    Files *files;
    Calendar *calendar;
    RandomSeed random;
    Context context;
    GString *told;      /* faults, as line:column:reason; */
    GString *numbered;  /* old numbers, with * where a code was told */
    LoadCounts counts;
} Bench;

static bool import_all(Db *db, void *data, GError **error)
{
    static const Actor system = { .kind = SYSTEM, .name = "" };
    const Bench *b = data;
    Context context = b->context;
    int64_t changed;
    const Embedded *divisions = embedded_find("data/divisions.csv"), *organs = embedded_find("data/organs.csv"),
                   *items = embedded_find("data/items.csv");
    context.db = db;
    context.actor = &system;
    context.now = instant_at(day_from(2014, 1, 2), 540);
    return identity_import_divisions(&context, divisions->bytes, divisions->size, error) &&
           identity_import_organs(&context, organs->bytes, organs->size, error) &&
           catalogue_import(&context, items->bytes, items->size, day_of(context.now), &changed, error);
}

static void bench_open(Bench *b)
{
    g_autoptr(GError) error = NULL;
    *b = (Bench){ .folder = g_dir_make_tmp("load-XXXXXX", NULL), .told = g_string_new(NULL), .numbered = g_string_new(NULL) };
    b->file = g_build_filename(b->folder, "histories", NULL);
    g_autofree char *database = g_build_filename(b->folder, "test.db", NULL), *papers = g_strconcat(database, ".files", NULL);
    b->store = store_with_rooms(database, 2);
    b->files = files_open(papers, COUNTY, NULL, NULL);
    b->calendar = calendar_built_in();
    random_seed(&b->random, 7);
    b->context = (Context){ .county = COUNTY, .calendar = b->calendar, .files = b->files, .random = random_repeatable, .random_state = &b->random };
    g_assert_true(store_write(b->store, import_all, b, &error));
}

static Context reading(Bench *b)
{
    Context context = b->context;
    context.db = store_reader(b->store, NULL);
    return context;
}

static void bench_close(Bench *b)
{
    int64_t count;
    g_autoptr(GError) error = NULL;
    Context context = reading(b);
    g_assert_true(ledger_check(context.db, COUNTY, NULL, &count, &error));
    subject_verify(&context, &case_kind, NULL, NULL, &count, &error); /* whatever was loaded, the present is what the ledger says */
    g_assert_no_error(error);
    store_return(b->store, context.db);
    store_close(b->store);
    files_close(b->files);
    calendar_unref(b->calendar);
    remove_tree(b->folder);
    g_free(b->folder);
    g_free(b->file);
    g_string_free(b->told, TRUE);
    g_string_free(b->numbered, TRUE);
}

static int64_t count_cases(Bench *b)
{
    bool found;
    int64_t count;
    Context context = reading(b);
    g_assert_true(db_integer(context.db, "/* all rows */ SELECT COUNT(*) FROM case_now WHERE county = :county", WITH(db_int("county", COUNTY)),
                             &count, &found, NULL));
    store_return(b->store, context.db);
    return count;
}

/* ---- loading ---- */

static void tell_fault(void *data, const json_t *details)
{
    Bench *b = data;
    g_string_append_printf(b->told, "%" PRId64 ":%s:%s;", json_number(details, "line"), json_text(details, "column"),
                           json_text(details, "reason"));
}

static void tell_number(void *data, const char *before, int64_t number, const char *code)
{
    Bench *b = data;
    g_assert_cmpint(number / 1000000000000, ==, COUNTY);
    g_string_append_printf(b->numbered, "%s%s;", before, *code ? "*" : "");
}

enum how { WHOLE, REST, CHECK };

/* The reason of its refusal; NULL when all of it was loaded. */
static const char *load_bytes(Bench *b, const char *bytes, size_t length, enum how how)
{
    g_autoptr(GError) error = NULL;
    const LoadSettings settings = { .file = b->file, .source = "", .checks = how == CHECK, .rest = how == REST,
                                    .told = { tell_fault, tell_number, NULL, b } };
    g_string_truncate(b->told, 0);
    g_string_truncate(b->numbered, 0);
    g_assert_true(g_file_set_contents(b->file, bytes, (gssize)length, NULL));
    if (load_file(b->store, &b->context, instant_at(day_from(2014, 9, 30), 17 * 60), &settings, &b->counts, &error))
        return NULL;
    g_autoptr(json_t) details = trouble_details(error);
    return g_intern_string(json_text(details, "reason"));
}

static const char *load_text(Bench *b, const char *text, enum how how)
{
    return load_bytes(b, text, strlen(text), how);
}

/* ---- what good files become ---- */

#define HEAD "number,step,at,item,kind,name,id_number,place,channel,organ,opinion,materials,special,days,level\n"
#define SUBMITTED(number, day) number ",submit," day ",FGJ-02,enterprise,示例公司,91330482MAXXXX1034,,,发改,,,,,\n"
#define STEP_OF(number, step, day) number "," step "," day ",,,,,,,,同意,,,,\n"
#define GOOD(number) SUBMITTED(number, "2014-03-03 09:10") STEP_OF(number, "受理", "2014-03-04") STEP_OF(number, "审查", "2014-03-05") \
    STEP_OF(number, "grant", "2014-03-06") STEP_OF(number, "issue", "2014-03-07") STEP_OF(number, "deliver", "2014-03-07") \
    STEP_OF(number, "close", "2014-03-07")

static void the_samples_are_loaded(void)
{
    Bench b;
    bench_open(&b);
    g_autofree char *table = NULL, *lines = NULL;
    g_assert_true(g_file_get_contents("docs/load-sample.csv", &table, NULL, NULL));
    g_assert_true(g_file_get_contents("docs/load-sample.jsonl", &lines, NULL, NULL));
    g_assert_null(load_text(&b, table, WHOLE));
    g_assert_cmpstr(b.numbered->str, ==, "2014-发改-0017;2014-户-0231*;2014-水-0005;");
    g_assert_cmpint(b.counts.steps, ==, 20);
    g_assert_null(load_text(&b, lines, WHOLE));
    g_assert_cmpint(b.counts.cases, ==, 2);
    g_assert_cmpint(count_cases(&b), ==, 5);
    bench_close(&b);
}

static json_t *events_of(Bench *b, const char *before, Case *out)
{
    bool found;
    int64_t number;
    Context context = reading(b);
    g_assert_true(db_integer(context.db, "SELECT number FROM load_case WHERE county = :county AND source = '' AND before = :before",
                             WITH(db_int("county", COUNTY), db_text("before", before)), &number, &found, NULL));
    g_assert_true(subject_load(context.db, COUNTY, &case_kind, number, out, NULL));
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, number);
    json_t *events = ledger_events(context.db, COUNTY, subject, 0, NULL);
    store_return(b->store, context.db);
    return events;
}

static void every_event_says_where_it_was_read(void)
{
    Bench b;
    g_auto(Case) made = { 0 };
    size_t i;
    json_t *event;
    bench_open(&b);
    g_assert_null(load_text(&b, HEAD GOOD("A-1"), WHOLE));
    g_autoptr(json_t) events = events_of(&b, "A-1", &made);
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, HEAD GOOD("A-1"), -1);
    g_assert_cmpuint(json_array_size(events), ==, 8); /* drafted, and the seven */
    json_array_foreach(events, i, event) {
        const json_t *facts = json_object_get(json_object_get(event, "payload"), "facts"), *loaded = json_object_get(facts, "loaded");
        g_assert_cmpint(json_number(event, "actor_kind"), ==, LOADER);
        g_assert_cmpstr(json_text(loaded, "file"), ==, "histories");
        g_assert_cmpstr(json_text(loaded, "sha256"), ==, hash);
        g_assert_cmpstr(json_text(loaded, "number"), ==, "A-1");
        g_assert_null(json_object_get(facts, "document"));
    }
    g_assert_cmpint(made.state, ==, CLOSED);
    g_assert_cmpint(made.decided_on, ==, day_from(2014, 3, 6));
    g_assert_cmpint(made.number / 1000000, ==, 330482140303);
    bench_close(&b);
}

/* A deadline that nobody met takes effect on its day: overdue, and the acceptance by silence (art. 32). */
static void deadlines_fall_when_they_fell(void)
{
    Bench b;
    g_auto(Case) late = { 0 };
    g_auto(Case) silent = { 0 };
    bench_open(&b);
    g_assert_null(load_text(&b, HEAD SUBMITTED("L", "2014-03-03") STEP_OF("L", "accept", "2014-03-04") STEP_OF("L", "pass", "2014-05-05")
                            SUBMITTED("S", "2014-03-03"), WHOLE));
    g_assert_cmpstr(b.numbered->str, ==, "L*;S*;");
    g_autoptr(json_t) overdue = events_of(&b, "L", &late), deemed = events_of(&b, "S", &silent);
    g_assert_cmpint(late.overdue, ==, 1);
    g_assert_cmpstr(json_text(json_array_get(overdue, 3), "kind"), ==, "case.overdue");
    g_assert_cmpint(day_of(json_number(json_array_get(overdue, 3), "at")), ==, day_from(2014, 4, 2)); /* 20 working days on */
    g_assert_cmpint(late.desk_role, ==, APPROVER); /* it goes on there */
    g_assert_cmpstr(json_text(json_array_get(deemed, 2), "kind"), ==, "case.deemed_accepted");
    g_assert_cmpint(day_of(json_number(json_array_get(deemed, 2), "at")), ==, day_from(2014, 3, 11));
    bench_close(&b);
}

/* The register of parties holds a kind and a number; each history names its applicant itself. */
static void each_history_names_its_applicant(void)
{
    Bench b;
    bench_open(&b);
    g_assert_null(load_text(&b, HEAD GOOD("A-1"), WHOLE));
    g_assert_null(load_text(&b, HEAD "B,submit,2014-01-06,FGJ-02,enterprise,旧名公司,91330482MAXXXX1034,,,,,,,,\n", WHOLE));
    Context context = reading(&b);
    g_autoptr(GString) text = g_string_new(NULL);
    const Case *each;
    g_auto(RecordWalk) walk = { .db = context.db, .county = COUNTY, .record = case_kind.record };
    while ((each = record_next(&walk, NULL)))
        g_string_append_printf(text, "%s %" PRId64 " ", each->applicant, each->party);
    g_assert_cmpstr(text->str, ==, "旧名公司 1 示例公司 1 ");
    store_return(b.store, context.db);
    bench_close(&b);
}

/* ---- what is wrong is named, and nothing of the file is loaded ---- */

#define PERSON_AT(place, channel, organ) "X,submit,2014-03-03,GAJ-04,person,何桂强,330499199407211004," place "," channel "," organ ",,,,,\n"

static const struct { const char *text, *told; } wrong[] = {
    { SUBMITTED("X", "2014-03-03") STEP_OF("X", "grant", "2014-03-04"), "10:step:load.order;" },
    { SUBMITTED("X", "2014-03-03") STEP_OF("X", "accept", "2014-03-04") STEP_OF("X", "accept", "2014-03-05"), "11:step:load.order;" },
    { SUBMITTED("X", "2014-03-03") STEP_OF("X", "accept", "2014-03-13"), "10:step:load.deemed;" },
    { STEP_OF("X", "accept", "2014-03-04"), "9:item:load.needed;9:name:load.needed;9:kind:load.no_kind;9:step:load.not_first;" },
    { SUBMITTED("X", "2014-03-03") STEP_OF("X", "submit", "2014-03-04"), "10:step:load.submitted_twice;" },
    { SUBMITTED("X", "2014-03-03") STEP_OF("X", "dance", "2014-03-04"), "10:step:load.no_step;" },
    { SUBMITTED("X", "2014-03-03") STEP_OF("X", "overdue", "2014-03-04"), "10:step:load.by_itself;" },
    { SUBMITTED("X", "2014-03-03") STEP_OF("X", "accept", "2014-03-04") "X,pass,2014-03-05,,,,,,,,,,,,\n", "11:opinion:cases.needed;" },
    { SUBMITTED("X", "2014-03-03") STEP_OF("X", "accept", "2014-03-04") "X,suspend,2014-03-05,,,,,,,,,,拍卖,15,\n", "11:special:cases.special_unknown;" },
    { SUBMITTED("X", "2014-03-03") STEP_OF("X", "accept", "2014-03-04") "X,extend,2014-03-05,,,,,,,,复杂,,,ten,\n", "11:days:load.no_number;" },
    { "X,submit,2014-03-03,ZZZ-99,enterprise,示例公司,91330482MAXXXX1034,,,,,,,,\n", "9:item:catalogue.no_item;" },
    { "X,submit,2014-03-03,FGJ-02,person,何桂强,330499199407211004,,,,,,,,\n", "9:kind:cases.not_for_persons;" },
    { SUBMITTED("X", "2009-03-03"), "9:at:load.no_calendar;" },
    { SUBMITTED("X", "2014-02-30"), "9:at:load.no_day;" },
    { SUBMITTED("X", "2014-03-03 25:00"), "9:at:load.no_day;" },
    { SUBMITTED("X", "2014-10-08"), "9:at:load.future;" },
    { SUBMITTED("X", "2014-03-03 10:00") STEP_OF("X", "accept", "2014-03-03 09:59"), "10:at:load.out_of_order;" },
    { "X,submit,2014-03-03,FGJ-02,enterprise,示例公司,91330482MAXXXX1035,,,,,,,,\n", "9:id_number:identity.credit_code_check;" },
    { "X,submit,2014-03-03,FGJ-02,firm,示例公司,91330482MAXXXX1034,,,,,,,,\n", "9:kind:load.no_kind;" },
    { PERSON_AT("330482999000", "", ""), "9:place:load.no_place;" },
    { PERSON_AT("3.30E+11", "", ""), "9:place:load.place_form;" },
    { PERSON_AT("330482103200", "镇街道", ""), "9:channel:load.other_channel;" },
    { PERSON_AT("", "鸽子", ""), "9:channel:load.no_channel;" },
    { PERSON_AT("", "", "外星局"), "9:organ:load.no_organ;" },
    { PERSON_AT("", "", "发改"), "9:organ:load.other_organ;" },
    { PERSON_AT("", "", "") "X,correct,2014-03-04,GAJ-04,person,何桂强,330499199407211007,,,,缺,结婚证,,,\n", "10:id_number:load.differs;" },
    { GOOD(""), "9:number:load.needed;" },
    { SUBMITTED("X", "2014-03-03") "X,accept\n", "10:at:base.csv_uneven;" },
    { SUBMITTED("X", "2014-03-03") "X,accept,2014-03-04,,,,,,,,\x01,,,,\n", "10:opinion:base.csv_unclean;" },
    { "X,submit,2014-03-03,FGJ-02,\"enterprise\n", "2:number:load.unfinished;9:kind:base.csv_unclosed;" },
    { "X,submit,2014-03-03,FGJ-02,ent\"erprise\n", "2:number:load.unfinished;9:kind:base.csv_quote;" },
    { SUBMITTED("X", "2014-03-03") "X,accept,2014-03-04,,,,,,,,,,,,", "9:number:load.unfinished;10::load.cut;" },
    { SUBMITTED("X", "2014-03-03") "X,accept,2014-0", "10:item:base.csv_uneven;9:number:load.unfinished;10::load.cut;" },
};

static void what_is_wrong_in_a_table_is_named(void)
{
    Bench b;
    bench_open(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *text = g_strconcat(HEAD GOOD("A-1"), wrong[i].text, NULL);
        g_assert_cmpstr(load_text(&b, text, WHOLE), ==, "load.wrong");
        g_assert_cmpstr(b.told->str, ==, wrong[i].told);
        g_assert_cmpstr(b.numbered->str, ==, "");
    }
    g_assert_cmpint(count_cases(&b), ==, 0);
    bench_close(&b);
}

/* The same files with the rest loaded: A-1 each time, as B-1, B-2 … What stands before
 * something unreadable may not be whole, and is left out too. */
static void the_good_rest_is_loaded_when_asked(void)
{
    Bench b;
    int64_t good = 0;
    bench_open(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *number = g_strdup_printf("B-%zu", i), *whole = g_strconcat(HEAD GOOD("A-1"), wrong[i].text, NULL);
        g_auto(GStrv) parts = g_strsplit(whole, "A-1", -1);
        bool is_left_out = g_str_has_prefix(wrong[i].told, "2:");
        g_autofree char *text = g_strjoinv(number, parts), *wanted = is_left_out ? g_strdup("") : g_strconcat(number, ";", NULL);
        good += !is_left_out;
        g_assert_cmpstr(load_text(&b, text, REST), ==, "load.wrong");
        g_assert_cmpstr(b.told->str, ==, wrong[i].told);
        g_assert_cmpstr(b.numbered->str, ==, wanted);
    }
    g_assert_cmpint(good, >, 30);
    g_assert_cmpint(count_cases(&b), ==, good);
    bench_close(&b);
}

static void what_is_wrong_with_a_file_is_named(void)
{
    static const struct { const char *text, *told; } files[] = {
        { "", "1:1:base.csv_empty;" },
        { "number,step\n", "1:at, item, kind, name, id_number:base.csv_missing_column;" },
        { "number,step,at,item,kind,name,id_number,step\n", "1:step:base.csv_double_column;" },
        { "number,step,at,item,kind,name,id_number,colour\n", "1:colour:base.csv_unknown_column;" },
        { HEAD GOOD("A-1") "X,\xff\xff\n", "9:1:base.csv_encoding;" },
    };
    Bench b;
    bench_open(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_assert_cmpstr(load_text(&b, files[i].text, REST), ==, "load.wrong");
        g_assert_cmpstr(b.told->str, ==, files[i].told);
    }
    g_autofree char *cell = g_strnfill(1100000, 'x'), *long_row = g_strconcat(HEAD GOOD("A-1") "X,", cell, "\n", NULL);
    g_assert_cmpstr(load_text(&b, long_row, WHOLE), ==, "load.wrong");
    g_assert_cmpstr(b.told->str, ==, "2:number:load.unfinished;9:number:base.csv_long;");
    g_assert_cmpstr(load_text(&b, HEAD, WHOLE), ==, "load.empty");
    g_assert_cmpint(count_cases(&b), ==, 0);
    bench_close(&b);
}

#define JSON_CASE(number, more) "{\"number\":\"" number "\",\"item\":\"FGJ-02\",\"kind\":\"enterprise\",\"name\":\"示例公司\"," \
    "\"id_number\":\"91330482MAXXXX1034\",\"steps\":[{\"step\":\"submit\",\"at\":\"2014-03-03\"}" more "]}\n"

static void what_is_wrong_in_lines_of_json_is_named(void)
{
    static const struct { const char *text, *told; } lines[] = {
        { "{\"number\":\n" JSON_CASE("Y", ""), "2::load.json;" },
        { "[1]\n", "2::load.json;" },
        { "{\"number\":\"X\",\"number\":\"Y\"}\n", "2::load.json;" },
        { JSON_CASE("X", ",{\"step\":\"grant\",\"at\":\"2014-03-04\",\"opinion\":\"a\"}"), "2:steps.2.step:load.order;" },
        { JSON_CASE("X", ",{\"step\":\"accept\",\"at\":\"2013-03-04\"}"), "2:steps.2.at:load.out_of_order;" },
        { JSON_CASE("X", ",{\"step\":\"accept\",\"when\":\"2014-03-04\"}"), "2:steps.2.when:load.member;" },
        { JSON_CASE("X", ",{\"step\":\"accept\",\"at\":[]}"), "2:steps.2.at:load.value;" },
        { JSON_CASE("X", ",{\"step\":\"accept\",\"at\":\"2014-03-04\",\"materials\":[\"a|b\"]}"), "2:steps.2.materials:load.value;" },
        { "{\"number\":\"X\",\"steps\":[]}\n", "2:steps:load.no_steps;" },
        { "{\"number\":\"X\",\"colour\":\"red\",\"steps\":[{}]}\n", "2:colour:load.member;" },
        { JSON_CASE("A-1", ""), "2:number:load.twice;" },
        { "{\"number\":\"X\",\"item\":\"FG", "2::load.cut;" },
    };
    Bench b;
    bench_open(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *text = g_strconcat(JSON_CASE("A-1", ""), lines[i].text, NULL);
        g_assert_cmpstr(load_text(&b, text, WHOLE), ==, "load.wrong");
        g_assert_cmpstr(b.told->str, ==, lines[i].told);
    }
    g_autofree char *much = g_strnfill(1100000, 'x'), *long_line = g_strconcat(JSON_CASE("A-1", ""), "{\"", much, "\n", NULL);
    g_assert_cmpstr(load_text(&b, long_line, REST), ==, "load.wrong");
    g_assert_cmpstr(b.told->str, ==, "2::load.long;");
    g_assert_cmpint(count_cases(&b), ==, 1);
    bench_close(&b);
}

/* ---- once only ---- */

static void a_case_is_loaded_once(void)
{
    Bench b;
    bench_open(&b);
    g_assert_cmpstr(load_text(&b, HEAD GOOD("A-1") GOOD("A-2") GOOD("A-1"), WHOLE), ==, "load.wrong");
    g_assert_cmpstr(b.told->str, ==, "16:number:load.twice;");
    g_assert_cmpint(count_cases(&b), ==, 0);
    g_assert_null(load_text(&b, HEAD GOOD("A-1"), CHECK));
    g_assert_cmpint(b.counts.cases, ==, 1);
    g_assert_cmpint(count_cases(&b), ==, 0);
    g_assert_null(load_text(&b, HEAD GOOD("A-1"), WHOLE));
    g_assert_cmpstr(load_text(&b, HEAD GOOD("A-1"), WHOLE), ==, "load.again");
    g_assert_cmpstr(b.numbered->str, ==, "A-1;"); /* whoever lost the table of numbers finds it again */
    g_assert_cmpstr(load_text(&b, HEAD GOOD("A-2") GOOD("A-1"), WHOLE), ==, "load.wrong");
    g_assert_cmpstr(b.told->str, ==, "9:number:load.there;");
    g_assert_cmpint(count_cases(&b), ==, 1);
    g_assert_cmpstr(load_text(&b, HEAD GOOD("A-2") GOOD("A-1"), REST), ==, "load.wrong");
    g_assert_cmpint(count_cases(&b), ==, 2);
    bench_close(&b);
}

static void gbk_is_read(void)
{
    Bench b;
    gsize size;
    bench_open(&b);
    g_autofree char *gbk = g_convert(HEAD GOOD("甲-1"), -1, "GB18030", "UTF-8", NULL, &size, NULL);
    g_assert_null(load_bytes(&b, gbk, size, WHOLE));
    g_assert_cmpstr(b.numbered->str, ==, "甲-1;");
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/load/the samples are loaded", the_samples_are_loaded);
    g_test_add_func("/load/every event says where it was read", every_event_says_where_it_was_read);
    g_test_add_func("/load/deadlines fall when they fell", deadlines_fall_when_they_fell);
    g_test_add_func("/load/each history names its applicant", each_history_names_its_applicant);
    g_test_add_func("/load/what is wrong in a table is named", what_is_wrong_in_a_table_is_named);
    g_test_add_func("/load/the good rest is loaded when asked", the_good_rest_is_loaded_when_asked);
    g_test_add_func("/load/what is wrong with a file is named", what_is_wrong_with_a_file_is_named);
    g_test_add_func("/load/what is wrong in lines of JSON is named", what_is_wrong_in_lines_of_json_is_named);
    g_test_add_func("/load/a case is loaded once", a_case_is_loaded_once);
    g_test_add_func("/load/GBK is read", gbk_is_read);
    return g_test_run();
}
