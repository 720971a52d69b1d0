// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/extract.hpp"

#include "analyze/call_selector.hpp"
#include "analyze/frame_times.hpp"
#include "analyze/masked_frames.hpp"
#include "capture/reader.hpp"
#include "capture/unwrapper.hpp"
#include "capture/writer.hpp"

#include <system_error>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <optional>
#include <set>

namespace viaduct::app::analyze {
namespace {

/// Finds the frames of a call in one input. A message is known as one of the call only once all of it is there, hence
/// frames are noted here, and written when the input is read once more.
class Finder final : public capture::Receiver {
 public:
  /// `names`, if there are any to be masked, learns those of the messages.
  Finder(const CallSelector& selector, finding::Anonymiser* names) : selector_(selector), names_(names) {}

  void arrived(const capture::Arrival& arrival) override {
    const CallSelector::Part part = selector_.part(arrival);
    if (part == CallSelector::Part::none) return;
    if (part == CallSelector::Part::message && names_ != nullptr) names_->learn(arrival.octets);
    frames_.insert(frames_.end(), arrival.frames.begin(), arrival.frames.end());
  }
  void other(const capture::Record&, base::Bytes, const capture::Packet&) override {}
  void incomplete(const capture::FragmentTable::Incomplete&) override {}
  void stream_lost(const capture::StreamEnds&, std::optional<sip::FrameProblem>, base::Bytes, std::uint64_t) override {}

  /// Ascending.
  [[nodiscard]] std::vector<std::uint64_t> take_frames() {
    std::sort(frames_.begin(), frames_.end());
    frames_.erase(std::unique(frames_.begin(), frames_.end()), frames_.end());
    return std::move(frames_);
  }

 private:
  const CallSelector& selector_;
  finding::Anonymiser* names_;
  std::vector<std::uint64_t> frames_;
};

/// The frames of the call in one input.
struct Selection {
  const Input* input = nullptr;
  CallSelector selector;
  std::vector<std::uint64_t> frames;  ///< ascending
};

/// Hands each selected record to `take`, or all up to the last of them; the error is a sentence.
template <class Take>
[[nodiscard]] std::expected<void, std::string> for_each(const Selection& selection, Take take, bool all = false) {
  std::expected<capture::CaptureReader, int> reader = capture::CaptureReader::open(selection.input->path);
  if (!reader)
    return std::unexpected("cannot read " + selection.input->path + " again: " + std::strerror(reader.error()));
  auto next = selection.frames.begin();
  for (capture::Record record; next != selection.frames.end() && reader->next(record);) {
    const bool selected = record.number == *next;
    if (selected) ++next;
    if (selected || all) take(record);
  }
  return {};
}

[[nodiscard]] std::vector<Selection> select(const std::vector<Input>& inputs, const std::vector<CallTraffic>& traffic,
                                            finding::Anonymiser* names) {
  std::vector<Selection> all;
  for (const Input& input : inputs) {
    const CallSelector selector(traffic, input.point);
    Finder finder(selector, names);
    // What cannot be read was said when it was read first.
    std::expected<capture::CaptureReader, int> reader = capture::CaptureReader::open(input.path);
    if (!reader) continue;
    capture::Unwrapper unwrapper(finder);
    FrameTimes times([&unwrapper](const capture::Record& record) { unwrapper.add(record); });
    for (capture::Record record; reader->next(record);) times.add(record);
    times.flush();
    unwrapper.finish();
    all.push_back({&input, selector, finder.take_frames()});
  }
  return all;
}

[[nodiscard]] bool is_pcap(const std::string& path) {
  return path.ends_with(".pcap") || path.ends_with(".cap");
}

using Written = std::expected<Extracted, std::string>;

/// Frames as `write_all` hands them to the writer that it gets; the error is a sentence.
template <class WriteAll>
[[nodiscard]] Written write_file(const std::string& path, const std::set<capture::LinkType>& links,
                                 WriteAll write_all) {
  const bool one_link = links.size() == 1;
  const capture::Format format = is_pcap(path) && one_link ? capture::Format::pcap : capture::Format::pcapng;
  std::expected<capture::CaptureWriter, int> writer =
      capture::CaptureWriter::create(path, format, one_link ? *links.begin() : capture::LinkType::ethernet);
  if (!writer) return std::unexpected("cannot write " + path + ": " + std::strerror(writer.error()));
  if (const std::expected<void, std::string> done = write_all(*writer); !done) return std::unexpected(done.error());
  const Extracted extracted{writer->frames(), is_pcap(path) && !one_link};
  if (const int error = writer->close()) return std::unexpected("cannot write " + path + ": " + std::strerror(error));
  return extracted;
}

[[nodiscard]] Written write_as_they_are(const std::vector<Selection>& selections, const std::string& path) {
  std::set<capture::LinkType> links;
  for (const Selection& selection : selections)
    if (const auto read = for_each(selection, [&](const capture::Record& record) { links.insert(record.link); }); !read)
      return std::unexpected(read.error());
  return write_file(path, links, [&](capture::CaptureWriter& writer) -> std::expected<void, std::string> {
    for (const Selection& selection : selections)
      if (auto read = for_each(selection, [&](const capture::Record& record) { writer.write(record); }); !read)
        return read;
    return {};
  });
}

[[nodiscard]] Written write_masked(const std::vector<Selection>& selections, const std::string& path,
                                   const Masks& masks) {
  return write_file(path, {capture::LinkType::raw},
                    [&](capture::CaptureWriter& writer) -> std::expected<void, std::string> {
                      for (const Selection& selection : selections) {
                        MaskedFrames masked(selection.selector, selection.frames, masks,
                                            [&writer](const capture::Record& record) { writer.write(record); });
                        const auto take = [&masked](const capture::Record& record) { masked.add(record); };
                        if (auto read = for_each(selection, take, true); !read) return read;
                        masked.finish();
                      }
                      return {};
                    });
}

}  // namespace

std::expected<Extracted, std::string> extract(const std::vector<Input>& inputs, const std::vector<CallTraffic>& traffic,
                                              const std::string& path, Masks* masks) {
  for (const Input& input : inputs) {
    std::error_code none;
    if (std::filesystem::equivalent(input.path, path, none)) return std::unexpected(path + " is being read");
  }
  const std::vector<Selection> selections = select(inputs, traffic, masks == nullptr ? nullptr : &masks->names);
  return masks == nullptr ? write_as_they_are(selections, path) : write_masked(selections, path, *masks);
}

}  // namespace viaduct::app::analyze
