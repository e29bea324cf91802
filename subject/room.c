// SPDX-License-Identifier: Apache-2.0
#include "subject/private.h"

#include <limits.h>
#include <string.h>

static const SubjectKind *kind_before(const Room *const *rooms, const SubjectKind *kind)
{
    for (; *rooms; rooms++)
        for (const SubjectKind *const *each = (*rooms)->subjects; each && *each; each++)
            if (*each == kind || strcmp((*each)->name, kind->name) == 0)
                return *each;
    return kind;
}

static bool fits(const Room *const *rooms, GError **error)
{
    for (const Room *const *room = rooms; *room; room++)
        for (const SubjectKind *const *kind = (*room)->subjects; kind && *kind; kind++) {
            if (kind_before(rooms, *kind) != *kind)
                return fault(error, "subjects of the kind %s of the room %s are there already", (*kind)->name, (*room)->name);
            if (!subject_check(*kind, error))
                return false;
        }
    return true;
}

static bool fold_rows(const Context *context, const Record *record, GError **error)
{
    const RecordColumn *column = record->columns, *end = record->columns + record->count;
    void *row;
    while (column < end && !column->folds)
        column++;
    if (column == end)
        return true;
    g_auto(RecordWalk) walk = { .db = context->db, .county = context->county, .record = record, .empty = column };
    while ((row = record_next(&walk, error)))
        if (!record_update(context->db, context->county, record, record_fold(record, UINT_MAX, row), row, error))
            return false;
    return !walk.failed;
}

static bool settle(const Context *context, GError **error)
{
    for (const Room *const *room = context->rooms; *room; room++)
        for (const SubjectKind *const *kind = (*room)->subjects; kind && *kind; kind++)
            if (!fold_rows(context, (*kind)->record, error) || !subject_settle_sought(context, *kind, error))
                return false;
    return true;
}

static bool hear(const Context *context, const SubjectChange *change, GError **error)
{
    return subject_keep_timer(context, change, error) && subject_keep_sought(context, change, error) && subject_keep_beside(context, change, error);
}

static bool forget(const Context *context, const char *subject, GError **error)
{
    return private_erase(context, subject, error) && subject_forget_sought(context, subject, error);
}

const Room subject_room = {
    .name = "subject",
    .listens = hear,
    .fits = fits,
    .forgets = forget,
    .settle = settle,
    .verify = subject_verify_all,
};
