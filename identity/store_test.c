// SPDX-License-Identifier: Apache-2.0
/* Divisions and organs, and their import through the writer. */
#include "identity/test_bench.h"

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

static void organs_are_read_with_what_they_have(void)
{
    Bench b;
    bench_open(&b);
    Db *db = store_reader(b.store, NULL);
    g_autoptr(json_t) all = identity_organs(db, COUNTY, NULL);
    g_assert_cmpuint(json_array_size(all), ==, 7);
    g_autoptr(json_t) one = identity_organ(db, COUNTY, 3, NULL);
    g_assert_cmpstr(json_text(one, "telephone"), ==, "12345");
    g_assert_true(json_is_null(json_object_get(one, "valid_to_day")));
    store_return(b.store, db);
    bench_close(&b);
}

/* Papers say them in full; where a table says nothing, county and names make what is usual. */
static void organs_have_full_names_and_marks(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(GError) error = NULL;
    g_assert_true(import_text(&b, identity_import_organs,
                              "number,code,name,name_en,short_name,kind,valid_from,valid_to,successor,address,address_en,telephone,hours,hours_en,"
                              "full_name,full_name_en,mark,nature,superior,superior_en,court,is_demo\n"
                              "50,-,税务分局,Tax,税务,department,2014-01-01,,,,,,,,浙江省平湖市税务分局,,平税分,vertical,嘉兴市税务局,,某某法院,1\n", &error));
    g_assert_no_error(error);
    Db *db = store_reader(b.store, NULL);
    g_autoptr(json_t) usual = identity_organ(db, COUNTY, 4, NULL), said = identity_organ(db, COUNTY, 50, NULL);
    g_assert_cmpstr(json_text(usual, "full_name"), ==, "平湖市粮食局");
    g_assert_cmpstr(json_text(usual, "full_name_en"), ==, "Grain of Pinghu");
    g_assert_cmpstr(json_text(usual, "mark"), ==, "平粮食局");
    g_assert_cmpint(json_number(usual, "is_demo"), ==, 0);
    static const char *const members[][2] = { { "full_name", "浙江省平湖市税务分局" }, { "mark", "平税分" }, { "nature", "vertical" },
                                              { "superior", "嘉兴市税务局" }, { "court", "某某法院" }, { "full_name_en", "Tax of Pinghu" } };
    for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
        g_assert_cmpstr(json_text(said, members[i][0]), ==, members[i][1]);
    g_assert_cmpint(json_number(said, "is_demo"), ==, 1);
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
                  "5 centre identity.import_choice\n"
                  "6 code identity.import_double\n7 parent identity.import_parent\n");
    assert_faults(&b, identity_import_divisions,
                  "code,level,kind,name,name_en,parent,centre,origin\n"
                  "330482103203,village,village,新村,,330482103000,1,x\n"
                  "330482109203,village,village,孤村,,330482109000,1,x\n",
                  "3 parent identity.import_parent\n");
    g_autofree char *long_name = g_strnfill(301, 'x');
    g_autofree char *unfit = g_strconcat("code,level,kind,name,name_en,parent,centre,origin\n330482103203,village,village,新\u202e村,", long_name,
                                         ",330482103000,1,x\n", NULL);
    assert_faults(&b, identity_import_divisions, unfit, "2 name base.hidden_character\n2 name_en identity.import_long\n");
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
    assert_faults(&b, identity_import_organs,
                  "number,code,name,name_en,short_name,kind,valid_from,valid_to,successor,address,address_en,telephone,hours,hours_en,nature,is_demo\n"
                  "7,A,局,,局,department,2014-01-01,,,,,,,,odd,yes\n",
                  "2 nature identity.import_choice\n2 is_demo identity.import_choice\n");
    assert_organ_faults(
        &b,
        "7,A,局,,局,department,2014-01-01,2014-12-31,8,,,,,,x\n"
        "8,A,局,,局,department,2014-01-01,2014-12-31,7,,,,,,x\n"
        "9,A,局,,局,department,2014-01-01,2014-12-31,77,,,,,,x\n",
        "2 successor identity.import_successor\n3 successor identity.import_successor\n"
        "4 successor identity.import_successor\n");
    Db *db = store_reader(b.store, NULL);
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

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/identity/a division says where it lies", a_division_says_where_it_lies);
    g_test_add_func("/identity/places are those with a centre", places_are_those_with_a_centre);
    g_test_add_func("/identity/organs are read with what they have",
                    organs_are_read_with_what_they_have);
    g_test_add_func("/identity/organs have full names and marks", organs_have_full_names_and_marks);
    g_test_add_func("/identity/wrong divisions are named and nothing is imported",
                    wrong_divisions_are_named_and_nothing_is_imported);
    g_test_add_func("/identity/wrong organs are named and nothing is imported",
                    wrong_organs_are_named_and_nothing_is_imported);
    g_test_add_func("/identity/a second import renews", a_second_import_renews);
    return g_test_run();
}
