// SPDX-License-Identifier: Apache-2.0
/* Rights to act, by place: pure functions over posts (organ × division × roles). */
#include "identity/identity.h"

#include <string.h>

/* ---- divisions by their code: 6 digits county, 3 town, 3 village ---- */

const char *const level_names[] = { [COUNTY_LEVEL] = "county", [TOWN_LEVEL] = "town", [VILLAGE_LEVEL] = "village", NULL };

enum { VILLAGES = 1000, TOWNS = 1000 * VILLAGES };

enum level division_level(int64_t division)
{
    if (division % VILLAGES != 0)
        return VILLAGE_LEVEL;
    return division % TOWNS != 0 ? TOWN_LEVEL : COUNTY_LEVEL;
}

enum level organ_level(int64_t organ)
{
    if (organ == TOWN_CENTRE_ORGAN)
        return TOWN_LEVEL;
    return organ == VILLAGE_POINT_ORGAN ? VILLAGE_LEVEL : COUNTY_LEVEL;
}

bool division_within(int64_t inner, int64_t outer)
{
    static const int64_t size[] = { [COUNTY_LEVEL] = TOWNS, [TOWN_LEVEL] = VILLAGES, [VILLAGE_LEVEL] = 1 };
    int64_t part = size[division_level(outer)];
    return inner / part == outer / part;
}

int64_t division_county(int64_t county)
{
    return county * TOWNS;
}

json_t *identity_by_town(const json_t *places)
{
    json_t *towns = json_array(), *below = NULL;
    size_t i;
    json_t *place;
    json_array_foreach((json_t *)places, i, place) {
        if (!below || strcmp(json_text(place, "level"), "village") != 0) {
            below = json_array();
            json_array_append_new(towns, json_pack("{s:O, s:O, s:o}", "name", json_object_get(place, "name"), "name_en",
                                                   json_object_get(place, "name_en"), "places", below));
        }
        json_array_append(below, place);
    }
    return towns;
}

/* 7th to 9th digit: 001 to 399 streets, towns and townships, 400 to 599 what is like a town
 * (类似乡级单位), rules for the statistics code (统计用区划代码编制规则). */
bool division_in_zone(int64_t division)
{
    int64_t town = division % TOWNS / VILLAGES;
    return town >= 400 && town <= 599;
}

/* ---- roles ---- */

unsigned role_named(const char *name)
{
    size_t bit = name_place(role_names, name);
    return role_names[bit] ? 1u << bit : 0;
}

/* ---- the one question ---- */

/* Within the post's division and at its level is the post's division itself: a county post does
 * not do a town's work, nor a town's post that of a village. */
bool identity_may(const Actor *actor, unsigned roles, int64_t organ, int64_t division)
{
    for (size_t i = 0; i < actor->post_count; i++) {
        const Post *post = &actor->posts[i];
        if (post->organ == organ && post->division == division && (post->roles & roles))
            return true;
    }
    return false;
}

bool identity_is_of(const Actor *actor, int64_t organ)
{
    bool is = false;
    for (size_t i = 0; i < actor->post_count && !is; i++)
        is = actor->posts[i].organ == organ;
    return is;
}

bool identity_holds(const Actor *actor, int64_t case_number)
{
    bool holds = actor->kind == HOLDER && actor->id == case_number;
    for (size_t i = 0; i < actor->case_count && !holds; i++)
        holds = actor->cases[i] == case_number;
    return holds;
}

bool identity_has_role(const Actor *actor, unsigned roles)
{
    for (size_t i = 0; i < actor->post_count; i++)
        if (actor->posts[i].roles & roles)
            return true;
    return false;
}
