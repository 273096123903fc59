// --help, the man page and the completions, from the declared options.
#include <algorithm>
#include <sstream>

#include "apps/common/declared.h"
#include "apps/common/version.h"

namespace pcapline::cli {
namespace {

std::string joined(const std::vector<std::string>& words, const std::string& between) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
    return text;
}

std::vector<std::string> names_of(const OptionText& option) {
    std::vector<std::string> names = option.shorts;
    names.insert(names.end(), option.longs.begin(), option.longs.end());
    return names;
}

std::vector<std::string> groups_of(const Texts& texts) {
    std::vector<std::string> groups;
    for (const OptionText& option : texts.options)
        if (std::find(groups.begin(), groups.end(), option.group) == groups.end()) groups.push_back(option.group);
    return groups;
}

/// Breaks `text` at blanks into lines of at most `width`.
std::vector<std::string> wrapped(const std::string& text, std::size_t width) {
    std::vector<std::string> lines{""};
    std::istringstream words{text};
    for (std::string word; words >> word;) {
        if (!lines.back().empty() && lines.back().size() + 1 + word.size() > width) lines.emplace_back();
        lines.back() += (lines.back().empty() ? "" : " ") + word;
    }
    return lines;
}

/// Escapes for roff: backslash, leading dots and quotes, and the minus of options.
std::string roff(const std::string& text) {
    std::string escaped;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\') {
            escaped += "\\e";
        } else if (c == '-') {
            escaped += "\\-";
        } else if ((c == '.' || c == '\'') && (i == 0 || text[i - 1] == '\n')) {
            escaped += "\\&";
            escaped += c;
        } else if (c == '\'') {
            escaped += "\\(aq";
        } else if (c == '`') {
            escaped += "\\(ga";
        } else if (c == '~') {
            escaped += "\\(ti";
        } else if (c == '^') {
            escaped += "\\(ha";
        } else {
            escaped += c;
        }
    }
    return escaped;
}

std::string single_quoted(const std::string& text) {
    std::string quoted = "'";
    for (const char c : text) quoted += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
    return quoted + "'";
}

std::string command_name(const Texts& texts) {
    return texts.about.name.empty() ? "pcapline" : "pcapline-" + texts.about.name;
}

std::string identifier(std::string name) {
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

}  // namespace

std::string help_text(const Texts& texts) {
    const About& about = texts.about;
    std::string text = "Usage: pcapline " + about.name + " " + about.usage + "\n" + about.summary + ".\n";
    for (const std::string& group : groups_of(texts)) {
        text += "\n" + group + ":\n";
        for (const OptionText& option : texts.options) {
            if (option.group != group) continue;
            std::string line = "  " + (option.shorts.empty() ? std::string(4, ' ') : std::string{}) + joined(names_of(option), ", ");
            if (!option.metavar.empty()) line += " " + option.metavar;
            constexpr std::size_t column = 30;
            const std::vector<std::string> help = wrapped(option.help, 78 - 4 + 20 - column);
            if (line.size() + 2 > column) {
                text += line + "\n";
                line.clear();
            }
            for (const std::string& part : help) {
                line.resize(std::max(line.size(), column), ' ');
                text += line + part + "\n";
                line.clear();
            }
        }
    }
    text += "\nExamples:\n";
    for (const Example& example : about.examples) text += "  " + example.command + "\n      " + example.what + "\n";
    return text;
}

std::string man_page(const Texts& texts) {
    const About& about = texts.about;
    const std::string name = command_name(texts);
    std::string upper = name;
    std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    std::string text = ".\\\" Written by " + name + " --generate man; do not edit.\n";
    text += ".TH " + roff(upper) + " 1 \"\" \"pcapline " PCAPLINE_VERSION "\" \"User Commands\"\n";
    text += ".SH NAME\n" + roff(name) + " \\- " + roff(about.summary) + "\n";
    text += ".SH SYNOPSIS\n.B pcapline" + (about.name.empty() ? std::string{} : " " + roff(about.name)) + "\n" + roff(about.usage) + "\n";
    text += ".SH DESCRIPTION\n";
    std::istringstream description{about.description};
    bool paragraph = false;
    for (std::string line; std::getline(description, line);) {
        if (line.empty()) {
            paragraph = true;
            continue;
        }
        if (paragraph) text += ".PP\n";
        paragraph = false;
        for (const std::string& part : wrapped(line, 78)) text += roff(part) + "\n";
    }
    text += ".SH OPTIONS\n";
    if (!texts.operands_help.empty()) {
        text += ".TP\n.I FILE\n";
        for (const std::string& part : wrapped(texts.operands_help, 78)) text += roff(part) + "\n";
    }
    for (const std::string& group : groups_of(texts)) {
        text += ".SS " + roff(group) + "\n";
        for (const OptionText& option : texts.options) {
            if (option.group != group) continue;
            std::string head;
            for (const std::string& one : names_of(option)) head += (head.empty() ? "\\fB" : ", \\fB") + roff(one) + "\\fR";
            if (!option.metavar.empty()) head += " \\fI" + roff(option.metavar) + "\\fR";
            text += ".TP\n" + head + "\n";
            for (const std::string& part : wrapped(option.help, 78)) text += roff(part) + "\n";
        }
    }
    text += ".SH EXIT STATUS\n";
    for (const auto& [code, meaning] : std::initializer_list<std::pair<const char*, const char*>>{
             {"0", "Done; every byte of the output was accepted."},
             {"1", "Done, but some input was damaged, skipped or unreadable; what was printed is right for the rest."},
             {"2", "Wrong usage, or no input gave a readable capture header: nothing was done."},
             {"3", "The output failed (disk full, file exists, closed descriptor), or out of memory."},
             {"5", "Nothing matched, and \\fB\\-\\-exit\\-empty\\fR was given."},
             {"128+n", "Ended by signal n; a closed pipe ends the command by SIGPIPE (141)."}})
        text += std::string{".TP\n.B "} + code + "\n" + meaning + "\n";
    text += ".SH EXAMPLES\n";
    for (const Example& example : about.examples) text += ".TP\n.B " + roff(example.command) + "\n" + roff(example.what) + "\n";
    text += ".SH SEE ALSO\n";
    text += (about.name.empty() ? std::string{} : std::string{"\\fBpcapline\\fR(1)"});
    if (!about.see_also.empty()) text += (about.name.empty() ? "" : ", ") + roff(about.see_also);
    return text + "\n";
}

std::string bash_completion(const Texts& texts) {
    const std::string name = command_name(texts);
    const std::string function = "_" + identifier(name);
    std::string all;
    std::string cases;
    for (const OptionText& option : texts.options) {
        for (const std::string& one : names_of(option)) all += (all.empty() ? "" : " ") + one;
        if (option.metavar.empty()) continue;
        cases += "        " + joined(names_of(option), "|") + ")\n";
        if (!option.words.empty()) {
            cases += "            mapfile -t COMPREPLY < <(compgen -W \"" + joined(option.words, " ") + "\" -- \"$cur\")\n";
        } else if (option.is_file) {
            cases += "            mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n";
        } else if (option.metavar == "FIELD") {
            cases +=
                "            mapfile -t COMPREPLY < <(compgen -W \"$(" + name + " --list-fields 2>/dev/null | cut -f1)\" -- \"$cur\")\n";
        } else {
            cases += "            COMPREPLY=()\n";
        }
        cases += "            return ;;\n";
    }
    return "# Written by " + name + " --generate bash; do not edit.\n" + function +
           "() {\n    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n" + "    case $prev in\n" + cases +
           "    esac\n    if [[ $cur == -* ]]; then\n        mapfile -t COMPREPLY < <(compgen -W \"" + all +
           "\" -- \"$cur\")\n    else\n        mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n    fi\n}\ncomplete -o filenames -F " +
           function + " " + name + "\n";
}

std::string zsh_completion(const Texts& texts) {
    const std::string name = command_name(texts);
    std::string text = "#compdef " + name + "\n# Written by " + name + " --generate zsh; do not edit.\n_arguments -s \\\n";
    for (const OptionText& option : texts.options) {
        const std::vector<std::string> names = names_of(option);
        std::string help = option.help;
        for (const char c : {'[', ']', ':'}) std::replace(help.begin(), help.end(), c, ' ');
        std::string action;
        if (!option.metavar.empty()) {
            action = ":" + (option.words.empty() ? option.metavar : std::string{"word"}) + ":";
            if (!option.words.empty()) action += "(" + joined(option.words, " ") + ")";
            if (option.is_file) action += "_files";
            if (option.metavar == "FIELD") action += "(${(f)\"$(" + name + " --list-fields 2>/dev/null | cut -f1)\"})";
        }
        for (const std::string& one : names) {
            std::string spec = option.repeatable ? "*" : "(" + joined(names, " ") + ")";
            spec.append(one).append("[").append(help).append("]").append(action);
            text.append("  ").append(single_quoted(spec)).append(" \\\n");
        }
    }
    return text + "  '*:file:_files'\n";
}

std::string fish_completion(const Texts& texts) {
    const std::string name = command_name(texts);
    std::string text = "# Written by " + name + " --generate fish; do not edit.\n";
    for (const OptionText& option : texts.options) {
        std::string line = "complete -c " + name;
        for (const std::string& one : option.shorts) line += " -s " + one.substr(1);
        for (const std::string& one : option.longs) line += " -l " + one.substr(2);
        if (!option.metavar.empty()) line += option.is_file ? " -r -F" : " -x";
        if (!option.words.empty()) line += " -a " + single_quoted(joined(option.words, " "));
        if (option.metavar == "FIELD") line += " -a '(" + name + " --list-fields 2>/dev/null | cut -f1)'";
        text += line + " -d " + single_quoted(option.help) + "\n";
    }
    return text;
}

}  // namespace pcapline::cli
