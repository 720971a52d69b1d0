// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/sources.hpp"

#include <functional>
#include <string>

namespace viaduct::app::audit {

/// Whether the octets begin as those of an archive or of a packed file do: gzip, zip, bzip2, xz, zstd, tar.
[[nodiscard]] bool packed(const std::string& octets);

/// Hands out each file of an archive, and of archives in it, four deep; a backup of OpenWrt as one text
/// (device_files.hpp). What cannot be read is handed out with its problem: a broken archive, one without
/// files, one that unpacks to more than a gigabyte or holds more than 100 000 files.
void unpack(const std::string& name, const std::string& octets, const std::function<void(Source)>& take);

/// The source as it is, or why it is too long to be a configuration.
[[nodiscard]] Source checked(Source source);

}  // namespace viaduct::app::audit
