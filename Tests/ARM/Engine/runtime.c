// What Embedded Swift asks its platform for: numbers that only the order of a Set would depend on.
#include <stddef.h>
#include <string.h>

void arc4random_buf(void *bytes, size_t count) { memset(bytes, 42, count); }
