// SPDX-License-Identifier: GPL-2.0-or-later
#include "evidence_text.hpp"

#include <cstdio>

namespace viaduct::cases {
namespace {

namespace fingerprint = diagnose::fingerprint;

[[nodiscard]] std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

[[nodiscard]] std::string marked(const finding::Evidence& proof) {
  return std::string(proof.marked.of(proof.octets));
}

[[nodiscard]] std::string text_of(const fingerprint::ItemEvidence& item) {
  std::string line = "  " + number(item.weight) + " " + std::string(fingerprint::entry_of(item.item).id);
  if (item.count > 1) line += " x" + std::to_string(item.count);
  if (item.explained) line += ", unless " + std::string(fingerprint::name(*item.explained));
  if (item.proof.frame != 0) line += ": frame " + std::to_string(item.proof.frame) + " " + marked(item.proof);
  return line + "\n";
}

[[nodiscard]] std::string text_of(const fingerprint::SourceEvidence& source) {
  std::string text =
      source.address.to_text() + (source.inside ? " inside: " : ": ") + std::string(fingerprint::name(source.verdict));
  if (source.benign) text += ", " + std::string(fingerprint::name(*source.benign));
  text += ", sum " + number(source.log_likelihood) + " of " + std::to_string(source.groups) + " groups";
  if (source.nat_proven) text += ", behind NAT";
  if (source.verdict == fingerprint::Verdict::alg) {
    text += ", family " + std::string(fingerprint::name(source.family.best));
    text += " before " + std::string(fingerprint::name(source.family.runner_up));
  }
  text += "\n";
  for (const fingerprint::ItemEvidence& item : source.items) text += text_of(item);
  for (const fingerprint::DeviceEvidence& device : source.devices) {
    text += "  - " + device.user + " " + device.product + ": " + std::string(fingerprint::name(device.verdict));
    if (device.benign) text += ", " + std::string(fingerprint::name(*device.benign));
    text += "\n";
  }
  return text;
}

}  // namespace

std::string text_of(const fingerprint::Observation& seen, base::Bytes octets) {
  std::string text;
  for (const fingerprint::Mark& mark : seen.marks())
    text += std::string(fingerprint::entry_of(mark.item).id) + " " + std::string(mark.where.of(octets)) + "\n";
  return text;
}

std::string text_of(std::span<const fingerprint::SourceEvidence> sources) {
  std::string text;
  for (const fingerprint::SourceEvidence& source : sources) text += text_of(source);
  return text;
}

std::string text_of(const finding::Finding& found) {
  std::string text = std::string(found.rule.id) + " " + std::string(finding::name(found.verdict));
  if (found.verdict == finding::Verdict::fail)
    text += ", " + std::string(finding::name(found.severity)) + ", cause " + std::string(finding::name(found.cause)) +
            ", confidence " + number(found.confidence);
  if (!found.family.empty()) text += ", family " + found.family;
  for (const std::string& behaviour : found.behaviours) text += " " + behaviour;
  text += "\n  " + found.statement + "\n";
  for (const finding::Evidence& evidence : found.evidence)
    text += "  frame " + std::to_string(evidence.frame) + " " + evidence.text + "\n";
  return text;
}

}  // namespace viaduct::cases
