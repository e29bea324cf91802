// SPDX-License-Identifier: Apache-2.0
/* The organ that issues a document, as the document records it: where to reach it, and which ways of review the law of that day opens. */
#include "files/room.h"

#include <string.h>

/* ---- the law: for each standing of an organ, the rows until their last day ---- */

enum { TO_GOVERNMENT = 1 << 0, TO_SUPERIOR = 1 << 1, EITHER = TO_GOVERNMENT | TO_SUPERIOR };

typedef struct Review {
    const char *nature;
    const char *until_day; /* NULL: until further notice */
    unsigned to;
} Review;

/* Administrative Review Law (行政复议法) of 1999, and as of 1 January 2024. */
static const Review reviews[] = {
    { "", "2023-12-31", EITHER },              /* 1999 art. 12 §1 */
    { "", NULL, TO_GOVERNMENT },               /* 2023 art. 24 */
    { "vertical", NULL, TO_SUPERIOR },         /* 垂直领导: 1999 art. 12 §2, 2023 art. 27 */
    { "tax", "2023-12-31", EITHER },           /* 地方税务: 1999 art. 12 §1 */
    { "tax", NULL, TO_SUPERIOR },              /* 2023 art. 27 */
    { "justice", NULL, EITHER },               /* 1999 art. 12 §1, 2023 art. 28 */
    { "authorised", "2023-12-31", TO_SUPERIOR }, /* 授权组织: 1999 art. 15 §1 (3), the organ that directs it */
    { "authorised", NULL, TO_GOVERNMENT },     /* 2023 art. 24 §1 (4) */
    { "town", NULL, TO_GOVERNMENT },           /* 1999 art. 13 §1, art. 15 §1 (1), 2023 art. 24 §1 (2): the county's government */
};

static unsigned review_on(const char *nature, Day day)
{
    const char *of = strcmp(nature, "administrative") == 0 ? "" : nature;
    for (size_t i = 0; i < G_N_ELEMENTS(reviews); i++)
        if (strcmp(reviews[i].nature, of) == 0 && (!reviews[i].until_day || day <= day_parse(reviews[i].until_day)))
            return reviews[i].to;
    return 0; /* no administrative organ */
}

/* Administrative Procedure Law (行政诉讼法): art. 39 of 1989, art. 46 since 1 May 2015. */
int issuer_court_months(Day day)
{
    return day < day_from(2015, 5, 1) ? 3 : 6;
}

/* ---- what is recorded ---- */

static void put_from(json_t *out, const char *as, const json_t *from, const char *member)
{
    json_put_text(out, as, json_text(from, member));
}

static void put_name(json_t *out, const char *as, const json_t *county, const char *of, const char *of_en)
{
    g_autofree char *name = g_strconcat(json_text(county, "name"), of, NULL), *as_en = g_strconcat(as, "_en", NULL);
    const char *county_en = json_text(county, "name_en");
    g_autofree char *name_en = g_strconcat(of_en, " of ", county_en, NULL);
    json_put_text(out, as, name);
    json_put_text(out, as_en, *county_en ? name_en : NULL);
}

static void put_review(json_t *out, const json_t *organ, const json_t *county, unsigned to, Day day)
{
    if (to & TO_GOVERNMENT)
        put_name(out, "government", county, "人民政府", "the People's Government");
    if (to & TO_SUPERIOR) {
        json_object_set_new(out, "to_superior", json_true());
        put_from(out, "superior", organ, "superior");
        put_from(out, "superior_en", organ, "superior_en");
    }
    if (to == EITHER)
        json_object_set_new(out, "either", json_true());
    put_name(out, "court", county, "人民法院", "the People's Court");
    if (*json_text(organ, "court")) {
        put_from(out, "court", organ, "court");
        json_object_del(out, "court_en");
    }
    json_object_set_new(out, "court_months", json_integer(issuer_court_months(day)));
}

/* Against what is no administrative act there is the centre. */
static bool put_centre(json_t *out, const Context *context, GError **error)
{
    g_autoptr(json_t) centre = identity_organ(context->db, context->county, CENTRE_ORGAN, error);
    put_from(out, "centre", centre, "full_name");
    put_from(out, "centre_en", centre, "full_name_en");
    put_from(out, "centre_telephone", centre, "telephone");
    return centre != NULL;
}

static json_t *make(const Context *context, const json_t *organ, bool is_act, GError **error)
{
    g_autofree char *key = NULL;
    Day day = day_of(context->now);
    unsigned to = is_act ? review_on(json_text(organ, "nature"), day) : 0;
    g_autoptr(json_t) county = identity_division(context->db, context->county, division_county(context->county), error);
    g_autoptr(json_t) out = json_object();
    static const char *const copied[][2] = { { "organ_name", "full_name" }, { "organ_name_en", "full_name_en" }, { "organ_address", "address" },
                                             { "organ_address_en", "address_en" }, { "organ_telephone", "telephone" },
                                             { "entrusted_name", "entrusted_name" }, { "entrusted_name_en", "entrusted_name_en" } };
    if (!county || !organ_seal_in_force(context->db, context->county, json_number(organ, "number"), &key, error))
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(copied); i++)
        put_from(out, copied[i][0], organ, copied[i][1]);
    json_put_text(out, "seal_key", key);
    if (json_number(organ, "is_demo"))
        json_object_set_new(out, "is_demo", json_true());
    if (to)
        put_review(out, organ, county, to, day);
    return to || put_centre(out, context, error) ? g_steal_pointer(&out) : NULL;
}

/* Reference data of a day, so one text serves all its documents. */
char *files_issuer(const Context *context, int64_t organ, bool is_act, GError **error)
{
    if (!identity_acting(context->db, context->county, ABOUT_ORGAN, organ, &organ, error))
        return NULL;
    g_autofree char *key = g_strdup_printf("issuer/%" PRId64 "/%d", organ, is_act);
    g_autoptr(json_t) kept = db_cache_get(context->db, context->county, key);
    Day day = day_of(context->now);
    if (!kept || json_number(kept, "day") != day) {
        g_autoptr(json_t) about = identity_organ(context->db, context->county, organ, error);
        g_autoptr(json_t) made = about ? make(context, about, is_act, error) : NULL;
        g_autofree char *text = made ? json_canonical(made) : NULL;
        if (!text)
            return NULL;
        g_clear_pointer(&kept, json_decref);
        kept = json_pack("{s:i, s:s}", "day", day, "text", text);
        db_cache_put(context->db, context->county, key, kept);
    }
    return g_strdup(json_text(kept, "text"));
}

/* ---- below the organ ---- */

/* 平湖市新仓镇人民政府, 平湖市当湖街道办事处, and of the zone its committee. */
static void name_below(json_t *out, const char *as, const json_t *county, const json_t *division)
{
    bool is_zone = division_in_zone(division_code(division)), is_street = strcmp(json_text(division, "kind"), "街道") == 0;
    const char *of = is_zone ? "管理委员会" : is_street ? "办事处" : "人民政府";
    const char *of_en = is_zone ? "Administrative Committee" : is_street ? "Subdistrict Office" : "People's Government";
    g_autofree char *name = g_strconcat(json_text(county, "name"), json_text(division, "name"), of, NULL);
    g_autofree char *name_en = g_strconcat(of_en, " of ", json_text(division, "name_en"), ", ", json_text(county, "name_en"), NULL);
    g_autofree char *as_en = g_strconcat(as, "_en", NULL);
    json_put_text(out, as, name);
    json_put_text(out, as_en, name_en);
}

/* A copy of the organ as it issues; owned by the caller. */
static json_t *organ_below(const Context *context, int64_t organ, const IssuerBelow *below, GError **error)
{
    if (!identity_acting(context->db, context->county, ABOUT_ORGAN, below->in_own_name ? TOWN_CENTRE_ORGAN : organ, &organ, error))
        return NULL;
    json_t *about = identity_organ(context->db, context->county, organ, error);
    json_t *copy = about ? json_copy(about) : NULL;
    json_decref(about);
    if (below->in_own_name && copy)
        json_object_set_new(copy, "nature", json_string("town"));
    return copy;
}

char *files_issuer_below(const Context *context, int64_t organ, bool is_act, const IssuerBelow *below, GError **error)
{
    g_autoptr(json_t) about = organ_below(context, organ, below, error);
    g_autoptr(json_t) county = about ? identity_division(context->db, context->county, division_county(context->county), error) : NULL;
    g_autoptr(json_t) division = county ? identity_division(context->db, context->county, below->division, error) : NULL;
    if (!division)
        return NULL;
    if (below->in_own_name || below->is_entrusted)
        name_below(about, below->in_own_name ? "full_name" : "entrusted_name", county, division);
    g_autoptr(json_t) made = make(context, about, is_act, error);
    if (!made)
        return NULL;
    json_put_text(made, "power_basis", below->basis);
    if (below->in_own_name)
        json_object_set_new(made, "organ", json_integer(TOWN_CENTRE_ORGAN));
    return json_canonical(made);
}
