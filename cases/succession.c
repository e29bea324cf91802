// SPDX-License-Identifier: Apache-2.0
#include "cases/succession.h"

#include "cases/fields.h"
#include "cases/life.h"
#include "cases/papers.h"

#include <string.h>

/* ---- what becomes of a case ---- */

static bool find_acting(const Context *context, const Case *self, int64_t *organ, int64_t *place, GError **error)
{
    return identity_acting(context->db, context->county, ABOUT_ORGAN, self->organ, organ, error) &&
           identity_acting(context->db, context->county, ABOUT_DIVISION, self->place, place, error);
}

bool succession_is_due(const SubjectTurn *turn, GError **error)
{
    int64_t organ, place;
    const Case *self = turn->present;
    return find_acting(turn->context, self, &organ, &place, error) &&
           (organ != self->organ || place != self->place || refuse(error, CONFLICT, "cases.not_now", "action", turn->rule->name, "state",
                                                                   case_state_names[self->state], NULL));
}

bool succession_take(const SubjectTurn *turn, void *record, GError **error)
{
    Case *next = record;
    int64_t organ, place;
    if (!find_acting(turn->context, next, &organ, &place, error))
        return false;
    if (organ != next->organ || place != next->place)
        next->unwritten |= PINNED_PART;
    next->organ = organ;
    next->place = place;
    return true;
}

/* Another system's histories are judged by their own days when they begin. */
bool succession_lets_in(const SubjectTurn *turn, GError **error)
{
    const Context *context = turn->context;
    const Case *self = turn->present;
    g_autoptr(GError) none = NULL;
    if (!case_may_tick(turn, error))
        return false;
    if (context->actor->kind == LOADER)
        return true;
    g_autoptr(Item) item = catalogue_item_on(context->db, context->county, self->item, day_of(context->now), &none);
    if (!item && !trouble_is(&none, NOT_FOUND, error))
        return false;
    return (item && !item->is_orphan) ||
           refuse(error, CONFLICT, "cases.item_ended", "item_name", self->item_name, "item_name_en", self->item_name_en, NULL);
}

/* ---- when the day comes ---- */

enum { LOOKED_AT = 2000 };

/* "organ/11" and "division/330482103201". */
static bool is_meant(const SuccessionRow *row, const char *subject)
{
    bool is_organ = g_str_has_prefix(subject, "organ/");
    int64_t of = g_ascii_strtoll(strchr(subject, '/') + 1, NULL, 10);
    return (is_organ ? row->organ : row->place) == of && row->state > DRAFT && row->state < CLOSED;
}

/* Both names of what has gone into another, as the event tells the old one for good. */
static bool add_names(const Context *context, enum reform_about about, int64_t of, GString *out, GError **error)
{
    int64_t acting;
    if (!identity_acting(context->db, context->county, about, of, &acting, error))
        return false;
    g_autofree char *subject = g_strdup_printf("%s/%" PRId64, reform_about_names[about], of);
    g_autofree char *names = acting == of ? g_strdup("") : identity_acting_names(context, subject, error);
    if (names && *names)
        g_string_append_printf(out, "%s%s", out->len ? "；" : "", names);
    return names != NULL;
}

static bool move(const Context *context, const SuccessionRow *row, GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL);
    if (!add_names(context, ABOUT_ORGAN, row->organ, names, error) || !add_names(context, ABOUT_DIVISION, row->place, names, error))
        return false;
    const SubjectInput input = { .seen = -1, .reason = names->str };
    return case_act(context, row->number, SUCCEED, &input, NULL, error);
}

bool succession_goes_on(const Context *context, const char *subject, Instant at, GError **error)
{
    int64_t after;
    (void)at;
    g_autoptr(GArray) rows = succession_after(context, subject, &after, error) ? succession_rows(context, after, LOOKED_AT, error) : NULL;
    for (guint i = 0; rows && i < rows->len; i++) {
        const SuccessionRow *row = &g_array_index(rows, SuccessionRow, i);
        if (is_meant(row, subject) && !move(context, row, error))
            return false;
    }
    if (!rows)
        return false;
    bool is_last = rows->len < LOOKED_AT;
    return succession_note(context, subject, is_last ? 0 : g_array_index(rows, SuccessionRow, rows->len - 1).number, error) &&
           (is_last || timer_set(context, subject, CASE_SUCCESSION, context->now, error));
}

bool succession_hear(const Context *context, const SubjectChange *change, GError **error)
{
    const Event *event = change->event;
    bool is_organ = strcmp(event->kind, "organ.ended") == 0, runs = false;
    if (!is_organ && strcmp(event->kind, "division.ended") != 0)
        return true;
    g_autoptr(json_t) facts = json_loads(event->payload, 0, NULL);
    if (json_number(facts, "successor"))
        return timer_set(context, event->subject, CASE_SUCCESSION, context->now, error);
    return case_runs_at(context, event->organ, &runs, error) && (!runs || refuse(error, CONFLICT, "cases.organ_runs", NULL));
}
