// SPDX-License-Identifier: Apache-2.0
/* One table of seats, filled for every organ, town and village. */
#include "demo/room.h"

#include <string.h>

typedef struct Seat {
    const char *account; /* where the story passes; elsewhere its first letter with the place's number */
    enum level level;
    int64_t organ;       /* 0: each department */
    unsigned roles;
    const char *does, *does_en;
} Seat;

static const Seat seats[] = {
    { "cun", VILLAGE_LEVEL, VILLAGE_POINT_ORGAN, CLERK, "村便民服务点 收件员", "village desk: takes in, scans, hands over" },
    { "zhen", TOWN_LEVEL, TOWN_CENTRE_ORGAN, CLERK | REVIEWER | ISSUER, "镇便民服务中心 初审、制证", "town centre: pre-reviews, prints licences" },
    { "fu", TOWN_LEVEL, TOWN_CENTRE_ORGAN, APPROVER | HEAD, "镇便民服务中心 负责人", "head of the town centre" },
    { "shou", COUNTY_LEVEL, 0, CLERK | ISSUER, "部门窗口 收件、制证", "department: counter clerk, prints licences" },
    { "shen", COUNTY_LEVEL, 0, REVIEWER, "部门 审核员", "department: accepts, asks for papers, reviews" },
    { "pizhun", COUNTY_LEVEL, 0, APPROVER, "部门 审批员", "department: decides" },
    { "ju", COUNTY_LEVEL, 0, HEAD, "部门 负责人", "head of the department: extends limits" },
    { "xiang", COUNTY_LEVEL, CENTRE_ORGAN, CATALOGUER, "事项管理员", "keeps the catalogue of items" },
    { "jian", COUNTY_LEVEL, CENTRE_ORGAN, SUPERVISOR, "效能监察员", "supervisor: sees every case, changes none" },
    { "zhuren", COUNTY_LEVEL, CENTRE_ORGAN, HEAD | SUPERVISOR, "中心主任", "head of the centre: the figures of all its work" },
    { "guan", COUNTY_LEVEL, CENTRE_ORGAN, SYSTEM_ADMINISTRATOR, "系统管理员", "system administrator" },
    { "quan", COUNTY_LEVEL, CENTRE_ORGAN, SECURITY_ADMINISTRATOR, "安全管理员", "security administrator" },
    { "cha", COUNTY_LEVEL, CENTRE_ORGAN, AUDITOR, "审计管理员", "auditor: reads the ledger" },
};

/* ---- names ---- */

static char *draw_name(Demo *self)
{
    static const char *const families[] = { "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙",
                                            "朱", "马", "胡", "郭", "林", "何", "高", "沈", "陆", "钱", "俞", "金" };
    static const char *const given[] = { "建华", "丽娟", "志强", "秀英", "国良", "雅琴", "海燕", "永明", "晓峰", "雪芬",
                                         "伟", "敏", "静", "磊", "芳", "勇", "琳", "军", "佳怡", "文彬" };
    return g_strconcat(families[demo_draw(self, G_N_ELEMENTS(families))], given[demo_draw(self, G_N_ELEMENTS(given))], NULL);
}

/* The story meets these people by their short names; the same seats elsewhere have longer ones. */
static bool is_story_seat(const Demo *self, const Seat *seat, int64_t organ, int64_t division)
{
    if (seat->level == VILLAGE_LEVEL)
        return division == demo_division(self, DEMO_STORY_VILLAGE);
    if (seat->level == TOWN_LEVEL)
        return division == division_town(demo_division(self, DEMO_STORY_VILLAGE));
    return seat->organ || organ == self->story->organ;
}

/* zhen103, shen07, cun103201: the seat with the number of its town, organ or village. */
static char *account_of(const Demo *self, const Seat *seat, int64_t organ, int64_t division)
{
    if (is_story_seat(self, seat, organ, division))
        return g_strdup(seat->account);
    int64_t village = division % 1000000, town = village / 1000;
    if (seat->level == VILLAGE_LEVEL)
        return g_strdup_printf("%s%06" PRId64, seat->account, village);
    if (seat->level == TOWN_LEVEL)
        return g_strdup_printf("%s%03" PRId64, seat->account, town);
    return g_strdup_printf("%s%02" PRId64, seat->account, organ);
}

/* ---- adding ---- */

static void tell(const Demo *self, const Seat *seat, const char *account, const char *name, int64_t organ, int64_t division, GString *told)
{
    g_autoptr(json_t) place = identity_division(self->context.db, self->context.county, division, NULL);
    g_autoptr(json_t) office = identity_organ(self->context.db, self->context.county, organ, NULL);
    const char *where = seat->level == COUNTY_LEVEL ? json_text(office, "name") : json_text(place, "name");
    const char *where_en = seat->level == COUNTY_LEVEL ? json_text(office, "name_en") : json_text(place, "name_en");
    if (is_story_seat(self, seat, organ, division))
        g_string_append_printf(told, "  %-6s %s  %s·%s  |  %s, %s\n", account, name, where, seat->does, where_en, seat->does_en);
}

static bool seat_one(Demo *self, const Seat *seat, int64_t organ, int64_t division, GString *told, GError **error)
{
    g_autofree char *account = account_of(self, seat, organ, division);
    g_autofree char *name = draw_name(self);
    Worker *worker = g_new0(Worker, 1);
    worker->post = (Post){ organ, division, seat->roles };
    g_ptr_array_add(self->workers, worker);
    g_autofree char *hash = credentials_hash(DEMO_PASSWORD, true);
    StaffEntry entry = { .account = account, .name = name, .hash = hash, .posts = &worker->post, .post_count = 1 };
    worker->actor = (Actor){ .kind = STAFF, .name = "", .posts = &worker->post, .post_count = 1 };
    if (!people_enter(&self->context, &entry, &worker->actor.id, error))
        return false;
    demo_skip(self, SALT_WORDS);
    tell(self, seat, account, name, organ, division, told);
    return true;
}

static bool seat_departments(Demo *self, const Seat *seat, GString *told, GError **error)
{
    size_t i;
    json_t *organ;
    json_array_foreach(self->organs, i, organ)
        if (strcmp(json_text(organ, "kind"), "department") == 0 &&
            !seat_one(self, seat, json_number(organ, "number"), division_county(self->context.county), told, error))
            return false;
    return true;
}

static bool seat_places(Demo *self, const Seat *seat, GString *told, GError **error)
{
    size_t i;
    json_t *place;
    json_array_foreach(self->places, i, place) {
        int64_t division = division_code(place);
        if (division_level(division) == seat->level && !seat_one(self, seat, seat->organ, division, told, error))
            return false;
    }
    return true;
}

bool demo_staff(Demo *self, GString *told, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(seats); i++) {
        bool seated = seats[i].organ ? seat_places(self, &seats[i], told, error) : seat_departments(self, &seats[i], told, error);
        if (!seated)
            return false;
    }
    return true;
}

static const Actor *find_worker(const Demo *self, int64_t organ, int64_t division, unsigned role)
{
    for (size_t i = 0; i < self->workers->len; i++) {
        const Worker *worker = g_ptr_array_index(self->workers, i);
        if (identity_may(&worker->actor, role, organ, division))
            return &worker->actor;
    }
    return NULL;
}

const Actor *demo_worker(const Demo *self, int64_t organ, int64_t division, unsigned role)
{
    int64_t seat = (division * 1000 + organ) * 1000 + g_bit_nth_lsf(role, -1);
    const Actor *known = g_hash_table_lookup(self->seats, &seat);
    if (known)
        return known;
    known = find_worker(self, organ, division, role);
    if (known)
        g_hash_table_insert(self->seats, g_memdup2(&seat, sizeof seat), (void *)(uintptr_t)known);
    return known;
}
