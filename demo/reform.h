// SPDX-License-Identifier: Apache-2.0
/* The catalogue of the whole demo city, before and after its reform. */
#pragma once

#include "catalogue/catalogue.h"

/* In a write, when divisions and organs are there and no item is: takes in the 700 items of before the reform (the 91
 * of data/items.csv and made-up ones, codes ZZ…) on 20 December 2012 and plays what happened to them until the end
 * of 2013, by `world`'s actor. Then the 444 items of 30 September 2014 are published, and stay so. Takes about a second. */
bool demo_reform(const Context *world, GError **error);
/* The changes of a day of 2014: new versions of items that were there before, on 20 May and 26 September (what the zone
 * decides from then on). Any other day: nothing. Their time is the morning of that day. After the last of them every
 * figure of the catalogue is as published. */
bool demo_reform_on(const Context *world, Day day, GError **error);
