// SPDX-License-Identifier: Apache-2.0
/* The columns of the table of items: how a cell is read (row.c) and written (cells.c). */
#pragma once

#include "catalogue/room.h"

typedef struct Reader Reader;
typedef struct Column Column;
/* NULL when a fault was told. */
typedef json_t *ReadCell(Reader *reader, const Column *column, const char *cell);
struct Column {
    const char *name;
    ReadCell *read;
    int64_t least, most;        /* characters of a text, bounds of a number, entries of a list */
    const char *const *choices; /* NULL ended; of a flag: the word for no, the word for yes */
    const Column *parts;        /* of a list's entries; ends with { 0 } */
    const char *between;        /* what stands between the entries of a list */
    bool single;                /* no two entries with the same first part */
    bool may_lack;              /* an empty cell gives no field; the last parts of an entry need not be written */
};

/* Laws that the whole has to fit; ends with { 0 } (laws.c). */
typedef struct ItemLaw {
    size_t column; /* to blame */
    const char *reason;
    bool (*fits)(const json_t *fields);
} ItemLaw;
extern const ItemLaw item_laws[];
/* Lists of one entry, which the fields have as an object. */
enum { ITEM_SINGLES = 2 };
extern const size_t item_singles[ITEM_SINGLES];
extern const Column *const item_table; /* by enum item_column */
