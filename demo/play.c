// SPDX-License-Identifier: Apache-2.0
/* Lives of cases: a table of fates, a table of paces, and one function that says what comes next. */
#include "demo/room.h"

#include "hearings/hearings.h"

#include <string.h>

static const Fate usual[] = {
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
    { 0, SPECIALLY, SUSPENDED, 12 },
    { 0, 0, GRANTED, 21 },
    { 0, DENIED, REFUSED, 22 },
    { 0, 0, ISSUED, 24 },
    { 0, 0, DELIVERED, 25 },
    { 0, NEEDLESS, FOR_EVER, 60 },
    { 0, ELSEWHERE, FOR_EVER, 62 },
    { 0, GIVEN_UP, FOR_EVER, 70 },
    { 0, FORSAKEN, FOR_EVER, 90 },
    { 0, GONE, FOR_EVER, 80 },
    { 0, SLEPT_ON, FOR_EVER, 75 },
    { 0, DAWDLED, FOR_EVER, 115 },
    { 0, EXTENDED, FOR_EVER, 65 },
    { 0, HEARD, SUSPENDED, 26 }, /* the hearing's day has come */
    { 0, HEARD, FOR_EVER, 70 },
    { 0, FOLLOWS, FOR_EVER, 40 },
    { 0, FOLLOWS | FORSAKEN, FOR_EVER, 60 },
    { 0, VOUCHED, FOR_EVER, 50 },
    { 0, VOUCHED | UNTRUE, FOR_EVER, 75 },
};

/* Working days until an action is taken. */
static const struct { unsigned least, most; } paces[CASE_ACTIONS] = {
    [PASS] = { 0, 2 }, [CORRECT] = { 0, 2 }, [SUPPLY] = { 0, 0 }, [ACCEPT] = { 0, 2 }, [DECLARE_NOT_NEEDED] = { 1, 3 },
    [DECLINE] = { 1, 3 }, [SUSPEND] = { 0, 2 }, [RESUME] = { 4, 9 }, [EXTEND] = { 2, 4 }, [GRANT] = { 0, 3 },
    [REFUSE] = { 1, 4 }, [ISSUE] = { 0, 2 }, [DELIVER] = { 0, 3 }, [CLOSE] = { 1, 3 }, [WITHDRAW] = { 1, 4 },
    [TERMINATE] = { 1, 4 }, [RATE] = { 0, 2 }, [REVOKE] = { 5, 9 },
};

enum { SEASON = 86, CORRECTING_MOST = 7, DAWDLING = 70, EXTENDED_LEAST = 5, EXTENDED_MOST = 10, SUSPENDED_LEAST = 10 /* what was told is not over yet */, REST_LEAST = 15 /* nor the limit */, CORRECTIBLE = 5,
       AGENT_ONE_IN = 12, FIRST = 11 * 60, LATE = 16 * 60 /* what is accepted now is not decided today */ };

/* ---- time ---- */

Instant demo_office_instant(Demo *self, Day day, int before)
{
    static const struct { int from, minutes; } halves[] = { { OFFICE_OPENS, 180 }, { 13 * 60 + 30, 200 } };
    unsigned half = before > 13 * 60 + 30 ? demo_draw(self, 2) : 0;
    int minutes = MIN(halves[half].minutes, before - halves[half].from);
    return instant_at(day, halves[half].from + (int)demo_draw(self, (unsigned)minutes)) +
           demo_draw(self, MINUTE_MS);
}

/* After `days` working days; on the same day a few minutes later, while the office is open. Who is in a hurry is first. */
static Instant later(Demo *self, const Play *play, Instant from, unsigned days)
{
    int before = play->hurries ? FIRST : OFFICE_CLOSES;
    Instant soon = from + (Instant)(60 + demo_draw(self, 8 * 60)) * 1000;
    const Calendar *calendar = self->context.calendar;
    bool open = calendar_works(calendar, day_of(soon)) && minute_of(soon) >= OFFICE_OPENS && minute_of(soon) < OFFICE_CLOSES;
    if (days == 0 && open)
        return soon;
    return demo_office_instant(self, calendar_add(calendar, day_of(from), days ? (int)days : 1), before);
}

/* ---- what comes next ---- */

static bool is_promised(const Play *play)
{
    return play->fate->turns & (FOLLOWS | VOUCHED);
}

static bool lacks_a_paper(const Play *play)
{
    return play->fate->turns & (CORRECTED | FORSAKEN) || is_promised(play);
}

static enum case_action next_at_acceptance(const Play *play, const Case *present)
{
    unsigned turns = play->fate->turns;
    if (turns & SLEPT_ON)
        return CASE_ACTIONS;
    if (lacks_a_paper(play) && !present->corrected && !(present->held & CASE_PROMISED))
        return is_promised(play) ? PROMISE : CORRECT;
    if (turns & NEEDLESS)
        return DECLARE_NOT_NEEDED;
    return turns & ELSEWHERE ? DECLINE : ACCEPT;
}

static enum case_action next_in_review(const Play *play, const Case *present, enum step_kind kind)
{
    unsigned turns = play->fate->turns;
    if (turns & (GIVEN_UP | GONE))
        return turns & GONE ? TERMINATE : WITHDRAW;
    if ((turns & FOLLOWS) && play->papers < play->item->material_count)
        return turns & FORSAKEN ? CASE_ACTIONS : ATTACH;
    if (((turns & SPECIALLY) || demo_is_heard(play)) && !play->was_special)
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
        return CASE_ACTIONS;
    return !play->is_on_paper && play->papers < play->item->material_count ? ATTACH : SUPPLY;
}

/* CASE_ACTIONS: nothing, for good or until the system acts. */
static enum case_action next_action(const Play *play, const Case *present)
{
    enum step_kind kind = play->item->steps[present->step].kind;
    size_t first_papers = play->item->material_count + play->by_agent - lacks_a_paper(play); /* brought at the first visit */
    if (play->fate->rest == (enum case_state)present->state)
        return CASE_ACTIONS;
    switch (present->state) {
    case DRAFT: return !play->is_on_paper && play->papers < first_papers ? ATTACH : SUBMIT;
    case RECEIVED: return kind == STEP_ACCEPT ? next_at_acceptance(play, present) : PASS;
    case CORRECTION: return next_in_correction(play);
    case REVIEW: return next_in_review(play, present, kind);
    case SUSPENDED: return RESUME;
    case GRANTED: return kind == STEP_ISSUE ? ISSUE : DELIVER;
    case ISSUED:
    case REFUSED: return DELIVER;
    case DELIVERED: return play->fate->turns & UNTRUE ? REVOKE : present->rated || (play->fate->turns & UNRATED) ? CLOSE : RATE;
    default: return CASE_ACTIONS;
    }
}

/* The reviewer passes a case on half way. */
static unsigned working_days_left(const Demo *self, const Play *play, enum case_action action)
{
    int left = calendar_between(self->context.calendar, day_of(self->context.now), play->decides_on);
    return (unsigned)(action == GRANT || action == REFUSE || action == EXTEND ? left : left / 2);
}

static unsigned pace_of(Demo *self, const Play *play, const Case *present, enum case_action action)
{
    if (action == ATTACH && present->state == CORRECTION)
        return 1 + demo_draw(self, CORRECTING_MOST);
    if (play->item->instant && !(play->fate->turns & ~(unsigned)UNRATED))
        return 0;
    bool is_running = play->item->from_receipt || play->hurries; /* the promise, from the receipt on */
    if (is_running && present->state == RECEIVED)
        return 0;
    if (play->decides_on && present->state == REVIEW)
        return working_days_left(self, play, action);
    if ((play->fate->turns & DAWDLED) && present->state == REVIEW)
        return DAWDLING;
    unsigned days = paces[action].least + demo_draw(self, paces[action].most - paces[action].least + 1);
    if (action == RESUME && play->hearing) /* so long before it is told */
        return days + HEARING_NOTICE_DAYS;
    return action == RESUME ? MIN(days, (unsigned)play->item->specials[0].days) : days;
}

/* The paper that was promised for later never comes. */
static bool waits_for_nothing(const Play *play, const Case *present)
{
    return (play->fate->turns & FOLLOWS) && (play->fate->turns & FORSAKEN) && present->state == REVIEW;
}

/* A case nobody judges, or whose paper does not come, is looked at again when the system must have done it. */
static void set_next(Demo *self, Play *play, const Case *present)
{
    enum case_action action = next_action(play, present);
    bool sleeps = ((play->fate->turns & SLEPT_ON) && present->state == RECEIVED && play->fate->rest != RECEIVED) || waits_for_nothing(play, present);
    play->at = 0;
    if (action != CASE_ACTIONS)
        play->at = later(self, play, self->context.now, pace_of(self, play, present, action));
    if (self->full && action == ACCEPT && minute_of(play->at) >= LATE)
        play->at = demo_office_instant(self, calendar_add(self->context.calendar, day_of(play->at), 1), LATE);
    else if (sleeps)
        play->at = later(self, play, self->context.now, 1);
}

/* ---- who does it ---- */

static bool is_the_applicants(const Play *play, enum case_action action)
{
    bool brings = action == ATTACH || action == SUBMIT || (action == SUPPLY && !play->is_on_paper);
    return action == WITHDRAW || action == RATE || (brings && play->channel == ONLINE);
}

static const Actor *actor_of(const Demo *self, const Play *play, const Case *present, enum case_action action, Actor *holder)
{
    int64_t county = division_county(self->context.county);
    *holder = (Actor){ .kind = HOLDER, .id = present->number, .name = "" };
    if (is_the_applicants(play, action))
        return holder;
    if (action == EXTEND || action == TERMINATE)
        return demo_worker(self, present->organ, county, action == EXTEND ? HEAD : REVIEWER);
    return demo_worker(self, present->desk_organ, present->desk_division, (unsigned)present->desk_role);
}

/* ---- acting ---- */

static bool act(Demo *self, Play *play, const Actor *actor, enum case_action action, SubjectInput *input, GError **error)
{
    if (!actor)
        return fault(error, "demo: nobody sits where case %" PRId64 " waits", play->present.number);
    self->context.actor = actor;
    input->seen = -1;
    if (play->item->charged && !demo_charge(self, play, action, error))
        return false;
    if (!demo_visit(self, play, 0, error) || !demo_consult(self, play, true, error) || !case_take(&self->context, &play->present, action, input, error))
        return false;
    if (action == ISSUE || subject_rule(&case_kind, action)->document)
        demo_skip(self, CODE_WORDS);
    play->was_special = play->was_special || action == SUSPEND;
    if (self->full)
        full_steer(self->full, play, action);
    set_next(self, play, &play->present);
    Day day = play->at ? day_of(play->at) : calendar_add(self->context.calendar, day_of(self->context.now), 1);
    return action != ACCEPT || (demo_visit(self, play, day, error) && demo_consult(self, play, false, error));
}

static json_t *materials_of(const Item *item, size_t first)
{
    json_t *names = json_array();
    for (size_t i = first; i < item->material_count; i++)
        json_array_append_new(names, json_string(item->materials[i].name));
    return names;
}

/* While he waits, by the clerk to whom the item leaves all the steps. */
static bool is_on_the_spot(const Demo *self, const Play *play, enum case_action action)
{
    bool is_straight = !(play->fate->turns & ~(unsigned)UNRATED) && play->fate->rest == FOR_EVER;
    return action == SUBMIT && is_straight && case_may_decide_on_spot(&self->context, &play->present, play->item);
}

static bool decide_on_the_spot(Demo *self, Play *play, GError **error)
{
    g_autoptr(json_t) materials = play->is_on_paper ? materials_of(play->item, 0) : NULL;
    const SubjectInput input = { .seen = -1, .opinion = demo_sentence(self, GRANT), .materials = materials };
    if (!case_decide_on_spot(&self->context, &play->present, &input, error))
        return false;
    if (self->full) {
        full_steer(self->full, play, ACCEPT);
        full_steer(self->full, play, GRANT);
    }
    set_next(self, play, &play->present);
    return true;
}

static bool bring(Demo *self, Play *play, const Actor *actor, GError **error)
{
    const char *material = case_material(&play->present, play->item, play->papers++)->name;
    const Upload *scan = demo_scan(self, material, error);
    SubjectInput input = { .material = material, .uploads = scan, .upload_count = 1 };
    return scan && act(self, play, actor, ATTACH, &input, error);
}

static const char *other_organ(Demo *self)
{
    size_t count = json_array_size(self->organs);
    return json_text(json_array_get(self->organs, demo_draw(self, (unsigned)count)), "name");
}

/* Paper of an application from home comes to the desk later, where it is ticked when the application is accepted. */
static bool is_seen_on_paper(const Play *play, enum case_action action)
{
    enum case_action first = play->channel == ONLINE ? ACCEPT : SUBMIT;
    return play->is_on_paper && (action == first || action == SUPPLY);
}

static bool take(Demo *self, Play *play, const Actor *actor, enum case_action action, GError **error)
{
    const Item *item = play->item;
    bool brings_later = play->is_on_paper && play->channel == ONLINE; /* so that the first visit lacks them all */
    g_autoptr(json_t) materials = action == SUBMIT || action == ACCEPT || brings_later ? materials_of(item, 0) : materials_of(item, item->material_count - 1);
    const char *sentence = demo_sentence(self, action);
    SubjectInput input = { .opinion = sentence, .reason = sentence };
    if (action == CORRECT || is_seen_on_paper(play, action))
        input.materials = materials;
    if (action == SUSPEND) {
        input.special = item->specials[0].kind;
        input.days = item->specials[0].days;
    }
    if (action == EXTEND)
        input.days = EXTENDED_LEAST + demo_draw(self, EXTENDED_MOST - EXTENDED_LEAST + 1);
    if (action == RATE && self->full)
        input.level = full_level(self->full, play);
    else if (action == RATE)
        input.level = demo_draw(self, 10) ? 4 + demo_draw(self, 2) : 1 + demo_draw(self, 3);
    g_autoptr(json_t) ended = action == TERMINATE ? json_pack("{s:s}", "end_ground", "impossible") : NULL;
    input.fields = ended;
    if (action == DECLINE)
        input.organ = other_organ(self);
    return act(self, play, actor, action, &input, error);
}

static Party row_party(const Demo *self, size_t row)
{
    const CsvTable *people = self->people;
    enum { KIND, NAME, ID_NUMBER, TELEPHONE, DIVISION, CONTACT };
    return (Party){ .kind = strcmp(csv_cell(people, row, KIND), "person") == 0 ? PERSON : ENTERPRISE,
                    .name = csv_cell(people, row, NAME), .id_number = csv_cell(people, row, ID_NUMBER),
                    .telephone = csv_cell(people, row, TELEPHONE), .contact = csv_cell(people, row, CONTACT),
                    .division = demo_division(self, g_ascii_strtoll(csv_cell(people, row, DIVISION), NULL, 10)) };
}

static Party party_of(const Demo *self, const Play *play, Person *made_up)
{
    if (!play->somebody)
        return row_party(self, play->person);
    demo_person(play->somebody, made_up);
    return (Party){ .kind = PERSON, .name = made_up->name, .id_number = made_up->id_number, .telephone = made_up->telephone,
                    .contact = "" };
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

bool demo_go_to_desk(Demo *self, const Play *play, GError **error)
{
    self->context.actor = intake_of(self, play);
    return self->context.actor || fault(error, "demo: nobody takes in %s at %" PRId64, play->item->code, play->place);
}

static const char couple[] = "{\"with\":[{\"id_number\":\"330499199007070038\",\"is_person\":true,\"name\":\"吴示例\"}]}";
static const char agent[] = "{\"agent\":{\"id_number\":\"330499198505050043\",\"name\":\"钱代理\",\"scope\":\"提交材料、签收文书\"}}";

static bool begin(Demo *self, Play *play, GError **error)
{
    Person made_up;
    CaseDraft draft = { play->item->code, play->place, play->channel, party_of(self, play, &made_up) };
    draft.party.id = play->party;
    draft.others = play->by_agent ? agent : json_object_get(play->item->details, "applicants") ? couple : NULL;
    if (!demo_go_to_desk(self, play, error) || !case_begin(&self->context, &draft, &play->present, error))
        return false;
    demo_skip_begun(self);
    self->begun++;
    set_next(self, play, &play->present);
    return true;
}

bool demo_meet(Demo *self, Play *play, GError **error)
{
    Person made_up;
    Party party = party_of(self, play, &made_up);
    self->context.now = play->at;
    return demo_go_to_desk(self, play, error) && identity_party(&self->context, &party, &play->party, error);
}

/* A hearing takes the place of another special procedure: it is called for the day on which the case goes on, and then held. */
static bool hear(Demo *self, Play *play, bool begins, GError **error)
{
    const Actor *actor = demo_worker(self, play->present.organ, division_county(self->context.county), REVIEWER);
    if (!actor)
        return fault(error, "demo: nobody sits where case %" PRId64 " waits", play->present.number);
    if (begins ? !demo_begin_hearing(self, play, actor, error) : !demo_hold_hearing(self, play, actor, error))
        return false;
    demo_skip(self, begins ? CODE_WORDS : 1); /* as for another special procedure, whose end has a sentence */
    play->was_special = true;
    set_next(self, play, &play->present);
    return !begins || demo_call_hearing(self, play, actor, error);
}

/* Where the system has acted since: at a deadline, in the night. */
static bool look_again(Demo *self, Play *play, GError **error)
{
    int64_t number = play->present.number;
    bool may_be_over = (play->present.alarm_at && play->present.alarm_at <= play->at) || waits_for_nothing(play, &play->present);
    if (!may_be_over || play->present.unwritten)
        return true;
    case_clear(&play->present);
    return subject_load(self->context.db, self->context.county, &case_kind, number, &play->present, error);
}

void demo_skip_night(Demo *self, const Play *play)
{
    Instant passed = self->context.now - play->present.alarm_at;
    if (play->present.state == RECEIVED && play->present.alarm_at && passed >= 0 && passed < DAY_MS)
        demo_skip(self, CODE_WORDS);
}

bool demo_put_down(Demo *self, Play *play, GError **error)
{
    return !play->present.unwritten || subject_save(&self->context, &case_kind, &play->present, error);
}

bool demo_go_on(Demo *self, Play *play, GError **error)
{
    Actor holder;
    self->context.now = play->at;
    if (!play->present.number)
        return begin(self, play, error);
    if (!look_again(self, play, error))
        return false;
    enum case_action action = next_action(play, &play->present);
    if ((action == PROMISE || action == REVOKE) && !demo_promise(self, play, action, error))
        return false;
    if (action == CASE_ACTIONS || action == PROMISE || action == REVOKE) {
        set_next(self, play, &play->present);
        return true;
    }
    if (demo_is_heard(play) && (action == SUSPEND || action == RESUME))
        return hear(self, play, action == SUSPEND, error);
    const Actor *actor = actor_of(self, play, &play->present, action, &holder);
    self->context.actor = actor;
    if (actor && is_on_the_spot(self, play, action))
        return decide_on_the_spot(self, play, error);
    return action == ATTACH ? bring(self, play, actor, error) : take(self, play, actor, action, error);
}

/* ---- casting ---- */

bool demo_suits(const Fate *fate, const Item *item)
{
    unsigned turns = fate->turns;
    bool waits = item->instant && (turns & ~(unsigned)(UNRATED | DENIED));
    bool issues = fate->rest != ISSUED || catalogue_step(item, STEP_ISSUE, 0) != SIZE_MAX;
    bool may_be_heard = !(turns & HEARD) || (item->kind->is_licence && item->for_enterprise);
    bool may_sleep = !(turns & SLEPT_ON) || item->kind->is_licence; /* silence accepts nothing else */
    bool is_extensible = item->extension.days >= EXTENDED_MOST;
    const ItemMaterial *last = item->material_count ? &item->materials[item->material_count - 1] : &(ItemMaterial){ 0 };
    bool may_promise = !(turns & (FOLLOWS | VOUCHED)) || (last->required && (turns & FOLLOWS ? last->may_follow : last->may_promise));
    bool has_time = !(turns & CORRECTED) || item->promised.days >= CORRECTIBLE; /* the clock dates back to the last paper */
    bool is_special = item->special_count && (fate->rest != SUSPENDED || item->specials[0].days >= SUSPENDED_LEAST);
    bool is_patient = fate->rest == FOR_EVER || item->statutory.unit != WORKING_DAYS || item->statutory.days >= REST_LEAST;
    return !waits && issues && may_promise && has_time && is_patient && may_sleep && may_be_heard && (!(turns & SPECIALLY) || is_special) && (!(turns & EXTENDED) || is_extensible);
}

/* People go to the nearest desk there is, or stay at home. */
static void draw_way(Demo *self, Play *play, int64_t home)
{
    static const enum channel near[] = { AT_VILLAGE, AT_TOWN, AT_COUNTY, ONLINE };
    int64_t places[] = { [AT_VILLAGE] = home, [AT_TOWN] = division_town(home), [AT_COUNTY] = division_county(self->context.county), [ONLINE] = home };
    size_t i = demo_draw(self, 4) ? 0 : 3;
    while (!demo_is_taken_in_at(play->item, near[i]))
        i = (i + 1) % G_N_ELEMENTS(near);
    play->channel = near[i];
    play->place = places[near[i]];
}

size_t demo_draw_row(Demo *self, const Item *item)
{
    for (;;) {
        size_t row = demo_draw(self, (unsigned)csv_rows(self->people));
        if (row_party(self, row).kind == PERSON ? item->for_person : item->for_enterprise)
            return row;
    }
}

void demo_cast(Demo *self, Play *play, int64_t index)
{
    *play = (Play){ .serial = index, .fate = index < (int64_t)G_N_ELEMENTS(sure) ? &sure[index] : demo_draw_fate(self, usual, G_N_ELEMENTS(usual)) };
    do {
        play->item = g_ptr_array_index(self->items, demo_draw(self, self->items->len));
    } while (!demo_suits(play->fate, play->item));
    play->person = demo_draw_row(self, play->item);
    draw_way(self, play, row_party(self, play->person).division);
    Day day = self->settings.today - (Day)(play->fate->begun ? play->fate->begun : 1 + demo_draw(self, SEASON));
    while (play->channel != ONLINE && !calendar_works(self->context.calendar, day))
        day--;
    play->at = demo_draw_start(self, day, play->channel, OFFICE_CLOSES);
    bool has_letter = !lacks_a_paper(play) && !json_flag(play->item->details, "in_person");
    play->by_agent = has_letter && index % AGENT_ONE_IN == AGENT_ONE_IN / 2;
}
