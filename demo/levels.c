// SPDX-License-Identifier: Apache-2.0
/* Beside the cases that are counted, a small city has some whose acts go beyond one organ: examined by a town first, sent up to the prefecture,
 * limited in number, transferred to another organ, and taken over by another applicant; and some whose application form was filled in online, which
 * leaves papers out. A table says on which day each goes on. */
#include "demo/room.h"

#include <string.h>

enum { CASES_LEAST = 20 /* of a smaller city every case is counted */, AFTERNOON = 16 * 60 + 20, SOMEBODY = 249101, SUCCESSOR = 249190 };

/* Answers beside those that tell who applies on which day; "@5" is the fifth day from then. */
static const char irrigation[] =
    "{\"kind\": \"new\", \"use\": \"farm\", \"project\": \"no\", \"nature\": \"person\", \"address\": \"新仓镇三叉河村12号\", \"reason\": \"家庭农场水稻灌溉，沟渠来水不够。\","
    " \"place\": \"新仓镇三叉河村北闸口东侧\", \"source\": \"river\", \"water_body\": \"三叉河\", \"method\": \"pump\", \"daily\": \"120\", \"days\": \"90\", \"quarter1\": \"0\","
    " \"quarter2\": \"4000\", \"quarter3\": \"5600\", \"quarter4\": \"0\", \"irrigated\": \"32\", \"begins\": \"@30\", \"until\": \"@1855\", \"meter\": \"meter\","
    " \"saving\": \"渠道防渗，浅湿灌溉。\", \"returns\": \"false\"}";
static const char renamed[] =
    "{\"kind\": \"change_name\", \"nature\": \"person\", \"address\": \"新仓镇三叉河村12号\", \"permit_number\": \"取水（浙平）字〔2010〕示例第12号\","
    " \"former_name\": \"三叉河养鱼场\"}";
static const char lost_card[] =
    "{\"register\": \"here\", \"reason\": \"lost\", \"sex\": \"male\", \"nation\": \"汉\", \"born\": \"1980-01-01\", \"age_group\": \"adult\", \"address\": \"新仓镇三叉河村12号\","
    " \"lost_on\": \"@-6\", \"lost_at\": \"新仓镇农贸市场\", \"portrait\": \"counter\", \"fingerprint\": \"yes\", \"delivery\": \"counter\"}";
static const char restaurant[] =
    "{\"nature\": \"restaurant\", \"works\": \"filed\", \"shared\": \"false\", \"representative\": \"沈示例\", \"contact\": \"沈示例\", \"place_name\": \"三叉河饭店\", \"place\": \"新仓镇示例路8号\", \"structure\": \"brick\", \"area\": \"260\","
    " \"storeys_used\": \"1\", \"guests\": \"90\", \"staff\": \"12\", \"trained\": \"12\", \"works_number\": \"平公消备示例第31号\", \"works_day\": \"@-20\","
    " \"systems\": [\"hydrant_in\", \"light\", \"sign\"], \"exits\": \"2\", \"stairs\": \"0\", \"extinguishers\": [{\"type\": \"4公斤干粉\", \"number\": \"6\", \"where\": \"厨房和大厅\"}],"
    " \"opens_on\": \"@20\"}";

static const struct { const char *item; enum channel channel; const char *answers; } begun[DEMO_LEVELS] = {
    { "ZJJ-10", AT_VILLAGE, NULL }, { "ZJJ-10", AT_VILLAGE, NULL }, { "JYJ-03", AT_COUNTY, NULL }, { "JYJ-03", AT_COUNTY, NULL }, { "AJJ-04", AT_COUNTY, NULL },
    { "AJJ-04", AT_COUNTY, NULL },  { "AJJ-04", AT_COUNTY, NULL },  { "JYJ-01", AT_COUNTY, NULL }, { "ZFJ-01", AT_COUNTY, NULL },
    { "SLJ-01", AT_VILLAGE, irrigation }, { "SLJ-01", AT_VILLAGE, renamed }, { "GAJ-02", AT_COUNTY, lost_card }, { "XFDD-03", AT_COUNTY, restaurant },
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
    { 9, 7, SUBMIT, "", NULL },
    { 9, 6, PASS, "材料齐全，取水点属实。", NULL },
    { 9, 5, ACCEPT, "", NULL },
    { 9, 3, PASS, "水源有余量，图纸与申请相符，建议核减后准予。",
      "{\"answers\": {\"granted_yearly\": \"9000\", \"granted_daily\": \"110\", \"granted_years\": \"5\", \"site_seen\": \"false\", \"neighbours_heard\": \"true\","
      " \"conditions\": \"装表计量，枯水期服从统一调度。\"}}" },
    { 10, 18, SUBMIT, "", NULL },
    { 10, 17, PASS, "材料齐全。", NULL },
    { 10, 16, ACCEPT, "", NULL },
    { 10, 14, PASS, "只变更名称，取水条件不变，建议准予。", NULL },
    { 10, 13, GRANT, "符合条件，准予。", NULL },
    { 10, 12, ISSUE, "", NULL },
    { 10, 11, DELIVER, "", NULL },
    { 11, 3, SUBMIT, "", NULL },
    { 11, 2, ACCEPT, "", NULL },
    { 12, 2, SUBMIT, "", NULL },
};

static const char transfer_basis[] = "《老年人权益保障法》第四十四条", proof[] = "变更申请人的证明";

static bool has_levels(const Demo *self)
{
    return self->settings.times <= 0 && self->settings.cases >= CASES_LEAST;
}

/* In force from the day after, so that the counted cases are not drawn of them. */
bool demo_levels_items(const Demo *self, GError **error)
{
    static const char *const tables[] = { "data/levels.csv", "data/life.csv" };
    int64_t changed;
    for (size_t i = 0; has_levels(self) && i < G_N_ELEMENTS(tables); i++) {
        const Embedded *items = embedded_find(tables[i]);
        if (!catalogue_import(&self->context, items->bytes, items->size,
                              day_of(self->context.now) + 1, &changed, error))
            return false;
    }
    return true;
}

static json_t *papers_of(const Case *self, const Item *item)
{
    json_t *names = json_array();
    for (size_t i = 0; i < item->material_count; i++)
        if (case_asks(self, item, "papers", item->materials[i].name))
            json_array_append_new(names, json_string(item->materials[i].name));
    return names;
}

/* Owned by the caller. */
static json_t *answers_of(const Demo *self, int of, const Party *party)
{
    const char *name;
    json_t *value;
    g_autoptr(json_t) said = json_loads(begun[of].answers, 0, NULL);
    json_t *answers = json_copy(said);
    const Day today = day_of(self->context.now);
    json_object_foreach(said, name, value) {
        const char *text = json_string_value(value);
        if (text && *text == '@')
            json_object_set_new(answers, name, json_string(DAY_WRITTEN(today + (Day)strtol(text + 1, NULL, 10))));
    }
    json_object_update_new(answers, json_pack("{s:s, s:s, s:s, s:s, s:s}", "applicant_name", party->name, "applicant_id", party->id_number, "telephone",
                                              party->telephone, "applied_on", DAY_WRITTEN(today), "declared", "true"));
    return answers;
}

static bool fill_in(Demo *self, int of, const Party *party, Case *out, GError **error)
{
    if (!begun[of].answers)
        return true;
    g_autoptr(json_t) fields = json_pack("{s:o}", "answers", answers_of(self, of, party));
    return case_take(&self->context, out, ANSWER, &(SubjectInput){ .seen = -1, .fields = fields }, error);
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
    self->context.actor = demo_worker(self, begun[of].channel == AT_COUNTY ? item->organ : VILLAGE_POINT_ORGAN, place, CLERK);
    if (!case_begin(&self->context, &(CaseDraft){ .item = begun[of].item, .place = place, .channel = begun[of].channel, .party = party }, out, error) ||
        !fill_in(self, of, &party, out, error))
        return false;
    *papers = papers_of(out, item);
    return true;
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
