#include <unistd.h>
#include <csignal>
#include <cstdlib>

#include "apps/common/app.h"
#include "pcapline/io/source.h"

namespace pcapline::cli {
namespace {

volatile std::sig_atomic_t stopped_by = 0;
volatile std::sig_atomic_t counters = 0;

extern "C" void on_stop(int signal) {
    if (stopped_by != 0) _exit(128 + signal);
    stopped_by = signal;
    interrupt_reads();
}
extern "C" void on_counters(int) {
    counters = 1;
}

void on(int signal, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, nullptr);  // no SA_RESTART: a read that waits must end
}

/// nohup and background jobs of a shell ignore INT or HUP on purpose; they stay ignored.
void on_unless_ignored(int signal, void (*handler)(int)) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    if (before.sa_handler != SIG_IGN) on(signal, handler);
}

}  // namespace

void catch_signals() {
    on_unless_ignored(SIGINT, on_stop);
    on_unless_ignored(SIGTERM, on_stop);
    on_unless_ignored(SIGHUP, on_stop);
    on(SIGUSR1, on_counters);
    on(SIGXFSZ, SIG_IGN);
}

int stop_signal() noexcept {
    return stopped_by;
}

bool counters_wanted() noexcept {
    if (counters == 0) return false;
    counters = 0;
    return true;
}

}  // namespace pcapline::cli
