// SPDX-License-Identifier: Apache-2.0
/* Lives of cases: a table of fates, a table of paces, and one function that says what comes next. */
#include "demo/room.h"

#include <string.h>

enum turn {
    CORRECTED = 1 << 0,  /* a paper is missing and is brought */
    FORSAKEN = 1 << 1,   /* a paper is missing and never comes */
    SPECIALLY = 1 << 2,  /* goes through a special procedure */
    EXTENDED = 1 << 3,
    DENIED = 1 << 4,
    GIVEN_UP = 1 << 5,   /* withdrawn under review */
    NEEDLESS = 1 << 6,
    ELSEWHERE = 1 << 7,  /* another organ has the power */
    SLEPT_ON = 1 << 8,   /* nobody judges the acceptance: the system does */
    DAWDLED = 1 << 9,    /* reviewed beyond every limit */
    UNRATED = 1 << 10,
};

#define FOR_EVER CASE_STATES /* rests nowhere: goes on to its end */

struct Fate {
    unsigned weight;     /* per hundred cases */
    unsigned turns;
    enum case_state rest; /* goes no further from here */
    unsigned begun;       /* days before today; 0: any day of the season */
};

static const Fate fates[] = {
    { 38, 0, FOR_EVER },
    { 14, UNRATED, FOR_EVER },
    { 13, CORRECTED, FOR_EVER },
    { 10, SPECIALLY, FOR_EVER },
    { 5, SPECIALLY | CORRECTED, FOR_EVER },
    { 6, DENIED, FOR_EVER },
    { 3, EXTENDED, FOR_EVER },
    { 3, GIVEN_UP, FOR_EVER },
    { 2, NEEDLESS, FOR_EVER },
    { 1, ELSEWHERE, FOR_EVER },
    { 2, FORSAKEN, FOR_EVER },
    { 1, SLEPT_ON, FOR_EVER },
    { 1, DAWDLED, FOR_EVER },
    { 1, 0, DRAFT },
};

/* One in each state that lasts only hours or days, and one of each rare end, whatever the draw. */
static const Fate sure[] = {
    { 0, 0, DRAFT, 3 },
    { 0, 0, RECEIVED, 4 },
    { 0, CORRECTED, CORRECTION, 13 },
    { 0, 0, REVIEW, 12 },
    { 0, SPECIALLY, SUSPENDED, 20 },
    { 0, 0, GRANTED, 21 },
    { 0, DENIED, REFUSED, 22 },
    { 0, 0, ISSUED, 24 },
    { 0, 0, DELIVERED, 25 },
    { 0, NEEDLESS, FOR_EVER, 60 },
    { 0, ELSEWHERE, FOR_EVER, 62 },
    { 0, GIVEN_UP, FOR_EVER, 70 },
    { 0, FORSAKEN, FOR_EVER, 90 },
    { 0, SLEPT_ON, FOR_EVER, 75 },
    { 0, DAWDLED, FOR_EVER, 115 },
    { 0, EXTENDED, FOR_EVER, 65 },
};

/* Working days until an action is taken. */
static const struct { unsigned least, most; } paces[CASE_ACTIONS] = {
    [PASS] = { 0, 2 }, [CORRECT] = { 0, 2 }, [SUPPLY] = { 0, 0 }, [ACCEPT] = { 0, 2 }, [DECLARE_NOT_NEEDED] = { 1, 3 },
    [DECLINE] = { 1, 3 }, [SUSPEND] = { 0, 2 }, [RESUME] = { 4, 9 }, [EXTEND] = { 2, 4 }, [GRANT] = { 0, 3 },
    [REFUSE] = { 1, 4 }, [ISSUE] = { 0, 2 }, [DELIVER] = { 0, 3 }, [CLOSE] = { 1, 3 }, [WITHDRAW] = { 1, 4 },
    [TERMINATE] = { 23, 26 }, [RATE] = { 0, 2 },
};

enum { SEASON = 86, CORRECTING_MOST = 7, DAWDLING = 70 };

/* ---- time ---- */

static Instant office_instant(Demo *self, Day day)
{
    static const struct { int from, minutes; } halves[] = { { OFFICE_OPENS, 180 }, { 13 * 60 + 30, 200 } };
    unsigned half = demo_draw(self, 2);
    return instant_at(day, halves[half].from + (int)demo_draw(self, (unsigned)halves[half].minutes)) +
           demo_draw(self, MINUTE_MS);
}

/* After `days` working days; on the same day a few minutes later, while the office is open. */
static Instant later(Demo *self, Instant from, unsigned days)
{
    Instant soon = from + (Instant)(60 + demo_draw(self, 8 * 60)) * 1000;
    const Calendar *calendar = self->context.calendar;
    bool open = calendar_works(calendar, day_of(soon)) && minute_of(soon) >= OFFICE_OPENS && minute_of(soon) < OFFICE_CLOSES;
    if (days == 0 && open)
        return soon;
    return office_instant(self, calendar_add(calendar, day_of(from), days ? (int)days : 1));
}

/* ---- what comes next ---- */

static bool lacks_a_paper(const Play *play)
{
    return play->fate->turns & (CORRECTED | FORSAKEN);
}

static enum case_action next_at_acceptance(const Play *play, const Case *present)
{
    unsigned turns = play->fate->turns;
    if (turns & SLEPT_ON)
        return CASE_ACTIONS;
    if (lacks_a_paper(play) && !present->corrected)
        return CORRECT;
    if (turns & NEEDLESS)
        return DECLARE_NOT_NEEDED;
    return turns & ELSEWHERE ? DECLINE : ACCEPT;
}

static enum case_action next_in_review(const Play *play, const Case *present, enum step_kind kind)
{
    unsigned turns = play->fate->turns;
    if (turns & GIVEN_UP)
        return WITHDRAW;
    if ((turns & SPECIALLY) && !play->was_special)
        return SUSPEND;
    if ((turns & EXTENDED) && !present->extended)
        return EXTEND;
    if (kind != STEP_DECIDE)
        return PASS;
    return turns & DENIED ? REFUSE : GRANT;
}

static enum case_action next_in_correction(const Play *play)
{
    if (play->fate->turns & FORSAKEN)
        return TERMINATE;
    return play->papers < play->item->material_count ? ATTACH : SUPPLY;
}

/* Papers brought at the first visit: all, or all but the last. */
static size_t first_papers(const Play *play)
{
    return play->item->material_count - (lacks_a_paper(play) ? 1 : 0);
}

/* CASE_ACTIONS: nothing, for good or until the system acts. */
static enum case_action next_action(const Play *play, const Case *present)
{
    enum step_kind kind = play->item->steps[present->step].kind;
    if (play->fate->rest == (enum case_state)present->state)
        return CASE_ACTIONS;
    switch (present->state) {
    case DRAFT: return play->papers < first_papers(play) ? ATTACH : SUBMIT;
    case RECEIVED: return kind == STEP_ACCEPT ? next_at_acceptance(play, present) : PASS;
    case CORRECTION: return next_in_correction(play);
    case REVIEW: return next_in_review(play, present, kind);
    case SUSPENDED: return RESUME;
    case GRANTED: return kind == STEP_ISSUE ? ISSUE : DELIVER;
    case ISSUED:
    case REFUSED: return DELIVER;
    case DELIVERED: return present->rated || (play->fate->turns & UNRATED) ? CLOSE : RATE;
    default: return CASE_ACTIONS;
    }
}

static unsigned pace_of(Demo *self, const Play *play, const Case *present, enum case_action action)
{
    if (action == ATTACH && present->state == CORRECTION)
        return 1 + demo_draw(self, CORRECTING_MOST);
    if (play->item->instant && !play->fate->turns)
        return 0;
    if ((play->fate->turns & DAWDLED) && present->state == REVIEW)
        return DAWDLING;
    return paces[action].least + demo_draw(self, paces[action].most - paces[action].least + 1);
}

/* A case nobody judges is looked at again when the system must have done it. */
static void set_next(Demo *self, Play *play, const Case *present)
{
    enum case_action action = next_action(play, present);
    bool sleeps = (play->fate->turns & SLEPT_ON) && present->state == RECEIVED && play->fate->rest != RECEIVED;
    play->at = 0;
    if (action != CASE_ACTIONS)
        play->at = later(self, self->context.now, pace_of(self, play, present, action));
    else if (sleeps)
        play->at = later(self, self->context.now, 1);
}

/* ---- who does it ---- */

static bool is_the_applicants(const Play *play, enum case_action action)
{
    bool brings = action == ATTACH || action == SUBMIT || action == SUPPLY;
    return action == WITHDRAW || action == RATE || (brings && play->channel == ONLINE);
}

static const Actor *actor_of(const Demo *self, const Play *play, const Case *present, enum case_action action, Actor *holder)
{
    int64_t county = division_county(self->context.county);
    *holder = (Actor){ .kind = HOLDER, .id = play->number, .name = "" };
    if (is_the_applicants(play, action))
        return holder;
    if (action == EXTEND || action == TERMINATE)
        return demo_worker(self, present->organ, county, action == EXTEND ? HEAD : REVIEWER);
    return demo_worker(self, present->desk_organ, present->desk_division, (unsigned)present->desk_role);
}

/* ---- acting ---- */

static bool act(Demo *self, Play *play, const Actor *actor, enum case_action action, CaseInput *input, GError **error)
{
    g_auto(Case) after = { 0 };
    if (!actor)
        return fault(error, "demo: nobody sits where case %" PRId64 " waits", play->number);
    self->context.actor = actor;
    input->seen = -1;
    if (!case_act(&self->context, play->number, action, input, &after, error))
        return false;
    play->was_special = play->was_special || action == SUSPEND;
    set_next(self, play, &after);
    return true;
}

static bool bring(Demo *self, Play *play, const Actor *actor, GError **error)
{
    const char *material = play->item->materials[play->papers++].name;
    const Upload *scan = demo_scan(self, material, error);
    CaseInput input = { .material = material, .uploads = scan, .upload_count = 1 };
    return scan && act(self, play, actor, ATTACH, &input, error);
}

static const char *other_organ(Demo *self)
{
    size_t count = json_array_size(self->organs);
    return json_text(json_array_get(self->organs, demo_draw(self, (unsigned)count)), "name");
}

static bool take(Demo *self, Play *play, const Actor *actor, enum case_action action, GError **error)
{
    const Item *item = play->item;
    g_autoptr(json_t) last = json_pack("[s]", item->materials[item->material_count - 1].name);
    const char *sentence = demo_sentence(self, action);
    CaseInput input = { .opinion = sentence, .reason = sentence };
    if (action == CORRECT)
        input.materials = last;
    if (action == SUSPEND) {
        input.special = item->specials[0].kind;
        input.days = item->specials[0].days;
    }
    if (action == EXTEND)
        input.days = 5 + demo_draw(self, 6);
    if (action == RATE)
        input.level = demo_draw(self, 10) ? 4 + demo_draw(self, 2) : 1 + demo_draw(self, 3);
    if (action == DECLINE)
        input.organ = other_organ(self);
    return act(self, play, actor, action, &input, error);
}

static Party party_of(const Demo *self, size_t row)
{
    const CsvTable *people = self->people;
    enum { KIND, NAME, ID_NUMBER, TELEPHONE, DIVISION, CONTACT };
    return (Party){ .kind = strcmp(csv_cell(people, row, KIND), "person") == 0 ? PERSON : ENTERPRISE,
                    .name = csv_cell(people, row, NAME), .id_number = csv_cell(people, row, ID_NUMBER),
                    .telephone = csv_cell(people, row, TELEPHONE), .contact = csv_cell(people, row, CONTACT),
                    .division = g_ascii_strtoll(csv_cell(people, row, DIVISION), NULL, 10) };
}

static const Actor *intake_of(const Demo *self, const Play *play)
{
    static const Actor visitor = { .kind = VISITOR, .name = "" };
    static const int64_t organs[] = { [AT_TOWN] = TOWN_CENTRE_ORGAN, [AT_VILLAGE] = VILLAGE_POINT_ORGAN };
    if (play->channel == ONLINE)
        return &visitor;
    if (play->channel == AT_COUNTY)
        return demo_worker(self, play->item->organ, division_county(self->context.county), CLERK);
    return demo_worker(self, organs[play->channel], play->place, CLERK);
}

static bool begin(Demo *self, Play *play, GError **error)
{
    g_auto(Case) made = { 0 };
    CaseDraft draft = { play->item->code, play->place, play->channel, party_of(self, play->person) };
    self->context.actor = intake_of(self, play);
    if (!self->context.actor)
        return fault(error, "demo: nobody takes in %s at %" PRId64, play->item->code, play->place);
    if (!case_draft(&self->context, &draft, &made, error))
        return false;
    play->number = made.number;
    set_next(self, play, &made);
    return true;
}

bool demo_go_on(Demo *self, Play *play, GError **error)
{
    g_auto(Case) present = { 0 };
    Actor holder;
    self->context.now = play->at;
    if (!play->number)
        return begin(self, play, error);
    if (!case_load(self->context.db, self->context.county, play->number, &present, error))
        return false;
    enum case_action action = next_action(play, &present);
    if (action == CASE_ACTIONS) {
        set_next(self, play, &present);
        return true;
    }
    const Actor *actor = actor_of(self, play, &present, action, &holder);
    return action == ATTACH ? bring(self, play, actor, error) : take(self, play, actor, action, error);
}

/* ---- casting ---- */

static const Fate *draw_fate(Demo *self)
{
    unsigned sum = 0, drawn;
    for (size_t i = 0; i < G_N_ELEMENTS(fates); i++)
        sum += fates[i].weight;
    drawn = demo_draw(self, sum);
    size_t i = 0;
    while (drawn >= fates[i].weight)
        drawn -= fates[i++].weight;
    return &fates[i];
}

/* May what is fated happen to this item? */
static bool suits(const Play *play)
{
    unsigned turns = play->fate->turns;
    bool waits = play->item->instant && (turns & ~(unsigned)(UNRATED | DENIED));
    bool issues = play->fate->rest != ISSUED || catalogue_step(play->item, STEP_ISSUE, 0) != SIZE_MAX;
    return !waits && issues && (!(turns & SPECIALLY) || play->item->special_count);
}

static bool is_taken_in_at(const Item *item, enum channel channel)
{
    static const enum level levels[] = { [AT_COUNTY] = COUNTY_LEVEL, [AT_TOWN] = TOWN_LEVEL, [AT_VILLAGE] = VILLAGE_LEVEL };
    return channel == ONLINE ? item->online : (item->steps[0].levels & 1u << levels[channel]) != 0;
}

/* People go to the nearest desk there is, or stay at home. */
static void draw_way(Demo *self, Play *play, int64_t home)
{
    static const enum channel near[] = { AT_VILLAGE, AT_TOWN, AT_COUNTY, ONLINE };
    int64_t places[] = { [AT_VILLAGE] = home, [AT_TOWN] = division_town(home), [AT_COUNTY] = division_county(self->context.county), [ONLINE] = home };
    size_t i = demo_draw(self, 4) ? 0 : 3;
    while (!is_taken_in_at(play->item, near[i]))
        i = (i + 1) % G_N_ELEMENTS(near);
    play->channel = near[i];
    play->place = places[near[i]];
}

static const Item *draw_item(Demo *self)
{
    return g_ptr_array_index(self->items, demo_draw(self, self->items->len));
}

static bool may_apply(const Item *item, const Party *party)
{
    return party->kind == PERSON ? item->for_person : item->for_enterprise;
}

static void draw_person(Demo *self, Play *play)
{
    Party party;
    do {
        play->person = demo_draw(self, (unsigned)csv_rows(self->people));
        party = party_of(self, play->person);
    } while (!may_apply(play->item, &party));
    draw_way(self, play, party.division);
}

/* From home at any hour; at a desk while it is open. */
static void draw_start(Demo *self, Play *play, unsigned days_ago)
{
    const Calendar *calendar = self->context.calendar;
    Day day = self->settings.today - (Day)days_ago;
    while (play->channel != ONLINE && !calendar_works(calendar, day))
        day--;
    if (play->channel == ONLINE)
        play->at = instant_at(day, 7 * 60 + (int)demo_draw(self, 15 * 60)) + demo_draw(self, MINUTE_MS);
    else
        play->at = office_instant(self, day);
}

void demo_cast(Demo *self, Play *play, int64_t index)
{
    *play = (Play){ .fate = index < (int64_t)G_N_ELEMENTS(sure) ? &sure[index] : draw_fate(self) };
    do {
        play->item = draw_item(self);
    } while (!suits(play));
    draw_person(self, play);
    draw_start(self, play, play->fate->begun ? play->fate->begun : 1 + demo_draw(self, SEASON));
}
