// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/message_diff.hpp"

#include "base/text.hpp"
#include "diagnose/sides/pieces.hpp"

#include <algorithm>
#include <span>

namespace viaduct::diagnose::sides {
namespace {

/// Items of two lists, in the order of both. `first` or `second` is kNone for what has no partner.
struct Step {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::size_t first = kNone;
  std::size_t second = kNone;
};

constexpr std::size_t kMostCells = 1U << 17;
constexpr int kEqual = 1000;

/// The pairing without crossings that has the highest sum of `worth(i, j)`; what is worth nothing is not paired.
template <class Worth>
[[nodiscard]] std::vector<Step> paired(std::size_t rows, std::size_t columns, Worth worth) {
  std::vector<int> best((rows + 1) * (columns + 1), 0);
  std::vector<int> pair(rows * columns, 0);
  const auto cell = [columns](std::size_t i, std::size_t j) { return i * (columns + 1) + j; };
  for (std::size_t i = rows; i-- > 0;) {
    for (std::size_t j = columns; j-- > 0;) {
      const int both = worth(i, j);
      pair[i * columns + j] = both;
      best[cell(i, j)] =
          std::max({best[cell(i + 1, j)], best[cell(i, j + 1)], both > 0 ? both + best[cell(i + 1, j + 1)] : 0});
    }
  }
  std::vector<Step> steps;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < rows || j < columns) {
    const int both = i < rows && j < columns ? pair[i * columns + j] : 0;
    if (both > 0 && best[cell(i, j)] == both + best[cell(i + 1, j + 1)])
      steps.push_back({i++, j++});
    else if (j == columns || (i < rows && best[cell(i, j)] == best[cell(i + 1, j)]))
      steps.push_back({i++, Step::kNone});
    else
      steps.push_back({Step::kNone, j++});
  }
  return steps;
}

[[nodiscard]] std::size_t common_head(Bytes a, Bytes b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

/// Octets that two texts share at their ends.
[[nodiscard]] std::size_t shared(Bytes a, Bytes b) {
  const std::size_t head = common_head(a, b);
  const std::size_t most = std::min(a.size(), b.size()) - head;
  std::size_t tail = 0;
  while (tail < most && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  return head + tail;
}

[[nodiscard]] int likeness(Bytes a, Bytes b) {
  if (a == b) return kEqual;
  const std::size_t longest = std::max<std::size_t>({a.size(), b.size(), 1});
  return 400 + static_cast<int>(400 * shared(a, b) / longest);
}

[[nodiscard]] bool unnamed(Part part) {
  return part == Part::glue || part == Part::blanks || part == Part::line_end || part == Part::name;
}

class Differ {
 public:
  Differ(Bytes before, Bytes after) : before_(before), after_(after) {}

  std::vector<FieldChange> run() {
    const std::vector<Line> first = lines_of(before_);
    const std::vector<Line> second = lines_of(after_);
    std::size_t head = 0;
    while (head < first.size() && head < second.size() && same(first[head], second[head])) ++head;
    std::size_t tail = 0;
    while (tail < first.size() - head && tail < second.size() - head &&
           same(first[first.size() - 1 - tail], second[second.size() - 1 - tail]))
      ++tail;
    lines(std::span(first).subspan(head, first.size() - head - tail),
          std::span(second).subspan(head, second.size() - head - tail));
    join_rest();
    mark_moved();
    return std::move(changes_);
  }

 private:
  [[nodiscard]] bool same(const Line& a, const Line& b) const {
    return a.field.place == b.field.place && a.range.of(before_) == b.range.of(after_);
  }

  void lines(std::span<const Line> first, std::span<const Line> second) {
    if (first.empty() && second.empty()) return;
    start(first.empty() ? nullptr : &first.front(), second.empty() ? nullptr : &second.front());
    if (first.size() * second.size() > kMostCells) return rest(first, second);
    const auto worth = [&](std::size_t i, std::size_t j) {
      if (!same_field(first[i].field, second[j].field)) return 0;
      return likeness(first[i].range.of(before_), second[j].range.of(after_));
    };
    for (const Step& step : paired(first.size(), second.size(), worth)) {
      if (step.first == Step::kNone)
        change(second[step.second].field, 0, second[step.second].range.length);
      else if (step.second == Step::kNone)
        change(first[step.first].field, first[step.first].range.length, 0);
      else
        line(first[step.first], second[step.second]);
    }
  }

  /// Where the first difference is on both sides: before it all is the same.
  void start(const Line* first, const Line* second) {
    const std::size_t head = first != nullptr ? first->range.offset : second != nullptr ? second->range.offset : 0;
    at_before_ = at_after_ = static_cast<std::uint32_t>(head);
  }

  void rest(std::span<const Line> first, std::span<const Line> second) {
    change(Field{}, first.back().range.end() - at_before_, second.back().range.end() - at_after_);
  }

  void line(const Line& first, const Line& second) {
    if (first.range.of(before_) == second.range.of(after_)) return pass(first.range.length);
    const std::vector<Piece> left = pieces_of(before_, first);
    const std::vector<Piece> right = pieces_of(after_, second);
    if (left.size() * right.size() > kMostCells) return change(first.field, first.range.length, second.range.length);
    const auto worth = [&](std::size_t i, std::size_t j) {
      if (!same_field(left[i].field, right[j].field)) return 0;
      const bool equal = left[i].range.of(before_) == right[j].range.of(after_);
      return unnamed(left[i].field.part) ? (equal ? 50 : 10)
                                         : likeness(left[i].range.of(before_), right[j].range.of(after_));
    };
    for (const Step& step : paired(left.size(), right.size(), worth)) {
      if (step.first == Step::kNone)
        change(right[step.second].field, 0, right[step.second].range.length);
      else if (step.second == Step::kNone)
        change(left[step.first].field, left[step.first].range.length, 0);
      else
        piece(left[step.first], right[step.second]);
    }
  }

  void piece(const Piece& first, const Piece& second) {
    const Bytes left = first.range.of(before_);
    const Bytes right = second.range.of(after_);
    if (left == right) return pass(first.range.length);
    // Of a parameter with a value on both sides the value alone is named, of free text the words that differ.
    std::size_t head = 0;
    if (first.field.part == Part::parameter) {
      const std::size_t sign = left.find('=');
      if (sign != Bytes::npos && right.substr(0, sign + 1) == left.substr(0, sign + 1)) head = sign + 1;
    }
    std::size_t tail = 0;
    if (first.field.part == Part::whole) {
      head = common_head(left, right);
      tail = shared(left, right) - head;
      while (head > 0 && base::kAlphanum.contains(left[head - 1])) --head;
      while (tail > 0 && base::kAlphanum.contains(left[left.size() - tail])) --tail;
    }
    pass(head);
    change(first.field, left.size() - head - tail, right.size() - head - tail);
    pass(tail);
  }

  void pass(std::size_t length) {
    at_before_ += static_cast<std::uint32_t>(length);
    at_after_ += static_cast<std::uint32_t>(length);
  }

  void change(const Field& field, std::size_t before, std::size_t after) {
    FieldChange one{field, base::between(at_before_, at_before_ + before), base::between(at_after_, at_after_ + after)};
    at_before_ = one.before.end();
    at_after_ = one.after.end();
    // The colon before a port that was put in is part of that change.
    if (!changes_.empty() && changes_.back().field.part == Part::glue && touch(changes_.back(), one))
      join(changes_.back(), one, field);
    else
      changes_.push_back(one);
  }

  /// What stands between named parts belongs to the one before it, where it did not go to the one behind.
  void join_rest() {
    std::vector<FieldChange> all;
    for (const FieldChange& one : changes_) {
      if (!all.empty() && one.field.part == Part::glue && touch(all.back(), one))
        join(all.back(), one, all.back().field);
      else
        all.push_back(one);
    }
    changes_ = std::move(all);
  }

  static void join(FieldChange& last, const FieldChange& next, const Field& field) {
    last.field = field;
    last.before = base::between(last.before.offset, next.before.end());
    last.after = base::between(last.after.offset, next.after.end());
  }

  /// Nothing lies between them, and they are of one line.
  [[nodiscard]] static bool touch(const FieldChange& last, const FieldChange& next) {
    return last.before.end() == next.before.offset && last.after.end() == next.after.offset &&
           last.field.place == next.field.place && last.field.header == next.field.header &&
           last.field.line == next.field.line;
  }

  /// A line that went here and came there was moved.
  void mark_moved() {
    for (FieldChange& out : changes_) {
      if (out.field.part != Part::whole || out.after.length > 0 || out.moved) continue;
      for (FieldChange& in : changes_) {
        if (in.before.length > 0 || in.moved || in.field.part != Part::whole) continue;
        if (!same_field(in.field, out.field) || in.after.of(after_) != out.before.of(before_)) continue;
        in.moved = out.moved = true;
        break;
      }
    }
  }

  Bytes before_;
  Bytes after_;
  std::uint32_t at_before_ = 0;
  std::uint32_t at_after_ = 0;
  std::vector<FieldChange> changes_;
};

}  // namespace

std::vector<FieldChange> diff(Bytes before, Bytes after) {
  if (before == after) return {};
  return Differ(before, after).run();
}

std::string text(const FieldChange& change) {
  const char* const what = change.moved                ? " moved"
                           : change.before.length == 0 ? " added"
                           : change.after.length == 0  ? " removed"
                                                       : "";
  return text(change.field) + what;
}

}  // namespace viaduct::diagnose::sides
