// SPDX-License-Identifier: Apache-2.0
/* Items as the database keeps them. */
#include "catalogue/room.h"
#include "timers/timers.h"

#include <string.h>

/* ---- reading ---- */

static json_t *read_fields(const char *text, GError **error)
{
    json_error_t why;
    json_t *fields = json_loads(text, 0, &why);
    return fields ? fields : fault(error, "fields of an item: %s", why.text);
}

/* Where the department is not known, its number stands. A form is told line by line. */
static bool name_values(const Request *r, json_t *fields, GError **error)
{
    g_autoptr(json_t) organs = identity_organs(r->context.db, r->context.county, error);
    const json_t *organ = organ_numbered(organs, json_number(fields, "organ"));
    if (organ)
        json_object_set_new(fields, "organ", json_string(view_name(r->language, organ)));
    const json_t *form = json_object_get(fields, "form");
    if (form)
        json_object_set_new(fields, "form", form_lines(r, form));
    return organs != NULL;
}

const Versioned item_lists = { .name = "item", .table = "item", .list = "code", .content = "fields",
                               .also = "state AS item_state, name, name_en, organ, fields", .roles = CATALOGUER,
                               .fields = "item_field", .read = read_fields, .name_values = name_values };

/* The fields of a version that was published once, as a guide has them. */
static json_t *load_fields(Db *db, int64_t county, const char *code, int64_t version, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db,
        "SELECT fields, published_at, since_day FROM item WHERE county = :county AND code = :code AND version = :version"
        " AND published_at IS NOT NULL",
        WITH(db_int("county", county), db_text("code", code), db_int("version", version)), error);
    if (!db_next(rows, error))
        return db_failed(rows) ? NULL : refuse(error, NOT_FOUND, "catalogue.no_item", "code", code, NULL);
    json_t *fields = read_fields(db_column_text(rows, 0), error);
    json_object_update_new(fields, json_pack("{s:I, s:I, s:s}", "version", version, "published_at", db_column_int(rows, 1), "since_day",
                                             db_column_text(rows, 2)));
    return fields;
}

bool item_mark(Db *db, int64_t county, const char *code, Day day, VersionMark *out, GError **error)
{
    return versioned_at(db, county, &item_lists, code, day, out, error) &&
           (out->version || refuse(error, NOT_FOUND, "catalogue.no_item", "code", code, NULL));
}

json_t *item_at(Db *db, int64_t county, const char *code, const VersionMark *mark, GError **error)
{
    VersionMark next = { 0 };
    if (mark->until != INT32_MAX && !versioned_at(db, county, &item_lists, code, mark->until, &next, error))
        return NULL;
    json_t *fields = load_fields(db, county, code, mark->version, error);
    if (fields && next.version)
        json_object_set_new(fields, "coming", json_pack("{s:I, s:s}", "version", next.version, "from_day", DAY_WRITTEN(mark->until)));
    return fields;
}

bool item_newest(Db *db, int64_t county, const char *code, Version *out, GError **error)
{
    return versioned_newest(db, county, &item_lists, code, out, error) &&
           (out->version || refuse(error, NOT_FOUND, "catalogue.no_item_at_all", "code", code, NULL));
}

json_t *items_newest(Db *db, int64_t county, GError **error)
{
    g_autoptr(json_t) all = json_array();
    g_autoptr(DbRows) rows = db_query(db,
        "SELECT i.fields FROM item i WHERE i.county = :county AND i.state <> 'retired' AND i.version ="
        " (SELECT MAX(n.version) FROM item n WHERE n.county = :county AND n.code = i.code) ORDER BY i.organ, i.code",
        WITH(db_int("county", county)), error);
    while (db_next(rows, error)) {
        json_t *fields = read_fields(db_column_text(rows, 0), error);
        if (!fields)
            return NULL;
        json_array_append_new(all, fields);
    }
    return db_failed(rows) ? NULL : g_steal_pointer(&all);
}

json_t *catalogue_ever(Db *db, int64_t county, const char *code, GError **error)
{
    g_auto(Version) newest = { 0 };
    g_autoptr(json_t) organs = json_array();
    if (!item_newest(db, county, code, &newest, error))
        return NULL;
    g_autoptr(DbRows) rows = db_query(db, "SELECT DISTINCT organ FROM item WHERE county = :county AND code = :code ORDER BY organ",
                                      WITH(db_int("county", county), db_text("code", code)), error);
    while (db_next(rows, error))
        json_array_append_new(organs, json_integer(db_column_int(rows, 0)));
    return db_failed(rows) ? NULL : json_pack("{s:s, s:s, s:s, s:O}", "code", code, "name", json_text(newest.fields, "name"), "name_en",
                                              json_text(newest.fields, "name_en"), "organs", organs);
}

/* Reference data as the item itself is: a reform drops both from the cache. An organ that is not known stays as the version says. */
static bool name_acting(Db *db, int64_t county, Item *item, GError **error)
{
    g_autoptr(GError) none = NULL;
    g_autoptr(json_t) organ = NULL;
    if (identity_acting(db, county, ABOUT_ORGAN, item->organ, &item->organ, &none))
        organ = identity_organ(db, county, item->organ, &none);
    item->is_orphan = json_number(organ, "ended");
    return !none || trouble_is(&none, NOT_FOUND, error);
}

Item *catalogue_item(Db *db, int64_t county, const char *code, int64_t version, GError **error)
{
    g_autofree char *key = g_strconcat("item/", code, "/", DECIMAL(version), NULL);
    Item *item = db_cache_get_box(db, county, key);
    json_t *fields = item ? NULL : load_fields(db, county, code, version, error);
    if (!fields)
        return item;
    item = item_of(fields, version);
    if (!name_acting(db, county, item, error)) {
        catalogue_item_free(item);
        return NULL;
    }
    db_cache_put_box(db, county, key, item, (GDestroyNotify)catalogue_item_free);
    return item;
}

Item *catalogue_item_on(Db *db, int64_t county, const char *code, Day day, GError **error)
{
    VersionMark mark;
    return item_mark(db, county, code, day, &mark, error) ? catalogue_item(db, county, code, mark.version, error) : NULL;
}

Item *catalogue_item_of_history(Db *db, int64_t county, const char *code, Day day, GError **error)
{
    g_autoptr(GError) none = NULL;
    Item *item = catalogue_item_on(db, county, code, day, &none);
    if (item || !trouble_is(&none, NOT_FOUND, error))
        return item;
    g_autoptr(DbRows) rows = db_query(db, "SELECT version, since_day FROM item WHERE county = :county AND code = :code AND since_day IS NOT NULL"
                                          " AND (until_day IS NULL OR until_day > since_day) ORDER BY since_day, version LIMIT 1",
                                      WITH(db_int("county", county), db_text("code", code)), error);
    bool is_there = db_next(rows, error);
    if (db_failed(rows))
        return NULL;
    if (!is_there || day_parse(db_column_text(rows, 1)) <= day)
        return refuse(error, NOT_FOUND, "catalogue.no_item", "code", code, NULL);
    return catalogue_item(db, county, code, db_column_int(rows, 0), error);
}

/* ---- writing ---- */

static char *objects_of(const json_t *fields)
{
    GString *out = g_string_new(NULL);
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(fields, "objects"), i, one)
        g_string_append_printf(out, "%s%s", i ? " " : "", json_text(one, "object"));
    return g_string_free(out, FALSE);
}

/* The next day on which a version comes in force: then the item's row says something else. */
static bool set_timer(const Context *context, const char *code, GError **error)
{
    g_autofree char *subject = g_strconcat("item/", code, NULL);
    g_autoptr(DbRows) rows = db_query(context->db,
        "SELECT MIN(since_day) FROM item WHERE county = :county AND code = :code AND since_day > :today"
        " AND (until_day IS NULL OR until_day > since_day)",
        WITH(db_int("county", context->county), db_text("code", code), db_text("today", DAY_WRITTEN(day_of(context->now)))), error);
    if (!db_next(rows, error))
        return false;
    const char *next = db_column_text(rows, 0);
    return !next || !*next || timer_set(context, subject, ITEM_BEGINS, instant_at(day_parse(next), 0), error);
}

bool item_begins(const Context *context, const char *subject, Instant at, GError **error)
{
    (void)at;
    return item_desk_put(context, subject + strlen("item/"), error);
}

bool item_desk_put(const Context *context, const char *code, GError **error)
{
    return db_run(context->db,
        "INSERT INTO item_desk (county, code, version, item_state, published, since_day, name, name_en, organ, made_at, search)"
        " SELECT i.county, i.code, i.version, CASE WHEN i.state = 'published' AND i.since_day > :today THEN 'announced' ELSE i.state END,"
        " COALESCE(p.version, 0), COALESCE(p.since_day, ''), COALESCE(f.name, i.name), COALESCE(f.name_en, i.name_en),"
        " COALESCE(f.organ, i.organ), i.made_at, LOWER(i.code) || ' ' || i.search_name || ' ' || i.search_words || ' '"
        " || i.search_keywords || ' ' || REPLACE(i.search_pinyin, ' ', '') || ' ' || i.search_initials FROM item i"
        " LEFT JOIN item p ON p.county = i.county AND p.code = i.code AND p.state = 'published'"
        " LEFT JOIN item f ON f.county = i.county AND f.code = i.code AND f.since_day <= :today"
        " AND (f.until_day IS NULL OR f.until_day > :today)" /* in force today, while another is announced */
        " WHERE i.county = :county AND i.code = :code AND i.version ="
        " (SELECT MAX(n.version) FROM item n WHERE n.county = :county AND n.code = :code)"
        " ON CONFLICT (county, code) DO UPDATE SET version = excluded.version, item_state = excluded.item_state,"
        " published = excluded.published, since_day = excluded.since_day, name = excluded.name, name_en = excluded.name_en,"
        " organ = excluded.organ, made_at = excluded.made_at, search = excluded.search",
        WITH(db_int("county", context->county), db_text("code", code), db_text("today", DAY_WRITTEN(day_of(context->now)))), error) &&
        set_timer(context, code, error);
}

/* At villages it is taken in, in towns and the zone decided. */
bool item_insert(const Context *context, const json_t *fields, int64_t version, const json_t *search, GError **error)
{
    const json_t *promised = json_object_get(fields, "promised");
    g_autofree char *text = json_canonical(fields), *objects = objects_of(fields);
    g_autoptr(Item) item = item_of(json_incref((json_t *)fields), 0);
    size_t decide = catalogue_step(item, STEP_DECIDE, 0);
    unsigned decided = decide == SIZE_MAX ? 0 : item->steps[decide].levels;
    return db_run(context->db,
        "INSERT INTO item (county, code, version, state, fields, organ, type, name, name_en, summary, summary_en, objects,"
        " online, instant, promised_days, promised_unit, at_village, at_town, at_zone, in_centre, taken_over, search_name,"
        " search_words, search_keywords, search_pinyin, search_initials, search_text, made_at) VALUES (:county, :code,"
        " :version, 'draft', :fields, :organ, :type, :name, :name_en, :summary, :summary_en, :objects, :online, :instant,"
        " :promised_days, :promised_unit, :at_village, :at_town, :at_zone, :in_centre, :taken_over, :search_name,"
        " :search_words, :search_keywords, :search_pinyin, :search_initials, :search_text, :made_at)",
        WITH(db_int("county", context->county), BIND_TEXT(fields, "code"), db_int("version", version), db_text("fields", text),
             BIND_NUMBER(fields, "organ"), BIND_TEXT(fields, "type"), BIND_TEXT(fields, "name"), BIND_TEXT(fields, "name_en"),
             BIND_TEXT(fields, "summary"), BIND_TEXT(fields, "summary_en"), db_text("objects", objects),
             BIND_FLAG(fields, "online"), BIND_FLAG(fields, "instant"),
             db_int("promised_days", json_number(promised, "days")), db_text("promised_unit", json_text(promised, "unit")),
             db_int("at_village", item->steps[0].levels >> VILLAGE_LEVEL & 1), db_int("at_town", decided >> TOWN_LEVEL & 1),
             db_int("at_zone", decided >> ZONE_LEVEL & 1),
             BIND_FLAG(fields, "in_centre"), BIND_TEXT(fields, "taken_over"), BIND_TEXT(search, "search_name"),
             BIND_TEXT(search, "search_words"), BIND_TEXT(search, "search_keywords"), BIND_TEXT(search, "search_pinyin"), BIND_TEXT(search, "search_initials"),
             BIND_TEXT(search, "search_text"), db_int("made_at", context->now)), error) &&
        item_desk_put(context, json_text(fields, "code"), error);
}

/* A change leaves names and words as they are, so that opening the pinyin is spared. */
bool item_vary(const Context *context, const json_t *fields, int64_t base, int64_t version, GError **error)
{
    g_autoptr(json_t) search = db_row(context->db,
        "SELECT search_name, search_words, search_keywords, search_pinyin, search_initials, search_text FROM item"
        " WHERE county = :county AND code = :code AND version = :base",
        WITH(db_int("county", context->county), BIND_TEXT(fields, "code"), db_int("base", base)), error);
    return search && item_insert(context, fields, version, search, error);
}

/* ---- changes ---- */

bool change_insert(const Context *context, ItemChange *change, int64_t version, GError **error)
{
    return db_next_id(context->db, context->county, "item_change", &change->number, error) && db_run(context->db,
                  "INSERT INTO item_change (county, number, day, kind, item, version, level, into_item, document,"
                  " document_number, made_at) VALUES (:county, :number, :day, :kind, :item, :version, :level, :into_item,"
                  " :document, :document_number, :made_at)",
                  WITH(db_int("county", context->county), db_int("number", change->number),
                       db_text("day", DAY_WRITTEN(change->day)), db_text("kind", change_kind_names[change->kind]),
                       db_text("item", change->item), db_int("version", version), db_text("level", change->level),
                       db_text("into_item", change->into), db_text("document", change->document),
                       db_text("document_number", change->document_number), db_int("made_at", context->now)), error);
}

bool change_suspends(const Context *context, const char *code, bool *is, GError **error)
{
    int64_t number;
    return db_integer(context->db, "SELECT c.number FROM item_change c WHERE c.county = :county AND c.item = :code AND c.kind = 'suspended' AND NOT EXISTS"
                                   " (SELECT 1 FROM item_change o WHERE o.county = :county AND o.item = :code AND o.number > c.number)",
                      WITH(db_int("county", context->county), db_text("code", code)), &number, is, error);
}

json_t *items_of_organ(Db *db, int64_t county, int64_t organ, GError **error)
{
    return db_rows(db, "SELECT DISTINCT i.code FROM item i WHERE i.county = :county AND i.organ = :organ AND i.state <> 'retired' ORDER BY i.code",
                   WITH(db_int("county", county), db_int("organ", organ)), error);
}

json_t *items_orphaned(Db *db, int64_t county, int64_t organ, GError **error)
{
    return db_rows(db, "SELECT code, name, name_en, organ FROM item_desk WHERE county = :county AND organ = :organ AND published <> 0 ORDER BY code",
                   WITH(db_int("county", county), db_int("organ", organ)), error);
}

#define ASKED(asked, county)                                                                                             \
    db_int("county", county), BIND_TEXT(asked, "from"), BIND_TEXT(asked, "to"), BIND_TEXT(asked, "level"),               \
        BIND_TEXT(asked, "item")
#define WANTED                                                                                                           \
    " WHERE c.county = :county AND c.day >= :from AND c.day <= COALESCE(NULLIF(:to, ''), '9999')"                        \
    " AND (:level = '' OR c.level = :level) AND (:item = '' OR c.item = :item OR c.into_item = :item)"                   \
    " AND NOT (c.kind IN ('listed', 'revised') AND EXISTS (SELECT 1 FROM item o WHERE o.county = :county"                \
    " AND o.code = c.item AND o.version = c.version AND o.until_day < o.since_day))" /* it never came in force */

json_t *changes_list(Db *db, int64_t county, const json_t *asked, int64_t first, int64_t limit, GError **error)
{
    return db_rows(db,
        "SELECT c.number, c.day, c.kind AS change_kind, c.level AS change_level, c.item, i.name AS item_name,"
        " i.name_en AS item_name_en, i.organ, c.version, c.into_item, t.name AS into_name, t.name_en AS into_name_en,"
        " c.document, c.document_number FROM item_change c"
        " JOIN item i ON i.county = c.county AND i.code = c.item AND i.version = c.version"
        " LEFT JOIN item t ON t.county = c.county AND t.code = c.into_item AND t.version = 1" WANTED
        " AND (:kind = '' OR c.kind = :kind) ORDER BY c.day DESC, c.number DESC LIMIT :limit OFFSET :first",
        WITH(ASKED(asked, county), BIND_TEXT(asked, "kind"), db_int("limit", limit), db_int("first", first)), error);
}

json_t *changes_count(Db *db, int64_t county, const json_t *asked, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db, "SELECT c.kind, COUNT(*) FROM item_change c" WANTED " GROUP BY c.kind",
                                      WITH(ASKED(asked, county)), error);
    g_autoptr(json_t) counts = json_object();
    while (db_next(rows, error))
        json_object_set_new(counts, db_column_text(rows, 0), json_integer(db_column_int(rows, 1)));
    return db_failed(rows) ? NULL : g_steal_pointer(&counts);
}
