// The options of a command as data: what the parser, --help, the man page and the completions are made from.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "apps/common/app.h"

namespace pcapline::cli {

struct OptionText {
    std::string group;
    std::vector<std::string> shorts;  ///< "-w"
    std::vector<std::string> longs;   ///< "--write"
    std::string metavar;              ///< empty: a flag
    std::string help;
    std::vector<std::string> words;  ///< choices
    bool repeatable = false;
    bool is_file = false;  ///< the value is a path
};

struct Texts {
    About about;
    std::vector<OptionText> options;
    std::string operands_help;
};

std::string help_text(const Texts& texts);
std::string man_page(const Texts& texts);
std::string bash_completion(const Texts& texts);
std::string zsh_completion(const Texts& texts);
std::string fish_completion(const Texts& texts);

}  // namespace pcapline::cli
