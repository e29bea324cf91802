// SPDX-License-Identifier: Apache-2.0
/* The seal on a paper: the picture of an organ's own seal, or a round one drawn from the organ's name. */
#include "view/sheet.h"

#include <math.h>
#include <string.h>

static const Style seal_style = { .size = 13, .pitch = 13 };
static const Style seal_name_style = { .size = 9, .pitch = 13 }; /* eight characters stay within the ring */
static const Style seal_mark_style = { .size = 12, .pitch = 30 };

/* ---- the round seal that is drawn ---- */

static void draw_seal_character(const Sheet *sheet, const char *character, double angle)
{
    char text[8] = "";
    g_utf8_strncpy(text, character, 1);
    g_autoptr(PangoLayout) layout = sheet_set(sheet, &seal_style, text, SEAL_RADIUS);
    PangoLayoutLine *line = pango_layout_get_line_readonly(layout, 0);
    PangoRectangle logical;
    pango_layout_line_get_extents(line, NULL, &logical);
    cairo_save(sheet->cairo);
    cairo_rotate(sheet->cairo, angle);
    cairo_move_to(sheet->cairo, -0.5 * logical.width / PANGO_SCALE, -SEAL_RADIUS + 7 + seal_style.size * 0.88);
    pango_cairo_show_layout_line(sheet->cairo, line);
    cairo_restore(sheet->cairo);
}

/* A line that stands level in the ring. */
static void draw_seal_line(const Sheet *sheet, const Style *style, const char *text, double y)
{
    if (!*text)
        return;
    g_autoptr(PangoLayout) layout = sheet_set(sheet, style, text, 2 * SEAL_RADIUS);
    PangoLayoutLine *line = pango_layout_get_line_readonly(layout, 0);
    PangoRectangle logical;
    pango_layout_line_get_extents(line, NULL, &logical);
    cairo_move_to(sheet->cairo, -0.5 * logical.width / PANGO_SCALE, y + style->size * 0.38);
    pango_cairo_show_layout_line(sheet->cairo, line);
}

/* A ring with text, translucent over organ and day: the organ round it, below what it seals, in the middle that it is none of a real
 * authority. No star and no emblem: it must not be taken for an authority's seal. */
static void draw_ring(const Sheet *sheet, const char *text)
{
    const json_t *paper = sheet->paper;
    long count = g_utf8_strlen(text, -1);
    double step = MIN(0.36, 2 * G_PI * (*json_text(paper, "seal_name") ? 0.66 : 0.86) / (double)MAX(count, 1));
    cairo_set_source_rgba(sheet->cairo, 0.78, 0.1, 0.1, 0.55);
    cairo_set_line_width(sheet->cairo, 2.6);
    cairo_new_path(sheet->cairo);
    cairo_arc(sheet->cairo, 0, 0, SEAL_RADIUS - 1.3, 0, 2 * G_PI);
    cairo_stroke(sheet->cairo);
    const char *character = text;
    for (long i = 0; i < count; i++, character = g_utf8_next_char(character))
        draw_seal_character(sheet, character, ((double)i - (double)(count - 1) / 2) * step);
    draw_seal_line(sheet, &seal_mark_style, json_text(paper, "seal_mark"), -0.5 * SEAL_RADIUS);
    draw_seal_line(sheet, &seal_name_style, json_text(paper, "seal_name"), 0.5 * SEAL_RADIUS);
}

/* ---- the picture of one's own ---- */

typedef struct Reading {
    const unsigned char *at;
    size_t left;
} Reading;

static cairo_status_t read_on(void *data, unsigned char *out, unsigned length)
{
    Reading *self = data;
    if (length > self->left)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(out, self->at, length);
    self->at += length;
    self->left -= length;
    return CAIRO_STATUS_SUCCESS;
}

/* A side of the picture, as its head says it (PNG, IHDR), before anything of it is unpacked. */
static unsigned side_at(const unsigned char *png, size_t at)
{
    return (unsigned)png[at] << 24 | (unsigned)png[at + 1] << 16 | (unsigned)png[at + 2] << 8 | png[at + 3];
}

bool view_seal_picture_fits(const void *png, size_t length)
{
    enum { BEHIND_HEAD = 24, WIDTH_AT = 16, HEIGHT_AT = 20 };
    const unsigned char *bytes = png;
    if (length < BEHIND_HEAD || memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) != 0 || memcmp(bytes + 12, "IHDR", 4) != 0)
        return false;
    unsigned width = side_at(bytes, WIDTH_AT), height = side_at(bytes, HEIGHT_AT);
    unsigned least = MIN(width, height), most = MAX(width, height);
    if (least < SEAL_PICTURE_LEAST || most > SEAL_PICTURE_MOST || most > least + least / 2)
        return false;
    Reading reading = { bytes, length };
    g_autoptr(cairo_surface_t) picture = cairo_image_surface_create_from_png_stream(read_on, &reading);
    return cairo_surface_status(picture) == CAIRO_STATUS_SUCCESS;
}

/* As large as the ring would be. */
static void draw_picture(const Sheet *sheet, const char *base64)
{
    size_t length;
    g_autofree unsigned char *png = g_base64_decode(base64, &length);
    Reading reading = { png, length };
    g_autoptr(cairo_surface_t) picture = cairo_image_surface_create_from_png_stream(read_on, &reading);
    if (cairo_surface_status(picture) != CAIRO_STATUS_SUCCESS)
        return; /* it was judged when it was taken in, and verify tells of changed rows */
    double width = cairo_image_surface_get_width(picture), height = cairo_image_surface_get_height(picture);
    double scale = 2 * SEAL_RADIUS / MAX(width, height);
    cairo_save(sheet->cairo);
    cairo_scale(sheet->cairo, scale, scale);
    cairo_set_source_surface(sheet->cairo, picture, -width / 2, -height / 2);
    cairo_paint(sheet->cairo);
    cairo_restore(sheet->cairo);
    cairo_set_source_rgb(sheet->cairo, 0.78, 0.1, 0.1);
    draw_seal_line(sheet, &seal_mark_style, json_text(sheet->paper, "seal_mark"), -0.5 * SEAL_RADIUS);
}

void sheet_draw_seal(const Sheet *sheet, double x, double y)
{
    const char *picture = json_text(sheet->paper, "seal_picture"), *text = json_text(sheet->paper, "seal");
    cairo_save(sheet->cairo);
    cairo_translate(sheet->cairo, x, y);
    if (*picture)
        draw_picture(sheet, picture);
    else if (*text)
        draw_ring(sheet, text);
    cairo_restore(sheet->cairo);
}
