// SPDX-License-Identifier: Apache-2.0
/* A workbook of parts as they stand here, for the tests and the fuzzer. */
#pragma once

#include "base/base.h"

#include <string.h>
#include <zip.h>

#define SHEET_PARTS(sheet) "xl/workbook.xml", "<workbook><sheets><sheet name='one' r:id='a'/></sheets></workbook>", \
    "xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id='a' Target='worksheets/s.xml'/></Relationships>", "xl/worksheets/s.xml", sheet

/* Names and texts in turn, NULL ended. */
static inline GBytes *packed(const char *const *parts)
{
    zip_stat_t told;
    zip_source_t *whole = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *zip = zip_open_from_source(whole, ZIP_TRUNCATE, NULL);
    zip_source_keep(whole);
    for (; *parts; parts += 2)
        g_assert_cmpint(zip_file_add(zip, parts[0], zip_source_buffer(zip, parts[1], strlen(parts[1]), 0), 0), >=, 0);
    g_assert_cmpint(zip_close(zip), ==, 0);
    g_assert_cmpint(zip_source_open(whole), ==, 0);
    g_assert_cmpint(zip_source_stat(whole, &told), ==, 0);
    char *bytes = g_malloc(told.size);
    g_assert_cmpint(zip_source_read(whole, bytes, told.size), ==, (zip_int64_t)told.size);
    zip_source_close(whole);
    zip_source_free(whole);
    return g_bytes_new_take(bytes, told.size);
}
