#include "harness.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const lk_kernels *kernels;

enum { MEMORY = 1 << 23 };  // floats
static float *memory;
static size_t used;
static lk_team *team;
static size_t members;

static char name[160];
static uint64_t key, hash, exact;

static const uint32_t special_bits[] = {
    0x00000000, 0x80000000, 0x00000001, 0x80000001, 0x007fffff, 0x807fffff, 0x00800000, 0x80800000,
    0x7f800000, 0xff800000, 0x7fc00000, 0xffc00000, 0x7fc12345, 0xffc54321, 0x7f800001, 0xffa00001,
    0x7f7fffff, 0xff7fffff, 0x3f800000, 0xbf800000, 0x3f7fffff, 0x3f800001, 0xbf7fffff, 0xbf800001,
    0x3f000000, 0xbf000000, 0x3f3504f3, 0x3f3504f4, 0x3f3504f2, 0x42b20000, 0x42b17218, 0x42b17217,
    0xc2d00000, 0xc2cff1b5, 0xc2cff1b4, 0xc2aeac50, 0xc2aeac4f, 0x41a00000, 0xc1a00000, 0x419fffff,
    0x41a00001, 0x33800000, 0xb3800000, 0x34000000, 0x33d6bf95, 0x3f7ffffe, 0x3f7ffffd, 0x4b000000,
    0xcb000000, 0x4b400000, 0x4b7fffff, 0x5f000000, 0xdf000000, 0x1f800000, 0x9f800000, 0x20000000,
    0x7e800000, 0x7f000000, 0x00400000, 0x80400000, 0x00000123, 0x80000321, 0x40490fdb, 0xc0490fdb,
    0x40000000, 0xc0000000, 0x3eaaaaab, 0xbeaaaaab, 0x3dcccccd, 0xbdcccccd, 0x42c80000, 0xc2c80000,
    0x0da24260, 0x8da24260, 0x72fc6f7c, 0xf2fc6f7c, 0x3f317218, 0xbf317218, 0x00ffffff, 0x80ffffff,
};
_Static_assert(sizeof special_bits == SPECIALS * sizeof(uint32_t), "the number of special numbers");

static float from_bits(uint32_t bits) {
  float number;
  memcpy(&number, &bits, sizeof number);
  return number;
}

float special(size_t index) { return from_bits(special_bits[index % SPECIALS]); }

// FNV-1a (Fowler, Noll, Vo).
static uint64_t added(uint64_t hash, uint64_t word, int bytes) {
  for (int byte = 0; byte < bytes; byte++) hash = (hash ^ (word >> (8 * byte) & 0xff)) * 0x100000001b3;
  return hash;
}

static const uint64_t start = 0xcbf29ce484222325;

void begin_case(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(name, sizeof name, format, arguments);
  va_end(arguments);
  key = hash = exact = start;
  for (const char *letter = name; *letter; letter++) key = added(key, (unsigned char)*letter, 1);
  memset(memory, 0, used * sizeof(float));
  used = 0;
}

void end_case(void) {
  printf(
      "%s %zu\t%s\t%016llx\t%016llx\n", kernels->name, members, name, (unsigned long long)hash,
      (unsigned long long)exact);
}

// The finalizer of SplitMix64 (Steele, Lea, Flood, 2014).
uint64_t bits(uint64_t index) {
  uint64_t z = key + (index + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

static float number(fill fill, uint64_t index) {
  uint64_t random = bits(index);
  switch (fill) {
    case SMALL: return (float)((int64_t)(random >> 40) - (1 << 23)) * 0x1p-23f;
    case WIDE:
      return from_bits(
          (uint32_t)(random & 0x807fffff) | (uint32_t)(107 + (random >> 32) % 41) << 23);
    case SPECIAL: return random >> 63 ? special(random % SPECIALS) : number(WIDE, index);
    default: return 0;
  }
}

static float *take(size_t count) {
  float *piece = memory + used;
  used += (count + LK_LANES - 1) / LK_LANES * LK_LANES;
  if (used > MEMORY) {
    fprintf(stderr, "%s: %zu floats of %d\n", name, used, MEMORY);
    exit(1);
  }
  return piece;
}

float *numbers(size_t count, fill fill) {
  size_t place = used;
  float *piece = take(count);
  for (size_t k = 0; k < count; k++) piece[k] = number(fill, place + k);
  return piece;
}

size_t *words(size_t count) { return (size_t *)take(count * sizeof(size_t) / sizeof(float)); }

size_t panels_of(size_t columns) { return (columns + LK_LANES - 1) / LK_LANES; }

lk_panels matrix(size_t rows, size_t columns, fill fill) {
  size_t place = used, stride = rows * LK_LANES;
  lk_panels m = {take(panels_of(columns) * stride), stride};
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < columns; c++)
      m.base[c / LK_LANES * stride + r * LK_LANES + c % LK_LANES] =
          number(fill, place + r * columns + c);
  return m;
}

lk_panels copy_of(lk_panels m, size_t rows, size_t columns) {
  lk_panels copy = matrix(rows, columns, ZEROS);
  memcpy(copy.base, m.base, panels_of(columns) * copy.stride * sizeof(float));
  return copy;
}

void look_at(const float *values, size_t count) {
  for (size_t k = 0; k < count; k++) {
    uint32_t word;
    memcpy(&word, values + k, sizeof word);
    exact = added(exact, word, 4);
    hash = added(hash, (word & 0x7fffffff) > 0x7f800000 ? 0x7fc00000 : word, 4);
  }
}

void look_at_matrix(lk_panels m, size_t rows, size_t columns) {
  for (size_t p = 0; p < panels_of(columns); p++)
    look_at(m.base + p * m.stride, rows * LK_LANES);
}

typedef struct {
  size_t count;
  piece body;
  void *context;
} job;

static void work(void *context, size_t member, size_t of) {
  job *job = context;
  job->body(job->context, job->count * member / of, job->count * (member + 1) / of);
}

void share(size_t count, piece body, void *context) {
  job job = {count, body, context};
  lk_team_run(team, work, &job);
}

int main(void) {
  memory = lk_memory_take(MEMORY);
  for (size_t level = 0; level < lk_level_count(); level++) {
    kernels = lk_level(level);
    if (!kernels) continue;
    for (members = 1; members <= 3; members++) {
      team = lk_team_start(members);
      if (!memory || !team) return 1;
      look_at_functions();
      look_at_optimizers();
      look_at_dropout();
      look_at_products();
      look_at_rows();
      look_at_cells();
      look_at_losses();
      lk_team_stop(team);
    }
  }
  lk_memory_free(memory);
  return 0;
}
