#include "apps/common/app.h"

#include <unistd.h>
#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>

#include "apps/common/declared.h"
#include "apps/common/version.h"
#include "pcapline/base/text.h"
#include "pcapline/io/sink.h"

namespace pcapline::cli {

namespace {

/// Memory that runs out where nobody catches it (declarations, threads) ends as it does everywhere: one line, exit 3.
/// Set before any global of any file is made: those allocate too.
[[gnu::constructor(101)]] void end_in_order() {
    std::set_terminate([] {
        try {
            if (std::current_exception()) throw;
        } catch (const std::bad_alloc&) {
            constexpr std::string_view line = "pcapline: out of memory\n";
            static_cast<void>(!write(STDERR_FILENO, line.data(), line.size()));
            _exit(exit_output);
        } catch (...) {}
        std::abort();
    });
}

}  // namespace

struct App::Declared {
    CLI::App cli;
    Texts texts;
    std::string group = "Options";
    bool help = false;
    bool version = false;
    std::string generate;

    CLI::Option* noted(CLI::Option* option, const std::string& names, const std::string& metavar, const std::string& help_line) {
        OptionText text;
        text.group = group;
        text.metavar = metavar;
        text.help = help_line;
        text.is_file = metavar == "FILE" || metavar == "DIR";
        std::size_t at = 0;
        while (at <= names.size()) {
            const std::size_t comma = std::min(names.find(',', at), names.size());
            const std::string name = names.substr(at, comma - at);
            (name.starts_with("--") ? text.longs : text.shorts).push_back(name);
            at = comma + 1;
        }
        texts.options.push_back(std::move(text));
        return option;
    }
};

App::App(About about) : declared_(std::make_unique<Declared>()) {
    declared_->texts.about = std::move(about);
    declared_->cli.set_help_flag();
    declared_->cli.allow_windows_style_options(false);
}

App::~App() = default;

const About& App::about() const {
    return declared_->texts.about;
}

void App::group(const std::string& title) {
    declared_->group = title;
}

void App::flag(const std::string& names, bool& to, const std::string& help) {
    declared_->noted(declared_->cli.add_flag(names, to), names, "", help);
}

void App::counted(const std::string& names, int& to, const std::string& help) {
    declared_->noted(declared_->cli.add_flag(names, to), names, "", help);
    declared_->texts.options.back().repeatable = true;
}

void App::value(const std::string& names, std::string& to, const std::string& metavar, const std::string& help) {
    declared_->noted(declared_->cli.add_option(names, to), names, metavar, help);
}

void App::value(const std::string& names, std::optional<std::string>& to, const std::string& metavar, const std::string& help) {
    declared_->noted(declared_->cli.add_option(names, to), names, metavar, help);
}

void App::number(const std::string& names, std::optional<std::uint64_t>& to, const std::string& metavar, const std::string& help) {
    const auto parse = [&to](const std::string& text) {
        std::uint64_t number = 0;
        const bool digits = !text.empty() && text.size() <= 19 && text.find_first_not_of("0123456789") == std::string::npos;
        if (!digits) return false;
        for (const char c : text) number = number * 10 + static_cast<std::uint64_t>(c - '0');
        to = number;
        return true;
    };
    auto* option = declared_->cli.add_option_function<std::string>(names, [parse, names](const std::string& text) {
        if (!parse(text)) throw CLI::ValidationError(names.substr(names.rfind(',') + 1), "'" + text + "' is not a whole number");
    });
    declared_->noted(option, names, metavar, help);
}

void App::choice(const std::string& names, std::string& to, const std::vector<std::string>& words, const std::string& help) {
    auto* option = declared_->cli.add_option(names, to);
    option->check([words](const std::string& word) {
        if (std::find(words.begin(), words.end(), word) != words.end()) return std::string{};
        std::string all;
        for (const std::string& known : words) all += (all.empty() ? "" : ", ") + known;
        return "'" + word + "' is not one of " + all;
    });
    std::string metavar;
    for (const std::string& word : words) metavar += (metavar.empty() ? "" : "|") + word;
    declared_->noted(option, names, metavar, help);
    declared_->texts.options.back().words = words;
}

void App::list(const std::string& names, std::vector<std::string>& to, const std::string& metavar, const std::string& help, bool split) {
    auto* option = declared_->cli.add_option(names, to)->allow_extra_args(false);  // CLI11 would take every word that follows
    if (split) option->delimiter(',');
    declared_->noted(option, names, metavar, help);
    declared_->texts.options.back().repeatable = true;
}

void App::operands(std::vector<std::string>& to, const std::string& help) {
    declared_->cli.add_option("operands", to);
    declared_->texts.operands_help = help;
}

void App::message(const std::string& text) const {
    const std::string line = "pcapline " + about().name + ": " + text + "\n";
    std::fwrite(line.data(), 1, line.size(), stderr);
}

void App::problem(const Error& error) const {
    if (stop_signal() == 0) message(error.message());
}

int App::fail(const Error& error) const {
    message(error.message());
    switch (error.code) {
        case Errc::usage:
        case Errc::input:
            return exit_usage;
        case Errc::damage:
            return exit_partly;
        case Errc::output:
        case Errc::memory:
            return exit_output;
        case Errc::capture:
            return exit_capture;
        case Errc::busy:
            return exit_busy;
    }
    return exit_partly;
}

namespace {

/// Help and version are output too: a full disk is an error.
int print(const App& app, const std::string& text) {
    const auto out = stdout_sink();
    auto done = out->write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    if (done) done = out->finish();
    return done ? exit_done : app.fail(done.error());
}

std::string nearest_option(const Texts& texts, const std::string& given) {
    std::string best;
    std::size_t distance = 3;
    for (const OptionText& option : texts.options) {
        for (const std::string& name : option.longs) {
            const std::size_t d = edit_distance(given.substr(0, given.find('=')), name);
            if (d < distance) {
                distance = d;
                best = name;
            }
        }
    }
    return best;
}

}  // namespace

int App::run(int argc, char** argv, const std::function<int()>& body) {
    Declared& d = *declared_;
    group("Help");
    d.noted(d.cli.add_flag("-h,--help", d.help), "-h,--help", "", "print this page and exit");
    d.noted(d.cli.add_flag("--version", d.version), "--version", "", "print the version and what was built in, and exit");
    d.cli.add_option("--generate", d.generate)->group("");  // hidden: for the build
    try {
        d.cli.parse(argc, argv);
    } catch (const CLI::ExtrasError&) {
        const std::vector<std::string> extras = d.cli.remaining();
        std::string text = "unknown option or word: " + harmless(extras.empty() ? "" : extras.front());
        if (!extras.empty())
            if (const std::string near = nearest_option(d.texts, extras.front()); !near.empty()) text += " (did you mean " + near + "?)";
        message(text + "; --help lists the options");
        return exit_usage;
    } catch (const CLI::ParseError& error) {
        message(harmless(error.what()) + "; --help lists the options");
        return exit_usage;
    }
    try {
        if (d.help) return print(*this, help_text(d.texts));
        if (d.version) return print(*this, version_text());
        if (d.generate == "man") return print(*this, man_page(d.texts));
        if (d.generate == "bash") return print(*this, bash_completion(d.texts));
        if (d.generate == "zsh") return print(*this, zsh_completion(d.texts));
        if (d.generate == "fish") return print(*this, fish_completion(d.texts));
        catch_signals();
        const int code = body();
        return stop_signal() != 0 ? 128 + stop_signal() : code;
    } catch (const std::bad_alloc&) {
        message("out of memory");
        return exit_output;
    }
}

std::string version_text() {
    std::string text = "pcapline " PCAPLINE_VERSION "\n";
    text += "decompression: gzip (" PCAPLINE_GZIP "), bzip2, xz" PCAPLINE_ZSTD PCAPLINE_LZ4 "\n";
    text += "filters: libpcap (BPF)\n";
    return text;
}

}  // namespace pcapline::cli
