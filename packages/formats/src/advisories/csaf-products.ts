import type { ProductIdentity } from './advisory.ts';
import { listOf, type Tree, textOf, textsOf, treeOf, treesOf } from './tree.ts';

/** A product of a CSAF product tree; `within` is the product that it is a part of (CSAF 2.0 §3.2.2.4). */
export interface CsafProduct {
  identity: ProductIdentity;
  within: ProductIdentity | null;
}

export type CsafProducts = ReadonlyMap<string, CsafProduct>;

/** What the branches above a product say of it. */
interface Trail {
  vendor: string | null;
  names: readonly string[];
  versions: readonly string[];
}

/** All products by their id: of branches, of `full_product_names` and of relationships. */
export function csafProducts(tree: Tree): CsafProducts {
  const products = new Map<string, CsafProduct>();
  const root: Trail = { vendor: null, names: [], versions: [] };
  const open = treesOf(tree.branches).map((branch) => ({ branch, trail: root }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const trail = further(next.trail, next.branch);
    addProduct(products, treeOf(next.branch.product), trail);
    for (const branch of treesOf(next.branch.branches)) open.push({ branch, trail });
  }
  for (const product of treesOf(tree.full_product_names)) addProduct(products, product, root);
  for (const relationship of treesOf(tree.relationships)) relate(products, relationship);
  return products;
}

/** CSAF 2.0 §3.1.2.2: the categories that name a product, a version or the vendor. */
function further(trail: Trail, branch: Tree): Trail {
  const name = textOf(branch.name);
  if (name === null) return trail;
  switch (branch.category) {
    case 'vendor':
      return { ...trail, vendor: name };
    case 'product_family':
    case 'product_name':
      return { ...trail, names: [...trail.names, name] };
    case 'product_version':
    case 'product_version_range':
    case 'service_pack':
    case 'patch_level':
      return { ...trail, versions: [...trail.versions, name] };
    default:
      return trail;
  }
}

function addProduct(products: Map<string, CsafProduct>, product: Tree, trail: Trail): void {
  const id = textOf(product.product_id);
  if (id === null) return;
  const helper = treeOf(product.product_identification_helper);
  const identity: ProductIdentity = {
    vendor: trail.vendor,
    name: trail.names.at(-1) ?? textOf(product.name) ?? id,
    models: [...textsOf(helper.model_numbers), ...textsOf(helper.skus)],
    serials: textsOf(helper.serial_numbers),
    cpe: textOf(helper.cpe),
    purl: textOf(helper.purl),
    versions: trail.versions,
  };
  products.set(id, { identity, within: null });
}

/** `A default_component_of B`, `A installed_on B`: what is said of the pair is said of A inside B. */
function relate(products: Map<string, CsafProduct>, relationship: Tree): void {
  const id = textOf(treeOf(relationship.full_product_name).product_id);
  const part = products.get(textOf(relationship.product_reference) ?? '');
  const whole = products.get(textOf(relationship.relates_to_product_reference) ?? '');
  if (id === null || part === undefined || whole === undefined) return;
  products.set(id, { identity: part.identity, within: whole.identity });
}

/** The ids that a list names, groups opened (CSAF 2.0 §3.2.2.3). */
export function namedProducts(tree: Tree): (ids: unknown, groups: unknown) => Set<string> {
  const groups = new Map(
    treesOf(tree.product_groups).map((group) => [textOf(group.group_id), textsOf(group.product_ids)]),
  );
  return (ids, named) =>
    new Set([...textsOf(ids), ...listOf(named).flatMap((id) => groups.get(textOf(id)) ?? [])]);
}
