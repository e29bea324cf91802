// SPDX-License-Identifier: Apache-2.0
/* The one way to take an action: judge by the table, append the event, write the document, tell the listeners, all in the
 * caller's transaction. */
#include "subject/subject.h"

#include "subject/private.h"

#include "identity/identity.h"
#include "timers/timers.h"

#include <limits.h>
#include <string.h>

/* ---- the members that every record has ---- */

static void *member_at(void *self, size_t offset)
{
    return (char *)self + offset;
}

int64_t subject_number(const SubjectKind *kind, const void *self)
{
    return subject_member(self, record_key(kind->record)->offset);
}

char *subject_text(const SubjectKind *kind, const void *self)
{
    return g_strconcat(kind->name, "/", DECIMAL(subject_number(kind, self)), NULL);
}

bool subject_draw_number(const Context *context, const SubjectKind *kind, Day day, int64_t *number, GError **error)
{
    int year, month, of_month;
    int64_t serial;
    day_split(day, &year, &month, &of_month);
    int64_t date = (int64_t)(year % 100) * 10000 + month * 100 + of_month;
    g_autofree char *series = g_strdup_printf("%s-%06" PRId64, kind->name, date);
    if (!db_next_id(context->db, context->county, series, &serial, error))
        return false;
    if (serial > 999999)
        return fault(error, "more than 999,999 numbers of the kind %s on one day", kind->name);
    *number = (context->county * 1000000 + date) * 1000000 + serial;
    return true;
}

/* ---- rules ---- */

const SubjectRule *subject_rule(const SubjectKind *kind, size_t place)
{
    return place < kind->rule_count ? (const void *)((const char *)kind->rules + place * kind->rule_size) : NULL;
}

const SubjectRule *subject_rule_named(const SubjectKind *kind, const char *name)
{
    for (size_t i = 0; i < kind->rule_count; i++)
        if (strcmp(subject_rule(kind, i)->name, name) == 0)
            return subject_rule(kind, i);
    return NULL;
}

const SubjectRule *subject_rule_of(const SubjectKind *kind, const Event *event)
{
    for (size_t i = 0; i < kind->rule_count; i++)
        if (strcmp(subject_rule(kind, i)->event, event->kind) == 0)
            return subject_rule(kind, i);
    return NULL;
}

size_t subject_rule_place(const SubjectKind *kind, const SubjectRule *rule)
{
    return rule ? (size_t)((const char *)rule - (const char *)kind->rules) / kind->rule_size : kind->rule_count;
}

enum { STATES_MOST = 32 }; /* bits of SubjectRule.from */

static int state_count(const SubjectKind *kind)
{
    return (int)g_strv_length((char **)(uintptr_t)kind->states);
}

static const char *wrong_with(const SubjectKind *kind, const SubjectRule *rule)
{
    uint32_t states = (uint32_t)((UINT64_C(1) << state_count(kind)) - 1);
    if (rule->from & ~states)
        return "starts from a state that does not exist";
    if (rule->to != SUBJECT_STAYS && (rule->to < 0 || rule->to >= state_count(kind)))
        return "leads to a state that does not exist";
    if (subject_rule_named(kind, rule->name) != rule)
        return "has the name of another rule";
    if (rule->document && !kind->document)
        return "has a document, but the kind says nothing for one";
    if (rule->certificate && !rule->document)
        return "has a certificate, but no document that decides on it";
    return rule->event ? NULL : "has no event";
}

bool subject_check(const SubjectKind *kind, GError **error)
{
    if (!record_check(kind->record, error))
        return false;
    const char *beside = beside_wrong(kind);
    if (beside)
        return fault(error, "kind %s %s", kind->name, beside);
    if (state_count(kind) > STATES_MOST)
        return fault(error, "kind %s has more than %d states", kind->name, STATES_MOST);
    for (size_t i = 0; i < kind->rule_count; i++) {
        const SubjectRule *rule = subject_rule(kind, i);
        const char *wrong = wrong_with(kind, rule);
        if (wrong)
            return fault(error, "kind %s: rule %s %s", kind->name, rule->name, wrong);
    }
    return true;
}

/* ---- judging ---- */

static bool is_empty(const char *text)
{
    return !text || !*text;
}

/* The kind's own sentence for a refusal that every kind knows. Owned by the caller. */
static char *reason_of(const SubjectKind *kind, const char *reason)
{
    return g_strdup_printf("%s.%s", kind->words, reason);
}

/* Adds the fields of the kind's own that the rule needs and nobody has filled in, so that they are told with the others; gives the sentence
 * of the first of them, NULL where it has none of its own. */
static const char *add_own_missing(const SubjectTurn *turn, GPtrArray *missing)
{
    const char *sentence = NULL;
    for (const Field *each = turn->kind->fields; each && each->name; each++) {
        const json_t *value = json_object_get(turn->input->fields, each->name);
        bool is_given = *json_text(turn->input->fields, each->name) || json_is_true(value) || json_is_integer(value) || json_array_size(value);
        if ((each->need & turn->rule->needs & (TAKES_OWN - 1u)) >= NEED_OWN && !is_given) {
            sentence = missing->len ? sentence : each->missing;
            g_ptr_array_add(missing, (char *)(uintptr_t)each->name);
        }
    }
    return sentence;
}

/* Fields of a form that are asked for in place of papers. */
static bool asks_else(const SubjectInput *input)
{
    return json_object_size(json_object_get(input->fields, "ask")) || json_object_size(json_object_get(input->fields, "remark"));
}

static bool has_needs(const SubjectTurn *turn, GError **error)
{
    const SubjectInput *input = turn->input;
    const struct { unsigned need; bool missing; const char *field; } needs[] = {
        { NEED_OPINION, is_empty(input->opinion), "opinion" },
        { NEED_REASON, is_empty(input->reason), "reason" },
        { NEED_BASIS, is_empty(input->basis), "basis" },
        { NEED_MATERIALS, json_array_size(input->materials) == 0, "materials" },
        { ASKS_MATERIALS, json_array_size(input->materials) == 0 && !asks_else(input), "materials" },
        { NEED_SPECIAL, is_empty(input->special), "special" },
        { NEED_DAYS, input->days < 1, "days" },
        { NEED_DAY, input->day == 0, "day" },
        { NEED_LEVEL, input->level < 1 || input->level > 5, "level" },
        { NEED_PAPERS, input->upload_count == 0, "papers" },
        { NEED_ORGAN, is_empty(input->organ), "organ" },
    };
    g_autoptr(GPtrArray) missing = g_ptr_array_new();
    for (size_t i = 0; i < G_N_ELEMENTS(needs); i++)
        if ((turn->rule->needs & needs[i].need) && needs[i].missing)
            g_ptr_array_add(missing, (char *)(uintptr_t)needs[i].field);
    const char *own = add_own_missing(turn, missing);
    if (!missing->len)
        return true;
    g_ptr_array_add(missing, NULL);
    g_autofree char *needed = reason_of(turn->kind, "needed"), *further = g_strjoinv(",", (char **)missing->pdata + 1);
    return refuse_field(error, missing->pdata[0], own ? own : needed, *further ? "further" : NULL, further, NULL);
}

bool subject_is_open(const SubjectTurn *turn)
{
    int64_t state = subject_member(turn->present, turn->kind->state);
    return (turn->rule->from & (UINT32_C(1) << state)) && (!turn->kind->is_open || turn->kind->is_open(turn));
}

bool subject_is_entitled(const Actor *actor, const SubjectKind *kind, const void *present, const SubjectRule *rule, int64_t county)
{
    int64_t whole = division_county(county);
    switch (actor->kind) {
    case SYSTEM: return rule->relations & BY_SYSTEM;
    case HOLDER: return (rule->relations & BY_HOLDER) && identity_holds(actor, subject_member(present, kind->holder));
    case STAFF:
        return ((rule->relations & BY_ITS_ORGAN) && identity_may(actor, rule->roles, subject_member(present, kind->organ), whole)) ||
               ((rule->relations & BY_KEEPER) && identity_may(actor, SECURITY_ADMINISTRATOR, CENTRE_ORGAN, whole));
    default: return false;
    }
}

bool subject_lets(const SubjectTurn *turn)
{
    const SubjectKind *kind = turn->kind;
    const Context *context = turn->context;
    return kind->is_entitled ? kind->is_entitled(context->actor, turn->present, turn->rule, context->county)
                             : subject_is_entitled(context->actor, kind, turn->present, turn->rule, context->county);
}

const char *subject_law(const SubjectTurn *turn)
{
    return turn->rule->law && turn->kind->law ? turn->kind->law(turn) : turn->rule->law;
}

static bool is_entitled(const SubjectTurn *turn, GError **error)
{
    if (subject_lets(turn))
        return true;
    g_autofree char *not_yours = reason_of(turn->kind, "not_yours");
    const char *law = subject_law(turn);
    return refuse(error, NOT_ALLOWED, not_yours, "action", turn->rule->name, law ? "law" : NULL, law, NULL);
}

static bool is_open_now(const SubjectTurn *turn, GError **error)
{
    if (subject_is_open(turn))
        return true;
    g_autofree char *not_now = reason_of(turn->kind, "not_now");
    const char *state = turn->kind->states[subject_member(turn->present, turn->kind->state)], *law = subject_law(turn);
    return refuse(error, CONFLICT, not_now, "action", turn->rule->name, "state", state, law ? "law" : NULL, law, NULL);
}

static bool judge(const SubjectTurn *turn, GError **error)
{
    return is_entitled(turn, error) && subject_is_fresh(turn, error) && is_open_now(turn, error) && has_needs(turn, error) &&
           (!turn->rule->guard || turn->rule->guard(turn, error));
}

static bool follow(const SubjectTurn *turn, void *next, GError **error)
{
    const SubjectKind *kind = turn->kind;
    record_copy(kind->record, turn->present, next);
    if (turn->rule->to != SUBJECT_STAYS)
        *(int64_t *)member_at(next, kind->state) = turn->rule->to;
    *(unsigned *)member_at(next, kind->unwritten) |= kind->always_group;
    return (!turn->rule->effect || turn->rule->effect(turn, next, error)) && (!kind->follow || kind->follow(turn, next, error));
}

/* ---- writing ---- */

static json_t *facts_of(const SubjectTurn *turn)
{
    const SubjectRule *rule = turn->rule;
    const SubjectInput *input = turn->input;
    const struct { unsigned needs; const char *name, *text; } texts[] = {
        { NEED_OPINION | TAKES_OPINION, "opinion", input->opinion }, { NEED_REASON, "reason", input->reason },
        { NEED_BASIS | TAKES_BASIS, "basis", input->basis }, { NEED_SPECIAL, "special", input->special },
        { NEED_ORGAN | TAKES_ORGAN, "organ", input->organ }, { NEED_PAPERS, "material", input->material },
    };
    json_t *facts = json_object();
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        json_put_text(facts, texts[i].name, rule->needs & texts[i].needs ? texts[i].text : NULL);
    json_put_text(facts, "basis", subject_takes_away(rule->event) ? rule->law : NULL);
    if (rule->needs & NEED_DAYS)
        json_object_set_new(facts, "days", json_integer(input->days));
    if (rule->needs & NEED_DAY)
        json_put_day(facts, "day", input->day);
    if (rule->needs & NEED_LEVEL)
        json_object_set_new(facts, "level", json_integer(input->level));
    if (input->materials && (rule->needs & (NEED_MATERIALS | TAKES_MATERIALS | ASKS_MATERIALS)))
        json_object_set(facts, "materials", (json_t *)input->materials);
    if (input->loaded)
        json_object_set(facts, "loaded", (json_t *)input->loaded);
    json_object_update(facts, input->further);
    int64_t absent = subject_absent(turn);
    if (absent)
        json_object_set_new(facts, "for_staff", json_integer(absent));
    return facts;
}

bool subject_keep_papers(const SubjectTurn *turn, const char *subject, json_t *facts, GError **error)
{
    if (!turn->input->upload_count)
        return true;
    if (!(turn->rule->needs & NEED_PAPERS))
        return refuse_field(error, "papers", "subject.no_papers_here", NULL);
    json_t *kept = json_array();
    json_object_set_new(facts, "papers", kept);
    for (size_t i = 0; i < turn->input->upload_count; i++) {
        json_t *paper = files_keep(turn->context, &turn->input->uploads[i], subject, turn->input->material, error);
        if (!paper)
            return false;
        json_object_del(paper, "name"); /* a file's name may name a person */
        json_array_append_new(kept, paper);
    }
    return true;
}

int64_t subject_organ(const SubjectKind *kind, const void *self)
{
    return kind->organ ? subject_member(self, kind->organ) : CENTRE_ORGAN;
}

static bool write_documents(const SubjectTurn *turn, const char *subject, void *next, json_t *facts, GError **error)
{
    if (!turn->rule->document || turn->input->loaded)
        return true;
    const char *const named[] = { turn->kind->document_kind ? turn->kind->document_kind(turn) : turn->rule->document, turn->rule->certificate };
    int64_t organ = subject_organ(turn->kind, next);
    int64_t sequence = subject_member(next, turn->kind->events) + 1;
    g_autofree char *content = turn->kind->document(turn, next, error);
    for (size_t i = 0; content && i < G_N_ELEMENTS(subject_papers) && named[i]; i++) {
        json_t *made = files_document(turn->context, named[i], subject, sequence, organ, content, error);
        if (!made || json_object_set_new(facts, subject_papers[i], made) != 0)
            return false;
    }
    return content != NULL;
}

static void append_member(GString *out, const char *name, const char *json)
{
    json_write_key(out, name);
    g_string_append(out, json);
}

/* Canonical JSON: {"change", "facts", the record's trail, "private"}. `secret` is the hash of the private part, or NULL.
 * Owned by the caller. */
static char *payload_of(const Record *record, const char *facts, const char *secret, const void *before, const void *after)
{
    GString *out = g_string_sized_new(512);
    json_write_key(g_string_append_c(out, '{'), "change");
    record_write_change(record, out, RECORD_PUBLIC_PART, before, after);
    append_member(out, "facts", facts ? facts : "{}");
    if (record->trail) {
        g_autofree char *grown = record->trail->write(before, after);
        json_write_key(out, record->trail->name);
        json_write_text(out, grown);
    }
    if (secret) {
        json_write_key(out, "private");
        json_write_text(out, secret);
    }
    g_string_append_c(out, '}');
    return g_string_free(out, FALSE);
}

/* `before` is a record of empty columns where the subject begins. */
bool subject_record(const Context *context, const char *kind, const char *facts, SubjectChange *change, const void *before,
                    void *after, GError **error)
{
    const SubjectKind *of = change->kind;
    int64_t *events = member_at(after, of->events);
    SubjectHead *head = member_at(after, of->head);
    g_autofree char *subject = subject_text(of, after), *secret = NULL;
    if (!private_keep(context, of->record, subject, *events + 1, before, after, &secret, error))
        return false;
    g_autofree char *payload = payload_of(of->record, facts, secret, before, after);
    bool is_holder = context->actor->kind == HOLDER && of->holder; /* of several cases, the one of this subject's acts */
    Event event = { .subject = subject, .kind = kind, .actor_kind = context->actor->kind,
                    .actor = is_holder ? subject_member(after, of->holder) : context->actor->id,
                    .at = context->now, .payload = payload, .item = of->item ? *(char **)member_at(after, of->item) : "",
                    .organ = subject_organ(of, after),
                    .division = of->division ? subject_member(after, of->division) : division_county(context->county),
                    .version = of->is_of_person ? EVENT_PERSONAL : EVENT_PLAIN };
    head->sequence = *events;
    if (!ledger_append_next(context, &event, head, error))
        return false;
    *events = event.sequence;
    change->event = &event;
    return rooms_tell(context, change, error);
}

/* Personal data and salts go after the event that says so has told of it. */
static bool forget(const Context *context, const SubjectKind *kind, void *self, const char *subject, GError **error)
{
    SubjectHead *head = member_at(self, kind->head);
    head->is_known = false;
    *(unsigned *)member_at(self, kind->unwritten) |= record_forget(kind->record, self);
    return rooms_forget(context, subject, error) && ledger_forget(context, subject, error);
}

static bool record_turn(const SubjectTurn *turn, void *next, GError **error)
{
    if (subject_is_draft(turn->kind, next))
        return subject_take_draft(turn, next, error);
    g_autofree char *subject = subject_text(turn->kind, next), *text = NULL;
    g_autoptr(json_t) facts = facts_of(turn);
    SubjectChange change = { NULL, turn->kind, turn->rule, turn->present, next };
    if (!subject_keep_papers(turn, subject, facts, error) || !write_documents(turn, subject, next, facts, error))
        return false;
    text = json_object_size(facts) ? json_canonical(facts) : NULL;
    if (!subject_record(turn->context, turn->rule->event, text, &change, turn->present, next, error))
        return false;
    if (strcmp(turn->rule->event, LEDGER_RESTRICTED) == 0)
        return ledger_restrict(turn->context, subject, error);
    return strcmp(turn->rule->event, LEDGER_ERASED) != 0 || forget(turn->context, turn->kind, next, subject, error);
}

/* ---- the whole way ---- */

bool subject_take(const Context *context, const SubjectKind *kind, void *self, const SubjectRule *rule,
                  const SubjectInput *input, const void *work, GError **error)
{
    const SubjectTurn turn = { context, kind, rule, self, input, work };
    if (!judge(&turn, error) || !subject_hand_in(&turn, self, error))
        return false;
    g_autofree char *next = g_malloc(kind->record->size);
    bool taken = follow(&turn, next, error) && record_turn(&turn, next, error);
    record_clear(kind->record, taken ? self : next);
    if (taken)
        memcpy(self, next, kind->record->size);
    return taken;
}

bool subject_save(const Context *context, const SubjectKind *kind, void *self, GError **error)
{
    unsigned *unwritten = member_at(self, kind->unwritten);
    record_fold(kind->record, *unwritten & RECORD_WHOLE ? UINT_MAX : *unwritten, self);
    bool saved = *unwritten & RECORD_WHOLE ? record_insert(context->db, context->county, kind->record, self, error)
                                           : record_update(context->db, context->county, kind->record, *unwritten, self, error);
    *unwritten = 0;
    return saved;
}

/* With the head of `subject`, unless that is NULL. */
static bool load(Db *db, int64_t county, const SubjectKind *kind, int64_t number, const char *subject, void *out, GError **error)
{
    bool found;
    return record_load_to_act(db, county, kind->record, number, subject, out, member_at(out, kind->head), &found, error) &&
           (found || refuse(error, NOT_FOUND, kind->none, NULL));
}

bool subject_load(Db *db, int64_t county, const SubjectKind *kind, int64_t number, void *out, GError **error)
{
    return load(db, county, kind, number, NULL, out, error);
}

static bool load_to_act(const Context *context, const SubjectKind *kind, int64_t number, void *out, GError **error)
{
    g_autofree char *subject = g_strconcat(kind->name, "/", DECIMAL(number), NULL);
    return load(context->db, context->county, kind, number, subject, out, error);
}

static bool take_and_save(const Context *context, const SubjectKind *kind, void *self, const SubjectRule *rule,
                          const SubjectInput *input, GError **error)
{
    bool taken = kind->take ? kind->take(context, self, rule, input, error)
                            : subject_take(context, kind, self, rule, input, NULL, error);
    return taken && subject_save(context, kind, self, error);
}

bool subject_act(const Context *context, const SubjectKind *kind, int64_t number, const SubjectRule *rule,
                 const SubjectInput *input, void *out, GError **error)
{
    return load_to_act(context, kind, number, out, error) && take_and_save(context, kind, out, rule, input, error);
}

/* ---- by itself ---- */

static Instant due(const SubjectKind *kind, const void *self)
{
    const SubjectRule *rule;
    return self ? kind->due(self, &rule) : 0;
}

bool subject_keep_timer(const Context *context, const SubjectChange *change, GError **error)
{
    const SubjectKind *kind = change->kind;
    if (!kind || !kind->timer)
        return true;
    Instant was = due(kind, change->before), at = due(kind, change->after);
    /* The system's own timer has been taken away: the next instant may be the same, already past. */
    bool stays = at == was && (!at || context->actor->kind != SYSTEM);
    return stays || timer_move(context, change->event->subject, kind->timer, was, at, error);
}

bool subject_timer_rang(const Context *context, const char *subject, Instant at, GError **error)
{
    int64_t number;
    (void)at;
    const SubjectInput input = { .seen = -1, .reason = "term_over" };
    const SubjectKind *kind = subject_named(context->rooms, subject, &number);
    if (!kind)
        return fault(error, "the timer of %s", subject);
    g_autofree char *self = g_malloc0(kind->record->size);
    const SubjectRule *rule;
    bool taken = load_to_act(context, kind, number, self, error);
    if (taken) {
        kind->due(self, &rule);
        taken = take_and_save(context, kind, self, rule, &input, error);
    }
    record_clear(kind->record, self);
    return taken;
}
