// SPDX-License-Identifier: Apache-2.0
/* QR codes by libqrencode, as a grid of modules. */
#include "view/room.h"

#include <qrencode.h>
#include <errno.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(QRcode, QRcode_free)

Qr *qr_of(const char *text, enum qr_level level, GError **error)
{
    g_autoptr(QRcode) code = QRcode_encodeString8bit(text, 0, level == QR_DENSE ? QR_ECLEVEL_L : QR_ECLEVEL_M);
    if (!code)
        return fault(error, "no QR code for a text of %zu bytes: %s", strlen(text), g_strerror(errno));
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

char *view_qr_picture(const char *text, GError **error)
{
    enum { QUIET = 4 /* modules on each side, as ISO/IEC 18004 wants them */ };
    g_autofree Qr *qr = qr_of(text, QR_STURDY, error);
    if (!qr)
        return NULL;
    size_t side = qr->width + 2 * (size_t)QUIET;
    g_autoptr(GString) svg = g_string_new(NULL);
    g_string_printf(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %zu %zu\" shape-rendering=\"crispEdges\">"
                         "<path fill=\"#fff\" d=\"M0 0h%zuv%zuH0z\"/><path d=\"", side, side, side, side);
    for (size_t row = 0; row < qr->width; row++)
        for (size_t at = 0, length; at < qr->width; at += length ? length : 1) {
            length = qr_run(qr, row, at);
            if (length)
                g_string_append_printf(svg, "M%zu %zuh%zuv1h-%zuz", at + QUIET, row + QUIET, length, length);
        }
    g_string_append(svg, "\"/></svg>");
    g_autofree char *coded = g_base64_encode((const unsigned char *)svg->str, svg->len);
    return g_strconcat("data:image/svg+xml;base64,", coded, NULL);
}
