// SPDX-License-Identifier: Apache-2.0
/* Order and quantity (Licensing Law art. 57): of an item with a limited number the decisions follow the order of acceptance, and no more
 * is granted than there is. */
#include "cases/fields.h"
#include "cases/life.h"
#include "cases/store.h"

#include <string.h>

/* The first day of the number's period in which a day lies. */
static Day period_begins(const ItemQuota *quota, Day day)
{
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    return day_from(year, strcmp(quota->period, "year") == 0 ? 1 : month, 1);
}

static Instant accepted_at(const Case *self)
{
    for (size_t i = 0; i < self->mark_count; i++)
        if (strcmp(self->marks[i].why, "accepted") == 0 || strcmp(self->marks[i].why, "deemed_accepted") == 0)
            return self->marks[i].at;
    return 0;
}

/* The instants tell which of two was accepted first on one day. */
static bool is_before(const Case *one, const Case *other)
{
    if (one->accepted_on != other->accepted_on)
        return one->accepted_on < other->accepted_on;
    return accepted_at(one) != accepted_at(other) ? accepted_at(one) < accepted_at(other) : one->number < other->number;
}

typedef struct Earlier {
    const Case *self;
    int64_t number; /* of the first that is before; 0: none */
} Earlier;

static bool look(const Case *each, void *data)
{
    Earlier *earlier = data;
    if (is_before(each, earlier->self))
        earlier->number = each->number;
    return !earlier->number;
}

bool quota_stand(const Context *context, const Case *self, const Item *item, QuotaStand *out, GError **error)
{
    Earlier earlier = { .self = self };
    *out = (QuotaStand){ 0 };
    if (!item->quota.number)
        return true;
    Day from = period_begins(&item->quota, day_of(context->now));
    bool read = case_each_open(context, self, look, &earlier, error) && case_granted_since(context, self, from, &out->used, error);
    out->earlier = earlier.number;
    return read;
}

bool quota_lets(const SubjectTurn *turn, GError **error)
{
    QuotaStand stand;
    const ItemQuota *quota = &life_item(turn)->quota;
    if (!quota->number || turn->context->actor->kind == LOADER)
        return true;
    if (!quota_stand(turn->context, turn->present, life_item(turn), &stand, error))
        return false;
    g_autofree char *earlier = stand.earlier ? subject_number_grouped(stand.earlier) : NULL;
    if (stand.used >= quota->number)
        return refuse(error, CONFLICT, "cases.quantity_used", "most", DECIMAL(quota->number), quota->period, "1", NULL);
    return !earlier || refuse(error, CONFLICT, "cases.out_of_order", "number_grouped", earlier, NULL);
}

/* Only the staff see it, and only until the decision. */
bool quota_put(const Context *context, const Case *self, const Item *item, json_t *answer, GError **error)
{
    QuotaStand stand;
    if (!item->quota.number || context->actor->kind != STAFF || self->state != REVIEW)
        return true;
    if (!quota_stand(context, self, item, &stand, error))
        return false;
    bool is_year = strcmp(item->quota.period, "year") == 0;
    g_autofree char *earlier = stand.earlier ? subject_number_grouped(stand.earlier) : NULL;
    json_t *quota = json_pack("{s:i, s:b, s:I, s:b, s:s*}", "number", item->quota.number, "is_year", is_year, "used", stand.used, "is_used_up",
                              stand.used >= item->quota.number, "earlier", earlier);
    if (earlier)
        json_object_set_new(quota, "earlier_path", json_sprintf("/desk/cases/%" PRId64, stand.earlier));
    return json_object_set_new(answer, "quota", quota) == 0;
}
