/** `node apps/console/src/e2e/screenshots.ts [FOLDER [NAME…]]`: the README's pictures, or every page, or those named, in every look into FOLDER. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
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
import { repository, type Scheme, type Stage, setStage, settle } from './stage.ts';
import { addSupplies } from './supplies.ts';
import { addUsage } from './usage.ts';
import { gravestStory } from './watch.ts';
import { addFaultyFeed, addPolicy, addSboms } from './weakness.ts';

/** WebGL and virtual rows are drawn a frame or two after their data is there. */
const DRAWN_MILLISECONDS = 1200;
const pictures = join(repository, 'docs/images');
const desk = { width: 1440, height: 900 };
/** Smaller, so that each picture of the README stays below 300 KB. */
const readme = { width: 1280, height: 800 };
const tablet = { width: 1024, height: 768 };
const upright = { width: 820, height: 1180 };

async function addressesOf(stage: Stage): Promise<Record<string, string>> {
  const assets = await stage.ask<AssetList>('/assets?limit=200&criticality=life-critical');
  const asset = [...assets.items].sort((a, b) => b.peers - a.peers)[0]?.id;
  const conversations = await stage.ask<ConversationList>('/conversations?limit=5');
  const findings = await stage.ask<FindingList>('/findings?limit=5&sort=severity&order=asc');
  const map = await stage.ask<NetworkMap>('/map?group=function');
  const paths = await stage.ask<AttackPathsAnswer>('/attack-paths');
  const target = paths.targets[0]?.asset;
  const sbom = await addSboms(stage);
  const [before] = (await stage.ask<{ items: { id: string }[] }>('/sboms?q=1.0')).items;
  const [part] = (await stage.ask<{ items: { id: number }[] }>('/components?q=left-pad')).items;
  const used = await addUsage(stage);
  const rollout = await addRollout(stage);
  await addPolicy(stage);
  const point = await addEnforcementPoint(stage);
  const supplies = await addSupplies(stage);
  return {
    overview: '/',
    assets: '/assets',
    asset: `/assets/${asset}`,
    evidence: `/assets/${asset}?panel=attribute:class`,
    conversations: `/conversations?row=${conversations.items[0]?.id}`,
    findings: `/findings?row=${findings.items[0]?.id}`,
    map: '/map',
    'map-node': `/map?group=vlan&node=${map.nodes[0]?.id}`,
    'map-table': '/map?view=table',
    vulnerabilities: '/vulnerabilities',
    components: `/components?row=${part?.id}`,
    sboms: '/sboms',
    sbom: `/sboms/${sbom}?since=${before?.id}`,
    feeds: `/vulnerabilities/feeds?feed=${await addFaultyFeed(stage)}`,
    risks: '/risks',
    risk: `/risks?row=${(await stage.ask<RiskList>('/risks?limit=1')).items[0]?.id}`,
    'risk-board': '/risks/board',
    'risk-indicators': '/risks/indicators',
    stories: '/stories',
    story: `/stories/${await gravestStory(stage)}`,
    alerts: '/alerts',
    watch: '/watch',
    wireless: '/wireless',
    rules: '/rules',
    'watch-class': '/watch?class=infusion-pump',
    plan: '/plan',
    usage: '/usage',
    'usage-class': `/usage?class=${used.class}`,
    'usage-asset': `/assets/${used.asset}`,
    threats: '/threats',
    'threat-class': '/threats?class=infusion-pump',
    'attack-paths': '/attack-paths',
    'attack-path': `/attack-paths?row=${target}`,
    segmentation: '/segmentation',
    enforcement: '/enforcement',
    point,
    'attack-path-map': `/map?path=${target}`,
    register: '/register',
    'register-import': '/register/import',
    captures: '/imports',
    controls: '/controls',
    control: '/controls?control=hipaa-security%3A164.312(e)(2)(ii)',
    assessment: '/risk-assessment',
    reports: '/reports',
    ledger: '/ledger',
    account: '/account',
    people: '/people',
    backups: '/backups',
    keys: '/keys',
    firmware: '/firmware',
    signing: '/firmware/signing',
    boots: '/boots',
    supplicants: '/supplicants',
    rollout: `/firmware/rollouts/${rollout.rollout}`,
    'asset-firmware': `/assets/${rollout.asset}`,
    disclosures: '/disclosures',
    disclosure: '/disclosures/1',
    recalls: '/recalls',
    products: '/products',
    product: `/products/${supplies.product}`,
    recall: `/recalls/${supplies.recall}`,
    'ledger-proof': '/ledger?row=1',
  };
}

async function picture(
  stage: Stage,
  addresses: Record<string, string>,
  folder: string,
  names: string[],
  scheme: Scheme,
  size: typeof desk,
  suffix: string,
) {
  const { page, context, faults } = await stage.open(scheme, size);
  for (const name of names.length > 0 ? names : Object.keys(addresses)) {
    await page.goto(addresses[name] ?? '/');
    await settle(page);
    await page.waitForTimeout(DRAWN_MILLISECONDS);
    await page.screenshot({ path: join(folder, `${name}${suffix}.png`) });
  }
  await context.close();
  if (faults.length > 0) process.stderr.write(`${suffix}: ${faults.join('\n')}\n`);
}

const stage = await setStage();
try {
  const [folder, ...names] = process.argv.slice(2);
  const addresses = await addressesOf(stage);
  if (folder === undefined) {
    await picture(stage, addresses, pictures, ['overview', 'asset', 'map'], 'light', readme, '');
  } else {
    mkdirSync(folder, { recursive: true });
    await picture(stage, addresses, folder, names, 'light', desk, '-light');
    await picture(stage, addresses, folder, names, 'dark', desk, '-dark');
    await picture(stage, addresses, folder, names, 'light', tablet, '-tablet');
    await picture(stage, addresses, folder, names, 'dark', upright, '-upright');
  }
} finally {
  await stage.close();
}
