import axe, { type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RiskList } from '../api/risks.ts';
import type {
  AssetList,
  AttackPathsAnswer,
  ConversationList,
  FindingList,
  NetworkMap,
} from '../api/types.ts';
import { addEnforcementPoint } from './enforcement.ts';
import { addRollout } from './firmware.ts';
import { chromiumPath, type Scheme, type Stage, setStage, settle, type Window } from './stage.ts';
import { addSupplies, type Supplies } from './supplies.ts';
import { addUsage } from './usage.ts';
import { gravestStory } from './watch.ts';
import {
  addFaultyFeed,
  addIncident,
  addPolicy,
  addSboms,
  addScan,
  addSecret,
  addWeakness,
} from './weakness.ts';

const name = chromiumPath ? 'WCAG 2.2 AA' : 'WCAG 2.2 AA (skipped: no chromium on this machine)';

const everyRule: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  resultTypes: ['violations'],
};
/** What other colours can break. */
const rulesOfColour: RunOptions = {
  ...everyRule,
  runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
};
/** What another width can break: what is hidden, moved or made narrow. */
const rulesOfLayout: RunOptions = {
  ...everyRule,
  runOnly: {
    type: 'rule',
    values: ['aria-hidden-focus', 'button-name', 'link-name', 'scrollable-region-focusable', 'target-size'],
  },
};

interface Look {
  name: string;
  scheme: Scheme;
  size: { width: number; height: number };
  rules: RunOptions;
}

const desk = { width: 1440, height: 900 };
const looks: readonly Look[] = [
  { name: 'light on a desk', scheme: 'light', size: desk, rules: everyRule },
  { name: 'dark on a desk', scheme: 'dark', size: desk, rules: rulesOfColour },
  {
    name: 'dark on an upright tablet',
    scheme: 'dark',
    size: { width: 820, height: 1180 },
    rules: rulesOfLayout,
  },
];

/** Colours of a scheme that has just changed fade in, and nobody should measure them half-way. */
async function standStill(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((drawn) => requestAnimationFrame(drawn));
    const ending = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}

/** Serious and critical violations, each with the first place it was met. */
async function violations(page: Page, rules: RunOptions): Promise<string[]> {
  const { violations: found } = await page.evaluate(
    (options) => (globalThis as unknown as { axe: typeof axe }).axe.run(document, options),
    rules,
  );
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
}

/** What the addresses of pages are made of: what the sample holds, and what was added to it. */
interface Given {
  asset: string;
  conversation: string;
  finding: string;
  affected: string;
  sbom: string;
  sbomBefore: string;
  part: number;
  feed: string;
  risk: string;
  target: string;
  node: string;
  policy: string;
  point: string;
  supplies: Supplies;
  incident: number;
  story: string;
  secret: string;
  used: { asset: string; class: string };
  rollout: { rollout: string; asset: string };
}

const pages: Readonly<Record<string, (given: Given) => string>> = {
  overview: () => '/',
  assets: () => '/assets?criticality=life-critical',
  asset: ({ asset }) => `/assets/${asset}`,
  evidence: ({ asset }) => `/assets/${asset}?panel=attribute:class`,
  conversations: ({ conversation }) => `/conversations?row=${conversation}`,
  findings: ({ finding }) => `/findings?row=${finding}`,
  vulnerabilities: () => '/vulnerabilities?row=CVE-2026-0003',
  'where a component is': ({ part }) => `/components?row=${part}`,
  'bills of materials': () => '/sboms',
  'a bill of materials': ({ sbom, sbomBefore }) => `/sboms/${sbom}?since=${sbomBefore}`,
  feeds: ({ feed }) => `/vulnerabilities/feeds?feed=${feed}`,
  'affected asset': ({ affected }) => `/assets/${affected}`,
  risks: ({ risk }) => `/risks?row=${risk}`,
  'risk board': () => '/risks/board',
  'risk indicators': () => '/risks/indicators',
  'patch plan': () => '/plan',
  wireless: () => '/wireless',
  utilisation: () => '/usage',
  'utilisation of a class': ({ used }) => `/usage?class=${used.class}`,
  'an asset with its use': ({ used }) => `/assets/${used.asset}`,
  'threat models': () => '/threats',
  'threats to a class': () => '/threats?class=infusion-pump',
  stories: () => '/stories',
  'a story': ({ story }) => `/stories/${story}`,
  alerts: () => '/alerts',
  'what the watch has learnt': () => '/watch',
  'what a kind of device does': () => '/watch?class=infusion-pump',
  'rules of your own': () => '/rules',
  incidents: () => '/incidents',
  'an incident': ({ incident }) => `/incidents/${incident}`,
  'attack paths': ({ target }) => `/attack-paths?row=${target}`,
  'a way on the map': ({ target }) => `/map?path=${target}`,
  map: ({ node }) => `/map?node=${node}`,
  'map as a table': () => '/map?view=table&group=vlan',
  segmentation: () => '/segmentation',
  'proposals from traffic': () => '/segmentation/proposals',
  'a policy': ({ policy }) => policy,
  enforcement: () => '/enforcement',
  'an enforcement point': ({ point }) => point,
  lifecycle: () => '/lifecycle',
  recalls: () => '/recalls',
  'a recall': ({ supplies }) => `/recalls/${supplies.recall}`,
  suppliers: () => '/suppliers',
  disclosure: () => '/disclosures',
  'a report of a weakness': () => '/disclosures/1',
  products: () => '/products',
  'a product': ({ supplies }) => `/products/${supplies.product}`,
  "a maker's form": ({ supplies }) => `/mds2/${supplies.form}?section=AUDT`,
  procurement: ({ supplies }) => `/purchases?beside=${supplies.beside}`,
  'a purchase': ({ supplies }) => `/purchases/${supplies.purchase}`,
  certificates: () => '/certificates',
  enrolment: () => '/enrolments',
  'Wi-Fi and 802.1X': () => '/supplicants',
  firmware: () => '/firmware',
  'signing ceremony': () => '/firmware/signing',
  attestation: () => '/boots',
  'a rollout': ({ rollout }) => `/firmware/rollouts/${rollout.rollout}`,
  'an asset with firmware': ({ rollout }) => `/assets/${rollout.asset}`,
  register: () => '/register',
  'register import': () => '/register/import',
  captures: () => '/imports',
  backups: () => '/backups',
  keys: () => '/keys',
  sites: () => '/sites',
  'receivers of alerts': () => '/receivers',
  controls: () => '/controls',
  'a control with its evidence': () => '/controls?control=hipaa-security%3A164.312(a)(2)(i)',
  'risk assessment': () => '/risk-assessment',
  reports: () => '/reports',
  secrets: ({ secret }) => `/secrets?row=${secret}`,
  ledger: () => '/ledger',
  'an act with its proof': () => '/ledger?row=1',
  account: () => '/account',
  people: () => '/people',
  'access requests': () => '/access',
  'emergency access': () => '/break-glass',
  'the sealed credential': () => '/sealed',
};

async function giveAll(stage: Stage): Promise<Given> {
  const [assets, conversations, findings, map, paths] = await Promise.all([
    stage.ask<AssetList>('/assets?limit=1&criticality=life-critical'),
    stage.ask<ConversationList>('/conversations?limit=1'),
    stage.ask<FindingList>('/findings?limit=1'),
    stage.ask<NetworkMap>('/map?group=function'),
    stage.ask<AttackPathsAnswer>('/attack-paths'),
  ]);
  const affected = await addWeakness(stage);
  const sbom = await addSboms(stage);
  await addScan(stage, assets.items[0]?.ips[0] ?? '');
  const policy = await addPolicy(stage);
  return {
    asset: assets.items[0]!.id,
    conversation: conversations.items[0]!.id,
    finding: findings.items[0]!.id,
    affected,
    sbom,
    sbomBefore: (await stage.ask<{ items: { id: string }[] }>('/sboms?q=1.0')).items[0]!.id,
    part: (await stage.ask<{ items: { id: number }[] }>('/components?q=left-pad')).items[0]!.id,
    feed: await addFaultyFeed(stage),
    risk: (await stage.ask<RiskList>('/risks?limit=1')).items[0]!.id,
    target: paths.targets[0]!.asset,
    node: map.nodes[0]!.id,
    policy,
    point: await addEnforcementPoint(stage),
    supplies: await addSupplies(stage),
    incident: await addIncident(stage, assets.items[0]!.id),
    story: await gravestStory(stage),
    secret: await addSecret(stage, assets.items[0]!.id),
    used: await addUsage(stage),
    rollout: await addRollout(stage),
  };
}

/**
 * Goes to a page as a link does, without loading the whole console anew; by way of an address that has none, so that what stands there
 * afterwards is the new page.
 */
async function visit(page: Page, address: string): Promise<void> {
  const turn = (to: string) => page.evaluate((next) => globalThis.history.pushState(null, '', next), to);
  const nowhere = page.getByText('There is no such page');
  await turn('/no-such-page');
  await nowhere.waitFor();
  await turn(address);
  await nowhere.waitFor({ state: 'detached' });
}

describe.skipIf(chromiumPath === null)(name, () => {
  let stage: Stage;
  let window: Window;
  let given: Given;
  beforeAll(async () => {
    stage = await setStage();
    given = await giveAll(stage);
    window = await stage.open('light', desk);
    await window.context.addInitScript(axe.source);
    await window.page.goto('/');
  }, 240_000);
  afterAll(() => stage?.close());

  it.each(Object.keys(pages))(
    'is kept on the page “%s” in light and dark colours, on a desk and on a tablet',
    async (title) => {
      const { page, faults } = window;
      const met: string[] = [];
      await visit(page, pages[title]!(given));
      for (const { name: look, scheme, size, rules } of looks) {
        await page.emulateMedia({ colorScheme: scheme });
        await page.setViewportSize(size);
        await settle(page);
        await standStill(page);
        for (const violation of await violations(page, rules)) met.push(`${look}: ${violation}`);
      }
      expect(met).toEqual([]);
      expect(faults.splice(0)).toEqual([]);
    },
  );
});
