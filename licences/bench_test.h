// SPDX-License-Identifier: Apache-2.0
/* The fixture of the tests of licences: a small county, the people of the organ that issues, on a file and on a server. */
#pragma once

#include "licences/life.h"

#include "cases/bench_test.h"
#include "db/server_test.h"

static const Post organ_posts[] = {
    { ORGAN, 330482000000, CLERK }, { ORGAN, 330482000000, REVIEWER }, { ORGAN, 330482000000, APPROVER },
    { ORGAN, 330482000000, HEAD }, { ORGAN, 330482000000, ISSUER }, { CENTRE_ORGAN, 330482000000, SECURITY_ADMINISTRATOR },
};
#define HAND(which) { STAFF, 20 + (which), "工作人员", &organ_posts[which], 1, NULL }
static const Actor clerk = HAND(0), reviewer = HAND(1), approver = HAND(2), head = HAND(3), issuer = HAND(4), keeper = HAND(5);
static const Actor stranger = { STAFF, 30, "工作人员", &posts[OTHER_ORGAN], 1, NULL };

/* ---- the bench ---- */

static const char *test_server;
static char *test_address;

static inline void open_bench(Bench *b)
{
    test_address = test_server ? make_database(test_server) : NULL;
    bench_open_at(b, test_address);
}

static inline void assert_licences_sound(Bench *b)
{
    int64_t count;
    g_autoptr(GError) error = NULL;
    Context context = b->context;
    context.db = store_reader(b->store, NULL);
    subject_verify_all(&context, NULL, &count, &error);
    g_assert_no_error(error);
    store_return(b->store, context.db);
}

/* After which the licences need not be what the ledger says. */
static inline void close_unsound(Bench *b)
{
    bench_close(b);
    if (test_server)
        drop_database(test_server, test_address);
    g_clear_pointer(&test_address, g_free);
}

static inline void close_bench(Bench *b)
{
    assert_licences_sound(b);
    close_unsound(b);
}

static inline void run_on_server(const void *test)
{
    test_server = g_getenv("PINGHU_DATABASE_SERVER");
    ((void (*)(void))(uintptr_t)test)();
    test_server = NULL;
}

static inline void add(const char *path, void test(void))
{
    g_autofree char *other = g_strconcat("/postgresql", path, NULL);
    g_test_add_func(path, test);
    if (g_getenv("PINGHU_DATABASE_SERVER"))
        g_test_add_data_func(other, (const void *)(uintptr_t)test, run_on_server);
}

static const SubjectInput because = { .reason = "欺骗取得", .basis = "《行政许可法》第六十九条" };

typedef struct Taking {
    int64_t number;
    enum licence_action action;
    SubjectInput input;
    Licence *out;
} Taking;

static inline bool take_work(const Context *context, void *data, GError **error)
{
    Taking *t = data;
    licence_clear(t->out);
    *t->out = (Licence){ 0 };
    return subject_act(context, &licence_kind, t->number, &licence_rules[t->action], &t->input, t->out, error);
}

static inline bool try_at(Bench *b, const Actor *actor, int64_t number, const char *day, enum licence_action action, SubjectInput input, Licence *out, GError **error)
{
    Taking t = { number, action, input, out };
    if (!t.input.seen)
        t.input.seen = -1;
    return write_as(b, actor, at(day, 10), take_work, &t, error);
}

static inline void takes(Bench *b, const Actor *actor, int64_t number, const char *day, enum licence_action action, SubjectInput input, enum licence_state state)
{
    g_auto(Licence) out = { 0 };
    g_autoptr(GError) error = NULL;
    try_at(b, actor, number, day, action, input, &out, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(licence_state_names[out.state], ==, licence_state_names[state]);
}

static inline void refuses(Bench *b, const Actor *actor, int64_t number, const char *day, enum licence_action action, SubjectInput input, const char *reason)
{
    g_auto(Licence) out = { 0 };
    g_autoptr(GError) error = NULL;
    g_assert_false(try_at(b, actor, number, day, action, input, &out, &error));
    g_autoptr(json_t) details = trouble_details(error);
    if (strcmp(json_text(details, "reason"), reason) != 0)
        g_error("wanted %s, got %s", reason, error->message);
}

static inline Licence now_of(Bench *b, int64_t number)
{
    Licence found;
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(b->store, NULL);
    subject_load(db, COUNTY, &licence_kind, number, &found, &error);
    g_assert_no_error(error);
    store_return(b->store, db);
    return found;
}

static inline void assert_day(int64_t day, const char *expected)
{
    char text[DAY_TEXT];
    g_assert_cmpstr(day_text((Day)day, text), ==, expected);
}

static inline int64_t issued_case(Bench *b)
{
    int64_t number = to_decide(b, "2014-09-15");
    done(b, &people[ORGAN_APPROVER], number, "2014-09-16", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    done(b, &people[TOWN_REVIEWER], number, "2014-09-18", ISSUE, (SubjectInput){ 0 }, ISSUED);
    return number;
}

static inline int64_t licence_of(Bench *b, int64_t case_number)
{
    int64_t number;
    Db *db = store_reader(b->store, NULL);
    g_assert_true(licence_of_case(db, COUNTY, case_number, &number, NULL));
    store_return(b->store, db);
    return number;
}

static inline int64_t issued(Bench *b)
{
    return licence_of(b, issued_case(b));
}

static inline bool end_work(const Context *context, void *data, GError **error)
{
    return timers_take(context, 100, data, error);
}

/* Takes the timers of the beginning of a day. */
static inline void pass_midnight(Bench *b, const char *day, int64_t expected)
{
    int64_t done;
    g_autoptr(GError) error = NULL;
    write_as(b, &the_system, instant_at(day_parse(day), 0), end_work, &done, &error);
    g_assert_no_error(error);
    g_assert_cmpint(done, ==, expected);
}

static inline json_t *documents_of(Bench *b, const char *kind, int64_t number)
{
    g_autofree char *subject = g_strdup_printf("%s/%" PRId64, kind, number);
    Db *db = store_reader(b->store, NULL);
    json_t *documents = files_documents(db, COUNTY, subject, NULL);
    store_return(b->store, db);
    g_assert_nonnull(documents);
    return documents;
}

static inline void assert_last_document(Bench *b, int64_t number, const char *kind)
{
    g_autoptr(json_t) documents = documents_of(b, "licence", number);
    g_assert_cmpuint(json_array_size(documents), >, 0);
    g_assert_cmpstr(json_text(json_array_get(documents, json_array_size(documents) - 1), "document_kind"), ==, kind);
}

/* ---- damage ---- */

static inline void pass_over(void *data, int64_t more)
{
    (void)data;
    (void)more;
}

static inline void note_reason(void *data, const char *table, const char *row, const char *reason, const char *detail)
{
    (void)table;
    (void)row;
    g_ptr_array_add(data, g_strchomp(g_strdup_printf("%s %s", reason, detail)));
}

static inline bool damage_work(Db *db, void *sql, GError **error)
{
    return db_run(db, sql, NULL, error);
}

static inline void assert_told(Bench *b, const char *damage, const char *reason)
{
    int64_t count;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) told = g_ptr_array_new_with_free_func(g_free);
    const VerifyReport examination = { note_reason, pass_over, told };
    Context context = b->context;
    store_write(b->store, damage_work, (void *)(uintptr_t)damage, &error);
    g_assert_no_error(error);
    context.db = store_reader(b->store, NULL);
    g_assert_true(subject_verify(&context, &licence_kind, &examination, NULL, &count, NULL));
    store_return(b->store, context.db);
    g_assert_cmpstr(told->len ? told->pdata[0] : NULL, ==, reason);
}
