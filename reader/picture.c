// SPDX-License-Identifier: Apache-2.0
/* Photos of one page: JPEG, PNG, WebP. */
#include "reader/reader.h"

#include <libexif/exif-data.h>
#include <string.h>
#include <turbojpeg.h>
#include <webp/decode.h>

/* ---- JPEG ---- */

/* A telephone that is held upright writes the photo lying, and says so. */
static int exif_orientation(const Reading *self)
{
    ExifData *data = exif_data_new_from_data(self->bytes, (unsigned)self->length);
    ExifEntry *entry = data ? exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION) : NULL;
    bool told = entry && entry->format == EXIF_FORMAT_SHORT && entry->components == 1;
    int orientation = told ? exif_get_short(entry->data, exif_data_get_byte_order(data)) : 0;
    if (data)
        exif_data_unref(data);
    return orientation;
}

/* Scanners write inks, and as Adobe does inverted; a pixel takes four bytes either way. */
static void ink_to_light(cairo_surface_t *picture)
{
    size_t size = (size_t)cairo_image_surface_get_stride(picture) * (size_t)cairo_image_surface_get_height(picture);
    unsigned char *at = cairo_image_surface_get_data(picture);
    for (unsigned char *end = at + size; at < end; at += 4) {
        const unsigned char cyan = at[0], magenta = at[1], yellow = at[2], black = at[3];
        at[0] = (unsigned char)(yellow * black / 255);
        at[1] = (unsigned char)(magenta * black / 255);
        at[2] = (unsigned char)(cyan * black / 255);
    }
}

/* Many a camera leaves bytes between the parts, which does no harm: of what libjpeg warns of, only an early end counts. */
static enum paper_finding jpeg_finding(tjhandle decoder, int result)
{
    if (result == 0)
        return PAPER_WELL;
    if (strstr(tjGetErrorStr2(decoder), "remature end"))
        return PAPER_TRUNCATED;
    return tjGetErrorCode(decoder) == TJERR_WARNING ? PAPER_WELL : PAPER_DAMAGED;
}

/* The whole file is decoded at any size; a small one takes less memory. */
static int jpeg_divide(const Reading *self, int width, int height)
{
    int divide = 1;
    while (divide < 8 && (self->page <= 0 || MAX(width, height) / (2 * divide) >= SIDE_MOST))
        divide *= 2;
    return divide;
}

static enum paper_finding jpeg_decode(Reading *self, tjhandle decoder)
{
    int width, height, sampling, colours;
    if (tjDecompressHeader3(decoder, self->bytes, self->length, &width, &height, &sampling, &colours) != 0)
        return jpeg_finding(decoder, -1) == PAPER_TRUNCATED ? PAPER_TRUNCATED : PAPER_DAMAGED;
    if ((int64_t)width * height > PIXELS_MOST)
        return PAPER_TOO_LARGE;
    bool is_ink = colours == TJCS_CMYK || colours == TJCS_YCCK;
    tjscalingfactor scale = { 1, jpeg_divide(self, width, height) };
    int scaled_width = TJSCALED(width, scale), scaled_height = TJSCALED(height, scale);
    enum paper_finding finding = reading_begin(self, scaled_width, scaled_height);
    if (finding != PAPER_WELL)
        return finding;
    finding = jpeg_finding(decoder, tjDecompress2(decoder, self->bytes, self->length, cairo_image_surface_get_data(self->picture), scaled_width,
                                                  cairo_image_surface_get_stride(self->picture), scaled_height, is_ink ? TJPF_CMYK : TJPF_BGRX, TJFLAG_LIMITSCANS));
    if (is_ink)
        ink_to_light(self->picture);
    cairo_surface_mark_dirty(self->picture);
    return finding;
}

enum paper_finding read_jpeg(Reading *self)
{
    self->pages = 1;
    tjhandle decoder = tjInitDecompress();
    enum paper_finding finding = decoder ? jpeg_decode(self, decoder) : PAPER_TOO_HEAVY;
    if (decoder)
        tjDestroy(decoder);
    self->orientation = exif_orientation(self);
    return finding;
}

/* ---- PNG ---- */

typedef struct Stream {
    const unsigned char *at, *end;
} Stream;

static cairo_status_t stream_read(void *stream, unsigned char *out, unsigned length)
{
    Stream *self = stream;
    if ((size_t)(self->end - self->at) < length)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(out, self->at, length);
    self->at += length;
    return CAIRO_STATUS_SUCCESS;
}

static int64_t big_endian(const unsigned char *at)
{
    return (int64_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

enum paper_finding read_png(Reading *self)
{
    enum { WIDTH_AT = 16, HEIGHT_AT = 20, WHOLE_HEAD = 24 };
    self->pages = 1;
    if (self->length < WHOLE_HEAD)
        return PAPER_TRUNCATED;
    if (big_endian(self->bytes + WIDTH_AT) * big_endian(self->bytes + HEIGHT_AT) > PIXELS_MOST)
        return PAPER_TOO_LARGE;
    Stream stream = { self->bytes, self->bytes + self->length };
    self->picture = cairo_image_surface_create_from_png_stream(stream_read, &stream);
    cairo_status_t status = cairo_surface_status(self->picture);
    if (status == CAIRO_STATUS_SUCCESS)
        return PAPER_WELL;
    return status == CAIRO_STATUS_READ_ERROR ? PAPER_TRUNCATED : PAPER_DAMAGED;
}

/* ---- WebP ---- */

enum paper_finding read_webp(Reading *self)
{
    enum { SIZE_AT = 4, WHOLE_HEAD = 12 };
    int width, height;
    self->pages = 1;
    const unsigned char *size = self->bytes + SIZE_AT; /* little-endian, of what comes behind it */
    if (self->length < WHOLE_HEAD || ((size_t)size[0] | (size_t)size[1] << 8 | (size_t)size[2] << 16 | (size_t)size[3] << 24) + WHOLE_HEAD - 4 > self->length)
        return PAPER_TRUNCATED;
    if (!WebPGetInfo(self->bytes, self->length, &width, &height))
        return PAPER_DAMAGED;
    enum paper_finding finding = reading_begin(self, width, height);
    if (finding != PAPER_WELL)
        return finding;
    int stride = cairo_image_surface_get_stride(self->picture);
    bool decoded = WebPDecodeBGRAInto(self->bytes, self->length, cairo_image_surface_get_data(self->picture), (size_t)stride * (size_t)height, stride);
    cairo_surface_mark_dirty(self->picture);
    return decoded ? PAPER_WELL : PAPER_DAMAGED;
}
