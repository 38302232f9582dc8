#include "lstm_kernels.h"
