// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace viaduct::report {

/// The look of the HTML report: light and dark, narrow screens, paper. Contrasts are 4.5 to 1 and more.
inline constexpr const char* kPageStyle = R"css(
:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--soft:#57606a;--line:#d0d7de;--tint:#f3f5f7;
--bad:#b3261e;--good:#1a6b34;--warn:#7a4f00;--sip:#0b57b0;--mark:#ffe08a;--markink:#1b1f24}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ed;--paper:#14171a;--soft:#a3adb8;--line:#3a424b;--tint:#1f2429;
--bad:#ff8a80;--good:#7bd88f;--warn:#f0c060;--sip:#8ab8ff;--mark:#6b5200;--markink:#fff}}
*{box-sizing:border-box}body{margin:0 auto;max-width:72rem;padding:1rem;font:16px/1.5 system-ui,sans-serif;
color:var(--ink);background:var(--paper)}
h1{font-size:1.6rem}h2{border-bottom:1px solid var(--line);margin-top:2rem}h3{margin:0}
.verdict{border-left:.5rem solid var(--warn);padding:.5rem 1rem;background:var(--tint)}
.verdict.findings,.fail{border-color:var(--bad)}.verdict.clean,.pass{border-color:var(--good)}
article{border-left:.25rem solid var(--warn);padding:0 0 .5rem 1rem;margin:1.5rem 0}
.label{color:var(--soft)}.fail .word{color:var(--bad)}.pass .word{color:var(--good)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
th{color:var(--soft);overflow-wrap:normal}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
pre{overflow-x:auto;background:var(--tint);padding:.5rem;margin:.3rem 0;white-space:pre-wrap;overflow-wrap:anywhere}
mark{background:var(--mark);color:var(--markink)}.sides{display:grid;grid-template-columns:1fr 1fr;gap:.5rem}
figure{margin:1rem 0;overflow-x:auto}svg{min-width:40rem;width:100%;font:12px system-ui,sans-serif}
svg text{fill:var(--ink)}svg .tick{stroke:var(--line)}svg .plain{fill:var(--soft)}svg .good{fill:var(--good)}
svg .bad{fill:var(--bad)}svg .sip{fill:var(--sip)}svg .silence{fill:var(--line)}
:focus-visible{outline:3px solid var(--sip)}
@media(max-width:40rem){.sides{grid-template-columns:1fr}body{padding:.5rem}}
@media print{body{max-width:none}article{break-inside:avoid}}
)css";

}  // namespace viaduct::report
