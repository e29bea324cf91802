// SPDX-License-Identifier: Apache-2.0
/* For tests: a town with people on whom security administrators act. */
#pragma once

#include "identity/test_bench.h"
#include "people/room.h"

#define NOW INT64_C(1409720000000) /* 2014-09-03 */
enum { TODAY = 16316 };
static const int64_t county_division = 330482000000;

static const char centre[] = "99,Z,行政服务中心,Centre,中心,centre,2001-01-01,,,,,,,,made up\n";

static const Actor the_system = { .kind = SYSTEM, .name = "" };

typedef struct Acting {
    const char *actor, *account; /* NULL actor: the system */
    enum member_action action;
    json_t *fields;              /* taken over */
    Day day;
    Instant now;
} Acting;

static int64_t staff_of(const Context *context, const char *account)
{
    g_auto(Member) self = { 0 };
    g_assert_true(member_by_account(context, account, &self.number, NULL));
    g_assert_true(subject_load(context->db, context->county, &member_kind, self.number, &self, NULL));
    return self.staff;
}

static bool act_in(Db *db, void *data, GError **error)
{
    bool found;
    int64_t number;
    Actor actor = the_system;
    g_auto(Member) out = { 0 };
    const Acting *self = data;
    g_autoptr(json_t) sure = json_pack("{s:b}", "sure", true);
    Context context = { .db = db, .county = COUNTY, .now = self->now ? self->now : NOW, .actor = &the_system, .random = random_secure, .rooms = rooms };
    if (self->actor)
        g_assert_true(identity_load_actor(db, COUNTY, STAFF, staff_of(&context, self->actor), day_of(context.now), &actor, &found, NULL));
    context.actor = &actor;
    if (self->action == MEMBER_END && self->fields)
        json_object_update_missing(self->fields, sure);
    const json_t *fields = self->action == MEMBER_END && !self->fields ? sure : self->fields;
    const SubjectInput input = { .seen = -1, .reason = "因故", .day = self->day, .fields = fields };
    g_assert_true(member_by_account(&context, self->account, &number, NULL));
    bool done = member_act(&context, number, &member_rules[self->action], &input, &out, error);
    if (self->actor)
        identity_clear_actor(&actor);
    return done;
}

static void refused(const Bench *b, Acting acting, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) fields = acting.fields;
    (void)fields;
    if (store_write(b->store, act_in, &acting, &error))
        g_error("%s on %s was not refused as %s", member_rules[acting.action].name, acting.account, reason);
    g_autoptr(json_t) details = trouble_details(error);
    g_autofree char *text = json_canonical(details);
    if (!strstr(text, reason))
        g_error("%s on %s, not refused as %s: %s", member_rules[acting.action].name, acting.account, reason, error->message);
}

static void done(const Bench *b, Acting acting)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) fields = acting.fields;
    (void)fields;
    store_write(b->store, act_in, &acting, &error);
    if (error)
        g_error("%s on %s: %s", member_rules[acting.action].name, acting.account, error->message);
}

static bool people_come(Db *db, void *data, GError **error)
{
    static const struct { const char *account; Post post; } people[] = {
        { "quan", { 99, county_division, SECURITY_ADMINISTRATOR } }, { "guan", { 99, county_division, SYSTEM_ADMINISTRATOR } },
        { "cha", { 99, county_division, AUDITOR } }, { "zhang", { 90, 330482103000, CLERK | REVIEWER } }, { "li", { 2, county_division, APPROVER } },
        { "wang", { 2, county_division, HEAD } },
    };
    const Context context = { .db = db, .county = COUNTY, .now = NOW, .actor = &the_system, .random = random_secure, .rooms = rooms };
    int64_t staff;
    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(people); i++)
        if (!people_enter(&context, &(StaffEntry){ .account = people[i].account, .name = "某某", .posts = &people[i].post, .post_count = 1 }, &staff, error))
            return false;
    return true;
}

static void town_opens(Bench *b)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *table = g_strconcat(organ_header, centre, NULL);
    bench_open(b);
    import_text(b, identity_import_organs, table, &error);
    g_assert_no_error(error);
    store_write(b->store, people_come, NULL, &error);
    g_assert_no_error(error);
}

static unsigned roles_on(const Bench *b, const char *account, Day day, int64_t *absent)
{
    bool found;
    Actor actor;
    unsigned roles = 0;
    Db *db = store_reader(b->store, NULL);
    const Context context = { .db = db, .county = COUNTY, .now = NOW };
    g_assert_true(identity_load_actor(db, COUNTY, STAFF, staff_of(&context, account), day, &actor, &found, NULL));
    for (size_t i = 0; i < actor.post_count; i++)
        roles |= actor.posts[i].roles;
    if (absent)
        *absent = actor_absent(&actor, CLERK);
    identity_clear_actor(&actor);
    store_return(b->store, db);
    return found ? roles : 0;
}

static bool verify_in(Db *db, void *data, GError **error)
{
    int64_t subjects, members;
    const Context context = { .db = db, .county = COUNTY, .now = NOW + 400 * (Instant)DAY_MS, .rooms = rooms };
    (void)data;
    return subject_verify(&context, &member_kind, NULL, NULL, &subjects, error) && people_verify(&context, NULL, &members, error);
}

/* Register and duties are what the events make, also when days have passed. */
static void town_closes(Bench *b)
{
    g_autoptr(GError) error = NULL;
    store_write(b->store, verify_in, NULL, &error);
    g_assert_no_error(error);
    bench_close(b);
}

static json_t *post_fields(int organ, const char *division, const char *role, const char *from)
{
    return json_pack("{s:i, s:s, s:s, s:s}", "organ", organ, "division", division, "role", role, "from", from);
}

static json_t *leave_fields(const char *from, const char *until, const char *deputy)
{
    return json_pack("{s:s, s:s, s:s*}", "from", from, "until", until, "deputy", deputy);
}
