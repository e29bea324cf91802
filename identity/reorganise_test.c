// SPDX-License-Identifier: Apache-2.0
/* Reforms: what may be planned, and what its day makes of organs, divisions and posts. */
#include "fixture_test.h"
#include "identity/identity.h"
#include "ledger/ledger.h"
#include "timers/timers.h"

enum { COUNTY = 330482, OLD = 11, NEW = 12, THIRD = 13 };
static const int64_t village = 330482103201, other_village = 330482103202, county_whole = 330482000000;
static const Actor administrator = { .kind = STAFF, .id = 1, .name = "" };

static const char divisions[] =
    "code,level,kind,name,name_en,parent,centre,origin\n330482000000,county,city,平湖市,Pinghu,,1,-\n330482103000,town,town,新仓镇,Xincang Town,330482000000,1,-\n"
    "330482103201,village,village,三叉河村,Sanchahe Village,330482103000,1,-\n330482103202,village,village,友联村,Youlian Village,330482103000,1,-\n";
static const char organs[] =
    "number,code,name,name_en,short_name,kind,valid_from,valid_to,successor,address,address_en,telephone,hours,hours_en,origin\n"
    "11,A,国土资源局,Land,国土局,department,2001-01-01,,,路 1 号,,12345,,,-\n12,B,自然资源局,Nature,资源局,department,2001-01-01,,,,,,,,-\n"
    "13,C,水利局,Water,水利局,department,2001-01-01,,,,,,,,-\n14,D,粮食局,Grain,粮食局,department,2001-01-01,2014-09-10,13,,,,,,-\n"
    "91,V,便民服务点,Village point,服务点,village_point,2001-01-01,,,,,,,,-\n";

/* ---- the bench ---- */

typedef bool Work(const Context *context, void *data, GError **error);
typedef struct Job {
    Work *work;
    void *data;
    Instant now;
} Job;

static bool work(Db *db, void *data, GError **error)
{
    const Job *job = data;
    const Context context = { .db = db, .county = COUNTY, .now = job->now, .actor = &administrator, .rooms = rooms, .random = random_secure };
    return job->work(&context, job->data, error);
}

static bool wrote(const Fixture *f, const char *day, Work *what, void *data, GError **error)
{
    Job job = { what, data, instant_at(day_parse(day), 0) };
    return store_write(f->store, work, &job, error);
}

static void done(const Fixture *f, const char *day, Work *what, void *data)
{
    g_autoptr(GError) error = NULL;
    wrote(f, day, what, data, &error);
    g_assert_no_error(error);
}

static bool enter(const Context *context, void *data, GError **error)
{
    int64_t id;
    (void)data;
    const Post land = { NEW, county_whole, CLERK }, point = { 91, other_village, CLERK };
    const Post both[] = { land, point };
    return identity_import_divisions(context, divisions, sizeof divisions - 1, error) && identity_import_organs(context, organs, sizeof organs - 1, error) &&
           identity_add_staff(context, &(StaffEntry){ .account = "zhang", .name = "张三", .posts = both, .post_count = 2 }, &id, error);
}

static bool plan(const Context *context, void *data, GError **error)
{
    return identity_reform_plan(context, data, error);
}

static bool withdraw(const Context *context, void *data, GError **error)
{
    return identity_withdraw_reform(context, *(int64_t *)data, error);
}

static bool ring(const Context *context, void *data, GError **error)
{
    return timers_take(context, 100, data, error);
}

static PlannedReform reform(enum reform_act act, enum reform_about about, int64_t target, int64_t other, const char *day)
{
    bool names = act >= REFORM_RENAME;
    return (PlannedReform){ .act = act, .about = about, .target = target, .other = other, .day = day_parse(day), .name = names ? "自然资源和规划局" : "",
                            .name_en = names ? "Natural Resources" : "", .short_name = act == REFORM_FOUND && about == ABOUT_ORGAN ? "资规局" : "",
                            .code = act == REFORM_FOUND ? "N" : "", .document = "平委发〔2014〕12号" };
}

static void planned(const Fixture *f, const char *today, PlannedReform what)
{
    done(f, today, plan, &what);
}

static int64_t rung(const Fixture *f, const char *day)
{
    int64_t count = 0;
    done(f, day, ring, &count);
    return count;
}

static void assert_refused(const Fixture *f, PlannedReform what, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(wrote(f, "2014-09-03", plan, &what, &error));
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
}

static int64_t acting(const Fixture *f, enum reform_about about, int64_t of)
{
    int64_t found = 0;
    Db *db = store_reader(f->store, NULL);
    g_assert_true(identity_acting(db, COUNTY, about, of, &found, NULL));
    store_return(f->store, db);
    return found;
}

static bool may(const Fixture *f, const char *day, int64_t organ, int64_t division)
{
    Actor actor;
    bool found;
    Db *db = store_reader(f->store, NULL);
    g_assert_true(identity_load_actor(db, COUNTY, STAFF, 1, day_parse(day), &actor, &found, NULL) && found);
    bool lets = identity_may(&actor, CLERK, organ, division);
    g_assert_cmpint(actor.posts[0].organ, ==, NEW); /* what is his own comes first */
    identity_clear_actor(&actor);
    store_return(f->store, db);
    return lets;
}

/* ---- what the day does ---- */

static void an_organ_goes_into_another_on_its_day(Fixture *f, const void *data)
{
    (void)data;
    done(f, "2014-09-03", enter, NULL);
    planned(f, "2014-09-03", reform(REFORM_MERGE, ABOUT_ORGAN, OLD, NEW, "2014-09-08"));
    g_assert_cmpint(rung(f, "2014-09-07"), ==, 0);
    g_assert_cmpint(acting(f, ABOUT_ORGAN, OLD), ==, OLD);
    g_assert_false(may(f, "2014-09-07", OLD, county_whole));
    g_assert_cmpint(rung(f, "2014-09-08"), ==, 1);
    g_assert_cmpint(rung(f, "2014-09-08"), ==, 1); /* the walk through its cases */
    g_assert_cmpint(rung(f, "2014-09-08"), ==, 0);
    g_assert_cmpint(acting(f, ABOUT_ORGAN, OLD), ==, NEW);
    g_assert_true(may(f, "2014-09-08", OLD, county_whole));
    g_assert_false(may(f, "2014-09-08", THIRD, county_whole));
    Db *db = store_reader(f->store, NULL);
    g_autoptr(json_t) events = ledger_events(db, COUNTY, "organ/11", 0, NULL);
    g_assert_cmpuint(json_array_size(events), ==, 2);
    g_assert_cmpstr(json_text(json_array_get(events, 1), "kind"), ==, "organ.ended");
    const json_t *facts = json_object_get(json_array_get(events, 1), "payload");
    g_assert_cmpstr(json_text(facts, "was"), ==, "国土资源局");
    g_assert_cmpint(json_number(facts, "successor"), ==, NEW);
    g_autoptr(json_t) organ = identity_organ(db, COUNTY, OLD, NULL);
    g_assert_cmpstr(json_text(organ, "valid_to_day"), ==, "2014-09-07");
    store_return(f->store, db);
}

static void successors_of_successors_go_on(Fixture *f, const void *data)
{
    (void)data;
    done(f, "2014-09-03", enter, NULL);
    planned(f, "2014-09-03", reform(REFORM_MERGE, ABOUT_ORGAN, OLD, THIRD, "2014-09-08"));
    planned(f, "2014-09-03", reform(REFORM_MERGE, ABOUT_ORGAN, THIRD, NEW, "2014-09-09"));
    g_assert_cmpint(rung(f, "2014-09-12"), ==, 3);
    g_assert_cmpint(acting(f, ABOUT_ORGAN, OLD), ==, NEW);
    g_assert_cmpint(acting(f, ABOUT_ORGAN, 14), ==, NEW); /* whose last day the table of organs said */
    g_assert_true(may(f, "2014-09-12", OLD, county_whole) && may(f, "2014-09-12", THIRD, county_whole) && may(f, "2014-09-12", 14, county_whole));
}

static guint followed(const Fixture *f, enum reform_about about, int64_t first, int64_t last)
{
    Db *db = store_reader(f->store, NULL);
    g_autoptr(GArray) numbers = g_array_new(false, false, sizeof(int64_t));
    g_assert_true(identity_followed(db, COUNTY, about, first, last, numbers, NULL));
    store_return(f->store, db);
    return numbers->len;
}

static void what_went_into_one_is_meant_with_it(Fixture *f, const void *data)
{
    (void)data;
    done(f, "2014-09-03", enter, NULL);
    planned(f, "2014-09-03", reform(REFORM_MERGE, ABOUT_ORGAN, OLD, THIRD, "2014-09-08"));
    planned(f, "2014-09-03", reform(REFORM_MERGE, ABOUT_ORGAN, THIRD, NEW, "2014-09-09"));
    planned(f, "2014-09-03", reform(REFORM_MERGE, ABOUT_DIVISION, village, other_village, "2014-09-08"));
    g_assert_cmpuint(followed(f, ABOUT_ORGAN, NEW, NEW), ==, 0);
    rung(f, "2014-09-12");
    g_assert_cmpuint(followed(f, ABOUT_ORGAN, NEW, NEW), ==, 3);
    g_assert_cmpuint(followed(f, ABOUT_ORGAN, THIRD, THIRD), ==, 0); /* its own work has gone on too */
    g_assert_cmpuint(followed(f, ABOUT_DIVISION, other_village, other_village), ==, 1);
    g_assert_cmpuint(followed(f, ABOUT_DIVISION, village, other_village), ==, 0); /* both lie within what is asked for */
}

/* A table of organs in which the row of the first one has this end. */
static bool retable(const Context *context, void *end, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(organs, "department,2001-01-01,,,路", 2);
    g_autofree char *table = g_strjoin("", parts[0], "department,2001-01-01,", end, ",路", parts[1], NULL);
    return identity_import_organs(context, table, strlen(table), error);
}

static void assert_table_refused(const Fixture *f, const char *today, const char *end, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(wrote(f, today, retable, (char *)(uintptr_t)end, &error));
    g_autoptr(json_t) details = trouble_details(error);
    g_autofree char *text = json_dumps(details, 0);
    g_assert_nonnull(strstr(text, reason));
}

static void a_table_ends_no_organ_that_is_at_work(Fixture *f, const void *data)
{
    (void)data;
    done(f, "2014-09-03", enter, NULL);
    assert_table_refused(f, "2014-09-03", "2014-09-02,", "identity.import_past");
    assert_table_refused(f, "2014-09-03", "2999-12-31,", "identity.import_day"); /* as other systems write that there is none */
    assert_table_refused(f, "2014-09-03", "2199-12-31,", "identity.import_far");
    done(f, "2014-09-03", retable, (char *)(uintptr_t)"2014-09-07,12");
    done(f, "2014-09-04", retable, (char *)(uintptr_t)"2014-09-07,12");
    assert_table_refused(f, "2014-09-04", ",", "identity.import_planned");
    assert_table_refused(f, "2014-09-04", "2014-09-07,13", "identity.import_planned");
    rung(f, "2014-09-08");
    g_assert_cmpint(acting(f, ABOUT_ORGAN, OLD), ==, NEW);
    assert_table_refused(f, "2014-09-08", ",", "identity.import_ended");
    assert_table_refused(f, "2014-09-08", "2014-09-07,13", "identity.import_ended");
    done(f, "2014-09-08", retable, (char *)(uintptr_t)"2014-09-07,12");
}

static void a_village_goes_into_another_with_its_counter(Fixture *f, const void *data)
{
    (void)data;
    done(f, "2014-09-03", enter, NULL);
    planned(f, "2014-09-03", reform(REFORM_MERGE, ABOUT_DIVISION, village, other_village, "2014-09-08"));
    g_assert_false(may(f, "2014-09-08", 91, village));
    g_assert_cmpint(rung(f, "2014-09-08"), ==, 1);
    g_assert_cmpint(acting(f, ABOUT_DIVISION, village), ==, other_village);
    g_assert_true(may(f, "2014-09-08", 91, village) && may(f, "2014-09-08", 91, other_village));
    Db *db = store_reader(f->store, NULL);
    g_autoptr(json_t) places = identity_places(db, COUNTY, NULL);
    g_assert_cmpuint(json_array_size(places), ==, 3);
    store_return(f->store, db);
}

static void a_new_name_holds_from_its_day_on(Fixture *f, const void *data)
{
    (void)data;
    done(f, "2014-09-03", enter, NULL);
    planned(f, "2014-09-03", reform(REFORM_RENAME, ABOUT_ORGAN, OLD, 0, "2014-09-08"));
    planned(f, "2014-09-03", reform(REFORM_RENAME, ABOUT_DIVISION, 330482103000, 0, "2014-09-08"));
    planned(f, "2014-09-03", reform(REFORM_FOUND, ABOUT_ORGAN, 15, OLD, "2014-09-08"));
    g_assert_cmpint(rung(f, "2014-09-08"), ==, 3);
    Db *db = store_reader(f->store, NULL);
    g_autoptr(json_t) organ = identity_organ(db, COUNTY, OLD, NULL), place = identity_division(db, COUNTY, village, NULL), founded = identity_organ(db, COUNTY, 15, NULL);
    g_assert_cmpstr(json_text(organ, "full_name"), ==, "平湖市自然资源和规划局");
    g_assert_cmpstr(json_text(organ, "short_name"), ==, "国土局");
    g_assert_cmpstr(json_text(place, "path"), ==, "自然资源和规划局三叉河村");
    g_assert_cmpstr(json_text(founded, "valid_from_day"), ==, "2014-09-08");
    g_assert_cmpstr(json_text(founded, "telephone"), ==, "12345");
    g_autoptr(json_t) list = identity_reforms(db, COUNTY, NULL);
    g_assert_cmpstr(json_text(json_array_get(list, json_array_size(list) - 1), "reform_state"), ==, "done");
    store_return(f->store, db);
}

static void a_plan_that_is_withdrawn_does_nothing(Fixture *f, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    done(f, "2014-09-03", enter, NULL);
    PlannedReform what = reform(REFORM_MERGE, ABOUT_ORGAN, OLD, NEW, "2014-09-08");
    done(f, "2014-09-03", plan, &what);
    done(f, "2014-09-04", withdraw, &what.number);
    g_assert_false(wrote(f, "2014-09-04", withdraw, &what.number, &error));
    g_assert_error(error, TROUBLE, CONFLICT);
    g_assert_cmpint(rung(f, "2014-09-08"), ==, 0);
    g_assert_cmpint(acting(f, ABOUT_ORGAN, OLD), ==, OLD);
    planned(f, "2014-09-08", reform(REFORM_MERGE, ABOUT_ORGAN, OLD, NEW, "2014-09-18"));
}

/* ---- what may not be planned ---- */

static void what_does_not_fit_is_refused(Fixture *f, const void *data)
{
    (void)data;
    done(f, "2014-09-03", enter, NULL);
    planned(f, "2014-09-03", reform(REFORM_MERGE, ABOUT_ORGAN, THIRD, OLD, "2014-09-20"));
    static const struct { enum reform_act act; enum reform_about about; int64_t target, other; const char *day, *reason; } wrong[] = {
        { REFORM_MERGE, ABOUT_ORGAN, OLD, NEW, "2014-09-03", "identity.reform_day" },
        { REFORM_MERGE, ABOUT_ORGAN, 77, NEW, "2014-09-08", "identity.reform_no_target" },
        { REFORM_MERGE, ABOUT_ORGAN, OLD, NEW, "2199-12-31", "identity.reform_far" },
        { REFORM_MERGE, ABOUT_ORGAN, OLD, OLD, "2014-09-08", "identity.reform_no_successor" },
        { REFORM_MERGE, ABOUT_ORGAN, OLD, THIRD, "2014-09-08", "identity.reform_circle" },
        { REFORM_MERGE, ABOUT_ORGAN, NEW, THIRD, "2014-09-20", "identity.reform_successor_ends" },
        { REFORM_MERGE, ABOUT_ORGAN, OLD, 91, "2014-09-08", "identity.reform_no_successor" },
        { REFORM_MERGE, ABOUT_ORGAN, OLD, 0, "2014-09-08", "identity.reform_no_successor" },
        { REFORM_MERGE, ABOUT_ORGAN, THIRD, NEW, "2014-09-08", "identity.reform_twice" },
        { REFORM_RENAME, ABOUT_ORGAN, THIRD, 0, "2014-09-20", "identity.reform_twice" },
        { REFORM_MERGE, ABOUT_ORGAN, 91, NEW, "2014-09-08", "identity.reform_fixed" },
        { REFORM_END, ABOUT_ORGAN, OLD, 0, "2014-09-08", "identity.reform_named" },
        { REFORM_END, ABOUT_DIVISION, village, 0, "2014-09-08", "identity.reform_division_end" },
        { REFORM_MERGE, ABOUT_DIVISION, village, 330482103000, "2014-09-08", "identity.reform_no_successor" },
        { REFORM_FOUND, ABOUT_ORGAN, OLD, NEW, "2014-09-08", "identity.reform_there" },
        { REFORM_FOUND, ABOUT_ORGAN, 1000000, NEW, "2014-09-08", "identity.reform_number" },
        { REFORM_FOUND, ABOUT_ORGAN, 15, 77, "2014-09-08", "identity.reform_like" },
        { REFORM_FOUND, ABOUT_DIVISION, 330483103203, village, "2014-09-08", "identity.reform_number" },
        { REFORM_FOUND, ABOUT_DIVISION, 330482199203, village, "2014-09-08", "identity.reform_no_town" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_refused(f, reform(wrong[i].act, wrong[i].about, wrong[i].target, wrong[i].other, wrong[i].day), wrong[i].reason);
    PlannedReform unseen = reform(REFORM_RENAME, ABOUT_ORGAN, OLD, 0, "2014-09-08"), unordered = reform(REFORM_MERGE, ABOUT_ORGAN, OLD, NEW, "2014-09-08");
    unseen.name = "国土\u202e局";
    assert_refused(f, unseen, "identity.reform_name");
    unordered.document = "";
    assert_refused(f, unordered, "identity.reform_document");
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    fixture_add("reorganise", "an organ goes into another on its day", an_organ_goes_into_another_on_its_day);
    fixture_add("reorganise", "successors of successors go on", successors_of_successors_go_on);
    fixture_add("reorganise", "what went into one is meant with it", what_went_into_one_is_meant_with_it);
    fixture_add("reorganise", "a table ends no organ that is at work", a_table_ends_no_organ_that_is_at_work);
    fixture_add("reorganise", "a village goes into another with its counter", a_village_goes_into_another_with_its_counter);
    fixture_add("reorganise", "a new name holds from its day on", a_new_name_holds_from_its_day_on);
    fixture_add("reorganise", "a plan that is withdrawn does nothing", a_plan_that_is_withdrawn_does_nothing);
    fixture_add("reorganise", "what does not fit is refused", what_does_not_fit_is_refused);
    return g_test_run();
}
