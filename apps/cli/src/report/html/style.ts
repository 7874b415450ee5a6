/** The report's style sheet: light and dark as the reader's system asks, and a calm form for paper. */
export const styleSheet = `
:root { color-scheme: light dark; --ink: #1c2530; --soft: #55616f; --ground: #ffffff; --panel: #f4f6f8; --line: #d5dbe2;
  --critical: #b3001b; --high: #8f4a00; --link: #0b57a4; --life: #b3001b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaef; --soft: #a7b2bf; --ground: #12171d; --panel: #1b222a;
  --line: #35404c; --critical: #ff8a94; --high: #ffb066; --link: #7cb8ff; --life: #ff8a94; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 84rem; padding: 1.5rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; max-width: 60rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
h3 { font-size: 1rem; margin: 0; }
p { margin: .4rem 0; max-width: 60rem; }
a { color: var(--link); }
.soft { color: var(--soft); }
.mark { display: inline-block; font-weight: 700; font-size: .8rem; letter-spacing: .03em; border: 1px solid currentcolor;
  border-radius: .25rem; padding: 0 .4rem; white-space: nowrap; }
.critical { color: var(--critical); } .high { color: var(--high); } .life { color: var(--life); font-weight: 700; }
ol.urgent { padding-left: 1.6rem; } ol.urgent > li { margin: 0 0 1.25rem; }
.todo { border-left: 3px solid var(--line); padding-left: .75rem; }
.scroll { overflow-x: auto; }
.scroll:focus-visible, summary:focus-visible, a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; color: var(--soft); padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
th { background: var(--panel); } td.number, th.number { text-align: right; white-space: nowrap; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; padding: .5rem .75rem; overflow-x: auto; }
summary { cursor: pointer; } details[open] > summary { margin-bottom: .5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .5rem 0; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.unknown { background: repeating-linear-gradient(45deg, transparent 0 4px, var(--panel) 4px 8px); padding: 0 .3rem; }
@media print { :root { --ink: #000; --soft: #333; --ground: #fff; --panel: #eee; --line: #999; --critical: #000; --high: #000; --life: #000; }
  body { max-width: none; padding: 0; font-size: 9pt; } .scroll { overflow: visible; } nav { display: none; }
  tr, li, details { break-inside: avoid; } details { border: 0; padding: 0; } }
`;
