// SPDX-License-Identifier: Apache-2.0
/* Files of licences that another system issued, good and bad, on a file and on a server. */
#include "licences/bench_test.h"
#include "lists/lists.h"
#include "load/load.h"

#define HEAD "number,item,kind,name,id_number,issued,valid_to,valid_from,organ,content,state,since\n"
#define GOOD(number) number ",CY,个人,李示例,330499198001010013,2012-03-05,2015-03-04,,,,,\n"

static const char *const day = "2015-01-05"; /* on which it is loaded */

typedef struct Told {
    GString *faults, *numbered; /* "line:column:reason;", "number;" */
    LoadCounts counts;
} Told;

static void tell_fault(void *data, const json_t *details)
{
    Told *told = data;
    g_string_append_printf(told->faults, "%" PRId64 ":%s:%s;", json_number(details, "line"), json_text(details, "column"),
                           json_text(details, "reason"));
}

static void tell_number(void *data, const char *before, int64_t number, const char *code)
{
    Told *told = data;
    g_assert_cmpint(number / 1000000000000, ==, COUNTY);
    g_assert_cmpstr(code, ==, "");
    g_string_append_printf(told->numbered, "%s;", before);
}

/* Refused for this reason; NULL: all of it was loaded. */
static void load(Bench *b, const char *text, bool rest, const char *reason, Told *told)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *file = g_build_filename(b->folder, "licences.csv", NULL);
    const LoadSettings settings = { .file = file, .source = "", .licences = true, .rest = rest, .told = { tell_fault, tell_number, NULL, told } };
    g_string_truncate(told->faults, 0);
    g_string_truncate(told->numbered, 0);
    g_assert_true(g_file_set_contents(file, text, -1, NULL));
    bool loaded = load_file(b->store, &b->context, at(day, 9), &settings, &told->counts, &error);
    g_autoptr(json_t) details = error ? trouble_details(error) : NULL;
    if (!reason && error)
        g_error("%s %s", error->message, told->faults->str);
    g_assert_cmpstr(details ? json_text(details, "reason") : NULL, ==, reason);
    g_assert_true(loaded == !reason);
}

static Told told_open(void)
{
    return (Told){ g_string_new(NULL), g_string_new(NULL), { 0 } };
}

static void told_clear(Told *self)
{
    g_string_free(self->faults, TRUE);
    g_string_free(self->numbered, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Told, told_clear)

static int64_t number_of(Bench *b, const char *former)
{
    bool found;
    int64_t number;
    g_autofree char *folded = list_fold(former);
    Db *db = store_reader(b->store, NULL);
    g_assert_true(db_integer(db, "SELECT number FROM licence WHERE county = :county AND former_sought = :former",
                             WITH(db_int("county", COUNTY), db_text("former", folded)), &number, &found, NULL) && found);
    store_return(b->store, db);
    return number;
}

static int64_t licences(Bench *b)
{
    bool found;
    int64_t count;
    Db *db = store_reader(b->store, NULL);
    g_assert_true(db_integer(db, "/* all rows */ SELECT COUNT(*) FROM licence WHERE county = 330482", NULL, &count, &found, NULL));
    store_return(b->store, db);
    return count;
}

static void assert_entered(Bench *b, const char *former, enum licence_state state, const char *since)
{
    g_auto(Licence) made = now_of(b, number_of(b, former));
    g_assert_cmpint(made.number / 1000000, ==, 330482120305); /* of the day of its issue */
    g_assert_cmpstr(licence_state_names[made.state], ==, licence_state_names[state]);
    assert_day(made.since_day, since);
    g_assert_cmpstr(made.result_name, ==, "餐饮服务许可证");
}

static void assert_begins(const Licence *self, const char *on, const char *state, const char *from)
{
    g_autoptr(json_t) today = licence_today(self, day_parse(on));
    g_assert_cmpstr(json_text(today, "state"), ==, state);
    g_assert_cmpstr(json_text(today, "from_day"), ==, from);
}

static void old_licences_are_taken_over(void)
{
    Bench b;
    g_auto(Told) told = told_open();
    open_bench(&b);
    load(&b, HEAD GOOD("老-1") "老-2,CY,企业,示例公司,91330482MAXXXX1034,2012-03-05,2014/3/4,2012/3/5,21,热食类,已到期,\n"
         "老-3,CY,个人,李示例,330499198001010013,2012-03-05,,,,,已撤销,2013-06-01\n", false, NULL, &told);
    g_assert_cmpstr(told.numbered->str, ==, "老-1;老-2;老-3;");
    g_assert_cmpint(told.counts.cases, ==, 3);
    assert_entered(&b, "老-1", LICENCE_VALID, "2012-03-05");
    assert_entered(&b, "老-2", LICENCE_EXPIRED, "2014-03-05");
    assert_entered(&b, "老-3", LICENCE_REVOKED, "2013-06-01");
    load(&b, HEAD "新-1,CY,个人,李示例,330499198001010013,2014-12-30,,2015-02-01,,,,\n"
         "老-4,CY,个人,李示例,330499198001010013,2012-03-05,2013-03-04,,,,annulled,2013-06-01\n", false, NULL, &told);
    g_auto(Licence) later = now_of(&b, number_of(&b, "新-1"));
    assert_day(later.since_day, "2015-02-01");
    assert_begins(&later, "2015-01-31", "not_yet", "2015-02-01");
    assert_begins(&later, "2015-02-01", "valid", "");
    g_auto(Licence) held = now_of(&b, number_of(&b, "老-1")), other = now_of(&b, number_of(&b, "老-2"));
    g_assert_cmpstr(held.listed, ==, "李*例");
    g_assert_cmpstr(other.content, ==, "热食类");
    g_assert_cmpint(other.is_person, ==, 0);
    pass_midnight(&b, "2015-03-05", 1); /* from now on it lives here */
    g_auto(Licence) ended = now_of(&b, held.number);
    g_assert_cmpint(ended.state, ==, LICENCE_EXPIRED);
    close_bench(&b);
}

static void its_event_says_where_it_was_read(void)
{
    Bench b;
    g_auto(Told) told = told_open();
    open_bench(&b);
    load(&b, HEAD GOOD("老-1"), false, NULL, &told);
    g_autofree char *subject = g_strdup_printf("licence/%" PRId64, number_of(&b, "老-1"));
    Db *db = store_reader(b.store, NULL);
    g_autoptr(json_t) events = ledger_events(db, COUNTY, subject, 0, NULL);
    store_return(b.store, db);
    const json_t *event = json_array_get(events, 0), *facts = json_object_get(json_object_get(event, "payload"), "facts");
    g_assert_cmpint(json_number(event, "actor_kind"), ==, LOADER);
    g_assert_cmpstr(json_text(json_object_get(facts, "loaded"), "number"), ==, "老-1");
    g_autoptr(json_t) documents = documents_of(&b, "licence", number_of(&b, "老-1"));
    g_assert_cmpuint(json_array_size(documents), ==, 0); /* the old paper stays good */
    close_bench(&b);
}

static const struct { const char *row, *told; } wrong[] = {
    { ",CY,个人,李示例,330499198001010013,2012-03-05,,,,,,\n", "3:number:load.needed;" },
    { "X,,个人,李示例,330499198001010013,2012-03-05,,,,,,\n", "3:item:load.needed;" },
    { "X,ZZ,个人,李示例,330499198001010013,2012-03-05,,,,,,\n", "3:item:catalogue.no_item;" },
    { "X,CY,公司,李示例,330499198001010013,2012-03-05,,,,,,\n", "3:kind:load.no_kind;" },
    { "X,CY,个人,李示例,330499198001010014,2012-03-05,,,,,,\n", "3:id_number:identity.resident_id_check;" },
    { "X,CY,个人,,330499198001010013,,,,,,,\n", "3:issued:load.needed;3:name:load.needed;" },
    { "X,CY,个人,李示例,330499198001010013,2012-03-05 09:00,2012-02-30,,,,,\n", "3:issued:load.no_day_alone;3:valid_to:load.no_day_alone;" },
    { "X,CY,个人,李示例,330499198001010013,2015-01-06,,,,,,\n", "3:issued:load.future;" },
    { "X,CY,个人,李示例,330499198001010013,2012-03-05,2012-03-04,,,,,\n", "3:valid_to:load.term;" },
    { "X,CY,个人,李示例,330499198001010013,2012-03-05,2016-03-04,,,,已到期,\n", "3:state:load.not_over;" },
    { "X,CY,个人,李示例,330499198001010013,2012-03-05,,,,,lost,\n", "3:state:load.no_state;" },
    { "X,CY,个人,李示例,330499198001010013,2012-03-05,,,,,revoked,\n", "3:since:load.needed;" },
    { "X,CY,个人,李示例,330499198001010013,2012-03-05,,,,,revoked,2015-02-01\n", "3:since:load.future;" },
    { "X,CY,个人,李示例,330499198001010013,2012-03-05,,,,,revoked,2012-03-04\n", "3:since:load.since_before_issue;" },
    { "X,CY,个人,李示例,330499198001010013,2012-03-05,2013-03-04,,,,withheld,2013-03-05\n", "3:since:load.since_after_end;" },
    { "X,CY,个人,李示例,330499198001010013,2012-03-05,2013-03-04,,,,revoked,2013-03-05\n", "3:since:load.since_after_end;" },
    { "X,CY,个人,李示例,330499198001010013,2012-03-05,,,,,valid,2013-03-05\n", "3:since:load.since_of_valid;" },
    { "X\u202E1,CY,个人,李示例,330499198001010013,2012-03-05,,,,,,\n", "3:number:base.hidden_character;" },
    { "X1,CY,个人,李\u200B示例,330499198001010013,2012-03-05,,,,,,\n", "3:name:base.hidden_character;" },
    { "X,CY,个人,李示例,330499198001010013,2012-03-05,,,外星局,,,\n", "3:organ:load.no_organ;" },
    { GOOD("A-1"), "3:number:load.twice;" },
    { "X,CY\n", "3:kind:base.csv_uneven;" },
    { "X,CY,个人,李示例,330499198001010013,2012-03-05,,,,,,", "3:number:load.unfinished;3::load.cut;" },
};

static void all_faults_are_told_by_line_and_column(void)
{
    Bench b;
    g_auto(Told) told = told_open();
    open_bench(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *text = g_strconcat(HEAD GOOD("A-1"), wrong[i].row, NULL);
        load(&b, text, false, "load.wrong", &told);
        g_assert_cmpstr(told.faults->str, ==, wrong[i].told);
        g_assert_cmpint(licences(&b), ==, 0);
    }
    close_bench(&b);
}

static void a_licence_is_loaded_once(void)
{
    Bench b;
    g_auto(Told) told = told_open();
    open_bench(&b);
    load(&b, HEAD GOOD("A-1"), false, NULL, &told);
    load(&b, HEAD GOOD("A-1"), false, "load.again", &told);
    g_assert_cmpstr(told.numbered->str, ==, "A-1;"); /* whoever lost the table of numbers finds it again */
    load(&b, HEAD GOOD("A-2") GOOD("A-1"), false, "load.wrong", &told);
    g_assert_cmpstr(told.faults->str, ==, "3:number:load.there;");
    g_assert_cmpint(licences(&b), ==, 1);
    load(&b, HEAD GOOD("A-2") GOOD("A-1"), true, "load.wrong", &told);
    g_assert_cmpint(licences(&b), ==, 2);
    close_bench(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    add("/load/old licences are taken over", old_licences_are_taken_over);
    add("/load/a licence's event says where it was read", its_event_says_where_it_was_read);
    add("/load/all faults of licences are told by line and column", all_faults_are_told_by_line_and_column);
    add("/load/a licence is loaded once", a_licence_is_loaded_once);
    return g_test_run();
}
