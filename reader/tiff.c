// SPDX-License-Identifier: Apache-2.0
/* TIFF of several pages, as scanners and fax machines write it. */
#include "reader/reader.h"

#include <string.h>
#include <tiffio.h>

/* ---- a file in memory ---- */

typedef struct Stream {
    const unsigned char *bytes;
    toff_t length, at;
    bool is_faulty; /* libtiff has told an error */
} Stream;

static tmsize_t stream_read(thandle_t stream, void *out, tmsize_t size)
{
    Stream *self = stream;
    toff_t left = self->at < self->length ? self->length - self->at : 0, count = MIN((toff_t)size, left);
    memcpy(out, self->bytes + self->at, count);
    self->at += count;
    return (tmsize_t)count;
}

static tmsize_t stream_write(thandle_t stream, void *bytes, tmsize_t size)
{
    (void)stream, (void)bytes, (void)size;
    return -1;
}

static toff_t stream_seek(thandle_t stream, toff_t offset, int from)
{
    Stream *self = stream;
    self->at = from == SEEK_SET ? offset : from == SEEK_CUR ? self->at + offset : self->length + offset;
    self->at = MIN(self->at, self->length);
    return self->at;
}

static int stream_close(thandle_t stream)
{
    (void)stream;
    return 0;
}

static toff_t stream_size(thandle_t stream)
{
    const Stream *self = stream;
    return self->length;
}

/* ---- its pages ---- */

/* libtiff turns some orientations by itself and only mirrors the others; here all are left to who draws the page. */
static bool get_upright(TIFF *tiff, Reading *self, uint32_t width, uint32_t height)
{
    TIFFRGBAImage image;
    char why[1024] = "";
    uint16_t orientation = ORIENTATION_TOPLEFT;
    if (!TIFFRGBAImageBegin(&image, tiff, 1, why))
        return false;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &orientation);
    self->orientation = orientation;
    image.orientation = image.req_orientation = ORIENTATION_TOPLEFT;
    bool got = TIFFRGBAImageGet(&image, (uint32_t *)(void *)cairo_image_surface_get_data(self->picture), width, height);
    TIFFRGBAImageEnd(&image);
    return got;
}

/* libtiff has red in the lowest byte, cairo blue. */
static void swap_colours(cairo_surface_t *picture)
{
    size_t count = (size_t)cairo_image_surface_get_width(picture) * (size_t)cairo_image_surface_get_height(picture);
    uint32_t *pixels = (uint32_t *)(void *)cairo_image_surface_get_data(picture); /* a row of 32-bit pixels has no padding */
    for (size_t i = 0; i < count; i++)
        pixels[i] = (pixels[i] & 0xff00ff00) | (pixels[i] & 0xff) << 16 | (pixels[i] >> 16 & 0xff);
    cairo_surface_mark_dirty(picture);
}

static enum paper_finding decode(Reading *self, TIFF *tiff)
{
    uint32_t width = 0, height = 0;
    if (!TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width) || !TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height))
        return PAPER_DAMAGED;
    enum paper_finding finding = reading_begin(self, width, height);
    if (finding != PAPER_WELL)
        return finding;
    if (!get_upright(tiff, self, width, height))
        return PAPER_DAMAGED;
    swap_colours(self->picture);
    return PAPER_WELL;
}

static enum paper_finding read_pages(Reading *self, TIFF *tiff)
{
    do {
        if (++self->pages > PAGES_MOST)
            return PAPER_TOO_LARGE;
        bool wanted = self->page == PAPER_JUDGED || self->page == self->pages;
        enum paper_finding finding = wanted ? decode(self, tiff) : PAPER_WELL;
        if (finding != PAPER_WELL)
            return finding;
    } while (TIFFReadDirectory(tiff));
    return self->page > self->pages ? PAPER_NO_PAGE : PAPER_WELL;
}

/* The next directory's place lies behind the end where a file is cut off, and libtiff then ends as if there were no more. */
static void note_fault(thandle_t stream, const char *module, const char *form, va_list values)
{
    (void)module, (void)form, (void)values;
    if (stream)
        ((Stream *)stream)->is_faulty = true;
}

enum paper_finding read_tiff(Reading *self)
{
    Stream stream = { .bytes = self->bytes, .length = self->length };
    TIFFSetWarningHandler(NULL);
    TIFFSetErrorHandler(NULL);
    TIFFSetErrorHandlerExt(note_fault);
    TIFF *tiff = TIFFClientOpen("paper", "rm", &stream, stream_read, stream_write, stream_seek, stream_close, stream_size, NULL, NULL);
    if (!tiff)
        return PAPER_DAMAGED;
    enum paper_finding finding = read_pages(self, tiff);
    TIFFClose(tiff);
    return finding == PAPER_WELL && stream.is_faulty ? PAPER_TRUNCATED : finding;
}
