// SPDX-License-Identifier: Apache-2.0
/* The columns of a hearing. */
#include "hearings/life.h"

const char *const hearing_state_names[HEARING_STATES + 1] = { "told", "asked", "called", "held", "waived", "cancelled" };
const char *const hearing_ground_names[] = { "law", "public", "interest", NULL };
const char *const hearing_asker_names[] = { "", "applicant", "third_party", "organ", NULL };
const char *const hearing_closed_names[] = { "", "state_secret", "business_secret", "privacy", NULL };

#define OF(member, ...) RECORD_COLUMN(Hearing, member, __VA_ARGS__)

static const RecordColumn columns[] = {
    OF(ask_by_day, RECORD_DAY, .group = STATE_COLUMNS),
    OF(asked_by, RECORD_WORD, hearing_asker_names, STATE_COLUMNS),
    OF(basis, RECORD_TEXT, NULL),
    OF(case_number, RECORD_INTEGER, .flags = RECORD_NUMBER),
    OF(chair, RECORD_INTEGER, .group = CALL_COLUMNS),
    OF(closed, RECORD_WORD, hearing_closed_names, CALL_COLUMNS),
    OF(day, RECORD_DAY, .group = CALL_COLUMNS),
    OF(events, RECORD_INTEGER, .group = STATE_COLUMNS, .flags = RECORD_UNRECORDED),
    OF(ground, RECORD_WORD, hearing_ground_names),
    OF(hold_by_day, RECORD_DAY, .group = STATE_COLUMNS),
    OF(item, RECORD_TEXT, NULL),
    OF(item_name, RECORD_TEXT, NULL),
    OF(item_name_en, RECORD_TEXT, NULL),
    OF(matter, RECORD_TEXT, .group = PERSONAL_COLUMNS, .flags = RECORD_PERSONAL),
    OF(minutes, RECORD_TEXT, .group = PERSONAL_COLUMNS, .flags = RECORD_PERSONAL),
    OF(number, RECORD_INTEGER, .flags = RECORD_KEY | RECORD_NUMBER),
    OF(objected, RECORD_FLAG, .group = STATE_COLUMNS),
    OF(organ, RECORD_INTEGER, NULL),
    OF(parties, RECORD_TEXT, .group = PERSONAL_COLUMNS, .flags = RECORD_PERSONAL),
    OF(place, RECORD_TEXT, .group = CALL_COLUMNS),
    OF(reminded, RECORD_DAY, .group = STATE_COLUMNS),
    OF(signed_by, RECORD_TEXT, .group = PERSONAL_COLUMNS, .flags = RECORD_PERSONAL),
    OF(state, RECORD_WORD, hearing_state_names, STATE_COLUMNS),
    OF(time, RECORD_TEXT, .group = CALL_COLUMNS),
    OF(unsigned_by, RECORD_TEXT, .group = PERSONAL_COLUMNS, .flags = RECORD_PERSONAL),
};

const Record hearing_record = { "hearing", sizeof(Hearing), columns, G_N_ELEMENTS(columns), NULL, NULL, 0, "hearing.personal" };

void hearing_clear(Hearing *self)
{
    record_clear(&hearing_record, self);
}
