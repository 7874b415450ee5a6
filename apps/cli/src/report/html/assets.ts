import { html, type Markup } from '@wardline/reports';
import { integer, minute } from '../../terminal/units.ts';
import type { AssessedAsset, Digest } from '../digest.ts';

/** Beyond it the page would be too large to open; assets.csv holds all. */
const ASSETS_SHOWN = 2000;
const CLAIMS_SHOWN = 60;

/** Every device with what is believed of it, and under it each claim with its evidence. */
export function assetDetails(content: Digest): Markup {
  const shown = content.assets.slice(0, ASSETS_SHOWN);
  const rows = shown.map(
    (asset) =>
      html`<tr><th scope="row"><a href="#${anchor(asset)}">${asset.name}</a></th><td>${classWords(asset, content)}</td><td>${critical(asset)}</td><td>${[asset.vendor, asset.model].filter(Boolean).join(' ') || unknown()}</td><td>${asset.ips.slice(0, 3).join(' ') || asset.macs[0]}</td><td>${asset.vlans.join(' ') || '–'}</td><td class="number">${asset.class === null ? '–' : `${Math.round(asset.confidence * 100)} %`}</td><td class="number">${integer(content.findingsOf(asset.id).length)}</td></tr>`,
  );
  const more = content.assets.length - shown.length;
  return html`<section id="devices"><h2>Devices</h2>
${more > 0 && html`<p>The first ${integer(shown.length)} of ${integer(content.assets.length)}; assets.csv has all.</p>`}
<div class="scroll" tabindex="0" role="region" aria-label="Devices"><table>
<thead><tr><th scope="col">Name</th><th scope="col">What it is</th><th scope="col">Criticality</th><th scope="col">Make and model</th><th scope="col">Address</th><th scope="col">VLAN</th><th scope="col" class="number">Sure</th><th scope="col" class="number">Findings</th></tr></thead>
<tbody>${rows}</tbody></table></div>
<h3>Why we believe so</h3>
${shown.map((asset) => assetDetail(asset, content))}</section>`;
}

/** Ids are made by us of letters and digits; anything else would end the attribute's meaning as a link target. */
function anchor(asset: AssessedAsset): string {
  return `device-${asset.id.replaceAll(/[^\w-]/g, '-')}`;
}

function unknown(): Markup {
  return html`<span class="unknown">unknown</span>`;
}

function critical(asset: AssessedAsset): Markup {
  if (asset.criticality === 'life-critical') return html`<span class="life">life-critical</span>`;
  return asset.criticality === 'unknown' ? unknown() : html`${asset.criticality}`;
}

function classWords(asset: AssessedAsset, content: Digest): Markup {
  return asset.class === null ? unknown() : html`${content.classLabel(asset)}`;
}

function assetDetail(asset: AssessedAsset, content: Digest): Markup {
  return html`<details id="${anchor(asset)}"><summary><strong>${asset.name}</strong>: ${content.classLabel(asset)}</summary>
<p>${asset.conclusions.class?.reason}</p>
<dl>${facts(asset)}</dl>
${conflicts(asset)}${services(asset)}${claims(asset)}${joins(asset)}</details>`;
}

function facts(asset: AssessedAsset): Markup[] {
  const lines: [string, string | null][] = [
    ...([
      ['Serial', asset.serial],
      ['Software', asset.software],
      ['Operating system', asset.os],
    ] as [string, string | null][]),
    ['Patient data', asset.dataSensitivity],
    ['Host names', asset.hostnames.join(', ') || null],
    ['MAC addresses', asset.macs.join(', ') || null],
    ['IP addresses', asset.ips.join(', ') || null],
    ['Seen', `${minute(asset.firstSeen)} to ${minute(asset.lastSeen)} UTC`],
  ];
  return lines.map(([term, value]) => html`<dt>${term}</dt><dd>${value ?? unknown()}</dd>`);
}

function conflicts(asset: AssessedAsset): Markup | null {
  const items = Object.entries(asset.conclusions).flatMap(([attribute, conclusion]) =>
    (conclusion?.conflicts ?? []).map(
      (rival) => html`<li>${attribute} could also be ${rival.value}: ${rival.reason}</li>`,
    ),
  );
  return items.length === 0 ? null : html`<p>Evidence against:</p><ul>${items}</ul>`;
}

function services(asset: AssessedAsset): Markup | null {
  if (asset.services.length === 0) return null;
  const rows = asset.services.map(
    (service) =>
      html`<tr><td>${service.transport} ${service.port}</td><td>${service.application ?? 'not recognised'}</td><td>${service.protection}</td><td class="number">${integer(service.clients)}</td><td>${service.evidence.capture}, packet ${integer(service.evidence.packet)}</td></tr>`,
  );
  return html`<table><caption>Services that answered</caption><thead><tr><th scope="col">Port</th><th scope="col">Protocol</th><th scope="col">Protection</th><th scope="col" class="number">Clients</th><th scope="col">Evidence</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function claims(asset: AssessedAsset): Markup | null {
  if (asset.claims.length === 0) return null;
  const shown = asset.claims.slice(0, CLAIMS_SHOWN);
  const rows = shown.map((claim) => {
    const proof = claim.evidence
      .map((item) => `${item.capture}, packet ${integer(item.packet)}`)
      .slice(0, 3)
      .join('; ');
    return html`<tr><td>${claim.attribute}</td><td>${claim.value}</td><td>${claim.reason}</td><td>${claim.strength}</td><td>${proof || claim.source}</td></tr>`;
  });
  return html`<table><caption>Claims${asset.claims.length > shown.length && `, the first ${integer(shown.length)} of ${integer(asset.claims.length)}`}</caption><thead><tr><th scope="col">Of</th><th scope="col">Value</th><th scope="col">Why</th><th scope="col">Strength</th><th scope="col">Evidence</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function joins(asset: AssessedAsset): Markup | null {
  if (asset.joins.length === 0) return null;
  return html`<p>Several addresses, one device, because:</p><ul>${asset.joins.slice(0, 20).map((join) => html`<li>${join.reason}</li>`)}</ul>`;
}
