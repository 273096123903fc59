// OutputFolder: files in one folder, and nothing outside of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "pcapline/base/result.h"
#include "pcapline/io/descriptor.h"
#include "pcapline/io/sink.h"

namespace pcapline {

/// A folder, held by its descriptor: what happens to its name later changes nothing. Symbolic links are never followed, existing files
/// only replaced if that was allowed, and then only regular ones. All errors are Errc::output.
class OutputFolder {
 public:
    /// Creates it if there is none (its parent must be there). A symbolic link is refused.
    static Result<OutputFolder> open(const std::string& path, bool force);

    /// A new file, for writing.
    Result<Descriptor> create(const std::string& name) const;
    /// A file that create() has made and to which `size` bytes were written, for more.
    Result<Descriptor> reopen(const std::string& name, std::uint64_t size) const;
    Result<void> remove(const std::string& name) const;
    /// A file that has its name only when it is whole. The folder must outlive it.
    Result<std::unique_ptr<Sink>> sink(const std::string& name) const;
    const std::string& path() const { return path_; }
    /// For messages.
    std::string path_of(const std::string& name) const { return path_ + (path_.ends_with('/') ? "" : "/") + name; }

 private:
    class WholeFile;
    OutputFolder(Descriptor folder, std::string path, bool force) : folder_(std::move(folder)), path_(std::move(path)), force_(force) {}
    Result<void> check_free(const std::string& name) const;

    Descriptor folder_;
    std::string path_;
    bool force_ = false;
};

}  // namespace pcapline
