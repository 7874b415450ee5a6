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
import { chromiumPath, type Scheme, type Stage, setStage, settle } from './stage.ts';
import { addFaultyFeed, addPolicy, addSboms, addScan, addWeakness } from './weakness.ts';

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
/** What another width can break; contrast costs more than all of them together, and was measured in both schemes. */
const rulesOfLayout: RunOptions = { ...everyRule, rules: { 'color-contrast': { enabled: false } } };

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

describe.skipIf(chromiumPath === null)(name, () => {
  let stage: Stage;
  const addresses: Record<string, string> = {};
  beforeAll(async () => {
    stage = await setStage();
    const [assets, conversations, findings, map, paths] = await Promise.all([
      stage.ask<AssetList>('/assets?limit=1&criticality=life-critical'),
      stage.ask<ConversationList>('/conversations?limit=1'),
      stage.ask<FindingList>('/findings?limit=1'),
      stage.ask<NetworkMap>('/map?group=function'),
      stage.ask<AttackPathsAnswer>('/attack-paths'),
    ]);
    const asset = assets.items[0]?.id;
    const affected = await addWeakness(stage);
    const sbom = await addSboms(stage);
    const [before] = (await stage.ask<{ items: { id: string }[] }>('/sboms?q=1.0')).items;
    const [part] = (await stage.ask<{ items: { id: number }[] }>('/components?q=left-pad')).items;
    await addScan(stage, assets.items[0]?.ips[0] ?? '');
    Object.assign(addresses, {
      overview: '/',
      assets: '/assets?criticality=life-critical',
      asset: `/assets/${asset}`,
      evidence: `/assets/${asset}?panel=attribute:class`,
      conversations: `/conversations?row=${conversations.items[0]?.id}`,
      findings: `/findings?row=${findings.items[0]?.id}`,
      vulnerabilities: '/vulnerabilities?row=CVE-2026-0003',
      'where a component is': `/components?row=${part?.id}`,
      'bills of materials': '/sboms',
      'a bill of materials': `/sboms/${sbom}?since=${before?.id}`,
      feeds: `/vulnerabilities/feeds?feed=${await addFaultyFeed(stage)}`,
      'affected asset': `/assets/${affected}`,
      risks: `/risks?row=${(await stage.ask<RiskList>('/risks?limit=1')).items[0]?.id}`,
      'risk board': '/risks/board',
      'risk indicators': '/risks/indicators',
      'attack paths': `/attack-paths?row=${paths.targets[0]?.asset}`,
      'a way on the map': `/map?path=${paths.targets[0]?.asset}`,
      map: `/map?node=${map.nodes[0]?.id}`,
      'map as a table': '/map?view=table&group=vlan',
      segmentation: '/segmentation',
      'proposals from traffic': '/segmentation/proposals',
      'a policy': await addPolicy(stage),
      register: '/register',
      'register import': '/register/import',
      captures: '/imports',
      backups: '/backups',
      keys: '/keys',
      ledger: '/ledger',
      'an act with its proof': '/ledger?row=1',
      account: '/account',
      people: '/people',
      'access requests': '/access',
      'emergency access': '/break-glass',
      'the sealed credential': '/sealed',
    });
  }, 240_000);
  afterAll(() => stage?.close());

  it('is kept on every page in light and dark colours, on a desk and on a tablet, without an error', async () => {
    const { page, context, faults } = await stage.open('light', desk);
    await context.addInitScript(axe.source);
    const met: string[] = [];
    for (const [title, address] of Object.entries(addresses)) {
      await page.goto(address);
      for (const { name: look, scheme, size, rules } of looks) {
        await page.emulateMedia({ colorScheme: scheme });
        await page.setViewportSize(size);
        await settle(page);
        await standStill(page);
        for (const violation of await violations(page, rules)) met.push(`${title}, ${look}: ${violation}`);
      }
    }
    await context.close();
    expect(met).toEqual([]);
    expect(faults).toEqual([]);
  }, 400_000);
});
