// SPDX-License-Identifier: Apache-2.0
#include "reader/reader.h"

#include <math.h>
#include <poppler.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerPage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerDocument, g_object_unref)

/* Poppler mends a PDF whose end is missing by what it finds, and so shows some pages of all. Its last line, "%%EOF", stands within the last
 * 1,024 bytes (ISO 32000-1, annex H.3, note 18); blanks and zeros behind it are none of it. */
static bool has_end(const Reading *self)
{
    enum { TAIL = 1024 };
    size_t end = self->length;
    while (end && (self->bytes[end - 1] == 0 || g_ascii_isspace(self->bytes[end - 1])))
        end--;
    size_t tail = MIN(end, (size_t)TAIL);
    return memmem(self->bytes + end - tail, tail, "%%EOF", 5) != NULL;
}

static enum paper_finding draw(Reading *self, PopplerDocument *document)
{
    double width, height;
    g_autoptr(PopplerPage) page = poppler_document_get_page(document, self->page - 1);
    if (!page)
        return PAPER_NO_PAGE;
    poppler_page_get_size(page, &width, &height);
    double scale = SIDE_MOST / fmax(fmax(width, height), 1);
    enum paper_finding finding = reading_begin(self, (int64_t)ceil(width * scale), (int64_t)ceil(height * scale));
    if (finding != PAPER_WELL)
        return finding;
    cairo_t *cairo = cairo_create(self->picture);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_scale(cairo, scale, scale);
    poppler_page_render(page, cairo);
    cairo_destroy(cairo);
    return PAPER_WELL;
}

static bool has_all_pages(const Reading *self, PopplerDocument *document)
{
    for (int i = 0; i < self->pages; i++) {
        g_autoptr(PopplerPage) page = poppler_document_get_page(document, i);
        if (!page)
            return false;
    }
    return true;
}

enum paper_finding read_pdf(Reading *self)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static(self->bytes, self->length);
    g_autoptr(PopplerDocument) document = poppler_document_new_from_bytes(bytes, NULL, &error);
    if (g_error_matches(error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED))
        return PAPER_ENCRYPTED;
    if (!has_end(self))
        return PAPER_TRUNCATED;
    if (!document)
        return PAPER_DAMAGED;
    self->pages = poppler_document_get_n_pages(document);
    if (self->pages <= 0)
        return PAPER_EMPTY;
    if (self->pages > PAGES_MOST)
        return PAPER_TOO_LARGE;
    if (self->page > 0)
        return draw(self, document);
    return has_all_pages(self, document) ? PAPER_WELL : PAPER_DAMAGED;
}
