// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/extract.hpp"

#include "analyze/frame_times.hpp"
#include "call/hash.hpp"
#include "capture/content.hpp"
#include "capture/reader.hpp"
#include "capture/unwrapper.hpp"
#include "capture/writer.hpp"
#include "sip/fields.hpp"

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
  Finder(const std::vector<CallTraffic>& traffic, call::Point point) {
    for (const CallTraffic& one : traffic)
      if (one.point == point) traffic_.push_back(&one);
  }

  void arrived(const capture::Arrival& arrival) override {
    const bool sip = capture::looks_like_sip(arrival.octets, arrival.cut());
    if (sip ? is_message(arrival.octets) : is_media(arrival)) note(arrival.frames);
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
  [[nodiscard]] bool is_message(base::Bytes octets) const {
    sip::Result<sip::Message> message = sip::parse(octets);
    // As the analysis does: the lines before one that is damaged can be read.
    if (!message) message = sip::parse(octets.substr(0, message.error().offset));
    if (!message) return false;
    const sip::Result<sip::Range> id = sip::call_id(*message);
    if (!id) return false;
    const std::uint64_t hash = call::hash_of(message->text(*id));
    return std::any_of(traffic_.begin(), traffic_.end(),
                       [hash](const CallTraffic* one) { return one->id_hash == hash; });
  }
  [[nodiscard]] bool is_media(const capture::Arrival& arrival) const {
    return std::any_of(traffic_.begin(), traffic_.end(), [&](const CallTraffic* one) {
      return arrival.time >= one->from && arrival.time <= one->until && one->media.contains(arrival.source) &&
             one->media.contains(arrival.destination);
    });
  }
  void note(std::span<const std::uint64_t> frames) { frames_.insert(frames_.end(), frames.begin(), frames.end()); }

  std::vector<const CallTraffic*> traffic_;
  std::vector<std::uint64_t> frames_;
};

/// The frames of the call in one input.
struct Selection {
  const Input* input = nullptr;
  std::vector<std::uint64_t> frames;  ///< ascending
};

/// Hands each selected record to `take`; the error is a sentence.
template <class Take>
[[nodiscard]] std::expected<void, std::string> for_each(const Selection& selection, Take take) {
  std::expected<capture::CaptureReader, int> reader = capture::CaptureReader::open(selection.input->path);
  if (!reader)
    return std::unexpected("cannot read " + selection.input->path + " again: " + std::strerror(reader.error()));
  auto next = selection.frames.begin();
  for (capture::Record record; next != selection.frames.end() && reader->next(record);) {
    if (record.number != *next) continue;
    ++next;
    take(record);
  }
  return {};
}

[[nodiscard]] std::vector<Selection> select(const std::vector<Input>& inputs, const std::vector<CallTraffic>& traffic) {
  std::vector<Selection> all;
  for (const Input& input : inputs) {
    Finder finder(traffic, input.point);
    // What cannot be read was said when it was read first.
    std::expected<capture::CaptureReader, int> reader = capture::CaptureReader::open(input.path);
    if (!reader) continue;
    capture::Unwrapper unwrapper(finder);
    FrameTimes times([&unwrapper](const capture::Record& record) { unwrapper.add(record); });
    for (capture::Record record; reader->next(record);) times.add(record);
    times.flush();
    unwrapper.finish();
    all.push_back({&input, finder.take_frames()});
  }
  return all;
}

[[nodiscard]] bool is_pcap(const std::string& path) {
  return path.ends_with(".pcap") || path.ends_with(".cap");
}

}  // namespace

std::expected<Extracted, std::string> extract(const std::vector<Input>& inputs, const std::vector<CallTraffic>& traffic,
                                              const std::string& path) {
  for (const Input& input : inputs) {
    std::error_code none;
    if (std::filesystem::equivalent(input.path, path, none)) return std::unexpected(path + " is being read");
  }
  const std::vector<Selection> selections = select(inputs, traffic);
  std::set<capture::LinkType> links;
  for (const Selection& selection : selections)
    if (const auto read = for_each(selection, [&](const capture::Record& record) { links.insert(record.link); }); !read)
      return std::unexpected(read.error());
  const bool one_link = links.size() == 1;
  const capture::Format format = is_pcap(path) && one_link ? capture::Format::pcap : capture::Format::pcapng;
  std::expected<capture::CaptureWriter, int> writer =
      capture::CaptureWriter::create(path, format, one_link ? *links.begin() : capture::LinkType::ethernet);
  if (!writer) return std::unexpected("cannot write " + path + ": " + std::strerror(writer.error()));
  for (const Selection& selection : selections)
    if (const auto read = for_each(selection, [&](const capture::Record& record) { writer->write(record); }); !read)
      return std::unexpected(read.error());
  const Extracted done{writer->frames(), is_pcap(path) && !one_link};
  if (const int error = writer->close()) return std::unexpected("cannot write " + path + ": " + std::strerror(error));
  return done;
}

}  // namespace viaduct::app::analyze
