// SPDX-License-Identifier: Apache-2.0
#include "demo/sample.h"

#include <string.h>

/* ---- how many of each ---- */

/* With the 91 items of data/items.csv (69 licences, 18 non-licence approvals, 4 services) these make the published
 * numbers: 393 + 235 + 72 before the reform, 294 + 119 + 31 after it. */
static const struct Share {
    enum sample_fate fate;
    int count;
} shares[] = { { TO_TOWNS, 53 }, { TO_VILLAGES, 134 }, { TO_ZONE, 70 }, { AT_CENTRE, 71 }, { OUTSIDE, 25 }, { CUT, 300 } };

/* How many of the items dealt out together belong to a class, and how many of those are new. */
typedef struct Mix {
    int count, nonlicenses, management, new_of[ITEM_CLASSES];
} Mix;
static const Mix in_centre = { 328, 96, 26, { [LICENSES] = 30, [NONLICENSES] = 10, [MANAGEMENT] = 4 } },
                 outside = { 25, 5, 1, { 0 } }, cut = { 300, 126, 45, { 0 } };

static const Mix *mix_of(enum sample_fate fate)
{
    if (fate == CUT)
        return &cut;
    return fate == OUTSIDE ? &outside : &in_centre;
}

/* Sets of numbers of data/organs.csv. */
enum { ORGANS = 36 };
#define ORGAN(number) (UINT64_C(1) << (number))
#define ALL_ORGANS (ORGAN(ORGANS) - ORGAN(1))
#define OUTSIDE_ORGANS (ORGAN(3) | ORGAN(8) | ORGAN(34) | ORGAN(35))
static const uint64_t organs_of[SAMPLE_FATES] = {
    [TO_TOWNS] = ORGAN(5) | ORGAN(7) | ORGAN(10) | ORGAN(11) | ORGAN(13) | ORGAN(16) | ORGAN(19) | ORGAN(29),
    [TO_VILLAGES] = ORGAN(5) | ORGAN(7) | ORGAN(10) | ORGAN(11) | ORGAN(13) | ORGAN(14) | ORGAN(16) | ORGAN(18) | ORGAN(19) | ORGAN(21) |
                    ORGAN(23) | ORGAN(28) | ORGAN(29) | ORGAN(30) | ORGAN(32) | ORGAN(33),
    [TO_ZONE] = ORGAN(1) | ORGAN(2) | ORGAN(6) | ORGAN(11) | ORGAN(12) | ORGAN(13) | ORGAN(15) | ORGAN(17) | ORGAN(20) | ORGAN(21) |
                ORGAN(24) | ORGAN(25),
    [AT_CENTRE] = ALL_ORGANS & ~OUTSIDE_ORGANS, [OUTSIDE] = OUTSIDE_ORGANS, [CUT] = ALL_ORGANS,
};

bool sample_has_organ(enum sample_fate fate, int64_t organ)
{
    return organ > 0 && organ < ORGANS && (organs_of[fate] & ORGAN(organ));
}

/* The organ at a place in the set, counted round and round. */
static int organ_at(enum sample_fate fate, int index)
{
    int organ = 0;
    for (int left = index % __builtin_popcountll(organs_of[fate]); left >= 0; left -= sample_has_organ(fate, organ))
        organ++;
    return organ;
}

/* ---- dealing out ---- */

bool sample_is_among(int index, int part, int whole)
{
    return whole && (index + 1) * part / whole > index * part / whole;
}

/* The numbers that were dealt out of a mix so far. */
typedef struct Dealt {
    int all, not_management, of[ITEM_CLASSES];
} Dealt;

static enum item_class deal_class(const Mix *mix, Dealt *dealt)
{
    if (sample_is_among(dealt->all++, mix->management, mix->count))
        return MANAGEMENT;
    return sample_is_among(dealt->not_management++, mix->nonlicenses, mix->count - mix->management) ? NONLICENSES : LICENSES;
}

static int count_of(const Mix *mix, enum item_class class)
{
    const int counts[ITEM_CLASSES] = { [LICENSES] = mix->count - mix->nonlicenses - mix->management,
                                       [NONLICENSES] = mix->nonlicenses, [MANAGEMENT] = mix->management };
    return counts[class];
}

/* Items of towns and villages are mostly done at once, of the rest a third. */
static bool is_instant(enum sample_fate fate, int index)
{
    switch (fate) {
    case TO_TOWNS: return true;
    case TO_VILLAGES: return index % 8 != 7;
    case TO_ZONE: return false;
    default: return index % 3 == 0;
    }
}

static SampleItem deal(const struct Share *share, int index, Dealt *dealt, int numbers[])
{
    enum { ZONE_ONLINE = 20, SHORTENED = 24 };
    const Mix *mix = mix_of(share->fate);
    SampleItem item = { .fate = share->fate, .organ = organ_at(share->fate, index) };
    item.class = deal_class(mix, dealt);
    item.is_new = sample_is_among(dealt->of[item.class]++, mix->new_of[item.class], count_of(mix, item.class));
    item.instant = is_instant(share->fate, index);
    item.online = share->fate == TO_ZONE && sample_is_among(index, ZONE_ONLINE, share->count);
    item.shortened = share->fate == TO_ZONE && !item.is_new && index < SHORTENED;
    item.number = ++numbers[item.organ];
    g_snprintf(item.code, sizeof item.code, SAMPLE_PREFIX "%02d-%03d", item.organ, item.number);
    return item;
}

void sample_plan(SampleItem plan[static SAMPLE_ITEMS])
{
    Dealt dealt[3] = { 0 };
    int numbers[ORGANS] = { 0 }, made = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(shares); i++) {
        Dealt *of_mix = &dealt[shares[i].fate == CUT ? 2 : shares[i].fate == OUTSIDE];
        for (int index = 0; index < shares[i].count; index++)
            plan[made++] = deal(&shares[i], index, of_mix, numbers);
    }
}

/* ---- as rows of a table ---- */

typedef struct Subject {
    const char *name, *name_en, *summary, *summary_en;
} Subject;

static const Subject subjects[ITEM_CLASSES][3] = {
    [LICENSES] = { { "示例经营许可", "Example trading licence", "开办示例业务之前要办的许可。", "Needed before an example trade is begun." },
                   { "示例设施使用许可", "Example licence to use a facility", "使用示例设施之前要办的许可。", "Needed before an example facility is used." },
                   { "示例从业资格许可", "Example licence to practise", "从事示例职业之前要办的许可。", "Needed before an example profession is practised." } },
    [NONLICENSES] = { { "示例资格确认", "Example confirmation of a status", "确认示例资格，以后办事凭它。", "Confirms an example status, to be shown later on." },
                      { "示例补助审核", "Example review of an allowance", "申请示例补助时的审核。", "The review of an application for an example allowance." },
                      { "示例方案审批", "Example approval of a plan", "示例方案实施之前的审批。", "The approval of an example plan before it is carried out." } },
    [MANAGEMENT] = { { "示例信息登记", "Example registration of data", "把示例信息登记在册。", "Enters example data in a register." },
                     { "示例证明开具", "Example certificate", "开具办事要用的示例证明。", "Gives an example certificate for use elsewhere." },
                     { "示例年度报告", "Example annual report", "每年一次的示例报告。", "An example report, once a year." } },
};
static const char *const types[ITEM_CLASSES][3] = { [LICENSES] = { "license", "license", "license" },
                                                    [NONLICENSES] = { "confirmation", "payment", "other" },
                                                    [MANAGEMENT] = { "service", "service", "service" } };

static const char instant_steps[] =
    "receive;county;clerk|accept;county;clerk|decide;county;clerk|deliver;county;clerk";
static const char slow_steps[] =
    "receive;county;clerk|accept;county;reviewer|review;county;reviewer|decide;county;approver|issue;county;issuer"
    "|deliver;county;clerk";

static const char *const columns[] = {
    "code", "name", "name_en", "organ", "type", "level", "summary", "summary_en", "who", "who_en", "basis", "basis_en",
    "statutory_days", "statutory_unit", "start", "promised_days", "promised_unit", "objects", "materials", "fee", "fee_en",
    "fee_basis", "steps", "specials", "visits", "visit_reason", "visit_reason_en", "online", "result", "result_en",
    "validity_years", "result_kind", "instant", "keywords", "origin", NULL
};

static GString *append_cells(GString *table, const char *const *cells)
{
    for (size_t i = 0; columns[i]; i++)
        g_string_append_printf(table, "%s\"%s\"", i ? "," : "", cells[i]);
    return g_string_append_c(table, '\n');
}

GString *sample_table(void)
{
    return append_cells(g_string_new(NULL), columns);
}

/* The statutory limits are such as the law has (art. 42 to 44 of the Licensing Law); a shortened promise is half. */
static int promised_days(const SampleItem *item, int statutory, bool shortened)
{
    if (item->instant)
        return 0;
    return shortened ? statutory / 4 : statutory / 2;
}

void sample_append(GString *table, const SampleItem *item, const json_t *organ, bool shortened)
{
    static const int limits[] = { 20, 20, 15, 10, 30 };
    int kind = item->number % 3, statutory = limits[item->number % (int)G_N_ELEMENTS(limits)];
    const Subject *subject = &subjects[item->class][kind];
    bool licence = item->class == LICENSES, for_firms = item->fate == TO_ZONE;
    g_autofree char *name = g_strdup_printf("%s%s第%d号（虚构）", json_text(organ, "short_name"), subject->name, item->number),
                    *name_en = g_strdup_printf("%s no. %d, %s (made up)", subject->name_en, item->number, json_text(organ, "name_en")),
                    *number = g_strdup_printf("%d", item->organ), *days = g_strdup_printf("%d", statutory),
                    *promised = g_strdup_printf("%d", promised_days(item, statutory, shortened));
    const char *const cells[] = {
        item->code, name, name_en, number, types[item->class][kind], "county", subject->summary, subject->summary_en,
        for_firms ? "虚构的企业" : "虚构的个人和企业", for_firms ? "Made-up enterprises" : "Made-up persons and enterprises",
        "虚构的依据", "A made-up basis", days, "working", "acceptance", promised, "working",
        for_firms ? "enterprise" : "person|enterprise",
        "示例申请表;Example application form;required;1;0;applicant|身份证明;Proof of identity;required;0;1;organ", "不收费", "Free",
        "", item->instant ? instant_steps : slow_steps, "", item->instant ? "1" : "0", item->instant ? "当场办结" : "",
        item->instant ? "Done while you wait" : "", item->online ? "yes" : "no", licence ? "示例许可证" : "示例证明",
        licence ? "Example licence" : "Example certificate", licence ? "3" : "0", licence ? "licence" : "certificate",
        item->instant ? "yes" : "no", "示例|example", "made up",
    };
    append_cells(table, cells);
}
