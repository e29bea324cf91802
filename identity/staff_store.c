// SPDX-License-Identifier: Apache-2.0
/* Staff, their posts, and who acts when a session speaks. */
#include "identity/store.h"

#include <string.h>

/* ---- adding ---- */

bool identity_account_fits(const char *account, GError **error)
{
    enum { LEAST = 2, MOST = 32 };
    size_t length = strlen(account);
    size_t fitting = strspn(account, "abcdefghijklmnopqrstuvwxyz0123456789.");
    if (length >= LEAST && length <= MOST && fitting == length && account[0] != '.')
        return true;
    return refuse(error, NOT_FITTING, "identity.account_form", NULL);
}

static bool account_free(const Context *context, const char *account, GError **error)
{
    int64_t id;
    bool taken;
    return db_integer(context->db, "SELECT id FROM staff WHERE county = :county AND account = :account",
                      WITH(db_int("county", context->county), db_text("account", account)), &id, &taken, error) &&
           (!taken || refuse(error, CONFLICT, "identity.account_taken", "account", account, NULL));
}

/* The administrators of system, accounts and audit are three people (等保 2.0, GB/T 22239-2019). */
static bool administrators_apart(const char *name, unsigned roles, GError **error)
{
    roles &= SYSTEM_ADMINISTRATOR | SECURITY_ADMINISTRATOR | AUDITOR;
    return !(roles & (roles - 1)) || refuse(error, NOT_FITTING, "identity.administrators_apart", "name", name, NULL);
}

static bool post_is_there(const Context *context, const Post *post, GError **error)
{
    int64_t successor;
    bool organ = false, division = false;
    if (!organ_successor(context->db, context->county, post->organ, &successor, &organ, error) ||
        !division_exists(context->db, context->county, post->division, &division, error))
        return false;
    if (organ && division && post->roles && !(post->roles & ~(unsigned)ANY_ROLE))
        return true;
    g_autofree char *organ_text = g_strdup_printf("%" G_GINT64_FORMAT, post->organ);
    g_autofree char *division_text = g_strdup_printf("%" G_GINT64_FORMAT, post->division);
    return refuse(error, NOT_FITTING, "identity.post_form", "organ", organ_text, "division", division_text, NULL);
}

/* An organ or division that has ended has no more posts to give. */
static bool post_goes_on(const Context *context, const Post *post, GError **error)
{
    g_autoptr(json_t) organ = identity_organ(context->db, context->county, post->organ, error),
        division = organ ? identity_division(context->db, context->county, post->division, error) : NULL;
    if (!division)
        return false;
    bool goes_on = !json_number(organ, "ended") && !json_number(division, "ended");
    return goes_on || refuse_field(error, json_number(organ, "ended") ? "organ" : "division", "identity.post_ended", NULL);
}

bool identity_post_fits(const Context *context, const Post *post, GError **error)
{
    static const char *const reasons[] = { [COUNTY_LEVEL] = "identity.post_in_county", [TOWN_LEVEL] = "identity.post_in_town",
                                           [VILLAGE_LEVEL] = "identity.post_in_village" };
    enum level level = division_level(post->division);
    if (!post_is_there(context, post, error) || !post_goes_on(context, post, error))
        return false;
    if (organ_level(post->organ) == level)
        return true;
    g_autoptr(json_t) place = identity_division(context->db, context->county, post->division, error);
    return place && refuse_field(error, "organ", reasons[level], "organ", DECIMAL(post->organ), "division_name", json_text(place, "path"),
                                 "division_name_en", json_text(place, "path_en"), NULL);
}

static bool terms_fit(const Context *context, const char *name, const Term *terms, size_t count, GError **error)
{
    unsigned roles = 0;
    for (size_t i = 0; i < count; i++) {
        if (!post_is_there(context, &terms[i].post, error))
            return false;
        if (terms[i].to && terms[i].to < terms[i].from)
            return refuse(error, NOT_FITTING, "identity.term_order", NULL);
        roles |= terms[i].to && terms[i].to < day_of(context->now) ? 0 : terms[i].post.roles;
    }
    return administrators_apart(name, roles, error);
}

static bool entry_fits(const Context *context, const StaffEntry *entry, GError **error)
{
    bool is_named = *entry->name && text_is_clean(entry->name, strlen(entry->name));
    return identity_account_fits(entry->account, error) && (is_named || refuse(error, NOT_FITTING, "identity.name_missing", NULL)) &&
           account_free(context, entry->account, error);
}

static bool insert_term(const Context *context, int64_t id, int64_t place, const Term *term, GError **error)
{
    return db_run(context->db,
        "INSERT INTO post (county, staff, place, organ, division, roles, from_day, to_day, for_staff) VALUES (:county, :staff, :place,"
        " :organ, :division, :roles, :from, :to, :for)",
        WITH(db_int("county", context->county), db_int("staff", id), db_int("place", place), db_int("organ", term->post.organ),
             db_int("division", term->post.division), db_int("roles", term->post.roles), db_int("from", term->from),
             db_int("to", term->to), db_int("for", term->post.for_staff)), error);
}

bool identity_hold(const Context *context, int64_t staff, const Term *terms, size_t count, GError **error)
{
    g_autoptr(json_t) name = identity_staff_name(context->db, context->county, staff, error);
    if (!name || !terms_fit(context, json_string_value(name), terms, count, error) ||
        !db_reference_changed(context->db, context->county, error) ||
        !db_run(context->db, "DELETE FROM post WHERE county = :county AND staff = :staff",
                WITH(db_int("county", context->county), db_int("staff", staff)), error))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!insert_term(context, staff, (int64_t)i + 1, &terms[i], error))
            return false;
    return true;
}

bool identity_change_staff(const Context *context, int64_t staff, const char *name, bool is_active, GError **error)
{
    return db_reference_changed(context->db, context->county, error) &&
           db_run(context->db, "UPDATE staff SET name = :name, state = :state WHERE county = :county AND id = :id",
                  WITH(db_int("county", context->county), db_int("id", staff), db_text("name", name),
                       db_text("state", is_active ? "active" : "closed")), error);
}

static bool insert_staff(const Context *context, int64_t id, const StaffEntry *entry, GError **error)
{
    return db_reference_changed(context->db, context->county, error) && db_run(context->db,
        "INSERT INTO staff (county, id, account, name, password_hash, must_change, state, changed_at)"
        " VALUES (:county, :id, :account, :name, :hash, :must_change, 'active', :now)",
        WITH(db_int("county", context->county), db_int("id", id), db_text("account", entry->account),
             db_text("name", entry->name), db_text("hash", entry->hash), db_int("must_change", entry->must_change), db_int("now", context->now)), error);
}

bool identity_add_staff(const Context *context, const StaffEntry *entry, int64_t *id, GError **error)
{
    g_autofree Term *terms = g_new0(Term, entry->post_count);
    for (size_t i = 0; i < entry->post_count; i++)
        terms[i].post = entry->posts[i];
    return entry_fits(context, entry, error) && terms_fit(context, entry->name, terms, entry->post_count, error) &&
           db_next_id(context->db, context->county, "staff", id, error) && insert_staff(context, *id, entry, error) &&
           identity_hold(context, *id, terms, entry->post_count, error);
}

/* Both queries go in the order of the ids. */
json_t *identity_register(Db *db, int64_t county, GError **error)
{
    size_t i, at = 0;
    json_t *person;
    g_autoptr(json_t) staff = db_rows(db, "SELECT id, account, name, state FROM staff WHERE county = :county ORDER BY id", WITH(db_int("county", county)), error);
    g_autoptr(json_t) posts = staff ? db_rows(db, "SELECT staff, organ, division, roles, from_day, to_day, for_staff FROM post WHERE county = :county"
                                                  " ORDER BY staff, place", WITH(db_int("county", county)), error) : NULL;
    json_array_foreach(staff, i, person) {
        json_t *own = json_array(), *post;
        while ((post = json_array_get(posts, at)) && json_number(post, "staff") == json_number(person, "id")) {
            json_object_del(post, "staff");
            json_array_append(own, post);
            at++;
        }
        json_object_set_new(person, "posts", own);
        json_object_set_new(person, "is_active", json_boolean(strcmp(json_text(person, "state"), "active") == 0));
        json_object_del(person, "state");
    }
    return posts ? g_steal_pointer(&staff) : NULL;
}

/* ---- acting ---- */

static DbRows *query_staff(Db *db, int64_t county, int64_t id, Day today, GError **error)
{
    return db_query(db,
        "SELECT s.account, s.name, s.changed_at, p.organ, p.division, p.roles, o.name, o.name_en, d.name, d.name_en, p.to_day, p.for_staff,"
        " f.name, p.from_day FROM staff s"
        " LEFT JOIN post p ON p.county = s.county AND p.staff = s.id AND p.from_day <= :today AND (p.to_day = 0 OR p.to_day >= :today)"
        " LEFT JOIN organ o ON o.county = p.county AND o.number = p.organ"
        " LEFT JOIN division d ON d.county = p.county AND d.code = p.division"
        " LEFT JOIN staff f ON f.county = p.county AND f.id = p.for_staff"
        " WHERE s.county = :county AND s.id = :id AND s.state = 'active' ORDER BY p.for_staff, p.organ, p.division",
        WITH(db_int("county", county), db_int("id", id), db_int("today", today)), error);
}

/* Columns stand as the query lists them. Where there is no post, its columns are null. */
static void add_post(const DbRows *row, GArray *posts, json_t *shown)
{
    const Post post = { db_column_int(row, 3), db_column_int(row, 4), (unsigned)db_column_int(row, 5), db_column_int(row, 11) };
    if (!post.roles)
        return;
    g_autofree char *division = g_strdup_printf("%" PRId64, post.division);
    json_t *one = json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:o, s:s*}", "organ", post.organ, "organ_name",
        db_column_text(row, 6), "organ_name_en", db_column_text(row, 7), "division", division, "division_name",
        db_column_text(row, 8), "division_name_en", db_column_text(row, 9), "roles", roles_json(post.roles, "role"), "for_name", db_column_text(row, 12));
    if (db_column_int(row, 10))
        json_put_day(one, "until_day", (Day)db_column_int(row, 10));
    g_array_append_val(posts, post);
    json_array_append_new(shown, one);
}

static bool read_begin(Db *db, int64_t county, int64_t id, Day today, Day *begins, GError **error)
{
    bool found;
    int64_t day = 0;
    bool read = db_integer(db, "SELECT from_day FROM post WHERE county = :county AND staff = :id AND from_day > :today ORDER BY from_day LIMIT 1",
                           WITH(db_int("county", county), db_int("id", id), db_int("today", today)), &day, &found, error);
    *begins = (Day)day;
    return read;
}

static bool read_staff(Db *db, int64_t county, int64_t id, Day today, Actor *out, GError **error)
{
    g_autoptr(DbRows) rows = query_staff(db, county, id, today, error);
    g_autoptr(GArray) posts = g_array_new(false, false, sizeof(Post));
    json_t *shown = NULL;
    Day since = 0, begins = 0;
    while (db_next(rows, error)) {
        if (!shown)
            shown = json_pack("{s:s, s:s, s:I, s:b, s:b, s:[]}", "account", db_column_text(rows, 0), "name", db_column_text(rows, 1),
                              "changed_at", db_column_int(rows, 2), "signed_in", true, "is_staff", true, "posts");
        add_post(rows, posts, json_object_get(shown, "posts"));
        since = MAX(since, (Day)db_column_int(rows, 13));
    }
    bool read = !db_failed(rows) && (!shown || posts->len || read_begin(db, county, id, today, &begins, error));
    g_autoptr(GArray) all = read ? posts_followed(db, county, posts, error) : NULL;
    if (!all)
        g_clear_pointer(&shown, json_decref);
    if (shown)
        *out = (Actor){ .kind = STAFF, .id = id, .name = g_strdup(json_text(shown, "name")), .shown = shown, .since = since, .begins = begins, .post_count = all->len,
                        .posts = g_memdup2(all->data, all->len * sizeof(Post)) };
    return all != NULL;
}

/* An actor as he was on a day. */
typedef struct Kept {
    Actor actor;
    Day day;
} Kept;

static void clear_kept(void *kept)
{
    identity_clear_actor(&((Kept *)kept)->actor);
}

static void let_go(void *kept)
{
    g_atomic_rc_box_release_full(kept, clear_kept);
}

static Actor copy_of(const Actor *self)
{
    return (Actor){ .kind = STAFF, .id = self->id, .name = g_strdup(self->name), .posts = g_memdup2(self->posts, self->post_count * sizeof *self->posts),
                    .post_count = self->post_count, .since = self->since, .begins = self->begins, .shown = json_incref((json_t *)(uintptr_t)self->shown) };
}

/* The actor is asked for with each request of somebody signed in, and seldom changes: with the day at most. */
static bool load_staff(Db *db, int64_t county, int64_t id, Day today, Actor *out, GError **error)
{
    g_autofree char *key = g_strdup_printf("actor/%" PRId64, id);
    Kept *kept = db_cache_get_box(db, county, key);
    if (kept && kept->day != today)
        g_clear_pointer(&kept, let_go);
    if (!kept) {
        Actor read = *out;
        if (!read_staff(db, county, id, today, &read, error))
            return false;
        if (!read.name)
            return true;
        kept = g_atomic_rc_box_dup(sizeof *kept, &((Kept){ read, today }));
        db_cache_put_box(db, county, key, kept, let_go);
    }
    *out = copy_of(&kept->actor);
    let_go(kept);
    return true;
}

/* Somebody on the way in has a name for nobody and no posts yet. */
static bool load_entrant(Db *db, int64_t county, int64_t id, Day today, Actor *out, GError **error)
{
    if (!load_staff(db, county, id, today, out, error))
        return false;
    bool found = out->name || !id;
    if (out->name)
        identity_clear_actor(out);
    *out = (Actor){ .kind = ENTRANT, .id = id, .name = found ? g_strdup("") : NULL };
    return true;
}

/* A holder has shown a case's number and tracking code; whether there is such a case is the room cases' question. */
bool identity_load_actor(Db *db, int64_t county, enum actor_kind kind, int64_t id, Day today, Actor *out, bool *found, GError **error)
{
    *out = (Actor){ .kind = kind, .id = id };
    if ((kind == STAFF && !load_staff(db, county, id, today, out, error)) || (kind == ENTRANT && !load_entrant(db, county, id, today, out, error)))
        return false;
    if (kind == HOLDER)
        out->name = g_strdup("");
    *found = out->name != NULL;
    if (!*found)
        identity_clear_actor(out);
    return true;
}

void identity_clear_actor(Actor *actor)
{
    if (actor->kind == STAFF || actor->kind == HOLDER || actor->kind == ENTRANT) {
        g_free((void *)(uintptr_t)actor->name);
        g_free((void *)(uintptr_t)actor->posts);
        json_decref((json_t *)(uintptr_t)actor->shown);
    }
    *actor = (Actor){ .kind = VISITOR, .name = "" };
}

bool identity_roles(const Context *context, int64_t staff, unsigned *roles, GError **error)
{
    bool found;
    Actor actor;
    *roles = 0;
    if (!identity_load_actor(context->db, context->county, STAFF, staff, day_of(context->now), &actor, &found, error))
        return false;
    for (size_t i = 0; i < actor.post_count; i++)
        *roles |= actor.posts[i].roles;
    identity_clear_actor(&actor);
    return true;
}

json_t *identity_staff_name(Db *db, int64_t county, int64_t id, GError **error)
{
    g_autofree char *key = g_strdup_printf("staff-name/%" PRId64, id);
    json_t *kept = db_cache_get(db, county, key);
    if (kept)
        return kept;
    g_autoptr(DbRows) rows = db_query(db, "SELECT name FROM staff WHERE county = :county AND id = :id",
                 WITH(db_int("county", county), db_int("id", id)), error);
    g_autoptr(json_t) name = rows ? json_string(db_next(rows, error) ? db_column_text(rows, 0) : "") : NULL;
    if (db_failed(rows))
        return NULL;
    db_cache_put(db, county, key, name);
    return g_steal_pointer(&name);
}

json_t *identity_event_actor(const Context *context, const json_t *event)
{
    bool staff = json_number(event, "actor_kind") == STAFF;
    json_t *name = staff ? identity_staff_name(context->db, context->county, json_number(event, "actor"), NULL) : NULL;
    return name ? name : json_string("");
}

/* Roles are bits, which only C takes apart. Somebody who holds the post and stands in for another holder is told once. */
static json_t *read_desk(Db *db, int64_t county, const Post *post, Day day, GError **error)
{
    g_autoptr(json_t) staff = json_array();
    int64_t last = 0, organ, division;
    if (!identity_acting(db, county, ABOUT_ORGAN, post->organ, &organ, error) || !identity_acting(db, county, ABOUT_DIVISION, post->division, &division, error))
        return NULL;
    g_autoptr(DbRows) rows = db_query(db,
        "SELECT p.staff, p.roles FROM post p JOIN staff s ON s.county = p.county AND s.id = p.staff"
        " WHERE p.county = :county AND p.organ = :organ AND p.division = :division AND p.from_day <= :day"
        " AND (p.to_day = 0 OR p.to_day >= :day) AND s.state = 'active' ORDER BY p.staff",
        WITH(db_int("county", county), db_int("organ", organ), db_int("division", division), db_int("day", day)), error);
    while (db_next(rows, error))
        if (((unsigned)db_column_int(rows, 1) & post->roles) && db_column_int(rows, 0) != last)
            json_array_append_new(staff, json_integer(last = db_column_int(rows, 0)));
    return !db_failed(rows) ? json_pack("{s:i, s:O}", "day", day, "staff", staff) : NULL;
}

json_t *identity_desk_staff(Db *db, int64_t county, const Post *post, Day day, GError **error)
{
    g_autofree char *key = g_strdup_printf("desk-staff/%" PRId64 "/%" PRId64 "/%u", post->organ, post->division, post->roles);
    g_autoptr(json_t) desk = db_cache_get(db, county, key);
    if (json_number(desk, "day") != day) {
        json_decref(desk);
        desk = read_desk(db, county, post, day, error);
        db_cache_put(db, county, key, desk);
    }
    return json_incref(json_object_get(desk, "staff"));
}

/* ---- signing in ---- */

void identity_login_clear(StaffLogin *self)
{
    g_free(self->account);
    g_free(self->hash);
    *self = (StaffLogin){ 0 };
}

bool identity_login(Db *db, int64_t county, const char *account, int64_t id, StaffLogin *out, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db,
        "SELECT id, account, password_hash, must_change FROM staff WHERE county = :county AND (account = :account OR id = :id)"
        " AND state = 'active' AND password_hash IS NOT NULL",
        WITH(db_int("county", county), db_text("account", account), db_int("id", id)), error);
    *out = (StaffLogin){ 0 };
    if (db_next(rows, error))
        *out = (StaffLogin){ db_column_int(rows, 0), g_strdup(db_column_text(rows, 1)), g_strdup(db_column_text(rows, 2)), db_column_int(rows, 3) };
    return !db_failed(rows);
}

bool identity_set_password(const Context *context, int64_t id, const char *hash, bool must_change, GError **error)
{
    return db_reference_changed(context->db, context->county, error) && db_run(context->db,
        "UPDATE staff SET password_hash = :hash, must_change = :must, changed_at = :now WHERE county = :county AND id = :id",
        WITH(db_text("hash", hash), db_int("must", must_change), db_int("now", context->now), db_int("county", context->county), db_int("id", id)), error);
}

bool identity_renew_hash(const Context *context, int64_t id, const char *hash, GError **error)
{
    return db_run(context->db, "UPDATE staff SET password_hash = :hash WHERE county = :county AND id = :id",
                  WITH(db_text("hash", hash), db_int("county", context->county), db_int("id", id)), error);
}
