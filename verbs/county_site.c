// SPDX-License-Identifier: Apache-2.0
/* One county opened beside others of the same database, or a region that adds them up: its part of the program and its words. */
#include "verbs/county_site.h"

/* ---- words ---- */

/* A county in a list of several is called as the list says; its own files may say more. */
static bool say_name(View *view, const County *county, GError **error)
{
    const char *const names[LANGUAGES] = { [CHINESE] = county->name, [ENGLISH] = county->name_en };
    const char *title = county_is_region(county->code) ? "view.region_of" : "view.centre_of";
    for (enum language language = CHINESE; county->name && language < LANGUAGES; language++) {
        g_autoptr(json_t) data = json_pack("{s:s}", "name", names[language]);
        g_autofree char *said = view_sentence(view, language, title, data);
        if (!view_say_word(view, language, "view.name", said, error) || !view_say_word(view, language, "view.county", names[language], error))
            return false;
    }
    return true;
}

/* From "<beside>.words.zh.json" and "<beside>.words.en.json", where they are. */
static bool say_own(View *view, const char *beside, GError **error)
{
    for (enum language language = CHINESE; language < LANGUAGES; language++) {
        gsize length;
        g_autofree char *bytes = NULL, *file = g_strdup_printf("%s.words.%s.json", beside, language_tags[language]);
        if (!g_file_test(file, G_FILE_TEST_EXISTS))
            continue;
        if (!g_file_get_contents(file, &bytes, &length, error) || !view_say(view, language, file, bytes, length, error))
            return false;
    }
    return true;
}

/* ---- opening ---- */

static bool open_world(CountySite *self, Store *store, const Bucket *bucket, const char *beside, const Counties *all, GError **error)
{
    if (!county_is_region(self->county->code))
        return app_join(&self->app, store, bucket, beside, self->county->code, error);
    app_join_region(&self->app, store, self->county->code, all);
    return true;
}

bool county_site_open(CountySite *self, Store *store, const Bucket *bucket, const View *base, const char *beside, const Counties *all, GError **error)
{
    self->view = view_own(base);
    bool open = open_world(self, store, bucket, beside, all, error);
    self->app.context.public_url = self->county->public_url;
    return open && say_name(self->view, self->county, error) && say_own(self->view, beside, error);
}

void county_site_close(CountySite *self)
{
    app_close(&self->app);
    g_clear_pointer(&self->view, view_close);
}

/* ---- serving ---- */

HttpSite county_site_http(CountySite *self)
{
    bool region = self->app.counties != NULL;
    return (HttpSite){ .host = self->county->host, .world = &self->app.context, .store = self->app.store, .view = self->view,
                       .incoming = region ? NULL : files_incoming(self->app.files),
                       .refresh = region ? NULL : app_refresh, .refresh_data = &self->app };
}
