// SPDX-License-Identifier: Apache-2.0
/* Randomness as a parameter, and the secrets that are made of it: the system's for what must not be guessed, a repeatable one (the
 * public-domain xoshiro256** of Blackman and Vigna, written from its description) for the demo
 * city and for tests. */
#include "base/base.h"

#include <sodium.h>
#include <string.h>

void context_random(const Context *context, void *out, size_t length)
{
    context->random(context->random_state, out, length);
}

void random_secure(void *state, void *out, size_t length)
{
    (void)state;
    randombytes_buf(out, length);
}

bool secret_equals(const char *one, const char *other)
{
    size_t length = one ? strlen(one) : 0;
    return one && other && strlen(other) == length && sodium_memcmp(one, other, length) == 0;
}

static uint64_t split_mix(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

void random_seed(RandomSeed *state, uint64_t seed)
{
    for (size_t i = 0; i < G_N_ELEMENTS(state->word); i++)
        state->word[i] = split_mix(&seed);
}

static uint64_t rotate(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

static uint64_t next(RandomSeed *s)
{
    uint64_t result = rotate(s->word[1] * 5, 7) * 9;
    uint64_t shifted = s->word[1] << 17;
    s->word[2] ^= s->word[0];
    s->word[3] ^= s->word[1];
    s->word[1] ^= s->word[2];
    s->word[0] ^= s->word[3];
    s->word[2] ^= shifted;
    s->word[3] = rotate(s->word[3], 45);
    return result;
}

void random_repeatable(void *state, void *out, size_t length)
{
    char *to = out;
    while (length) {
        uint64_t word = next(state);
        size_t part = MIN(length, sizeof word);
        memcpy(to, &word, part);
        to += part;
        length -= part;
    }
}
