// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace viaduct::report {

/// The look of the HTML report: light and dark, narrow screens, paper. Contrasts are 4.5 to 1 and more.
inline constexpr const char* kPageStyle = R"css(
:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--soft:#57606a;--line:#d0d7de;--tint:#f3f5f7;
--bad:#b3261e;--good:#1a6b34;--fill:#8fcba5;--warn:#7a4f00;--sip:#0b57b0;--media:#6b3fa0;--mark:#ffe08a;--markink:#1b1f24}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e6e9ed;--paper:#14171a;--soft:#a3adb8;--line:#3a424b;
--tint:#1f2429;--bad:#ff8a80;--good:#7bd88f;--fill:#2f6b45;--warn:#f0c060;--sip:#8ab8ff;--media:#c9a6ff;--mark:#6b5200;
--markink:#fff}}
*{box-sizing:border-box}html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:76rem;padding:1rem;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
a{color:var(--sip)}main:focus{outline:none}:focus-visible{outline:3px solid var(--sip);outline-offset:1px}
.skip{position:absolute;left:-99rem}.skip:focus{position:static}
h1{font-size:1.7rem;line-height:1.25;margin:.1rem 0 .5rem}h2{font-size:1.3rem;border-bottom:1px solid var(--line);margin:2.2rem 0 1rem}
h3{font-size:1.1rem;margin:0 0 .4rem;overflow-wrap:anywhere}h4{font-size:1rem;margin:1rem 0 .3rem}
p{margin:.4rem 0;max-width:50rem;overflow-wrap:anywhere}.label,figcaption,caption,dt{color:var(--soft)}
header ul{display:flex;flex-wrap:wrap;gap:.2rem 1rem;list-style:none;margin:.2rem 0 1rem;padding:0}
.verdict{border-left:.5rem solid var(--warn);padding:.8rem 1rem;background:var(--tint)}
.verdict h2{border:0;font-size:1rem;margin:1rem 0 .2rem}.verdict ol{margin:0;padding-left:1.4rem;max-width:50rem}
.verdict .word{font-weight:600;margin:0;color:var(--warn)}.findings .word{color:var(--bad)}.clean .word{color:var(--good)}
.verdict.findings,.fail{border-color:var(--bad)}.verdict.clean{border-color:var(--good)}
dl{display:flex;flex-wrap:wrap;gap:.3rem 1.6rem;margin:.7rem 0 .3rem}dd{margin:0;overflow-wrap:anywhere;unicode-bidi:isolate}
dt{font-size:.85rem}dl>div{min-width:0}.verdict dd{font-weight:600}
article{border-left:.25rem solid var(--warn);padding:0 0 .5rem 1rem;margin:1.8rem 0}article.fail{border-color:var(--bad)}
h3 .word{color:var(--warn);text-transform:uppercase;font-size:.8rem;letter-spacing:.04em;margin-right:.3rem}
.fail h3 .word{color:var(--bad)}.call{margin:2rem 0;padding-top:1rem;border-top:1px solid var(--line)}
.evidence{padding-left:1.1rem;margin:.3rem 0}.evidence li{margin:.5rem 0;overflow-wrap:anywhere}
.where{color:var(--soft);font-size:.9rem;display:block}
.scroll{overflow-x:auto;max-width:100%;margin:.6rem 0}table{border-collapse:collapse;min-width:100%;font-size:.94rem}
caption{text-align:left;padding:.2rem 0}caption span{position:sticky;left:0;display:inline-block;max-width:min(50rem,calc(100vw - 3rem));overflow-wrap:anywhere}
th,td{text-align:left;padding:.25rem .6rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top;max-width:20rem;
overflow-wrap:break-word;unicode-bidi:isolate}thead th{color:var(--soft);font-weight:600;font-size:.9rem}
tbody th{font-weight:400}td,tbody th{min-width:5rem}td.n{min-width:0}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
pre,code{font:.85rem/1.45 ui-monospace,monospace;unicode-bidi:isolate}code{overflow-wrap:anywhere}
pre{background:var(--tint);padding:.5rem;margin:.3rem 0;white-space:pre-wrap;overflow-wrap:anywhere}
mark{background:var(--mark);color:var(--markink);border-radius:2px}mark:empty{padding:0 .15em}
.sides{table-layout:fixed;min-width:44rem;width:100%}.sides td{padding:.05rem .4rem;border:0;border-right:1px solid var(--line);
white-space:pre-wrap;max-width:none;height:1.5rem}.sides .changed{background:var(--tint)}.sides .none{color:var(--soft);background:var(--tint)}
figure{margin:1rem 0}figcaption,li,h1,h2{overflow-wrap:anywhere}svg{display:block;min-width:44rem;width:100%;font:12px system-ui,sans-serif}
svg text{fill:var(--ink);paint-order:stroke;stroke:var(--paper);stroke-width:3px}svg .tick{stroke:var(--line)}svg .guide{stroke:var(--sip);stroke-dasharray:2 3;opacity:.7}
svg .grid{stroke:var(--sip);stroke-width:1;opacity:.55}svg .panel{fill:none;stroke:var(--line)}
svg .plain{fill:var(--soft)}svg .good{fill:var(--fill)}svg .bad,svg .lost{fill:var(--bad)}svg .sip{fill:var(--sip)}
svg .silence{fill:var(--soft);opacity:.5}svg .delay{fill:var(--media)}
.ladder{margin-bottom:.5rem;--c:var(--sip);min-width:calc(13rem + var(--n)*11rem)}.ladder th,.ladder td{border:0;padding:.1rem .6rem .1rem 0;white-space:nowrap}
.ladder th:nth-child(3),.ladder .rails{width:100%;padding:.15rem 0;max-width:none}
.names{display:flex}.names span{flex:1 1 0;text-align:center;overflow:hidden;text-overflow:ellipsis}
.rails{background:linear-gradient(90deg,transparent calc(50% - 1px),var(--line) calc(50% - 1px),var(--line) calc(50% + 1px),transparent 0) 0 0/calc(100%/var(--n)) 100%}
.rung{position:relative;color:var(--c);border-bottom:2px solid var(--c);text-align:center;line-height:1.3}
.rung .said{background:var(--paper);padding:0 .3rem;overflow-wrap:anywhere;white-space:normal}
.rung::after{content:"";position:absolute;bottom:-6px;border:5px solid transparent}
.rung.r::after{right:0;border-left:9px solid var(--c);border-right:0}.rung.l::after{left:0;border-right:9px solid var(--c);border-left:0}
.rung.at{border:0;text-align:left;padding-left:.5rem}.rung.at::after{display:none}.rung.before{text-align:right;padding:0 .5rem 0 0}.rung.again{border-bottom-style:dashed}
.provisional{--c:var(--soft)}.success{--c:var(--good)}.failure{--c:var(--bad)}.media{--c:var(--media)}.note{--c:var(--ink)}
.heard{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
footer{margin-top:2.5rem;border-top:1px solid var(--line)}
@media(max-width:40rem){body{padding:.6rem}.sides{min-width:34rem}.ladder td:nth-child(2),.ladder th:nth-child(2){display:none}h1{font-size:1.4rem}article{padding-left:.6rem}}
@media print{html{font-size:10pt}body{max-width:none;padding:0;font-size:1rem}nav,.skip{display:none}.scroll{overflow:visible}
svg,.sides,.ladder{min-width:0}table{font-size:.8rem}td,th{overflow-wrap:anywhere}h2,h3,h4,caption{break-after:avoid}
tr,figure,.evidence li,.verdict{break-inside:avoid}mark,.verdict,pre,.changed,.rails{print-color-adjust:exact;-webkit-print-color-adjust:exact}
a{color:inherit;text-decoration:none}}
)css";

}  // namespace viaduct::report
