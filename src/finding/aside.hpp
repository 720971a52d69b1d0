// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <utility>

namespace viaduct::finding {

/// An optional value that takes the room of a pointer: for what few of many have. Copies are deep.
template <class T>
class Aside {
 public:
  Aside() = default;
  Aside(std::nullopt_t) {}  // NOLINT(google-explicit-constructor): as the next, it is what std::optional has
  Aside(T value) : value_(std::make_unique<T>(std::move(value))) {}  // NOLINT(google-explicit-constructor)
  Aside(const Aside& other) : value_(other ? std::make_unique<T>(*other) : nullptr) {}
  Aside(Aside&&) noexcept = default;
  Aside& operator=(Aside other) noexcept {
    value_ = std::move(other.value_);
    return *this;
  }
  ~Aside() = default;

  explicit operator bool() const { return value_ != nullptr; }
  [[nodiscard]] T value_or(T other) const { return value_ ? *value_ : std::move(other); }
  void reset() { value_.reset(); }
  [[nodiscard]] T& operator*() const { return *value_; }
  [[nodiscard]] T* operator->() const { return value_.get(); }

  friend bool operator==(const Aside& a, const Aside& b) { return a && b ? *a == *b : !a && !b; }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace viaduct::finding
