// SPDX-License-Identifier: Apache-2.0
/* The columns of a member, and his posts as text. */
#include "people/room.h"

#define OF(member, ...) RECORD_COLUMN(Member, member, __VA_ARGS__)

static const RecordColumn columns[] = {
    OF(account, RECORD_TEXT, NULL),
    OF(asked, RECORD_WORD, member_reset_names, RESET_PART),
    OF(asked_at, RECORD_INSTANT, .group = RESET_PART),
    OF(asked_by, RECORD_INTEGER, .group = RESET_PART),
    OF(deputy, RECORD_INTEGER, .group = LEAVE_PART, .flags = RECORD_NUMBER),
    OF(events, RECORD_INTEGER, .group = STATE_PART, .flags = RECORD_UNRECORDED),
    OF(leave_from_day, RECORD_DAY, .group = LEAVE_PART),
    OF(leave_to_day, RECORD_DAY, .group = LEAVE_PART),
    OF(name, RECORD_TEXT, .group = PERSON_PART, .flags = RECORD_PERSONAL | RECORD_UNSEALED),
    OF(number, RECORD_INTEGER, .flags = RECORD_KEY | RECORD_NUMBER),
    OF(password_at, RECORD_INSTANT, .group = PASSWORD_PART),
    OF(posts, RECORD_JSON, .group = POSTS_PART),
    OF(predecessor, RECORD_INTEGER, .group = POSTS_PART, .flags = RECORD_NUMBER),
    OF(quick_hash, RECORD_TEXT, .group = PASSWORD_PART, .flags = RECORD_UNRECORDED),
    OF(sought, RECORD_TEXT, .group = PERSON_PART, .flags = RECORD_PERSONAL | RECORD_UNRECORDED | RECORD_UNSEALED, .folds = "name"),
    OF(staff, RECORD_INTEGER, NULL),
    OF(state, RECORD_WORD, member_state_names, STATE_PART),
    OF(successor, RECORD_INTEGER, .group = POSTS_PART, .flags = RECORD_NUMBER),
};

const Record member_record = { "member", sizeof(Member), columns, G_N_ELEMENTS(columns), NULL, NULL };

void member_clear(Member *self)
{
    record_clear(&member_record, self);
}

/* ---- posts ---- */

static Day day_in(const json_t *post, const char *name)
{
    const char *text = json_text(post, name);
    return *text ? day_parse(text) : 0;
}

static unsigned roles_in(const json_t *post)
{
    size_t i;
    json_t *role;
    unsigned roles = 0;
    json_array_foreach(json_object_get(post, "roles"), i, role)
        roles |= role_named(json_string_value(role));
    return roles;
}

GArray *terms_read(const char *posts)
{
    size_t i;
    json_t *post;
    g_autoptr(json_t) list = json_loads(posts, 0, NULL);
    GArray *terms = g_array_new(FALSE, FALSE, sizeof(Term));
    json_array_foreach(list, i, post) {
        const Term term = { { json_number(post, "organ"), json_number(post, "division"), roles_in(post) }, day_in(post, "from_day"), day_in(post, "to_day") };
        g_array_append_val(terms, term);
    }
    return terms;
}

static const char *day_or_empty(Day day, char out[static DAY_TEXT])
{
    return day ? day_text(day, out) : "";
}

char *terms_write(const GArray *terms)
{
    g_autoptr(json_t) list = json_array();
    for (guint i = 0; i < terms->len; i++) {
        char from[DAY_TEXT], to[DAY_TEXT];
        const Term *term = &g_array_index(terms, Term, i);
        json_array_append_new(list, json_pack("{s:I, s:I, s:o, s:s, s:s}", "organ", term->post.organ, "division", term->post.division, "roles",
            roles_json(term->post.roles, NULL), "from_day", day_or_empty(term->from, from), "to_day", day_or_empty(term->to, to)));
    }
    return json_canonical(list);
}

bool term_is_past(const Term *self, Day day)
{
    return self->to && self->to < day;
}

bool term_is_on(const Term *self, Day day)
{
    return self->from <= day && !term_is_past(self, day);
}

bool terms_hold(const GArray *terms, const Term *term)
{
    for (guint i = 0; i < terms->len; i++) {
        const Term *own = &g_array_index(terms, Term, i);
        if (own->post.organ == term->post.organ && own->post.division == term->post.division && !(term->post.roles & ~own->post.roles) &&
            own->from <= term->from && (!own->to || (term->to && term->to <= own->to)))
            return true;
    }
    return false;
}

/* ---- answers ---- */

/* "收件员、审核员 · 市场监管局 · 平湖市": how the post is called where one of several is chosen. */
static bool put_names(const Context *context, const Term *term, json_t *post, GError **error)
{
    g_autoptr(json_t) organ = identity_organ(context->db, context->county, term->post.organ, error);
    g_autoptr(json_t) place = organ ? identity_division(context->db, context->county, term->post.division, error) : NULL;
    return place && json_object_update_new(post, json_pack("{s:O, s:O, s:O, s:O}", "organ_name", json_object_get(organ, "name"), "organ_name_en",
        json_object_get(organ, "name_en"), "division_name", json_object_get(place, "path"), "division_name_en", json_object_get(place, "path_en"))) == 0;
}

json_t *terms_json(const Context *context, const GArray *terms, GError **error)
{
    g_autoptr(json_t) list = json_array();
    Day today = day_of(context->now);
    for (guint i = 0; i < terms->len; i++) {
        const Term *term = &g_array_index(terms, Term, i);
        json_t *post = json_pack("{s:i, s:[]}", "place", (int)i + 1, "roles"), *names = roles_json(term->post.roles, NULL), *name;
        size_t j;
        json_array_append_new(list, post);
        json_array_foreach(names, j, name)
            json_array_append_new(json_object_get(post, "roles"), json_pack("{s:O}", "role", name));
        json_decref(names);
        json_object_set_new(post, "is_open", json_boolean(!term_is_past(term, today)));
        if (term->from)
            json_put_day(post, "from_day", term->from);
        if (term->to)
            json_put_day(post, "to_day", term->to);
        if (!put_names(context, term, post, error))
            return NULL;
    }
    return g_steal_pointer(&list);
}

static json_t *other_json(const Member *other)
{
    g_autofree char *path = subject_path(&member_kind, other->number, STAFF);
    return json_pack("{s:s, s:s, s:s}", "name", other->name, "account", other->account, "path", path);
}

/* 0 is nobody. */
static bool put_other(const Context *context, json_t *answer, const char *name, int64_t number, GError **error)
{
    g_auto(Member) other = { 0 };
    return !number || (subject_load(context->db, context->county, &member_kind, number, &other, error) &&
                       json_object_set_new(answer, name, other_json(&other)) == 0);
}

static json_t *stands_in_for(const Context *context, int64_t number, GError **error)
{
    g_autoptr(json_t) list = json_array();
    g_autoptr(GArray) numbers = members_deputised(context, number, error);
    for (guint i = 0; numbers && i < numbers->len; i++) {
        g_auto(Member) other = { 0 };
        if (!subject_load(context->db, context->county, &member_kind, g_array_index(numbers, int64_t, i), &other, error))
            return NULL;
        if (other.leave_to_day < day_of(context->now))
            continue;
        json_t *one = other_json(&other);
        json_put_day(one, "from_day", (Day)other.leave_from_day);
        json_put_day(one, "to_day", (Day)other.leave_to_day);
        json_array_append_new(list, one);
    }
    return numbers ? g_steal_pointer(&list) : NULL;
}

/* All posts of a closed account have ended. */
static json_t *posts_json(const Context *context, const Member *self, GError **error)
{
    size_t i;
    json_t *post;
    g_autoptr(GArray) terms = terms_read(self->posts);
    json_t *posts = terms_json(context, terms, error);
    json_array_foreach(posts, i, post)
        if (self->state == MEMBER_ENDED)
            json_object_set_new(post, "is_open", json_false());
    return posts;
}

json_t *without_ended(const json_t *all)
{
    size_t i;
    json_t *one, *left = json_array();
    json_array_foreach((json_t *)all, i, one)
        if (!json_number(one, "ended"))
            json_array_append(left, one);
    return left;
}

bool member_put_choices(const Context *context, json_t *answer, GError **error)
{
    g_autoptr(json_t) organs = identity_organs(context->db, context->county, error),
        divisions = organs ? identity_divisions(context->db, context->county, error) : NULL;
    json_object_set_new(answer, "organs", without_ended(organs));
    json_object_set_new(answer, "divisions", without_ended(divisions));
    json_put_day(answer, "today", day_of(context->now));
    return divisions != NULL;
}

json_t *member_answer(const Context *context, const void *present, bool is_inside, GError **error)
{
    const Member *self = present;
    (void)is_inside;
    g_autoptr(json_t) answer = record_public(&member_record, self);
    g_autoptr(json_t) posts = posts_json(context, self, error);
    g_autoptr(json_t) absent = posts ? stands_in_for(context, self->number, error) : NULL;
    if (!absent || !put_other(context, answer, "deputy", self->deputy, error) || !put_other(context, answer, "successor", self->successor, error) ||
        !put_other(context, answer, "predecessor", self->predecessor, error) || !member_put_choices(context, answer, error))
        return NULL;
    json_object_set_new(answer, "name", json_string(self->name));
    if (!reset_put(context, self, answer, error))
        return NULL;
    json_object_set_new(answer, "has_posts", json_boolean(json_array_size(posts)));
    json_object_set(answer, "posts", posts);
    json_object_set(answer, "stands_in_for", absent);
    json_object_set_new(answer, "is_on_leave", json_boolean(self->leave_to_day >= day_of(context->now)));
    return g_steal_pointer(&answer);
}
