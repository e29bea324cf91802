// SPDX-License-Identifier: Apache-2.0
/* The page of a subject shows everybody who may open it its history, its lines in the public ledger, and the actions that
 * are open to him. */
#include "subject/private.h"

#include "identity/identity.h"

#include <string.h>

/* ---- what it is called ---- */

char *subject_number_grouped(int64_t number)
{
    g_autofree char *digits = g_strdup_printf("%018" PRId64, number);
    return text_grouped(digits);
}

bool subject_number_read(const char *text, int64_t *number)
{
    int digits = 0;
    *number = 0;
    for (; *text; text++) {
        if (*text == ' ' || *text == '-')
            continue;
        if (!g_ascii_isdigit(*text) || ++digits > 18)
            return false;
        *number = *number * 10 + (*text - '0');
    }
    return digits == 18;
}

const SubjectKind *subject_named(const Room *const *rooms, const char *subject, int64_t *number)
{
    const char *slash = strchr(subject, '/');
    for (; slash && rooms && *rooms; rooms++)
        for (const SubjectKind *const *kind = (*rooms)->subjects; kind && *kind; kind++)
            if (strncmp((*kind)->name, subject, (size_t)(slash - subject)) == 0 && !(*kind)->name[slash - subject] &&
                subject_number_read(slash + 1, number))
                return *kind;
    return NULL;
}

char *subject_path(const SubjectKind *kind, int64_t number, enum actor_kind reader)
{
    const char *own = reader <= STAFF ? kind->paths[reader] : NULL, *path = own ? own : kind->paths[VISITOR];
    return path ? g_strdup_printf("%s/%" PRId64, path, number) : NULL;
}

static bool may_see(const Context *context, const SubjectKind *kind, int64_t number, bool *may, GError **error)
{
    g_autofree char *present = g_malloc0(kind->record->size);
    *may = true;
    if (!kind->may_see)
        return true;
    bool loaded = record_load(context->db, context->county, kind->record, number, present, may, error);
    *may = *may && loaded && kind->may_see(context->actor, present);
    record_clear(kind->record, present);
    return loaded;
}

json_t *subject_about(const Context *context, const char *subject, GError **error)
{
    bool may;
    int64_t number;
    g_autofree char *name = g_strndup(subject, strcspn(subject, "/"));
    g_autoptr(json_t) about = json_pack("{s:s}", "about", name);
    const SubjectKind *kind = subject_named(context->rooms, subject, &number);
    if (!kind)
        return g_steal_pointer(&about);
    if (!may_see(context, kind, number, &may, error))
        return NULL;
    g_autofree char *grouped = subject_number_grouped(number), *path = may ? subject_path(kind, number, context->actor->kind) : NULL;
    json_object_set_new(about, "subject_number", json_string(grouped));
    if (path)
        json_object_set_new(about, "subject_path", json_string(path));
    return g_steal_pointer(&about);
}

/* ---- what is asked of an action ---- */

static const char *given(const json_t *fields, const char *name)
{
    return json_string_value(json_object_get(fields, name));
}

SubjectInput subject_input(const Request *r)
{
    const json_t *f = r->fields;
    const char *day = given(f, "day");
    return (SubjectInput){ .seen = json_number(f, "seen"), .opinion = given(f, "opinion"), .reason = given(f, "reason"),
                           .basis = given(f, "basis"), .special = given(f, "special"), .days = json_number(f, "days"),
                           .day = day ? day_parse(day) : 0, .materials = json_object_get(f, "materials"),
                           .material = given(f, "material"), .uploads = r->uploads, .upload_count = r->upload_count,
                           .level = json_number(f, "level"), .organ = given(f, "organ"), .fields = f };
}

static void put_needs(json_t *action, const SubjectRule *rule)
{
    static const struct { unsigned need; const char *name; } needs[] = {
        { NEED_OPINION, "needs_opinion" }, { NEED_REASON, "needs_reason" }, { NEED_BASIS, "needs_basis" },
        { NEED_MATERIALS | ASKS_MATERIALS, "needs_materials" }, { NEED_SPECIAL, "needs_special" }, { NEED_DAYS, "needs_days" },
        { NEED_DAY, "needs_day" }, { NEED_LEVEL, "needs_level" }, { NEED_PAPERS, "needs_papers" },
        { NEED_ORGAN, "needs_organ" }, { TAKES_MATERIALS, "takes_materials" }, { TAKES_OPINION, "takes_opinion" }, { TAKES_ORGAN, "takes_organ" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(needs); i++)
        if (rule->needs & needs[i].need)
            json_object_set_new(action, needs[i].name, json_true());
}

static json_t *action_json(const SubjectTurn *turn, const char *base)
{
    const SubjectRule *rule = turn->rule;
    int64_t seen = subject_seen(turn->kind, turn->present);
    g_autofree char *path = g_strdup_printf("%s/%s", base, rule->name);
    json_t *action = json_pack("{s:s, s:s, s:b, s:I, s:b, s:s*}", "action", rule->name, "path", path, "main", rule->main,
                               "seen", seen, "has_questions", rule->needs != 0, "law", subject_law(turn));
    char key[32];
    g_snprintf(key, sizeof key, "is_%s", rule->name);
    json_object_set_new(action, g_strdelimit(key, "-", '_'), json_true());
    put_needs(action, rule);
    return action;
}

json_t *subject_summary(const SubjectKind *kind, const void *self)
{
    int64_t number = subject_number(kind, self), state = subject_member(self, kind->state);
    g_autofree char *grouped = subject_number_grouped(number);
    return json_pack("{s:o, s:s, s:s, s:I}", "number", json_sprintf("%" PRId64, number), "number_grouped", grouped, "state",
                     kind->states[state], "seen", subject_seen(kind, self));
}

json_t *subject_take_asked(const Request *r, const SubjectKind *kind, int64_t number, GError **error)
{
    const SubjectRule *rule = subject_rule_named(kind, r->path[1]);
    const SubjectInput input = subject_input(r);
    g_autofree char *next = g_malloc0(kind->record->size), *unknown = g_strconcat(kind->words, ".no_action", NULL);
    if (!rule)
        return refuse(error, NOT_FOUND, unknown, NULL);
    json_t *answer = subject_act(&r->context, kind, number, rule, &input, next, error) ? subject_summary(kind, next) : NULL;
    record_clear(kind->record, next);
    return answer;
}

static bool fits_unasked(const SubjectTurn *turn)
{
    const SubjectRule *rule = turn->rule;
    return !rule->guard || rule->needs >= NEED_OWN || rule->guard(turn, NULL);
}

json_t *subject_actions(const Context *context, const SubjectKind *kind, const void *self, const void *work, const char *base)
{
    json_t *actions = json_array();
    for (size_t i = 0; i < kind->rule_count; i++) {
        const SubjectTurn turn = { context, kind, subject_rule(kind, i), self, NULL, work };
        if (subject_is_open(&turn) && (kind->offers ? kind->offers(&turn) : fits_unasked(&turn)) && subject_lets(&turn))
            json_array_append_new(actions, action_json(&turn, base));
    }
    return actions;
}

/* ---- forms ---- */

static void put_form(const Request *r, const SubjectRule *rule, const Field *questions, const json_t *answer, json_t *action)
{
    static const unsigned takes = TAKES_MATERIALS | ASKS_MATERIALS | TAKES_OPINION | TAKES_ORGAN | ~(TAKES_OWN - 1u);
    const Field seen = { .name = "seen", .kind = FIELD_INTEGER, .look = LOOK_HIDDEN, .value = "seen" };
    g_autoptr(GArray) fields = g_array_new(TRUE, TRUE, sizeof(Field));
    g_array_append_val(fields, seen);
    for (const Field *question = questions; question->name; question++)
        if (rule->needs & question->need) {
            Field asked = *question;
            asked.required |= !(question->need & takes);
            g_array_append_val(fields, asked);
        }
    Form form = { .action = json_text(action, "path"), .name = rule->name, .second = !rule->main, .fields = (const Field *)(const void *)fields->data,
                  .button = view_code_word(r->view, r->language, "action", rule->name) };
    form_put(r, &form, answer, action);
}

void subject_put_forms(const Request *r, const SubjectKind *kind, const Field *fields, json_t *answer)
{
    size_t i;
    json_t *action;
    json_array_foreach(json_object_get(answer, "actions"), i, action) {
        const SubjectRule *rule = subject_rule_named(kind, json_text(action, "action"));
        put_form(r, rule, fields, answer, action);
        if (r->refused && strcmp(rule->name, r->refused) == 0)
            json_object_set_new(action, "is_tried", json_true());
    }
}

/* ---- history ---- */

typedef struct History {
    const SubjectTurn *turn;
    json_t *lines, *recorded;
    bool is_restricted;
} History;

static bool says_why(const char *event)
{
    return strcmp(event, "erased") == 0 || strcmp(event, "restricted") == 0;
}

static const char *after_dot(const char *kind)
{
    const char *dot = strchr(kind, '.');
    return dot ? dot + 1 : kind;
}

static bool is_inner(const SubjectKind *kind, const Event *event)
{
    const SubjectRule *rule = subject_rule_of(kind, event);
    return rule && rule->inner;
}

/* The text that a commitment binds holds the inner opinions too, and what a former holder's name and number were: where it does, the holder
 * is not shown it. */
static bool is_for_holder(const SubjectKind *kind, const Event *event, const json_t *facts)
{
    bool tells_more = json_object_get(facts, "opinion") || json_object_get(facts, "corrected");
    return !is_inner(kind, event) && (event->actor_kind == HOLDER || !tells_more);
}

static json_t *recorded_json(const History *self, const Event *event, const json_t *facts)
{
    const Context *context = self->turn->context;
    g_autofree char *path = g_strdup_printf("/ledger/%" PRId64 "/event/%" PRId64, context->county, event->number);
    g_autofree char *proof = g_strdup_printf("/ledger/%" PRId64 "/proof/%" PRId64, context->county, event->number);
    json_t *line = json_pack("{s:I, s:I, s:s, s:I, s:s, s:s}", "number", event->number, "sequence", event->sequence, "event",
                             after_dot(event->kind), "event_at", event->at, "path", path, "proof_path", proof);
    if (context->actor->kind == HOLDER && is_for_holder(self->turn->kind, event, facts)) {
        g_autofree char *text = ledger_committed(event);
        json_object_set_new(line, "text", json_string(text));
    }
    return line;
}

static bool is_public(const char *fact)
{
    static const char *const shown[] = { "reason", "basis", "special", "days", "materials", "organ", "level", "document",
                                         "material", "loaded", "moved", NULL };
    return g_strv_contains(shown, fact);
}

static void put_facts(json_t *line, const json_t *facts, bool staff)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)facts, name, value)
        if (staff || is_public(name))
            json_object_set(line, name, value);
    if (json_array_size(json_object_get(line, "materials")))
        json_object_set_new(line, "has_materials", json_true());
}

const char *subject_actor_kind(enum actor_kind kind)
{
    static const char *const actors[] = { "visitor", "holder", "staff", "system", "loader" };
    return actors[kind];
}

static json_t *line_json(const Event *event, const json_t *facts, bool staff)
{
    json_t *line = json_pack("{s:I, s:s, s:I, s:s}", "sequence", event->sequence, "event", after_dot(event->kind),
                             "event_at", event->at, "actor_kind", subject_actor_kind(event->actor_kind));
    put_facts(line, facts, staff);
    return line;
}

/* Most events have none, and none needs the rest of its payload here. */
static json_t *facts_of(const Event *event)
{
    size_t length;
    const char *facts = json_member(event->payload, "facts", &length);
    return facts && length > strlen("{}") ? json_loadb(facts, length, 0, NULL) : NULL;
}

/* The person on leave for whom it was done. */
static bool put_absent(const Context *context, json_t *line, GError **error)
{
    int64_t absent = json_number(line, "for_staff");
    json_t *name = absent ? identity_staff_name(context->db, context->county, absent, error) : NULL;
    json_object_del(line, "for_staff");
    return !absent || (name && json_object_set_new(line, "for_name", name) == 0);
}

static bool add_line(const Event *event, void *data, GError **error)
{
    History *self = data;
    const SubjectKind *kind = self->turn->kind;
    const Context *context = self->turn->context;
    bool staff = context->actor->kind == STAFF;
    g_autoptr(json_t) facts = facts_of(event);
    self->is_restricted |= strcmp(event->kind, LEDGER_RESTRICTED) == 0;
    json_array_append_new(self->recorded, recorded_json(self, event, facts));
    if (!staff && is_inner(kind, event))
        return true;
    json_t *line = line_json(event, facts, staff);
    json_array_append_new(self->lines, line);
    if (kind->tell && !kind->tell(self->turn, event, line, error))
        return false;
    if (event->actor_kind != STAFF || !staff)
        return true;
    json_t *name = identity_staff_name(context->db, context->county, event->actor, error);
    return name && json_object_set_new(line, "actor_name", name) == 0 && put_absent(context, line, error);
}

/* Facts may tell of the person: of what is restricted they are shown to nobody, as if they were erased. */
static void hide_facts(const History *self)
{
    size_t i;
    json_t *line;
    static const char *const kept[] = { "sequence", "event", "event_at", "actor_kind", "actor_name", "for_name" };
    json_array_foreach(self->recorded, i, line)
        json_object_del(line, "text");
    json_array_foreach(self->lines, i, line) {
        g_autoptr(json_t) bare = json_object();
        for (size_t name = 0; name < G_N_ELEMENTS(kept); name++)
            if (json_object_get(line, kept[name]))
                json_object_set(bare, kept[name], json_object_get(line, kept[name]));
        if (!says_why(json_text(line, "event")))
            json_array_set(self->lines, i, bare);
    }
}

static json_t *make_history(const SubjectTurn *turn, const char *subject, const char *made_of, GError **error)
{
    History history = { turn, json_array(), json_array(), false };
    g_autoptr(json_t) made = json_pack("{s:s, s:o, s:o}", "made_of", made_of, "history", history.lines, "recorded", history.recorded);
    if (!ledger_walk_subject(turn->context->db, turn->context->county, subject, add_line, &history, error))
        return NULL;
    if (history.is_restricted)
        hide_facts(&history);
    json_object_set_new(made, "is_restricted", json_boolean(history.is_restricted));
    return !turn->kind->explain || turn->kind->explain(turn, history.lines, error) ? g_steal_pointer(&made) : NULL;
}

/* Only an event changes a history, so it is cached with the number of the last one. A subject has one of SLOTS places, so that
 * the cache cannot grow; names of the staff are reference data, whose change empties it. */
static json_t *history_of(const SubjectTurn *turn, GError **error)
{
    enum { SLOTS = 128 };
    const Context *context = turn->context;
    g_autofree char *subject = subject_text(turn->kind, turn->present);
    g_autofree char *key = g_strdup_printf("history/%" PRId64 "/%d", subject_number(turn->kind, turn->present) % SLOTS, context->actor->kind);
    g_autofree char *made_of = g_strdup_printf("%s/%" PRId64, subject, subject_member(turn->present, turn->kind->events));
    json_t *cached = db_cache_get(context->db, context->county, key);
    if (strcmp(json_text(cached, "made_of"), made_of) == 0)
        return cached;
    json_decref(cached);
    json_t *made = make_history(turn, subject, made_of, error);
    db_cache_put(context->db, context->county, key, made);
    return made;
}

void subject_hide_codes(json_t *answer)
{
    size_t i;
    json_t *each, *lines[] = { json_deep_copy(json_object_get(answer, "history")), json_deep_copy(json_object_get(answer, "recorded")) };
    json_array_foreach(json_object_get(answer, "documents"), i, each)
        json_object_del(each, "code");
    json_array_foreach(lines[0], i, each)
        json_object_del(json_object_get(each, "document"), "code");
    json_array_foreach(lines[1], i, each)
        json_object_del(each, "text");
    json_object_set_new(answer, "history", lines[0]);
    json_object_set_new(answer, "recorded", lines[1]);
    json_object_set_new(answer, "hides_codes", json_true());
}

void subject_hide_former(json_t *answer, Instant since)
{
    size_t i;
    json_t *each, *documents = json_object_get(answer, "documents");
    if (!since)
        return;
    json_t *lines = json_deep_copy(json_object_get(answer, "history"));
    json_array_foreach(lines, i, each) if (json_number(each, "event_at") < since)
        json_object_del(json_object_get(each, "document"), "code");
    for (i = json_array_size(documents); i-- > 0;)
        if (json_number(json_array_get(documents, i), "made_at") < since)
            json_array_remove(documents, i);
    json_object_set_new(answer, "history", lines);
    json_object_set_new(answer, "has_documents", json_boolean(json_array_size(documents)));
}

bool subject_put_history(json_t *answer, const SubjectTurn *turn, GError **error)
{
    g_autoptr(json_t) history = history_of(turn, error);
    return history && json_object_set(answer, "is_restricted", json_object_get(history, "is_restricted")) == 0 &&
           json_object_set(answer, "history", json_object_get(history, "history")) == 0 &&
           json_object_set(answer, "recorded", json_object_get(history, "recorded")) == 0;
}
