/** Sightings and knowledge → what an asset is, and why; the register held against it. */
export { characterise, type Observations } from './characterise/characterise.ts';
export { isOnlyNamed } from './characterise/named-machines.ts';
export { endpointsOf, type ObservedEndpoint } from './endpoints.ts';
export { type Identified, type IdentifyInput, identify } from './identify.ts';
export { identityKinds, isIdentityKind } from './identity-kinds.ts';
export { reconcile } from './reconcile/reconcile.ts';
export { type AssetGroup, type ResolveInput, resolve } from './resolve/resolve.ts';
