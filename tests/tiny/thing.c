// SPDX-License-Identifier: Apache-2.0
#include "tests/tiny/thing.h"

#include "identity/identity.h"

/* ---- its record ---- */

enum { OPEN, DONE };
enum { STATE_COLUMNS = 1, OWNER_COLUMNS = 2 };
static const char *const states[] = { "open", "done", NULL };

static const RecordColumn record_columns[] = {
    RECORD_COLUMN(Thing, case_number, RECORD_INTEGER, .flags = RECORD_NUMBER),
    RECORD_COLUMN(Thing, events, RECORD_INTEGER, .group = STATE_COLUMNS, .flags = RECORD_UNRECORDED),
    RECORD_COLUMN(Thing, label, RECORD_TEXT, NULL),
    RECORD_COLUMN(Thing, number, RECORD_INTEGER, .flags = RECORD_KEY),
    RECORD_COLUMN(Thing, owner, RECORD_TEXT, .group = OWNER_COLUMNS, .flags = RECORD_PERSONAL | RECORD_UNSEALED),
    RECORD_COLUMN(Thing, state, RECORD_WORD, states, STATE_COLUMNS),
};
static const Record record = { "tiny_thing", sizeof(Thing), record_columns, G_N_ELEMENTS(record_columns), NULL, NULL };

static void thing_clear(Thing *self)
{
    record_clear(&record, self);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Thing, thing_clear)

/* ---- its rules ---- */

enum { BY_CLERK = BY_OWN, BY_CLOCK = BY_SYSTEM };
enum { ANY_STATE = 1 << OPEN | 1 << DONE };

static const SubjectRule rules[] = {
    { "finish", "thing.finished", 1 << OPEN, BY_CLERK | BY_CLOCK, CLERK, DONE, TAKES_OPINION, "tiny_note", true, .law = "《示例法》第一条" },
    { "forget", LEDGER_ERASED, 1 << DONE, BY_CLERK, CLERK, SUBJECT_STAYS, NEED_REASON },
    { "forget-too", LEDGER_ERASED, ANY_STATE, BY_CLOCK, 0, SUBJECT_STAYS, NEED_REASON },
    { "restrict-too", LEDGER_RESTRICTED, ANY_STATE, BY_CLOCK, 0, SUBJECT_STAYS, NEED_REASON | NEED_DAY },
};

static bool is_entitled(const Actor *actor, const void *present, const SubjectRule *rule, int64_t county)
{
    (void)present, (void)county;
    return actor->kind == SYSTEM ? rule->relations & BY_CLOCK : actor->kind == STAFF && identity_has_role(actor, rule->roles);
}

static bool may_see(const Actor *actor, const void *present)
{
    (void)present;
    return actor->kind == STAFF && identity_has_role(actor, CLERK);
}

static bool may_begin(const Context *context, const void *of)
{
    return context->actor->kind == STAFF && identity_has_role(context->actor, CLERK) && of;
}

static char *document(const SubjectTurn *turn, void *next, GError **error)
{
    g_autoptr(json_t) content = json_pack("{s:s}", "label", ((const Thing *)next)->label);
    (void)turn, (void)error;
    return json_canonical(content);
}

const SubjectKind thing_kind = {
    .name = "thing", .words = "tiny", .none = "tiny.no_thing", .paths = { [STAFF] = "/desk/tiny/things" }, .may_see = may_see,
    .record = &record, .states = states, .rules = rules, .rule_size = sizeof rules[0], .rule_count = G_N_ELEMENTS(rules),
    .state = offsetof(Thing, state), .events = offsetof(Thing, events), .head = offsetof(Thing, head),
    .unwritten = offsetof(Thing, unwritten), .always_group = STATE_COLUMNS, .holder = offsetof(Thing, case_number),
    .is_beside = true, .may_begin = may_begin, .is_entitled = is_entitled, .document = document,
};

const DocumentKind thing_documents[] = { { "tiny_note", "物" }, { 0 } };

bool thing_waited(const Context *context, const char *subject, Instant at, GError **error)
{
    int64_t number;
    g_auto(Thing) next = { 0 };
    (void)at;
    return subject_named(context->rooms, subject, &number) == &thing_kind &&
           subject_act(context, &thing_kind, number, &rules[0], &(SubjectInput){ .seen = -1 }, &next, error);
}

/* ---- its list ---- */

static const ListColumn columns[] = {
    { "number", LIST_NUMBER, .is_head = true },
    { "label", LIST_TEXT },
    { "owner", LIST_TEXT, .mask = mask_name },
    { "state", LIST_WORD, .words = "thing_state" },
    { 0 },
};
const Field thing_list_fields[] = { LIST_FIELDS, { .name = "state", .kind = FIELD_CHOICE, .choices = states }, { 0 } };
static const ListFilter filters[] = { { "state", "state", LIST_EQUAL }, { 0 } };
static const ListOrder orders[] = { { "label", { "label", "number" } }, { "number", { "number" }, true }, { 0 } };
static const ListTab tabs[] = { { .orders = 0 }, { 0 } };
const ListSpec thing_list = {
    .name = "things", .room = "tiny", .path = "/desk/tiny/things", .table = "tiny_thing", .key = "number", .columns = columns,
    .fields = thing_list_fields, .filters = filters, .orders = orders, .tabs = tabs, .bound = 100,
    .search.number = subject_number_read, .link = "/desk/tiny/things/{number}",
};

json_t *thing_list_show(Request *r, GError **error)
{
    return list_show(r, &thing_list, error);
}

/* ---- its pages ---- */

const Field thing_begin_fields[] = { { .name = "label", .most = 40, .required = true }, { .name = "owner", .most = 40, .required = true },
                                     { .name = "case_number", .kind = FIELD_INTEGER, .most = INT64_MAX }, { 0 } };
const Field thing_act_fields[] = {
    { .name = "seen", .kind = FIELD_INTEGER, .most = INT32_MAX, .required = true, .look = LOOK_HIDDEN, .room = "cases" },
    { .name = "opinion", .most = 100, .room = "cases" },
    { .name = "reason", .most = 100, .room = "cases" },
    { 0 },
};

json_t *thing_begin(Request *r, GError **error)
{
    const Context *context = &r->context;
    g_auto(Thing) made;
    record_init(&record, &made);
    record_set(&made.label, json_text(r->fields, "label"));
    record_set(&made.owner, json_text(r->fields, "owner"));
    made.case_number = json_number(r->fields, "case_number");
    if (!subject_draw_number(context, &thing_kind, day_of(context->now), &made.number, error) ||
        !subject_begin(context, &thing_kind, &made, "thing.begun", NULL, error) || !subject_save(context, &thing_kind, &made, error))
        return NULL;
    g_autofree char *subject = subject_text(&thing_kind, &made);
    return timer_set(context, subject, THING_WAIT, context->now + DAY_MS, error) ? subject_summary(&thing_kind, &made) : NULL;
}

json_t *thing_show(Request *r, GError **error)
{
    int64_t number;
    g_auto(Thing) found = { 0 };
    if (!subject_number_read(r->path[0], &number) || !subject_load(r->context.db, r->context.county, &thing_kind, number, &found, error))
        return NULL;
    const SubjectTurn turn = { .context = &r->context, .kind = &thing_kind, .present = &found };
    g_autofree char *base = subject_path(&thing_kind, number, STAFF);
    json_t *answer = subject_summary(&thing_kind, &found);
    json_object_set_new(answer, "label", json_string(found.label));
    json_object_set_new(answer, "actions", subject_actions(&r->context, &thing_kind, &found, NULL, base));
    return subject_put_history(answer, &turn, error) ? answer : (json_decref(answer), NULL);
}

json_t *thing_act(Request *r, GError **error)
{
    int64_t number;
    return subject_number_read(r->path[0], &number) ? subject_take_asked(r, &thing_kind, number, error) : NULL;
}
