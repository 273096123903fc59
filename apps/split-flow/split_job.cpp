#include "apps/split-flow/split_job.h"

#include <unistd.h>

#include "apps/split-flow/capture_split.h"
#include "apps/split-flow/sequence_split.h"
#include "pcapline/base/text.h"

namespace pcapline::cli {

std::string base_name(const std::string& path) {
    return path == "-" ? "stdin" : path.substr(path.rfind('/') + 1);
}

std::string archive_name(const std::vector<std::string>& inputs) {
    if (inputs.size() != 1 || inputs.front() == "-") return "flows";
    NameValues values;
    values[NamePart::input] = base_name(inputs.front());
    const auto names = NameTemplate::parse("{input}");
    return names ? names->make(values) : "flows";
}

void say_totals(const App& app, const SplitOptions& options, const RunFlags& run, std::uint64_t packets, std::uint64_t files,
                const LeftOut& left_out) {
    if (!options.verbose && (run.quiet() || !isatty(STDERR_FILENO))) return;
    const auto many = [](std::uint64_t count, const std::string& what) {
        return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
    };
    std::string text = many(packets, "packet") + ", " + many(files, options.sequences() ? "session" : "file");
    if (!options.folder.empty()) text += " in " + harmless(options.folder);
    if (left_out.packets() != 0) text += ", " + many(left_out.packets(), "packet") + " left out";
    app.message(text);
}

int run_split(const App& app, InputOptions input, const SplitOptions& options, const RunFlags& run) {
    if (options.sequences()) return SequenceSplit{app, options, run}.run(std::move(input));
    return CaptureSplit{app, options, run}.run(std::move(input));
}

}  // namespace pcapline::cli
