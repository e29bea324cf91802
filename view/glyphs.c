// SPDX-License-Identifier: Apache-2.0
/* Whether the machine's fonts have what a paper says: it is asked before the paper is issued, for what is sealed cannot be mended. */
#include "view/sheet.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PangoFontset, g_object_unref)

/* Every paper has these, and the first font of sheet_fonts has all of them; looking them up would cost more than the paper. */
static bool is_usual(gunichar c)
{
    return c < 0x7f || (c >= 0x4e00 && c <= 0x9fa5) || (c >= 0x3001 && c <= 0x3011) || (c >= 0xff01 && c <= 0xff5e) ||
           c == 0xb7 || (c >= 0x2018 && c <= 0x201d);
}

/* Marks that choose among the forms of the character before them have no glyph of their own. */
static bool is_selector(gunichar c)
{
    return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef) || (c >= 0x180b && c <= 0x180e);
}

static PangoFontset *open_fonts(void)
{
    g_autoptr(PangoFontDescription) font = pango_font_description_from_string(sheet_fonts);
    g_autoptr(PangoContext) context = pango_font_map_create_context(pango_cairo_font_map_get_default());
    return pango_font_map_load_fontset(pango_context_get_font_map(context), context, font, pango_language_from_string(SHEET_LANGUAGE));
}

static bool has_glyph(PangoFontset *fonts, gunichar c)
{
    g_autoptr(PangoFont) font = pango_fontset_get_font(fonts, c);
    return font && pango_font_has_char(font, c);
}

bool view_prints(const char *text, GError **error)
{
    g_autoptr(PangoFontset) fonts = NULL;
    if (!text_is_visible(text, error))
        return false;
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (is_usual(c) || is_selector(c) || g_unichar_isspace(c))
            continue;
        if (!fonts)
            fonts = open_fonts();
        if (!has_glyph(fonts, c))
            return text_refuse_character(c, "view.no_glyph", error);
    }
    return true;
}
