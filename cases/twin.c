// SPDX-License-Identifier: Apache-2.0
/* The same application twice: a draft tells of the newest open case or draft of the same applicant for the same item, so that a person who
 * forgot the first one goes on there. Another shop of the same person is no mistake: nothing is refused. */
#include "cases/fields.h"
#include "cases/life.h"
#include "cases/store.h"

#include <string.h>

typedef struct Looking {
    const Context *context;
    const Case *self;
    Case twin;
    GError **error;
    bool well, found;
} Looking;

/* A number of an identity paper is no secret: from home only cases that this browser has opened are told of. */
static bool look_at(const Case *other, void *data)
{
    Looking *self = data;
    enum { OPEN = 1 << DRAFT | 1 << RECEIVED | 1 << CORRECTION | 1 << REVIEW | 1 << SUSPENDED };
    if (strcmp(other->item, self->self->item) != 0 || !(OPEN & 1 << other->state))
        return true;
    self->well = record_load(self->context->db, self->context->county, &case_record, other->number, &self->twin, &self->found, self->error);
    if (!self->found || case_may_see(self->context->actor, &self->twin))
        return false;
    case_clear(&self->twin);
    self->found = false;
    return true;
}

bool twin_put(const Context *context, const Case *self, json_t *answer, GError **error)
{
    Looking looking = { .context = context, .self = self, .error = error, .well = true };
    if (self->state != DRAFT)
        return true;
    bool read = case_each_of_party(context, self, look_at, &looking, error) && looking.well;
    if (read && looking.found) {
        bool is_staff = context->actor->kind == STAFF;
        g_autofree char *path = subject_path(&case_kind, looking.twin.number, is_staff ? STAFF : HOLDER);
        json_t *told = subject_summary(&case_kind, &looking.twin);
        json_object_update_new(told, json_pack("{s:s, s:b}", "path", path, "is_draft", looking.twin.state == DRAFT));
        json_object_set_new(answer, "same", told);
    }
    case_clear(&looking.twin);
    return read;
}
