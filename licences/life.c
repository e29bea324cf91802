// SPDX-License-Identifier: Apache-2.0
/* The life of a licence as a table (Licensing Law arts. 8, 49, 50, 69, 70).
 *
 *   issued --> VALID <--withhold, give-back--> WITHHELD
 *               |                              |
 *               +------------expire------------+--> EXPIRED --annul--+
 *               +------------revoke------------+--> REVOKED --annul--+--> ANNULLED
 *               +------------recall------------+--> WITHDRAWN --annul+
 *               +------------annul-------------+---------------------+
 *               +--replace--> REPLACED: void, and a licence of another number begins in its place
 *
 * In VALID and WITHHELD: amend; change; ask-renewal, and then renew or refuse-renewal. Silence renews: what was asked for thirty
 * days before the end and is not decided by then counts as granted (art. 50), for the same term: deem-renewed. */
#include "licences/life.h"

#include <string.h>

static Day today(const SubjectTurn *turn)
{
    return day_of(turn->context->now);
}

static const char *field(const SubjectTurn *turn, const char *name)
{
    return json_text(turn->input->fields, name);
}

enum licence_state licence_state_on(const Licence *self, Day day)
{
    bool is_over = self->valid_to_day && day > self->valid_to_day && !self->renewal_day;
    return is_over && self->state <= LICENCE_WITHHELD ? LICENCE_EXPIRED : (enum licence_state)self->state;
}

Day licence_next_end(Day from, Day to)
{
    int years = (to + 1 - from) / 365;
    return day_years_on(from, years) == to + 1 ? day_years_on(to + 1, years) - 1 : to + (to - from + 1);
}

/* ---- guards: what the table alone cannot tell ---- */

/* Art. 50: at least thirty days before the term ends. They are the holder's, and so days of the calendar (art. 82). */
static Day last_to_ask(const Licence *self)
{
    return (Day)self->valid_to_day - RENEWAL_DAYS;
}

static const char *reason_against(const SubjectTurn *turn)
{
    const Licence *self = turn->present;
    bool is_over = self->valid_to_day && today(turn) > self->valid_to_day;
    switch (turn->rule - licence_rules) {
    case LICENCE_ASK_RENEWAL:
        if (self->renewal_day || !self->valid_to_day)
            return self->renewal_day ? "licences.renewal_asked_already" : "licences.without_end";
        return today(turn) > last_to_ask(self) ? "licences.renewal_late" : NULL;
    case LICENCE_RENEW:
    case LICENCE_REFUSE_RENEWAL:
        return !self->renewal_day ? "licences.renewal_not_asked" : is_over ? "licences.renewal_deemed" : NULL;
    case LICENCE_DEEM_RENEWED: return is_over && self->renewal_day ? NULL : "licences.term_not_over";
    case LICENCE_EXPIRE: return is_over && !self->renewal_day ? NULL : "licences.term_not_over";
    case LICENCE_RESTRICT: return *self->listed ? NULL : "licences.restricted_already";
    default: return NULL;
    }
}

static bool is_time(const SubjectTurn *turn, GError **error)
{
    char latest[DAY_TEXT];
    const char *reason = reason_against(turn);
    const char *latest_day = reason && strcmp(reason, "licences.renewal_late") == 0 ? "latest_day" : NULL;
    return !reason || refuse(error, CONFLICT, reason, latest_day, day_text(last_to_ask(turn->present), latest), NULL);
}

static int64_t ground_given(const SubjectTurn *turn)
{
    return (int64_t)name_place(licence_ground_names, field(turn, "ground"));
}

/* A ground that is a state of the licence holds in that state, and no other ground holds there. */
static bool has_ground(const SubjectTurn *turn, GError **error)
{
    static const int64_t grounds[LICENCE_STATES] = { [LICENCE_EXPIRED] = GROUND_EXPIRY, [LICENCE_REVOKED] = GROUND_REVOKED, [LICENCE_WITHDRAWN] = GROUND_WITHDRAWN };
    int64_t ground = ground_given(turn), own = grounds[((const Licence *)turn->present)->state];
    bool is_known = ground && licence_ground_names[ground];
    bool fits = own ? ground == own : ground != GROUND_EXPIRY && ground != GROUND_REVOKED && ground != GROUND_WITHDRAWN;
    const char *reason = is_known ? "licences.ground_not_so" : "licences.ground_needed";
    return (is_known && fits) || refuse_field(error, "ground", reason, NULL);
}

/* ---- effects ---- */

static bool write_anew(const SubjectTurn *turn, Licence *next, GError **error)
{
    next->version++;
    next->unwritten |= CONTENT_COLUMNS;
    return licence_settle(turn->context, next, error);
}

/* For the same term, which follows the one that ends. */
static bool renew(const SubjectTurn *turn, void *record, GError **error)
{
    Licence *next = record;
    Day from = (Day)next->valid_from_day, to = (Day)next->valid_to_day;
    next->valid_from_day = to + 1;
    next->valid_to_day = licence_next_end(from, to);
    next->renewal_day = 0;
    return write_anew(turn, next, error);
}

static bool replace_text(char **member, const char *text)
{
    bool differs = text && *text && strcmp(text, *member) != 0;
    if (differs)
        record_set(member, text);
    return differs;
}

/* A field that is left empty keeps its column as it is. Another name and number together are another holder, to whom a licence does not pass
 * (art. 9). */
static bool amend(const SubjectTurn *turn, void *record, GError **error)
{
    Licence *next = record;
    GError *wrong = NULL;
    const char *typed = field(turn, "id_number");
    enum party_kind party = next->is_person ? PERSON : ENTERPRISE;
    g_autofree char *number = *typed ? identity_number(party, field(turn, "id_kind"), typed, today(turn), &wrong) : NULL;
    if (wrong)
        return refuse_same(error, "id_number", wrong);
    const char *named = field(turn, "holder");
    g_autofree char *holder = *named ? identity_party_name(party, named, &wrong) : NULL;
    if (wrong)
        return refuse_same(error, "holder", wrong);
    bool is_named = replace_text(&next->holder, holder), is_numbered = replace_text(&next->id_number, number);
    if (is_named && is_numbered)
        return refuse_field(error, "id_number", "licences.another_holder", NULL);
    bool is_said_anew = replace_text(&next->content, field(turn, "content")), changed = is_said_anew || is_named || is_numbered;
    if (is_said_anew) /* which what was found before could contradict */
        record_set(&next->findings, "");
    return changed ? write_anew(turn, next, error) : refuse_field(error, "content", "licences.nothing_amended", NULL) != NULL;
}

/* The same licence on another paper; a renewal that was asked for goes on with it. */
static bool replace(const SubjectTurn *turn, void *record, GError **error)
{
    Licence *next = record;
    g_auto(Licence) copy;
    record_copy(&licence_record, turn->present, &copy);
    copy.replaces = copy.number;
    copy.since_day = today(turn);
    copy.number = copy.events = 0;
    copy.head = (SubjectHead){ 0 };
    bool begun = licence_begin(turn->context, &copy, &(LicenceOrigin){ 0 }, error);
    next->replaced_by = copy.number;
    return begun;
}

bool licence_follow(const SubjectTurn *turn, void *record, GError **error)
{
    Licence *next = record;
    (void)error;
    switch (turn->rule - licence_rules) {
    case LICENCE_ASK_RENEWAL: next->renewal_day = today(turn); break;
    case LICENCE_REFUSE_RENEWAL: next->renewal_day = 0; break;
    case LICENCE_ANNUL: next->ground = ground_given(turn); break;
    case LICENCE_RESTRICT: /* the register neither names nor finds him */
        record_set(&next->listed, "");
        record_set(&next->sought, "");
        next->unwritten |= CONTENT_COLUMNS;
        break;
    case LICENCE_ERASE: next->unwritten |= CONTENT_COLUMNS; break;
    default: break;
    }
    if (next->state != ((const Licence *)turn->present)->state)
        next->since_day = next->state == LICENCE_EXPIRED ? next->valid_to_day + 1 : today(turn);
    if (next->state > LICENCE_WITHHELD)
        next->renewal_day = 0;
    return true;
}

/* ---- the table ---- */

#define IN(state) (1u << (state))
#define LICENSING "《行政许可法》"
enum { HELD = IN(LICENCE_VALID) | IN(LICENCE_WITHHELD), ENDED = IN(LICENCE_STATES) - 1 - HELD };

/* name, event, states, relations, roles, next state, needs, document, main */
const SubjectRule licence_rules[LICENCE_ACTIONS] = {
    [LICENCE_AMEND] = { "amend", "licence.amended", HELD, BY_ITS_ORGAN, REVIEWER | APPROVER, SUBJECT_STAYS,
                          NEED_REASON | LICENCE_TAKES_CONTENT, "licence", .effect = amend, .law = "《个人信息保护法》第四十六条" },
    /* The holder asks for it; a correction is of a text that was wrong from the beginning. */
    [LICENCE_CHANGE] = { "change", "licence.changed", HELD, BY_ITS_ORGAN, APPROVER, SUBJECT_STAYS, NEED_REASON | LICENCE_TAKES_CONTENT, "change",
                         .effect = amend, .law = LICENSING "第四十九条", .certificate = "licence" },
    [LICENCE_ASK_RENEWAL] = { "ask-renewal", "licence.renewal_asked", HELD, BY_HOLDER | BY_ITS_ORGAN, CLERK, SUBJECT_STAYS, 0,
                              "renewal_receipt", .guard = is_time, .law = LICENSING "第五十条" },
    [LICENCE_RENEW] = { "renew", "licence.renewed", HELD, BY_ITS_ORGAN, APPROVER, SUBJECT_STAYS, NEED_OPINION, "renewal", true,
                        .guard = is_time, .effect = renew, .law = LICENSING "第五十条", .certificate = "licence" },
    [LICENCE_REFUSE_RENEWAL] = { "refuse-renewal", "licence.renewal_refused", HELD, BY_ITS_ORGAN, APPROVER, SUBJECT_STAYS,
                                 NEED_REASON, "renewal_refusal", .guard = is_time, .law = LICENSING "第五十条" },
    [LICENCE_DEEM_RENEWED] = { "deem-renewed", "licence.deemed_renewed", HELD, BY_SYSTEM, 0, SUBJECT_STAYS, 0, "licence",
                               .guard = is_time, .effect = renew, .law = LICENSING "第五十条" },
    [LICENCE_EXPIRE] = { "expire", "licence.expired", HELD, BY_SYSTEM, 0, LICENCE_EXPIRED, .guard = is_time,
                         .law = LICENSING "第五十条" },
    [LICENCE_REPLACE] = { "replace", "licence.replaced", IN(LICENCE_VALID), BY_ITS_ORGAN, ISSUER | APPROVER, LICENCE_REPLACED,
                          NEED_REASON, .effect = replace, .law = LICENSING "第三十九条" },
    [LICENCE_WITHHOLD] = { "withhold", "licence.withheld", IN(LICENCE_VALID), BY_ITS_ORGAN, HEAD, LICENCE_WITHHELD,
                           NEED_REASON | NEED_BASIS, "withholding", .law = "《行政处罚法》第九条" },
    [LICENCE_GIVE_BACK] = { "give-back", "licence.given_back", IN(LICENCE_WITHHELD), BY_ITS_ORGAN, HEAD, LICENCE_VALID,
                            NEED_REASON, "giving_back", true, .law = "《行政处罚法》第九条" },
    [LICENCE_REVOKE] = { "revoke", "licence.revoked", HELD, BY_ITS_ORGAN, HEAD, LICENCE_REVOKED, NEED_REASON | NEED_BASIS,
                         "revocation", .law = LICENSING "第六十九条" },
    /* The law has changed, or the facts on which it was granted, and the common good demands it: nobody has done wrong. */
    [LICENCE_RECALL] = { "recall", "licence.recalled", HELD, BY_ITS_ORGAN, HEAD, LICENCE_WITHDRAWN, NEED_REASON | NEED_BASIS, "withdrawal",
                           .law = LICENSING "第八条" },
    [LICENCE_ANNUL] = { "annul", "licence.annulled", HELD | IN(LICENCE_EXPIRED) | IN(LICENCE_REVOKED) | IN(LICENCE_WITHDRAWN), BY_ITS_ORGAN, APPROVER | HEAD,
                        LICENCE_ANNULLED, NEED_REASON | LICENCE_NEEDS_GROUND, "annulment", .guard = has_ground, .law = LICENSING "第七十条" },
    [LICENCE_ERASE] = { "erase-holder", LEDGER_ERASED, ENDED, BY_KEEPER | BY_SYSTEM, 0, SUBJECT_STAYS, NEED_REASON, .guard = licence_may_erase,
                        .law = SUBJECT_PRIVACY },
    /* The restriction of its case takes it along, once the licence has ended. */
    [LICENCE_RESTRICT] = { "restrict-holder", LEDGER_RESTRICTED, ENDED, BY_SYSTEM, 0, SUBJECT_STAYS, NEED_REASON | NEED_DAY, .guard = is_time,
                           .law = SUBJECT_PRIVACY },
};
