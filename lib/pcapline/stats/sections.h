// Sections: which parts of a report are asked for.
#pragma once

namespace pcapline {

struct Sections {
    bool summary = false;
    bool files = false;
    bool protocols = false;
    bool layers = false;
    bool endpoints = false;
    bool ports = false;
    bool lengths = false;
    bool damage = false;

    /// Something of them needs packets to be decoded.
    bool decodes() const { return summary || protocols || layers || endpoints || ports; }
    int count() const { return summary + files + protocols + layers + endpoints + ports + lengths + damage; }
};

}  // namespace pcapline
