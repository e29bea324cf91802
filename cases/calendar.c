// SPDX-License-Identifier: Apache-2.0
/* The desk where the State Council's list of holidays is taken over: first what it would move, then the change. */
#include "cases/calendar.h"

#include <string.h>

enum { SHOWN_VERSIONS = 10, TABLE_MOST = 256 * 1024 };

/* Working days are the same for all organs, so they are kept at the centre. */
static bool may_change(const Context *context)
{
    return identity_may(context->actor, SYSTEM_ADMINISTRATOR | CATALOGUER, CENTRE_ORGAN, division_county(context->county));
}

static bool must_change(const Context *context, GError **error)
{
    return may_change(context) || refuse(error, NOT_ALLOWED, "cases.calendar.not_yours", NULL);
}

/* ---- the versions ---- */

static bool put_event(json_t *version, const Context *context, GError **error)
{
    g_autofree char *subject = g_strdup_printf("calendar/%" PRId64, json_number(version, "version"));
    g_autoptr(json_t) events = ledger_events(context->db, context->county, subject, 0, error);
    const json_t *event = json_array_get(events, json_array_size(events) - 1), *payload = json_object_get(event, "payload");
    if (!event)
        return events != NULL;
    json_t *days = json_object_get(payload, "days");
    g_autofree char *path = g_strdup_printf("/ledger/%" PRId64 "/event/%" PRId64, context->county, json_number(event, "number"));
    json_object_set_new(version, "by", identity_event_actor(context, event));
    json_object_set_new(version, "changed",
                        json_pack("{s:b, s:O, s:b, s:O?, s:O?, s:s, s:O}", "is_done", json_object_get(payload, "open") != NULL, "days",
                                  days, "has_days", json_array_size(days) > 0, "open", json_object_get(payload, "open"), "moved",
                                  json_object_get(payload, "moved"), "path", path, "number", json_object_get(event, "number")));
    return true;
}

bool calendar_warn(const Context *context, json_t *answer, GError **error)
{
    enum { NOVEMBER = 11 };
    int year, month, of_month;
    g_autoptr(Calendar) announced = NULL;
    day_split(day_of(context->now), &year, &month, &of_month);
    Day day = day_from(month < NOVEMBER ? year : year + 1, 1, 1);
    if (!may_change(context) || calendar_knows(context->calendar, day))
        return true;
    if (!calendar_announced(context, day, &announced, error))
        return false;
    if (!announced || !calendar_knows(announced, day))
        json_object_set_new(answer, "missing_year", json_integer(month < NOVEMBER ? year : year + 1));
    return true;
}

const Field calendar_show_fields[] = { { .name = "on", .kind = FIELD_DAY, .value = "on" }, { 0 } };

json_t *calendar_show(Request *r, GError **error)
{
    const Context *context = &r->context;
    const char *asked = json_text(r->fields, "on");
    Day today = day_of(context->now), on = *asked ? day_parse(asked) : today;
    size_t i;
    json_t *version;
    VersionMark mark;
    g_autoptr(json_t) versions = versioned_versions(context->db, context->county, &calendar_lists, "", today, SHOWN_VERSIONS, error);
    if (!versions || !versioned_at(context->db, context->county, &calendar_lists, "", on, &mark, error))
        return NULL;
    json_array_foreach(versions, i, version)
        if (!put_event(version, context, error))
            return NULL;
    json_t *answer = json_pack("{s:I, s:I, s:b, s:b, s:b, s:s, s:O}", "version", calendar_version(context->calendar), "on_version", mark.version,
                               "may_change", may_change(context), "may_set", identity_has_role(context->actor, SYSTEM_ADMINISTRATOR),
                               "by_office_hours", context->by_office_hours, "hours_shown", context->by_office_hours ? "1" : "0", "versions", versions);
    json_put_day(answer, "on", on);
    json_put_day(answer, "on_day", on);
    json_put_day(answer, "since", today);
    return calendar_warn(context, answer, error) ? answer : (json_decref(answer), NULL);
}

json_t *calendar_difference(Request *r, GError **error)
{
    g_autofree char *title = view_sentence(r->view, CHINESE, "cases.calendar.title", NULL);
    g_autofree char *title_en = view_sentence(r->view, ENGLISH, "cases.calendar.title", NULL);
    const VersionedPage page = { "", title, title_en, "/desk/calendar/difference", "/desk/calendar" };
    return versioned_difference(r, &calendar_lists, &page, error);
}

/* ---- looking, and changing ---- */

const Field calendar_preview_fields[] = {
    { .name = "table", .kind = FIELD_FILES, .most = 1, .bytes = TABLE_MOST, .required = true, .accept = TABLE_TYPES },
    VERSIONED_SINCE_FIELD,
    { 0 },
};

const Field calendar_change_fields[] = {
    { "rows", FIELD_LONG_TEXT, 1, TABLE_MOST, true, .look = LOOK_HIDDEN, .value = "rows" },
    { "source", FIELD_TEXT, 0, 200, .look = LOOK_HIDDEN, .value = "source" },
    { "seen", FIELD_INTEGER, 1, INT32_MAX, true, .look = LOOK_HIDDEN, .value = "seen" },
    { "since", FIELD_DAY, .room = "versioned", .look = LOOK_HIDDEN, .value = "since_day" },
    { 0 },
};

/* The rows that the form brings back must be text that a page can hold, so it is UTF-8 from here on. */
static json_t *preview(const Request *r, const char *bytes, size_t length, GError **error)
{
    g_autofree char *made = NULL;
    if (!text_as_utf8(&bytes, &length, &made, error))
        return NULL;
    g_autofree char *rows = g_strndup(bytes, length);
    CalendarTable table = { rows, length, r->uploads[0].name, 0, versioned_since(r) };
    char since[DAY_TEXT];
    json_t *answer = case_preview_calendar(&r->context, &table, error);
    if (!answer)
        return NULL;
    size_t shown = json_array_size(json_object_get(answer, "moves"));
    bool is_later = table.since > day_of(r->context.now), some = json_number(answer, "moved") > 0;
    const char *button = is_later ? "cases.calendar.announce" : some ? "cases.calendar.apply" : "cases.calendar.apply_only";
    json_object_update_new(answer, json_pack("{s:I, s:s, s:s, s:b, s:b, s:I, s:b, s:s*}", "seen", json_number(answer, "version") - 1,
        "rows", rows, "source", table.source, "some", some, "has_days", json_array_size(json_object_get(answer, "days")) > 0,
        "shown", (json_int_t)shown, "only_first", (json_int_t)shown < json_number(answer, "moved"), "since_day",
        is_later ? day_text(table.since, since) : NULL));
    form_put(r, &(Form){ .action = "/desk/calendar", .name = "calendar", .button = view_word(r->view, r->language, button),
                         .fields = calendar_change_fields }, answer, answer);
    return answer;
}

json_t *calendar_preview(Request *r, GError **error)
{
    g_autofree char *bytes = NULL;
    g_autoptr(GError) why = NULL;
    gsize length;
    if (!must_change(&r->context, error))
        return NULL;
    if (r->uploads[0].size > TABLE_MOST)
        return refuse_field(error, "table", "cases.calendar.large", NULL);
    if (!g_file_get_contents(r->uploads[0].path, &bytes, &length, &why))
        return fault(error, "%s", why->message);
    return preview(r, bytes, length, error);
}

json_t *calendar_change(Request *r, GError **error)
{
    const char *rows = json_text(r->fields, "rows");
    CalendarTable table = { rows, strlen(rows), json_text(r->fields, "source"), json_number(r->fields, "seen"), versioned_since(r) };
    return must_change(&r->context, error) ? case_change_calendar(&r->context, &table, error) : NULL;
}

const Field calendar_hours_fields[] = { { .name = "by_office_hours", .kind = FIELD_FLAG, .value = "by_office_hours" }, SETTING_SEEN("hours_shown"), { 0 } };

json_t *calendar_hours(Request *r, GError **error)
{
    bool by = json_flag(r->fields, "by_office_hours");
    const SecurityEntry entry = { SECURITY_SETTING, .purpose = "office_hours" };
    bool before;
    if (!calendar_by_office_hours(r->context.db, r->context.county, &before, error) || !setting_is_fresh(r, before ? "1" : "0", error))
        return NULL;
    return calendar_set_office_hours(&r->context, by, error) && http_security(r, &entry, error) ? json_pack("{s:b}", "by_office_hours", by) : NULL;
}
