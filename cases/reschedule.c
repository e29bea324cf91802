// SPDX-License-Identifier: Apache-2.0
/* A new calendar of working days (工作日历): the limits of all open cases, computed by it in the transaction that keeps it,
 * so that no case is ever left on an old one. The members of an event's "moved":
 *   calendar (the version), due_from_day, due_to_day (by when the present holder must act), limit_from_day, limit_to_day
 *   (the statutory limit), in_time: true (it had been noted as passed, and is not). */
#include "cases/answer.h"
#include "cases/life.h"
#include "cases/papers.h"
#include "cases/store.h"

#include <string.h>

enum { SHOWN = 20 };

static const Actor the_system = { .kind = SYSTEM, .name = "" };

/* ---- what moves ---- */

typedef struct Moves {
    const Context *context;
    const Calendar *calendar;
    bool (*each)(struct Moves *self, const Case *before, Case *after, GError **error);
    int64_t open, moved;
    json_t *shown; /* the first of them; NULL where nobody looks */
} Moves;

/* `after` shares the texts of `before`. */
static bool move_one(Moves *self, const Case *before, GError **error)
{
    Case after = *before;
    life_reschedule(&after, self->calendar, self->context->now);
    self->open++;
    if (after.due_at == before->due_at && after.alarm_at == before->alarm_at && after.overdue == before->overdue)
        return true;
    self->moved++;
    return self->each(self, before, &after, error);
}

static bool move_all(Moves *self, GError **error)
{
    const Context *context = self->context;
    g_autoptr(GArray) numbers = case_limited(context->db, context->county, error);
    for (guint i = 0; numbers && i < numbers->len; i++) {
        g_auto(Case) present = { 0 };
        if (!case_load(context->db, context->county, g_array_index(numbers, int64_t, i), &present, error) ||
            !move_one(self, &present, error))
            return false;
    }
    return numbers != NULL;
}

static void put_days(json_t *moved, const char *from_name, Day from, const char *to_name, Day to)
{
    char text[DAY_TEXT];
    if (from == to)
        return;
    json_object_set_new(moved, from_name, json_string(day_text(from, text)));
    json_object_set_new(moved, to_name, json_string(day_text(to, text)));
}

/* The system acts on the day after the limit. */
static Day limit_of(const Case *self)
{
    return self->alarm_at ? day_of(self->alarm_at) - 1 : DAY_NONE;
}

static json_t *moved_json(const Moves *self, const Case *before, const Case *after)
{
    json_t *moved = json_pack("{s:I}", "calendar", calendar_version(self->calendar));
    put_days(moved, "due_from_day", day_of(before->due_at), "due_to_day", day_of(after->due_at));
    if (before->alarm_at && after->alarm_at && after->state != RECEIVED) /* at the intake it is one and the same limit */
        put_days(moved, "limit_from_day", limit_of(before), "limit_to_day", limit_of(after));
    if (before->overdue != after->overdue)
        json_object_set_new(moved, "in_time", json_true());
    return moved;
}

/* ---- writing ---- */

static bool record(Moves *self, const Case *before, Case *after, GError **error)
{
    Context as_system = *self->context;
    as_system.actor = &the_system;
    g_autoptr(json_t) facts = json_pack("{s:o}", "moved", moved_json(self, before, after));
    CaseTurn turn = { before, after, RESCHEDULE, self->context->now };
    return case_append(&as_system, case_rules[RESCHEDULE].event, facts, before, after, error) &&
           case_tell(&as_system, &turn, error) && case_move(&as_system, after, error);
}

/* ---- showing ---- */

static bool show(Moves *self, const Case *before, Case *after, GError **error)
{
    (void)error;
    if (json_array_size(self->shown) == SHOWN)
        return true;
    g_autofree char *number = g_strdup_printf("%" PRId64, before->number), *grouped = case_number_grouped(before->number);
    json_t *line = moved_json(self, before, after);
    json_object_set_new(line, "number", json_string(number));
    json_object_set_new(line, "number_grouped", json_string(grouped));
    json_object_set_new(line, "item_name", json_string(before->item_name));
    json_object_set_new(line, "item_name_en", json_string(before->item_name_en));
    return json_array_append_new(self->shown, line) == 0;
}

static json_t *days_json(const Calendar *before, const Calendar *after)
{
    json_t *days = json_array();
    g_autoptr(GArray) changes = calendar_differences(before, after);
    for (guint i = 0; i < changes->len; i++) {
        char text[DAY_TEXT];
        const CalendarDay *change = &g_array_index(changes, CalendarDay, i);
        json_array_append_new(days, json_pack("{s:s, s:b, s:b, s:s}", "day", day_text(change->day, text), "works",
                                              change->works, "moved", change->is_moved, "name", change->name));
    }
    return days;
}

static json_t *answer(const Moves *self, const Calendar *before)
{
    json_t *days = days_json(before, self->calendar);
    return json_pack("{s:I, s:b, s:o, s:I, s:I, s:O*}", "version", calendar_version(self->calendar), "same",
                     json_array_size(days) == 0, "days", days, "open", self->open, "moved", self->moved, "moves", self->shown);
}

/* ---- telling why ---- */

enum { DAYS_TOLD = 6 };

/* Days are written so that their texts have their order. */
static const char *last_day(const json_t *moved)
{
    static const char *const names[] = { "due_from_day", "due_to_day", "limit_from_day", "limit_to_day" };
    const char *last = "";
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(json_text(moved, names[i]), last) > 0)
            last = json_text(moved, names[i]);
    return last;
}

static json_t *days_between(const json_t *days, const char *from, const char *to)
{
    json_t *between = json_array();
    size_t i;
    json_t *day;
    json_array_foreach((json_t *)days, i, day)
        if (json_flag(day, "moved") && strcmp(json_text(day, "day"), from) > 0 && strcmp(json_text(day, "day"), to) <= 0)
            json_array_append(between, day);
    json_object_set_new(json_array_get(between, json_array_size(between) - 1), "last", json_true());
    return between;
}

bool reschedule_explain(const Context *context, const Case *self, json_t *moved, GError **error)
{
    char since[DAY_TEXT];
    g_autofree char *subject = g_strdup_printf("calendar/%" PRId64, json_number(moved, "calendar"));
    g_autoptr(json_t) events = ledger_events(context->db, context->county, subject, 0, error);
    if (!events)
        return false;
    const json_t *days = json_object_get(json_object_get(json_array_get(events, 0), "payload"), "days");
    json_t *told = days_between(days, self->mark_count ? day_text(day_of(self->marks[0].at), since) : "", last_day(moved));
    json_object_set_new(moved, "has_days", json_boolean(json_array_size(told) && json_array_size(told) <= DAYS_TOLD));
    return json_object_set_new(moved, "days", told) == 0;
}

/* ---- the change ---- */

static Calendar *present(const Context *context, const CalendarTable *table, GError **error)
{
    Calendar *before = calendar_load(context->db, context->county, error);
    if (!before || !table->seen || table->seen == calendar_version(before))
        return before;
    g_autofree char *version = g_strdup_printf("%" PRId64, calendar_version(before));
    calendar_unref(before);
    return refuse(error, CONFLICT, "cases.calendar_stale", "version", version, NULL);
}

json_t *case_preview_calendar(const Context *context, const CalendarTable *table, GError **error)
{
    g_autoptr(Calendar) before = present(context, table, error);
    g_autoptr(Calendar) after = before ? calendar_renewed(before, table->rows, table->length, error) : NULL;
    g_autoptr(json_t) shown = json_array();
    Moves moves = { .context = context, .calendar = after, .each = show, .shown = shown };
    return after && move_all(&moves, error) ? answer(&moves, before) : NULL;
}

static bool record_change(const Context *context, const CalendarTable *table, const json_t *answer, GError **error)
{
    g_autoptr(json_t) payload = json_copy((json_t *)(uintptr_t)answer);
    json_object_del(payload, "same");
    json_object_set_new(payload, "source", json_string(table->source));
    g_autofree char *text = json_canonical(payload), *subject = g_strdup_printf("calendar/%" PRId64, json_number(answer, "version"));
    Event event = { .subject = subject, .kind = "calendar.changed", .item = "", .actor_kind = context->actor->kind,
                    .actor = context->actor->id, .at = context->now, .payload = text };
    return ledger_append(context, &event, 0, error);
}

json_t *case_change_calendar(const Context *context, const CalendarTable *table, GError **error)
{
    g_autoptr(Calendar) after = NULL, before = present(context, table, error);
    if (!before || !calendar_import(context, table->rows, table->length, table->source, &after, error))
        return NULL;
    Moves moves = { .context = context, .calendar = after, .each = record };
    bool differs = calendar_version(after) != calendar_version(before);
    if (differs && !move_all(&moves, error))
        return NULL;
    g_autoptr(json_t) done = answer(&moves, before);
    return !differs || record_change(context, table, done, error) ? g_steal_pointer(&done) : NULL;
}
