// SPDX-License-Identifier: Apache-2.0
#include "http/http.h"
#include "http/state.h"

#include <string.h>

static const struct {
    const char *name;
    int usual, least, most;
} known[HTTP_LIMITS] = {
    [LIMIT_CONNECTIONS] = { "connections", 2000, 8, 100000 },
    [LIMIT_ADDRESS_CONNECTIONS] = { "address-connections", 128, 1, 100000 },
    [LIMIT_HEAD_SECONDS] = { "head-seconds", 40, 1, 600 },
    [LIMIT_PIECE_SECONDS] = { "piece-seconds", 30, 1, 600 },
    [LIMIT_REQUEST_SECONDS] = { "request-seconds", 3600, 1, 24 * 3600 },
    [LIMIT_WAITING] = { "waiting", 1000, 1, 100000 },
    [LIMIT_DRAFTS] = { "drafts", 2000, 1, 100000 },
    [LIMIT_ADDRESS_DRAFTS] = { "address-drafts", 120, 1, 100000 },
    [LIMIT_PARTY_DRAFTS] = { "party-drafts", 20, 1, 100000 },
    [LIMIT_UPLOADS] = { "upload-megabytes", 5000, 1, 10000000 },
    [LIMIT_ADDRESS_UPLOADS] = { "address-upload-megabytes", 1000, 1, 10000000 },
    [LIMIT_HOLDER_UPLOADS] = { "holder-upload-megabytes", 300, 1, 10000000 },
    [LIMIT_STAFF_IDLE] = { "staff-idle-minutes", 30, 1, 30 }, /* assessors of classified protection (GB/T 22239-2019, 8.1.4.1) look for 10 to 30 */
    [LIMIT_STAFF_SESSION] = { "staff-session-minutes", 8 * 60, 1, 24 * 60 },
    [LIMIT_CASE_IDLE] = { "case-idle-minutes", 30, 1, 30 },
    [LIMIT_CASE_SESSION] = { "case-session-minutes", 8 * 60, 1, 8 * 60 },
    [LIMIT_KIOSK_IDLE] = { "kiosk-idle-minutes", 10, 1, 30 },
};

void limits_complete(int *limits)
{
    for (size_t i = 0; i < HTTP_LIMITS; i++)
        if (!limits[i])
            limits[i] = known[i].usual;
}

static char *names(void)
{
    g_autoptr(GString) all = g_string_new(known[0].name);
    for (size_t i = 1; i < HTTP_LIMITS; i++)
        g_string_append_printf(all, ", %s", known[i].name);
    return g_string_free(g_steal_pointer(&all), FALSE);
}

bool http_limit_set(int *limits, const char *text, GError **error)
{
    gint64 number = 0;
    g_auto(GStrv) parts = g_strsplit(text, "=", 2);
    for (size_t i = 0; g_strv_length(parts) == 2 && i < HTTP_LIMITS; i++) {
        if (strcmp(parts[0], known[i].name) != 0)
            continue;
        if (!g_ascii_string_to_signed(parts[1], 10, known[i].least, known[i].most, &number, NULL))
            return refuse(error, BAD_INPUT, "http.limit_bounds", "limit", parts[0], "least", DECIMAL(known[i].least), "most", DECIMAL(known[i].most), NULL);
        limits[i] = (int)number;
        return true;
    }
    g_autofree char *all = names();
    return refuse(error, BAD_INPUT, "http.limit_unknown", "limit", text, "all", all, NULL);
}
