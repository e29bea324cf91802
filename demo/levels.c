// SPDX-License-Identifier: Apache-2.0
/* Beside the cases that are counted, a small city has some whose acts go beyond one organ: examined by a town first, sent up to the prefecture,
 * limited in number, transferred to another organ, and taken over by another applicant. A table says on which day each goes on. */
#include "demo/room.h"

#include <string.h>

enum { CASES_LEAST = 20 /* of a smaller city every case is counted */, AFTERNOON = 16 * 60 + 20, SOMEBODY = 249101, SUCCESSOR = 249190 };

static const struct { const char *item; enum channel channel; } begun[DEMO_LEVELS] = {
    { "ZJJ-10", AT_VILLAGE }, { "ZJJ-10", AT_VILLAGE }, { "JYJ-03", AT_COUNTY }, { "JYJ-03", AT_COUNTY }, { "AJJ-04", AT_COUNTY },
    { "AJJ-04", AT_COUNTY },  { "AJJ-04", AT_COUNTY },  { "JYJ-01", AT_COUNTY }, { "ZFJ-01", AT_COUNTY },
};

/* By working days before the last one, where the case is the place in the table above. */
static const struct Turn {
    int of, days_ago;
    enum case_action action;
    const char *said, *fields;
} turns[] = {
    { 0, 20, SUBMIT, "", NULL },
    { 0, 19, ACCEPT, "", NULL },
    { 0, 6, PASS, "初审认为符合村庄规划，拟同意。", NULL },
    { 0, 3, PASS, "符合规划条件，建议准予。", NULL },
    { 1, 4, SUBMIT, "", NULL },
    { 1, 3, ACCEPT, "", NULL },
    { 2, 25, SUBMIT, "", NULL },
    { 2, 24, ACCEPT, "", NULL },
    { 2, 20, PASS, "学历和普通话等级符合要求。", NULL },
    { 2, 18, SEND_UP, "审查合格，报请认定。", NULL },
    { 3, 40, SUBMIT, "", NULL },
    { 3, 39, ACCEPT, "", NULL },
    { 3, 36, PASS, "学历和普通话等级符合要求。", NULL },
    { 3, 35, SEND_UP, "审查合格，报请认定。", NULL },
    { 3, 8, GRANT, "上级机关已认定。", "{\"above_number\": \"嘉教认示例第7号\"}" },
    { 3, 6, DELIVER, "", NULL },
    { 4, 14, SUBMIT, "", NULL },
    { 4, 13, ACCEPT, "", NULL },
    { 4, 10, PASS, "摊点间距和培训合格，建议准予。", NULL },
    { 4, 9, GRANT, "符合条件，准予。", NULL },
    { 4, 8, ISSUE, "", NULL },
    { 4, 7, DELIVER, "", NULL },
    { 5, 8, SUBMIT, "", NULL },
    { 5, 7, ACCEPT, "", NULL },
    { 5, 5, PASS, "摊点间距和培训合格，建议准予。", NULL },
    { 6, 6, SUBMIT, "", NULL },
    { 6, 5, ACCEPT, "", NULL },
    { 6, 4, PASS, "摊点间距和培训合格，建议准予。", NULL },
    { 7, 9, SUBMIT, "", NULL },
    { 7, 8, ACCEPT, "", NULL },
    { 7, 2, TRANSFER, "所办场所供养老人，不招收学生。", "{\"to_item\": \"MZJ-04\"}" },
    { 8, 6, SUBMIT, "", NULL },
    { 8, 5, ACCEPT, "", NULL },
    { 8, 3, CHANGE_APPLICANT, "广告位已随店面一并转让。", NULL },
};

static const char transfer_basis[] = "《老年人权益保障法》第四十四条", proof[] = "变更申请人的证明";

static bool has_levels(const Demo *self)
{
    return self->settings.times <= 0 && self->settings.cases >= CASES_LEAST;
}

/* In force from the day after, so that the counted cases are not drawn of them. */
bool demo_levels_items(const Demo *self, GError **error)
{
    int64_t changed;
    const Embedded *items = embedded_find("data/levels.csv");
    return !has_levels(self) || catalogue_import(&self->context, items->bytes, items->size, day_of(self->context.now) + 1, &changed, error);
}

static json_t *papers_of(const Item *item)
{
    json_t *names = json_array();
    for (size_t i = 0; i < item->material_count; i++)
        json_array_append_new(names, json_string(item->materials[i].name));
    return names;
}

static bool begin(Demo *self, int of, json_t **papers, Case *out, GError **error)
{
    Person made_up;
    demo_person(SOMEBODY + (unsigned)of, &made_up);
    const Party party = { .kind = PERSON, .name = made_up.name, .id_number = made_up.id_number, .telephone = made_up.telephone, .contact = "" };
    g_autoptr(Item) item = catalogue_item_on(self->context.db, self->context.county, begun[of].item, day_of(self->context.now), error);
    const int64_t place = begun[of].channel == AT_COUNTY ? division_county(self->context.county) : demo_division(self, DEMO_STORY_VILLAGE);
    if (!item)
        return false;
    *papers = papers_of(item);
    self->context.actor = demo_worker(self, begun[of].channel == AT_COUNTY ? item->organ : VILLAGE_POINT_ORGAN, place, CLERK);
    return case_begin(&self->context, &(CaseDraft){ begun[of].item, place, begun[of].channel, party, NULL }, out, error);
}

/* Further fields of an action. Owned by the caller. */
static json_t *fields_of(const struct Turn *turn)
{
    Person made_up;
    demo_person(SUCCESSOR, &made_up);
    return turn->action == CHANGE_APPLICANT ? json_pack("{s:s, s:s, s:s, s:s}", "party_kind", party_kind_names[PERSON], "name", made_up.name, "id_number",
                                                        made_up.id_number, "telephone", made_up.telephone)
                                            : turn->fields ? json_loads(turn->fields, 0, NULL) : NULL;
}

static bool take(Demo *self, const struct Turn *turn, GError **error)
{
    g_auto(Case) of = { 0 };
    g_autoptr(json_t) papers = NULL, fields = fields_of(turn);
    const Upload *scan = turn->action == CHANGE_APPLICANT ? demo_scan(self, proof, error) : NULL;
    SubjectInput input = { .seen = -1, .opinion = turn->said, .reason = turn->said, .basis = transfer_basis, .fields = fields,
                           .material = scan ? proof : NULL, .uploads = scan, .upload_count = scan ? 1 : 0 };
    if (turn->action == SUBMIT ? !begin(self, turn->of, &papers, &of, error)
                               : !subject_load(self->context.db, self->context.county, &case_kind, self->levels[turn->of], &of, error))
        return false;
    input.materials = papers;
    self->levels[turn->of] = of.number;
    self->context.actor = demo_worker(self, of.desk_organ, of.desk_division, (unsigned)of.desk_role);
    return case_take(&self->context, &of, turn->action, &input, error) && subject_save(&self->context, &case_kind, &of, error);
}

bool demo_levels(Demo *self, Day day, GError **error)
{
    const Calendar *calendar = self->context.calendar;
    const int days_ago = calendar_between(calendar, day, self->settings.today - 1);
    self->context.now = instant_at(day, AFTERNOON);
    for (size_t i = 0; has_levels(self) && calendar_works(calendar, day) && i < G_N_ELEMENTS(turns); i++)
        if (turns[i].days_ago == days_ago && !take(self, &turns[i], error))
            return false;
    return true;
}
