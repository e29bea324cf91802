// SPDX-License-Identifier: Apache-2.0
/* A page as a picture, whatever kind of file it stands in. */
#include "reader/reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <turbojpeg.h>

static const struct { const char *type; Decode *decode; } kinds[] = {
    { "application/pdf", read_pdf }, { "image/jpeg", read_jpeg }, { "image/png", read_png }, { "image/webp", read_webp }, { "image/heic", read_heif },
    { "image/avif", read_heif }, { "image/tiff", read_tiff }, { "application/ofd", read_ofd },
};

enum paper_finding reading_begin(Reading *self, int64_t width, int64_t height)
{
    enum { CAIRO_MOST = 32767 };
    if (width <= 0 || height <= 0)
        return PAPER_DAMAGED;
    if (width > CAIRO_MOST || height > CAIRO_MOST || width * height > PIXELS_MOST)
        return PAPER_TOO_LARGE;
    g_clear_pointer(&self->picture, cairo_surface_destroy);
    self->picture = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
    return cairo_surface_status(self->picture) == CAIRO_STATUS_SUCCESS ? PAPER_WELL : PAPER_TOO_HEAVY;
}

/* ---- the page ---- */

/* How EXIF's orientations lie: the side that is the upper one, in quarter turns, and whether the page is seen in a mirror before it. */
static const struct { int turns; bool is_mirrored; } orientations[] = {
    { 0, false }, { 0, false }, { 0, true }, { 2, false }, { 2, true }, { 3, true }, { 1, false }, { 1, true }, { 3, false },
};

/* Upright, on white, no larger than it may be. */
static cairo_surface_t *upright(const Reading *self)
{
    unsigned which = self->orientation > 0 && self->orientation < (int)G_N_ELEMENTS(orientations) ? (unsigned)self->orientation : 0;
    int width = cairo_image_surface_get_width(self->picture), height = cairo_image_surface_get_height(self->picture);
    double scale = fmin(1, (double)SIDE_MOST / MAX(width, height));
    double wide = fmax(1, round(width * scale)), high = fmax(1, round(height * scale));
    bool lies = orientations[which].turns % 2 == 1;
    cairo_surface_t *page = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(lies ? high : wide), (int)(lies ? wide : high));
    cairo_t *cairo = cairo_create(page);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_translate(cairo, (lies ? high : wide) / 2, (lies ? wide : high) / 2);
    cairo_rotate(cairo, orientations[which].turns * M_PI / 2);
    if (orientations[which].is_mirrored)
        cairo_scale(cairo, -1, 1);
    cairo_translate(cairo, -wide / 2, -high / 2);
    cairo_scale(cairo, wide / width, high / height);
    cairo_set_source_surface(cairo, self->picture, 0, 0);
    cairo_paint(cairo);
    cairo_destroy(cairo);
    cairo_surface_flush(page);
    return page;
}

static bool write_jpeg(cairo_surface_t *page, FILE *out)
{
    enum { QUALITY = 85 };
    unsigned char *bytes = NULL;
    unsigned long size = 0;
    tjhandle encoder = tjInitCompress();
    bool made = encoder && tjCompress2(encoder, cairo_image_surface_get_data(page), cairo_image_surface_get_width(page), cairo_image_surface_get_stride(page),
                                       cairo_image_surface_get_height(page), TJPF_BGRX, &bytes, &size, TJSAMP_444, QUALITY, 0) == 0;
    bool written = made && fwrite(bytes, 1, size, out) == size;
    tjFree(bytes);
    if (encoder)
        tjDestroy(encoder);
    return written;
}

/* ---- any kind ---- */

static enum paper_finding answer(const Reading *self, FILE *out)
{
    fprintf(out, "%d\n", self->pages);
    if (self->page > 0) {
        cairo_surface_t *page = upright(self);
        bool written = write_jpeg(page, out);
        cairo_surface_destroy(page);
        if (!written)
            return PAPER_TOO_HEAVY;
    }
    return fflush(out) == 0 ? PAPER_WELL : PAPER_TOO_HEAVY;
}

enum paper_finding reading_answer(Reading *self, const char *type, FILE *out)
{
    enum paper_finding finding = PAPER_DAMAGED;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(kinds[i].type, type) == 0)
            finding = kinds[i].decode(self);
    if (finding == PAPER_WELL && self->page > self->pages)
        finding = PAPER_NO_PAGE;
    if (finding == PAPER_WELL)
        finding = answer(self, out);
    g_clear_pointer(&self->picture, cairo_surface_destroy);
    return finding;
}
