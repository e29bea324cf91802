// SPDX-License-Identifier: Apache-2.0
#include "cases/find.h"

#include "cases/answer.h"
#include "cases/inbox.h"
#include "cases/life.h"
#include "cases/store.h"

#include <string.h>

static const Instant KEPT_FOR = 30 * MINUTE_MS;
enum { TOKEN_BYTES = 16, FOUND_PAGE = 25, FOUND_PAGES = 20, LOOKED_THROUGH = 2000, DAYS_MOST = 31 };

/* Reasons for which somebody may be looked for (PIPL art. 6). */
static const char *const reasons[] = { "lost_receipt", "asks", "same_application", "complaint", "supervision", "assistance", NULL };

const Field find_fields[] = {
    { "number", FIELD_TEXT, 0, 30, .id = "find-number" },
    { .name = "asked", .most = 2 * TOKEN_BYTES, .look = LOOK_NONE },
    { .name = "page_number", .kind = FIELD_INTEGER, .least = 1, .most = FOUND_PAGES, .look = LOOK_NONE },
    { 0 },
};

const Field find_person_fields[] = {
    { .name = "name", .most = ENTERPRISE_NAME_MOST, .label = "cases.find.name", .hint = "cases.find.name_hint", .value = "name" },
    { .name = "id_number", .most = ID_NUMBER_MOST, .look = LOOK_EXACT, .value = "id_number", .judge = case_number_fits },
    { .name = "telephone", .most = TELEPHONE_MOST, .look = LOOK_TELEPHONE, .value = "telephone", .check = identity_telephone },
    { .name = "item", .most = 60, .value = "item", .label = "cases.find.item", .hint = "cases.find.item_hint" },
    { .name = "place", .kind = FIELD_INTEGER, .most = INT64_MAX, .options = "towns.places.code", .value = "place", .hint = "cases.find.place_hint", .empty = "cases.list.everywhere" },
    { .name = "from", .kind = FIELD_DAY, .label = "cases.find.from", .hint = "cases.find.from_hint", .value = "from" },
    { .name = "to", .kind = FIELD_DAY, .label = "cases.find.to", .value = "to" },
    { .name = "reason", .kind = FIELD_CHOICE, .required = true, .choices = reasons, .codes = "find_reason", .label = "cases.find.why",
      .hint = "cases.find.why_hint", .value = "reason" },
    { .name = "page_number", .kind = FIELD_INTEGER, .least = 1, .most = FOUND_PAGES, .look = LOOK_NONE },
    { 0 },
};

/* ---- what is asked ---- */

typedef struct Finding {
    const Request *r;
    const json_t *asked; /* the fields of the form */
    const char *token;   /* under which they are kept; NULL: a program asks */
    Sought typed;
    Day from, to;       /* of the receipt; DAY_NONE: any */
    int64_t place;
    char *item;         /* folded */
    int64_t skipped, to_skip; /* cases of the pages before */
    int64_t looked;     /* cases that were held against all this */
    bool is_cut, is_common;
    enum sought_kind by;
    int64_t numbers[FOUND_PAGE + 1]; /* those of the page, and one more */
    size_t count;
} Finding;

static void finding_clear(Finding *self)
{
    g_free(self->item);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Finding, finding_clear)

/* A town is itself and its villages, the county its hall alone. */
static bool is_at(int64_t place, int64_t asked)
{
    return place == asked || (division_level(asked) == TOWN_LEVEL && division_within(place, asked));
}

static bool names_person(const Finding *self)
{
    return *self->typed.name || *self->typed.id_number || *self->typed.telephone;
}

/* One day may be said as either. */
static bool read_days(Finding *self, GError **error)
{
    const json_t *asked = self->asked;
    self->from = day_parse(json_text(asked, "from"));
    self->to = day_parse(json_text(asked, "to"));
    if (!names_person(self)) {
        self->from = self->from == DAY_NONE ? self->to : self->from;
        self->to = self->to == DAY_NONE ? self->from : self->to;
    }
    if (self->from != DAY_NONE && self->to != DAY_NONE && self->from > self->to)
        return refuse_field(error, "from", "lists.from_after_to", NULL);
    if (names_person(self)) {
        bool is_receipt = self->place && division_level(self->place) != TOWN_LEVEL && self->from != DAY_NONE && self->from == self->to;
        self->typed.place = is_receipt ? self->place : 0;
        self->typed.day = self->from;
        return true;
    }
    if (self->from == DAY_NONE || !self->place)
        return refuse_field(error, "name", "cases.find_nothing", NULL);
    return self->to - self->from < DAYS_MOST || refuse_field(error, "to", "cases.find_too_long", "most", DECIMAL(DAYS_MOST), NULL);
}

static bool read_asked(Finding *self, GError **error)
{
    const json_t *asked = self->asked;
    g_autoptr(json_t) place = NULL;
    self->typed = (Sought){ .name = json_text(asked, "name"), .id_number = json_text(asked, "id_number"), .telephone = json_text(asked, "telephone") };
    self->place = json_number(asked, "place");
    self->item = list_fold(json_text(asked, "item"));
    self->to_skip = (MAX(json_number(asked, "page_number"), 1) - 1) * FOUND_PAGE;
    place = self->place ? identity_division(self->r->context.db, self->r->context.county, self->place, NULL) : json_object();
    return (place || refuse_field(error, "place", "cases.list_no_division", NULL)) && read_days(self, error);
}

/* ---- who is found ---- */

static bool contains(const char *text, const char *folded)
{
    g_autofree char *own = list_fold(text);
    return strstr(own, folded);
}

static bool fits(const Finding *self, const Case *one)
{
    Day day = one->marks[0].day;
    return case_may_see(self->r->context.actor, one) && (!self->place || is_at(one->place, self->place)) &&
           (self->from == DAY_NONE || day >= self->from) && (self->to == DAY_NONE || day <= self->to) &&
           (contains(one->item, self->item) || contains(one->item_name, self->item) || contains(one->item_name_en, self->item));
}

static bool take(const Case *one, void *data)
{
    Finding *self = data;
    if (!fits(self, one))
        return true;
    if (self->skipped < self->to_skip)
        self->skipped++;
    else
        self->numbers[self->count++] = one->number;
    return self->count <= FOUND_PAGE;
}

static bool find_ways(const Finding *self, const Sought *who, SoughtWays *ways, GError **error)
{
    return sought_ways(&self->r->context, CASE_SOUGHT, who, ways, error) &&
           (ways->count || refuse_field(error, "name", "cases.find_no_letters", NULL));
}

/* By the first way that finds somebody. */
static bool look(Finding *self, const Sought *who, GError **error)
{
    SoughtWays ways;
    if (!find_ways(self, who, &ways, error))
        return false;
    self->is_common |= ways.is_common;
    for (size_t i = 0; i < ways.count && self->count <= FOUND_PAGE && !self->is_cut; i++) {
        int64_t looked, left = LOOKED_THROUGH - self->looked;
        bool found_before = self->count || self->skipped;
        if (found_before && names_person(self))
            break;
        self->by = ways.ways[i].by;
        if (!case_each_sought(&self->r->context, &ways.ways[i], left, take, self, &looked, error))
            return false;
        self->looked += looked;
        self->is_cut = looked == left && self->count <= FOUND_PAGE;
    }
    return true;
}

static bool look_by_day(Finding *self, GError **error)
{
    size_t i;
    json_t *place;
    g_autoptr(json_t) places = identity_places(self->r->context.db, self->r->context.county, error);
    bool well = places;
    for (Day day = self->to; well && day >= self->from; day--)
        json_array_foreach(places, i, place) {
            Sought who = { .name = "", .id_number = "", .telephone = "", .place = division_code(place), .day = day };
            bool looks = well && is_at(who.place, self->place) && self->count <= FOUND_PAGE && !self->is_cut;
            well = looks ? look(self, &who, error) : well;
        }
    return well;
}

/* ---- the answer ---- */

/* The log has that somebody was looked for, by what, why and how many were shown; and nothing that was typed. */
static bool note(const Finding *self, size_t shown, GError **error)
{
    const struct { bool typed; const char *purpose; } kinds[] = {
        { *self->typed.name, "find_name" }, { *self->typed.id_number, "find_number" }, { *self->typed.telephone, "find_telephone" },
        { !names_person(self), "find_receipt" },
    };
    SecurityEntry entry = { SECURITY_SEARCH, .reason = json_text(self->asked, "reason"), .found = (int64_t)shown };
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (kinds[i].typed)
            entry.purpose = entry.purpose ? "find_several" : kinds[i].purpose;
    return http_security(self->r, &entry, error);
}

static json_t *row_of(const Request *r, int64_t number, GError **error)
{
    g_auto(Case) found = { 0 };
    if (!subject_load(r->context.db, r->context.county, &case_kind, number, &found, error))
        return NULL;
    json_t *row = case_row_json(r, &found, error);
    g_autofree char *path = subject_path(&case_kind, number, STAFF);
    if (row) {
        json_object_set_new(row, "path", json_string(path));
        json_put_day(row, "received_day", found.marks[0].day);
    }
    return row;
}

static json_t *address_of(const char *token, int64_t page)
{
    return page > 1 ? json_sprintf("/desk/find?asked=%s&page_number=%" PRId64, token, page) : json_sprintf("/desk/find?asked=%s", token);
}

static json_t *page_of(const Request *r, GError **error)
{
    g_autoptr(json_t) places = identity_places(r->context.db, r->context.county, error);
    return places ? json_pack("{s:b, s:o}", "may_find", identity_has_role(r->context.actor, FINDS_PERSONS), "towns", identity_by_town(places)) : NULL;
}

static json_t *answer_of(const Finding *self, GError **error)
{
    const Request *r = self->r;
    bool goes_on = self->count > FOUND_PAGE;
    size_t shown = MIN(self->count, FOUND_PAGE);
    int64_t page = self->to_skip / FOUND_PAGE + 1;
    g_autoptr(json_t) cases = json_array(), answer = answer_is_page(r) ? page_of(r, error) : json_object();
    if (!answer || !note(self, shown, error))
        return NULL;
    for (size_t i = 0; i < shown; i++)
        if (json_array_append_new(cases, row_of(r, self->numbers[i], error)) != 0)
            return NULL;
    json_object_update_new(answer, json_pack("{s:b, s:O, s:b, s:s*, s:I, s:I, s:b, s:b, s:b}", "is_answer", true, "cases", cases, "none", shown == 0, "found_by",
                                             shown ? sought_kinds[self->by] : NULL, "page_number", page, "shown", (json_int_t)shown, "has_more", goes_on,
                                             "is_cut", self->is_cut, "is_common", shown == 0 && self->is_common));
    if (self->token && goes_on && page < FOUND_PAGES)
        json_object_set_new(answer, "more", address_of(self->token, page + 1));
    if (self->token && page > 1)
        json_object_set_new(answer, "previous", address_of(self->token, page - 1));
    if (answer_is_page(r))
        json_object_update_missing(answer, (json_t *)(uintptr_t)self->asked); /* which stand in the form again */
    return g_steal_pointer(&answer);
}

static json_t *find(Finding *self, GError **error)
{
    bool well = read_asked(self, error) && (names_person(self) ? look(self, &self->typed, error) : look_by_day(self, error));
    return well ? answer_of(self, error) : NULL;
}

/* ---- what is kept of a question ---- */

typedef struct Keeping {
    Context context;
    const json_t *asked;
    char *token;
} Keeping;

static bool keep(Db *db, void *data, GError **error)
{
    Keeping *self = data;
    self->context.db = db;
    return case_asked_keep(&self->context, self->token, self->asked, self->context.now - KEPT_FOR, error);
}

/* A browser goes on to an address that tells nothing of whom it shows, and may come back to it. */
static json_t *show_at_address(Request *r, GError **error)
{
    unsigned char random[TOKEN_BYTES];
    context_random(&r->context, random, sizeof random);
    g_autofree char *token = text_hex(random, sizeof random);
    Keeping keeping = { r->context, r->fields, token };
    g_autoptr(json_t) address = http_write(r, keep, &keeping, error) ? address_of(token, 1) : NULL;
    return address ? answer_redirect(r, json_string_value(address)) : NULL;
}

json_t *find_person(Request *r, GError **error)
{
    SoughtWays ways;
    g_auto(Finding) self = { .r = r, .asked = r->fields };
    if (!answer_is_page(r))
        return find(&self, error);
    bool fits = read_asked(&self, error) && (!names_person(&self) || find_ways(&self, &self.typed, &ways, error));
    return fits ? show_at_address(r, error) : NULL;
}

static json_t *show_again(Request *r, const char *token, GError **error)
{
    json_t *kept;
    bool may = identity_has_role(r->context.actor, FINDS_PERSONS);
    if (may && !case_asked_find(&r->context, token, r->context.now - KEPT_FOR, &kept, error))
        return NULL;
    g_autoptr(json_t) asked = may ? kept : NULL, page = NULL;
    g_auto(Finding) self = { .r = r, .asked = asked, .token = token };
    if (asked) {
        json_object_set_new(asked, "page_number", json_integer(json_number(r->fields, "page_number")));
        return find(&self, error);
    }
    page = page_of(r, error);
    return page && json_object_set_new(page, "is_over", json_true()) == 0 ? g_steal_pointer(&page) : NULL;
}

json_t *find_show(Request *r, GError **error)
{
    const char *token = json_text(r->fields, "asked");
    if (*json_text(r->fields, "number"))
        return case_find(r, "/desk/cases", error);
    return *token ? show_again(r, token, error) : page_of(r, error);
}
