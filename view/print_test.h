// SPDX-License-Identifier: Apache-2.0
/* For tests: papers printed, and read again as a reader's program reads them. */
#pragma once

#include "view/room.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

static inline GBytes *print(const json_t *paper)
{
    g_autoptr(GError) error = NULL;
    GBytes *bytes = view_pdf(paper, &error);
    g_assert_no_error(error);
    return bytes;
}

/* The text that a reader sees, by poppler's pdftotext; without it the test fails. */
static inline char *text_of(GBytes *bytes)
{
    g_autofree char *tool = g_find_program_in_path("pdftotext");
    g_autofree char *name = NULL;
    g_autoptr(GError) error = NULL;
    if (!tool)
        g_error("pdftotext is not installed");
    g_close(g_file_open_tmp("paper-XXXXXX.pdf", &name, &error), NULL);
    g_assert_no_error(error);
    size_t size;
    const char *data = g_bytes_get_data(bytes, &size);
    g_assert_true(g_file_set_contents(name, data, (gssize)size, NULL));
    char *arguments[] = { tool, name, "-", NULL };
    char *text = NULL;
    g_assert_true(g_spawn_sync(NULL, arguments, NULL, 0, NULL, NULL, &text, NULL, NULL, NULL));
    g_unlink(name);
    return text;
}
