// SPDX-License-Identifier: Apache-2.0
/* Declarations that the files of this room share.
 *
 * The fields of an item, as JSON, are everything its table row says:
 *   {code, name, name_en, organ (number), type, level, summary, summary_en, who, who_en, basis,
 *    basis_en, statutory {days, unit}, promised {days, unit}, start, objects [{object}],
 *    materials [{name, name_en, required, originals, copies, source}], fee, fee_en, fee_basis,
 *    steps [{kind, levels [{level}], role}], specials [{special, days, basis, mandatory}], visits,
 *    visit_reason, visit_reason_en, online, result, result_en, validity_years, result_kind,
 * instant, keywords, origin, keeping_years (not there: the centre's), extension {days, unit, basis} (not there: art. 42's, where it
 * holds)}
 * and, where they are known, the elements of an implementation list (实施清单, GB/T 39554.2) that stand in row.c behind these. */
#pragma once

#include "catalogue/catalogue.h"
#include "versioned/versioned.h"
#include "lists/lists.h"
#include "outbox/outbox.h"
#include "subject/subject.h"

/* The roles that see the catalogue at the desk. */
enum { CATALOGUE_READERS = CATALOGUER | SYSTEM_ADMINISTRATOR | SUPERVISOR | AUDITOR };
extern const Route catalogue_routes[];

/* ---- from table to fields (row.c) ---- */

/* The columns of the table, in the order of the file we ship. */
enum item_column {
    CODE,
    NAME,
    NAME_EN,
    ORGAN,
    TYPE,
    LEVEL,
    SUMMARY,
    SUMMARY_EN,
    WHO,
    WHO_EN,
    BASIS,
    BASIS_EN,
    STATUTORY_DAYS,
    STATUTORY_UNIT,
    START,
    PROMISED_DAYS,
    PROMISED_UNIT,
    OBJECTS,
    MATERIALS,
    FEE,
    FEE_EN,
    FEE_BASIS,
    STEPS,
    SPECIALS,
    VISITS,
    VISIT_REASON,
    VISIT_REASON_EN,
    ONLINE,
    RESULT,
    RESULT_EN,
    VALIDITY_YEARS,
    RESULT_KIND,
    INSTANT,
    KEYWORDS,
    ORIGIN,
    KEEPING_YEARS, /* this and on: need not be there, and an empty cell gives the item no such field */
    EXTENSION,
    HANDLING,
    ONLINE_DEPTH,
    ITEM_ELEMENTS, /* this and on: further elements of the implementation list (实施清单), which only row.c tells apart */
    POWERS = ITEM_ELEMENTS + 26,
    ABOVE,
    ITEM_COLUMNS = ABOVE + 3,
};
/* The names of these, NULL ended. */
void item_columns(const char *names[static ITEM_COLUMNS + 1]);
/* Kinds of service object (服务对象), NULL ended. */
extern const char *const item_objects[];

/* The cells from which item_read_row makes these fields, but ORGAN, which is ""; NULL ended. Owned by the caller. */
char **item_write_row(const json_t *fields);

/* Hears of each fault, with the column it stands in; takes over `why`. */
typedef void TellFault(void *data, size_t column, GError *why);
/* The fields of one row; NULL when a fault was told. "organ" is still the text of its cell. */
json_t *item_read_row(const char *const cells[static ITEM_COLUMNS], TellFault *tell, void *data);

/* Appends the newest version of every item that has not ended as a row of char **, in the columns `names`: the table comes back
 * through catalogue_import as it is. */
bool catalogue_export(const Context *context, const char *names[static ITEM_COLUMNS + 1], GPtrArray *rows, GError **error);

/* ---- from fields to what a rule needs (item.c) ---- */

/* Takes over `fields`. */
Item *item_of(json_t *fields, int64_t version);

/* Is acting at such a step an exercise of power, which a level below the county needs one for? */
bool power_is_needed(const json_t *fields, enum step_kind kind);
/* Does the source of power ("": none) let it? */
bool power_lets(const char *source, enum step_kind kind);

/* ---- searching: what was typed against what is there (match.c) ---- */

/* An item as lists show it, and what it is searched by (see 001-catalogue.sql). */
typedef struct SearchRow {
    const char *code, *title, *title_en, *type, *summary, *summary_en, *objects, *promised_unit;
    int64_t organ, promised_days;
    bool online, instant;
    const char *name, *words, *keywords, *pinyin, *initials, *text;
    const char *name_pinyin, *name_initials; /* the name's, which is the first phrase of pinyin and initials */
} SearchRow;

typedef struct Query {
    char *open, *closed;
    char **words;
} Query;
void query_of(const char *text, Query *out);
void query_clear(Query *self);

enum { NO_FIT = INT_MAX };
/* How well it fits, 0 best, or NO_FIT: every word must. An empty query fits all. */
unsigned query_fit(const Query *self, const SearchRow *row);
/* Does the row come near a query that nothing fits? */
bool query_is_near(const Query *self, const SearchRow *row);

/* ---- searching: the list (search.c) ---- */

typedef struct SearchAsk {
    Day day;                    /* on which they are in force */
    const char *query, *object; /* "": any */
    int64_t organ;              /* 0: any */
    bool online;                /* only what may be applied for from home */
    int64_t first, limit;
} SearchAsk;
/* As catalogue_search. */
json_t *search_items(Db *db, int64_t county, const SearchAsk *ask, GError **error);
/* Out of what identity_organs gives; NULL when there is none. */
const json_t *organ_numbered(const json_t *organs, int64_t number);
/* Gives a row, or each of them, the names of its "organ". */
void put_organ_name(json_t *row, const json_t *organs);
void put_organ_names(json_t *rows, const json_t *organs);

/* The version in force on a day of every item by organ and code, kept in memory as reference data is: nobody changes it. */
typedef struct PublishedItems {
    Day day;
    GStringChunk *texts;
    GArray *rows; /* of SearchRow, whose texts lie in `texts` */
} PublishedItems;
PublishedItems *search_published(Db *db, int64_t county, Day day, GError **error);
void published_items_free(PublishedItems *self); /* gives the caller's reference back; NULL is none */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PublishedItems, published_items_free)

/* ---- the public list (list.c) ---- */

extern const Field items_fields[];
Handler items_show;

/* ---- the guide (guide.c) ---- */

/* {years, is_for_good, is_none, by_centre}: how long the file of its case is kept, by these fields of an item. Owned by the caller. */
json_t *guide_keeping(const Context *context, const json_t *fields);
/* {from_day, is_today, due_day, provisional, last_day, last_provisional, warn_unknown_day, extension {days, unit} where there may be one}: for papers handed in complete now, the
 * last day of the promised and of the statutory limit, by the calendar announced for it; not counting special procedures. */
json_t *guide_clock(const Context *context, const json_t *guide, GError **error);

/* ---- its form (form.c) ---- */

/* NULL: the item has none. Owned by the caller. */
ItemForm *item_form(const json_t *fields);
/* The form that the program brings along for an item of this code and name; NULL: none. Owned by the caller. */
json_t *item_shipped_form(const json_t *fields);
/* Can the definition be read, and does it name papers, steps and fees that the item has? NOT_FITTING "forms.definition". */
bool item_form_fits(const json_t *fields, const json_t *definition, GError **error);
extern const Field answers_fields[], desk_form_set_fields[];
Handler situation_show, item_blank, desk_form, desk_form_set, desk_blank;

/* May the actor make another version of the item that the path names, of which he has seen the
 * newest (the field "version")? Fills *newest. NOT_ALLOWED "catalogue.not_your_items", CONFLICT
 * "catalogue.not_newest", "catalogue.form_retired". */
bool desk_may_revise(const Request *r, Version *newest, GError **error);

/* ---- papers that come by themselves (shared.c) ---- */

/* The materials of an item's fields, those that name a source that there is with "shared": what
 * Room.shares says of it. Owned by the caller. */
json_t *shared_materials(const Context *context, const json_t *fields, GError **error);
/* Is there each source that a paper names? CONFLICT "catalogue.no_source". */
bool shared_fits(const Context *context, const json_t *fields, GError **error);
extern const Field desk_shared_fields[];
Handler desk_shared, desk_shared_set;

/* ---- the desk of who keeps the catalogue (desk.c) ---- */

extern const Field desk_fields[], desk_publish_fields[], desk_import_fields[], desk_table_fields[];
extern const ListSpec desk_items;
Handler desk_list, desk_item, desk_difference, desk_publish, desk_import, desk_table;

/* ---- the store ---- */

/* Parameters of a statement that an object's members fill. */
#define BIND_TEXT(object, name) db_text(name, json_text(object, name))
#define BIND_NUMBER(object, name) db_int(name, json_number(object, name))
#define BIND_FLAG(object, name) db_int(name, json_flag(object, name))

/* The version in force on a day; NOT_FOUND "catalogue.no_item". */
bool item_mark(Db *db, int64_t county, const char *code, Day day, VersionMark *out, GError **error);
/* The fields of that version with "version", "published_at", "since_day" and, where another one follows it, "coming" {version, from_day}. */
json_t *item_at(Db *db, int64_t county, const char *code, const VersionMark *mark, GError **error);
/* Items as lists with versions; their table of versions has also item_state, name, name_en, organ and fields. */
extern const Versioned item_lists;
VersionedSubject item_subject(const json_t *fields);
/* NOT_FOUND "catalogue.no_item_at_all". */
bool item_newest(Db *db, int64_t county, const char *code, Version *out, GError **error);
/* The fields of the newest version of every item that has not ended, by organ and code. */
json_t *items_newest(Db *db, int64_t county, GError **error);
/* `search`: {search_name, search_words, search_keywords, search_pinyin, search_initials, search_text}, see 001-catalogue.sql. */
bool item_insert(const Context *context, const json_t *fields, int64_t version, const json_t *search, GError **error);
/* Brings the item's row in item_desk up to date; what writes versions calls it. */
bool item_desk_put(const Context *context, const char *code, GError **error);
/* TimerKind.run: a version that was announced comes in force. */
#define ITEM_BEGINS "item.begins"
bool item_begins(const Context *context, const char *subject, Instant at, GError **error);
/* A draft whose fields differ from version `base` in no word that is searched. */
bool item_vary(const Context *context, const json_t *fields, int64_t base, int64_t version, GError **error);

/* ---- versions (version.c): each is an event ---- */

/* A new draft where `fields` differ from the newest version; *waiting is the version that may be published from `since` on,
 * 0 when the newest already is in force then. */
bool item_draft(const Context *context, const Pinyin *pinyin, const json_t *fields, Day since, bool *changed,
                int64_t *waiting, GError **error);
/* Publishes the newest version of an item from `day` on; `version` is what the actor has seen. A version that is announced for a
 * later day is replaced by a new one of the same fields. */
bool item_release(const Context *context, const char *code, int64_t version, Day day, GError **error);
/* Writes the version behind `newest` that a change makes of `base`, and its event; `newest` becomes that version. */
bool item_redraft(const Context *context, const json_t *fields, const Version *base, Version *newest, GError **error);
/* Publishes `newest` from `day` on, with its event; *retired as versioned_publish gives it. */
bool item_enforce(const Context *context, const Version *newest, Day day, int64_t *retired, GError **error);

/* ---- counting (tally.c, count_store.c) ---- */

/* Has the place a centre or point of this level, outside the zone? */
bool is_service_place(const json_t *place, const char *level);

/* ---- changes (change.c, store.c) ---- */

/* Numbers it and writes its row. */
bool change_insert(const Context *context, ItemChange *change, int64_t version, GError **error);

/* Was the last that happened to it a suspension? */
bool change_suspends(const Context *context, const char *code, bool *is, GError **error);
/* Moves what an item has of the organ `from` (in force, announced, waiting) to change->organ, with the document of the reform. */
bool change_move(const Context *context, ItemChange *change, int64_t from, GError **error);
/* [{code}] of the items that have a version of that organ which has not ended; and [{code, name, name_en, organ}] of those that it has in force. */
json_t *items_of_organ(Db *db, int64_t county, int64_t organ, GError **error);
json_t *items_orphaned(Db *db, int64_t county, int64_t organ, GError **error);

/* ---- reforms (follow.c) ---- */

/* Room.listens: the items of an organ that ends go to its successor; where it has none, the cataloguers are told. */
Listener catalogue_hear;
extern const MessageTemplate catalogue_messages[];
/* Puts into the desk's answer "orphans" [{code, name, name_en, organ, organ_name, organ_name_en}]: items in force of an organ that has ended
 * without a successor, which nobody can apply for; not there where there are none. */
bool follow_put_orphans(const Context *context, json_t *answer, GError **error);

/* All of a tally but the places (count_store.c). */
bool tally_items(Db *db, int64_t county, Day day, CatalogueTally *out, GError **error);
extern const Figure catalogue_figures[];
/* Room.numbers, of which the figures are made (tally.c). */
bool catalogue_numbers(const Context *context, Day day, int64_t *out, GError **error);
bool reform_put(const Context *context, Day day, GError **error);

/* ---- the register: what is in force on a day (register.c, count_store.c) ---- */

/* [{code, version, name, name_en, organ, type, since_day, online, in_centre, taken_over, at_village, at_town, at_zone}]
 * by organ and code: those that fit what is asked, register_fields. */
json_t *register_items(Db *db, int64_t county, Day on, const json_t *asked, int64_t first, int64_t limit, GError **error);
/* [{organ, count}] of the items that fit all of it but the organ. */
json_t *register_departments(Db *db, int64_t county, Day on, const json_t *asked, GError **error);

extern const Field register_fields[], departments_fields[], places_fields[];
Handler register_show, departments_show, places_show;

/* ---- the public list of changes (changed.c, store.c) ---- */

/* [{number, day, change_kind, change_level, item, item_name, item_name_en, organ, version, into_item, into_name, into_name_en,
 * document, document_number}], newest first: those that fit what is asked, changes_fields, of which nothing need be given; an
 * item's also where others were merged into it. */
json_t *changes_list(Db *db, int64_t county, const json_t *asked, int64_t first, int64_t limit, GError **error);
/* {kind: count} of the same, of whatever kind. */
json_t *changes_count(Db *db, int64_t county, const json_t *asked, GError **error);

extern const Field changes_fields[];
extern const char *const change_levels[], *const change_sources[]; /* NULL ended */
Handler changes_show;

/* ---- recording them at the desk (desk.c) ---- */

extern const Field record_fields[], reform_fields[];
Handler record_change, record_reform;
/* Does the actor keep the whole catalogue for the centre, or this organ's part of it (desk.c)? */
bool desk_may_keep(const Context *context, int64_t organ);
/* Refuses NOT_ALLOWED with this reason who does not keep the item; one that is not there is refused by what is done to it. */
bool desk_must_keep(const Context *context, const char *code, const char *reason, GError **error);
