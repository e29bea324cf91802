// SPDX-License-Identifier: Apache-2.0
/* HEIC and AVIF, as telephones write them. libheif turns them upright by itself. */
#include "reader/reader.h"

#include <libheif/heif.h>

static enum paper_finding heif_finding(struct heif_error error)
{
    if (error.code == heif_error_Ok)
        return PAPER_WELL;
    if (error.code == heif_error_Memory_allocation_error)
        return PAPER_TOO_HEAVY;
    return error.subcode == heif_suberror_End_of_data ? PAPER_TRUNCATED : PAPER_DAMAGED;
}

static void copy(const struct heif_image *image, cairo_surface_t *picture)
{
    int from_stride, to_stride = cairo_image_surface_get_stride(picture);
    int width = cairo_image_surface_get_width(picture), height = cairo_image_surface_get_height(picture);
    const uint8_t *from = heif_image_get_plane_readonly(image, heif_channel_interleaved, &from_stride);
    unsigned char *to = cairo_image_surface_get_data(picture);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            for (int colour = 0; colour < 3; colour++)
                to[(ptrdiff_t)y * to_stride + 4 * x + 2 - colour] = from[(ptrdiff_t)y * from_stride + 3 * x + colour];
    cairo_surface_mark_dirty(picture);
}

static enum paper_finding decode(Reading *self, const struct heif_image_handle *handle)
{
    struct heif_image *image = NULL;
    if ((int64_t)heif_image_handle_get_width(handle) * heif_image_handle_get_height(handle) > PIXELS_MOST)
        return PAPER_TOO_LARGE;
    enum paper_finding finding = heif_finding(heif_decode_image(handle, &image, heif_colorspace_RGB, heif_chroma_interleaved_RGB, NULL));
    if (finding != PAPER_WELL)
        return finding;
    finding = reading_begin(self, heif_image_get_width(image, heif_channel_interleaved), heif_image_get_height(image, heif_channel_interleaved));
    if (finding == PAPER_WELL)
        copy(image, self->picture);
    heif_image_release(image);
    return finding;
}

static enum paper_finding decode_page(Reading *self, struct heif_context *context, heif_item_id id)
{
    struct heif_image_handle *handle = NULL;
    enum paper_finding finding = heif_finding(heif_context_get_image_handle(context, id, &handle));
    if (finding != PAPER_WELL)
        return finding;
    finding = decode(self, handle);
    heif_image_handle_release(handle);
    return finding;
}

static enum paper_finding read_pages(Reading *self, struct heif_context *context)
{
    self->pages = heif_context_get_number_of_top_level_images(context);
    if (self->pages <= 0 || self->pages > PAGES_MOST)
        return self->pages <= 0 ? PAPER_EMPTY : PAPER_TOO_LARGE;
    if (self->page > self->pages)
        return PAPER_NO_PAGE;
    g_autofree heif_item_id *ids = g_new(heif_item_id, (size_t)self->pages);
    self->pages = heif_context_get_list_of_top_level_image_IDs(context, ids, self->pages);
    int first = self->page > 0 ? self->page - 1 : 0, last = self->page > 0 ? self->page : self->pages;
    for (int i = first; i < last; i++) {
        enum paper_finding finding = decode_page(self, context, ids[i]);
        if (finding != PAPER_WELL)
            return finding;
    }
    return PAPER_WELL;
}

enum paper_finding read_heif(Reading *self)
{
    struct heif_context *context = heif_context_alloc();
    if (!context)
        return PAPER_TOO_HEAVY;
    enum paper_finding finding = heif_finding(heif_context_read_from_memory_without_copy(context, self->bytes, self->length, NULL));
    if (finding == PAPER_WELL)
        finding = read_pages(self, context);
    heif_context_free(context);
    return finding;
}
