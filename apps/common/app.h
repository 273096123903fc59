// App: what all commands share – options declared once, help, man page, completions, messages, exit codes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pcapline/base/result.h"

namespace pcapline::cli {

/// Exit codes (commands.md §4).
enum Exit : int {
    exit_done = 0,
    exit_partly = 1,
    exit_usage = 2,
    exit_output = 3,
    exit_capture = 4,
    exit_empty = 5,
    exit_busy = 6,
};

/// An example for --help and the man page.
struct Example {
    std::string command;
    std::string what;
};

/// What a command says of itself.
struct About {
    std::string name;         ///< "stats"
    std::string summary;      ///< one line, without a full stop
    std::string usage;        ///< "[OPTION]... [FILE]..."
    std::string description;  ///< paragraphs for the man page, parted by empty lines
    std::vector<Example> examples;
    std::string see_also;  ///< further man pages, "capinfos(1), tshark(1)"
    bool operands = true;  ///< takes FILE operands
};

/// One command line program. Declares options (the parser, --help, the man page and the completions follow from
/// them), parses, runs, and turns what happened into messages and an exit code.
class App {
 public:
    explicit App(About about);
    ~App();
    App(const App&) = delete;
    App& operator=(const App&) = delete;

    // Options: `names` as "-w,--write". They belong to the group named last.
    void group(const std::string& title);
    void flag(const std::string& names, bool& to, const std::string& help);
    /// May be given several times: -tttt.
    void counted(const std::string& names, int& to, const std::string& help);
    void value(const std::string& names, std::string& to, const std::string& metavar, const std::string& help);
    void value(const std::string& names, std::optional<std::string>& to, const std::string& metavar, const std::string& help);
    void number(const std::string& names, std::optional<std::uint64_t>& to, const std::string& metavar, const std::string& help);
    /// One of the words; the completion offers them.
    void choice(const std::string& names, std::string& to, const std::vector<std::string>& words, const std::string& help);
    /// Repeatable, one value each; `split`: commas part values.
    void list(const std::string& names, std::vector<std::string>& to, const std::string& metavar, const std::string& help, bool split);
    /// The FILE operands.
    void operands(std::vector<std::string>& to, const std::string& help);

    /// Parses and runs. Handles --help, --version and --generate; an unknown option is exit 2 with the nearest one named.
    int run(int argc, char** argv, const std::function<int()>& body);

    /// `pcapline stats: …`, one line on stderr, control characters made harmless.
    void message(const std::string& text) const;
    /// What is wrong with an input, unless we were told to stop: then its end is no damage.
    void problem(const Error& error) const;
    /// Prints the error, returns the exit code that belongs to it.
    int fail(const Error& error) const;
    const About& about() const;

 private:
    struct Declared;
    std::unique_ptr<Declared> declared_;
};

/// "pcapline 0.1.0" and the optional parts that were built in, a line each.
std::string version_text();

/// Catches INT, TERM and HUP (finish), USR1 (counters); ignores XFSZ so that a full limit is a failed write.
void catch_signals();
/// The signal that asked us to finish; 0 if none did. A second one ends the process at once.
int stop_signal() noexcept;
/// True once after each USR1.
bool counters_wanted() noexcept;

}  // namespace pcapline::cli
