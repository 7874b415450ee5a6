import type { Assessment } from '@wardline/model';
import { html, type Markup } from '@wardline/reports';
import { byteSize, integer } from '../../terminal/units.ts';
import type { Digest } from '../digest.ts';

/** The largest are what a person looks for; conversations.csv holds all. */
const CONVERSATIONS_SHOWN = 1000;

/** Who talks to whom, over what, and how it is protected; the largest first. */
export function conversationTable(assessment: Assessment, content: Digest): Markup {
  const shown = assessment.conversations.slice(0, CONVERSATIONS_SHOWN);
  const side = (end: { asset: string | null; ip: string | null; mac: string | null }) =>
    end.asset
      ? html`${content.name(end.asset)} <span class="soft">${end.ip}</span>`
      : html`<span class="soft">${end.ip ?? end.mac}</span>`;
  const rows = shown.map(
    (item) =>
      html`<tr><td>${side(item.client)}</td><td>${side(item.server)}</td><td>${item.application ?? 'not recognised'} <span class="soft">${item.transport} ${item.serverPort}</span></td><td>${protection(item.protection)}</td><td class="number">${integer(item.packetsFromClient + item.packetsFromServer)}</td><td class="number">${byteSize(item.bytesFromClient + item.bytesFromServer)}</td><td>${item.evidence.capture}, packet ${integer(item.evidence.packet)}</td></tr>`,
  );
  return html`<section id="conversations"><h2>Who talks to whom</h2>
${assessment.conversations.length > shown.length && html`<p>The ${integer(shown.length)} largest of ${integer(assessment.conversations.length)}; conversations.csv has all.</p>`}
<div class="scroll" tabindex="0" role="region" aria-label="Who talks to whom"><table>
<thead><tr><th scope="col">Client</th><th scope="col">Server</th><th scope="col">Protocol</th><th scope="col">Protection</th><th scope="col" class="number">Packets</th><th scope="col" class="number">Size</th><th scope="col">First seen in</th></tr></thead>
<tbody>${rows}</tbody></table></div></section>`;
}

function protection(value: string): Markup {
  if (value === 'unknown') return html`<span class="unknown">unknown</span>`;
  return value === 'clear' ? html`<span class="high">in clear</span>` : html`${value}`;
}
