// SPDX-License-Identifier: Apache-2.0
/* A new calendar of working days (工作日历): the limits of all open cases, computed by it in the transaction that keeps it,
 * so that no case is ever left on an old one. The members of an event's "moved":
 *   calendar (the version), correction: true (not a calendar has changed: an older program counted otherwise), due_from_day, due_to_day
 *   (by when the present holder must act), limit_from_day, limit_to_day (the statutory limit), in_time: true (it had been noted as
 *   passed, and is not), late: true (the other way round), promise_kept and promise_broken: true (the same of the promise of what has
 *   been decided), provisional: true (nothing follows from the limit before its year's list is published), rest_day: true (calendar
 *   days do not end on a rest day), told: true (a special procedure ends when it was told). */
#include "cases/fields.h"
#include "cases/life.h"
#include "cases/papers.h"
#include "cases/store.h"

#include <string.h>

enum { SHOWN = 20 };

/* ---- what moves ---- */

typedef struct Moves {
    const Context *context;
    Db *db;        /* where cases are read: as they were before the change */
    const Calendar *calendar;
    Day since; /* from which that holds; 0: from now on */
    bool is_correction; /* of what an older program counted */
    Day judged; /* what was decided from that day on is judged anew, too; 0: nothing is */
    bool (*each)(struct Moves *self, const Case *before, Case *after, GError **error);
    int64_t withdrawn; /* the version that was announced last and does not come in force now; 0: none */
    int64_t open, moved;
    GString *text; /* of the one at hand */
    json_t *shown; /* the first of them; NULL where nobody looks */
} Moves;

static bool counts_calendar_days(const Case *self)
{
    return self->statutory_unit == CALENDAR_DAYS || self->promised_unit == CALENDAR_DAYS;
}

/* An older program told the applicant the days of a special procedure, and kept them in the event alone. */
static bool take_told(const Moves *self, Case *after, GError **error)
{
    size_t i;
    json_t *event;
    int64_t days = 0;
    g_autofree char *subject = subject_text(&case_kind, after);
    g_autoptr(json_t) events = ledger_events(self->db, self->context->county, subject, 0, error);
    json_array_foreach(events, i, event)
        if (strcmp(json_text(event, "kind"), case_rules[SUSPEND].rule.event) == 0)
            days = json_number(json_object_get(json_object_get(event, "payload"), "facts"), "days");
    if (days)
        after->special_until = calendar_add(self->calendar, after->marks[after->mark_count - 1].day, (int)days);
    return events != NULL;
}

/* `after` shares the texts of `before`. */
static bool move_one(Moves *self, const Case *before, GError **error)
{
    Case after = *before;
    bool is_judged = self->is_correction ? counts_calendar_days(before) : self->judged && before->decided_on >= self->judged;
    if (self->is_correction && before->state == SUSPENDED && !before->special_until && !take_told(self, &after, error))
        return false;
    life_reschedule(&after, self->calendar, self->context->now);
    if (is_judged)
        life_judge(&after, self->calendar);
    self->open += before->due_at > 0;
    if (self->since && MAX(MAX(before->due_at, before->alarm_at), MAX(after.due_at, after.alarm_at)) < instant_at(self->since, 0))
        return true; /* its days are over before the calendar begins */
    if (after.due_at == before->due_at && after.alarm_at == before->alarm_at && after.overdue == before->overdue && after.kept == before->kept)
        return true;
    self->moved++;
    return self->each(self, before, &after, error);
}

/* Takes over the numbers; NULL where they could not be read. */
static bool move_these(Moves *self, GArray *numbers, GError **error)
{
    g_autoptr(GArray) all = numbers;
    for (guint i = 0; all && i < all->len; i++) {
        g_auto(Case) present = { 0 };
        if (!subject_load(self->db, self->context->county, &case_kind, g_array_index(all, int64_t, i), &present, error) ||
            !move_one(self, &present, error))
            return false;
    }
    return all != NULL;
}

static bool move_all(Moves *self, GError **error)
{
    int64_t county = self->context->county;
    g_autoptr(GString) text = g_string_new(NULL);
    self->text = text;
    return move_these(self, case_limited(self->db, county, error), error) &&
           (!self->is_correction || move_these(self, case_in_calendar_days(self->db, county, error), error)) &&
           (!self->judged || move_these(self, case_decided_since(self->db, county, self->judged, error), error));
}

/* A calendar that comes when its year has begun tells for the first time what the days since then were. */
static Day judged_since(const Context *context, const Calendar *before, const Calendar *after)
{
    Day last = calendar_last(before), today = day_of(context->now);
    return last != DAY_NONE && last < today && calendar_knows(after, last + 1) ? last + 1 : 0;
}

static void add_days(GString *moved, const char *from_name, Day from, const char *to_name, Day to)
{
    char from_text[DAY_TEXT], to_text[DAY_TEXT];
    if (from != to)
        g_string_append_printf(moved, ",\"%s\":\"%s\",\"%s\":\"%s\"", from_name, day_text(from, from_text), to_name,
                               day_text(to, to_text));
}

/* The system acts on the day after the limit. */
static Day limit_of(const Case *self)
{
    return self->alarm_at ? day_of(self->alarm_at) - 1 : DAY_NONE;
}

/* Canonical JSON, by hand: made of objects, a hundred thousand of them took a tenth of the time. */
static void add_moved(GString *text, const Moves *self, const Case *before, const Case *after)
{
    bool has_limit = before->alarm_at && after->alarm_at && after->state != RECEIVED; /* at the intake it is the due day */
    g_string_append_printf(text, "{\"calendar\":%" PRId64, calendar_version(self->calendar));
    if (self->is_correction)
        g_string_append(text, ",\"correction\":true");
    add_days(text, "due_from_day", day_of(before->due_at), "due_to_day", day_of(after->due_at));
    if (before->overdue != after->overdue)
        g_string_append(text, after->overdue ? ",\"late\":true" : ",\"in_time\":true");
    if (has_limit)
        add_days(text, "limit_from_day", limit_of(before), "limit_to_day", limit_of(after));
    if (before->kept != after->kept)
        g_string_append(text, after->kept ? ",\"promise_kept\":true" : ",\"promise_broken\":true");
    if (before->alarm_at && !after->alarm_at && after->overdue == before->overdue)
        g_string_append(text, ",\"provisional\":true");
    if (self->is_correction && before->state != SUSPENDED && counts_calendar_days(before))
        g_string_append(text, ",\"rest_day\":true");
    g_string_append(text, after->special_until != before->special_until ? ",\"told\":true}" : "}");
}

/* ---- writing ---- */

static bool record(Moves *self, const Case *before, Case *after, GError **error)
{
    static const Actor system = { .kind = SYSTEM, .name = "" };
    SubjectChange change = { NULL, &case_kind, &case_rules[RESCHEDULE].rule, before, after };
    g_autofree char *subject = subject_text(&case_kind, after);
    Context as_system = *self->context;
    as_system.actor = &system;
    g_string_assign(self->text, "{\"moved\":");
    add_moved(self->text, self, before, after);
    g_string_append_c(self->text, '}');
    return ledger_head(self->db, as_system.county, subject, after->events, &after->head, error) &&
           subject_record(&as_system, change.rule->event, self->text->str, &change, before, after, error) &&
           case_move(self->context, after, error);
}

/* ---- showing ---- */

static bool show(Moves *self, const Case *before, Case *after, GError **error)
{
    (void)error;
    if (json_array_size(self->shown) == SHOWN)
        return true;
    g_autofree char *grouped = subject_number_grouped(before->number);
    g_string_truncate(self->text, 0);
    add_moved(self->text, self, before, after);
    json_t *line = json_loads(self->text->str, 0, NULL);
    json_object_update_new(line, json_pack("{s:o, s:s, s:s, s:s}", "number", json_sprintf("%" PRId64, before->number), "number_grouped",
        grouped, "item_name", before->item_name, "item_name_en", before->item_name_en));
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
    bool same = json_array_size(days) == 0 && !self->withdrawn;
    json_t *told = json_pack("{s:I, s:b, s:o, s:I, s:I, s:O*}", "version", calendar_version(self->calendar), "same", same, "days",
                             days, "open", self->open, "moved", self->moved, "moves", self->shown);
    if (self->withdrawn)
        json_object_set_new(told, "withdrawn", json_integer(self->withdrawn));
    return told;
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

static bool explain(const Context *context, const Case *self, json_t *moved, GError **error)
{
    char since[DAY_TEXT];
    g_autofree char *subject = g_strdup_printf("calendar/%" PRId64, json_number(moved, "calendar"));
    g_autoptr(json_t) events = ledger_events(context->db, context->county, subject, 0, error);
    if (!events)
        return false;
    const json_t *last = json_array_get(events, json_array_size(events) - 1); /* not the announcement */
    const json_t *days = json_flag(moved, "correction") ? NULL : json_object_get(json_object_get(last, "payload"), "days");
    json_t *told = days_between(days, self->mark_count ? day_text(day_of(self->marks[0].at), since) : "", last_day(moved));
    json_object_set_new(moved, "has_days", json_boolean(json_array_size(told) && json_array_size(told) <= DAYS_TOLD));
    return json_object_set_new(moved, "days", told) == 0;
}

/* After the walk, since events of the calendar are read by the same statement. */
bool case_explain(const SubjectTurn *turn, json_t *lines, GError **error)
{
    size_t i;
    json_t *line, *moved;
    json_array_foreach(lines, i, line)
        if ((moved = json_object_get(line, "moved")) && !explain(turn->context, turn->present, moved, error))
            return false;
    return true;
}

/* ---- the change ---- */

static int64_t withdrawn_of(const Calendar *before, const Calendar *newest)
{
    return calendar_version(before) == calendar_version(newest) ? 0 : calendar_version(newest);
}

/* The newest version, on which the next one builds. */
static Calendar *newest_seen(const Context *context, const CalendarTable *table, GError **error)
{
    Calendar *newest = calendar_load(context->db, context->county, error);
    if (!newest || !table->seen || table->seen == calendar_version(newest))
        return newest;
    g_autofree char *version = g_strdup_printf("%" PRId64, calendar_version(newest));
    calendar_unref(newest);
    return refuse(error, CONFLICT, "cases.calendar_stale", "version", version, NULL);
}

json_t *case_preview_calendar(const Context *context, const CalendarTable *table, GError **error)
{
    Day since = table->since ? table->since : day_of(context->now);
    g_autoptr(Calendar) newest = newest_seen(context, table, error);
    if (!newest || !versioned_may_begin(context, since, error))
        return NULL;
    g_autoptr(Calendar) after = calendar_renewed(newest, table->rows, table->length, error);
    g_autoptr(Calendar) before = after ? calendar_load_on(context->db, context->county, since, error) : NULL;
    g_autoptr(json_t) shown = json_array();
    if (!before)
        return NULL;
    Moves moves = { .context = context, .db = context->db, .calendar = after, .since = since > day_of(context->now) ? since : 0,
                    .each = show, .judged = judged_since(context, before, after), .withdrawn = withdrawn_of(before, newest), .shown = shown };
    return move_all(&moves, error) ? answer(&moves, before) : NULL;
}

/* One thread reads and counts, another writes. */
static json_t *change_now(Moves *self, const Calendar *before, const char *source, GError **error)
{
    Db *snapshot = db_snapshot(self->context->db);
    self->db = snapshot ? snapshot : self->context->db;
    if (snapshot)
        db_use_async_writer(self->context->db);
    bool moved = move_all(self, error);
    db_snapshot_end(snapshot);
    if (!moved)
        return NULL;
    g_autoptr(json_t) done = answer(self, before);
    g_autoptr(json_t) payload = json_copy(done);
    json_object_del(payload, "same");
    json_object_set_new(payload, "source", json_string(source));
    return calendar_record(self->context, "changed", calendar_version(self->calendar), payload, error) ? g_steal_pointer(&done) : NULL;
}

static json_t *announce(const Moves *self, const Calendar *before, const CalendarTable *table, GError **error)
{
    char since[DAY_TEXT];
    const Context *context = self->context;
    int64_t version = calendar_version(self->calendar);
    g_autoptr(json_t) done = answer(self, before);
    g_autofree char *subject = g_strdup_printf("calendar/%" PRId64, version);
    json_object_set_new(done, "since_day", json_string(day_text(table->since, since)));
    g_autoptr(json_t) payload = json_pack("{s:O, s:s, s:s, s:I}", "days", json_object_get(done, "days"), "since_day", since, "source",
                                table->source, "version", version);
    bool recorded = calendar_record(context, "announced", version, payload, error) &&
                    timer_set(context, subject, CALENDAR_BEGINS, instant_at(table->since, 0), error);
    return recorded ? g_steal_pointer(&done) : NULL;
}

json_t *case_change_calendar(const Context *context, const CalendarTable *table, GError **error)
{
    Day today = day_of(context->now), since = table->since ? table->since : today;
    g_autoptr(Calendar) after = NULL, newest = newest_seen(context, table, error);
    if (!newest || !versioned_may_begin(context, since, error))
        return NULL;
    g_autoptr(Calendar) before = calendar_load_on(context->db, context->county, since, error);
    if (!before || !calendar_import(context, table->rows, table->length, table->source, since, &after, error))
        return NULL;
    Moves moves = { .context = context, .calendar = after, .each = record, .judged = judged_since(context, before, after),
                    .withdrawn = withdrawn_of(before, newest) };
    if (calendar_version(after) == calendar_version(before))
        return answer(&moves, before);
    return since > today ? announce(&moves, before, table, error) : change_now(&moves, before, table->source, error);
}

bool calendar_begins(const Context *context, const char *subject, Instant at, GError **error)
{
    g_autoptr(Calendar) before = calendar_load_on(context->db, context->county, day_of(at) - 1, error);
    g_autoptr(Calendar) after = before ? calendar_load_on(context->db, context->county, day_of(at), error) : NULL;
    if (!after)
        return false;
    if (calendar_version(after) != g_ascii_strtoll(subject + strlen("calendar/"), NULL, 10))
        return true; /* another one has taken its place before its day */
    Moves moves = { .context = context, .calendar = after, .each = record, .judged = judged_since(context, before, after) };
    g_autoptr(json_t) done = change_now(&moves, before, "", error);
    return done != NULL;
}

bool case_settle_limits(const Context *context, GError **error)
{
    bool first;
    Moves moves = { .context = context, .db = context->db, .calendar = context->calendar, .each = record, .is_correction = true };
    if (!db_once(context->db, context->county, "case_limits", &first, error))
        return false;
    return !first || move_all(&moves, error);
}
