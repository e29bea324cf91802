// SPDX-License-Identifier: Apache-2.0
/* The register that other rooms read is held against the members: a post that was altered in its table is found. */
#include "people/room.h"

#include <string.h>

/* {id: {account, name, is_active, posts}} as the members say it. */
static bool add_expected(const Context *context, const Member *self, json_t *expected, GError **error)
{
    g_autoptr(GArray) terms = member_terms(context, self, error);
    json_t *posts = json_array();
    for (guint i = 0; terms && i < terms->len; i++) {
        const Term *term = &g_array_index(terms, Term, i);
        json_array_append_new(posts, json_pack("{s:I, s:I, s:I, s:i, s:i, s:I}", "organ", term->post.organ, "division", term->post.division, "roles",
            (json_int_t)term->post.roles, "from_day", term->from, "to_day", term->to, "for_staff", term->post.for_staff));
    }
    json_object_set_new(expected, DECIMAL(self->staff), json_pack("{s:I, s:s, s:s, s:b, s:o}", "id", self->staff, "account", self->account, "name",
                        self->name, "is_active", self->state == MEMBER_ACTIVE, "posts", posts));
    return terms != NULL;
}

static json_t *expected_of(const Context *context, int64_t *count, GError **error)
{
    const Member *self;
    g_autoptr(json_t) expected = json_object();
    g_auto(RecordWalk) walk = { .db = context->db, .county = context->county, .record = &member_record };
    for (*count = 0; (self = record_next(&walk, error)); ++*count)
        if (!add_expected(context, self, expected, error))
            return NULL;
    return walk.failed ? NULL : g_steal_pointer(&expected);
}

static bool tell(const VerifyReport *told, const char *id, const json_t *kept, GError **error)
{
    g_autofree char *text = kept ? json_canonical(kept) : g_strdup("");
    return report_difference(told, "staff", id, kept ? "people.found_register" : "people.found_unregistered", text, error);
}

/* A county of an older program that was not opened since has nobody entered yet; members that are missing are found by their events. */
bool people_verify(const Context *context, const VerifyReport *told, int64_t *count, GError **error)
{
    size_t i;
    const char *id;
    json_t *person;
    g_autoptr(json_t) expected = expected_of(context, count, error);
    g_autoptr(json_t) kept = !expected ? NULL : *count ? identity_register(context->db, context->county, error) : json_array();
    json_array_foreach(kept, i, person) {
        const char *own = DECIMAL(json_number(person, "id"));
        bool same = json_equal(person, json_object_get(expected, own));
        json_object_del(expected, own);
        if (!same && !tell(told, own, person, error))
            return false;
    }
    json_object_foreach(expected, id, person)
        if (!tell(told, id, NULL, error))
            return false;
    return kept != NULL;
}
