// SPDX-License-Identifier: Apache-2.0
/* QR codes by libqrencode, as a grid of modules and as SVG. */
#include "view/inside.h"

#include <qrencode.h>
#include <errno.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(QRcode, QRcode_free)

Qr *qr_of(const char *text, enum qr_level level, GError **error)
{
    g_autoptr(QRcode) code = QRcode_encodeString8bit(text, 0, level == QR_DENSE ? QR_ECLEVEL_L : QR_ECLEVEL_M);
    if (!code)
        return fault(error, "no QR code for a text of %zu bytes: %s", strlen(text),
                     g_strerror(errno));
    size_t width = (size_t)code->width;
    Qr *self = g_malloc0(sizeof *self + width * width * sizeof self->dark[0]);
    self->width = width;
    for (size_t i = 0; i < width * width; i++)
        self->dark[i] = code->data[i] & 1;
    return self;
}

size_t qr_run(const Qr *self, size_t row, size_t from)
{
    size_t length = 0;
    while (from + length < self->width && self->dark[row * self->width + from + length])
        length++;
    return length;
}

static void draw_row(GString *path, const Qr *qr, size_t row)
{
    for (size_t column = 0; column < qr->width; column++) {
        size_t run = qr_run(qr, row, column);
        if (run)
            g_string_append_printf(path, "M%zu %zuh%zuv1h-%zuz", column + QR_QUIET, row + QR_QUIET,
                                   run, run);
        column += run;
    }
}

char *view_qr_svg(const char *text, GError **error)
{
    g_autofree Qr *qr = qr_of(text, QR_STURDY, error);
    if (!qr)
        return NULL;
    g_autofree char *title = g_markup_escape_text(text, -1);
    g_autoptr(GString) svg = g_string_new(NULL);
    size_t width = qr->width + 2 * QR_QUIET;
    g_string_append_printf(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 %zu %zu\" "
        "shape-rendering=\"crispEdges\"><title>QR: %s</title>"
        "<path fill=\"#fff\" d=\"M0 0h%zuv%zuH0z\"/><path d=\"",
        width, width, title, width, width);
    for (size_t row = 0; row < qr->width; row++)
        draw_row(svg, qr, row);
    g_string_append(svg, "\"/></svg>\n");
    return g_string_free(g_steal_pointer(&svg), FALSE);
}
