// A list of types.
#pragma once

namespace pcapline {

template <class... T>
struct TypeList {};

}  // namespace pcapline
