// SPDX-License-Identifier: Apache-2.0
/* The public leaves as an outsider reads them: a tile of entries cut apart, a leaf's canonical JSON read, and what may
 * follow what. Nothing is believed. Pure. */
#pragma once

#include "base/base.h"
#include "ledger/ledger.h"

enum { ENTRY_MOST = 4096 }; /* bytes in an entry: far beyond what a public leaf needs */

/* Bytes of somebody else's; not ended by a NUL. */
typedef struct Span {
    const char *bytes;
    size_t length;
} Span;

/* Cuts the first entry off a tile, which has each after its length in two bytes, the higher first. False when what is
 * left is no entry; `tile` is then as it was. */
bool entry_cut(Span *tile, Span *entry);

/* A public leaf. */
typedef struct Entry {
    int64_t county;
    Event event;    /* what is public of it; owns its texts */
    Hash commitment;
} Entry;
void entry_clear(Entry *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Entry, entry_clear)

/* False for whatever is not the canonical JSON of just these nine and, of a person, the version. To be cleared either way. */
bool entry_read(Span text, Entry *out);

/* The state of all entries so far: each subject's last sequence, in some 30 bytes a subject. */
typedef struct EntryCourse EntryCourse;
/* `county` 0: that of the first entry. */
EntryCourse *entry_course(int64_t county);
void entry_course_free(EntryCourse *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EntryCourse, entry_course_free)
/* CONFLICT "ledger.entry_county", "ledger.entry_gap" (with "entry", its number from 1, and more) when it cannot come next. */
bool entry_follows(EntryCourse *self, int64_t number, const Entry *entry, GError **error);
