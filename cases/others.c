// SPDX-License-Identifier: Apache-2.0
/* Others who apply (Licensing Law art. 29): an agent whom the applicant has authorised (委托代理人), and joint applicants (共同申请人). They
 * stand in one text of the case: {"agent": {id_number, name, scope}, "with": [{id_number, is_person, name}]}. */
#include "cases/life.h"

#include <string.h>

enum { OTHERS_MOST = 20 };

/* ---- what was typed ---- */

/* A blank before which a kind of paper stands (护照), or "": where the number begins. NULL: there is no number. */
static char *number_in(char *line, const char **kind)
{
    char *last = strrchr(line, ' ');
    *kind = "";
    for (char *at = strchr(line, ' '), *end; at && at != last; at = end) {
        end = strchr(at + 1, ' ');
        g_autofree char *word = g_strndup(at + 1, (size_t)(end - at - 1));
        *kind = identity_paper_word(word);
        if (*kind) {
            *at = '\0';
            return end + 1;
        }
        *kind = "";
    }
    if (last)
        *last = '\0';
    return last ? last + 1 : NULL;
}

/* A person's or an enterprise's. Owned by the caller. */
static char *number_of(const char *kind, const char *text, Day today, enum party_kind *party)
{
    *party = PERSON;
    char *number = identity_number(PERSON, kind, text, today, NULL);
    if (number)
        return number;
    *party = ENTERPRISE;
    return identity_number(ENTERPRISE, kind, text, today, NULL);
}

/* "李四 330499…", "李四 护照 USA 123456789". */
static json_t *read_line(char *line, Day today)
{
    enum party_kind party;
    const char *kind, *typed = number_in(g_strstrip(line), &kind);
    g_autofree char *number = typed ? number_of(kind, typed, today, &party) : NULL;
    g_autofree char *name = number ? identity_party_name(party, g_strchomp(line), NULL) : NULL;
    return name ? json_pack("{s:s, s:b, s:s}", "id_number", number, "is_person", party == PERSON, "name", name) : NULL;
}

static bool is_known(const json_t *others, const char *number)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)others, i, one)
        if (strcmp(json_text(one, "id_number"), number) == 0)
            return true;
    return false;
}

static bool add_line(json_t *others, Day today, const Party *party, char *line, int at, GError **error)
{
    json_t *one = read_line(line, today);
    if (!one)
        return refuse_field(error, "co_applicants", "cases.co_applicant_form", "line", DECIMAL(at), NULL);
    bool is_twice = strcmp(json_text(one, "id_number"), party->id_number) == 0 || is_known(others, json_text(one, "id_number"));
    json_array_append_new(others, one);
    return !is_twice || refuse_field(error, "co_applicants", "cases.co_applicant_twice", "line", DECIMAL(at), NULL);
}

/* A comma, a tab or the wide blank of Chinese keyboards parts a name from its number as a blank does. */
static char *with_blanks(const char *typed)
{
    static const char *const wide[] = { "\u3000", "，", "、" };
    g_autoptr(GString) text = g_string_new(typed);
    for (size_t i = 0; i < G_N_ELEMENTS(wide); i++)
        g_string_replace(text, wide[i], " ", 0);
    return g_strdelimit(g_strdup(text->str), "\t\r,", ' ');
}

static json_t *read_others(const json_t *fields, Day today, const Party *party, GError **error)
{
    g_autofree char *text = with_blanks(json_text(fields, "co_applicants"));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(json_t) others = json_array();
    for (int i = 0; lines[i]; i++)
        if (lines[i][strspn(lines[i], " ")] && !add_line(others, today, party, lines[i], i + 1, error))
            return NULL;
    if (json_array_size(others) > OTHERS_MOST)
        return refuse_field(error, "co_applicants", "cases.co_applicants_many", "most", DECIMAL(OTHERS_MOST), NULL);
    return g_steal_pointer(&others);
}

/* Nobody is his own agent; who is named without the tick may have been meant, or not. */
static bool agent_fits(const json_t *fields, Day today, const Party *party, GError **error)
{
    bool is_named = *json_text(fields, "agent_name") || *json_text(fields, "agent_id") || *json_text(fields, "agent_scope");
    if (!json_flag(fields, "by_agent"))
        return !is_named || refuse_field(error, "by_agent", "cases.agent_unticked", NULL);
    GError *wrong = NULL;
    g_autofree char *number = identity_number(PERSON, json_text(fields, "agent_id_kind"), json_text(fields, "agent_id"), today, &wrong);
    if (!number)
        return refuse_same(error, "agent_id", wrong);
    return strcmp(number, party->id_number) != 0 || refuse_field(error, "agent_id", "cases.agent_is_applicant", NULL);
}

bool case_others_of(const json_t *fields, Day today, const Party *party, char **others, GError **error)
{
    *others = NULL;
    g_autoptr(json_t) with = agent_fits(fields, today, party, error) ? read_others(fields, today, party, error) : NULL;
    g_autoptr(json_t) all = json_object();
    if (!with)
        return false;
    if (json_flag(fields, "by_agent"))
        json_object_set_new(all, "agent", json_pack("{s:s, s:s, s:s}", "id_number", json_text(fields, "agent_id"), "name", json_text(fields, "agent_name"),
                                                    "scope", json_text(fields, "agent_scope")));
    if (json_array_size(with))
        json_object_set(all, "with", with);
    *others = json_object_size(all) ? json_canonical(all) : g_strdup("");
    return true;
}

/* ---- what follows ---- */

bool others_have_agent(const char *others)
{
    return others && g_str_has_prefix(others, "{\"agent\"");
}

char *others_agent_number(const char *others)
{
    g_autoptr(json_t) all = others_have_agent(others) ? json_loads(others, 0, NULL) : NULL;
    return all ? g_strdup(json_text(json_object_get(all, "agent"), "id_number")) : NULL;
}

int64_t others_with(const char *others)
{
    g_autoptr(json_t) all = others && *others ? json_loads(others, 0, NULL) : NULL;
    return (int64_t)json_array_size(json_object_get(all, "with"));
}

/* An agent shows that he was authorised. */
static const ItemMaterial authorisation = { .name = "授权委托书", .name_en = "Letter of authorisation", .required = true, .originals = 1,
                                            .source = "applicant" };

static bool is_asked_anyway(const Item *item)
{
    for (size_t i = 0; i < item->material_count; i++)
        if (strcmp(item->materials[i].name, authorisation.name) == 0)
            return true;
    return false;
}

const ItemMaterial *case_material(const Case *self, const Item *item, size_t place)
{
    if (place < item->material_count)
        return &item->materials[place];
    return place == item->material_count && others_have_agent(self->applicant_others) && !is_asked_anyway(item) ? &authorisation : NULL;
}

/* ---- how they are shown ---- */

void others_put_typed(const Case *self, json_t *answer)
{
    size_t i;
    json_t *one;
    g_autoptr(GString) lines = g_string_new(NULL);
    g_autoptr(json_t) all = *self->applicant_others ? json_loads(self->applicant_others, 0, NULL) : NULL;
    const json_t *agent = json_object_get(all, "agent");
    json_array_foreach(json_object_get(all, "with"), i, one) {
        g_autofree char *number = identity_number_line(json_flag(one, "is_person") ? PERSON : ENTERPRISE, json_text(one, "id_number"));
        g_string_append_printf(lines, "%s%s %s", i ? "\n" : "", json_text(one, "name"), number);
    }
    json_object_update_new(answer, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "agent_id_kind",
                                             agent ? identity_paper_of(PERSON, json_text(agent, "id_number")) : "", "co_applicants", lines->str, "by_agent", agent ? "true" : "",
                                             "agent_name", json_text(agent, "name"), "agent_id", json_text(agent, "id_number"), "agent_scope",
                                             json_text(agent, "scope")));
}


static json_t *one_shown(const json_t *one, bool is_person, bool masked)
{
    json_t *shown = json_copy((json_t *)(uintptr_t)one);
    g_autofree char *name = mask_party_name(is_person, json_text(one, "name")), *number = mask_party_id(is_person, json_text(one, "id_number"));
    json_object_del(shown, "is_person");
    if (masked) {
        json_object_set_new(shown, "name", json_string(name));
        json_object_set_new(shown, "id_number", json_string(number));
    }
    return shown;
}

void others_put(const Case *self, bool masked, json_t *applicant)
{
    size_t i;
    json_t *one, *shown = json_array();
    g_autoptr(json_t) all = self->applicant_others && *self->applicant_others ? json_loads(self->applicant_others, 0, NULL) : NULL;
    const json_t *agent = json_object_get(all, "agent");
    json_array_foreach(json_object_get(all, "with"), i, one)
        json_array_append_new(shown, one_shown(one, json_flag(one, "is_person"), masked));
    if (agent)
        json_object_set_new(applicant, "agent", one_shown(agent, true, masked));
    if (json_array_size(shown)) {
        json_object_set(applicant, "others", shown);
        json_object_set_new(applicant, "has_others", json_true());
    }
    json_decref(shown);
}

char *case_others_named(const Case *self, char **agent)
{
    size_t i;
    json_t *one;
    GString *names = g_string_new(NULL);
    g_autoptr(json_t) all = self->applicant_others && *self->applicant_others ? json_loads(self->applicant_others, 0, NULL) : NULL;
    json_array_foreach(json_object_get(all, "with"), i, one)
        g_string_append_printf(names, "%s%s", i ? "、" : "", json_text(one, "name"));
    *agent = g_strdup(json_text(json_object_get(all, "agent"), "name"));
    return g_string_free(names, FALSE);
}
