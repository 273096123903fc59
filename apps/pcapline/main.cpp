// pcapline – runs `pcapline CMD` as pcapline-CMD: beside itself, then libexec, then PATH.
#include <unistd.h>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "apps/common/app.h"
#include "pcapline/base/text.h"
#include "pcapline/io/sink.h"

using namespace pcapline;
using namespace pcapline::cli;

namespace {

struct Command {
    std::string_view name;
    std::string_view what;
};
constexpr std::array commands{
    Command{"packets", "one record per packet: fields, JSON, NDJSON, CSV, TSV, text"},
    Command{"stats", "what is in a capture: summary, protocols, endpoints, sizes"},
    Command{"conversations", "one record per flow: counters, TCP quality, state, applications"},
    Command{"split-flow", "one output per session, host, port, time, size or count"},
    Command{"cat", "concatenate, slice, filter, convert, compress captures"},
};

int complain(const std::string& text) {
    std::fprintf(stderr, "pcapline: %s\n", text.c_str());
    return exit_usage;
}

int print(const std::string& text) {
    const auto out = stdout_sink();
    auto done = out->write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    if (done) done = out->finish();
    if (done) return exit_done;
    complain(done.error().message());
    return exit_output;
}

std::string help() {
    std::string text = "Usage: pcapline COMMAND [OPTION]... [FILE]...\nDecode, measure and convert network captures.\n\nCommands:\n";
    for (const Command& command : commands)
        text += "  " + std::string{command.name} + std::string(15 - command.name.size(), ' ') + std::string{command.what} + "\n";
    return text +
           "\n  help COMMAND   its manual page\n  --version      version, and the optional parts that were built in\n\nExamples:\n"
           "  pcapline stats x.pcap\n  pcapline packets --ndjson x.pcap.gz | jq .layers\n  pcapline cat --from 2024-05-01T08:00 --to +10m "
           "x.pcap -w y.pcap\n";
}

std::string own_folder() {
    std::array<char, PATH_MAX> path{};
    const ssize_t size = readlink("/proc/self/exe", path.data(), path.size() - 1);
    if (size <= 0) return "";
    const std::string_view whole{path.data(), static_cast<std::size_t>(size)};
    return std::string{whole.substr(0, whole.rfind('/'))};
}

/// Replaces this process by pcapline-NAME; comes back only if there is none.
void run(const std::string& name, char** arguments) {
    const std::string file = "pcapline-" + name;
    if (const std::string folder = own_folder(); !folder.empty()) {
        for (const char* place : {"/", "/../libexec/pcapline/"}) {
            std::string path = folder;
            path.append(place).append(file);
            execv(path.c_str(), arguments);
            if (errno != ENOENT) return;
        }
    }
    execvp(file.c_str(), arguments);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fputs(help().c_str(), stderr);
        return exit_usage;
    }
    const std::string name = argv[1];
    if (name == "--help" || name == "-h" || (name == "help" && argc == 2)) return print(help());
    if (name == "--version") return print(version_text());
    if (name == "help") {
        const std::string page = std::string{"pcapline-"} + argv[2];
        std::array<char*, 3> man{const_cast<char*>("man"), const_cast<char*>(page.c_str()), nullptr};
        const std::string installed = own_folder() + "/../share/man/man1/" + page + ".1";
        if (access(installed.c_str(), R_OK) == 0) man[1] = const_cast<char*>(installed.c_str());
        if (isatty(STDOUT_FILENO) && access(installed.c_str(), R_OK) == 0) execvp("man", man.data());
        std::array<char*, 3> help_of{const_cast<char*>(page.c_str()), const_cast<char*>("--help"), nullptr};
        run(argv[2], help_of.data());
        return complain("no command " + harmless(argv[2]) + "; pcapline --help lists them");
    }
    if (name.find('/') == std::string::npos && !name.starts_with("-")) {
        run(name, argv + 1);
        if (errno != ENOENT) return complain("pcapline-" + harmless(name) + ": " + std::strerror(errno));
    }
    std::string near;
    std::size_t distance = 4;
    for (const Command& command : commands) {
        if (const std::size_t d = edit_distance(name, command.name); d < distance) {
            distance = d;
            near = " (did you mean " + std::string{command.name} + "?)";
        }
    }
    return complain("no command " + harmless(name) + near + "; pcapline --help lists them");
}
