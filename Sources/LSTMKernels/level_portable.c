// The level that runs on every processor the compiler builds for.
#define LK_LEVEL portable
#include "level.h"
