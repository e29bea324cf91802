// SPDX-License-Identifier: Apache-2.0
/* For the tests of this room: a table of things with a list over it, served over a real socket. */
#pragma once

#include "db/engine.h"
#include "http/bench_test.h"
#include "lists/room.h"
#include "rooms.h"

enum { THINGS = 60 };

static const char things_sql[] =
    "CREATE TABLE thing (county BIGINT NOT NULL, number BIGINT NOT NULL, holder TEXT NOT NULL, folded TEXT NOT NULL,"
    " search TEXT NOT NULL, state TEXT NOT NULL, desk BIGINT NOT NULL, due_on BIGINT NOT NULL, since TEXT NOT NULL,"
    " made_at BIGINT NOT NULL, fee BIGINT NOT NULL, place BIGINT NOT NULL, organ BIGINT NOT NULL, urgent BIGINT NOT NULL,"
    " PRIMARY KEY (county, number));"
    "CREATE INDEX thing_desk ON thing (county, desk, due_on, number) WHERE desk <> 0;"
    "CREATE INDEX thing_state ON thing (county, state, number);"
    "CREATE INDEX thing_since ON thing (county, since, number);"
    "CREATE INDEX thing_folded ON thing (county, folded, number);";

/* ---- the list ---- */

static const char *const states[] = { "valid", "ended", NULL };

static const ListColumn thing_columns[] = {
    { "number", LIST_NUMBER },
    { "holder", LIST_TEXT, .mask = mask_name, .is_head = true },
    { "state", LIST_WORD, .words = "state" },
    { "due_on", LIST_DAY_NUMBER },
    { "since", LIST_DAY },
    { "made_at", LIST_INSTANT, LIST_EXPORTED },
    { "fee", LIST_MONEY },
    { "place", LIST_DIVISION },
    { "organ", LIST_ORGAN },
    { "urgent", LIST_FLAG },
    { "folded", LIST_FOLDED, LIST_UNSHOWN },
    { "search", LIST_FOLDED, LIST_UNSHOWN },
    { "desk", LIST_INTEGER, LIST_UNSHOWN },
    { 0 },
};

static const Field thing_fields[] = {
    LIST_FIELDS,
    { "state", FIELD_CHOICE, 0, 0, false, states, NULL },
    { "from", FIELD_DAY, 0, 0, false, NULL, NULL },
    { "to", FIELD_DAY, 0, 0, false, NULL, NULL },
    { "place", FIELD_INTEGER, 0, INT64_MAX, false, NULL, NULL },
    { "organ", FIELD_INTEGER, 0, 99, false, NULL, NULL },
    { "urgent", FIELD_FLAG, 0, 0, false, NULL, NULL },
    { "made_to", FIELD_DAY, 0, 0, false, NULL, NULL },
    { 0 },
};

static const ListFilter thing_filters[] = {
    { "state", "state", LIST_EQUAL },
    { "from", "since", LIST_FROM },
    { "to", "since", LIST_UNTIL },
    { "place", "place", LIST_WITHIN },
    { "organ", "organ", LIST_EQUAL },
    { "urgent", "urgent", LIST_EQUAL },
    { "made_to", "made_at", LIST_UNTIL },
    { 0 },
};

enum { BY_NUMBER, BY_DUE, BY_SINCE, BY_HOLDER };
static const ListOrder thing_orders[] = {
    { "number", { "number" }, true },
    { "due", { "due_on", "number" } },
    { "since", { "since", "number" } },
    { "holder", { "folded", "number" } },
    { 0 },
};

/* A reviewer works at desks 1 and 2, and is let in at the first of them twice. */
static bool sees_desks(const Request *r, const json_t *asked, ListSeen *seen, GError **error)
{
    (void)asked, (void)error;
    if (identity_has_role(r->context.actor, REVIEWER))
        for (int64_t i = 0; i < 3; i++)
            list_grant(seen, 0, (const int64_t[]){ i == 2 ? 1 : i + 1 });
    if (identity_has_role(r->context.actor, APPROVER)) { /* at desk 3, and at all of them */
        list_grant(seen, 0, (const int64_t[]){ 3 });
        list_grant(seen, 1, NULL);
    }
    return true;
}

static const ListTab thing_tabs[] = {
    { "all", .scopes = { { .narrow = "state" } }, .orders = 1 << BY_NUMBER | 1 << BY_SINCE | 1 << BY_HOLDER, .counted = true },
    { "mine", REVIEWER, { { { "desk" }, "desk <> 0" }, { .only = "desk <> 0" } }, sees_desks, 1 << BY_DUE, true },
    { 0 },
};

static bool number_typed(const char *text, int64_t *number)
{
    char *rest;
    *number = strtoll(text, &rest, 10);
    return *text && !*rest;
}

static bool for_approvers(const Actor *actor)
{
    return identity_has_role(actor, APPROVER);
}

/* Even ones can be ended, by a reviewer. */
static bool end_thing(const Request *r, int64_t number, int64_t seen, GError **error)
{
    (void)seen;
    if (number % 2)
        return refuse(error, CONFLICT, "http.key_used", NULL);
    return db_run(r->context.db, "UPDATE thing SET state = 'ended' WHERE county = :county AND number = :number",
                  WITH(db_int("county", COUNTY), db_int("number", number)), error);
}

static const ListAction thing_actions[] = { { "end", REVIEWER, end_thing }, { 0 } };

static const ListSpec things = {
    .name = "things", .room = "things", .path = "/things", .table = "thing", .key = "number", .columns = thing_columns,
    .fields = thing_fields, .filters = thing_filters, .orders = thing_orders, .tabs = thing_tabs, .bound = 20, .page = 7,
    .search = { number_typed, { "holder" }, "search" }, .link = "/things/{number}", .is_walked = true, .actions = thing_actions, .clear = for_approvers,
};

static json_t *show_things(Request *r, GError **error)
{
    return list_show(r, &things, error);
}

static json_t *show_thing(Request *r, GError **error)
{
    static const ListSpec *const lists[] = { &things, NULL };
    g_autoptr(json_t) answer = json_pack("{s:s}", "number", r->path[0]);
    return list_neighbours(r, lists, g_ascii_strtoll(r->path[0], NULL, 10), answer, error) ? g_steal_pointer(&answer) : NULL;
}

static const Field show_thing_fields[] = { LIST_FROM_FIELD, { 0 } };

static json_t *enter_reviewer(Request *r, GError **error)
{
    return session_begin(r, STAFF, REVIEWER, error) ? json_pack("{s:b}", "in", true) : NULL;
}

static json_t *enter_approver(Request *r, GError **error)
{
    return session_begin(r, STAFF, APPROVER, error) ? json_pack("{s:b}", "in", true) : NULL;
}

static const Route things_routes[] = {
    { "GET", "/things", ANYONE, show_things, "lists/list", thing_fields, NULL, NULL, "" },
    { "GET", "/things/{number}", ANYONE, show_thing, NULL, show_thing_fields, NULL, NULL, "" },
    { "POST", "/enter/reviewer", ANYONE, enter_reviewer, NULL, NULL, NULL, NULL, "" },
    { "POST", "/enter/approver", ANYONE, enter_approver, NULL, NULL, NULL, NULL, "" },
    { 0 },
};

/* ---- things ---- */

static const char *const holders[] = { "平湖新仓米厂", "Aldermaston & Co", "=cmd()", "张三", "粮油\"店\"", "平湖农资", "100%_纯", "~tilde~" };

/* Makes the thing with this serial, so that a test can reckon what a list should show. */
static json_t *thing_numbered(int64_t i)
{
    char since[DAY_TEXT];
    return json_pack("{s:I, s:s, s:s, s:I, s:I, s:s, s:I, s:I, s:b}", "number", INT64_C(330482140903000000) + i, "holder",
                     holders[i % (int64_t)G_N_ELEMENTS(holders)], "state", states[i % 3 == 0], "desk", i % 4, "due_on", 16300 + i * 7 % 20,
                     "since", day_text(day_from(2014, 1, 1) + (Day)(i * 11 % 50), since), "place",
                     i % 2 ? INT64_C(330482103201) : INT64_C(330482102000), "fee", i * 1000, "urgent", i % 5 == 0);
}

static bool insert_thing(Db *db, const Pinyin *pinyin, int64_t i, GError **error)
{
    g_autoptr(json_t) thing = thing_numbered(i);
    const char *holder = json_text(thing, "holder");
    g_autofree char *folded = list_fold(holder), *search = list_search_text(pinyin, holder);
    return db_run(db,
        "INSERT INTO thing (county, number, holder, folded, search, state, desk, due_on, since, made_at, fee, place, organ, urgent)"
        " VALUES (:county, :number, :holder, :folded, :search, :state, :desk, :due_on, :since, :made_at, :fee, :place, 2, :urgent)",
        WITH(db_int("county", COUNTY), db_int("number", json_number(thing, "number")), db_text("holder", holder), db_text("folded", folded),
             db_text("search", search), db_text("state", json_text(thing, "state")), db_int("desk", json_number(thing, "desk")),
             db_int("due_on", json_number(thing, "due_on")), db_text("since", json_text(thing, "since")),
             db_int("made_at", instant_at(16000 + (Day)i, 0)), db_int("fee", json_number(thing, "fee")),
             db_int("place", json_number(thing, "place")), db_int("urgent", json_flag(thing, "urgent"))), error);
}

static bool make_things(Db *db, void *data, GError **error)
{
    static const char divisions[] = "code,level,kind,name,name_en,parent,centre,origin\n330482000000,county,city,平湖市,Pinghu,,1,made up\n"
        "330482103000,town,town,新仓镇,Xincang Town,330482000000,1,made up\n330482103201,village,village,三叉河村,,330482103000,1,made up\n";
    const Context context = { .db = db, .county = COUNTY };
    g_autoptr(Pinyin) pinyin = pinyin_open(error);
    (void)data;
    if (!pinyin || !db->engine->script(db, things_sql, error) || !identity_import_divisions(&context, divisions, strlen(divisions), error))
        return false;
    for (int64_t i = 0; i < THINGS; i++)
        if (!insert_thing(db, pinyin, i, error))
            return false;
    return true;
}

static inline void things_open(Bench *b)
{
    static const ListSpec *const lists[] = { &things, NULL };
    static const Room room_of_things = { "things", .routes = things_routes, .lists = lists };
    static const Room *const with_things[] = { ROOMS(ROOM_LISTED) &room_of_things, NULL };
    g_autoptr(GError) error = NULL;
    bench_open_rooms(b, with_things);
    store_write(b->store, make_things, NULL, &error);
    g_assert_no_error(error);
}

/* ---- asking ---- */

/* The cookie of who has one of the test's roles; "" for anyone. Owned by the caller. */
static inline char *enter(const Bench *b, const char *role)
{
    g_autofree char *path = g_strconcat("/enter/", role, NULL);
    g_autofree char *answer = *role ? post_json(b, path, "0123456789abcdef-enter", "{}") : g_strdup("");
    const char *cookie = strstr(answer, "Set-Cookie: ");
    return cookie ? g_strdup_printf("Cookie: %.*s\r\n", (int)strcspn(cookie + 12, ";"), cookie + 12) : g_strdup("");
}

static inline json_t *asked(const Bench *b, const char *cookie, const char *path, int wanted)
{
    g_autofree char *headers = g_strconcat("Accept: application/json\r\n", cookie, NULL);
    g_autofree char *answer = ask(b, "GET", path, headers, "");
    if (status(answer) != wanted)
        g_error("%s: wanted %d, got %s", path, wanted, answer);
    json_t *body = json_loads(body_of(answer), 0, NULL);
    g_assert_nonnull(body);
    return body;
}

static inline json_t *posted(const Bench *b, const char *cookie, const char *path, const char *body, int wanted)
{
    g_autofree char *key = g_compute_checksum_for_string(G_CHECKSUM_SHA256, body, -1);
    g_autofree char *headers = g_strdup_printf("Accept: application/json\r\nContent-Type: application/json\r\nIdempotency-Key: %s\r\n%s", key, cookie);
    g_autofree char *answer = ask(b, "POST", path, headers, body);
    if (status(answer) != wanted)
        g_error("%s: wanted %d, got %s", path, wanted, answer);
    return json_loads(body_of(answer), 0, NULL);
}

/* The last digits of the rows' numbers, "59 58 57". Owned by the caller. */
static inline char *serials(const json_t *list)
{
    size_t i;
    json_t *row;
    GString *out = g_string_new(NULL);
    json_array_foreach(json_object_get(list, "rows"), i, row)
        g_string_append_printf(out, "%s%" PRId64, i ? " " : "", g_ascii_strtoll(json_text(row, "number"), NULL, 10) % 1000000);
    return g_string_free(out, FALSE);
}
