// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/octets.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace viaduct::app {
namespace {

[[nodiscard]] Octets read_all(std::FILE* stream) {
  Octets octets;
  std::array<char, 65536> piece;
  std::size_t size = 0;
  do {  // less than was asked for is the end, or an error
    size = std::fread(piece.data(), 1, piece.size(), stream);
    octets.bytes.append(piece.data(), size);
  } while (size == piece.size());
  if (std::ferror(stream) != 0) octets.error = std::strerror(errno);
  return octets;
}

}  // namespace

Octets read_octets(const std::string& file) {
  if (file == "-") return read_all(stdin);
  std::FILE* const stream = std::fopen(file.c_str(), "rb");
  if (stream == nullptr) return {"", std::strerror(errno)};
  Octets octets = read_all(stream);
  std::fclose(stream);
  return octets;
}

}  // namespace viaduct::app
