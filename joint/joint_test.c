// SPDX-License-Identifier: Apache-2.0
/* Joint handling: one desk and one acceptance for all, one limit for the whole, and what becomes of it when a part ends. */
#include "joint/life.h"
#include "licences/bench_test.h"

enum { FIRE = 6 };

static const Post joint_posts[] = {
    { ORGAN, 330482000000, CLERK }, { ORGAN, 330482000000, REVIEWER }, { FIRE, 330482000000, REVIEWER }, { FIRE, 330482000000, CLERK },
    { CENTRE_ORGAN, 330482000000, HEAD | SUPERVISOR },
};
#define HELD(which) { STAFF, 50 + (which), "工作人员", &joint_posts[which], 1, NULL }
static const Actor lead_clerk = HELD(0), lead_reviewer = HELD(1), fire_reviewer = HELD(2), fire_clerk = HELD(3), government = HELD(4);

/* ---- the bench ---- */

static bool import_items(const Context *context, void *data, GError **error)
{
    int64_t changed;
    const Embedded *table = embedded_find("data/items.csv");
    (void)data;
    return catalogue_import(context, table->bytes, table->size, day_of(context->now), &changed, error);
}

static void open_with_items(Bench *b)
{
    g_autoptr(GError) error = NULL;
    open_bench(b);
    write_as(b, &the_system, at("2014-01-03", 9), import_items, NULL, &error);
    g_assert_no_error(error);
}

static void close_sound(Bench *b)
{
    int64_t count;
    const SubjectKind *const kinds[] = { &joint_kind, &part_kind };
    Context context = b->context;
    context.db = store_reader(b->store, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(GError) error = NULL;
        subject_verify(&context, kinds[i], NULL, NULL, &count, &error);
        g_assert_no_error(error);
    }
    store_return(b->store, context.db);
    close_bench(b);
}

static void append_papers(Db *db, const char *code, json_t *names)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Item) item = catalogue_item_on(db, COUNTY, code, day_parse("2014-09-15"), &error);
    g_assert_no_error(error);
    for (size_t i = 0; i < item->material_count; i++)
        json_array_append_new(names, json_string(item->materials[i].name));
}

/* All papers of the service's items. Owned by the caller. */
static json_t *papers_of(Bench *b)
{
    static const char *const codes[] = { "SJJ-03", "XFDD-03", "SJJ-02" };
    json_t *names = json_array();
    Db *db = store_reader(b->store, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
        append_papers(db, codes[i], names);
    store_return(b->store, db);
    return names;
}

static bool apply_work(const Context *context, void *data, GError **error)
{
    Case *out = data;
    const CaseDraft draft = { "SJJ-03", 330482000000, AT_COUNTY, villager(), NULL };
    return case_draft(context, &draft, out, error);
}

static int64_t handed_in(Bench *b)
{
    g_auto(Case) made = { 0 };
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) own = json_array();
    Db *db = store_reader(b->store, NULL);
    append_papers(db, "SJJ-03", own);
    store_return(b->store, db);
    write_as(b, &lead_clerk, at("2014-09-15", 9), apply_work, &made, &error);
    g_assert_no_error(error);
    done(b, &lead_clerk, made.number, "2014-09-15", SUBMIT, (SubjectInput){ .materials = own }, RECEIVED);
    return made.number;
}

typedef struct Joining {
    int64_t of, number;
    const char *service;
    const json_t *papers;
} Joining;

static bool join_work(const Context *context, void *data, GError **error)
{
    Joining *self = data;
    g_auto(Case) of = { 0 };
    g_auto(Joint) made = { 0 };
    bool begun = subject_load(context->db, context->county, &case_kind, self->of, &of, error) &&
                 joint_begin(context, &of, self->service, self->papers, NULL, &made, error);
    self->number = made.number;
    return begun;
}

static void joins(Bench *b, Joining *joining, const char *reason)
{
    g_autoptr(GError) error = NULL;
    if (write_as(b, &lead_clerk, at("2014-09-15", 10), join_work, joining, &error)) {
        g_assert_null(reason);
        return;
    }
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
}

static Joint now(Bench *b, int64_t number)
{
    Joint found;
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(b->store, NULL);
    subject_load(db, COUNTY, &joint_kind, number, &found, &error);
    g_assert_no_error(error);
    store_return(b->store, db);
    return found;
}

static GArray *parts_now(Bench *b, int64_t number)
{
    Db *db = store_reader(b->store, NULL);
    GArray *parts = joint_parts(db, COUNTY, number, NULL);
    store_return(b->store, db);
    return parts;
}

typedef struct Doing {
    int64_t number;
    enum joint_action action;
} Doing;

static bool do_work(const Context *context, void *data, GError **error)
{
    const Doing *d = data;
    g_auto(Joint) out = { 0 };
    const SubjectInput input = { .seen = -1, .opinion = "材料齐全", .reason = "事项复杂" };
    return subject_act(context, &joint_kind, d->number, &joint_rules[d->action], &input, &out, error);
}

static void acts(Bench *b, const Actor *actor, int64_t number, const char *day, enum joint_action action, const char *outcome)
{
    Doing d = { number, action };
    g_autoptr(GError) error = NULL;
    if (write_as(b, actor, at(day, 11), do_work, &d, &error)) {
        g_auto(Joint) found = now(b, number);
        g_assert_cmpstr(joint_state_names[found.state], ==, outcome);
        return;
    }
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, outcome);
}

static int64_t begun(Bench *b)
{
    g_autoptr(json_t) papers = papers_of(b);
    Joining joining = { .of = handed_in(b), .service = "LB-01", .papers = papers };
    joins(b, &joining, NULL);
    return joining.number;
}

/* ---- tests ---- */

static void one_acceptance_counts_for_all(void)
{
    Bench b;
    open_with_items(&b);
    g_autoptr(json_t) papers = papers_of(&b);
    Joining joining = { .of = handed_in(&b), .service = "LB-03", .papers = papers };
    joins(&b, &joining, "joint.which_service");
    joining.service = "LB-01";
    joins(&b, &joining, NULL);
    joins(&b, &(Joining){ .of = joining.of, .service = "LB-01", .papers = papers }, "joint.begun_already");
    acts(&b, &fire_reviewer, joining.number, "2014-09-16", JOINT_ACCEPT, "joint.not_yours");
    acts(&b, &lead_reviewer, joining.number, "2014-09-16", JOINT_ACCEPT, "joint_running");
    g_auto(Joint) accepted = now(&b, joining.number);
    assert_day(accepted.due_day, "2014-11-21"); /* forty-five working days, past the National Day */
    g_autoptr(GArray) parts = parts_now(&b, joining.number);
    g_assert_cmpuint(parts->len, ==, 2); /* what follows in sequence is not begun */
    for (guint i = 0; i < parts->len; i++) {
        g_auto(Case) part = present(&b, g_array_index(parts, PartRow, i).case_number);
        g_assert_cmpstr(case_state_names[part.state], ==, "review");
        assert_day(part.accepted_on, "2014-09-16");
        g_assert_cmpstr(part.applicant, ==, "张示例");
        g_assert_true(part.joint);
    }
    g_autoptr(json_t) documents = documents_of(&b, "joint", joining.number);
    g_assert_cmpstr(json_text(json_array_get(documents, 0), "document_kind"), ==, "joint_acceptance");
    close_sound(&b);
}

static void what_lacks_a_paper_is_not_accepted_with_the_others(void)
{
    Bench b;
    open_with_items(&b);
    g_autoptr(json_t) none = json_array();
    Joining joining = { .of = handed_in(&b), .service = "LB-01", .papers = none };
    joins(&b, &joining, NULL);
    acts(&b, &lead_reviewer, joining.number, "2014-09-16", JOINT_ACCEPT, "cases.incomplete");
    g_auto(Case) first = present(&b, joining.of);
    g_assert_cmpstr(case_state_names[first.state], ==, "received"); /* a refusal changes nothing */
    close_sound(&b);
}

static void the_head_of_the_centre_extends_once(void)
{
    Bench b;
    open_with_items(&b);
    int64_t number = begun(&b);
    acts(&b, &government, number, "2014-09-16", JOINT_EXTEND, "joint.not_now");
    acts(&b, &lead_reviewer, number, "2014-09-16", JOINT_ACCEPT, "joint_running");
    acts(&b, &lead_reviewer, number, "2014-09-17", JOINT_EXTEND, "joint.not_yours");
    acts(&b, &government, number, "2014-09-17", JOINT_EXTEND, "joint_running");
    g_auto(Joint) extended = now(&b, number);
    assert_day(extended.due_day, "2014-12-12");
    acts(&b, &government, number, "2014-09-18", JOINT_EXTEND, "joint.extended_already");
    ring_until(&b, "2014-12-12", 23);
    g_auto(Joint) last = now(&b, number);
    g_assert_cmpint(last.late, ==, 0);
    ring_until(&b, "2014-12-13", 1);
    g_auto(Joint) late = now(&b, number);
    g_assert_cmpint(late.late, ==, 1);
    close_sound(&b);
}

static void it_is_broken_off_when_nothing_is_under_way_and_not_all_granted(void)
{
    Bench b;
    open_with_items(&b);
    int64_t number = begun(&b);
    acts(&b, &lead_reviewer, number, "2014-09-16", JOINT_ACCEPT, "joint_running");
    g_autoptr(GArray) parts = parts_now(&b, number);
    const SubjectInput changed = { .reason = "改变计划" };
    done(&b, &lead_clerk, g_array_index(parts, PartRow, 0).case_number, "2014-09-17", WITHDRAW, changed, WITHDRAWN);
    g_auto(Joint) half = now(&b, number);
    g_assert_cmpstr(joint_state_names[half.state], ==, "joint_running");
    done(&b, &fire_clerk, g_array_index(parts, PartRow, 1).case_number, "2014-09-17", WITHDRAW, changed, WITHDRAWN);
    g_auto(Joint) ended = now(&b, number);
    g_assert_cmpstr(joint_state_names[ended.state], ==, "joint_broken_off");
    acts(&b, &lead_reviewer, number, "2014-09-18", JOINT_START_NEXT, "joint.not_now");
    done(&b, &the_system, g_array_index(parts, PartRow, 0).case_number, "2014-09-18", ERASE, (SubjectInput){ .reason = "asked" }, WITHDRAWN);
    g_autoptr(json_t) documents = documents_of(&b, "joint", number);
    g_assert_cmpuint(json_array_size(documents), ==, 0); /* they named the applicant */
    close_sound(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    add("/joint/one acceptance counts for all", one_acceptance_counts_for_all);
    add("/joint/what lacks a paper is not accepted with the others", what_lacks_a_paper_is_not_accepted_with_the_others);
    add("/joint/the head of the centre extends once", the_head_of_the_centre_extends_once);
    add("/joint/it is broken off when nothing is under way and not all granted", it_is_broken_off_when_nothing_is_under_way_and_not_all_granted);
    return g_test_run();
}
