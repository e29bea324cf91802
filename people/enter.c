// SPDX-License-Identifier: Apache-2.0
/* Members begin: one by one, those of an older program, and the first three of a new county. */
#include "people/room.h"

#include <string.h>

/* ---- one ---- */

static bool begin(const Context *context, Member *made, const char *event, GError **error)
{
    return subject_draw_number(context, &member_kind, day_of(context->now), &made->number, error) &&
           subject_begin(context, &member_kind, made, event, NULL, error) && subject_save(context, &member_kind, made, error) &&
           member_derive(context, made, error);
}

static bool posts_fit(const Context *context, const GArray *terms, GError **error)
{
    if (terms->len > POSTS_MOST)
        return refuse_field(error, "organ", "people.many_posts", NULL);
    for (guint i = 0; i < terms->len; i++) {
        const Term *term = &g_array_index(terms, Term, i);
        if (term_is_past(term, day_of(context->now)))
            return refuse_field(error, "to", "people.past", NULL);
        if (!identity_post_fits(context, &term->post, error))
            return false;
    }
    return true;
}

/* As term_given in life.c; what the system enters may be older. */
static void begin_today(const Context *context, GArray *terms)
{
    for (guint i = 0; context->actor->kind == STAFF && i < terms->len; i++) {
        Term *term = &g_array_index(terms, Term, i);
        term->from = MAX(term->from, day_of(context->now));
    }
}

bool member_enter(const Context *context, const Newcomer *who, Member *out, GError **error)
{
    const StaffEntry entry = { .account = who->account, .name = who->name, .hash = who->hash, .must_change = who->quick_hash != NULL };
    begin_today(context, who->terms);
    g_autofree char *posts = terms_write(who->terms);
    record_init(&member_record, out);
    record_set(&out->account, who->account);
    record_set(&out->name, who->name);
    record_set(&out->posts, posts);
    record_set(&out->quick_hash, who->quick_hash ? who->quick_hash : "");
    out->password_at = who->quick_hash ? context->now : 0;
    return posts_fit(context, who->terms, error) && identity_add_staff(context, &entry, &out->staff, error) &&
           begin(context, out, "member.joined", error);
}

bool people_enter(const Context *context, const StaffEntry *entry, int64_t *staff, GError **error)
{
    g_auto(Member) made = { 0 };
    g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(Term));
    for (size_t i = 0; i < entry->post_count; i++)
        g_array_append_val(terms, ((Term){ .post = entry->posts[i] }));
    bool entered = member_enter(context, &(Newcomer){ entry->account, entry->name, entry->hash, NULL, terms }, &made, error);
    *staff = made.staff;
    return entered;
}

/* ---- those of an older program ---- */

static GArray *terms_of_register(const json_t *person)
{
    size_t i;
    json_t *post;
    GArray *terms = g_array_new(FALSE, FALSE, sizeof(Term));
    json_array_foreach(json_object_get(person, "posts"), i, post)
        g_array_append_val(terms, ((Term){ { json_number(post, "organ"), json_number(post, "division"), (unsigned)json_number(post, "roles"), json_number(post, "for_staff") },
                                           (Day)json_number(post, "from_day"), (Day)json_number(post, "to_day") }));
    return terms;
}

static bool enter_one_late(const Context *context, const json_t *person, GError **error)
{
    g_auto(Member) made;
    g_autoptr(GArray) terms = terms_of_register(person);
    g_autofree char *posts = terms_write(terms);
    record_init(&member_record, &made);
    made.staff = json_number(person, "id");
    made.state = json_flag(person, "is_active") ? MEMBER_ACTIVE : MEMBER_ENDED;
    record_set(&made.account, json_text(person, "account"));
    record_set(&made.name, json_text(person, "name"));
    record_set(&made.posts, posts);
    return begin(context, &made, "member.joined_late", error);
}

bool people_enter_late(const Context *context, GError **error)
{
    bool first;
    size_t i;
    json_t *person;
    if (!db_once(context->db, context->county, "people_late", &first, error))
        return false;
    g_autoptr(json_t) all = first ? identity_register(context->db, context->county, error) : json_array();
    json_array_foreach(all, i, person)
        if (!enter_one_late(context, person, error))
            return false;
    return all != NULL;
}

/* ---- the first three ---- */

static const struct {
    const char *account, *name;
    unsigned role;
} first_three[ADMINISTRATORS] = {
    { "system", "系统管理员", SYSTEM_ADMINISTRATOR }, { "security", "安全管理员", SECURITY_ADMINISTRATOR }, { "audit", "审计管理员", AUDITOR },
};

bool people_names_fit(const County *county, GError **error)
{
    const char *const names[] = { county->name, county->name_en };
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *name = text_is_clean(names[i], strlen(names[i])) ? identity_name(names[i], NULL) : NULL;
        if (!name || strpbrk(name, ",\"\r\n"))
            return refuse(error, BAD_INPUT, "people.county_name", NULL);
    }
    return true;
}

/* The division of the county and its centre, without which nobody could hold a post; the tables of divisions and organs renew both. */
static bool put_places(const Context *context, const County *county, GError **error)
{
    g_autofree char *divisions = g_strdup_printf("code,level,kind,name,name_en,parent,centre,origin\n%" PRId64 ",county,county,%s,%s,,1,pinghu init\n",
                                                 division_county(county->code), county->name, county->name_en);
    g_autofree char *organs = g_strdup_printf("number,code,name,name_en,short_name,kind,valid_from,valid_to,successor,address,address_en,telephone,hours,hours_en,"
                                              "origin\n%d,-,行政服务中心,Service centre,中心,centre,%s,,,,,,,,pinghu init\n",
                                              CENTRE_ORGAN, DAY_WRITTEN(day_of(context->now)));
    return identity_import_divisions(context, divisions, strlen(divisions), error) && identity_import_organs(context, organs, strlen(organs), error);
}

static bool enter_administrator(const Context *context, size_t which, Administrator *out, GError **error)
{
    g_auto(Member) made = { 0 };
    g_auto(FirstPassword) password = { 0 };
    const Term term = { { CENTRE_ORGAN, division_county(context->county), first_three[which].role }, 0, 0 };
    g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(Term));
    g_array_append_val(terms, term);
    first_password_draw(context, first_three[which].account, &password);
    out->role = first_three[which].role;
    g_strlcpy(out->account, first_three[which].account, sizeof out->account);
    g_strlcpy(out->password, password.text, sizeof out->password);
    return member_enter(context, &(Newcomer){ first_three[which].account, first_three[which].name, password.hash, password.quick_hash, terms }, &made, error);
}

static bool record_opening(const Context *context, const County *county, GError **error)
{
    g_autofree char *subject = g_strdup_printf("county/%" PRId64, county->code);
    json_t *facts = json_pack("{s:s, s:s, s:s}", "name", county->name, "name_en", county->name_en, "public_url", county->public_url ? county->public_url : "");
    const Event event = { .subject = subject, .kind = "county.opened", .organ = CENTRE_ORGAN, .division = division_county(county->code) };
    return ledger_record(context, event, facts, error);
}

bool people_open(const Context *context, const County *county, Administrator out[ADMINISTRATORS], GError **error)
{
    g_autoptr(json_t) there = identity_divisions(context->db, context->county, error);
    if (!there || (json_array_size(there) && !refuse(error, CONFLICT, "people.opened_already", "county", DECIMAL(county->code), NULL)))
        return false;
    if (!people_names_fit(county, error) || !put_places(context, county, error) || !opening_put(context, county, error) || !record_opening(context, county, error))
        return false;
    for (size_t i = 0; i < ADMINISTRATORS; i++)
        if (!enter_administrator(context, i, &out[i], error))
            return false;
    return true;
}

json_t *people_county(Db *db, int64_t county, GError **error)
{
    g_autoptr(json_t) found = NULL, divisions = identity_divisions(db, county, error);
    if (!divisions || !opening_load(db, county, &found, error))
        return NULL;
    return json_array_size(divisions) ? g_steal_pointer(&found) : refuse(error, NOT_FOUND, "people.no_county", "county", DECIMAL(county), NULL);
}
