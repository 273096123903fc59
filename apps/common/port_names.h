// --port-names FILE: the user's names of ports.
#pragma once

#include <optional>
#include <string>

#include "apps/common/app.h"
#include "pcapline/decode/application.h"

namespace pcapline::cli {

/// The names of applications, with those of a file.
class PortNames {
 public:
    /// `names`: of the option.
    void declare(App& app, const std::string& names = "--port-names");
    bool given() const { return file_.has_value(); }
    /// Reads the file, if one was named. Lives as long as this. Errors: Errc::usage (a bad line, a file that cannot be read).
    Result<const Applications*> load();

 private:
    std::optional<std::string> file_;
    std::optional<Applications> applications_;
};

}  // namespace pcapline::cli
