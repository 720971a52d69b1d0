// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/rule_code.hpp"

/// One function for each file of this folder: its rule.
namespace viaduct::diagnose::rules {

[[nodiscard]] MediaRule drop_outs();
[[nodiscard]] MediaRule packet_loss();
[[nodiscard]] MediaRule queue_overflow();
[[nodiscard]] MediaRule silent_audio();
[[nodiscard]] MediaRule dscp_bleached();
[[nodiscard]] MediaRule capture_holes();
[[nodiscard]] MediaRule delay_swings();

[[nodiscard]] CallRule one_way_audio();
[[nodiscard]] CallRule late_media();
[[nodiscard]] CallRule call_cut();
[[nodiscard]] CallRule nothing_answers();
[[nodiscard]] CallRule retransmission_storm();
[[nodiscard]] CallRule rejected_calls();
[[nodiscard]] CallRule payload_type_not_agreed();

[[nodiscard]] CaseRule alg_drop_outs();
[[nodiscard]] CaseRule alg_fingerprint();
[[nodiscard]] CaseRule ice_mismatch();
[[nodiscard]] CaseRule content_length_wrong();
[[nodiscard]] CaseRule nat_timeout();
[[nodiscard]] CaseRule hold_release();
[[nodiscard]] CaseRule sender_stall();
[[nodiscard]] CaseRule no_audio();
[[nodiscard]] CaseRule audio_ends();
[[nodiscard]] CaseRule wrong_media_port();
[[nodiscard]] CaseRule same_call_length();
[[nodiscard]] CaseRule same_instant();
[[nodiscard]] CaseRule same_period();
[[nodiscard]] CaseRule registration_lost();
[[nodiscard]] CaseRule capture_incomplete();
[[nodiscard]] CaseRule signalling_unread();

// What captures of both sides of a router show.
[[nodiscard]] CaseRule alg_rewrites();
[[nodiscard]] CaseRule alg_mapping_false();
[[nodiscard]] CaseRule alg_half_translation();
[[nodiscard]] CaseRule alg_framing();
[[nodiscard]] CaseRule alg_edits_relayed();
[[nodiscard]] CaseRule alg_drops_message();
[[nodiscard]] CaseRule alg_edits_others();
[[nodiscard]] CaseRule keep_alives_lost();
[[nodiscard]] CaseRule alg_uneven();
[[nodiscard]] CaseRule alg_tcp_step();
[[nodiscard]] CaseRule path_loses_media();
[[nodiscard]] CaseRule dscp_changed();

}  // namespace viaduct::diagnose::rules
