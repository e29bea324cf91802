// SPDX-License-Identifier: Apache-2.0
/* The parts of dashboard and wall screen: each as JSON, every number with the path of the list behind. */
#pragma once

#include "indicators/figures.h"
#include "indicators/period.h"

/* All that was counted in a period, by organ and by town; of a region by county. */
typedef struct Board {
    const Context *context;
    Period period;
    IndicatorAsk ask;
    Channels all;
    GArray *organs, *towns; /* of BoardRow, in order of number; of a region NULL */
    GArray *counties;       /* the same of a region; else NULL */
} Board;
typedef struct BoardRow {
    int64_t number;
    Channels sums;
} BoardRow;
bool board_read(const Context *context, const Period *period, Board *out, GError **error);
void board_clear(Board *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Board, board_clear)

/* {value, path} */
json_t *board_count(const IndicatorAsk *ask, enum case_measure which, int64_t value);

/* [{head, value, path}]: what was done, and what remains. */
json_t *board_counts(const Board *self);
/* [{head, percent, path, cases (behind it), top, bottom, is_days}]: the averages; without "percent" where there is nothing to divide by. */
json_t *board_shares(const Board *self);
/* [{channel, accepted, decided, share (percent)}] */
json_t *board_channels(const Board *self);
/* [{rank (absent where nothing was decided), number, name, name_en, accepted, joined (took part in), decided, open,
 * overdue, on_time, speedup, width (of 100: accepted beside the largest)}]: departments, first who keeps most of his
 * promises, with those where nothing happened. `most` 0: all. */
json_t *board_organs(const Board *self, size_t most, GError **error);
/* The same of towns and zones: accepted (by the town's own centre), villages (by those that lie in it), decided … of both. */
json_t *board_towns(const Board *self, GError **error);
/* The public address of a county beside that of its region: its own, else its host name by the same scheme and port. Owned by
 * the caller. */
char *board_site(const County *county, const char *region_url);
/* The same of a region's counties: accepted (by all channels), towns (by their centres and villages) …, each with the "site"
 * that the county has. `region_url` is the region's public address. */
json_t *board_places(const Board *self, const char *region_url);
/* {"rows": [{day or month and year, accepted, decided}], "is_by_day"} */
json_t *board_trend(const Board *self, GError **error);
/* {from_day, to_day, is_wider, "rows": [{item, name, name_en, accepted, decided, width}]}: of the whole months that the
 * period touches, most accepted first. */
json_t *board_items(const Board *self, GError **error);
/* {name, name_en} of an item as it is called now; its code where it is no longer published. */
json_t *board_item_named(const Board *self, const char *code);
/* {"hours": [{hour}], "rows": [{number, name, name_en, cells: [{value, path, heat: 0 to 5}], total}]}: how busy the windows
 * (the departments' counters) were in each hour of the day. `most` rows, the busiest; 0: all, in order of number. */
json_t *board_windows(const Board *self, size_t most, GError **error);
