// SPDX-License-Identifier: Apache-2.0
/* Subjects beside a case: noted when it begins, told on the case's page, erased and restricted in its use with the case. */
#include "subject/private.h"

#include <string.h>

/* The states from which the system may end by that event what the record tells of persons. */
static uint32_t states_before(const SubjectKind *kind, const char *event)
{
    uint32_t states = 0;
    for (size_t i = 0; i < kind->rule_count; i++) {
        const SubjectRule *rule = subject_rule(kind, i);
        states |= (rule->relations & BY_SYSTEM) && strcmp(rule->event, event) == 0 ? rule->from : 0;
    }
    return states;
}

const char *beside_wrong(const SubjectKind *kind)
{
    bool is_personal = false;
    uint32_t all = (uint32_t)((UINT64_C(1) << g_strv_length((char **)(uintptr_t)kind->states)) - 1);
    for (size_t i = 0; i < kind->record->count; i++)
        is_personal |= (kind->record->columns[i].flags & RECORD_PERSONAL) != 0;
    bool goes_along = (states_before(kind, LEDGER_ERASED) & states_before(kind, LEDGER_RESTRICTED)) == all;
    if (!kind->is_beside)
        return NULL;
    if (!kind->holder)
        return "is beside a case, but names none";
    return is_personal && !goes_along ? "is beside a case and tells of persons, but cannot always be erased and restricted" : NULL;
}

bool subject_restrict(const SubjectTurn *turn, void *record, GError **error)
{
    (void)error;
    if (turn->kind->restricted)
        *(int64_t *)(void *)((char *)record + turn->kind->restricted) = 1;
    return true;
}

/* A case is its own holder. */
static bool is_case(const SubjectKind *kind)
{
    return !kind->is_beside && kind->holder == record_key(kind->record)->offset;
}

static bool follow_case(const Context *context, const SubjectChange *change, GError **error)
{
    bool done;
    const char *day;
    g_autoptr(json_t) payload = json_loads(change->event->payload, 0, NULL);
    const json_t *facts = json_object_get(payload, "facts");
    const bool restricts = strcmp(change->event->kind, LEDGER_RESTRICTED) == 0;
    day = json_text(facts, "day");
    const SubjectInput input = { .seen = -1, .reason = json_text(facts, "reason"), .day = restricts ? day_parse(day) : 0 };
    g_autoptr(GPtrArray) subjects = subject_beside_of(context, subject_number(change->kind, change->after), error);
    Context as_system = *context;
    as_system.actor = &(Actor){ .kind = SYSTEM, .name = "" };
    for (guint i = 0; subjects && i < subjects->len; i++)
        if (!subject_take_away(&as_system, subjects->pdata[i], &input, false, &done, error))
            return false;
    return subjects != NULL;
}

bool subject_keep_beside(const Context *context, const SubjectChange *change, GError **error)
{
    const SubjectKind *kind = change->kind;
    int64_t begins = kind && kind->is_beside && !change->before ? subject_member(change->after, kind->holder) : 0;
    if (begins)
        return beside_insert(context, begins, kind, subject_number(kind, change->after), error);
    return !kind || !is_case(kind) || !subject_takes_away(change->event->kind) || follow_case(context, change, error);
}

/* ---- on the case's page ---- */

static const SubjectKind *kind_of_cases(const Context *context)
{
    for (const Room *const *room = context->rooms; *room; room++)
        for (const SubjectKind *const *kind = (*room)->subjects; kind && *kind; kind++)
            if ((*kind)->own_since && is_case(*kind))
                return *kind;
    return NULL;
}

bool subject_own_since(const Context *context, const SubjectKind *kind, const void *present,
                       Instant *since, GError **error)
{
    const SubjectKind *cases = kind_of_cases(context);
    int64_t number = kind->is_beside ? subject_member(present, kind->holder) : 0;
    *since = 0;
    if (context->actor->kind != HOLDER || !cases || !number)
        return true;
    g_autofree char *of = g_malloc0(cases->record->size);
    bool read = subject_load(context->db, context->county, cases, number, of, error);
    if (read)
        *since = cases->own_since(context->actor, of);
    record_clear(cases->record, of);
    return read;
}

static bool tell(const Context *context, const char *subject, json_t *list, GError **error)
{
    bool found;
    int64_t number;
    const SubjectKind *kind = subject_named(context->rooms, subject, &number);
    if (!kind)
        return fault(error, "%s is of no kind that this program knows", subject);
    g_autofree char *self = g_malloc0(kind->record->size);
    bool read = record_load(context->db, context->county, kind->record, number, self, &found, error);
    if (read && found && (!kind->may_see || kind->may_see(context->actor, self))) {
        g_autofree char *grouped = subject_number_grouped(number), *path = subject_path(kind, number, context->actor->kind);
        json_t *row = json_pack("{s:s, s:s, s:s*, s:s}", "about", kind->name, "subject_number", grouped, "subject_path", path, "state",
                                kind->states[subject_member(self, kind->state)]);
        json_array_append_new(list, row);
        read = !kind->tell_beside || kind->tell_beside(context, self, row, error);
    }
    record_clear(kind->record, self);
    return read;
}

/* One of a kind of which there is one at a time is open. */
static bool has_open(const SubjectKind *kind, const json_t *list)
{
    size_t i;
    json_t *row;
    json_array_foreach((json_t *)(uintptr_t)list, i, row)
        if (strcmp(json_text(row, "about"), kind->name) == 0 && kind->one_open & 1u << name_place(kind->states, json_text(row, "state")))
            return true;
    return false;
}

/* The ways to begin what the actor may begin beside the case. */
static json_t *offers(const Context *context, const void *of, int64_t case_number, const json_t *beside)
{
    json_t *list = json_array();
    for (const Room *const *room = context->rooms; room && *room; room++)
        for (const SubjectKind *const *kind = (*room)->subjects; kind && *kind; kind++) {
            const char *base = (*kind)->paths[context->actor->kind == STAFF ? STAFF : HOLDER];
            if ((*kind)->may_begin && base && !has_open(*kind, beside) && (*kind)->may_begin(context, of))
                json_array_append_new(list, json_pack("{s:s, s:o}", "beginning", (*kind)->name, "path", json_sprintf("%s/of/%" PRId64, base, case_number)));
        }
    return list;
}

bool subject_put_beside(const Context *context, const void *of, int64_t case_number, json_t *answer, GError **error)
{
    json_t *list = json_array();
    json_object_set_new(answer, "beside", list);
    g_autoptr(GPtrArray) subjects = subject_beside_of(context, case_number, error);
    for (guint i = 0; subjects && i < subjects->len; i++)
        if (!tell(context, subjects->pdata[i], list, error))
            return false;
    json_t *ways = offers(context, of, case_number, list);
    json_object_set_new(answer, "beside_offers", ways);
    json_object_set_new(answer, "has_beside", json_boolean(json_array_size(list) || json_array_size(ways)));
    return subjects != NULL;
}

/* ---- for its decision ---- */

static bool cite(const Context *context, const char *subject, const char *item, char **out, GError **error)
{
    int64_t number;
    const SubjectKind *kind = subject_named(context->rooms, subject, &number);
    if (!kind || !kind->cited)
        return true;
    g_autofree char *self = g_malloc0(kind->record->size);
    bool read = subject_load(context->db, context->county, kind, number, self, error);
    bool is_of_it = read && kind->item && strcmp(*(char **)((char *)self + kind->item), item) == 0;
    *out = is_of_it ? kind->cited(self) : NULL;
    record_clear(kind->record, self);
    return read;
}

bool subject_cited(const Context *context, int64_t case_number, const char *item, char **out, GError **error)
{
    *out = NULL;
    g_autoptr(GPtrArray) subjects = subject_beside_of(context, case_number, error);
    for (guint i = 0; subjects && i < subjects->len && !*out; i++)
        if (!cite(context, subjects->pdata[i], item, out, error))
            return false;
    return subjects != NULL;
}
