// SPDX-License-Identifier: Apache-2.0
/* The catalogue of items (事项库): what may be applied for, on which basis, within which limits, with
 * which papers, through which hands. An item has versions; one of them is published; a case pins the
 * version it was accepted under. */
#pragma once

#include "base/base.h"
#include "calendar/calendar.h"
#include "db/db.h"
#include "http/http.h"
#include "identity/identity.h"
#include "ledger/ledger.h"

extern const Route catalogue_routes[]; /* /items, /items/{code}, /desk/items … */

/* ---- what a rule needs of an item ---- */

enum step_kind { STEP_RECEIVE, STEP_PREREVIEW, STEP_ACCEPT, STEP_REVIEW, STEP_DECIDE, STEP_ISSUE, STEP_DELIVER, STEP_KINDS };
extern const char *const step_kind_names[STEP_KINDS + 1]; /* NULL ended: receive 收件, prereview 初审, accept 受理,
                                            review 审查, decide 决定, issue 制证, deliver 送达 */

typedef struct ItemStep {
    enum step_kind kind;
    unsigned levels;   /* bit set of enum level: who may take it */
    unsigned role;     /* enum role */
} ItemStep;

typedef struct ItemMaterial {
    const char *name, *name_en;
    bool required;
    int originals, copies;
    const char *source; /* applicant | organ | agency */
} ItemMaterial;

/* A special procedure (特别程序) this item may go through; its days are not counted (art. 45). */
typedef struct ItemSpecial {
    const char *kind;  /* hearing tender auction inspection testing quarantine appraisal expert_review */
    int days;          /* expected working days, told to the applicant */
    const char *basis;
} ItemSpecial;

enum { ITEM_STEPS = 16, ITEM_MATERIALS = 32, ITEM_SPECIALS = 8 };

typedef struct Item {
    const char *code, *name, *name_en, *type;
    int64_t version, organ;
    ClockRule statutory, promised;
    bool from_receipt;      /* the clocks start with the receipt of the papers, not with acceptance */
    bool instant;           /* 即办件 */
    bool online;            /* may be applied for from home */
    bool for_person, for_enterprise;
    const char *result, *result_en, *result_kind;
    int validity_years;
    size_t step_count, material_count, special_count;
    ItemStep steps[ITEM_STEPS];
    ItemMaterial materials[ITEM_MATERIALS];
    ItemSpecial specials[ITEM_SPECIALS];
    const json_t *details;  /* all fields, as catalogue_guide gives them; the strings above live in it */
} Item;

/* The item at a version (0: the published one). Owned by the caller. NOT_FOUND "catalogue.no_item",
 * also when it is not published. */
Item *catalogue_item(Db *db, int64_t county, const char *code, int64_t version, GError **error);
void catalogue_item_free(Item *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Item, catalogue_item_free)

/* Does a step at one of `levels` exist for what happens in `division`? The organ that takes step
 * `step` for a case handed in at `place`, and its division: the item's own organ at county level, the
 * town centre of the town `place` lies in, the village's point. When several levels may take it, the
 * lowest that `place` has. */
typedef struct StepHolder { int64_t organ, division; unsigned role; } StepHolder;
StepHolder catalogue_step_holder(const Item *item, size_t step, int64_t county, int64_t place);
/* Index of the first step of a kind at or after `from`; SIZE_MAX when there is none. */
size_t catalogue_step(const Item *item, enum step_kind kind, size_t from);

/* ---- reading ---- */

/* Everything people see of the published version of an item (facts 4.1), as the guide page and the
 * API give it: the fields (code, name, organ, type, summary, who, basis, statutory, promised, …), and
 *   version, published_at,
 *   organ_name, organ_name_en, office {address, address_en, telephone, hours, hours_en, …},
 *   desks {county, town, village: who takes the papers in; town_office, village_office;
 *          towns [{code, name, name_en, villages [{code, name, name_en}]}]}.
 * NOT_FOUND "catalogue.no_item". Shared, as reference data is (db.h): nobody changes it. */
json_t *catalogue_guide(Db *db, int64_t county, const char *code, GError **error);
/* Published items that fit what was typed: Chinese words of one character and more, pinyin in full or
 * initials, English words, everyday words, codes; several words must all fit; best first. An empty
 * query gives all by organ. `object` NULL or "": any; `organ` 0: any. When nothing fits, what comes
 * near. Gives {"items": [{code, name, name_en, organ, organ_name, organ_name_en, type, summary,
 * summary_en, promised {days, unit}, instant, online}], "total", "fitting" (whatever object and
 * organ), "near" (true or false), "objects": [{object, count, chosen}], "organs": [{organ,
 * organ_name, organ_name_en, count, chosen}]}: the last two say what other choices would give. */
json_t *catalogue_search(Db *db, int64_t county, const char *query, const char *object, int64_t organ,
                         int64_t limit, GError **error);

/* How many items are published, and how many of them are open to online application. */
bool catalogue_count(Db *db, int64_t county, int64_t *published, int64_t *online, GError **error);

/* ---- keeping ---- */

/* Imports a table in the columns of data/items.csv; UTF-8 with or without byte-order mark, or GBK.
 * Each row becomes a draft version where it differs from the newest; `publish` publishes them in the
 * same step. Every fault is told: NOT_FITTING "catalogue.import" with details "faults": JSON text of
 * [{line, column, reason, …}]; then nothing is imported. *changed counts the new versions. */
bool catalogue_import(const Context *context, const char *csv, size_t length, bool publish,
                      int64_t *changed, GError **error);
