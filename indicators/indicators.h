// SPDX-License-Identifier: Apache-2.0
/* Indicators (指标): what the centre publishes of its work, each figure added up from counters that every change of a subject
 * moves in its own transaction, by the measures of the subject's room, and traceable to the subjects behind it. */
#pragma once

#include "base/base.h"
#include "cases/cases.h"
#include "catalogue/catalogue.h"
#include "db/db.h"
#include "http/http.h"
#include "identity/identity.h"

extern const Room indicators_room; /* /figures/…, and / of a region, which adds up its counties */

/* ---- counting ---- */

/* Counts what the rooms' measures say of a change. */
Listener indicators_follow;
/* Counts all measures anew while subjects are verified, and holds the sums against those that are kept. */
extern const SubjectRecount indicators_recount;
/* In a write: counts measures that were never counted from the ledger's first event on. */
bool indicators_settle(const Context *context, GError **error);

/* ---- sums ---- */

typedef struct IndicatorAsk {
    const Measures *of; /* NULL: case_measures */
    Day from, to;       /* both included */
    bool is_to_the_end; /* no case has been counted after `to`; of other measures it says nothing */
    int64_t division;   /* where cases were taken in, with all that lies in it; 0: everywhere */
    int64_t organ;      /* 0: all */
    const char *item;   /* code; NULL or "": all */
    unsigned channels;  /* bit set of enum channel; 0: all */
    unsigned measures;  /* bit set of those that are wanted, the others stay 0: each costs; 0: all */
    const char *site;   /* "http://pinghu.example" where the lists behind are; NULL: here */
    bool is_region;     /* behind the figures is no list but the counties that they add up */
} IndicatorAsk;

enum indicator_by { BY_NOTHING, BY_DAY, BY_MONTH, BY_ORGAN, BY_TOWN, BY_PLACE, BY_ITEM, BY_CHANNEL, BY_ORGAN_CHANNEL, BY_TOWN_CHANNEL, BY_HOUR, BY_COUNTY_CHANNEL };

typedef struct IndicatorSums {
    int64_t number;   /* BY_DAY: Day; BY_MONTH: its first Day; BY_ORGAN, BY_HOUR: organ; BY_TOWN, BY_PLACE: division; BY_COUNTY_CHANNEL: county */
    int hour;         /* BY_HOUR: 0 to 23; only cases accepted at the county's windows are counted by hours */
    const char *text; /* BY_ITEM: code; BY_CHANNEL and the like: its name; interned */
    int64_t of[MEASURES_MOST];
} IndicatorSums;

/* The sums of the context's county, or of all counties of a region together, by one query. In the order of number, hour and
 * text; no row where nothing was counted. A few milliseconds for whole months, for a town, for an organ; a quarter of a second
 * where days, items or villages of nine months are told apart. Array of IndicatorSums, owned by the caller. */
GArray *indicators_sums(const Context *context, const IndicatorAsk *ask, enum indicator_by by, GError **error);

/* ---- figures ---- */

/* The figures of one room, in its order: array of {key, words (its key in the room's words), owner (the room), unit, is_known,
 * value (number: a percentage rounded to two decimals; null where not known, and of what is of the county when a part of it
 * is asked for), percent (text with two decimals, where it is one), top, bottom (of a share), formula ("count", "share",
 * "saving"), path (the list behind, of as many as `top`; where that is days, of the cases decided)}. */
json_t *indicators_of_room(const Context *context, const IndicatorAsk *ask, const Room *room, GError **error);
/* The published ones (data/published.csv) of all rooms, in the order in which they were published; where no room has one, it is
 * not known, and "room" is the one that will have it. */
json_t *indicators_figures(const Context *context, const IndicatorAsk *ask, GError **error);
/* The address of the list behind a measure, of as many cases as its sum; of a region, of the page on which its counties
 * stand one by one. Owned by the caller. */
char *indicators_path(const IndicatorAsk *ask, enum case_measure which);
/* 8633 for 86.33 %: hundredths of a percent, rounded half up; 0 where bottom is 0. */
int64_t indicators_hundredths(enum figure_formula formula, int64_t top, int64_t bottom);

/* ---- the bulletin (简报) ---- */

enum report_format { REPORT_TEXT, REPORT_HTML, REPORT_PDF, REPORT_XLSX, REPORT_JSON, REPORT_FORMATS };
extern const char *const report_format_names[REPORT_FORMATS + 1]; /* "text", "html", "pdf", "xlsx", "json"; NULL ended */
extern const char *const report_format_types[REPORT_FORMATS];     /* as the front door names them */

/* Fills the question for a bulletin from one day to another (YYYY-MM-DD, both included); `division` 0: the county. Refuses
 * NOT_FITTING what is no day and a period turned round, NOT_FOUND a division that does not exist. */
bool indicators_report_ask(const Context *context, const char *from, const char *to, int64_t division, IndicatorAsk *out, GError **error);
/* The bulletin as an object: see indicators/report.h. Made on the day context->now. */
json_t *indicators_bulletin(const Context *context, const View *view, enum language language, const IndicatorAsk *ask, GError **error);
/* The bulletin in one of its forms; REPORT_JSON is an object from the key of every figure to a number or null. Owned by
 * the caller. */
GBytes *indicators_report(const Context *context, const View *view, enum language language, const IndicatorAsk *ask,
                          enum report_format format, GError **error);
