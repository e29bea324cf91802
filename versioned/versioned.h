// SPDX-License-Identifier: Apache-2.0
/* Lists that have versions (清单版本): an item of the catalogue, the calendar of working days, a list of powers. A version is
 * drafted, published from a day on, and replaced by the next or ended; what it says never changes. Which one is in force on
 * a day follows from the days alone. This room keeps the order of versions, their events and what differs between two; the
 * rows, with whatever columns searching needs, stay in the owner's own table. */
#pragma once

#include "base/base.h"
#include "db/db.h"
#include "http/http.h"
#include "ledger/ledger.h"

/* A kind of such lists. Its table has the columns county, the one that names the list, version (from 1, without gap, with these
 * the key), state ('draft', 'published', 'retired'), since_day and until_day (the day on which it came in force, '' or null:
 * it always was; the first day on which it was not any more, null: not yet), made_at, published_at, retired_at, and one with
 * what it says. A version that another one replaced before its day has an until_day before its since_day. */
typedef struct Versioned {
    const char *name;    /* begins its events and subjects: "item.drafted" of "item/CODE" */
    const char *table;
    const char *list;    /* the column that names the list; NULL: a county has one, named "" */
    const char *content; /* the column with a version's content */
    const char *also;    /* further columns of a table of versions, as a SELECT names them */
    unsigned roles;      /* whose holders make versions */
    const char *fields;  /* codes of the fields, as words have them ("item_field"); NULL: they speak for themselves */
    json_t *(*read)(const char *content, GError **error); /* the content field by field: an object */
    /* Puts names that the reader knows in the place of numbers among the fields; NULL: there are none. */
    bool (*name_values)(const Request *r, json_t *fields, GError **error);
} Versioned;

typedef struct Version {
    int64_t version; /* 0: there is none */
    char *state;     /* "draft", "published", "retired" */
    Day since;       /* DAY_NONE: always, or not yet */
    char *content;
    json_t *fields;  /* the content as the kind reads it */
} Version;
void version_clear(Version *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Version, version_clear)

/* ---- which version ---- */

bool versioned_newest(Db *db, int64_t county, const Versioned *kind, const char *list, Version *out, GError **error);
/* NOT_FOUND "versioned.no_version". */
bool versioned_load(Db *db, int64_t county, const Versioned *kind, const char *list, int64_t version, Version *out, GError **error);
/* A mark tells a version from all others, also from one of the same number that was undone. */
typedef struct VersionMark {
    int64_t version; /* 0: none */
    Instant made_at;
    Day since, until; /* the days on which it comes in force (DAY_NONE: it always was) and on which it is not any more (INT32_MAX:
                       * none is set); the version in force on `until` is the one that follows */
} VersionMark;
/* The version in force on a day. Reference data (db.h): cached. */
bool versioned_at(Db *db, int64_t county, const Versioned *kind, const char *list, Day day, VersionMark *out, GError **error);
/* The version that was published last and has not ended; 0: none. */
bool versioned_published(Db *db, int64_t county, const Versioned *kind, const char *list, int64_t *version, GError **error);
/* At most `most`, newest first: [{version, state, since_day, until_day, made_at, published_at, retired_at, standing, is_replaced}
 * and the kind's `also`]. The standing on `today` is "draft", "given_up" (a draft), "replaced" (before it came in force; then
 * is_replaced), "coming", "in_force" or "past". */
json_t *versioned_versions(Db *db, int64_t county, const Versioned *kind, const char *list, Day today, int64_t most, GError **error);

/* ---- what becomes of them: inside a write ---- */

/* A list as an event names it. */
typedef struct VersionedSubject {
    const char *list, *item; /* item: code of an item, "" where it has none */
    int64_t organ;           /* the organ that keeps the list; 0: none */
} VersionedSubject;
/* The event NAME.`what` of subject NAME/LIST; it also says for whom the actor stands in (actor_put_absent). */
bool versioned_record(const Context *context, const Versioned *kind, const VersionedSubject *subject, const char *what,
                      const json_t *payload, GError **error);
/* The event NAME.drafted {version, changes} of a draft that the owner has inserted; `before` may be NULL. */
bool versioned_drafted(const Context *context, const Versioned *kind, const VersionedSubject *subject, int64_t version,
                       const json_t *before, const json_t *after, GError **error);
/* Puts a draft in force from `day` on (DAY_NONE: on all days); until then the version published before stays in force. Drafts
 * before it are given up, and versions that were to come in force on that day or later never do. *retired is the version that was published before, or 0. */
bool versioned_publish(const Context *context, const Versioned *kind, const char *list, int64_t version, Day day, int64_t *retired,
                       GError **error);
/* May a version be published from `day` on? NOT_FITTING "since": "versioned.day_past" for a day that has gone,
 * "versioned.day_far" for one more than a year ahead. */
bool versioned_may_begin(const Context *context, Day day, GError **error);
/* The field of a form that publishes; the page's answer has a proposal as "since". */
#define VERSIONED_SINCE_FIELD { .name = "since", .kind = FIELD_DAY, .room = "versioned", .value = "since" }
Day versioned_since(const Request *r); /* what was typed there; today where it is empty */
/* Publishes as versioned_publish does, with the event NAME.published {version, retired, and since_day where it is not the event's}. */
bool versioned_enforce(const Context *context, const Versioned *kind, const VersionedSubject *subject, int64_t version, Day day,
                       int64_t *retired, GError **error);
/* From `day` on no version is in force, also none that was to be replaced later. */
bool versioned_end(const Context *context, const Versioned *kind, const char *list, Day day, GError **error);

/* ---- what differs ---- */

/* {field: {from, to}} for each field in which two versions differ; `before` may be NULL. */
json_t *versioned_changes(const json_t *before, const json_t *after);
/* One change in the words of the reader's language: {CODES: field, was: […], now: […], reordered}; of a list only the entries
 * that came or went, and where both hold the same in another order, that. Owned by the caller. */
json_t *versioned_change(const Request *r, const Versioned *kind, const char *field, const json_t *from, const json_t *to);

/* A GET route that shows the difference of two versions: {from, to, title, title_en, back, changes, …} on the page
 * "versioned/difference", or as a file. `back` is the path of the list's own page. */
extern const Field versioned_difference_fields[]; /* from, to, format: csv, xlsx */
typedef struct VersionedPage {
    const char *list, *title, *title_en, *path, *back;
} VersionedPage;
json_t *versioned_difference(Request *r, const Versioned *kind, const VersionedPage *page, GError **error);

/* ---- settings, which have no versions ---- */

/* The field of a setting's form that carries what the page showed of it along, as the text `of` of its answer. */
#define SETTING_SEEN(of) { .name = "seen", .most = 200, .look = LOOK_HIDDEN, .label = "versioned.setting_seen", .value = (of) }
/* Is the setting, of which `now` is that text, as the page showed it? CONFLICT "versioned.setting_stale" where somebody else has changed it since;
 * a program that does not say what it has seen is not asked. In a write. */
bool setting_is_fresh(const Request *r, const char *now, GError **error);
