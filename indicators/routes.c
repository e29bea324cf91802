// SPDX-License-Identifier: Apache-2.0
/* What is asked of the figures over HTTP. */
#include "indicators/compare.h"

const Route indicator_routes[] = {
    { "GET", "/figures/compare", ANYONE, compare_show, "indicators/compare", NULL, NULL, NULL,
      "The figures published for January to September 2014 beside those of this ledger" },
    { 0 },
};
