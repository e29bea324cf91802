// SPDX-License-Identifier: Apache-2.0
/* The fixture of this room's tests: a county of one town with three organs, and tables of items. */
#pragma once

#include "catalogue/room.h"
#include "rooms_test.h"

#include <glib/gstdio.h>
#include <string.h>

enum { COUNTY = 330482 };
#define TODAY day_from(2014, 9, 3)

static const char divisions[] =
    "code,level,kind,name,name_en,parent,centre,origin\n"
    "330482000000,county,city,平湖市,Pinghu,,1,made up\n"
    "330482103000,town,town,新仓镇,Xincang Town,330482000000,1,made up\n"
    "330482103201,village,village,三叉河村,Sanchahe Village,330482103000,1,made up\n"
    "330482400000,town,zone,经济技术开发区,Development Zone,330482000000,1,made up\n";

static const char organs[] =
    "number,code,name,name_en,short_name,kind,valid_from,valid_to,successor,address,address_en,"
    "telephone,hours,hours_en,origin\n"
    "1,FGJ,发展和改革局,Development and Reform Bureau,发改局,department,2001-01-01,,,"
    "胜利路 1 号 3 楼,\"Floor 3, 1 Shengli Road\",0573-85010001,工作日 8:30–17:00,"
    "\"Working days, 8:30 to 17:00\",made up\n"
    "27,SJJ,市场监督管理局,Market Bureau,市监局,department,2001-01-01,,,,,,,,made up\n"
    "90,T,便民服务中心,Town centre,镇中心,town_centre,2001-01-01,,,,,,,,made up\n"
    "91,V,便民服务点,Village point,村服务点,village_point,2001-01-01,,,,,,,,made up\n";

/* ---- rows of items ---- */

static const char *const sample[ITEM_COLUMNS] = {
    [CODE] = "CYFW",
    [NAME] = "餐饮服务许可",
    [NAME_EN] = "Catering licence",
    [ORGAN] = "市场监督管理局",
    [TYPE] = "license",
    [LEVEL] = "county",
    [SUMMARY] = "开饭店、小吃店之前要办的许可。",
    [SUMMARY_EN] = "What you need before you open a restaurant.",
    [WHO] = "有固定场所的单位和个人",
    [WHO_EN] = "Anyone with fixed premises",
    [BASIS] = "食品安全法第二十九条",
    [BASIS_EN] = "Food Safety Law, art. 29",
    [STATUTORY_DAYS] = "20",
    [STATUTORY_UNIT] = "working",
    [START] = "acceptance",
    [PROMISED_DAYS] = "8",
    [PROMISED_UNIT] = "working",
    [OBJECTS] = "person|enterprise",
    [MATERIALS] = "申请书;Application form;required;1;0;applicant"
                  "|身份证;Identity card;required;0;1;organ|平面图;Floor plan;optional;1;0;agency",
    [FEE] = "不收费",
    [FEE_EN] = "Free",
    [FEE_BASIS] = "",
    [STEPS] = "receive;village/town/county;clerk|prereview;town;reviewer|accept;county;reviewer"
              "|review;county;reviewer|decide;county;approver|issue;county/town;issuer"
              "|deliver;village/town/county;clerk",
    [SPECIALS] = "expert_review;10;行政许可法第四十五条",
    [VISITS] = "1",
    [VISIT_REASON] = "领取许可证",
    [VISIT_REASON_EN] = "To collect the licence",
    [ONLINE] = "yes",
    [RESULT] = "餐饮服务许可证",
    [RESULT_EN] = "Catering licence",
    [VALIDITY_YEARS] = "3",
    [RESULT_KIND] = "licence",
    [INSTANT] = "no",
    [KEYWORDS] = "开饭店|restaurant|小吃",
    [ORIGIN] = "made up",
};

static inline void copy_sample(const char *cells[static ITEM_COLUMNS])
{
    for (size_t i = 0; i < ITEM_COLUMNS; i++)
        cells[i] = sample[i] ? sample[i] : "";
}

static inline void append_cells(GString *csv, const char *const *cells)
{
    for (size_t i = 0; i < ITEM_COLUMNS; i++)
        g_string_append_printf(csv, "%s\"%s\"", i ? "," : "", cells[i]);
    g_string_append_c(csv, '\n');
}

static inline GString *table_start(void)
{
    const char *names[ITEM_COLUMNS + 1];
    GString *csv = g_string_new(NULL);
    item_columns(names);
    append_cells(csv, names);
    return csv;
}

static inline void append_item(GString *csv, const char *code, const char *name,
                               const char *name_en, const char *keywords)
{
    const char *cells[ITEM_COLUMNS];
    copy_sample(cells);
    cells[CODE] = code;
    cells[NAME] = name;
    cells[NAME_EN] = name_en;
    cells[KEYWORDS] = keywords;
    append_cells(csv, cells);
}

/* ---- the bench ---- */

typedef struct Bench {
    char *folder, *file;
    Store *store;
} Bench;

typedef struct Table {
    const char *csv;
    size_t length;
    bool publish;
    int64_t changed;
} Table;

static const Actor keeper = { .kind = STAFF, .id = 7, .name = "王五" };

static inline Context context_of(Db *db)
{
    return (Context){
        .db = db, .county = COUNTY, .actor = &keeper, .random = random_secure, .now = instant_at(TODAY, 600), .rooms = rooms
    };
}

static inline bool import_county(Db *db, void *data, GError **error)
{
    (void)data;
    const Context context = context_of(db);
    return identity_import_divisions(&context, divisions, strlen(divisions), error) &&
           identity_import_organs(&context, organs, strlen(organs), error);
}

static inline bool import_table(Db *db, void *data, GError **error)
{
    Table *table = data;
    const Context context = context_of(db);
    return catalogue_import(&context, table->csv, table->length, table->publish ? TODAY : DAY_NONE, &table->changed, error);
}

/* Takes over `csv`; gives the number of new versions, or -1. */
static inline int64_t import_csv(Bench *b, GString *csv, bool publish, GError **error)
{
    Table table = { csv->str, csv->len, publish, 0 };
    bool done = store_write(b->store, import_table, &table, error);
    g_string_free(csv, TRUE);
    return done ? table.changed : -1;
}

static inline void bench_open_empty(Bench *b)
{
    b->folder = g_dir_make_tmp("catalogue-XXXXXX", NULL);
    b->file = g_build_filename(b->folder, "test.db", NULL);
    b->store = store_with_rooms(b->file, 2);
}

static inline void bench_open(Bench *b)
{
    g_autoptr(GError) error = NULL;
    bench_open_empty(b);
    store_write(b->store, import_county, NULL, &error);
    g_assert_no_error(error);
}

static inline void bench_close(Bench *b)
{
    store_close(b->store);
    g_autoptr(GDir) dir = g_dir_open(b->folder, 0, NULL);
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(b->folder, name, NULL);
        g_unlink(path);
    }
    g_rmdir(b->folder);
    g_free(b->folder);
    g_free(b->file);
}
