// SPDX-License-Identifier: Apache-2.0
/* The persons of subjects found by keyed hashes (lists/lists.h): written with the change from which on the subject names somebody,
 * anew when it names somebody else, and taken away when it is erased or restricted in its use (PIPL art. 47). */
#include "subject/private.h"

#include <string.h>

static bool read_person(const SubjectKind *kind, const void *present, Sought *out)
{
    *out = (Sought){ .name = "", .id_number = "", .telephone = "" };
    return present && kind->person(present, out);
}

static bool is_same(const Sought *one, const Sought *other)
{
    return one->is_person == other->is_person && one->place == other->place && one->day == other->day && strcmp(one->name, other->name) == 0 &&
           strcmp(one->id_number, other->id_number) == 0 && strcmp(one->telephone, other->telephone) == 0;
}

bool subject_keep_sought(const Context *context, const SubjectChange *change, GError **error)
{
    Sought before, after;
    const SubjectKind *kind = change->kind;
    if (!kind || !kind->sought)
        return true;
    bool was = read_person(kind, change->before, &before), is = read_person(kind, change->after, &after);
    if (was == is && (!is || is_same(&before, &after)))
        return true;
    int64_t number = subject_number(kind, change->after);
    return (!was || sought_drop(context, kind->sought, number, error)) && (!is || sought_put(context, kind->sought, number, &after, error));
}

bool subject_forget_sought(const Context *context, const char *subject, GError **error)
{
    int64_t number;
    const SubjectKind *kind = subject_named(context->rooms, subject, &number);
    return !kind || !kind->sought || sought_drop(context, kind->sought, number, error);
}

/* ---- subjects of an older program ---- */

bool subject_settle_sought(const Context *context, const SubjectKind *kind, GError **error)
{
    bool first;
    const void *each;
    Sought who;
    if (!kind->sought)
        return true;
    g_autofree char *done = g_strconcat(kind->sought, "_filled", NULL);
    g_auto(RecordWalk) walk = { .db = context->db, .county = context->county, .record = kind->record };
    if (!db_once(context->db, context->county, done, &first, error))
        return false;
    while (first && (each = record_next(&walk, error))) {
        int64_t number = subject_number(kind, each);
        if (!sought_drop(context, kind->sought, number, error) ||
            (read_person(kind, each, &who) && !sought_put(context, kind->sought, number, &who, error)))
            return false;
    }
    return !walk.failed;
}

/* ---- verifying ---- */

typedef struct Comparing {
    const Context *context;
    const SubjectKind *kind;
    const VerifyReport *told;
    GArray *made, *kept; /* of SoughtRow: those of the subjects behind `after` */
    int64_t after;
} Comparing;

static int in_order(const SoughtRow *one, const SoughtRow *other)
{
    int order = numbers_in_order(&one->number, &other->number);
    return order ? order : numbers_in_order(&one->hash, &other->hash);
}

/* Rows are in order; a subject with several wrong ones is told once. */
static bool compare(Comparing *self, int64_t last, GError **error)
{
    guint made = 0, kept = 0;
    int64_t told = 0;
    if (!sought_rows(self->context, self->kind->sought, self->after, last, self->kept, error))
        return false;
    while (made < self->made->len || kept < self->kept->len) {
        const SoughtRow end = { INT64_MAX, INT64_MAX };
        const SoughtRow *one = made < self->made->len ? &g_array_index(self->made, SoughtRow, made) : &end;
        const SoughtRow *other = kept < self->kept->len ? &g_array_index(self->kept, SoughtRow, kept) : &end;
        int order = in_order(one, other);
        int64_t number = order > 0 ? other->number : one->number;
        g_autofree char *reason = g_strconcat(self->kind->words, ".found_sought", NULL);
        if (order && number != told && !report_difference(self->told, self->kind->sought, DECIMAL(number), reason, "", error))
            return false;
        told = order ? number : told;
        made += order <= 0;
        kept += order >= 0;
    }
    g_array_set_size(self->made, 0);
    g_array_set_size(self->kept, 0);
    self->after = last;
    return true;
}

static bool add_made(Comparing *self, const void *present, GError **error)
{
    Sought who;
    if (!read_person(self->kind, present, &who))
        return true;
    g_autoptr(GArray) hashes = sought_make(self->context, self->kind->sought, &who, error);
    for (guint i = 0; hashes && i < hashes->len; i++)
        g_array_append_val(self->made, ((SoughtRow){ subject_number(self->kind, present), g_array_index(hashes, int64_t, i) }));
    return hashes;
}

bool subject_verify_sought(const Context *context, const SubjectKind *kind, const VerifyReport *told, GError **error)
{
    const void *each;
    int64_t count = 0;
    g_autoptr(GArray) made = g_array_new(FALSE, FALSE, sizeof(SoughtRow)), kept = g_array_new(FALSE, FALSE, sizeof(SoughtRow));
    Comparing self = { context, kind, told, made, kept, 0 };
    g_auto(RecordWalk) walk = { .db = context->db, .county = context->county, .record = kind->record };
    while (kind->sought && (each = record_next(&walk, error)))
        if (!add_made(&self, each, error) || (++count % RECORD_PAGE == 0 && !compare(&self, subject_number(kind, each), error)))
            return false;
    return !kind->sought || (!walk.failed && compare(&self, INT64_MAX, error));
}
