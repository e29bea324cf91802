// SPDX-License-Identifier: Apache-2.0
/* The ledger of a demo city, read by the rules of docs/law.md: nothing that its offices did is unlawful. */
#include "cases/cases.h"
#include "demo/demo.h"
#include "hearings/hearings.h"
#include "rooms_test.h"

#include <glib/gstdio.h>
#include <string.h>

enum { COUNTY = 330482, CASES = 400 };

/* One case as far as the ledger has told of it. */
typedef struct Life {
    Db *db;
    json_t *brought, *said;   /* names of papers that are there; all members of its changes, as they are last */
    json_t *promised;         /* names of papers that are promised */
    GArray *reviewers;        /* ids of the staff */
    json_t *visit;            /* all members of the changes of its site check, as they are last; NULL: there is none */
    Day accepted;             /* on which it was accepted, or deemed to be */
    int corrections;
    Instant accepted_at;
    int64_t accepted_by;
    bool is_heard;            /* of a case: the minutes of its hearing are signed */
} Life;

typedef struct Reading {
    Db *db;
    GHashTable *lives;        /* subject -> Life */
    GHashTable *visited;      /* subject of a site check -> subject of its case */
    int64_t judged[10];        /* acceptances, decisions, deemed acceptances, lapses, appointments of officers, records that both signed, hearings,
                               * promises, acceptances and decisions withdrawn */
    int64_t on_spot;          /* decisions of who has accepted at the same instant */
    GHashTable *kept;         /* number of a custody -> number of its case */
    int64_t custodies;
} Reading;

static void life_free(void *data)
{
    Life *self = data;
    json_decref(self->brought);
    json_decref(self->said);
    json_decref(self->visit);
    json_decref(self->promised);
    g_array_unref(self->reviewers);
    g_free(self);
}

static Life *life_of(Reading *self, const char *subject)
{
    Life *life = g_hash_table_lookup(self->lives, subject);
    if (life)
        return life;
    life = g_new0(Life, 1);
    life->db = self->db;
    life->brought = json_object();
    life->said = json_object();
    life->promised = json_object();
    life->reviewers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_hash_table_insert(self->lives, g_strdup(subject), life);
    return life;
}

/* ---- what an event tells ---- */

static void note_papers(Life *life, const char *kind, const json_t *facts)
{
    size_t i;
    json_t *each;
    bool are_asked = strcmp(kind, "case.correction_asked") == 0 || strcmp(kind, "case.acceptance_withdrawn") == 0;
    bool are_promised = strcmp(kind, "case.promised") == 0;
    json_array_foreach(json_object_get(facts, "materials"), i, each)
        json_object_set_new(are_promised ? life->promised : life->brought, json_string_value(each), json_boolean(!are_asked));
    json_array_foreach(json_object_get(facts, "papers"), i, each) {
        const char *name = *json_text(each, "material") ? json_text(each, "material") : json_text(facts, "material");
        json_object_set_new(life->brought, name, json_true());
    }
}

static Item *item_of(const Reading *self, const Life *life)
{
    g_autoptr(GError) error = NULL;
    Item *item = catalogue_item(self->db, COUNTY, json_text(life->said, "item"), json_number(life->said, "item_version"), &error);
    g_assert_no_error(error);
    return item;
}

static void broken(const Event *event, const char *rule)
{
    g_error("%s, event %" PRId64 " (%s): %s\n%s", event->subject, event->sequence, event->kind, rule, event->payload);
}

#define MUST(holds, rule) do { if (!(holds)) broken(event, rule); } while (0)

/* ---- the rules ---- */

/* Answers to the item's form, which the ledger keeps in its personal parts, leave papers out. */
static bool is_left_out(const Event *event, const Life *life, const Item *item, const char *paper)
{
    g_auto(Case) of = { 0 };
    g_autoptr(GError) error = NULL;
    subject_load(life->db, COUNTY, &case_kind, g_ascii_strtoll(strchr(event->subject, '/') + 1, NULL, 10), &of, &error);
    g_assert_no_error(error);
    return !case_asks(&of, item, "papers", paper);
}

/* Art. 32: what is incomplete is not accepted, nor granted; a promise stands for a paper where the item lets it, for one that follows until
 * the decision. */
static void judge_papers(const Event *event, const Life *life, const Item *item, bool grants)
{
    for (size_t i = 0; i < item->material_count; i++) {
        const ItemMaterial *m = &item->materials[i];
        bool is_promised = json_flag(life->promised, m->name) && (m->may_promise || (m->may_follow && !grants));
        MUST(!m->required || json_flag(life->brought, m->name) || is_promised || is_left_out(event, life, item, m->name), m->name);
    }
}

/* Acceptance is withdrawn for a paper that was promised and did not come, a decision by the head alone. */
static void judge_promises(const Event *event, const Life *life, const json_t *facts)
{
    if (strcmp(event->kind, "case.acceptance_withdrawn") == 0) {
        const char *name = json_string_value(json_array_get(json_object_get(facts, "materials"), 0));
        MUST(name && json_flag(life->promised, name), "withdrawn for a paper that was not promised");
        MUST(day_of(event->at) > day_parse(json_text(facts, "day")), "withdrawn before its day");
    }
    if (strcmp(event->kind, "case.decision_revoked") == 0)
        MUST(*json_text(facts, "reason") && *json_text(facts, "basis") && event->actor_kind == STAFF, "revoked without a reason");
}

/* The reviewer does not decide. */
static void judge_eyes(const Event *event, const Life *life, const Item *item)
{
    for (guint i = 0; i < life->reviewers->len; i++)
        MUST(item->instant || g_array_index(life->reviewers, int64_t, i) != event->actor, "the reviewer decides");
}

/* Art. 34 §2: at once is decided what the item leaves to be decided at once. */
static void judge_spot(Reading *self, const Event *event, Life *life, const Item *item)
{
    if (strcmp(event->kind, "case.accepted") == 0) {
        life->accepted_at = event->at;
        life->accepted_by = event->actor;
    } else if (strcmp(event->kind, "case.granted") == 0 && life->accepted_at == event->at) {
        MUST(item->instant, "decided at once");
        MUST(life->accepted_by == event->actor, "one accepts and another decides at one instant");
        self->on_spot++;
    }
}

/* Art. 34: nothing is granted before the two officers have seen what the item's law demands, and it fits. */
static void judge_visited(const Event *event, const Life *life, const Item *item)
{
    MUST(!*item->site_check || strcmp(json_text(life->visit, "state"), "fits") == 0, "granted without a site check that fits");
}

/* Arts. 46 to 48: it is told seven days before, the chair has not reviewed the case, and it is held on its day. */
static void judge_hearing(Reading *self, const Event *event, const Life *hearing)
{
    g_autofree char *of = g_strdup_printf("case/%" PRId64, json_number(hearing->said, "case_number"));
    Life *life = life_of(self, of);
    bool is_called = strcmp(event->kind, "hearing.called") == 0, is_held = strcmp(event->kind, "hearing.held") == 0;
    Day day = day_parse(json_text(hearing->said, "day"));
    for (guint i = 0; is_called && i < life->reviewers->len; i++)
        MUST(g_array_index(life->reviewers, int64_t, i) != json_number(hearing->said, "chair"), "the chair has reviewed the case");
    MUST(!is_called || day >= day_of(event->at) + HEARING_NOTICE_DAYS, "told too late");
    MUST(!is_held || day_of(event->at) >= day, "held before its day");
    life->is_heard |= is_held;
}

/* Nor is anything granted whose own law demands a hearing, before it was held. */
static void judge_heard(const Event *event, const Life *life, const Item *item)
{
    for (size_t i = 0; i < item->special_count; i++)
        MUST(!item->specials[i].mandatory || life->is_heard, "granted unheard");
}

static void judge_decision(const Event *event, const Life *life, const Item *item, const json_t *facts)
{
    bool grants = strcmp(event->kind, "case.granted") == 0;
    const char *paper = json_text(json_object_get(facts, "document"), "document_kind");
    judge_eyes(event, life, item);
    if (grants) {
        judge_papers(event, life, item, true);
        judge_visited(event, life, item);
        judge_heard(event, life, item);
    }
    const char *own = grants ? item->kind->granted : item->kind->refused;
    MUST(strcmp(paper, item->above.organ ? "above_result" : own) == 0, "another kind of paper");
    MUST(!item->above.organ || *json_text(facts, "basis"), "decided above by no document");
    MUST(grants || *json_text(facts, "reason"), "refused without a reason");
}

static void judge_acceptance(const Event *event, const Life *life, const Item *item, const json_t *facts)
{
    const char *paper = json_text(json_object_get(facts, "document"), "document_kind");
    if (strcmp(event->kind, "case.accepted") == 0) {
        judge_papers(event, life, item, false);
        MUST(strcmp(paper, "acceptance") == 0, "another kind of paper");
        return;
    }
    Day accepted = (Day)json_number(life->said, "accepted_on");
    MUST(item->kind->is_licence, "silence accepts what is no licence");
    MUST(strcmp(paper, "deemed") == 0, "another kind of paper");
    MUST(day_of(event->at) >= accepted + 5 && day_of(event->at) > accepted, "not accepted from the day of receipt");
}

/* Papers are asked for once; then they come in time, or the application counts as withdrawn. */
static void judge_correction(const Event *event, Life *life, const json_t *before, const json_t *facts)
{
    Day until = day_parse(json_text(before, "correct_by"));
    if (strcmp(event->kind, "case.correction_asked") == 0) {
        MUST(!life->corrections++, "papers are asked for twice");
        MUST(json_array_size(json_object_get(facts, "materials")) && *json_text(facts, "reason"), "nothing is asked for");
        MUST(*json_text(life->said, "correct_by"), "no day is named");
    } else if (strcmp(event->kind, "case.corrected") == 0)
        MUST(day_of(event->at) <= until, "supplied too late");
    else if (strcmp(event->kind, "case.deemed_withdrawn") == 0)
        MUST(day_of(event->at) > until, "withdrawn before its day");
    else if (strcmp(event->kind, "case.not_accepted") == 0)
        MUST(*json_text(facts, "organ") || life->corrections, "not accepted without a ground");
}

/* No opinion claims a visit that no event records. */
static void judge_words(const Event *event, const Life *life, const json_t *facts)
{
    if (json_number(life->visit, "rounds"))
        return;
    static const char *const visits[] = { "现场", "勘查", "实地" };
    for (size_t i = 0; i < G_N_ELEMENTS(visits); i++)
        MUST(!strstr(json_text(facts, "opinion"), visits[i]) && !strstr(json_text(facts, "reason"), visits[i]), "claims a visit");
}

/* Arts. 34 and 55: two different officers, appointed within five working days (here: a week at least, and no longer than holidays make it). */
static void judge_visit(const Event *event, const Life *life)
{
    enum { APPOINTED_MOST = 14 };
    const json_t *visit = life->visit;
    if (strcmp(event->kind, "visit.officers_appointed") == 0) {
        MUST(json_number(visit, "officer") != json_number(visit, "companion") && json_number(visit, "companion"), "one officer alone");
        MUST(day_of(event->at) <= life->accepted + APPOINTED_MOST && !json_flag(visit, "late"), "appointed late");
        MUST(day_parse(json_text(visit, "day")) >= day_of(event->at), "told of afterwards");
    } else if (strcmp(event->kind, "visit.record_signed") == 0) {
        MUST(event->actor != json_number(visit, "writer"), "the writer signs alone");
        MUST(day_of(event->at) >= day_parse(json_text(visit, "day")), "recorded before it was seen");
    }
}

static bool is_one_of(const char *kind, const char *one, const char *other)
{
    return strcmp(kind, one) == 0 || strcmp(kind, other) == 0;
}

/* Arts. 22–24: a town or the zone accepts, refuses or grants by a power alone, and a village never. */
static void judge_competence(const Event *event, const Item *item, const json_t *before)
{
    int64_t organ = json_number(before, "desk_organ");
    bool is_service = strcmp(item->type, "service") == 0;
    MUST(organ != VILLAGE_POINT_ORGAN || is_service, "a village decides");
    MUST(organ != TOWN_CENTRE_ORGAN || is_service || catalogue_power(item, (size_t)json_number(before, "step"), json_number(before, "place")),
         "a town acts without a power");
}

static void judge(Reading *self, const Event *event, Life *life, const json_t *before, const json_t *facts)
{
    g_autoptr(Item) item = item_of(self, life);
    judge_correction(event, life, before, facts);
    judge_words(event, life, facts);
    judge_spot(self, event, life, item);
    judge_promises(event, life, facts);
    if (is_one_of(event->kind, "case.accepted", "case.deemed_accepted"))
        judge_acceptance(event, life, item, facts);
    if (is_one_of(event->kind, "case.accepted", "case.not_accepted") || is_one_of(event->kind, "case.granted", "case.refused"))
        judge_competence(event, item, before);
    if (is_one_of(event->kind, "case.granted", "case.refused"))
        judge_decision(event, life, item, facts);
    bool reviews = strcmp(event->kind, "case.passed") == 0 ||
                   (strcmp(event->kind, "case.accepted") == 0 && catalogue_step(item, STEP_REVIEW, 0) == SIZE_MAX);
    if (reviews)
        g_array_append_val(life->reviewers, event->actor);
}

/* No case is closed while its originals are with a desk. */
static void judge_custody(Reading *self, const Event *event, const json_t *change)
{
    if (strcmp(event->kind, "custody.taken") == 0)
        g_hash_table_insert(self->kept, g_strdup(event->subject), g_strconcat("case/", json_text(change, "case_number"), NULL));
    if (strcmp(event->kind, "custody.handed_back") == 0)
        MUST(g_hash_table_remove(self->kept, event->subject), "handed back what nobody had");
    self->custodies += g_str_has_prefix(event->subject, "custody/");
    GHashTableIter each;
    gpointer of_case;
    g_hash_table_iter_init(&each, self->kept);
    while (strcmp(event->kind, "case.closed") == 0 && g_hash_table_iter_next(&each, NULL, &of_case))
        MUST(strcmp(of_case, event->subject) != 0, "closed with originals at a desk");
}

static void read_visit(Reading *self, const Event *event, const json_t *change)
{
    if (event->sequence == 1)
        g_hash_table_insert(self->visited, g_strdup(event->subject), g_strdup_printf("case/%" PRId64, json_number(change, "case_number")));
    Life *life = life_of(self, g_hash_table_lookup(self->visited, event->subject));
    life->visit = life->visit ? life->visit : json_object();
    json_object_update(life->visit, (json_t *)(uintptr_t)change);
    judge_visit(event, life);
}

static void read_case(Reading *self, const Event *event, const json_t *payload)
{
    const json_t *facts = json_object_get(payload, "facts");
    Life *life = life_of(self, event->subject);
    g_autoptr(json_t) before = json_copy(life->said);
    json_object_update(life->said, json_object_get(payload, "change"));
    note_papers(life, event->kind, facts);
    if (is_one_of(event->kind, "case.accepted", "case.deemed_accepted"))
        life->accepted = day_of(event->at);
    judge(self, event, life, before, facts);
}

static void read_hearing(Reading *self, const Event *event, const json_t *change)
{
    Life *life = life_of(self, event->subject);
    json_object_update(life->said, (json_t *)(uintptr_t)change);
    judge_hearing(self, event, life);
}

static bool read_event(const Event *event, void *data, GError **error)
{
    static const char *const counted[] = { "case.accepted", "case.granted", "case.deemed_accepted", "case.deemed_withdrawn", "visit.officers_appointed",
                                           "visit.record_signed", "hearing.held", "case.promised", "case.acceptance_withdrawn",
                                           "case.decision_revoked" };
    Reading *self = data;
    (void)error;
    g_autoptr(json_t) payload = json_loads(event->payload, 0, NULL);
    judge_custody(self, event, json_object_get(payload, "change"));
    if (g_str_has_prefix(event->subject, "visit/"))
        read_visit(self, event, json_object_get(payload, "change"));
    if (g_str_has_prefix(event->subject, "hearing/"))
        read_hearing(self, event, json_object_get(payload, "change"));
    if (g_str_has_prefix(event->subject, "case/"))
        read_case(self, event, payload);
    for (size_t i = 0; i < G_N_ELEMENTS(counted); i++)
        self->judged[i] += strcmp(event->kind, counted[i]) == 0;
    return true;
}

/* ---- the city ---- */

static void nothing_in_the_city_is_unlawful(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("law-XXXXXX", NULL), *file = g_build_filename(folder, "city.db", NULL);
    g_autofree char *papers = g_strconcat(file, ".files", NULL), *accounts = NULL;
    g_autoptr(Calendar) calendar = calendar_built_in();
    const DemoSettings settings = { .name = "平湖市", .name_en = "Pinghu", .seed = 5, .today = day_parse("2014-09-03"), .cases = CASES };
    Store *store = store_with_rooms(file, 2);
    Files *files = files_open(papers, COUNTY, NULL, &error);
    const Context context = { .county = COUNTY, .calendar = calendar, .files = files, .random = random_secure, .rooms = rooms };
    demo_make(store, &context, &settings, &accounts, &error);
    g_assert_no_error(error);
    Reading reading = { .db = store_reader(store, NULL), .lives = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, life_free),
                        .kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                        .visited = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free) };
    g_assert_true(ledger_walk(reading.db, COUNTY, read_event, &reading, &error));
    for (size_t i = 0; i < G_N_ELEMENTS(reading.judged); i++)
        g_assert_cmpint(reading.judged[i], >, 0); /* each of these did happen */
    g_assert_cmpint(reading.on_spot, >, 0);
    g_assert_cmpint(reading.custodies, >, (int64_t)g_hash_table_size(reading.kept)); /* some were handed back */
    g_hash_table_unref(reading.kept);
    g_hash_table_unref(reading.lives);
    g_hash_table_unref(reading.visited);
    store_return(store, reading.db);
    store_close(store);
    files_close(files);
    remove_tree(folder);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/law/nothing in the city is unlawful", nothing_in_the_city_is_unlawful);
    return g_test_run();
}
