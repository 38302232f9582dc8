// A team of threads. A member that waits looks again for a short while before it sleeps, because the
// work comes in pieces of well under a millisecond; it does not look for long, so that two runs side
// by side do not take each other's processor.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "include/lstm_kernels.h"

enum { LOOKS = 4000 };  // about 20 µs

struct lk_team {
  size_t members;
  lk_work work;
  void *context;
  atomic_size_t round;  // counts the pieces of work handed out
  atomic_size_t left;   // members that have not finished this round
  atomic_int stopping;
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  pthread_t *threads;
};

typedef struct {
  lk_team *team;
  size_t member;
} seat;

static void look_again(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// Returns once *value is (until_equal) or is not (otherwise) `expected`.
static void await(lk_team *team, atomic_size_t *value, size_t expected, int until_equal) {
  for (int look = 0; look < LOOKS; look++) {
    if ((atomic_load(value) == expected) == until_equal) return;
    look_again();
  }
  pthread_mutex_lock(&team->mutex);
  while ((atomic_load(value) == expected) != until_equal)
    pthread_cond_wait(&team->changed, &team->mutex);
  pthread_mutex_unlock(&team->mutex);
}

static void announce(lk_team *team) {
  pthread_mutex_lock(&team->mutex);
  pthread_cond_broadcast(&team->changed);
  pthread_mutex_unlock(&team->mutex);
}

static void *sit(void *argument) {
  seat self = *(seat *)argument;
  lk_team *team = self.team;
  free(argument);
  for (size_t round = 0;; round++) {
    await(team, &team->round, round, 0);
    if (atomic_load(&team->stopping)) return NULL;
    team->work(team->context, self.member, team->members);
    if (atomic_fetch_sub(&team->left, 1) == 1) announce(team);
  }
}

lk_team *lk_team_start(size_t members) {
  lk_team *team = calloc(1, sizeof *team);
  if (!team) return NULL;
  team->threads = calloc(members, sizeof *team->threads);
  pthread_mutex_init(&team->mutex, NULL);
  pthread_cond_init(&team->changed, NULL);
  team->members = 1;
  for (size_t member = 1; team->threads && member < members; member++) {
    seat *place = malloc(sizeof *place);
    if (place) *place = (seat){team, member};
    if (!place || pthread_create(&team->threads[member], NULL, sit, place) != 0) {
      free(place);
      lk_team_stop(team);
      return NULL;
    }
    team->members++;
  }
  if (team->threads) return team;
  lk_team_stop(team);
  return NULL;
}

void lk_team_run(lk_team *team, lk_work work, void *context) {
  if (team->members > 1) {
    team->work = work;
    team->context = context;
    atomic_store(&team->left, team->members - 1);
    atomic_fetch_add(&team->round, 1);
    announce(team);
  }
  work(context, 0, team->members);
  if (team->members > 1) await(team, &team->left, 0, 1);
}

void lk_team_stop(lk_team *team) {
  atomic_store(&team->stopping, 1);
  atomic_fetch_add(&team->round, 1);
  announce(team);
  for (size_t member = 1; member < team->members; member++) pthread_join(team->threads[member], NULL);
  pthread_cond_destroy(&team->changed);
  pthread_mutex_destroy(&team->mutex);
  free(team->threads);
  free(team);
}
