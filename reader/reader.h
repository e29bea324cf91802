// SPDX-License-Identifier: Apache-2.0
/* pinghu-pages: the one process that decodes what people hand in, apart from the centre, which holds keys and data. It is told the media
 * type and a page, reads the file from its standard input, and writes "PAGES\n" and then the page as JPEG on its standard output; its
 * exit status is a paper_finding. */
#pragma once

#include "files/files.h"

#include <cairo.h>
#include <stdio.h>

enum {
    SIDE_MOST = 2200,            /* pixels of the longer side of a page's picture: A4 at 190 dots an inch */
    PIXELS_MOST = 120 * 1000 * 1000, /* of one page: A1 at 400 dots an inch */
    PAGES_MOST = 2000,
};

typedef struct Reading {
    const unsigned char *bytes;
    size_t length;
    int page;                 /* from 1: that one's picture; PAPER_JUDGED: all of it is decoded */
    int pages;                /* found */
    cairo_surface_t *picture; /* of the page; NULL where none was asked for */
    int orientation;          /* as EXIF has it, 1 to 8; 0: upright */
} Reading;

/* The surface of a page, its pixels unset: PAPER_TOO_LARGE, or PAPER_TOO_HEAVY where there is no memory. It becomes self->picture, in
 * place of one that was there. */
enum paper_finding reading_begin(Reading *self, int64_t width, int64_t height);

/* Each reads one kind of file whatever its bytes. */
typedef enum paper_finding Decode(Reading *self);
Decode read_pdf, read_jpeg, read_png, read_webp, read_heif, read_tiff, read_ofd;

/* Reads a file of that media type and writes what was found, and the picture of the page that was asked for. */
enum paper_finding reading_answer(Reading *self, const char *type, FILE *out);

/* Takes from this process all that it does not need, before it sees a byte: network, other processes, writing, most files; and bounds its
 * memory and the seconds that it has of a processor. False where that fails. */
bool sandbox_enter(int seconds);
