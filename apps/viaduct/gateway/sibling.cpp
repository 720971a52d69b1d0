// SPDX-License-Identifier: GPL-2.0-or-later
#include "gateway/sibling.hpp"

#include <system_error>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace viaduct::client {

int run_sibling(const std::string& program, const std::string& called, const std::vector<std::string>& arguments) {
  std::error_code error;
  std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  std::vector<std::string> candidates;
  if (!error) candidates = {(folder / program).string(), (folder.parent_path() / "sbin" / program).string()};
  candidates.push_back(program);
  std::string name = called;
  std::vector<std::string> words = arguments;
  std::vector<char*> argv{name.data()};
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  int reason = ENOENT;
  for (const std::string& candidate : candidates) {
    ::execvp(candidate.c_str(), argv.data());
    if (errno != ENOENT) reason = errno;
  }
  std::fprintf(stderr, "viaduct: cannot run %s: %s\ninstall it, or put it into the folder of this program\n",
               program.c_str(), std::strerror(reason));
  return 3;
}

}  // namespace viaduct::client
