import type { Knowledge } from '@wardline/knowledge';
import type { Assessment, Evidence } from '@wardline/model';
import { html, type Markup } from '@wardline/reports';
import { byteSize, counted, integer, minute } from '../../terminal/units.ts';
import { type Digest, digest, type Reconciled } from '../digest.ts';
import { assetDetails } from './assets.ts';
import { conversationTable } from './conversations.ts';
import { styleSheet } from './style.ts';

/** A person can scroll through as many; the CSV tables hold all. */
const FINDINGS_SHOWN = 500;

/**
 * The report as one web page that needs nothing else: no script, no request (a policy in it forbids both). Every text
 * from the wire is escaped.
 */
export function htmlReport(assessment: Assessment, knowledge: Knowledge): string {
  const content = digest(assessment, knowledge);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Wardline assessment</title>
<style>${styled()}</style>
</head>
<body>
${header(assessment, content)}
<main>
${found(content)}
${urgent(content)}
${register(content)}
${assetDetails(content)}
${conversationTable(assessment, content)}
${allFindings(assessment, content)}
${losses(assessment, content)}
${next(content)}
</main>
<footer><p class="soft">${assessment.generator}. Secrets and patient data are never in this report: only field names and counts.</p></footer>
</body>
</html>
`;
  return page.text;
}

function styled(): Markup {
  // The style sheet is ours and holds nothing that would need escaping.
  return html([styleSheet] as unknown as TemplateStringsArray);
}

function header(assessment: Assessment, content: Digest): Markup {
  const { statistics, captures } = assessment;
  const firsts = captures.flatMap((capture) => capture.firstSeen ?? []).toSorted();
  const lasts = captures.flatMap((capture) => capture.lastSeen ?? []).toSorted();
  const span = firsts[0] ? `, recorded ${minute(firsts[0])} to ${minute(lasts.at(-1) ?? '')} UTC` : '';
  return html`<header>
<p class="soft">Wardline assessment</p>
<h1>${content.headline}</h1>
<p class="soft">Based on ${counted(statistics.packets, 'packet')} (${byteSize(statistics.bytes)}) in ${counted(captures.length, 'capture')}${span}. Nothing was sent to any device.</p>
<nav aria-label="Sections"><p><a href="#found">Found</a> · <a href="#urgent">Most urgent</a> · ${content.register && html`<a href="#register">Register</a> · `}<a href="#devices">Devices</a> · <a href="#conversations">Who talks to whom</a> · <a href="#findings">All findings</a> · <a href="#losses">What was not read</a> · <a href="#next">Next</a></p></nav>
</header>`;
}

function found(content: Digest): Markup {
  const rows = content.groups.map(
    (group) =>
      html`<tr><th scope="row">${group.label}</th><td class="number">${integer(group.count)}</td><td class="number">${group.lifeCritical > 0 ? html`<span class="life">${integer(group.lifeCritical)}</span>` : '–'}</td><td>${group.kinds}</td></tr>`,
  );
  return html`<section id="found"><h2>What was found</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Devices by function"><table>
<thead><tr><th scope="col">Function</th><th scope="col" class="number">Devices</th><th scope="col" class="number">Life-critical</th><th scope="col">What they are</th></tr></thead>
<tbody>${rows}</tbody></table></div></section>`;
}

export function evidenceWords(evidence: readonly Evidence[]): string {
  return evidence.map((proof) => `${proof.capture}, packet ${integer(proof.packet)}`).join('; ');
}

function urgent(content: Digest): Markup {
  if (content.urgent.length === 0)
    return html`<section id="urgent"><h2>Most urgent</h2><p>Nothing was found in what was recorded.</p></section>`;
  const items = content.urgent.map(({ finding, also }) => {
    const others =
      also.length > 6
        ? `${also.slice(0, 6).join(', ')} and ${integer(also.length - 6)} more`
        : also.join(', ');
    return html`<li><h3><span class="mark ${finding.severity}">${finding.severity.toUpperCase()}</span> ${finding.title}</h3>
<p>${finding.summary}</p>${others !== '' && html`<p>The same on ${others}.</p>`}
<p class="todo">${finding.remedy}</p>
<p class="soft">Touches ${finding.harms.join(', ') || 'nobody directly'}. Evidence: ${evidenceWords(finding.evidence.slice(0, 3))}.</p></li>`;
  });
  return html`<section id="urgent"><h2>Most urgent</h2><ol class="urgent">${items}</ol></section>`;
}

function register(content: Digest): Markup | null {
  if (!content.register) return null;
  const { matched, shadow, missing, conflicting } = content.register;
  const rows = (state: string, lines: readonly Reconciled[]) =>
    lines.map(
      (line) =>
        html`<tr><td>${state}</td><td>${line.tag ?? '–'}</td><td>${line.asset ? content.name(line.asset) : '–'}</td><td>${line.reason}</td></tr>`,
    );
  return html`<section id="register"><h2>Against the register</h2>
<p>${counted(matched, 'device')} as registered, ${integer(conflicting.length)} with differences, ${integer(shadow.length)} in no register, ${integer(missing.length)} registered and not seen.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Register compared with the network"><table>
<thead><tr><th scope="col">State</th><th scope="col">Tag</th><th scope="col">Device</th><th scope="col">Why</th></tr></thead>
<tbody>${rows('In no register', shadow)}${rows('Not seen', missing)}${rows('Different', conflicting)}</tbody></table></div></section>`;
}

function allFindings(assessment: Assessment, content: Digest): Markup {
  const shown = assessment.findings.slice(0, FINDINGS_SHOWN);
  const rows = shown.map(
    (finding) =>
      html`<tr id="${finding.id}"><td><span class="mark ${finding.severity}">${finding.severity.toUpperCase()}</span></td><td>${finding.title}</td><td>${content.name(finding.asset)}</td><td>${finding.summary}</td><td class="number">${integer(finding.count)}</td><td>${evidenceWords(finding.evidence.slice(0, 2))}</td></tr>`,
  );
  const more = assessment.findings.length - shown.length;
  return html`<section id="findings"><h2>All findings</h2>
${more > 0 && html`<p>The ${integer(shown.length)} most severe of ${integer(assessment.findings.length)}; findings.csv has all.</p>`}
<div class="scroll" tabindex="0" role="region" aria-label="All findings"><table>
<thead><tr><th scope="col">Severity</th><th scope="col">Finding</th><th scope="col">Device</th><th scope="col">What was seen</th><th scope="col" class="number">Times</th><th scope="col">Evidence</th></tr></thead>
<tbody>${rows}</tbody></table></div></section>`;
}

function losses(assessment: Assessment, content: Digest): Markup {
  const errors = assessment.errors.map((error) => {
    const place = [
      error.record === null ? null : `record ${integer(error.record)}`,
      error.offset === null ? null : `byte ${integer(error.offset)}`,
    ];
    return html`<li>${[error.file, ...place].filter((part) => part !== null).join(', ')}: ${error.message}</li>`;
  });
  const issues = assessment.registerIssues.map(
    (issue) =>
      html`<li>Register row ${issue.row}${issue.column !== null && `, ${issue.column}`}: ${issue.message}</li>`,
  );
  const all = [...errors, ...issues, ...content.losses.map((line) => html`<li>${line}</li>`)];
  return html`<section id="losses"><h2>What was not read</h2>
${all.length === 0 ? html`<p>Every packet was read; nothing was lost.</p>` : html`<ul>${all}</ul>`}</section>`;
}

function next(content: Digest): Markup {
  return html`<section id="next"><h2>Next</h2><ol>${content.nextSteps.map((step) => html`<li>${step}</li>`)}</ol></section>`;
}
