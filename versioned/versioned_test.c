// SPDX-License-Identifier: Apache-2.0
/* Versions of a list: what is in force on a day, what becomes of drafts, and their events; on both engines. The list is one
 * of calendars, which are versions and little else. */
#include "versioned/versioned.h"

#include "db/server_test.h"
#include "rooms_test.h"

#include <string.h>

enum { COUNTY = 330482 };

static json_t *read_text(const char *content, GError **error)
{
    (void)error;
    return json_pack("{s:s}", "text", content);
}

static const Versioned lists = { .name = "calendar", .table = "calendar_version", .content = "rows", .also = "source", .read = read_text };
static const VersionedSubject subject = { .list = "", .item = "", .organ = 5 };

/* ---- the fixture ---- */

typedef struct Fixture {
    const char *server;
    char *folder, *address;
    Store *store;
} Fixture;

typedef struct Deed {
    const char *what; /* "draft", "publish", "enforce", "end", "refuse" */
    int64_t version;
    const char *day;
} Deed;

static bool draft(const Context *context, const Deed *deed, GError **error)
{
    return db_run(context->db,
                  "INSERT INTO calendar_version (county, version, made_at, source, rows, state)"
                  " VALUES (:county, :version, :made_at, '', 'a text', 'draft')",
                  WITH(db_int("county", COUNTY), db_int("version", deed->version), db_int("made_at", context->now)), error);
}

static bool carry_out(Db *db, void *data, GError **error)
{
    static const Actor system = { .kind = SYSTEM, .name = "" };
    int64_t retired;
    const Deed *deed = data;
    Context context = { .db = db, .county = COUNTY, .actor = &system, .now = instant_at(day_parse("2014-01-01"), 0), .random = random_secure };
    if (strcmp(deed->what, "draft") == 0)
        return draft(&context, deed, error);
    if (strcmp(deed->what, "end") == 0)
        return versioned_end(&context, &lists, "", day_parse(deed->day), error);
    bool done = strcmp(deed->what, "enforce") == 0
                    ? versioned_enforce(&context, &lists, &subject, deed->version, day_parse(deed->day), &retired, error)
                    : versioned_publish(&context, &lists, "", deed->version, day_parse(deed->day), &retired, error);
    return done && (strcmp(deed->what, "refuse") != 0 || refuse(error, CONFLICT, "base.not_found", NULL));
}

static void act(Fixture *f, const Deed *deed)
{
    g_autoptr(GError) error = NULL;
    store_write(f->store, carry_out, (void *)(uintptr_t)deed, &error);
    g_assert_no_error(error);
}

static void act_all(Fixture *f, const Deed *deeds, size_t count)
{
    for (size_t i = 0; i < count; i++)
        act(f, &deeds[i]);
}
#define ACT(f, ...) act_all(f, (const Deed[]){ __VA_ARGS__ }, sizeof((const Deed[]){ __VA_ARGS__ }) / sizeof(Deed))

static int64_t in_force(Fixture *f, const char *day)
{
    VersionMark mark, again;
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(f->store, &error);
    g_assert_true(versioned_at(db, COUNTY, &lists, "", day_parse(day), &mark, &error));
    g_assert_true(versioned_at(db, COUNTY, &lists, "", day_parse(day), &again, &error)); /* out of memory */
    store_return(f->store, db);
    g_assert_cmpint(mark.version, ==, again.version);
    return mark.version;
}

/* ---- days ---- */

static void a_version_is_in_force_from_its_day_on(Fixture *f)
{
    ACT(f, { "draft", 1, NULL }, { "publish", 1, "2014-01-01" }, { "draft", 2, NULL }, { "publish", 2, "2014-06-01" });
    g_assert_cmpint(in_force(f, "2013-12-31"), ==, 0);
    g_assert_cmpint(in_force(f, "2014-01-01"), ==, 1);
    g_assert_cmpint(in_force(f, "2014-05-31"), ==, 1);
    g_assert_cmpint(in_force(f, "2014-06-01"), ==, 2);
    g_assert_cmpint(in_force(f, "2199-12-31"), ==, 2);
}

static void without_a_day_it_always_was(Fixture *f)
{
    ACT(f, { "draft", 1, NULL }, { "publish", 1, "" }, { "draft", 2, NULL }, { "publish", 2, "2014-06-01" });
    g_assert_cmpint(in_force(f, "1950-01-01"), ==, 1);
    g_assert_cmpint(in_force(f, "2014-06-01"), ==, 2);
}

/* The second is published, and overtaken before its day. */
static void an_earlier_day_overtakes(Fixture *f)
{
    ACT(f, { "draft", 1, NULL }, { "publish", 1, "2014-01-01" }, { "draft", 2, NULL }, { "publish", 2, "2014-06-01" }, { "draft", 3, NULL },
        { "publish", 3, "2014-05-01" });
    g_assert_cmpint(in_force(f, "2014-04-30"), ==, 1);
    g_assert_cmpint(in_force(f, "2014-05-01"), ==, 3);
    g_assert_cmpint(in_force(f, "2014-06-01"), ==, 3);
}

static void one_of_the_same_day_takes_the_place_of_one_to_come(Fixture *f)
{
    ACT(f, { "draft", 1, NULL }, { "publish", 1, "2014-01-01" }, { "draft", 2, NULL }, { "publish", 2, "2014-06-01" }, { "draft", 3, NULL },
        { "publish", 3, "2014-06-01" });
    g_assert_cmpint(in_force(f, "2014-05-31"), ==, 1);
    g_assert_cmpint(in_force(f, "2014-06-01"), ==, 3);
    Db *db = store_reader(f->store, NULL);
    g_autoptr(json_t) versions = versioned_versions(db, COUNTY, &lists, "", day_parse("2014-01-01"), 10, NULL);
    store_return(f->store, db);
    const json_t *replaced = json_array_get(versions, 1);
    g_assert_cmpstr(json_text(replaced, "until_day"), <, json_text(replaced, "since_day"));
    g_assert_cmpstr(json_text(json_array_get(versions, 0), "standing"), ==, "coming");
    g_assert_cmpstr(json_text(replaced, "standing"), ==, "replaced");
    g_assert_cmpstr(json_text(json_array_get(versions, 2), "standing"), ==, "in_force");
}

static void a_draft_is_never_in_force(Fixture *f)
{
    ACT(f, { "draft", 1, NULL });
    g_assert_cmpint(in_force(f, "2014-06-01"), ==, 0);
    ACT(f, { "draft", 2, NULL }, { "publish", 2, "2014-01-01" }); /* the first is given up */
    g_assert_cmpint(in_force(f, "2013-06-01"), ==, 0);
    g_assert_cmpint(in_force(f, "2014-06-01"), ==, 2);
    ACT(f, { "draft", 3, NULL });
    g_assert_cmpint(in_force(f, "2014-06-01"), ==, 2);
}

static void a_list_that_ended_has_no_version(Fixture *f)
{
    ACT(f, { "draft", 1, NULL }, { "publish", 1, "2014-01-01" }, { "end", 0, "2014-03-01" });
    g_assert_cmpint(in_force(f, "2014-02-28"), ==, 1);
    g_assert_cmpint(in_force(f, "2014-03-01"), ==, 0);
}

/* The first was to be replaced only after that day; the third covered it for a while. */
static void an_end_also_cuts_what_was_replaced_from_a_later_day(Fixture *f)
{
    ACT(f, { "draft", 1, NULL }, { "publish", 1, "2014-01-01" }, { "draft", 2, NULL }, { "publish", 2, "2014-06-01" }, { "end", 0, "2014-03-01" });
    g_assert_cmpint(in_force(f, "2014-02-28"), ==, 1);
    g_assert_cmpint(in_force(f, "2014-03-01"), ==, 0);
    g_assert_cmpint(in_force(f, "2014-06-01"), ==, 0);
    ACT(f, { "draft", 3, NULL }, { "publish", 3, "2014-02-01" }, { "end", 0, "2014-02-15" });
    g_assert_cmpint(in_force(f, "2014-02-01"), ==, 3);
    g_assert_cmpint(in_force(f, "2014-02-15"), ==, 0);
}

static void what_was_undone_is_not_in_force(Fixture *f)
{
    ACT(f, { "draft", 1, NULL }, { "publish", 1, "2014-01-01" }, { "draft", 2, NULL });
    g_assert_cmpint(in_force(f, "2014-06-01"), ==, 1);
    g_assert_false(store_write(f->store, carry_out, &(Deed){ "refuse", 2, "2014-01-01" }, NULL));
    g_assert_cmpint(in_force(f, "2014-06-01"), ==, 1);
}

/* ---- what is kept of them ---- */

static void each_publication_is_an_event(Fixture *f)
{
    ACT(f, { "draft", 1, NULL }, { "enforce", 1, "2014-01-01" }, { "draft", 2, NULL }, { "enforce", 2, "2014-02-01" });
    Db *db = store_reader(f->store, NULL);
    g_autoptr(json_t) events = ledger_events(db, COUNTY, "calendar/", 0, NULL);
    store_return(f->store, db);
    g_assert_cmpuint(json_array_size(events), ==, 2);
    const json_t *last = json_array_get(events, 1), *payload = json_object_get(last, "payload");
    g_assert_cmpstr(json_text(last, "kind"), ==, "calendar.published");
    g_assert_cmpint(json_number(last, "division"), ==, 330482000000);
    g_assert_cmpint(json_number(payload, "version"), ==, 2);
    g_assert_cmpint(json_number(payload, "retired"), ==, 1);
}

static void versions_are_told_newest_first(Fixture *f)
{
    ACT(f, { "draft", 1, NULL }, { "publish", 1, "2014-01-01" }, { "draft", 2, NULL });
    Db *db = store_reader(f->store, NULL);
    g_auto(Version) newest = { 0 }, absent = { 0 };
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) versions = versioned_versions(db, COUNTY, &lists, "", day_parse("2014-01-01"), 10, NULL);
    g_assert_true(versioned_newest(db, COUNTY, &lists, "", &newest, NULL));
    g_assert_false(versioned_load(db, COUNTY, &lists, "", 3, &absent, &error));
    store_return(f->store, db);
    g_assert_error(error, TROUBLE, NOT_FOUND);
    g_assert_cmpint(newest.version, ==, 2);
    g_assert_cmpstr(newest.state, ==, "draft");
    g_assert_cmpuint(json_array_size(versions), ==, 2);
    g_assert_cmpint(json_number(json_array_get(versions, 0), "version"), ==, 2);
    g_assert_cmpstr(json_text(json_array_get(versions, 1), "since_day"), ==, "2014-01-01");
}

/* ---- all of them on both engines ---- */

typedef void Test(Fixture *f);
static const struct {
    const char *name;
    Test *test;
} tests[] = {
#define T(test) { #test, test }
    T(a_version_is_in_force_from_its_day_on), T(without_a_day_it_always_was), T(an_earlier_day_overtakes), T(one_of_the_same_day_takes_the_place_of_one_to_come), T(a_draft_is_never_in_force), T(a_list_that_ended_has_no_version),
    T(an_end_also_cuts_what_was_replaced_from_a_later_day),
    T(what_was_undone_is_not_in_force), T(each_publication_is_an_event), T(versions_are_told_newest_first),
#undef T
};

static void run(Test *test, const char *server)
{
    Fixture f = { .server = server, .folder = g_dir_make_tmp("versioned-XXXXXX", NULL) };
    f.address = server ? make_database(server) : g_build_filename(f.folder, "test.db", NULL);
    f.store = store_with_rooms(f.address, 2);
    test(&f);
    store_close(f.store);
    if (server)
        drop_database(server, f.address);
    remove_tree(f.folder);
    g_free(f.folder);
    g_free(f.address);
}

static void on_file(gconstpointer test)
{
    run((Test *)(uintptr_t)test, NULL);
}

static void on_server(gconstpointer test)
{
    run((Test *)(uintptr_t)test, g_getenv("PINGHU_DATABASE_SERVER"));
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *file = g_strconcat("/versioned/", tests[i].name, NULL), *server = g_strconcat("/versioned/server/", tests[i].name, NULL);
        g_test_add_data_func(file, (gconstpointer)(uintptr_t)tests[i].test, on_file);
        if (g_getenv("PINGHU_DATABASE_SERVER"))
            g_test_add_data_func(server, (gconstpointer)(uintptr_t)tests[i].test, on_server);
    }
    return g_test_run();
}
