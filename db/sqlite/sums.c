// SPDX-License-Identifier: Apache-2.0
/* SQLite tells the writer's connection of each row before it comes or goes, from which the sums over tables follow. A row that
 * another program changes is not told there, and so shows.
 *
 * The sum of a table is that of a 64-bit hash of each row, modulo 2^64: the order of the rows plays no part, and a
 * row that changes costs two hashes. The key of the hash is no secret: this finds what disks and hands do by
 * mistake, and the ledger's chain what is done on purpose. */
#include "db/sqlite/sqlite.h"

#include <math.h>
#include <sodium.h>
#include <string.h>

enum { COLUMNS_MOST = 100, ROW_MOST = 1 << 12 }; /* bytes of a row for which no memory is asked */

/* ---- the hash of a row ---- */

typedef struct Row {
    unsigned char *bytes, *more; /* `more`: owned, when it does not fit */
    size_t length;
} Row;

static size_t value_length(sqlite3_value *value)
{
    int type = sqlite3_value_type(value);
    return type == SQLITE_TEXT || type == SQLITE_BLOB ? (size_t)sqlite3_value_bytes(value) : sizeof(int64_t);
}

static void append(Row *row, const void *bytes, size_t length)
{
    if (length)
        memcpy(row->bytes + row->length, bytes, length);
    row->length += length;
}

/* On its way into the table a whole number of a real column is still an integer. */
static bool is_whole(double real)
{
    enum { EXACT_BITS = 53 };
    return fabs(real) < (double)(INT64_C(1) << EXACT_BITS) && real == floor(real);
}

/* The type, the length and the bytes are written, so that no two rows are written alike. */
static void append_value(Row *row, sqlite3_value *value)
{
    unsigned char type = (unsigned char)sqlite3_value_type(value);
    int64_t number = type == SQLITE_INTEGER ? sqlite3_value_int64(value) : 0;
    double real = type == SQLITE_FLOAT ? sqlite3_value_double(value) : 0;
    if (type == SQLITE_FLOAT && is_whole(real))
        type = SQLITE_INTEGER, number = (int64_t)real;
    append(row, &type, sizeof type);
    if (type == SQLITE_FLOAT)
        append(row, &real, sizeof real);
    else if (type != SQLITE_TEXT && type != SQLITE_BLOB)
        append(row, &number, sizeof number);
    else {
        uint64_t length = value_length(value);
        append(row, &length, sizeof length);
        append(row, sqlite3_value_blob(value), length);
    }
}

static void write_row(Row *row, int count, sqlite3_value **values)
{
    size_t most = 0;
    for (int i = 0; i < count; i++)
        most += 1 + sizeof(uint64_t) + value_length(values[i]);
    if (most > ROW_MOST)
        row->bytes = row->more = g_malloc(most);
    for (int i = 0; i < count; i++)
        append_value(row, values[i]);
}

static uint64_t hash_bytes(const Row *row)
{
    static const unsigned char key[crypto_shorthash_KEYBYTES] = "sums of tables";
    uint64_t hash = 0;
    G_STATIC_ASSERT(crypto_shorthash_BYTES == sizeof hash);
    crypto_shorthash((unsigned char *)&hash, row->bytes, row->length, key);
    return hash;
}

static uint64_t hash_row(int count, sqlite3_value **values)
{
    unsigned char place[ROW_MOST];
    Row row = { .bytes = place };
    write_row(&row, count, values);
    uint64_t hash = hash_bytes(&row);
    g_free(row.more);
    return hash;
}

/* ---- what a statement and a transaction change ---- */

static SumChange *change_of(Sums *self, const char *table, int64_t county)
{
    for (unsigned i = 0; i < self->count; i++)
        if (self->changes[i].county == county && strcmp(self->changes[i].table, table) == 0)
            return &self->changes[i];
    if (self->count == SUMS_MOST)
        g_error("a write changes too many tables");
    SumChange *made = &self->changes[self->count++];
    *made = (SumChange){ .county = county };
    g_strlcpy(made->table, table, SUM_NAME);
    return made;
}

typedef int ValueOf(sqlite3 *link, int column, sqlite3_value **value);

static void count_row(Db *db, const char *table, int county_at, int sign, ValueOf *value_of)
{
    sqlite3_value *values[COLUMNS_MOST];
    int count = sqlite3_preupdate_count(db->link);
    if (count > COLUMNS_MOST || county_at >= count)
        g_error("the table %s has other columns than expected", table);
    for (int i = 0; i < count; i++)
        if (value_of(db->link, i, &values[i]) != SQLITE_OK)
            g_error("no memory for a row of %s", table);
    SumChange *change = change_of(&db->pending, table, county_at < 0 ? 0 : sqlite3_value_int64(values[county_at]));
    change->rows += sign;
    change->sum += (uint64_t)sign * hash_row(count, values);
}

/* Once for each row, also for those that go with others. */
static void row_changes(void *data, sqlite3 *link, int how, const char *base, const char *table, sqlite3_int64 before, sqlite3_int64 after)
{
    (void)link, (void)base, (void)before, (void)after;
    Db *db = data;
    void *county_at;
    if (!db->tables || !g_hash_table_lookup_extended(db->tables, table, NULL, &county_at))
        return;
    if (!db_is_writer(db))
        g_error("a row of %s changes outside a write", table);
    if (how != SQLITE_INSERT)
        count_row(db, table, GPOINTER_TO_INT(county_at), -1, sqlite3_preupdate_old);
    if (how != SQLITE_DELETE)
        count_row(db, table, GPOINTER_TO_INT(county_at), 1, sqlite3_preupdate_new);
}

/* ---- the stored sums ---- */

static bool flush(Db *self, int64_t county, void *memory, GError **error)
{
    (void)county;
    const Sums *sums = memory;
    for (unsigned i = 0; i < sums->count; i++) {
        const SumChange *change = &sums->changes[i];
        if (!sums_add(self, change->table, change->county, change->rows, (int64_t)change->sum, error))
            return false;
    }
    return true;
}

/* The changes of the transaction so far. */
static Sums *of_transaction(Db *self)
{
    bool fresh;
    return db_transaction_state(self, 0, flush, sizeof(Sums), &fresh);
}

/* Writes of many counties may change more sums than the state holds: then it is flushed first. */
static bool write_down(Db *self, Sums *sums, GError **error)
{
    bool written = flush(self, 0, sums, error);
    sums->count = 0;
    return written;
}

bool sums_ended(Db *self, bool well, GError **error)
{
    unsigned count = well ? self->pending.count : 0;
    self->pending.count = 0;
    Sums *sums = count ? of_transaction(self) : NULL;
    for (unsigned i = 0; i < count; i++) {
        const SumChange *made = &self->pending.changes[i];
        if (sums->count == SUMS_MOST && !write_down(self, sums, error))
            return false;
        SumChange *change = change_of(sums, made->table, made->county);
        change->rows += made->rows;
        change->sum += made->sum;
    }
    return true;
}

void sums_begin(Db *self)
{
    transaction_state_begin(self);
    self->pending.count = 0;
    of_transaction(self); /* the first to be asked for, and so the last to be written down */
}

void sums_forget(Db *self, const char *table)
{
    Sums *sums = of_transaction(self);
    for (unsigned i = 0; i < sums->count; i++)
        if (strcmp(sums->changes[i].table, table) == 0)
            sums->changes[i].rows = 0, sums->changes[i].sum = 0;
}

/* ---- functions ---- */

static void row_hash(sqlite3_context *call, int count, sqlite3_value **values)
{
    sqlite3_result_int64(call, (int64_t)hash_row(count, values));
}

/* Modulo 2^64, where SQLite's own plus sign would leave the integers. */
static void sum_plus(sqlite3_context *call, int count, sqlite3_value **values)
{
    (void)count;
    sqlite3_result_int64(call, (int64_t)((uint64_t)sqlite3_value_int64(values[0]) + (uint64_t)sqlite3_value_int64(values[1])));
}

bool sums_open(Db *self)
{
    enum { PURE = SQLITE_UTF8 | SQLITE_INNOCUOUS | SQLITE_DETERMINISTIC };
    sqlite3 *link = self->link;
    if (self->writes)
        sqlite3_preupdate_hook(link, row_changes, self);
    return sqlite3_create_function_v2(link, "row_hash", -1, PURE, NULL, row_hash, NULL, NULL, NULL) == SQLITE_OK &&
           sqlite3_create_function_v2(link, "sum_plus", 2, PURE, NULL, sum_plus, NULL, NULL, NULL) == SQLITE_OK;
}
