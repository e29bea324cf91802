// SPDX-License-Identifier: Apache-2.0
/* QR codes by libqrencode, as a grid of modules. */
#include "view/inside.h"

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
