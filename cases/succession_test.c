// SPDX-License-Identifier: Apache-2.0
/* Reforms as cases live through them: an organ goes into another, a village into the next, an item is suspended or abolished. */
#include "cases/bench_test.h"
#include "db/server_test.h"

enum { SUCCESSOR = 7 };
static const int64_t next_village = 330482103201;

/* The address of its database on a server, to be handed to close_bench; NULL: it is a file. */
static char *open_bench(Bench *b, const void *server)
{
    char *address = server ? make_database(server) : NULL;
    bench_open_at(b, address);
    return address;
}

static void close_bench(Bench *b, const void *server, const char *address)
{
    bench_close(b);
    if (address)
        drop_database(server, address);
}

static bool plan(const Context *context, void *data, GError **error)
{
    return identity_reform_plan(context, data, error);
}

static void planned(Bench *b, enum reform_act act, enum reform_about about, int64_t target, int64_t other)
{
    g_autoptr(GError) error = NULL;
    PlannedReform reform = { .act = act, .about = about, .target = target, .other = other, .day = day_parse("2014-09-08"), .name = "", .name_en = "",
                             .short_name = "", .code = "", .document = "平委发〔2014〕12号" };
    write_as(b, &the_system, at("2014-09-01", 9), plan, &reform, &error);
    g_assert_no_error(error);
}

static bool change(const Context *context, void *data, GError **error)
{
    return catalogue_change(context, data, error);
}

static void changed(Bench *b, enum change_kind kind, const char *day)
{
    g_autoptr(GError) error = NULL;
    ItemChange what = { .kind = kind, .item = "CY", .day = day_parse(day), .document = "《关于调整的通知》", .document_number = "平政发〔2014〕4号", .level = "", .into = "" };
    write_as(b, &the_system, at(day, 8), change, &what, &error);
    g_assert_no_error(error);
}

static void assert_at(Bench *b, int64_t number, int64_t organ, int64_t desk, int64_t place)
{
    g_auto(Case) self = present(b, number);
    g_assert_cmpint(self.organ, ==, organ);
    g_assert_cmpint(self.desk_organ, ==, desk);
    g_assert_cmpint(self.place, ==, place);
}

/* Both names are told where the case went over, and papers written from then on are the successor's. */
static void assert_told(Bench *b, int64_t number)
{
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, number);
    Db *db = store_reader(b->store, NULL);
    g_autoptr(json_t) events = ledger_events(db, COUNTY, subject, 0, NULL), was = identity_organ(db, COUNTY, ORGAN, NULL), is = identity_organ(db, COUNTY, SUCCESSOR, NULL);
    g_autofree char *names = g_strdup_printf("%s → %s", json_text(was, "name"), json_text(is, "name"));
    size_t i, told = 0;
    json_t *event;
    json_array_foreach(events, i, event)
        told += strcmp(json_text(event, "kind"), "case.succeeded") == 0 &&
                strcmp(json_text(json_object_get(json_object_get(event, "payload"), "facts"), "reason"), names) == 0;
    g_assert_cmpuint(told, ==, 1);
    g_autoptr(DbRows) rows = db_query(db, "SELECT number, organ FROM document WHERE county = :county AND subject = :subject AND document_kind = 'decision'",
                                      WITH(db_int("county", COUNTY), db_text("subject", subject)), NULL);
    g_assert_true(db_next(rows, NULL));
    g_assert_cmpint(db_column_int(rows, 1), ==, SUCCESSOR);
    g_assert_true(g_str_has_prefix(db_column_text(rows, 0), json_text(is, "mark")));
    g_clear_pointer(&rows, db_rows_end);
    Context context = b->context;
    context.db = db;
    context.now = at("2014-09-08", 10);
    g_autofree char *issuer = files_issuer(&context, ORGAN, true, NULL); /* of a paper about a case that was over before */
    g_assert_nonnull(strstr(issuer, json_text(is, "full_name")));
    store_return(b->store, db);
}

static void running_cases_go_to_the_successor(const void *server)
{
    Bench b;
    g_autofree char *address = open_bench(&b, server);
    g_autoptr(json_t) papers = necessary_papers();
    int64_t draft = drafted(&b, "2014-08-18"), waits = at_the_organ(&b, "2014-08-20"), runs = to_decide(&b, "2014-08-18"), ended = drafted(&b, "2014-08-18");
    done(&b, &people[VILLAGE_CLERK], ended, "2014-08-18", SUBMIT, (SubjectInput){ .materials = papers }, RECEIVED);
    done(&b, &people[VILLAGE_CLERK], ended, "2014-08-19", WITHDRAW, (SubjectInput){ .reason = "不办了" }, WITHDRAWN);
    planned(&b, REFORM_MERGE, ABOUT_ORGAN, ORGAN, SUCCESSOR);
    ring_until(&b, "2014-09-07", 12);
    assert_at(&b, runs, ORGAN, ORGAN, village);
    ring_until(&b, "2014-09-08", 0);
    ring_until(&b, "2014-09-08", 0);
    ring_until(&b, "2014-09-08", 0);
    assert_at(&b, runs, SUCCESSOR, SUCCESSOR, village);
    assert_at(&b, waits, SUCCESSOR, SUCCESSOR, village);
    g_auto(Case) over = present(&b, ended);
    g_assert_cmpint(over.organ, ==, ORGAN); /* what is over stays as it was */
    refused(&b, &people[ORGAN_APPROVER], runs, "2014-09-08", GRANT, (SubjectInput){ .opinion = "同意" }, "cases.not_yours");
    done(&b, &people[OTHER_ORGAN], runs, "2014-09-08", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    assert_told(&b, runs);
    done(&b, &people[VILLAGE_CLERK], draft, "2014-09-09", SUBMIT, (SubjectInput){ .materials = papers }, RECEIVED);
    done(&b, &people[TOWN_REVIEWER], draft, "2014-09-09", PASS, (SubjectInput){ .opinion = "材料齐全" }, RECEIVED);
    assert_at(&b, draft, SUCCESSOR, SUCCESSOR, village);
    Db *db = store_reader(b.store, NULL);
    g_autoptr(Item) item = catalogue_item_on(db, COUNTY, "CY", day_parse("2014-09-08"), NULL), before = catalogue_item_on(db, COUNTY, "CY", day_parse("2014-09-07"), NULL);
    g_assert_cmpint(json_number(item->details, "organ"), ==, SUCCESSOR);
    g_assert_cmpint(json_number(before->details, "organ"), ==, ORGAN);
    store_return(b.store, db);
    close_bench(&b, server, address);
}

static void a_page_of_the_day_before_is_stale(const void *server)
{
    Bench b;
    g_autofree char *address = open_bench(&b, server);
    int64_t runs = to_decide(&b, "2014-08-20");
    g_auto(Case) seen = present(&b, runs);
    planned(&b, REFORM_MERGE, ABOUT_ORGAN, ORGAN, SUCCESSOR);
    ring_until(&b, "2014-09-08", 0);
    ring_until(&b, "2014-09-08", 0);
    refused(&b, &people[OTHER_ORGAN], runs, "2014-09-08", GRANT, (SubjectInput){ .seen = seen.events, .opinion = "同意" }, "cases.stale");
    done(&b, &people[OTHER_ORGAN], runs, "2014-09-08", GRANT, (SubjectInput){ .seen = seen.events + 1, .opinion = "同意" }, GRANTED);
    close_bench(&b, server, address);
}

static void a_merged_village_takes_its_cases_along(const void *server)
{
    Bench b;
    g_autofree char *address = open_bench(&b, server);
    static const Post post = { VILLAGE_POINT_ORGAN, 330482103201, CLERK };
    const Actor neighbour = { STAFF, 50, "工作人员", &post, 1, NULL };
    g_autoptr(json_t) papers = necessary_papers();
    int64_t draft = drafted(&b, "2014-09-05"), asked = drafted(&b, "2014-09-04");
    done(&b, &people[VILLAGE_CLERK], asked, "2014-09-04", SUBMIT, (SubjectInput){ 0 }, RECEIVED);
    done(&b, &people[TOWN_REVIEWER], asked, "2014-09-04", CORRECT, (SubjectInput){ .materials = papers, .reason = "缺" }, CORRECTION);
    planned(&b, REFORM_MERGE, ABOUT_DIVISION, village, next_village);
    ring_until(&b, "2014-09-08", 0);
    ring_until(&b, "2014-09-08", 0);
    assert_at(&b, asked, ORGAN, VILLAGE_POINT_ORGAN, next_village);
    done(&b, &neighbour, asked, "2014-09-09", SUPPLY, (SubjectInput){ .materials = papers }, RECEIVED);
    g_auto(Case) made = { 0 };
    g_autoptr(GError) error = NULL;
    try_draft(&b, &neighbour, village, AT_VILLAGE, "2014-09-09", &made, &error); /* an old address leads to the new counter */
    g_assert_no_error(error);
    g_assert_cmpint(made.place, ==, next_village);
    g_auto(Case) own = present(&b, draft);
    g_assert_cmpint(own.place, ==, village); /* whose clerk holds the post of the ended counter too: reorganise_test.c */
    close_bench(&b, server, address);
}

static void an_organ_with_cases_does_not_end_alone(const void *server)
{
    Bench b;
    g_autofree char *address = open_bench(&b, server);
    int64_t count = 0, runs = at_the_organ(&b, "2014-09-05");
    planned(&b, REFORM_END, ABOUT_ORGAN, ORGAN, 0);
    g_autoptr(GError) error = NULL, none = NULL;
    g_assert_false(write_as(&b, &the_system, at("2014-09-08", 0), ring, &count, &error));
    g_assert_nonnull(strstr(error->message, "cases.organ_runs"));
    done(&b, &people[VILLAGE_CLERK], runs, "2014-09-09", WITHDRAW, (SubjectInput){ .reason = "不办了" }, WITHDRAWN);
    ring_until(&b, "2014-09-09", 12);
    g_auto(Case) made = { 0 };
    g_assert_false(try_draft(&b, &people[VILLAGE_CLERK], village, AT_VILLAGE, "2014-09-10", &made, &none));
    g_assert_nonnull(strstr(none->message, "cases.item_ended"));
    close_bench(&b, server, address);
}

static void nothing_is_handed_in_for_an_item_that_ended(const void *server)
{
    Bench b;
    g_autofree char *address = open_bench(&b, server);
    g_autoptr(json_t) papers = necessary_papers();
    int64_t draft = drafted(&b, "2014-09-01"), runs = at_the_organ(&b, "2014-09-01");
    changed(&b, CHANGE_SUSPENDED, "2014-09-03");
    refused(&b, &people[VILLAGE_CLERK], draft, "2014-09-03", SUBMIT, (SubjectInput){ .materials = papers }, "cases.item_ended");
    done(&b, &people[ORGAN_REVIEWER], runs, "2014-09-03", ACCEPT, (SubjectInput){ 0 }, REVIEW); /* which was handed in before */
    changed(&b, CHANGE_RESUMED, "2014-09-04");
    done(&b, &people[VILLAGE_CLERK], draft, "2014-09-04", SUBMIT, (SubjectInput){ .materials = papers }, RECEIVED);
    draft = drafted(&b, "2014-09-05");
    changed(&b, CHANGE_CANCELLED, "2014-09-09");
    refused(&b, &people[VILLAGE_CLERK], draft, "2014-09-09", SUBMIT, (SubjectInput){ .materials = papers }, "cases.item_ended");
    close_bench(&b, server, address);
}

static void add(const char *name, GTestDataFunc test)
{
    const char *server = g_getenv("PINGHU_DATABASE_SERVER");
    g_autofree char *path = g_strdup_printf("/succession/%s", name), *other = g_strconcat("/postgresql", path, NULL);
    g_test_add_data_func(path, NULL, test);
    if (server)
        g_test_add_data_func(other, server, test);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    add("running cases go to the successor", running_cases_go_to_the_successor);
    add("a page of the day before is stale", a_page_of_the_day_before_is_stale);
    add("a merged village takes its cases along", a_merged_village_takes_its_cases_along);
    add("an organ with cases does not end alone", an_organ_with_cases_does_not_end_alone);
    add("nothing is handed in for an item that ended", nothing_is_handed_in_for_an_item_that_ended);
    return g_test_run();
}
