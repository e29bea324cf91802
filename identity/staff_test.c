// SPDX-License-Identifier: Apache-2.0
/* Staff with their posts, and parties. */
#include "identity/store.h"
#include "identity/test_bench.h"

/* ---- staff ---- */

enum { TODAY = 16316 }; /* 2014-09-03, the day of the instant below */

typedef struct Adding {
    StaffEntry entry;
    int64_t id;
} Adding;

static bool add(Db *db, void *data, GError **error)
{
    Adding *adding = data;
    const Context context = { .db = db, .county = COUNTY, .now = 1409720000000 };
    return identity_add_staff(&context, &adding->entry, &adding->id, error);
}

static void a_new_member_acts_by_his_posts(void)
{
    Bench b;
    bench_open(&b);
    static const Post posts[] = { { 90, 330482103000, CLERK | REVIEWER },
                                  { 2, 330482000000, SUPERVISOR } };
    Adding zhang = { .entry = { .account = "zhang.san",
                                .name = "张三",
                                .hash = "hash",
                                .posts = posts,
                                .post_count = 2 } };
    g_autoptr(GError) error = NULL;
    g_assert_true(store_write(b.store, add, &zhang, &error));
    g_assert_cmpint(zhang.id, ==, 1);
    Db *db = store_reader(b.store, NULL);
    Actor actor;
    bool found;
    g_assert_true(identity_load_actor(db, COUNTY, STAFF, zhang.id, TODAY, &actor, &found, &error));
    g_assert_true(found);
    g_assert_cmpstr(actor.name, ==, "张三");
    g_assert_cmpuint(actor.post_count, ==, 2);
    g_assert_true(identity_may(&actor, REVIEWER, 90, town));
    g_assert_false(identity_may(&actor, REVIEWER, 91, village));
    g_assert_true(identity_may(&actor, SUPERVISOR, 2, division_county(COUNTY)));
    identity_clear_actor(&actor);
    g_autoptr(json_t) name = identity_staff_name(db, COUNTY, zhang.id, &error);
    g_assert_cmpstr(json_string_value(name), ==, "张三");
    g_autoptr(json_t) nobody = identity_staff_name(db, COUNTY, 77, &error);
    g_assert_cmpstr(json_string_value(nobody), ==, "");
    store_return(b.store, db);
    bench_close(&b);
}

typedef struct Holding {
    int64_t staff;
    const Term *terms;
    size_t count;
} Holding;

static bool hold(Db *db, void *data, GError **error)
{
    const Holding *holding = data;
    const Context context = { .db = db, .county = COUNTY, .now = 1409720000000 };
    return identity_hold(&context, holding->staff, holding->terms, holding->count, error);
}

static unsigned roles_on(const Bench *b, int64_t staff, Day day)
{
    bool found;
    Actor actor;
    unsigned roles = 0;
    Db *db = store_reader(b->store, NULL);
    g_assert_true(identity_load_actor(db, COUNTY, STAFF, staff, day, &actor, &found, NULL));
    for (size_t i = 0; i < actor.post_count; i++)
        roles |= actor.posts[i].roles;
    identity_clear_actor(&actor);
    store_return(b->store, db);
    return roles;
}

static size_t at_desk(const Bench *b, Day day)
{
    Db *db = store_reader(b->store, NULL);
    g_autoptr(json_t) staff = identity_desk_staff(db, COUNTY, &(Post){ 90, town, REVIEWER }, day, NULL);
    size_t count = json_array_size(staff);
    store_return(b->store, db);
    return count;
}

static void a_post_counts_on_its_days(void)
{
    Bench b;
    bench_open(&b);
    Adding li = { .entry = { .account = "li", .name = "李四" } }, wang = { .entry = { .account = "wang", .name = "王五" } };
    g_assert_true(store_write(b.store, add, &li, NULL));
    g_assert_true(store_write(b.store, add, &wang, NULL));
    const Term own[] = { { { 90, town, CLERK }, 0, TODAY - 1 }, { { 90, town, REVIEWER }, TODAY, TODAY + 1 }, { { 90, town, HEAD }, TODAY + 2, 0 } };
    const Term stands_in[] = { { { 90, town, REVIEWER, .for_staff = li.id }, TODAY + 1, TODAY + 1 } };
    g_assert_true(store_write(b.store, hold, &(Holding){ li.id, own, G_N_ELEMENTS(own) }, NULL));
    g_assert_true(store_write(b.store, hold, &(Holding){ wang.id, stands_in, 1 }, NULL));
    static const struct { Day day; unsigned own, other; size_t at_desk; } days[] = {
        { TODAY - 1, CLERK, 0, 0 }, { TODAY, REVIEWER, 0, 1 }, { TODAY + 1, REVIEWER, REVIEWER, 2 }, { TODAY + 2, HEAD, 0, 0 }, { TODAY, REVIEWER, 0, 1 },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
        g_assert_cmpuint(roles_on(&b, li.id, days[i].day), ==, days[i].own);
        g_assert_cmpuint(roles_on(&b, wang.id, days[i].day), ==, days[i].other);
        g_assert_cmpuint(at_desk(&b, days[i].day), ==, days[i].at_desk);
    }
    bench_close(&b);
}

/* A term that has ended keeps nobody from another administration; one that is to come does. */
static void terms_that_do_not_fit_are_refused(void)
{
    Bench b;
    bench_open(&b);
    Adding li = { .entry = { .account = "li", .name = "李四" } };
    g_assert_true(store_write(b.store, add, &li, NULL));
    Term terms[] = { { { 2, division_county(COUNTY), AUDITOR }, 0, TODAY - 1 }, { { 2, division_county(COUNTY), SYSTEM_ADMINISTRATOR }, TODAY, 0 } };
    Holding holding = { li.id, terms, G_N_ELEMENTS(terms) };
    g_assert_true(store_write(b.store, hold, &holding, NULL));
    static const struct { Day from, to; const char *reason; } wrong[] = {
        { 0, TODAY, "identity.administrators_apart" }, { TODAY + 9, 0, "identity.administrators_apart" }, { TODAY + 1, TODAY, "identity.term_order" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        terms[0].from = wrong[i].from, terms[0].to = wrong[i].to;
        g_assert_false(store_write(b.store, hold, &holding, &error));
        assert_reason(error, NOT_FITTING, wrong[i].reason);
    }
    g_assert_cmpuint(roles_on(&b, li.id, TODAY), ==, SYSTEM_ADMINISTRATOR);
    bench_close(&b);
}

static bool close_account(Db *db, void *data, GError **error)
{
    const int64_t *id = data;
    const Context context = { .db = db, .county = COUNTY };
    return identity_change_staff(&context, *id, "李四", false, error);
}

static void who_has_left_acts_no_more_but_keeps_a_name(void)
{
    Bench b;
    bench_open(&b);
    Adding li = { .entry = { .account = "li", .name = "李四" } };
    Actor actor;
    bool found;
    g_assert_true(store_write(b.store, add, &li, NULL));
    Db *db = store_reader(b.store, NULL);
    g_assert_true(identity_load_actor(db, COUNTY, STAFF, li.id, TODAY, &actor, &found, NULL));
    g_assert_true(found);
    g_assert_cmpuint(actor.post_count, ==, 0);
    identity_clear_actor(&actor);
    g_assert_true(identity_load_actor(db, COUNTY, STAFF, li.id, TODAY, &actor, &found, NULL));
    g_assert_true(found); /* as it was kept */
    identity_clear_actor(&actor);
    store_return(b.store, db);
    g_assert_true(store_write(b.store, close_account, &li.id, NULL));
    db = store_reader(b.store, NULL);
    g_assert_true(identity_load_actor(db, COUNTY, STAFF, li.id, TODAY, &actor, &found, NULL));
    g_assert_false(found);
    g_autoptr(json_t) name = identity_staff_name(db, COUNTY, li.id, NULL);
    g_assert_cmpstr(json_string_value(name), ==, "李四");
    store_return(b.store, db);
    bench_close(&b);
}

static bool change_password(Db *db, void *data, GError **error)
{
    const int64_t *id = data;
    const Context context = { .db = db, .county = COUNTY, .now = 7 };
    return identity_set_password(&context, *id, "hash", false, error);
}

static void a_new_password_is_seen_at_once(void)
{
    Bench b;
    bench_open(&b);
    Adding li = { .entry = { .account = "li", .name = "李四" } };
    g_assert_true(store_write(b.store, add, &li, NULL));
    for (int64_t changed = 0; changed <= 7; changed += 7) {
        Actor actor;
        bool found;
        Db *db = store_reader(b.store, NULL);
        g_assert_true(identity_load_actor(db, COUNTY, STAFF, li.id, TODAY, &actor, &found, NULL));
        g_assert_true((json_number(actor.shown, "changed_at") == 7) == (changed == 7));
        identity_clear_actor(&actor);
        store_return(b.store, db);
        g_assert_true(store_write(b.store, change_password, &li.id, NULL));
    }
    bench_close(&b);
}

static void strangers_and_holders_are_told_apart(void)
{
    Bench b;
    bench_open(&b);
    Db *db = store_reader(b.store, NULL);
    Actor actor;
    bool found;
    g_assert_true(identity_load_actor(db, COUNTY, STAFF, 7, TODAY, &actor, &found, NULL));
    g_assert_false(found);
    g_assert_cmpint(actor.kind, ==, VISITOR);
    g_assert_true(identity_load_actor(db, COUNTY, HOLDER, 7, TODAY, &actor, &found, NULL));
    g_assert_true(found);
    g_assert_cmpint(actor.id, ==, 7);
    g_assert_false(identity_has_role(&actor, ANY_ROLE));
    identity_clear_actor(&actor);
    g_assert_true(identity_load_actor(db, COUNTY, SYSTEM, 0, TODAY, &actor, &found, NULL));
    g_assert_false(found);
    store_return(b.store, db);
    bench_close(&b);
}

static const Post clerk = { 90, 330482103000, CLERK }, nowhere = { 90, 330482999000, CLERK },
                  no_organ = { 77, 330482103000, CLERK }, idle = { 90, 330482103000, 0 },
                  beyond = { 90, 330482103000, ANY_ROLE + 1 };
static const Post both[] = { { 2, 330482000000, AUDITOR | CLERK },
                             { 3, 330482000000, SYSTEM_ADMINISTRATOR } };
static const struct {
    StaffEntry entry;
    enum trouble why;
    const char *reason;
} wrong_staff[] = {
    { { .account = "W", .name = "王" }, NOT_FITTING, "identity.account_form" },
    { { .account = "w g", .name = "王" }, NOT_FITTING, "identity.account_form" },
    { { .account = ".wang", .name = "王" }, NOT_FITTING, "identity.account_form" },
    { { .account = "wang", .name = "" }, NOT_FITTING, "identity.name_missing" },
    { { .account = "wang", .name = "王", .posts = &nowhere, .post_count = 1 },
      NOT_FITTING,
      "identity.post_form" },
    { { .account = "wang", .name = "王", .posts = &no_organ, .post_count = 1 },
      NOT_FITTING,
      "identity.post_form" },
    { { .account = "wang", .name = "王", .posts = &idle, .post_count = 1 },
      NOT_FITTING,
      "identity.post_form" },
    { { .account = "wang", .name = "王", .posts = &beyond, .post_count = 1 },
      NOT_FITTING,
      "identity.post_form" },
    { { .account = "wang", .name = "王", .posts = both, .post_count = 2 },
      NOT_FITTING,
      "identity.administrators_apart" },
    { { .account = "li", .name = "李四" }, CONFLICT, "identity.account_taken" },
};

static void wrong_staff_is_refused(void)
{
    Bench b;
    bench_open(&b);
    Adding li = { .entry = { .account = "li", .name = "李", .posts = &clerk, .post_count = 1 } };
    g_assert_true(store_write(b.store, add, &li, NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(wrong_staff); i++) {
        g_autoptr(GError) error = NULL;
        Adding adding = { .entry = wrong_staff[i].entry };
        g_assert_false(store_write(b.store, add, &adding, &error));
        assert_reason(error, wrong_staff[i].why, wrong_staff[i].reason);
    }
    bench_close(&b);
}

/* ---- parties ---- */

typedef struct Applying {
    Party party;
    int64_t id;
} Applying;

static bool apply(Db *db, void *data, GError **error)
{
    Applying *applying = data;
    const Context context = { .db = db, .county = COUNTY };
    return identity_party(&context, &applying->party, &applying->id, error);
}

static int64_t party_id(Bench *b, const Party *party)
{
    g_autoptr(GError) error = NULL;
    Applying applying = { *party, 0 };
    store_write(b->store, apply, &applying, &error);
    g_assert_no_error(error);
    return applying.id;
}

static void one_applicant_has_one_row(void)
{
    const Party first = { PERSON, "张小三", "330499198001010013", "13812341234", NULL, village };
    const Party again = { PERSON, "张三", "330499198001010013", "0573-85012345", "李四", 0 };
    const Party other = { ENTERPRISE, "某厂", "330499198001010013", "13812341234", "", 0 };
    const Party shop = { ENTERPRISE, "张三面馆", "92330482MAXXXX090B", "13812341234", "张小三", village };
    int64_t looked;
    Bench b;
    bench_open(&b);
    g_assert_cmpint(party_id(&b, &first), ==, 1);
    g_assert_cmpint(party_id(&b, &shop), ==, 2);
    g_assert_cmpint(party_id(&b, &again), ==, 1);
    g_assert_cmpint(party_id(&b, &other), ==, 3);
    Db *db = store_reader(b.store, NULL);
    const Context context = { .db = db, .county = COUNTY };
    g_assert_true(identity_party_known(&context, &shop, &looked, NULL));
    g_assert_cmpint(looked, ==, 2);
    const Party stranger = { .kind = PERSON, .id_number = "330499198001010021" };
    g_assert_true(identity_party_known(&context, &stranger, &looked, NULL));
    g_assert_cmpint(looked, ==, 0);
    store_return(b.store, db);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/identity/a new password is seen at once", a_new_password_is_seen_at_once);
    g_test_add_func("/identity/a new member acts by his posts", a_new_member_acts_by_his_posts);
    g_test_add_func("/identity/a post counts on its days", a_post_counts_on_its_days);
    g_test_add_func("/identity/terms that do not fit are refused", terms_that_do_not_fit_are_refused);
    g_test_add_func("/identity/who has left acts no more but keeps a name",
                    who_has_left_acts_no_more_but_keeps_a_name);
    g_test_add_func("/identity/strangers and holders are told apart",
                    strangers_and_holders_are_told_apart);
    g_test_add_func("/identity/wrong staff is refused", wrong_staff_is_refused);
    g_test_add_func("/identity/one applicant has one row", one_applicant_has_one_row);
    return g_test_run();
}
