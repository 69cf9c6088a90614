export const LIVE_STYLE = `:root {
  color-scheme: light dark;
  --back: light-dark(#fbfbfd, #14161a);
  --text: light-dark(#1b1d22, #e8eaee);
  --quiet: light-dark(#565b66, #a3a9b5);
  --line: light-dark(#d9dce3, #2d3139);
  --up: light-dark(#b3261e, #ff8a80);
  --down: light-dark(#10693a, #6fdc9a);
  --flash-up: light-dark(#ffd9d6, #5c2420);
  --flash-down: light-dark(#cdf3dc, #17492d);
  --flash-new: light-dark(#d9e6ff, #223a66);
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; background: var(--back); color: var(--text); font: 16px/1.45 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.5rem 1.5rem; }
h1 { margin: 0; font-size: 1.5rem; }
h2 { margin: 1.5rem 0 0.5rem; font-size: 1rem; }
dl { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; margin: 0; width: 100%; }
dt { color: var(--quiet); font-size: 0.8rem; }
dd { margin: 0; font-variant-numeric: tabular-nums; font-size: 1.15rem; min-width: 6ch; }
#connection { margin: 0; padding: 0 0.6rem; border: 1px solid currentColor; border-radius: 1rem; color: var(--quiet); }
#connection[data-state='live'] { color: var(--down); }
#connection[data-state='lost'] { color: var(--up); }
#filters { display: flex; flex-wrap: wrap; gap: 0.75rem 1.25rem; align-items: center; margin-top: 1rem; }
input, select, button { font: inherit; color: inherit; background: transparent; border: 1px solid var(--quiet); border-radius: 0.35rem; padding: 0.25rem 0.5rem; min-height: 2.25rem; }
option { color: initial; background: initial; }
:focus-visible { outline: 3px solid #4c8dff; outline-offset: 2px; }
#note { color: var(--quiet); }
#providers { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 0; padding: 0; list-style: none; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.35rem 0.75rem 0.35rem 0; text-align: left; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--quiet); font-weight: 500; }
.number { text-align: right; }
.up { color: var(--up); }
.down { color: var(--down); }
tr.flash-up > td { animation: flash-up 3s ease-out; }
tr.flash-down > td { animation: flash-down 3s ease-out; }
tr.flash-new > td { animation: flash-new 3s ease-out; }
@keyframes flash-up { from { background: var(--flash-up); } to { background: transparent; } }
@keyframes flash-down { from { background: var(--flash-down); } to { background: transparent; } }
@keyframes flash-new { from { background: var(--flash-new); } to { background: transparent; } }
@media (prefers-reduced-motion: reduce) {
  tr > td { animation: none !important; }
}
`;
