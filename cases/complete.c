// SPDX-License-Identifier: Apache-2.0
/* Acceptance and decision demand more than the table tells: every necessary paper, and a second pair of eyes. A paper is there when it was
 * scanned, when a member of the staff has seen it on paper, when a register holds it, or when it was promised. */
#include "cases/papers.h"

#include <string.h>

/* ---- papers ---- */

_Static_assert(ITEM_MATERIALS < 52, "Case.held has a bit for each material, and two more, all of which a JSON number can hold");

/* That of an agent's authorisation stands behind all that an item may have, whose number changes with its versions. */
static int64_t bit_at(const Item *item, size_t place)
{
    return place < item->material_count ? INT64_C(1) << place : CASE_AUTHORISED;
}

bool papers_are_held(const Case *self, const Item *item, size_t place)
{
    return self->held & bit_at(item, place);
}

static int64_t bit_of(const Case *self, const Item *item, const char *name)
{
    const ItemMaterial *material;
    for (size_t i = 0; (material = case_material(self, item, i)); i++)
        if (g_strcmp0(material->name, name) == 0)
            return bit_at(item, i);
    return 0;
}

const char *papers_english(const Case *self, const Item *item, const char *name)
{
    const ItemMaterial *material;
    for (size_t i = 0; (material = case_material(self, item, i)); i++)
        if (g_str_equal(material->name, name) && *material->name_en)
            return material->name_en;
    return name;
}

static int64_t bits_of(const Case *self, const Item *item, const json_t *names)
{
    size_t i;
    json_t *name;
    int64_t bits = 0;
    json_array_foreach((json_t *)names, i, name)
        bits |= bit_of(self, item, json_string_value(name));
    return bits;
}

void papers_drop(Case *next, const Item *item, const char *material)
{
    next->held &= ~bit_of(next, item, material);
}

void papers_take(const SubjectTurn *turn, Case *next)
{
    const SubjectInput *input = turn->input;
    const Item *item = life_item(turn), *goes_on = ((const CaseWork *)turn->work)->next;
    int64_t held = next->held;
    if (turn->rule->needs & TAKES_MATERIALS)
        held |= bits_of(next, item, input->materials);
    if (turn->rule->needs & NEED_PAPERS)
        held |= bit_of(next, item, input->material);
    if (life_action(turn) == PROMISE)
        held |= CASE_PROMISED;
    else if (life_action(turn) == CHANGE_APPLICANT) /* promises bind who gave them */
        held &= ~CASE_PROMISED;
    else if (turn->rule->needs & (NEED_MATERIALS | ASKS_MATERIALS)) /* found wanting */
        held &= ~bits_of(next, item, input->materials);
    const ItemMaterial *material;
    bool is_same = goes_on->version == item->version && g_str_equal(goes_on->code, item->code);
    next->held = is_same ? held : g_str_equal(goes_on->code, item->code) ? held & CASE_PROMISED : 0;
    for (size_t i = 0; !is_same && (material = case_material(next, item, i)); i++)
        next->held |= held & bit_at(item, i) ? bit_of(next, goes_on, material->name) : 0;
}

bool papers_name(const json_t *list, const char *name)
{
    size_t i;
    json_t *entry;
    json_array_foreach((json_t *)list, i, entry)
        if (g_strcmp0(json_string_value(entry), name) == 0)
            return true;
    return false;
}

json_t *papers_offered(const Context *context, const Case *self, GError **error)
{
    g_autoptr(json_t) papers = json_array();
    int64_t number = self->held & CASE_PROMISED || self->joint ? self->number : 0;
    for (const Room *const *room = context->rooms; room && *room; room++)
        if ((*room)->offers_papers && !(*room)->offers_papers(context, self->party, number, papers, error))
            return NULL;
    return g_steal_pointer(&papers);
}

static bool is_among(const json_t *papers, const char *material, Instant since)
{
    size_t i;
    json_t *paper;
    json_array_foreach((json_t *)papers, i, paper)
        if (json_number(paper, "made_at") >= since && g_str_equal(json_text(paper, "material"), material))
            return true;
    return false;
}

/* A paper that is to follow stands for itself until the application is accepted; it must be there before the decision. */
static bool is_offered(const json_t *offered, const char *material, const Case *self)
{
    size_t i;
    json_t *paper;
    json_array_foreach((json_t *)offered, i, paper)
        if (g_str_equal(json_text(paper, "material"), material) && !papers_is_due(paper, self))
            return true;
    return false;
}

bool papers_is_due(const json_t *offered, const Case *self)
{
    return json_flag(offered, "waits") && strcmp(json_text(offered, "promise"), CASE_FOLLOWS) == 0 && self->accepted_on;
}

static json_t *necessary(const Case *self, const Item *item)
{
    const ItemMaterial *material;
    json_t *names = json_array();
    g_autoptr(json_t) answers = item->form ? answers_of(self) : NULL;
    for (size_t i = 0; (material = case_material(self, item, i)); i++)
        if (material->required && answers_ask(item, answers, "papers", material->name))
            json_array_append_new(names, json_string(material->name));
    return names;
}

/* Names of the list that are neither held nor now ticked, nor scanned since then, nor in a register; scans that are not noted as held are
 * those that an older program took. Owned by the caller; NULL with an error. */
static json_t *lacking_of(const Context *context, const Case *self, const Item *item, const json_t *names, const json_t *ticked, Instant since, GError **error)
{
    size_t i;
    json_t *name;
    g_autoptr(json_t) papers = NULL, offered = NULL, lacking = json_array();
    json_array_foreach((json_t *)names, i, name) {
        const char *text = json_string_value(name);
        if ((self->held & bit_of(self, item, text)) || papers_name(ticked, text))
            continue;
        papers = papers ? papers : papers_of(context, self, error);
        offered = papers && !offered ? papers_offered(context, self, error) : offered;
        if (!offered)
            return NULL;
        if (!is_among(papers, text, since) && !is_offered(offered, text, self))
            json_array_append(lacking, name);
    }
    return g_steal_pointer(&lacking);
}

json_t *papers_lacking(const Context *context, const Case *self, const Item *item, GError **error)
{
    g_autoptr(json_t) names = necessary(self, item);
    return lacking_of(context, self, item, names, NULL, 0, error);
}

/* Only the staff can say that a paper is there which nobody has scanned. */
bool case_may_tick(const SubjectTurn *turn, GError **error)
{
    size_t i;
    json_t *name;
    const json_t *ticked = turn->input->materials;
    enum actor_kind kind = turn->context->actor->kind;
    g_autoptr(json_t) asked = json_loads(((const Case *)turn->present)->missing, 0, NULL);
    if (kind == HOLDER && json_array_size(ticked))
        return refuse_field(error, "materials", "cases.staff_alone_tick", NULL);
    json_array_foreach((json_t *)ticked, i, name) {
        const char *text = json_string_value(name);
        if (kind != LOADER && !bit_of(turn->present, life_item(turn), text) && !papers_name(asked, text))
            return refuse_field(error, "materials", "cases.no_such_material", "name", text, NULL);
    }
    return true;
}

/* Refuses with the names in both languages, where there are any. */
static bool none_of(const Case *self, const Item *item, const json_t *names, const char *reason, GError **error)
{
    size_t i;
    json_t *name;
    g_autoptr(GString) chinese = g_string_new(NULL), english = g_string_new(NULL);
    json_array_foreach((json_t *)names, i, name) {
        const char *text = json_string_value(name);
        g_string_append_printf(chinese, "%s%s", i ? "、" : "", text);
        g_string_append_printf(english, "%s%s", i ? ", " : "", papers_english(self, item, text));
    }
    return !chinese->len || refuse(error, CONFLICT, reason, "name", chinese->str, "name_en", english->str, NULL);
}

/* Art. 32: all that is missing is asked for at once, and nothing that the item does not ask for, nor what another organ has sent here. */
bool case_asks_all(const SubjectTurn *turn, GError **error)
{
    size_t i;
    json_t *name;
    const Item *item = life_item(turn);
    const json_t *asked = turn->input->materials;
    if (turn->context->actor->kind == LOADER)
        return true;
    json_array_foreach((json_t *)asked, i, name) {
        const char *text = json_string_value(name);
        int64_t bit = bit_of(turn->present, item, text);
        if (!bit)
            return refuse_field(error, "materials", "cases.no_such_material", "name", text, NULL);
        if (life_mark(turn->present, "transferred") && (((const Case *)turn->present)->held & bit))
            return refuse_field(error, "materials", "cases.is_there_already", "name", text, "name_en", papers_english(turn->present, item, text), NULL);
    }
    g_autoptr(json_t) names = necessary(turn->present, item), untold = lacking_of(turn->context, turn->present, item, names, asked, 0, error);
    return untold && none_of(turn->present, item, untold, "cases.not_all_asked", error);
}

static bool are_there(const SubjectTurn *turn, const json_t *names, Instant since, const char *reason, GError **error)
{
    if (!case_may_tick(turn, error))
        return false;
    g_autoptr(json_t) lacking = lacking_of(turn->context, turn->present, life_item(turn), names, turn->input->materials, since, error);
    return lacking && none_of(turn->present, life_item(turn), lacking, reason, error);
}

/* Art. 32: what is complete is accepted. The papers of a history from another system lie there. */
bool case_is_complete(const SubjectTurn *turn, GError **error)
{
    g_autoptr(json_t) names = necessary(turn->present, life_item(turn));
    return turn->context->actor->kind == LOADER || are_there(turn, names, 0, "cases.incomplete", error);
}

/* Papers that came after the notice count, since older ones were found wanting; what a register holds counts as it is. */
bool case_all_supplied(const SubjectTurn *turn, GError **error)
{
    const Case *self = turn->present;
    g_autoptr(json_t) missing = json_loads(self->missing, 0, NULL);
    if (self->correct_by && day_of(turn->context->now) > self->correct_by)
        return refuse(error, CONFLICT, "cases.correction_over", "until_day", DAY_WRITTEN((Day)self->correct_by), NULL);
    const char *reason = turn->context->actor->kind == HOLDER ? "cases.still_missing_from_home" : "cases.still_missing";
    return are_there(turn, missing, life_mark(self, "correction")->at, reason, error);
}

/* Missing papers are first asked for; then what still does not fit is not accepted. Art. 78: nor is what was applied for by deceit. */
bool case_may_decline(const SubjectTurn *turn, GError **error)
{
    const SubjectInput *input = turn->input;
    bool has_ground = (input->organ && *input->organ) || ((const Case *)turn->present)->corrected || json_flag(input->fields, "false_papers");
    return has_ground || refuse_field(error, "organ", "cases.decline_ground", NULL);
}

bool case_has_material(const SubjectTurn *turn, GError **error)
{
    const char *name = turn->input->material ? turn->input->material : "";
    return bit_of(turn->present, life_item(turn), name) || refuse_field(error, "material", "cases.no_such_material", "name", name, NULL);
}

/* ---- four eyes (一审一核) ---- */

static char *written(int64_t staff)
{
    return g_strdup_printf(",%" PRId64 ",", staff);
}

static bool has_reviewed(const Case *self, int64_t staff)
{
    g_autofree char *name = written(staff);
    return strstr(self->reviewers, name) != NULL;
}

void eyes_note(const SubjectTurn *turn, Case *next)
{
    const Actor *actor = turn->context->actor;
    g_autofree char *name = written(actor->id);
    if (actor->kind != STAFF || has_reviewed(next, actor->id))
        return;
    g_autofree char *all = g_strconcat(next->reviewers, *next->reviewers ? name + 1 : name, NULL);
    record_set(&next->reviewers, all);
}

bool eyes_are_his(const Actor *actor, const Case *self, const Item *item)
{
    return actor->kind == STAFF && *self->reviewers && !item->instant && has_reviewed(self, actor->id);
}

/* The names of those at the desk who have not reviewed it; "" where there is nobody. Owned by the caller; NULL with an error. */
static char *others_at_desk(const Context *context, const Case *self, GError **error)
{
    size_t i;
    json_t *id;
    const Post desk = { self->desk_organ, self->desk_division, (unsigned)self->desk_role };
    g_autoptr(json_t) staff = identity_desk_staff(context->db, context->county, &desk, day_of(context->now), error);
    g_autoptr(GString) names = g_string_new(NULL);
    json_array_foreach(staff, i, id) {
        if (has_reviewed(self, json_integer_value(id)))
            continue;
        g_autoptr(json_t) name = identity_staff_name(context->db, context->county, json_integer_value(id), error);
        if (!name)
            return NULL;
        g_string_append_printf(names, "%s%s", names->len ? "、" : "", json_string_value(name));
    }
    return staff ? g_string_free(g_steal_pointer(&names), FALSE) : NULL;
}

/* Done on the spot (即办) by one person, it has one pair. */
bool case_needs_other_eyes(const SubjectTurn *turn, GError **error)
{
    if (!eyes_are_his(turn->context->actor, turn->present, life_item(turn)))
        return true;
    g_autofree char *others = others_at_desk(turn->context, turn->present, error);
    if (!others)
        return false;
    return refuse(error, NOT_ALLOWED, *others ? "cases.reviewed_yourself" : "cases.reviewed_yourself_alone", *others ? "names" : NULL, others, NULL);
}

bool case_may_refuse(const SubjectTurn *turn, GError **error)
{
    return levels_result_is_named(turn, error) && case_needs_other_eyes(turn, error);
}

bool case_heard(const Context *context, const Case *self, char **out, GError **error)
{
    size_t i = 0;
    *out = NULL;
    while (i < self->mark_count && strcmp(self->marks[i].why, SPECIAL_HEARING) != 0)
        i++;
    return i == self->mark_count || subject_cited(context, self->number, self->item, out, error);
}

/* Where the item's own law demands a hearing, nothing is granted before one was held. */
static bool was_heard(const SubjectTurn *turn, GError **error)
{
    const Case *self = turn->present;
    g_autofree char *heard = NULL;
    const ItemSpecial *hearing = life_special(life_item(turn), SPECIAL_HEARING);
    if (!hearing || !hearing->mandatory || turn->context->actor->kind == LOADER)
        return true;
    if (!case_heard(turn->context, self, &heard, error))
        return false;
    return heard || refuse(error, CONFLICT, "cases.hearing_first", "basis", hearing->basis, NULL);
}

bool case_may_grant(const SubjectTurn *turn, GError **error)
{
    return case_may_refuse(turn, error) && case_is_complete(turn, error) && quota_lets(turn, error) && was_heard(turn, error);
}
