// SPDX-License-Identifier: Apache-2.0
/* Sheets of A4: lines of text set by Pango and drawn by Cairo, page after page. Every line stands on a grid of its own
 * pitch, so that the page looks the same whatever line height a font claims. */
#pragma once

#include "view/room.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PangoContext, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(cairo_t, cairo_destroy)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(cairo_surface_t, cairo_surface_destroy)

/* Points of 1/72 inch: the margins of what is written. */
static const double LEFT = 79, RIGHT = 516, TOP = 66, BOTTOM = 774;
static const double SEAL_RADIUS = 57;

enum align { TO_LEFT, TO_CENTRE, TO_RIGHT };

typedef struct Style {
    double size, pitch; /* of a line, in points */
    double grey;        /* 0 black, 1 white */
    bool is_red;
} Style;

typedef struct Sheet {
    cairo_t *cairo;
    PangoContext *fonts;
    const json_t *paper; /* "title" and "foot" of it are of every sheet */
    double y;            /* the top of what comes next */
    int number;
    double outset; /* the foot begins so much left of LEFT */
} Sheet;

/* The fonts of papers, in the order in which they are asked for a glyph, and whose forms of Chinese characters they take. */
extern const char sheet_fonts[];
#define SHEET_LANGUAGE "zh-cn"

/* A text broken into lines; owned by the caller. */
PangoLayout *sheet_set(const Sheet *sheet, const Style *style, const char *text, double width);
/* Draws one line of a layout in the box that begins at x, y: the em box of the characters stands in
 * the middle of the pitch, with the baseline where Chinese fonts have it. */
void sheet_draw_line(const Sheet *sheet, const Style *style, PangoLayout *layout, int index, enum align align, double x, double y);
/* A text at a fixed place; returns its height. */
double sheet_place(const Sheet *sheet, const Style *style, const char *text, enum align align, double x, double y, double width);
void sheet_draw_foot(const Sheet *sheet);
void sheet_next_page(Sheet *sheet);
/* Another paper behind the one that has ended, whose pages are numbered anew. */
void sheet_begin_again(Sheet *sheet);
void sheet_make_room(Sheet *sheet, double height);
/* The paper's seal ("seal_picture", else "seal") round a point; nothing where it has none. */
void sheet_draw_seal(const Sheet *sheet, double x, double y);
/* A line across what is written, at `y`. */
void sheet_rule(const Sheet *sheet, double y, double width, double grey);
/* A text that flows on from page to page, in the middle when it is narrower than the page. */
void sheet_write(Sheet *sheet, const Style *style, const char *text, enum align align);
/* The same of one that is broken into lines already. */
void sheet_flow(Sheet *sheet, const Style *style, PangoLayout *layout, enum align align);

/* A table: where each column begins, and the last ends. */
enum { COLUMNS = 16 };
typedef struct Columns {
    size_t count;
    double left[COLUMNS + 1];
    enum align align[COLUMNS];
    double padding; /* round what stands in a cell */
    const Style *style, *head_style;
    const json_t *titles; /* [{"title"}], which stand again on each page, and a rule is below each row; NULL: long rows go on over the page */
    bool is_boxed;        /* each cell is */
    bool is_centred; /* what is lower than its row stands in the middle of it; rows that a page has
                        room for are not broken */
    int least;            /* so many lines are in a row, though it has fewer */
} Columns;
/* Rows of texts that flow on from page to page. */
void sheet_rows(Sheet *sheet, const Columns *columns, const json_t *rows);

/* A paper drawn by `draw`, as PDF; owned by the caller. */
typedef bool SheetDraw(Sheet *sheet, GError **error);
GBytes *sheet_pdf(const json_t *paper, SheetDraw *draw, GError **error);
