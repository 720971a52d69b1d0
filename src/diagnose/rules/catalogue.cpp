// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"

#include <array>

namespace viaduct::diagnose {
std::span<const MediaRule> media_rules() {
  static const std::array rules{
      rules::drop_outs(),     rules::packet_loss(),   rules::queue_overflow(), rules::silent_audio(),
      rules::dscp_bleached(), rules::capture_holes(), rules::delay_swings(),
  };
  return rules;
}

std::span<const CallRule> call_rules() {
  static const std::array rules{
      rules::call_cut(),
      rules::one_way_audio(),
      rules::late_media(),
      rules::nothing_answers(),
      rules::retransmission_storm(),
      rules::rejected_calls(),
      rules::payload_type_not_agreed(),
  };
  return rules;
}

std::span<const CaseRule> case_rules() {
  static const std::array rules{
      rules::alg_drop_outs(),        rules::alg_fingerprint(),    rules::ice_mismatch(),
      rules::content_length_wrong(), rules::nat_timeout(),        rules::hold_release(),
      rules::sender_stall(),         rules::no_audio(),           rules::wrong_media_port(),
      rules::same_call_length(),     rules::same_instant(),       rules::same_period(),
      rules::registration_lost(),    rules::capture_incomplete(), rules::audio_ends(),
      rules::signalling_unread(),    rules::alg_rewrites(),       rules::alg_mapping_false(),
      rules::alg_half_translation(), rules::alg_framing(),        rules::alg_edits_relayed(),
      rules::alg_drops_message(),    rules::alg_edits_others(),   rules::keep_alives_lost(),
      rules::alg_uneven(),           rules::alg_tcp_step(),       rules::path_loses_media(),
      rules::dscp_changed(),
  };
  return rules;
}

}  // namespace viaduct::diagnose
