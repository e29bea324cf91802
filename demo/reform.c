// SPDX-License-Identifier: Apache-2.0
/* The reform of the catalogue (行政审批制度改革) from 700 items to 444, played by the decrees below. Which items each
 * of them befalls is made up, how many is not: they are the city's published figures of 30 September 2014. */
#include "demo/reform.h"
#include "demo/sample.h"

#include <string.h>

enum how_cut { NOT_CUT, CANCELLED_FIRST, CANCELLED_LATER, MERGED };
enum whose { OWN, OF_PROVINCE, OF_PREFECTURE, OF_PREFECTURE_LATE };

typedef struct Entry {
    const char *code;
    int64_t organ;
    const SampleItem *made;  /* NULL: one of data/items.csv */
    enum how_cut cut;
    enum whose whose;
    const char *into;        /* of a merged one */
} Entry;

typedef struct Reform {
    Context context;         /* `now` is set for each decree */
    json_t *organs, *found;  /* the codes of `entries` live in `found` and `plan` */
    SampleItem plan[SAMPLE_ITEMS];
    GArray *entries;         /* of Entry */
} Reform;

/* ---- whom a decree befalls ---- */

/* Education, justice, grain and salt keep to their own halls. */
static bool is_outside(const Entry *entry)
{
    return entry->cut == NOT_CUT && sample_has_organ(OUTSIDE, entry->organ);
}

static bool shortened(const Entry *entry)
{
    return entry->made && entry->made->shortened;
}

/* The zone decides all that trade and building need (生产经营类和投资建设类): also all real items of twelve departments. */
static bool to_zone(const Entry *entry)
{
    return entry->made ? entry->made->fate == TO_ZONE : sample_has_organ(TO_ZONE, entry->organ);
}

/* ---- the decrees ---- */

#define INVENTORY "2012-12-20"
#define REFORM "2012-12-31"

enum wanted { OLD_ITEMS, NEWCOMERS, SHORTENED };

/* A decree befalls whom `befalls` says, or else all entries that are cut so, handed down so, or (made up) have the fate. */
static const struct Decree {
    const char *day;
    enum change_kind kind;
    const char *level, *document, *number;
    bool (*befalls)(const Entry *entry);
    enum how_cut cut;
    enum whose whose;
    enum sample_fate fate;
    bool is_new;
    const char *drafted; /* day on which the items were drafted that it brings in force */
    enum wanted drafts;
} decrees[] = {
    { "2013-04-10", CHANGE_DELEGATED, "town", "关于向镇（街道）下放审批事项的通知（示例）", "示例发〔2013〕8号", .fate = TO_TOWNS },
    { "2013-05-15", CHANGE_DELEGATED, "village", "关于便民服务事项由镇村代办的通知（示例）", "示例发〔2013〕11号", .fate = TO_VILLAGES },
    { "2013-06-28", CHANGE_CANCELLED, "", "关于取消第一批审批服务事项的决定（示例）", "示例发〔2013〕19号", .cut = CANCELLED_FIRST },
    { "2013-07-19", CHANGE_MERGED, "", "关于合并审批服务事项的决定（示例）", "示例发〔2013〕23号", .cut = MERGED },
    { "2013-09-10", CHANGE_TAKEN_OVER, "province", "关于承接省以上下放审批事项的通知（示例）", "示例发〔2013〕31号", .whose = OF_PROVINCE,
      .drafted = "2013-09-02", .drafts = NEWCOMERS },
    { "2013-10-15", CHANGE_TAKEN_OVER, "prefecture", "关于承接嘉兴市级下放审批事项的通知（示例）", "示例发〔2013〕36号", .whose = OF_PREFECTURE },
    { "2013-11-22", CHANGE_CANCELLED, "", "关于取消第二批审批服务事项的决定（示例）", "示例发〔2013〕42号", .cut = CANCELLED_LATER },
    { "2013-12-10", CHANGE_LEFT, "", "关于教育、粮食、盐务、司法事项办理场所的通知（示例）", "示例发〔2013〕45号", is_outside },
    { "2013-12-13", CHANGE_DELEGATED, "town", "关于向镇（街道）下放第二批审批事项的通知（示例）", "示例发〔2013〕46号", .fate = TO_TOWNS, .is_new = true },
    { "2013-12-13", CHANGE_DELEGATED, "village", "关于第二批便民服务事项由镇村代办的通知（示例）", "示例发〔2013〕47号", .fate = TO_VILLAGES, .is_new = true },
    { "2013-12-20", CHANGE_ADJUSTED, "", "关于压缩审批承诺时限的通知（示例）", "示例发〔2013〕50号", shortened, .drafted = "2013-12-16", .drafts = SHORTENED },
    { "2014-05-20", CHANGE_TAKEN_OVER, "prefecture", "关于承接嘉兴市级第二批下放审批事项的通知（示例）", "示例发〔2014〕15号", .whose = OF_PREFECTURE_LATE },
    { "2014-09-26", CHANGE_DELEGATED, "zone", "关于在平湖经济技术开发区开展集中行政审批的通知（示例）", "示例发〔2014〕28号", to_zone },
};

static bool befalls(const struct Decree *decree, const Entry *entry)
{
    if (decree->befalls)
        return decree->befalls(entry);
    if (decree->cut || decree->whose)
        return decree->cut ? entry->cut == decree->cut : entry->whose == decree->whose;
    return entry->made && entry->made->fate == decree->fate && entry->made->is_new == decree->is_new;
}

static void set_day(Reform *self, const char *day)
{
    self->context.now = instant_at(day_parse(day), OFFICE_OPENS + 60);
}

static bool decree(Reform *self, const struct Decree *decree, GError **error)
{
    set_day(self, decree->day);
    for (guint i = 0; i < self->entries->len; i++) {
        const Entry *entry = &g_array_index(self->entries, Entry, i);
        ItemChange change = { .kind = decree->kind, .item = entry->code, .day = day_of(self->context.now),
                              .document = decree->document, .document_number = decree->number, .level = decree->level,
                              .into = decree->kind == CHANGE_MERGED ? entry->into : "",
                              .source = decree->kind == CHANGE_DELEGATED && strcmp(decree->level, "village") != 0 ? "entrusted" : "" };
        if (befalls(decree, entry) && !catalogue_change(&self->context, &change, error))
            return false;
    }
    return true;
}

/* ---- who is who ---- */

/* One of three is merged with another item of its department, where there is one; the rest is cancelled in two parts. */
static const char *partner_of(const Reform *self, const Entry *entry)
{
    for (guint i = 0; i < self->entries->len; i++) {
        const Entry *other = &g_array_index(self->entries, Entry, i);
        bool stays = !other->made || (other->made->fate != CUT && !other->made->is_new);
        if (stays && other->organ == entry->organ)
            return other->code;
    }
    return NULL;
}

static void cut_entries(Reform *self)
{
    for (guint i = 0, cut = 0; i < self->entries->len; i++) {
        Entry *entry = &g_array_index(self->entries, Entry, i);
        if (!entry->made || entry->made->fate != CUT)
            continue;
        entry->into = cut % 3 == 0 ? partner_of(self, entry) : NULL;
        entry->cut = entry->into ? MERGED : cut % 3 == 1 ? CANCELLED_FIRST : CANCELLED_LATER;
        cut++;
    }
}

/* All that stays in the centre was handed down from above but what the archives and the city inspectors do. */
static bool is_handed_down(const Entry *entry)
{
    enum { INSPECTORS = 26, ARCHIVES = 30 };
    bool own = !entry->made && (entry->organ == INSPECTORS || entry->organ == ARCHIVES);
    return entry->cut == NOT_CUT && !is_outside(entry) && !own;
}

static void hand_down(Reform *self)
{
    enum { HANDED_DOWN = 412, BY_PROVINCE = 152, LATE = 5 };
    int index = 0;
    for (guint i = 0; i < self->entries->len; i++) {
        Entry *entry = &g_array_index(self->entries, Entry, i);
        if (!is_handed_down(entry))
            continue;
        bool late = index % LATE == 0 && !(entry->made && entry->made->is_new);
        enum whose prefecture = late ? OF_PREFECTURE_LATE : OF_PREFECTURE;
        entry->whose = sample_is_among(index, BY_PROVINCE, HANDED_DOWN) ? OF_PROVINCE : prefecture;
        index++;
    }
}

static void add_entries(Reform *self)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(self->found, "items"), i, item) {
        const Entry entry = { .code = json_text(item, "code"), .organ = json_number(item, "organ") };
        if (!g_str_has_prefix(entry.code, SAMPLE_PREFIX))
            g_array_append_val(self->entries, entry);
    }
    for (i = 0; i < SAMPLE_ITEMS; i++) {
        const Entry entry = { .code = self->plan[i].code, .organ = self->plan[i].organ, .made = &self->plan[i] };
        g_array_append_val(self->entries, entry);
    }
}

static void reform_clear(Reform *self)
{
    json_decref(self->organs);
    json_decref(self->found);
    g_clear_pointer(&self->entries, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reform, reform_clear)

static bool gather(Reform *self, GError **error)
{
    self->found = catalogue_search(self->context.db, self->context.county, day_of(self->context.now), "", INT32_MAX, error);
    if (!self->found)
        return false;
    add_entries(self);
    cut_entries(self);
    hand_down(self);
    return true;
}

/* ---- tables ---- */

static bool is_wanted(const SampleItem *item, enum wanted wanted)
{
    return wanted == SHORTENED ? item->shortened : item->is_new == (wanted == NEWCOMERS);
}

static const json_t *organ_of(const Reform *self, const SampleItem *item)
{
    size_t i;
    json_t *organ;
    json_array_foreach(self->organs, i, organ)
        if (json_number(organ, "number") == item->organ)
            return organ;
    return NULL;
}

static bool import_samples(Reform *self, enum wanted wanted, bool publish, GError **error)
{
    int64_t changed;
    g_autoptr(GString) table = sample_table();
    for (size_t i = 0; i < SAMPLE_ITEMS; i++)
        if (is_wanted(&self->plan[i], wanted))
            sample_append(table, &self->plan[i], organ_of(self, &self->plan[i]), wanted == SHORTENED);
    return catalogue_import(&self->context, table->str, table->len, publish ? day_of(self->context.now) : DAY_NONE, &changed, error);
}

static bool take_inventory(Reform *self, GError **error)
{
    int64_t changed;
    const Embedded *items = embedded_find("data/items.csv");
    set_day(self, INVENTORY);
    if (!catalogue_import(&self->context, items->bytes, items->size, day_of(self->context.now), &changed, error) ||
        !import_samples(self, OLD_ITEMS, true, error))
        return false;
    set_day(self, REFORM);
    return catalogue_reform(&self->context, day_parse(REFORM), error);
}

/* ---- the whole ---- */

static bool open_reform(Reform *self, const Context *world, GError **error)
{
    *self = (Reform){ .context = *world, .entries = g_array_new(FALSE, FALSE, sizeof(Entry)) };
    sample_plan(self->plan);
    self->organs = identity_organs(world->db, world->county, error);
    return self->organs != NULL;
}

bool demo_reform(const Context *world, GError **error)
{
    g_auto(Reform) self = { 0 };
    if (!open_reform(&self, world, error) || !take_inventory(&self, error) || !gather(&self, error))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(decrees) && strcmp(decrees[i].day, "2014") < 0; i++) {
        if (decrees[i].drafted) {
            set_day(&self, decrees[i].drafted);
            if (!import_samples(&self, decrees[i].drafts, false, error))
                return false;
        }
        if (!decree(&self, &decrees[i], error))
            return false;
    }
    return true;
}

bool demo_reform_on(const Context *world, Day day, GError **error)
{
    char text[DAY_TEXT];
    day_text(day, text);
    for (size_t i = 0; i < G_N_ELEMENTS(decrees); i++) {
        g_auto(Reform) self = { 0 };
        if (strcmp(decrees[i].day, text) != 0)
            continue;
        if (!open_reform(&self, world, error))
            return false;
        set_day(&self, text);
        if (!gather(&self, error) || !decree(&self, &decrees[i], error))
            return false;
    }
    return true;
}
