// What the cases share: numbers that are functions of their index, matrices, threads, and a hash a case.
#pragma once

#include "../../../Sources/LSTMKernels/include/lstm_kernels.h"

// The level that is looked at.
extern const lk_kernels *kernels;

// What a matrix is filled with.
typedef enum {
  ZEROS,
  SMALL,    // in [−1, 1)
  WIDE,     // of either sign, the exponent in −20 … 20
  SPECIAL,  // every kind of float32 in turn: zeros, subnormals, infinities, NaN, limits of formulas
} fill;

// Starts a case with memory of its own; `name` as printf has it.
void begin_case(const char *name, ...) __attribute__((format(printf, 1, 2)));
// Prints the case with the hash of all that `look_at` was shown.
void end_case(void);

// Returns 64 bits that are a function of the case's name and an index.
uint64_t bits(uint64_t index);
// Returns numbers of the case, zeroed memory where there are none.
float *numbers(size_t count, fill);
// Returns a matrix whose lanes beyond the last column are zero.
lk_panels matrix(size_t rows, size_t columns, fill);
// Returns a copy of a matrix of so many rows and columns.
lk_panels copy_of(lk_panels, size_t rows, size_t columns);
size_t *words(size_t count);
size_t panels_of(size_t columns);

// Adds numbers to the case's hash.
void look_at(const float *, size_t count);
void look_at_matrix(lk_panels, size_t rows, size_t columns);

// Shares the pieces [0, count) out among the team's threads.
typedef void (*piece)(void *context, size_t first, size_t end);
void share(size_t count, piece, void *context);

// The special numbers, and how many they are: a multiple of 16.
enum { SPECIALS = 80 };
float special(size_t index);

// The cases.
void look_at_functions(void);
void look_at_optimizers(void);
void look_at_dropout(void);
void look_at_products(void);
void look_at_rows(void);
void look_at_cells(void);
void look_at_losses(void);
