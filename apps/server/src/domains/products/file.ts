import { type ProductFacts, productChecklist, timelinessOf } from '@wardline/compliance';
import {
  type Disclosure,
  formatMicros,
  type ProductFile,
  type ProductItem,
  type ProductRow,
  type ProductThreat,
} from '@wardline/model';
import type { Context } from '../../context.ts';
import { loadDisclosures } from '../disclosure/index.ts';
import { productThreats } from '../risk/index.ts';
import { assetsOfProduct, loadSuppliers } from '../suppliers/index.ts';
import { adviceReadAt, fieldOf, releasesOf, sbomsOf } from './held.ts';
import { PRODUCTS } from './limits.ts';
import { readProduct, readProducts, type StoredProduct } from './products.ts';
import { wordsAt } from './said.ts';
import { weaknessesOf } from './weaknesses.ts';

const DAY_MICROS = 86_400_000_000;

/** The product security file as it stands now. @throws Refusal where there is none */
export async function productFile(context: Context, id: string): Promise<ProductFile> {
  return await fileOf(context, await readProduct(context.database, id));
}

/** Every product with how it stands. */
export async function listProducts(context: Context): Promise<ProductRow[]> {
  const rows: ProductRow[] = [];
  for (const stored of await readProducts(context.database, PRODUCTS)) {
    const { id, revision, details, classLabel, added, modified, counts, timeliness, threats } = await fileOf(
      context,
      stored,
    );
    rows.push({ id, revision, details, classLabel, added, modified, counts, timeliness, threats });
  }
  return rows;
}

async function fileOf(context: Context, stored: StoredProduct): Promise<ProductFile> {
  const { database, knowledge } = context;
  const { id, details } = stored;
  const at = context.now();
  const assets = await assetsOfProduct(database, knowledge, details);
  const [sboms, releases] = [await sbomsOf(database, details), await releasesOf(database, details)];
  const newest = releases.find(({ withdrawn }) => !withdrawn) ?? null;
  const { findings, ...field } = await fieldOf(database, assets, newest?.version ?? null);
  const reports = await reportsOf(context, stored);
  const weaknesses = await weaknessesOf(database, { id, details, assets, releases, reports, at });
  const timeliness = timelinessOf(weaknesses, field);
  const threatModel = await productThreats(context, details.deviceClass, assets);
  const read = await adviceReadAt(database);
  const handling = {
    addresses: await addressesOf(context, details.vendor),
    reports: reports.map(({ number, received, closed, clocks, details: { title } }) => ({
      number,
      title,
      received,
      closed,
      overdue: clocks.filter(({ state }) => state === 'overdue').length,
    })),
    advisoriesRead: read === null ? null : formatMicros(read),
  };
  const facts: ProductFacts = {
    details,
    newest,
    sbom: sboms.find(({ software }) => software === newest?.version) ?? sboms[0] ?? null,
    weaknesses,
    timeliness,
    threats: standings(threatModel),
    handling: { ...handling, adviceDays: read === null ? null : Math.floor((at - read) / DAY_MICROS) },
    findings,
  };
  const checklist = productChecklist(knowledge.controls, facts, await wordsAt(database, id, at));
  return {
    ...stored,
    added: formatMicros(stored.added),
    modified: formatMicros(stored.modified),
    asOf: formatMicros(at),
    classLabel: knowledge.taxonomy.label(details.deviceClass || null),
    counts: countsOf(checklist),
    timeliness,
    threats: facts.threats,
    threatModel,
    sboms,
    releases,
    weaknesses,
    handling,
    checklist,
  };
}

function standings(threats: readonly ProductThreat[]): ProductRow['threats'] {
  const of = (standing: ProductThreat['standing']) =>
    threats.filter((one) => one.standing === standing).length;
  return { open: of('open'), unknown: of('unknown'), mitigated: of('mitigated') };
}

function countsOf(items: readonly ProductItem[]): ProductRow['counts'] {
  const of = (status: ProductItem['status']) => items.filter((one) => one.status === status).length;
  return { met: of('met'), 'not-met': of('not-met'), unknown: of('unknown') };
}

/** Reports that somebody told of the product. */
async function reportsOf(context: Context, { details }: StoredProduct): Promise<Disclosure[]> {
  const { vendors } = context.knowledge;
  const same = (model: string) => model.toLowerCase() === details.model.toLowerCase();
  return (await loadDisclosures(context)).filter(
    ({ details: told }) =>
      told.vendor !== '' && vendors.agree(told.vendor, details.vendor) && same(told.model),
  );
}

/** Where the manufacturer takes reports, by a `security.txt` that has not run out. */
async function addressesOf({ database, knowledge, now }: Context, vendor: string): Promise<string[]> {
  const today = formatMicros(now());
  return (await loadSuppliers(database, now()))
    .filter(({ details }) => knowledge.vendors.agree(details.name, vendor))
    .flatMap(({ disclosure }) =>
      disclosure === null || (disclosure.expires !== null && disclosure.expires < today)
        ? []
        : disclosure.contacts,
    );
}
