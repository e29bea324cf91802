// SPDX-License-Identifier: Apache-2.0
/* The routes of the figures. */
#include "indicators/compare.h"
#include "indicators/dashboard.h"
#include "indicators/places.h"
#include "indicators/report_routes.h"

const Route indicator_routes[] = {
    { "GET", "/figures/compare", ANYONE, compare_show, "indicators/compare", NULL, NULL, NULL,
      "The figures published for January to September 2014 beside those of this ledger" },
    { "GET", "/figures/places", ANYONE, open_data_show, "indicators/places", open_data_fields, NULL, NULL,
      "Open data: cases accepted and decided by town and village, for each month that is over" },
    { "GET", "/figures/report", ANY_ROLE, report_show, "indicators/bulletin", report_fields, NULL, NULL,
      "The bulletin of a period, each figure with the list behind it" },
    { "GET", "/figures/report/{format}", ANY_ROLE, report_download, "indicators/bulletin", report_fields, NULL, "/figures/report",
      "The same as a file: pdf, xlsx, json, html or text" },
    { "GET", "/figures", SUPERVISOR, dashboard_show, "indicators/dashboard", dashboard_fields, NULL, NULL,
      "What was done in a period, what remains, and who does how much" },
    { "GET", "/wall", ANYONE, wall_show, "indicators/wall", NULL, NULL, NULL, "The wall screen: today and this year" },
    { 0 },
};
