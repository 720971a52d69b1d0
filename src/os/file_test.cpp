// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/file.hpp"

#include "os/clock.hpp"

#include <gtest/gtest.h>

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace viaduct::os {
namespace {

class FileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "viaduct-file-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string path(const char* name) const { return (folder_ / name).string(); }

  std::filesystem::path folder_;
};

TEST_F(FileTest, AppendsAndReadsBack) {
  {
    Result<AppendFile> file = AppendFile::open(path("journal"));
    ASSERT_TRUE(file) << file.error().to_text();
    ASSERT_TRUE(file->append("one\n"));
    ASSERT_TRUE(file->append("two\n"));
    ASSERT_TRUE(file->sync());
    EXPECT_EQ(file->size(), 8U);
  }
  Result<AppendFile> again = AppendFile::open(path("journal"));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->size(), 8U);
  ASSERT_TRUE(again->truncate(4));
  ASSERT_TRUE(again->append("three\n"));
  EXPECT_EQ(read_file(path("journal")).value(), "one\nthree\n");
  struct stat status {};
  ASSERT_EQ(::stat(path("journal").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

// The limit on the file size cuts a write short exactly as a full disk does.
TEST_F(FileTest, ShortWriteLeavesNoHalfRecord) {
  Result<AppendFile> file = AppendFile::open(path("journal"));
  ASSERT_TRUE(file->append("0123456789"));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit tight{16, before.rlim_max};
  ::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  const Result<void> done = file->append("abcdefghij");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  ::signal(SIGXFSZ, SIG_DFL);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Problem::out_of_resources);
  EXPECT_EQ(file->size(), 10U);
  ASSERT_TRUE(file->append("next"));
  EXPECT_EQ(read_file(path("journal")).value(), "0123456789next");
}

TEST_F(FileTest, RefusesLinksAndFolders) {
  std::ofstream(path("target")) << "x";
  std::filesystem::create_symlink(path("target"), path("link"));
  EXPECT_EQ(AppendFile::open(path("link")).error().code, Problem::invalid);
  EXPECT_FALSE(AppendFile::open(folder_.string()));
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  EXPECT_FALSE(AppendFile::open(path("fifo")));
  EXPECT_EQ(AppendFile::open(path("none/journal")).error().to_text(),
            "open " + path("none/journal") + ": No such file or directory. Make the folder first.");
}

TEST_F(FileTest, MakesOneMissingFolder) {
  ASSERT_TRUE(make_folder_of(path("run/socket"), 0750));
  struct stat status {};
  ASSERT_EQ(::stat(path("run").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0750U);
  ASSERT_EQ(::chmod(path("run").c_str(), 0755), 0);
  ASSERT_TRUE(make_folder_of(path("run/socket"), 0750));
  ASSERT_EQ(::stat(path("run").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0755U);  // one that is there stays as it is
  EXPECT_EQ(make_folder_of(path("none/run/socket"), 0750).error().to_text(),
            "make the folder " + path("none/run") + ": No such file or directory. Make the one above it first.");
}

TEST_F(FileTest, ReplaceKeepsOldOrNew) {
  ASSERT_TRUE(replace_file(path("state"), "old"));
  ASSERT_TRUE(replace_file(path("state"), "new content", 0640));
  EXPECT_EQ(read_file(path("state")).value(), "new content");
  struct stat status {};
  ASSERT_EQ(::stat(path("state").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0640U);
  ASSERT_EQ(::mkdir(path("folder").c_str(), 0700), 0);
  std::ofstream(path("folder/x")) << "x";
  EXPECT_FALSE(replace_file(path("folder"), "content"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 2);  // nothing left beside
}

TEST_F(FileTest, ReadHasALimit) {
  std::ofstream(path("big")) << std::string(100'000, 'x');
  EXPECT_EQ(read_file(path("big"), 100'000).value().size(), 100'000U);
  EXPECT_EQ(read_file(path("big"), 99'999).error().code, Problem::too_big);
  EXPECT_EQ(read_file(path("none")).error().code, Problem::not_found);
  EXPECT_FALSE(read_file("/proc/self/status").value().empty());
}

TEST(Clock, TextIsRfc3339) {
  EXPECT_EQ(to_text(WallTime(std::chrono::milliseconds(1'738'324'800'123))), "2025-01-31T12:00:00.123Z");
  EXPECT_EQ(to_text(WallTime()), "1970-01-01T00:00:00.000Z");
}

TEST(Clock, MonotonicNeverGoesBack) {
  const base::Instant first = monotonic_now();
  EXPECT_GT(first, base::Instant{});
  EXPECT_GE(monotonic_now(), first);
  EXPECT_EQ(boot_id().value().size(), 36U);
}

}  // namespace
}  // namespace viaduct::os
