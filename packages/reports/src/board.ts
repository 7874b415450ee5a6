import { answerOf } from '@wardline/compliance';
import type { EvidenceQuery } from '@wardline/knowledge';
import { html, type Markup } from './markup.ts';
import { bars, pageOf, proof } from './page.ts';
import { controlsOf, countsOf, type Subject } from './subject.ts';

/** Gaps that a board talks about. */
const GAPS = 8;

interface Gap {
  query: EvidenceQuery;
  reason: string;
  controls: number;
}

/** What a board has to know, on a page or two: how each catalogue stands, what is amiss, what nobody knows. */
export function boardReport(subject: Subject): string {
  const rows = [...subject.controls.catalogues.values()].map(({ id, title, standing }) => ({
    label: title,
    standing,
    counts: countsOf(controlsOf(subject, id, true)),
  }));
  const [failing, open] = [gapsOf(subject, 'fails'), gapsOf(subject, 'unknown')];
  return pageOf('Security posture for the board', subject, [
    lead(failing.length, open.length),
    html`<section><h2>How controls stand</h2>${bars(rows)}${table(rows)}</section>`,
    html`<section><h2>What is amiss</h2>${failing.length === 0 ? html`<p>No question that Wardline asks of the hospital fails.</p>` : failing.slice(0, GAPS).map(gap)}</section>`,
    html`<section><h2>What nobody knows</h2><p>Unknown is no better than not met until somebody looks.</p><ul>${open.map(({ query, reason }) => html`<li><strong>${query.title}?</strong> ${reason}</li>`)}</ul></section>`,
    proof(subject),
  ]);
}

/** Those that can harm patients first, then those that speak of most controls. */
function gapsOf({ recorded, controls }: Subject, outcome: 'fails' | 'unknown'): Gap[] {
  const facts = new Map(recorded.state.facts.map((fact) => [fact.query, fact]));
  const rank = ({ harms }: EvidenceQuery) =>
    harms.includes('patient') ? 0 : harms.includes('privacy') ? 1 : 2;
  return [...controls.queries.values()]
    .map((query) => ({ query, answer: answerOf(query, facts.get(query.id), recorded.state.at) }))
    .filter(({ answer }) => answer.outcome === outcome)
    .map(({ query, answer }) => ({
      query,
      reason: answer.reason,
      controls: query.whole.length + query.part.length,
    }))
    .toSorted((a, b) => rank(a.query) - rank(b.query) || b.controls - a.controls);
}

const lead = (failing: number, open: number): Markup =>
  html`<p class="lead">Of the questions that Wardline asks of the network, its devices and itself, ${failing} ${failing === 1 ? 'fails' : 'fail'} and ${open} cannot be answered yet. What follows is worked out from evidence, and from persons’ words where it says so.</p>`;

function table(
  rows: readonly { label: string; standing: string; counts: ReturnType<typeof countsOf> }[],
): Markup {
  return html`<table><thead><tr><th>Catalogue</th><th>Standing</th><th class="n">Not met</th><th class="n">Unknown</th><th class="n">Met</th><th class="n">Not applicable</th></tr></thead><tbody>
${rows.map(({ label, standing, counts }) => html`<tr><td>${label}</td><td class="s">${standing}</td><td class="n">${counts['not-met']}</td><td class="n">${counts.unknown}</td><td class="n">${counts.met}</td><td class="n">${counts['not-applicable']}</td></tr>`)}
</tbody></table>`;
}

const gap = ({ query, reason, controls }: Gap): Markup =>
  html`<div class="gap"><h3>Not so: ${query.title}</h3><p>${reason} It can harm ${query.harms.map((harm) => harmWords[harm]).join(', ')}; ${controls} controls speak of it.</p><p><strong>What to do:</strong> ${query.remedy}</p></div>`;

const harmWords = { patient: 'patients', privacy: 'privacy', operations: 'operations' } as const;
