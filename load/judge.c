// SPDX-License-Identifier: Apache-2.0
/* Cells of a history become words, instants and numbers; every cell that means nothing here is a fault. Pure. */
#include "load/room.h"

#include <stdlib.h>
#include <string.h>

enum { LONG_TEXT = 1000 };

/* Characters at the most, as the forms of the desks have them. */
static const glong most[LOAD_COLUMNS] = {
    [COLUMN_NUMBER] = 60, [COLUMN_STEP] = 40, [COLUMN_AT] = 40, [COLUMN_ITEM] = 40, [COLUMN_KIND] = 20, [COLUMN_NAME] = ENTERPRISE_NAME_MOST,
    [COLUMN_ID_NUMBER] = ID_NUMBER_MOST, [COLUMN_PLACE] = 12, [COLUMN_CHANNEL] = 20, [COLUMN_TELEPHONE] = TELEPHONE_MOST, [COLUMN_CONTACT] = PERSON_NAME_MOST,
    [COLUMN_ORGAN] = 100, [COLUMN_OPINION] = LONG_TEXT, [COLUMN_MATERIALS] = LONG_TEXT, [COLUMN_SPECIAL] = 20, [COLUMN_DAYS] = 3,
    [COLUMN_LEVEL] = 1, [COLUMN_ISSUED] = 40, [COLUMN_VALID_FROM] = 40, [COLUMN_VALID_TO] = 40, [COLUMN_CONTENT] = 500,
    [COLUMN_STATE] = 20, [COLUMN_SINCE] = 40, [COLUMN_ID_KIND] = 40,
};

/* ---- words ---- */

typedef struct Word {
    const char *word;
    int means;
} Word;

/* Besides the names in addresses ("accept"), what offices call the steps. */
static const Word step_words[] = {
    { "收件", SUBMIT }, { "初审", PASS }, { "审查", PASS }, { "审核", PASS }, { "退回", RETURN_BACK }, { "补正", CORRECT },
    { "补齐", SUPPLY }, { "受理", ACCEPT }, { "不需许可", DECLARE_NOT_NEEDED }, { "不予受理", DECLINE }, { "特别程序", SUSPEND },
    { "特别程序结束", RESUME }, { "延期", EXTEND }, { "准予", GRANT }, { "不予许可", REFUSE }, { "制证", ISSUE }, { "送达", DELIVER },
    { "办结", CLOSE }, { "撤回", WITHDRAW }, { "终止", TERMINATE }, { "评价", RATE }, { NULL, 0 },
};
static const Word channel_words[] = {
    { "county", AT_COUNTY }, { "town", AT_TOWN }, { "village", AT_VILLAGE }, { "online", ONLINE },
    { "中心", AT_COUNTY }, { "镇街道", AT_TOWN }, { "村社区", AT_VILLAGE }, { "网上", ONLINE }, { NULL, 0 },
};
static const Word kind_words[] = {
    { "person", PERSON }, { "enterprise", ENTERPRISE }, { "个人", PERSON }, { "企业", ENTERPRISE }, { NULL, 0 },
};
static const Word state_words[] = {
    { "valid", LICENCE_VALID }, { "withheld", LICENCE_WITHHELD }, { "expired", LICENCE_EXPIRED }, { "revoked", LICENCE_REVOKED },
    { "annulled", LICENCE_ANNULLED }, { "有效", LICENCE_VALID }, { "暂扣", LICENCE_WITHHELD }, { "已到期", LICENCE_EXPIRED },
    { "已撤销", LICENCE_REVOKED }, { "已注销", LICENCE_ANNULLED }, { "withdrawn", LICENCE_WITHDRAWN }, { "已撤回", LICENCE_WITHDRAWN },
    { NULL, 0 },
};
static const struct { const char *word, *name; } specials[] = { /* art. 45 */
    { "听证", "hearing" }, { "招标", "tender" }, { "拍卖", "auction" }, { "检验", "inspection" }, { "检测", "testing" },
    { "检疫", "quarantine" }, { "鉴定", "appraisal" }, { "专家评审", "expert_review" },
};

static bool means(const Word *words, const char *text, int *out)
{
    for (; words->word; words++)
        if (strcmp(words->word, text) == 0) {
            *out = words->means;
            return true;
        }
    return false;
}

/* ---- telling ---- */

typedef struct Judging {
    History *history;
    int64_t county;
    const Calendar *calendar;
    Instant now;
    guint row;
} Judging;

static const char *cell(const Judging *j, enum load_column column)
{
    return g_array_index(j->history->rows, LoadRow, j->row).cells[column];
}

static void wrong(const Judging *j, enum load_column column, const char *reason)
{
    GError *why = NULL;
    refuse(&why, NOT_FITTING, reason, "value", cell(j, column), NULL);
    history_fault(j->history, j->row, column, why);
}

static void is_needed(const Judging *j, enum load_column column)
{
    if (!*cell(j, column))
        wrong(j, column, "load.needed");
}

/* Numbers that look the same but differ in what nobody sees would never be found again, or would turn the line round. */
static void look_for_unseen(const Judging *j, enum load_column column)
{
    GError *why = NULL;
    if (!text_is_visible(cell(j, column), &why))
        history_fault(j->history, j->row, column, why);
}

static void measure(const Judging *j)
{
    look_for_unseen(j, COLUMN_NUMBER);
    for (enum load_column i = 0; i < LOAD_COLUMNS; i++)
        if (g_utf8_strlen(cell(j, i), -1) > most[i])
            wrong(j, i, "load.too_long");
}

/* ---- the case ---- */

static void read_channel(Judging *j, CaseDraft *draft)
{
    static const enum channel of_level[] = { [COUNTY_LEVEL] = AT_COUNTY, [TOWN_LEVEL] = AT_TOWN, [VILLAGE_LEVEL] = AT_VILLAGE };
    enum channel natural = of_level[division_level(draft->place)];
    int channel = (int)natural;
    if (*cell(j, COLUMN_CHANNEL) && !means(channel_words, cell(j, COLUMN_CHANNEL), &channel))
        wrong(j, COLUMN_CHANNEL, "load.no_channel");
    else if (channel != ONLINE && channel != (int)natural)
        wrong(j, COLUMN_CHANNEL, "load.other_channel");
    draft->channel = (enum channel)channel;
}

/* Twelve digits; the county where there are none. */
static void read_place(Judging *j, CaseDraft *draft)
{
    const char *text = cell(j, COLUMN_PLACE);
    draft->place = division_county(j->county);
    if (*text && (strlen(text) != 12 || strspn(text, "0123456789") != 12))
        wrong(j, COLUMN_PLACE, "load.place_form");
    else if (*text)
        draft->place = g_ascii_strtoll(text, NULL, 10);
    read_channel(j, draft);
}

/* Takes over the normal form, or why there is none. */
static char *checked(const Judging *j, enum load_column column, char *normal, GError **why)
{
    if (*why)
        history_fault(j->history, j->row, column, g_steal_pointer(why));
    return normal;
}

static char *read_name(const Judging *j, enum load_column column, enum party_kind kind)
{
    GError *why = NULL;
    char *name = *cell(j, column) ? identity_party_name(kind, cell(j, column), &why) : g_strdup("");
    return checked(j, column, name, &why);
}

static void read_party(Judging *j, History *self)
{
    int kind = PERSON;
    GError *no_number = NULL, *no_telephone = NULL;
    const char *telephone = cell(j, COLUMN_TELEPHONE), *paper = cell(j, COLUMN_ID_KIND);
    is_needed(j, COLUMN_NAME);
    if (!means(kind_words, cell(j, COLUMN_KIND), &kind))
        wrong(j, COLUMN_KIND, "load.no_kind");
    else if (*paper && !identity_paper_word(paper))
        wrong(j, COLUMN_ID_KIND, "load.no_id_kind");
    else
        self->id_number = checked(j, COLUMN_ID_NUMBER, identity_number((enum party_kind)kind, paper, cell(j, COLUMN_ID_NUMBER), day_of(j->now), &no_number), &no_number);
    self->telephone = checked(j, COLUMN_TELEPHONE, *telephone ? identity_telephone(telephone, &no_telephone) : g_strdup(""), &no_telephone);
    self->name = read_name(j, COLUMN_NAME, (enum party_kind)kind);
    self->contact = read_name(j, COLUMN_CONTACT, PERSON);
    self->draft.party = (Party){ .kind = (enum party_kind)kind, .name = self->name, .id_number = self->id_number,
                                 .telephone = self->telephone, .contact = self->contact };
}

static void read_case(Judging *j)
{
    History *self = j->history;
    is_needed(j, COLUMN_NUMBER);
    is_needed(j, COLUMN_ITEM);
    self->draft.item = cell(j, COLUMN_ITEM);
    read_place(j, &self->draft);
    read_party(j, self);
}

/* ---- when ---- */

/* A day alone does not tell the hour: the step counts as taken when the office opened, or with the step before it. */
static Instant instant_of(Day day, int minute, Instant before)
{
    Instant opens = instant_at(day, OFFICE_OPENS);
    if (minute >= 0)
        return instant_at(day, minute);
    return before > opens && day_of(before) == day ? before : opens;
}

static void read_at(Judging *j, Instant before, LoadStep *step)
{
    Day day;
    int minute;
    step->at = before;
    if (!moment_read(cell(j, COLUMN_AT), &day, &minute)) {
        wrong(j, COLUMN_AT, "load.no_day");
        return;
    }
    step->at = instant_of(day, minute, before);
    if (step->at > j->now)
        wrong(j, COLUMN_AT, "load.future");
    else if (!calendar_knows(j->calendar, day))
        wrong(j, COLUMN_AT, "load.no_calendar");
    else if (step->at < before)
        wrong(j, COLUMN_AT, "load.out_of_order");
}

/* ---- the steps ---- */

/* Steps of the system itself follow from the limits, and steps of today's desks were not taken in the past. */
static void read_action(Judging *j, LoadStep *step)
{
    const char *word = cell(j, COLUMN_STEP);
    int found = (int)case_action_named(word);
    if (found == CASE_ACTIONS)
        means(step_words, word, &found);
    step->action = (enum case_action)found;
    if (found == DEEM || found == OVERDUE || found == OUTLAST || found == LAPSE ||
        found == FETCH_PAPER || found == MISS_PAPER)
        wrong(j, COLUMN_STEP, "load.by_itself");
    else if (found == CASE_ACTIONS || found == ATTACH || found == REVEAL || found == ERASE || found == RESTRICT)
        wrong(j, COLUMN_STEP, "load.no_step");
    else if ((found == SUBMIT) != (j->row == 0))
        wrong(j, COLUMN_STEP, j->row ? "load.submitted_twice" : "load.not_first");
}

static json_t *list_of(const char *text)
{
    g_auto(GStrv) names = g_strsplit(text, "|", -1);
    json_t *list = *text ? json_array() : NULL;
    for (size_t i = 0; list && names[i]; i++)
        if (*g_strstrip(names[i]))
            json_array_append_new(list, json_string(names[i]));
    return list;
}

static int64_t read_number(Judging *j, enum load_column column)
{
    const char *text = cell(j, column);
    if (strspn(text, "0123456789") == strlen(text))
        return g_ascii_strtoll(text, NULL, 10);
    g_autofree char *plain = number_plain(text);
    if (!plain || strspn(plain, "0123456789") != strlen(plain))
        wrong(j, column, "load.no_number");
    return plain ? g_ascii_strtoll(plain, NULL, 10) : 0;
}

static const char *special_of(Judging *j)
{
    const char *text = cell(j, COLUMN_SPECIAL);
    for (size_t i = 0; i < G_N_ELEMENTS(specials); i++)
        if (strcmp(specials[i].word, text) == 0)
            return specials[i].name;
    return text;
}

/* Cells that belong to the whole case may be repeated, but not differ. */
static void compare_with_first(const Judging *j)
{
    const LoadRow *first = &g_array_index(j->history->rows, LoadRow, 0);
    for (enum load_column i = 0; j->row && i < LOAD_COLUMNS; i++)
        if (!load_is_of_step(i) && *cell(j, i) && strcmp(cell(j, i), first->cells[i]) != 0)
            wrong(j, i, "load.differs");
}

static void read_step(Judging *j, Instant before)
{
    LoadStep step = { .materials = list_of(cell(j, COLUMN_MATERIALS)) };
    measure(j);
    compare_with_first(j);
    read_action(j, &step);
    read_at(j, before, &step);
    step.input = (SubjectInput){ .seen = -1, .opinion = cell(j, COLUMN_OPINION), .reason = cell(j, COLUMN_OPINION),
                              .special = special_of(j), .days = read_number(j, COLUMN_DAYS), .materials = step.materials,
                              .level = read_number(j, COLUMN_LEVEL), .organ = j->row ? cell(j, COLUMN_ORGAN) : "" };
    g_array_append_val(j->history->steps, step);
}

void load_judge(History *self, int64_t county, const Calendar *calendar, Instant now)
{
    Judging j = { self, county, calendar, now, 0 };
    Instant before = 0;
    if (json_array_size(self->faults)) /* the cells cannot be trusted */
        return;
    if (self->rows->len > LOAD_ROWS) {
        wrong(&j, COLUMN_NUMBER, "load.too_many_steps");
        return;
    }
    read_case(&j);
    for (; j.row < self->rows->len; j.row++) {
        read_step(&j, before);
        before = g_array_index(self->steps, LoadStep, j.row).at;
    }
}

/* ---- a licence ---- */

/* 0 where nothing is said, or what is said is none. */
static Day read_day_alone(Judging *j, enum load_column column)
{
    Day day = 0;
    int minute;
    if (!*cell(j, column) || (moment_read(cell(j, column), &day, &minute) && minute <= 0)) /* spreadsheets write midnight behind a day */
        return day;
    wrong(j, column, "load.no_day_alone");
    return 0;
}

/* A licence is withheld, revoked or withdrawn while it holds; it is annulled also after its end (Licensing Law, art. 70). */
static void judge_since(Judging *j, const LoadTerm *term)
{
    if (!term->since)
        return;
    if (term->since > day_of(j->now))
        wrong(j, COLUMN_SINCE, "load.future");
    if (term->state == LICENCE_VALID)
        wrong(j, COLUMN_SINCE, "load.since_of_valid");
    else if (term->since < term->issued)
        wrong(j, COLUMN_SINCE, "load.since_before_issue");
    else if ((term->state == LICENCE_WITHHELD || term->state == LICENCE_REVOKED || term->state == LICENCE_WITHDRAWN) && term->to && term->since > term->to)
        wrong(j, COLUMN_SINCE, "load.since_after_end");
}

static void judge_term(Judging *j, const LoadTerm *term)
{
    Day today = day_of(j->now);
    bool is_over = term->to && term->to < today;
    if (term->issued > today)
        wrong(j, COLUMN_ISSUED, "load.future");
    judge_since(j, term);
    if (term->to && term->to < term->from)
        wrong(j, COLUMN_VALID_TO, "load.term");
    if (term->state == LICENCE_EXPIRED && !is_over)
        wrong(j, COLUMN_STATE, "load.not_over");
    if (term->state != LICENCE_VALID && term->state != LICENCE_EXPIRED)
        is_needed(j, COLUMN_SINCE);
}

void load_judge_licence(History *self, int64_t county, const Calendar *calendar, Instant now)
{
    Judging j = { self, county, calendar, now, 0 };
    LoadTerm *term = &self->term;
    if (json_array_size(self->faults)) /* the cells cannot be trusted */
        return;
    measure(&j);
    is_needed(&j, COLUMN_NUMBER);
    is_needed(&j, COLUMN_ITEM);
    is_needed(&j, COLUMN_ISSUED);
    read_party(&j, self);
    *term = (LoadTerm){ read_day_alone(&j, COLUMN_ISSUED), read_day_alone(&j, COLUMN_VALID_FROM), read_day_alone(&j, COLUMN_VALID_TO),
                        read_day_alone(&j, COLUMN_SINCE), LICENCE_VALID };
    term->from = term->from ? term->from : term->issued;
    if (*cell(&j, COLUMN_STATE) && !means(state_words, cell(&j, COLUMN_STATE), &term->state))
        wrong(&j, COLUMN_STATE, "load.no_state");
    judge_term(&j, term);
}
