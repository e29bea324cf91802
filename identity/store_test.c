// SPDX-License-Identifier: Apache-2.0
/* Divisions, organs, staff and parties through the writer, in a county of one town. */
#include "identity/identity.h"

#include <glib/gstdio.h>
#include <string.h>

enum { COUNTY = 330482 };
static const int64_t town = 330482103000, village = 330482103201;

static const char divisions[] =
    "code,level,kind,name,name_en,parent,centre,origin\n"
    "330482103201,village,village,三叉河村,Sanchahe Village,330482103000,1,made up\n"
    "330482000000,county,city,平湖市,Pinghu,,1,made up\n"
    "330482103000,town,town,新仓镇,Xincang Town,330482000000,1,made up\n"
    "330482103202,village,village,友联村,,330482103000,0,made up\n";

static const char organ_header[] =
    "number,code,name,name_en,short_name,kind,valid_from,valid_to,successor,address,address_en,"
    "telephone,hours,hours_en,origin\n";
static const char organs[] =
    "1,A,工商行政管理局,Old,工商局,department,2001-01-01,2013-12-31,2,,,,,,made up\n"
    "2,B,市场监督管理局,New,市场监管局,department,2014-01-01,2018-12-31,3,,,,,,made up\n"
    "3,C,市场监督管理局,Newest,市场监管局,department,2019-01-01,,,路 1 号,1 Road,12345,9,9,made "
    "up\n"
    "4,D,粮食局,Grain,粮食局,department,2001-01-01,2014-06-30,,,,,,,made up\n"
    "5,E,新区办,Zone,新区办,department,2010-01-01,2012-12-31,4,,,,,,made up\n"
    "90,T,便民服务中心,Town centre,中心,town_centre,2001-01-01,,,,,,,,made up\n"
    "91,V,便民服务点,Village point,服务点,village_point,2001-01-01,,,,,,,,made up\n";

/* ---- the bench ---- */

typedef struct Bench {
    char *folder, *file;
    Store *store;
} Bench;

typedef bool Import(const Context *context, const char *csv, size_t length, GError **error);
typedef struct Table {
    Import *import;
    const char *csv;
} Table;

static bool import(Db *db, void *data, GError **error)
{
    const Table *table = data;
    const Context context = { .db = db, .county = COUNTY };
    return table->import(&context, table->csv, strlen(table->csv), error);
}

static bool import_text(Bench *b, Import *how, const char *csv, GError **error)
{
    Table table = { how, csv };
    return store_write(b->store, import, &table, error);
}

static void bench_open(Bench *b)
{
    static const char *const rooms[] = { "db", "identity", NULL };
    g_autoptr(GError) error = NULL;
    b->folder = g_dir_make_tmp("identity-XXXXXX", NULL);
    b->file = g_build_filename(b->folder, "test.db", NULL);
    b->store = store_open(b->file, 2, &error);
    g_assert_no_error(error);
    store_migrate(b->store, rooms, 0, &error);
    g_assert_no_error(error);
    g_autofree char *table = g_strconcat(organ_header, organs, NULL);
    import_text(b, identity_import_divisions, divisions, &error);
    g_assert_no_error(error);
    import_text(b, identity_import_organs, table, &error);
    g_assert_no_error(error);
}

static void bench_close(Bench *b)
{
    store_close(b->store);
    g_autoptr(GDir) dir = g_dir_open(b->folder, 0, NULL);
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(b->folder, name, NULL);
        g_unlink(path);
    }
    g_rmdir(b->folder);
    g_free(b->folder);
    g_free(b->file);
}

static void assert_reason(const GError *error, enum trouble why, const char *reason)
{
    g_assert_error(error, TROUBLE, (int)why);
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
}

/* ---- divisions ---- */

static void a_division_says_where_it_lies(void)
{
    Bench b;
    bench_open(&b);
    Db *db = store_reader(b.store, NULL);
    g_autoptr(json_t) found = identity_division(db, COUNTY, village, NULL);
    g_assert_cmpstr(json_text(found, "code"), ==, "330482103201");
    g_assert_cmpstr(json_text(found, "level"), ==, "village");
    g_assert_cmpstr(json_text(found, "parent"), ==, "330482103000");
    g_assert_cmpstr(json_text(found, "path"), ==, "新仓镇三叉河村");
    g_assert_cmpstr(json_text(found, "path_en"), ==, "Sanchahe Village, Xincang Town");
    g_assert_true(json_is_true(json_object_get(found, "centre")));
    g_autoptr(json_t) above = identity_division(db, COUNTY, town, NULL);
    g_assert_cmpstr(json_text(above, "path"), ==, "新仓镇");
    g_autoptr(json_t) top = identity_division(db, COUNTY, division_county(COUNTY), NULL);
    g_assert_true(json_is_null(json_object_get(top, "parent")));
    g_autoptr(GError) error = NULL;
    g_assert_null(identity_division(db, COUNTY, 330482999000, &error));
    g_assert_error(error, TROUBLE, NOT_FOUND);
    g_clear_error(&error);
    g_assert_null(identity_division(db, 330483, village, &error));
    g_assert_error(error, TROUBLE, NOT_FOUND);
    store_return(b.store, db);
    bench_close(&b);
}

static void places_are_those_with_a_centre(void)
{
    Bench b;
    bench_open(&b);
    Db *db = store_reader(b.store, NULL);
    g_autoptr(json_t) places = identity_places(db, COUNTY, NULL);
    g_assert_cmpuint(json_array_size(places), ==, 3);
    g_assert_cmpstr(json_text(json_array_get(places, 0), "name"), ==, "平湖市");
    g_assert_cmpstr(json_text(json_array_get(places, 2), "path"), ==, "新仓镇三叉河村");
    store_return(b.store, db);
    bench_close(&b);
}

/* ---- organs ---- */

static void assert_acting(Db *db, int64_t organ, const char *day, int64_t expected)
{
    g_autoptr(GError) error = NULL;
    int64_t acting = 0;
    bool found = identity_organ_on(db, COUNTY, organ, day_parse(day), &acting, &error);
    if (expected) {
        g_assert_no_error(error);
        g_assert_true(found);
        g_assert_cmpint(acting, ==, expected);
    } else {
        g_assert_false(found);
        assert_reason(error, NOT_FOUND, "identity.no_organ_on");
    }
}

static void the_successor_acts_from_its_first_day(void)
{
    Bench b;
    bench_open(&b);
    Db *db = store_reader(b.store, NULL);
    assert_acting(db, 1, "2013-12-31", 1);
    assert_acting(db, 1, "2014-01-01", 2);
    assert_acting(db, 1, "2019-01-01", 3);
    assert_acting(db, 3, "2030-01-01", 3);
    assert_acting(db, 1, "2000-12-31", 0);
    assert_acting(db, 2, "2013-12-31", 0);
    assert_acting(db, 4, "2014-06-30", 4);
    assert_acting(db, 4, "2014-07-01", 0);
    assert_acting(db, 5, "2013-01-01", 4);
    assert_acting(db, 5, "2005-01-01", 0);
    g_autoptr(json_t) all = identity_organs(db, COUNTY, NULL);
    g_assert_cmpuint(json_array_size(all), ==, 7);
    g_autoptr(json_t) one = identity_organ(db, COUNTY, 3, NULL);
    g_assert_cmpstr(json_text(one, "telephone"), ==, "12345");
    g_assert_true(json_is_null(json_object_get(one, "valid_to_day")));
    store_return(b.store, db);
    bench_close(&b);
}

/* ---- import ---- */

static void assert_faults(Bench *b, Import *how, const char *csv, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(import_text(b, how, csv, &error));
    assert_reason(error, NOT_FITTING, "identity.import");
    g_autoptr(json_t) details = trouble_details(error);
    g_autoptr(json_t) faults = json_loads(json_text(details, "faults"), 0, NULL);
    GString *seen = g_string_new(NULL);
    size_t i;
    json_t *fault_seen;
    json_array_foreach(faults, i, fault_seen)
        g_string_append_printf(seen, "%d %s %s\n", (int)json_number(fault_seen, "line"),
                               json_text(fault_seen, "column"), json_text(fault_seen, "reason"));
    g_assert_cmpstr(seen->str, ==, expected);
    g_string_free(seen, true);
}

static void wrong_divisions_are_named_and_nothing_is_imported(void)
{
    Bench b;
    bench_open(&b);
    assert_faults(&b, identity_import_divisions,
                  "code,level,kind,name,name_en,parent,centre,origin\n"
                  "330482103203,village,village,新村,,330482103000,1,x\n"
                  "330483103203,village,village,邻村,,330482103000,1,x\n"
                  "330482103204,town,village,新村,,330482103000,1,x\n"
                  "330482103205,hamlet,,,,330482000000,yes,\n"
                  "330482103203,village,village,重村,,330482103000,1,x\n"
                  "330482108000,town,town,镇,,330482103000,1,x\n",
                  "3 code identity.import_code\n3 parent identity.import_parent\n"
                  "4 level identity.import_level\n"
                  "5 level identity.import_choice\n5 kind identity.import_empty\n"
                  "5 name identity.import_empty\n5 parent identity.import_parent\n"
                  "5 centre identity.import_choice\n5 origin identity.import_empty\n"
                  "6 code identity.import_double\n7 parent identity.import_parent\n");
    assert_faults(&b, identity_import_divisions,
                  "code,level,kind,name,name_en,parent,centre,origin\n"
                  "330482103203,village,village,新村,,330482103000,1,x\n"
                  "330482109203,village,village,孤村,,330482109000,1,x\n",
                  "3 parent identity.import_parent\n");
    Db *db = store_reader(b.store, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_null(identity_division(db, COUNTY, 330482103203, &error));
    g_assert_error(error, TROUBLE, NOT_FOUND);
    store_return(b.store, db);
    bench_close(&b);
}

static void assert_organ_faults(Bench *b, const char *rows, const char *expected)
{
    g_autofree char *csv = g_strconcat(organ_header, rows, NULL);
    assert_faults(b, identity_import_organs, csv, expected);
}

static void wrong_organs_are_named_and_nothing_is_imported(void)
{
    Bench b;
    bench_open(&b);
    assert_organ_faults(&b,
                        "0,,局,,局,office,2014-02-30,,,,,,,,x\n"
                        "7,A,局,,局,department,2014-01-01,2013-12-31,,,,,,,x\n"
                        "8,A,局,,局,department,2014-01-01,,3,,,,,,x\n"
                        "8,A,局,,,department,2014-01-01,soon,x,,,,,,x\n",
                        "2 number identity.import_number\n2 code identity.import_empty\n"
                        "2 kind identity.import_choice\n2 valid_from identity.import_day\n"
                        "3 valid_to identity.import_order\n4 successor identity.import_successor\n"
                        "5 number identity.import_double\n5 short_name identity.import_empty\n"
                        "5 valid_to identity.import_day\n5 successor identity.import_number\n");
    assert_organ_faults(
        &b,
        "7,A,局,,局,department,2014-01-01,2014-12-31,8,,,,,,x\n"
        "8,A,局,,局,department,2014-01-01,2014-12-31,7,,,,,,x\n"
        "9,A,局,,局,department,2014-01-01,2014-12-31,77,,,,,,x\n",
        "2 successor identity.import_successor\n3 successor identity.import_successor\n"
        "4 successor identity.import_successor\n");
    Db *db = store_reader(b.store, NULL);
    assert_acting(db, 5, "2013-01-01", 4);
    assert_acting(db, 5, "2005-01-01", 0);
    g_autoptr(json_t) all = identity_organs(db, COUNTY, NULL);
    g_assert_cmpuint(json_array_size(all), ==, 7);
    store_return(b.store, db);
    bench_close(&b);
}

static void a_second_import_renews(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(GError) error = NULL;
    g_assert_true(import_text(&b, identity_import_divisions,
                              "code,level,kind,name,name_en,parent,centre,origin\n"
                              "330482103202,village,community,友联社区,,330482103000,1,x\n",
                              &error));
    Db *db = store_reader(b.store, NULL);
    g_autoptr(json_t) found = identity_division(db, COUNTY, 330482103202, &error);
    g_assert_cmpstr(json_text(found, "path"), ==, "新仓镇友联社区");
    g_autoptr(json_t) places = identity_places(db, COUNTY, NULL);
    g_assert_cmpuint(json_array_size(places), ==, 4);
    store_return(b.store, db);
    bench_close(&b);
}

/* ---- staff ---- */

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
                                .password = "Pinghu-2014",
                                .cheap = true,
                                .posts = posts,
                                .post_count = 2 } };
    g_autoptr(GError) error = NULL;
    g_assert_true(store_write(b.store, add, &zhang, &error));
    g_assert_cmpint(zhang.id, ==, 1);
    Db *db = store_reader(b.store, NULL);
    Actor actor;
    bool found;
    g_assert_true(identity_load_actor(db, COUNTY, STAFF, zhang.id, &actor, &found, &error));
    g_assert_true(found);
    g_assert_cmpstr(actor.name, ==, "张三");
    g_assert_cmpuint(actor.post_count, ==, 2);
    g_assert_true(identity_may(&actor, REVIEWER, 90, town));
    g_assert_false(identity_may(&actor, REVIEWER, 91, village));
    g_assert_true(identity_may(&actor, SUPERVISOR, 2, division_county(COUNTY)));
    identity_clear_actor(&actor);
    g_autofree char *name = identity_staff_name(db, COUNTY, zhang.id, &error);
    g_assert_cmpstr(name, ==, "张三");
    g_autofree char *nobody = identity_staff_name(db, COUNTY, 77, &error);
    g_assert_cmpstr(nobody, ==, "");
    store_return(b.store, db);
    bench_close(&b);
}

static void strangers_and_holders_are_told_apart(void)
{
    Bench b;
    bench_open(&b);
    Db *db = store_reader(b.store, NULL);
    Actor actor;
    bool found;
    g_assert_true(identity_load_actor(db, COUNTY, STAFF, 7, &actor, &found, NULL));
    g_assert_false(found);
    g_assert_cmpint(actor.kind, ==, VISITOR);
    g_assert_true(identity_load_actor(db, COUNTY, HOLDER, 7, &actor, &found, NULL));
    g_assert_true(found);
    g_assert_cmpint(actor.id, ==, 7);
    g_assert_false(identity_has_role(&actor, ANY_ROLE));
    identity_clear_actor(&actor);
    g_assert_true(identity_load_actor(db, COUNTY, SYSTEM, 0, &actor, &found, NULL));
    g_assert_false(found);
    store_return(b.store, db);
    bench_close(&b);
}

static void wrong_staff_is_refused(void)
{
    static const Post clerk = { 90, 330482103000, CLERK }, nowhere = { 90, 330482999000, CLERK },
                      no_organ = { 77, 330482103000, CLERK }, idle = { 90, 330482103000, 0 },
                      beyond = { 90, 330482103000, ANY_ROLE + 1 };
    static const Post both[] = { { 2, 330482000000, AUDITOR | CLERK },
                                 { 3, 330482000000, SYSTEM_ADMINISTRATOR } };
    static const struct {
        StaffEntry entry;
        enum trouble why;
        const char *reason;
    } wrong[] = {
        { { .account = "W", .name = "王" }, NOT_FITTING, "identity.account_form" },
        { { .account = "w g", .name = "王" }, NOT_FITTING, "identity.account_form" },
        { { .account = ".wang", .name = "王" }, NOT_FITTING, "identity.account_form" },
        { { .account = "wang", .name = "" }, NOT_FITTING, "identity.name_missing" },
        { { .account = "wang", .name = "王", .password = "abc" },
          NOT_FITTING,
          "identity.password_short" },
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
    Bench b;
    bench_open(&b);
    Adding li = { .entry = { .account = "li", .name = "李", .posts = &clerk, .post_count = 1 } };
    g_assert_true(store_write(b.store, add, &li, NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        Adding adding = { .entry = wrong[i].entry };
        g_assert_false(store_write(b.store, add, &adding, &error));
        assert_reason(error, wrong[i].why, wrong[i].reason);
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
    const Party later = { PERSON, "张三", "330499198001010013", "0573-85012345", "", 0 };
    const Party other = { ENTERPRISE, "某厂", "330499198001010013", "13812341234", "", 0 };
    const Party shop = { ENTERPRISE,    "张三面馆", "92330482MAXXXX090B",
                         "13812341234", "张小三",   village };
    Bench b;
    bench_open(&b);
    g_assert_cmpint(party_id(&b, &first), ==, 1);
    g_assert_cmpint(party_id(&b, &shop), ==, 2);
    g_assert_cmpint(party_id(&b, &again), ==, 1);
    g_assert_cmpint(party_id(&b, &later), ==, 1);
    g_assert_cmpint(party_id(&b, &other), ==, 3);
    Db *db = store_reader(b.store, NULL);
    g_autoptr(json_t) person = identity_party_json(db, COUNTY, 1, false, NULL);
    g_autofree char *clear = json_canonical(person);
    g_assert_cmpstr(
        clear, ==,
        "{\"contact\":\"李四\",\"division\":330482103201,\"id\":1,"
        "\"id_number\":\"330499198001010013\",\"name\":\"张三\",\"party_kind\":\"person\","
        "\"telephone\":\"0573-85012345\"}");
    g_autoptr(json_t) masked = identity_party_json(db, COUNTY, 2, true, NULL);
    g_autofree char *hidden = json_canonical(masked);
    g_assert_cmpstr(hidden, ==,
                    "{\"contact\":\"张*三\",\"division\":330482103000,\"id\":2,"
                    "\"id_number\":\"92330482MAXXXX090B\",\"name\":\"张三面馆\","
                    "\"party_kind\":\"enterprise\",\"telephone\":\"138****1234\"}");
    g_autoptr(json_t) person_hidden = identity_party_json(db, COUNTY, 1, true, NULL);
    g_assert_cmpstr(json_text(person_hidden, "id_number"), ==, "330499********0013");
    g_assert_cmpstr(json_text(person_hidden, "name"), ==, "张*");
    store_return(b.store, db);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/identity/a division says where it lies", a_division_says_where_it_lies);
    g_test_add_func("/identity/places are those with a centre", places_are_those_with_a_centre);
    g_test_add_func("/identity/the successor acts from its first day",
                    the_successor_acts_from_its_first_day);
    g_test_add_func("/identity/wrong divisions are named and nothing is imported",
                    wrong_divisions_are_named_and_nothing_is_imported);
    g_test_add_func("/identity/wrong organs are named and nothing is imported",
                    wrong_organs_are_named_and_nothing_is_imported);
    g_test_add_func("/identity/a second import renews", a_second_import_renews);
    g_test_add_func("/identity/a new member acts by his posts", a_new_member_acts_by_his_posts);
    g_test_add_func("/identity/strangers and holders are told apart",
                    strangers_and_holders_are_told_apart);
    g_test_add_func("/identity/wrong staff is refused", wrong_staff_is_refused);
    g_test_add_func("/identity/one applicant has one row", one_applicant_has_one_row);
    return g_test_run();
}
