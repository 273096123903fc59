#include "pcapline/base/time.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <optional>
#include <string>

#include "pcapline/base/digits.h"
#include "pcapline/base/text.h"

namespace pcapline {

namespace {

constexpr std::int64_t seconds_per_day = 86'400;
/// Days from 0000-03-01 (where leap days come last in a year) to 1970-01-01.
constexpr std::int64_t days_before_1970 = 719'468;
constexpr std::uint32_t days_per_400_years = 146'097;
constexpr std::uint32_t days_per_4_years = 1'461;

/// Seconds and the nanoseconds behind them, 0 to 999,999,999, before 1970 too.
struct Split {
    std::int64_t seconds;
    std::uint32_t nanoseconds;
};

Split split(std::int64_t time_ns) {
    std::int64_t seconds = time_ns / ns_per_second;
    std::int64_t rest = time_ns - seconds * ns_per_second;
    if (rest < 0) {
        rest += ns_per_second;
        --seconds;
    }
    return {seconds, static_cast<std::uint32_t>(rest)};
}

constexpr std::size_t date_and_clock_chars = 20;

/// "2024-05-01T08:00:00." of a number of seconds since 1970.
void put_date_and_clock(char* to, std::int64_t seconds_since_1970) {
    // Counted from 0000-03-01, all times of the range are positive.
    const auto seconds = static_cast<std::uint64_t>(seconds_since_1970 + days_before_1970 * seconds_per_day);
    const auto day = static_cast<std::uint32_t>(seconds / seconds_per_day);
    const auto second_of_day = static_cast<std::uint32_t>(seconds - std::uint64_t{day} * seconds_per_day);
    // In quarter days, the year of a century and the century have the same arithmetic.
    const std::uint32_t quarters = 4 * day + 3;
    const std::uint32_t century = quarters / days_per_400_years;
    const std::uint32_t in_century = quarters % days_per_400_years | 3;
    const std::uint32_t year_of_century = in_century / days_per_4_years;
    const std::uint32_t day_of_year = in_century % days_per_4_years / 4;
    const std::uint32_t month = (5 * day_of_year + 2) / 153;  // from March on, months go 31 30 31 30 31: 153 days
    const std::uint32_t day_of_month = day_of_year - (153 * month + 2) / 5 + 1;
    const bool next_year = month >= 10;
    const std::uint32_t year = 100 * century + year_of_century + (next_year ? 1 : 0);

    to = detail::put_4_digits(to, year);
    *to++ = '-';
    to = detail::put_2_digits(to, next_year ? month - 9 : month + 3);
    *to++ = '-';
    to = detail::put_2_digits(to, day_of_month);
    *to++ = 'T';
    to = detail::put_2_digits(to, second_of_day / 3600);
    *to++ = ':';
    to = detail::put_2_digits(to, second_of_day / 60 % 60);
    *to++ = ':';
    to = detail::put_2_digits(to, second_of_day % 60);
    *to = '.';
}

/// The last second that was written: packets come many a second.
struct LastSecond {
    std::int64_t seconds = std::numeric_limits<std::int64_t>::min();
    std::array<char, date_and_clock_chars> text{};
};
thread_local LastSecond last_second;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Takes a text apart from its front.
class Scanner {
 public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    bool done() const { return rest_.empty(); }
    std::string_view rest() const { return rest_; }
    bool take(char c) {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    /// A number of exactly `count` digits (at most 9).
    std::optional<std::int64_t> number(std::size_t count) {
        if (rest_.size() < count) return std::nullopt;
        std::int64_t value = 0;
        for (const char c : rest_.substr(0, count)) {
            if (!is_digit(c)) return std::nullopt;
            value = value * 10 + (c - '0');
        }
        rest_.remove_prefix(count);
        return value;
    }
    /// All digits that stand here; empty if there are none.
    std::string_view digits() {
        const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_digit);
        const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
        rest_.remove_prefix(taken.size());
        return taken;
    }

 private:
    std::string_view rest_;
};

enum class Trouble : std::uint8_t {
    none,
    form,       ///< not written as it should be
    too_fine,   ///< a fraction of a nanosecond
    too_large,  ///< does not fit
};

/// 0.DIGITS * unit, if that is a whole number.
Trouble fraction_of(std::string_view digits, std::uint64_t unit, std::uint64_t& out) {
    while (!digits.empty() && digits.back() == '0') digits.remove_suffix(1);
    // A day is 864 * 10^11 ns and 864 = 2^5 * 27: no fraction of more than 16 digits is whole.
    if (digits.size() > 16) return Trouble::too_fine;
    std::uint64_t value = 0;
    std::uint64_t divisor = 1;
    for (const char c : digits) {
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
        if (unit % 10 == 0) {
            unit /= 10;
        } else {
            divisor *= 10;
        }
    }
    // value < 10^16 and, where digits remain, unit is at most 864; else it is the unit's own part.
    if (value * unit % divisor != 0) return Trouble::too_fine;
    out = value * unit / divisor;
    return Trouble::none;
}

/// DIGITS[.DIGITS] * unit, exactly.
Trouble decimal_number(Scanner& from, std::uint64_t unit, std::uint64_t& out) {
    const std::string_view whole = from.digits();
    if (whole.empty()) return Trouble::form;
    std::string_view fraction;
    if (from.take('.')) {
        fraction = from.digits();
        if (fraction.empty()) return Trouble::form;
    }
    std::uint64_t value = 0;
    for (const char c : whole) {
        if (__builtin_mul_overflow(value, std::uint64_t{10}, &value)) return Trouble::too_large;
        if (__builtin_add_overflow(value, static_cast<std::uint64_t>(c - '0'), &value)) return Trouble::too_large;
    }
    if (__builtin_mul_overflow(value, unit, &value)) return Trouble::too_large;
    std::uint64_t part = 0;
    if (const Trouble trouble = fraction_of(fraction, unit, part); trouble != Trouble::none) return trouble;
    if (__builtin_add_overflow(value, part, &value)) return Trouble::too_large;
    out = value;
    return Trouble::none;
}

constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();

/// `value` with its sign, if 64 bits hold it; the lowest value stays free for no_time.
Trouble with_sign(std::uint64_t value, bool negative, std::int64_t& out) {
    if (value > largest) return Trouble::too_large;
    out = negative ? -static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value);
    return Trouble::none;
}

bool leap(std::int64_t year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

std::int64_t days_in(std::int64_t year, std::int64_t month) {
    constexpr std::array<std::uint8_t, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[static_cast<std::size_t>(month - 1)] + (month == 2 && leap(year) ? 1 : 0);
}

/// Days since 1970 of a date of the Gregorian calendar, from year 1 on.
std::int64_t days_since_1970(std::int64_t year, std::int64_t month, std::int64_t day) {
    if (month < 3) {
        --year;
        month += 12;
    }
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + day - 1 - days_before_1970;
}

/// The zone behind a time of day, in seconds east of Greenwich: nothing, Z or +02:00.
std::optional<std::int64_t> zone(Scanner& from) {
    if (from.done() || from.take('Z')) return 0;
    const bool east = from.take('+');
    if (!east && !from.take('-')) return std::nullopt;
    const auto hours = from.number(2);
    if (!hours || !from.take(':')) return std::nullopt;
    const auto minutes = from.number(2);
    if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    const std::int64_t seconds = *hours * 3600 + *minutes * 60;
    return east ? seconds : -seconds;
}

/// "2024-05-01" or "2024-05-01T08:00[:00[.123456789]][Z|+02:00]".
Trouble calendar_time(Scanner from, std::int64_t& out) {
    const auto year = from.number(4);
    if (!year || !from.take('-')) return Trouble::form;
    const auto month = from.number(2);
    if (!month || !from.take('-')) return Trouble::form;
    const auto day = from.number(2);
    if (!day || *year < 1 || *month < 1 || *month > 12 || *day < 1 || *day > days_in(*year, *month)) return Trouble::form;
    std::int64_t seconds = days_since_1970(*year, *month, *day) * seconds_per_day;
    std::uint64_t nanoseconds = 0;
    if (!from.done()) {
        if (!from.take('T') && !from.take(' ')) return Trouble::form;
        const auto hour = from.number(2);
        if (!hour || *hour > 23 || !from.take(':')) return Trouble::form;
        const auto minute = from.number(2);
        if (!minute || *minute > 59) return Trouble::form;
        seconds += *hour * 3600 + *minute * 60;
        if (from.take(':')) {
            const auto second = from.number(2);
            if (!second || *second > 59) return Trouble::form;
            seconds += *second;
            if (from.take('.')) {
                const std::string_view fraction = from.digits();
                if (fraction.empty()) return Trouble::form;
                if (const auto trouble = fraction_of(fraction, ns_per_second, nanoseconds); trouble != Trouble::none) return trouble;
            }
        }
        const auto east = zone(from);
        if (!east || !from.done()) return Trouble::form;
        seconds -= *east;
    }
    // Before 1970 one second is lent to the nanoseconds: the first second of the range would overflow.
    auto rest = static_cast<std::int64_t>(nanoseconds);
    if (seconds < 0) {
        ++seconds;
        rest -= ns_per_second;
    }
    if (__builtin_mul_overflow(seconds, ns_per_second, &out)) return Trouble::too_large;
    if (__builtin_add_overflow(out, rest, &out)) return Trouble::too_large;
    return out == no_time ? Trouble::too_large : Trouble::none;
}

/// "@1714550400.5", "-" allowed behind the "@" only: "-10m" is a distance.
Trouble epoch_time(Scanner from, std::int64_t& out) {
    const bool negative = from.take('@') && from.take('-');
    std::uint64_t value = 0;
    if (const Trouble trouble = decimal_number(from, ns_per_second, value); trouble != Trouble::none) return trouble;
    if (!from.done()) return Trouble::form;
    return with_sign(value, negative, out);
}

struct Unit {
    std::string_view name;
    std::uint64_t size;
};

constexpr std::uint64_t second = ns_per_second;
constexpr std::array<Unit, 8> durations = {{{"", second},
                                            {"s", second},
                                            {"ms", second / 1000},
                                            {"us", second / 1'000'000},
                                            {"ns", 1},
                                            {"m", 60 * second},
                                            {"h", 3600 * second},
                                            {"d", 86'400 * second}}};
constexpr std::array<Unit, 10> sizes = {{{"", 1},
                                         {"k", 1'000},
                                         {"K", 1'000},
                                         {"M", 1'000'000},
                                         {"G", 1'000'000'000},
                                         {"T", 1'000'000'000'000},
                                         {"Ki", 1ULL << 10},
                                         {"Mi", 1ULL << 20},
                                         {"Gi", 1ULL << 30},
                                         {"Ti", 1ULL << 40}}};

template <class Units>
const Unit* find_unit(const Units& units, std::string_view name) {
    const auto found = std::find_if(units.begin(), units.end(), [&](const Unit& unit) { return unit.name == name; });
    return found == units.end() ? nullptr : &*found;
}

Error usage(std::string_view complaint, std::string_view text, std::string_view help) {
    std::string what(complaint);
    what += ": \"";
    what += harmless(text);
    what += "\" (";
    what += help;
    what += ')';
    return {Errc::usage, what};
}

constexpr std::string_view duration_help = "write 10, 1.5m or 250ms; units are ns us ms s m h d";
constexpr std::string_view size_help = "write 1500, 64KiB or 10M; units are k M G T and Ki Mi Gi Ti";
constexpr std::string_view time_help = "write 2024-05-01, 2024-05-01T08:00:00.5Z, @1714550400.5, +10m or -10m";

Error complain(Trouble trouble, std::string_view kind, std::string_view text, std::string_view help) {
    switch (trouble) {
        case Trouble::too_fine:
            return usage("finer than a nanosecond", text, help);
        case Trouble::too_large:
            return usage("outside the range of " + std::string(kind) + "s", text, help);
        default:
            return usage("not a " + std::string(kind), text, help);
    }
}

}  // namespace

char* put_iso_time(char* to, std::int64_t time_ns) {
    const Split time = split(time_ns);
    LastSecond& last = last_second;
    if (last.seconds != time.seconds) {
        put_date_and_clock(last.text.data(), time.seconds);
        last.seconds = time.seconds;
    }
    std::memcpy(to, last.text.data(), date_and_clock_chars);
    to = detail::put_9_digits(to + date_and_clock_chars, time.nanoseconds);
    *to = 'Z';
    return to + 1;
}

char* put_epoch(char* to, std::int64_t time_ns) {
    auto distance = static_cast<std::uint64_t>(time_ns);
    if (time_ns < 0) {
        *to++ = '-';
        distance = 0 - distance;
    }
    return put_fixed(to, distance, 9);
}

Result<TimeSpec> parse_time(std::string_view text) {
    TimeSpec spec;
    if (text.starts_with('+') || text.starts_with('-')) {
        auto distance = parse_duration(text.substr(1));
        if (!distance) return usage("not a distance in time", text, time_help);
        spec.kind = text.front() == '+' ? TimeSpec::Kind::after_first : TimeSpec::Kind::before_last;
        spec.ns = *distance;
        return spec;
    }
    const bool calendar = !text.starts_with('@') && text.find('-') != std::string_view::npos;
    const Trouble trouble = calendar ? calendar_time(Scanner(text), spec.ns) : epoch_time(Scanner(text), spec.ns);
    if (trouble != Trouble::none) return complain(trouble, "time", text, time_help);
    return spec;
}

Result<std::int64_t> parse_duration(std::string_view text, bool negative) {
    Scanner from(text);
    const bool minus = negative && from.take('-');
    if (negative && !minus) from.take('+');
    const std::string_view number = from.rest();
    Scanner behind(number);
    static_cast<void>(behind.digits());
    if (behind.take('.')) static_cast<void>(behind.digits());
    const Unit* const unit = find_unit(durations, behind.rest());
    std::uint64_t value = 0;
    std::int64_t duration = 0;
    Trouble trouble = unit == nullptr ? Trouble::form : decimal_number(from, unit->size, value);
    if (trouble == Trouble::none) trouble = with_sign(value, minus, duration);
    if (trouble != Trouble::none) return complain(trouble, "duration", text, duration_help);
    return duration;
}

Result<std::uint64_t> parse_size(std::string_view text) {
    Scanner from(text);
    Scanner behind(text);
    static_cast<void>(behind.digits());
    std::string_view name = behind.rest();
    if (name.ends_with('B')) name.remove_suffix(1);
    const Unit* const unit = find_unit(sizes, name);
    std::uint64_t value = 0;
    const Trouble trouble = unit == nullptr ? Trouble::form : decimal_number(from, unit->size, value);
    if (trouble != Trouble::none) return complain(trouble, "size", text, size_help);
    return value;
}

}  // namespace pcapline
