// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/octets.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace viaduct::app {

Octets read_octets(const std::string& file) {
  std::FILE* stream = file == "-" ? stdin : std::fopen(file.c_str(), "rb");
  if (stream == nullptr) return {"", std::strerror(errno)};
  Octets octets;
  std::array<char, 65536> piece;
  while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), stream))
    octets.bytes.append(piece.data(), size);
  if (std::ferror(stream) != 0) octets.error = std::strerror(errno);
  if (stream != stdin) std::fclose(stream);
  return octets;
}

}  // namespace viaduct::app
