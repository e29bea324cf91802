// SPDX-License-Identifier: Apache-2.0
/* For tests: a county of one town, with some organs, in a database of its own. */
#pragma once

#include "identity/identity.h"
#include "rooms_test.h"

#include <glib/gstdio.h>
#include <string.h>

enum { COUNTY = 330482 };
static const int64_t town = 330482103000, village = 330482103201;

static const char divisions[] =
    "code,level,kind,name,name_en,parent,centre,origin\n"
    "330482103201,village,village,三叉河村,Sanchahe Village,330482103000,1,made up\n"
    "330482000000,county,city,平湖市,Pinghu,,1,made up\n"
    "330482103000,town,town,新仓镇,Xincang Town,330482000000,1,made up\n"
    "330482103202,village,village,友联村,,330482103000,0,made up\n";

static const char organ_header[] =
    "number,code,name,name_en,short_name,kind,valid_from,valid_to,successor,address,address_en,"
    "telephone,hours,hours_en,origin\n";
static const char organs[] =
    "1,A,工商行政管理局,Old,工商局,department,2001-01-01,2013-12-31,2,,,,,,made up\n"
    "2,B,市场监督管理局,New,市场监管局,department,2014-01-01,2018-12-31,3,,,,,,made up\n"
    "3,C,市场监督管理局,Newest,市场监管局,department,2019-01-01,,,路 1 号,1 Road,12345,9,9,made "
    "up\n"
    "4,D,粮食局,Grain,粮食局,department,2001-01-01,2014-06-30,,,,,,,made up\n"
    "5,E,新区办,Zone,新区办,department,2010-01-01,2012-12-31,4,,,,,,made up\n"
    "90,T,便民服务中心,Town centre,中心,town_centre,2001-01-01,,,,,,,,made up\n"
    "91,V,便民服务点,Village point,服务点,village_point,2001-01-01,,,,,,,,made up\n";

/* ---- the bench ---- */

typedef struct Bench {
    char *folder, *file;
    Store *store;
} Bench;

typedef bool Import(const Context *context, const char *csv, size_t length, GError **error);
typedef struct Table {
    Import *import;
    const char *csv;
} Table;

static bool import(Db *db, void *data, GError **error)
{
    const Table *table = data;
    const Context context = { .db = db, .county = COUNTY, .now = instant_at(day_from(2012, 1, 1), 0), .rooms = rooms };
    return table->import(&context, table->csv, strlen(table->csv), error);
}

static bool import_text(Bench *b, Import *how, const char *csv, GError **error)
{
    Table table = { how, csv };
    return store_write(b->store, import, &table, error);
}

static void bench_open(Bench *b)
{
    g_autoptr(GError) error = NULL;
    b->folder = g_dir_make_tmp("identity-XXXXXX", NULL);
    b->file = g_build_filename(b->folder, "test.db", NULL);
    b->store = store_with_rooms(b->file, 2);
    g_autofree char *table = g_strconcat(organ_header, organs, NULL);
    import_text(b, identity_import_divisions, divisions, &error);
    g_assert_no_error(error);
    import_text(b, identity_import_organs, table, &error);
    g_assert_no_error(error);
}

static void bench_close(Bench *b)
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

static inline void assert_reason(const GError *error, enum trouble why, const char *reason)
{
    g_assert_error(error, TROUBLE, (int)why);
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
}
