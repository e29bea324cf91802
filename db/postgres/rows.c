// SPDX-License-Identifier: Apache-2.0
/* Rows that came from PostgreSQL, in its binary form. */
#include "db/postgres/postgres.h"

#include <string.h>

/* The server's numbers for its types: pg_type.dat. */
enum type { BOOL = 16, BYTEA = 17, INT8 = 20, INT2 = 21, INT4 = 23, FLOAT8 = 701, NUMERIC = 1700 };

static const char *value_of(const DbRows *self, int column)
{
    const Remote *remote = self->remote;
    return PQgetisnull(remote->result, remote->row, column) ? NULL : PQgetvalue(remote->result, remote->row, column);
}

static size_t length_of(const DbRows *self, int column)
{
    return (size_t)PQgetlength(self->remote->result, self->remote->row, column);
}

bool remote_next(DbRows *self, GError **error)
{
    Remote *remote = self->remote;
    bool more = remote->fetch && remote->row + 1 == FETCH_ROWS;
    if (more && !pipeline_fetch(self, error))
        return false;
    self->ended = remote->row + 1 >= PQntuples(remote->result);
    remote->row += !self->ended;
    return !self->ended;
}

int remote_count(const DbRows *self)
{
    return PQnfields(self->remote->result);
}

const char *remote_name(const DbRows *self, int column)
{
    return PQfname(self->remote->result, column);
}

enum value_kind remote_kind(const DbRows *self, int column)
{
    if (!value_of(self, column))
        return VALUE_NULL;
    switch ((enum type)PQftype(self->remote->result, column)) {
    case BOOL:
    case INT2:
    case INT4:
    case INT8:
    case NUMERIC: return VALUE_INTEGER;
    case FLOAT8: return VALUE_REAL;
    case BYTEA: return VALUE_BYTES;
    default: return VALUE_TEXT;
    }
}

/* The number is in two's complement, its highest byte first. */
static int64_t whole_number(const char *bytes, size_t length)
{
    uint64_t number = length && (bytes[0] & 0x80) ? UINT64_MAX : 0;
    for (size_t i = 0; i < length; i++)
        number = number << 8 | (unsigned char)bytes[i];
    return (int64_t)number;
}

/* The sum of BIGINT comes as digits of 10,000, with how many of them stand before the point, and a sign. */
static int64_t numeric(const char *bytes)
{
    enum { BEFORE = 8, DIGIT = 2, BASE = 10000 };
    int64_t digits = whole_number(bytes, 2), weight = whole_number(bytes + 2, 2), sum = 0;
    for (int64_t i = 0; i <= weight; i++)
        sum = sum * BASE + (i < digits ? whole_number(bytes + BEFORE + i * DIGIT, DIGIT) : 0);
    return whole_number(bytes + 4, 2) ? -sum : sum;
}

int64_t remote_integer(const DbRows *self, int column)
{
    const char *value = value_of(self, column);
    if (!value)
        return 0;
    switch (remote_kind(self, column)) {
    case VALUE_INTEGER:
        return PQftype(self->remote->result, column) == NUMERIC ? numeric(value) : whole_number(value, length_of(self, column));
    case VALUE_REAL: return (int64_t)remote_real(self, column);
    default: return g_ascii_strtoll(value, NULL, 10);
    }
}

double remote_real(const DbRows *self, int column)
{
    double real = 0;
    const char *value = value_of(self, column);
    if (remote_kind(self, column) != VALUE_REAL)
        return (double)remote_integer(self, column);
    uint64_t bits = (uint64_t)whole_number(value, length_of(self, column));
    memcpy(&real, &bits, sizeof real);
    return real;
}

const char *remote_text(const DbRows *self, int column)
{
    return value_of(self, column);
}

const void *remote_bytes(const DbRows *self, int column, size_t *length)
{
    const char *value = value_of(self, column);
    *length = value ? length_of(self, column) : 0;
    return value;
}
