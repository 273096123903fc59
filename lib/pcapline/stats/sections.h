// Sections: which parts of a report are asked for.
#pragma once

namespace pcapline {

/// In the order of the report.
struct Sections {
    bool summary = false;
    bool files = false;
    bool protocols = false;
    bool layers = false;
    bool applications = false;
    bool endpoints = false;
    bool ports = false;
    bool lengths = false;
    bool tcp = false;
    bool damage = false;

    /// Something of them needs packets to be decoded.
    bool decodes() const { return summary || protocols || layers || details(); }
    /// Something of them needs more than sums of what a glance tells.
    bool details() const { return applications || endpoints || ports || tcp; }
    int count() const { return summary + files + protocols + layers + applications + endpoints + ports + lengths + tcp + damage; }
};

}  // namespace pcapline
