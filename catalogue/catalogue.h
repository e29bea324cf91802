// SPDX-License-Identifier: Apache-2.0
/* The catalogue of items (事项库): what may be applied for, on which basis, within which limits, with
 * which papers, through which hands. An item has versions; one of them is published; a case pins the
 * version it was accepted under. */
#pragma once

#include "base/base.h"
#include "calendar/calendar.h"
#include "db/db.h"
#include "forms/forms.h"
#include "http/http.h"
#include "identity/identity.h"
#include "ledger/ledger.h"

extern const Room catalogue_room; /* /items, /items/{code}, /desk/items … */

/* ---- kinds of act ---- */

/* The kind of act (权力类型) that is asked for by applying: which procedure binds them, and what they are called. */
typedef struct ItemKind {
    bool is_licence;     /* the Licensing Law binds it: five working days of silence accept (art. 32), and its articles are cited.
                          * Others cite the item's own basis, and silence accepts none of them */
    bool is_reviewable;  /* an administrative act, against which review and suit are open */
    const char *granted, *refused; /* kinds of the documents by which it is decided */
    const char *mark;    /* two letters in the file number (档号) of a case: XK 许可, SP 审批, QR 确认, JF 给付, JL 奖励, CJ 裁决, BA 备案, FW 服务, QT 其他 */
} ItemKind;
extern const char *const item_kind_names[]; /* "license", "approval" …: the column `type`; NULL ended */
/* The kind of that name; a licence where it is "", as which older programs took every item. Never NULL. */
const ItemKind *item_kind(const char *name);

/* ---- what a rule needs of an item ---- */

enum step_kind { STEP_RECEIVE, STEP_PREREVIEW, STEP_ACCEPT, STEP_REVIEW, STEP_DECIDE, STEP_ISSUE, STEP_DELIVER, STEP_KINDS };
extern const char *const step_kind_names[STEP_KINDS + 1]; /* NULL ended: receive 收件, prereview 初审, accept 受理,
                                            review 审查, decide 决定, issue 制证, deliver 送达 */

/* Beside the three levels, a step may be left to the development zone (开发区) for what happens there. */
enum { ZONE_LEVEL = VILLAGE_LEVEL + 1, ITEM_LEVELS };
extern const char *const item_levels[]; /* "county", "town", "village", "zone"; NULL ended */

typedef struct ItemStep {
    enum step_kind kind;
    unsigned levels;   /* bit set of enum level and ZONE_LEVEL: who may take it. Accepting, reviewing and deciding is left to a level below
                        * the county by a power alone, or where the item is a service; else the county's organ does it */
    unsigned role;     /* enum role */
} ItemStep;

typedef struct ItemMaterial {
    const char *name, *name_en;
    bool required;
    bool may_follow;    /* 可容缺: accepted without it against a written promise, and there before the decision to grant */
    bool may_promise;   /* 可告知承诺: a written promise stands in its place, and is checked after the decision */
    int originals, copies;
    const char *source; /* applicant | organ | agency */
    const char *shared_by; /* 数据共享: the code of Room.shares from which it comes by itself; "": nobody's */
} ItemMaterial;

/* A special procedure (特别程序) this item may go through; its days are not counted (art. 45). */
typedef struct ItemSpecial {
    const char *kind;  /* hearing tender auction inspection testing quarantine appraisal expert_review */
    int days;          /* expected working days, told to the applicant */
    const char *basis;
    bool mandatory;    /* nothing is granted without it: the hearing before an entertainment venue (娱乐场所管理条例 art. 10) */
} ItemSpecial;

/* The power (权力来源) by which a town or the zone acts in place of the item's organ (Licensing Law arts. 22–24), and the article or document that
 * gives it. */
typedef struct ItemPower {
    const char *source;  /* statutory 法定本级, authorised 授权, entrusted 委托, stationed 派驻; examines 初审: it accepts, examines and sends up,
                          * and decides nothing (art. 35); NULL: none */
    const char *basis;
    bool in_own_name;    /* its acts have its own name, seal and remedies; else those of the item's organ */
} ItemPower;

/* The organ above the county that decides what the item's organ examines and sends up (上报), with its own limit. */
typedef struct ItemAbove {
    const char *organ, *organ_en; /* NULL: it is decided here */
    const char *basis;
    int days;
    enum day_unit unit;
} ItemAbove;

/* By how much the head of the organ may extend the limits, once, in their unit; no days: not at all. */
typedef struct ItemExtension {
    int days;
    enum day_unit unit;
    const char *basis;
} ItemExtension;

/* A limited number (数量限制, Licensing Law art. 57): decided in the order of acceptance; number 0: there is no limit. */
typedef struct ItemQuota {
    int number;         /* of grants in each period */
    const char *period; /* "year" or "month", of the calendar */
    const char *basis;  /* "" not said */
} ItemQuota;

enum { KEEPING_BY_CENTRE = -1 /* the item does not say: Context.keeping_years */, KEEPING_FOR_GOOD = 99 /* 永久: as good as */ };
enum { ITEM_CORRECTION_LEAST = 5, ITEM_CORRECTION_MOST = 30 }; /* working days */
enum { ITEM_STEPS = 16, ITEM_MATERIALS = 32, ITEM_SPECIALS = 8 };

typedef struct Item {
    const char *code, *name, *name_en, *type;
    const ItemKind *kind;
    int64_t version, organ; /* organ: that goes on today with the work of the one that the version names (identity_acting) */
    bool is_orphan;         /* that one has ended, and nobody goes on with its work */
    ClockRule statutory, promised;
    ItemExtension extension;
    ItemQuota quota;
    bool from_receipt;      /* the clocks start when the application is handed in (receipt 收到, submission 提交), not with acceptance */
    bool instant;           /* 即办件 */
    bool online;            /* may be applied for from home */
    bool for_person, for_enterprise;
    const char *result, *result_en, *result_kind;
    int validity_years;
    int keeping_years;      /* its case's file is kept after the end (保管期限); 0: no longer */
    int correction_days;    /* working days within which papers that were asked for are to come; 0: the centre's */
    const char *site_check; /* the article by which two officers have to see the place before it is granted (现场核查, arts. 34, 55); "": none */
    unsigned charged;       /* bit set of step kinds that are not taken before its fees are settled; 0: it charges nothing */
    size_t step_count, material_count, special_count;
    ItemStep steps[ITEM_STEPS];
    ItemMaterial materials[ITEM_MATERIALS];
    ItemSpecial specials[ITEM_SPECIALS];
    ItemAbove above;
    ItemPower powers[ITEM_LEVELS]; /* by level; that of the item's own organ is not there */
    const ItemForm *form; /* its application form, read once for this version; NULL: it has none */
    const json_t *details;  /* all fields, as catalogue_guide gives them; the strings above live in it */
} Item;

/* The item at a version that was published once, or as it is in force on a day. Shared, as reference data is (db.h): nobody
 * changes it; the caller lets it go with catalogue_item_free. NOT_FOUND "catalogue.no_item". */
Item *catalogue_item(Db *db, int64_t county, const char *code, int64_t version, GError **error);
Item *catalogue_item_on(Db *db, int64_t county, const char *code, Day day, GError **error);
/* As it was in force on a day that another system's history tells of, which may be older than the catalogue: before the first version that one.
 * NOT_FOUND "catalogue.no_item" where the item had ended by then. */
Item *catalogue_item_of_history(Db *db, int64_t county, const char *code, Day day, GError **error);
void catalogue_item_free(Item *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Item, catalogue_item_free)

/* Does a step at one of `levels` exist for what happens in `division`? The organ that takes step
 * `step` for a case handed in at `place`, and its division: the item's own organ at county level, the
 * town centre of the town `place` lies in, the village's point. When several levels may take it, the
 * lowest that `place` has; in the development zone first of all its own centre, where it may. */
typedef struct StepHolder { int64_t organ, division; unsigned role; } StepHolder;
StepHolder catalogue_step_holder(const Item *item, size_t step, int64_t county, int64_t place);
/* The power by which a town or the zone takes that step for what happens in `place`; NULL: the item's organ takes it, or somebody as
 * its agent (代办). */
const ItemPower *catalogue_power(const Item *item, size_t step, int64_t place);
/* May papers be handed in for it at the desk of `level` for `place`? The zone's desk is its town's. */
bool catalogue_taken_in(const Item *item, enum level level, int64_t place);
/* The materials of an item; those that name a source of the rooms (ItemMaterial.shared_by) with "shared", as Room.shares appends it: {code, and of
 * a register of the centre's own "register", whose word is codes.register.<register>, else name, name_en, organ_name, organ_name_en, purpose and
 * purpose_en of who is asked about the applicant}. Owned by the caller. */
json_t *catalogue_shared(const Context *context, const Item *item, GError **error);
/* Index of the first step of a kind at or after `from`; SIZE_MAX when there is none. */
size_t catalogue_step(const Item *item, enum step_kind kind, size_t from);

/* ---- reading ---- */

/* Everything people see of the version of an item that is in force on a day (facts 4.1), as the guide page and the
 * API give it: the fields (code, name, organ, type, summary, who, basis, statutory, promised, …), and
 *   version, published_at, since_day, coming {version, from_day} where another version follows it,
 *   organ_name, organ_name_en, office {address, address_en, telephone, hours, hours_en, …},
 *   desks {county, town, village: who takes the papers in; town_office, village_office;
 *          towns [{code, name, name_en, villages [{code, name, name_en}]}]}.
 * NOT_FOUND "catalogue.no_item". Shared, as reference data is (db.h): nobody changes it. */
json_t *catalogue_guide(Db *db, int64_t county, const char *code, Day day, GError **error);
/* Items in force on a day that fit what was typed: Chinese words of one character and more, pinyin in full or
 * initials, English words, everyday words, codes; several words must all fit; best first. An empty
 * query gives all by organ. When nothing fits, what comes near. Gives {"items": [{code, name, name_en, organ, organ_name, organ_name_en, type, summary,
 * summary_en, promised {days, unit}, instant, online}], "total", "fitting" (whatever object and
 * organ), "near" (true or false), "objects": [{object, count, chosen}], "organs": [{organ,
 * organ_name, organ_name_en, count, chosen}]}: the last two say what other choices would give. */
json_t *catalogue_search(Db *db, int64_t county, Day day, const char *query, int64_t limit, GError **error);

/* The item that ever had this code, published or not: {code, name, name_en (as they are last), organs: [every organ that any
 * version named, rising]}. NOT_FOUND "catalogue.no_item_at_all". */
json_t *catalogue_ever(Db *db, int64_t county, const char *code, GError **error);

/* How many items are in force on a day, and how many of them are open to online application. */
bool catalogue_count(Db *db, int64_t county, Day day, int64_t *items, int64_t *online, GError **error);

/* ---- counting ---- */

/* Types as the reform counted them: 行政许可, 非许可审批 (confirmation, payment, other), 管理服务 (service). */
enum item_class { LICENSES, NONLICENSES, MANAGEMENT, ITEM_CLASSES };
extern const char *const item_class_names[ITEM_CLASSES + 1]; /* "license", "nonlicense", "management"; NULL ended */

typedef struct ItemCount {
    int64_t total, of[ITEM_CLASSES];
} ItemCount;

/* The catalogue as it stood at the end of a day. */
typedef struct CatalogueTally {
    ItemCount items, centre;             /* in force; of them handled in the service centre (进驻) */
    int64_t centre_departments;          /* with an item there */
    int64_t from_province, from_prefecture; /* taken over (承接), and still in force */
    int64_t to_towns, to_towns_departments; /* decided by towns (下放), and by how many departments given */
    int64_t to_villages;                 /* taken in at villages (便民服务“三办”) */
    int64_t to_zone, to_zone_departments;   /* decided by the development zone */
    int64_t online;
    int64_t towns, villages;             /* with a service centre or point now, without the zone's */
} CatalogueTally;
bool catalogue_tally(Db *db, int64_t county, Day day, CatalogueTally *out, GError **error);

/* The last day before the reform; DAY_NONE when none was set. */
bool catalogue_reform_day(Db *db, int64_t county, Day *day, GError **error);
/* Sets it, as an event. NOT_FITTING "catalogue.reform_day" for a day to come. */
bool catalogue_reform(const Context *context, Day day, GError **error);

/* ---- changing ---- */

/* Changes that may happen to an item (事项调整). The first two are recorded by publishing alone, the third when its organ ends. */
enum change_kind {
    CHANGE_LISTED,     /* 入库: first published, by a table */
    CHANGE_REVISED,    /* 修订: another version published */
    CHANGE_MOVED,      /* 转移: to the organ that goes on with the work of its own */
    CHANGE_ADDED,      /* 新增: a draft becomes an item */
    CHANGE_CANCELLED,  /* 取消 */
    CHANGE_MERGED,     /* 合并: goes on as part of another */
    CHANGE_SUSPENDED,  /* 暂停: nobody may apply until it is resumed */
    CHANGE_RESUMED,    /* 恢复: as it was before */
    CHANGE_TAKEN_OVER, /* 承接: an item, or a draft, that higher levels handed down */
    CHANGE_DELEGATED,  /* 下放: its steps may be taken by towns, villages or the zone, at once */
    CHANGE_ADJUSTED,   /* 调整: the draft that waits comes in force */
    CHANGE_ENTERED,    /* 进驻: handled in the service centre from now on */
    CHANGE_LEFT,       /* 退出: no longer */
    CHANGE_KINDS,
};
extern const char *const change_kind_names[CHANGE_KINDS + 1]; /* NULL ended */

typedef struct ItemChange {
    enum change_kind kind;
    const char *item;            /* code */
    Day day;                     /* from which it holds: not later than today */
    const char *document, *document_number; /* 《关于…的通知》, 平政发〔2013〕45号 */
    const char *level;           /* taken over: "prefecture", "province"; delegated: "town", "village", "zone"; else "" */
    const char *into;            /* merged: the other item's code; else "" */
    const char *source;          /* delegated to towns or the zone: a source of power that lets them decide (ItemPower); else "" or NULL */
    int64_t organ;               /* moved: to this one; else 0 */
    int64_t number;              /* out: from 1 in the county */
} ItemChange;
/* Records what a normative document (规范性文件) orders and does it: an event, a row, and a new version where
 * fields change. What waits as a draft is published by ADDED, ADJUSTED and TAKEN_OVER alone. Refuses NOT_FOUND
 * "catalogue.no_item_at_all"; NOT_FITTING for a missing document, a day or level that does not fit; CONFLICT where
 * the item's state does not allow it (cancelled, waiting, nothing would change …). */
bool catalogue_change(const Context *context, ItemChange *change, GError **error);

/* ---- keeping ---- */

/* Imports a table in the columns of data/items.csv; UTF-8 with or without byte-order mark, or GBK.
 * Each row becomes a draft version where it differs from the newest; they are published in the same step from the day
 * `since` on (DAY_NONE: not). Every fault is told: NOT_FITTING "catalogue.import" with details "faults": JSON text of
 * [{line, column, reason, …}]; then nothing is imported. *changed counts the new versions. */
bool catalogue_import(const Context *context, const char *csv, size_t length, Day since, int64_t *changed, GError **error);
