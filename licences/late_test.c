// SPDX-License-Identifier: Apache-2.0
/* Cases that were issued before there was a register of licences, on a file and on a server. */
#include "licences/bench_test.h"
#include "lists/lists.h"

/* As a program without this room would have it. */
static int64_t issued_without_register(Bench *b, bool is_erased)
{
    const Room *older[64];
    size_t count = 0;
    for (const Room *const *room = rooms; *room; room++)
        if (*room != &licences_room)
            older[count++] = *room;
    older[count] = NULL;
    b->context.rooms = older;
    int64_t number = issued_case(b);
    if (is_erased) {
        done(b, &people[VILLAGE_CLERK], number, "2014-09-19", DELIVER, (SubjectInput){ 0 }, DELIVERED);
        done(b, &people[VILLAGE_CLERK], number, "2014-09-19", CLOSE, (SubjectInput){ 0 }, CLOSED);
        done(b, &keeper, number, "2014-10-01", ERASE, (SubjectInput){ .reason = "本人要求删除" }, CLOSED);
    }
    b->context.rooms = rooms;
    g_assert_cmpint(licence_of(b, number), ==, 0);
    return number;
}

static bool settle_work(const Context *context, void *data, GError **error)
{
    (void)data;
    return subject_room.settle(context, error) && licence_enter_late(context, error);
}

static void settle(Bench *b, const char *day)
{
    g_autoptr(GError) error = NULL;
    write_as(b, &the_system, at(day, 9), settle_work, NULL, &error);
    g_assert_no_error(error);
}

static int64_t counted(Bench *b, const char *sql)
{
    int64_t count;
    bool found;
    Db *db = store_reader(b->store, NULL);
    g_autofree char *all = g_strconcat("/* all rows */ ", sql, NULL);
    g_assert_true(db_integer(db, all, NULL, &count, &found, NULL));
    store_return(b->store, db);
    return count;
}

static int64_t events(Bench *b)
{
    return counted(b, "SELECT COUNT(*) FROM event WHERE county = 330482");
}

static void an_old_case_has_its_licence_entered_once(void)
{
    Bench b;
    open_bench(&b);
    int64_t of_case = issued_without_register(&b, false), refused = to_decide(&b, "2014-09-15");
    done(&b, &people[ORGAN_APPROVER], refused, "2014-09-16", REFUSE, (SubjectInput){ .reason = "不符合" }, REFUSED);
    settle(&b, "2015-01-05");
    int64_t before = events(&b), number = licence_of(&b, of_case);
    g_auto(Licence) made = now_of(&b, number);
    g_assert_cmpint(made.number, ==, 330482140918000001); /* of the day on which the case was issued */
    g_assert_cmpstr(made.holder, ==, "张示例");
    g_assert_cmpint(made.state, ==, LICENCE_VALID);
    assert_day(made.issued_day, "2014-09-18");
    assert_day(made.valid_to_day, "2017-09-17");
    g_assert_cmpint(licence_of(&b, refused), ==, 0);
    g_autoptr(json_t) documents = documents_of(&b, "licence", number);
    g_assert_cmpuint(json_array_size(documents), ==, 0); /* its paper is the one of those days */
    settle(&b, "2015-01-06");
    g_assert_cmpint(events(&b), ==, before);
    pass_midnight(&b, "2017-09-18", 1); /* from then on it lives as any other */
    g_auto(Licence) ended = now_of(&b, number);
    g_assert_cmpint(ended.state, ==, LICENCE_EXPIRED);
    close_bench(&b);
}

static void a_term_that_is_over_has_ended_on_its_day(void)
{
    Bench b;
    open_bench(&b);
    int64_t of_case = issued_without_register(&b, false);
    settle(&b, "2020-01-06");
    g_auto(Licence) made = now_of(&b, licence_of(&b, of_case));
    g_assert_cmpint(made.state, ==, LICENCE_EXPIRED);
    assert_day(made.since_day, "2017-09-18");
    pass_midnight(&b, "2020-01-07", 0);
    close_bench(&b);
}

static void the_holder_of_an_erased_case_stays_unknown(void)
{
    Bench b;
    open_bench(&b);
    int64_t of_case = issued_without_register(&b, true);
    settle(&b, "2015-01-05");
    g_auto(Licence) made = now_of(&b, licence_of(&b, of_case));
    g_assert_cmpint(made.state, ==, LICENCE_VALID);
    g_assert_cmpstr(made.holder, ==, "");
    g_assert_cmpstr(made.id_number, ==, "");
    g_assert_cmpstr(made.listed, ==, "");
    g_assert_cmpstr(made.sought, ==, "");
    g_assert_cmpint(counted(&b, "SELECT COUNT(*) FROM subject_private WHERE county = 330482 AND subject LIKE 'licence/%'"), ==, 0);
    g_autofree char *named = sealed_text(b.store, 330482, "licence.personal", DECIMAL(made.number), "holder=李示例\n");
    g_autofree char *damage = g_strdup_printf("/* all rows */ UPDATE licence SET personal = '%s' WHERE county = 330482", named);
    assert_told(&b, damage, "licences.found_differs {\"holder\":\"李示例\"}");
    assert_told(&b, "/* all rows */ UPDATE licence SET personal = '~1~AAAA' WHERE county = 330482", "licences.found_private");
    assert_told(&b, "/* all rows */ UPDATE licence SET personal = '' WHERE county = 330482", NULL);
    close_bench(&b); /* all still verifies */
}

static bool unfold_work(const Context *context, void *data, GError **error)
{
    (void)data;
    return db_run(context->db, "/* all rows */ UPDATE licence SET former = 'WJJ-Ａ6', code_sought = '', item_sought = '', former_sought = ''"
                               " WHERE county = :county", WITH(db_int("county", context->county)), error);
}

static void what_is_searched_of_an_old_row_is_folded(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    open_bench(&b);
    int64_t number = licence_of(&b, issued_case(&b));
    write_as(&b, NULL, at("2014-10-01", 9), unfold_work, NULL, &error);
    g_assert_no_error(error);
    settle(&b, "2014-10-02");
    g_auto(Licence) made = now_of(&b, number);
    g_autofree char *code = list_fold(made.item), *item = list_fold(made.item_name);
    g_assert_cmpstr(made.former_sought, ==, "wjj-a6");
    g_assert_cmpstr(made.code_sought, ==, code);
    g_assert_cmpstr(made.item_sought, ==, item);
    close_unsound(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    add("/late/an old case has its licence entered once", an_old_case_has_its_licence_entered_once);
    add("/late/a term that is over has ended on its day", a_term_that_is_over_has_ended_on_its_day);
    add("/late/the holder of an erased case stays unknown", the_holder_of_an_erased_case_stays_unknown);
    add("/late/what is searched of an old row is folded", what_is_searched_of_an_old_row_is_folded);
    return g_test_run();
}
