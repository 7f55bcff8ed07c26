/**
 * The looks of a report: light and dark as the reader's system is, a sheet of paper, and a narrow screen. Colours are
 * given to severities, and a word stands beside each of them.
 */
export const style = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --raised: #f6f7f9; --text: #1b1f24; --muted: #59636e; --line: #d8dee4; --grid: #e7ebef;
  --success: #1a7f37; --running: #0969da; --warning: #8f5a00; --failure: #c3262f; --wrongData: #7d3fc8;
  --bar: #9cc9a8; --wait: #c5ccd3; --area: #cfe1f7; --curve: #0969da; --second: #8f5a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1216; --raised: #171b21; --text: #e4e8ec; --muted: #98a2ad; --line: #30373f; --grid: #232930;
    --success: #4cc26b; --running: #6cb0ff; --warning: #dfa63a; --failure: #ff7b72; --wrongData: #c49bff;
    --bar: #2f6b40; --wait: #48505a; --area: #16324f; --curve: #6cb0ff; --second: #dfa63a;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 1.5rem 1.25rem 4rem; max-width: 72rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.25rem 0 .4rem; }
p { margin: .4rem 0; }
a { color: var(--running); }
ul { margin: .4rem 0; padding-left: 1.2rem; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .85em; }
pre {
  margin: .4rem 0 1rem; padding: .6rem .8rem; background: var(--raised); border-left: 3px solid var(--line);
  white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.4;
}
.muted, figcaption { color: var(--muted); }
.state { font-weight: 600; white-space: nowrap; }
.state > [aria-hidden] { display: inline-block; min-width: 1.1em; }
.success { color: var(--success); } .running { color: var(--running); } .warning { color: var(--warning); }
.failure { color: var(--failure); } .wrongData { color: var(--wrongData); } .plain { color: inherit; }
.verdict { font-size: 1.15rem; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem 1rem; }
dl.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: .6rem; margin: 1rem 0; }
dl.facts > div { background: var(--raised); border-radius: 6px; padding: .5rem .75rem; }
dl.facts dt { color: var(--muted); font-size: .8rem; }
dl.facts dd { margin: 0; font-size: 1.05rem; font-weight: 600; }
dl.facts dd small { display: block; font-weight: 400; font-size: .8rem; color: var(--muted); }
dl.values { margin: .15rem 0 0; font-size: .875rem; color: var(--muted); }
dl.values > div { display: inline; margin-right: .9em; }
dl.values dt, dl.values dd { display: inline; margin: 0; }
dl.values dd { color: var(--text); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th { text-align: left; font-size: .78rem; font-weight: 600; color: var(--muted); vertical-align: bottom; }
th, td { overflow-wrap: break-word; }
tbody th { min-width: 8rem; overflow-wrap: anywhere; font-size: inherit; font-weight: 400; color: inherit; vertical-align: top; }
th, td { padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
.n { text-align: right; white-space: nowrap; }
.short { white-space: nowrap; }
.long { min-width: 11rem; overflow-wrap: anywhere; } .name { min-width: 7rem; overflow-wrap: anywhere; }
td small { display: block; color: var(--muted); }
.timeline { table-layout: fixed; }
.timeline th, .timeline td { min-width: 0; padding: .1rem .5rem .1rem 0; border-bottom-color: var(--grid); vertical-align: middle; }
.timeline .task { width: 28%; } .timeline .took { width: 5.5rem; } .timeline .end { width: 7rem; }
.timeline .critical { font-weight: 650; }
.lane { display: block; width: 100%; height: 1.05rem; background: linear-gradient(to right, var(--grid) 1px, transparent 1px) 0 0 / var(--step) 100%; }
.axis { display: block; width: 100%; height: 1.1rem; overflow: visible; }
.axis text { fill: var(--muted); font-size: .72rem; font-weight: 400; }
.lane .success { fill: var(--bar); } .lane .warning { fill: var(--warning); } .lane .failure { fill: var(--failure); }
.lane .running { fill: var(--running); } .lane .muted, .lane .plain { fill: var(--muted); }
.lane .success.on-path { fill: var(--success); } .lane .wait { fill: var(--wait); }
.key { display: inline-block; width: .9rem; height: .7rem; margin-right: .3rem; vertical-align: baseline; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; padding: 0; font-size: .85rem; color: var(--muted); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1.25rem; }
figure { margin: 0; break-inside: avoid; }
figcaption { font-size: .85rem; }
figcaption strong { color: var(--text); font-size: .95rem; }
.plot { display: grid; grid-template-columns: 3.6rem 1fr; font-size: .72rem; color: var(--muted); }
.plot .scale { display: flex; flex-direction: column; justify-content: space-between; text-align: right; padding-right: .4rem; line-height: 1; }
.plot > svg { width: 100%; height: 7rem; border-left: 1px solid var(--line); border-bottom: 1px solid var(--line); display: block; }
.plot .times { grid-column: 2; }
.area { fill: var(--area); } .curve { fill: none; stroke: var(--curve); stroke-width: 1.5px; }
.curve.second { stroke: var(--second); stroke-dasharray: 5 2; }
.limit { stroke: var(--failure); stroke-width: 1px; stroke-dasharray: 4 3; fill: none; }
.spark { width: 6rem; height: 1.2rem; vertical-align: middle; overflow: visible; }
.spark .curve { stroke: var(--muted); } .spark .now { fill: var(--curve); }
.share { display: block; width: 100%; min-width: 5rem; height: .7rem; margin-top: .35rem; background: var(--raised); }
.share rect { fill: var(--curve); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
footer { margin-top: 3rem; font-size: .85rem; color: var(--muted); }
@media (max-width: 40rem) {
  body { padding: 1rem .75rem 3rem; }
  h1 { font-size: 1.4rem; } .long { min-width: 9rem; }
  .timeline .task { width: 38%; } .timeline .end { display: none; } .timeline .took { width: 4rem; }
  .sticky tbody th, .sticky thead th:first-child { position: sticky; left: 0; background: var(--page); max-width: 45vw; min-width: 8rem; }
}
@media print {
  @page { size: A4; margin: 14mm 12mm; }
  :root {
    --page: #ffffff; --raised: #f3f4f6; --text: #000000; --muted: #48515b; --line: #c4cbd2; --grid: #e3e7eb;
    --success: #1a7f37; --running: #0757b5; --warning: #7a4c00; --failure: #b01923; --wrongData: #6930b0;
    --bar: #9cc9a8; --wait: #c5ccd3; --area: #cfe1f7; --curve: #0757b5; --second: #7a4c00;
  }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  html { font-size: 9.5pt; }
  body { padding: 0; max-width: none; }
  nav { display: none; }
  h2 { margin-top: 1.4rem; } h2, h3, section > p { break-after: avoid; }
  thead { display: table-header-group; }
  tr, dl.facts > div { break-inside: avoid; }
  .scroll { overflow: visible; }
  table { font-size: 8pt; } th, td { padding-right: .4rem; } .spark { width: 3.2rem; }
  tbody th { min-width: 6.5rem; } .long { min-width: 8rem; } .name { min-width: 4.5rem; }
  .timeline .end { width: 6rem; }
  a { color: inherit; text-decoration: none; }
}
`;
