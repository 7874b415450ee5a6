import { answerOf } from '@wardline/compliance';
import { formatMicros, type JudgedControl } from '@wardline/model';
import { html, type Markup } from './markup.ts';
import { bars, pageOf, proof } from './page.ts';
import { controlsOf, countsOf, type Placed, type Subject, statusWords } from './subject.ts';

/** Members of a failing question that are printed by name; the record holds a hundred. */
const NAMED = 12;

/** One catalogue control by control, with the gaps, what persons said, and the evidence behind everything. */
export function catalogueReport(subject: Subject, id: string): string {
  const catalogue = subject.controls.catalogues.get(id)!;
  const leaves = controlsOf(subject, id, true);
  const counts = countsOf(leaves);
  const groups = catalogue.groups.map(({ id: group, title }) => ({
    label: title,
    counts: countsOf(leaves.filter(({ control }) => control.group === group)),
  }));
  return pageOf(`${catalogue.title}: what can be proved`, subject, [
    html`<p class="lead">Of ${leaves.length} controls ${counts['not-met']} are not met, ${counts.unknown} are unknown, ${counts.met} are met, and ${counts['not-applicable']} were decided not to apply.</p>
<p class="soft">${catalogue.edition}. ${catalogue.publisher}. Standing: ${catalogue.standing}.</p>`,
    html`<section><h2>By group</h2>${bars(groups)}</section>`,
    html`<section><h2>What is not met</h2>${gapsOf(subject, leaves)}</section>`,
    html`<section><h2>Every control</h2>${controlTable(controlsOf(subject, id, false))}</section>`,
    said(subject, new Set(leaves.map(({ control }) => control.ref))),
    evidence(subject, leaves),
    proof(subject),
  ]);
}

const mark = (status: JudgedControl['status']): Markup =>
  html`<span class="mark ${status}">${statusWords[status]}</span>`;
const day = (at: number | null): string => (at === null ? '' : formatMicros(at).slice(0, 10));

function gapsOf({ controls }: Subject, leaves: readonly Placed[]): Markup {
  const gaps = leaves.filter(({ judged }) => judged.status === 'not-met');
  if (gaps.length === 0) return html`<p>Nothing of what was looked at fails.</p>`;
  return html`${gaps.map(({ control, judged }) => {
    const failing = judged.answers.filter(({ outcome }) => outcome === 'fails');
    return html`<div class="gap"><h3>${control.id} ${control.title}</h3>${judged.contradicted && html`<p><strong>A person vouches for it, and the evidence says otherwise.</strong></p>`}<ul>${failing.map(({ query, reason }) => html`<li>Not so: ${controls.queries.get(query)?.title}. ${reason} ${controls.queries.get(query)?.remedy}</li>`)}</ul></div>`;
  })}`;
}

function controlTable(placed: readonly Placed[]): Markup {
  return html`<table><thead><tr><th>Control</th><th>Status</th><th>Why</th><th>Oldest evidence</th></tr></thead><tbody>
${placed.map(
  ({ control, judged }) =>
    html`<tr class="${control.children.length > 0 ? 'standard' : ''}"><td>${control.id}<br>${control.title}${control.obligation && html`<br><span class="soft">${control.obligation}</span>`}</td><td class="s">${mark(judged.status)}<br><span class="soft">${judged.basis === 'none' ? '' : judged.basis}</span></td><td>${judged.reason}</td><td class="s">${day(judged.oldest)}</td></tr>`,
)}
</tbody></table>`;
}

function said({ recorded: { state } }: Subject, refs: ReadonlySet<string>): Markup {
  const words = [
    ...state.attestations
      .filter(({ control }) => refs.has(control))
      .map(({ control, owner, statement, document, since, until }) => ({
        control,
        what: `${owner} vouches: ${statement} Document “${document.name}”, SHA-256 ${document.sha256}.`,
        since,
        until,
      })),
    ...state.decisions
      .filter(({ control }) => refs.has(control))
      .map(({ control, by, decision, rationale, alternative, since, until }) => ({
        control,
        what: `${by} decided “${decision}”: ${rationale}${alternative === null ? '' : ` Instead: ${alternative}`}`,
        since,
        until,
      })),
  ];
  if (words.length === 0)
    return html`<section><h2>What persons said</h2><p>Nobody vouched for a control of this catalogue, and nothing was decided about one.</p></section>`;
  return html`<section><h2>What persons said</h2><table><thead><tr><th>Control</th><th>What</th><th>Since</th><th>Until</th></tr></thead><tbody>
${words.map(({ control, what, since, until }) => html`<tr><td>${control.split(':')[1]}</td><td>${what}</td><td class="s">${day(since)}</td><td class="s">${day(until)}</td></tr>`)}
</tbody></table></section>`;
}

/** Every question that speaks of a control of the catalogue: over how many, what came back, for whom it fails. */
function evidence({ recorded: { state }, controls }: Subject, leaves: readonly Placed[]): Markup {
  const asked = new Set(leaves.flatMap(({ judged }) => judged.answers.map(({ query }) => query)));
  const facts = new Map(state.facts.map((fact) => [fact.query, fact]));
  const rows = [...controls.queries.values()].filter(({ id }) => asked.has(id));
  return html`<section class="new-page"><h2>Evidence</h2><table><thead><tr><th>Question</th><th>Answer</th><th class="n">Looked at</th><th class="n">Fail</th><th class="n">Open</th><th>Newest</th></tr></thead><tbody>
${rows.map((query) => {
  const fact = facts.get(query.id);
  const { outcome, reason, asOf } = answerOf(query, fact, state.at);
  const members = fact?.members.slice(0, NAMED) ?? [];
  return html`<tr><td>${query.asks}<br><span class="mono">${query.id}</span></td><td>${outcome}. ${reason}${members.length > 0 && html`<ul>${members.map(({ name, note }) => html`<li>${name}: ${note}</li>`)}</ul>`}</td><td class="n">${fact?.population ?? ''}</td><td class="n">${fact?.failing ?? ''}</td><td class="n">${fact?.undetermined ?? ''}</td><td class="s">${day(asOf)}</td></tr>`;
})}
</tbody></table></section>`;
}
