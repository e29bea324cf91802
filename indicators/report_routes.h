// SPDX-License-Identifier: Apache-2.0
/* The bulletin over HTTP. */
#pragma once

#include "indicators/indicators.h"

extern const Field report_fields[];
/* GET /figures/report */
json_t *report_show(Request *r, GError **error);
/* GET /figures/report/{format} */
json_t *report_download(Request *r, GError **error);
