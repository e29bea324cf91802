// SPDX-License-Identifier: Apache-2.0
#include "promises/life.h"

#include "lists/lists.h"

static const DocumentKind documents[] = {
    { "following_letter", "容", .lists = true, .is_applicants = true }, /* 容缺受理承诺书 */
    { "vouching_letter", "诺", .lists = true, .is_applicants = true },  /* 告知承诺书 */
    { 0 },
};

enum { GIVEN, KEPT, MISSED, BROKEN, MEASURED };
static const char *const names[] = { "promises.given", "promises.kept", "promises.missed", "promises.broken", NULL };
G_STATIC_ASSERT(G_N_ELEMENTS(names) == MEASURED + 1);

static size_t counts(const SubjectChange *change, Count *out)
{
    static const int places[PROMISE_STATES] = { [PROMISE_KEPT] = KEPT, [PROMISE_MISSED] = MISSED, [PROMISE_BROKEN] = BROKEN };
    const Promise *before = change->before, *after = change->after;
    *out = (Count){ .day = day_of(change->event->at), .division = after->division, .organ = after->organ, .item = after->item };
    if (!before)
        out->by[GIVEN] = 1;
    else if (before->state != after->state && places[after->state])
        out->by[places[after->state]] = 1;
    return 1;
}

const Measures promise_measures[] = { { &promise_kind, names, counts }, { 0 } };

#define PROMISES(place) "promises", COUNT_OF, promise_measures, place
static const Figure figures[] = {
    { "promises.given", PROMISES(GIVEN) }, { "promises.kept", PROMISES(KEPT) }, { "promises.missed", PROMISES(MISSED) },
    { "promises.broken", PROMISES(BROKEN) }, { 0 },
};

const Room promises_room = {
    .name = "promises",
    .routes = promise_routes,
    .tabs = (const Tab[]){ { "promises", "/desk/promises", "/desk/promises/", CLERK | REVIEWER | APPROVER | HEAD | SUPERVISOR | AUDITOR, 42 }, { 0 } },
    .lists = (const ListSpec *const[]){ &promise_list, NULL },
    .subjects = (const SubjectKind *const[]){ &promise_kind, NULL },
    .documents = documents,
    .timers = (const TimerKind[]){ { "promise.due", subject_timer_rang }, { 0 } },
    .listens = promise_hear,
    .offers_papers = promise_offers_papers,
    .measures = promise_measures,
    .figures = figures,
};
