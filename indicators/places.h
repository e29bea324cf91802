// SPDX-License-Identifier: Apache-2.0
/* Cases by division and month, as open data: the ledger's public leaves name no village. */
#pragma once

#include "indicators/indicators.h"

extern const Field open_data_fields[];
/* GET /figures/places */
json_t *open_data_show(Request *r, GError **error);
/* The county, its towns and villages with what was accepted and decided in the month of a day, by code: array of {division (text),
 * level, name, name_en, accepted, accepted_few, decided, decided_few}. Of a county and a town it is all that lies in them; of a
 * village null and "few" where it is not told (docs/privacy.md). Owned by the caller. */
json_t *open_data_of_month(const Context *context, Day month, GError **error);
