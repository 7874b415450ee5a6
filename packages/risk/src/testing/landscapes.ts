import fc from 'fast-check';
import { difficulties, type Landscape, reachGrounds } from '../paths/landscape.ts';

const PLACES = 3;
const ASSETS = 6;
export const REMEDIES = 7;
const SERVICES = ['tcp/22', 'tcp/80'];

const place = fc.nat(PLACES - 1).map((n) => `p${n}`);
const assetId = fc.nat(ASSETS - 1).map((n) => `a${n}`);
const remedyId = fc.nat(REMEDIES - 1).map((n) => `r${n}`);
const service = fc.constantFrom(...SERVICES);
const maybeService = fc.option(service);

const openings = fc.array(
  fc.record({
    asset: assetId,
    service: maybeService,
    difficulty: fc.constantFrom(...difficulties),
    effect: fc.constantFrom('control' as const, 'harm' as const),
    because: fc.constant('gives way'),
    evidence: fc.constant('e'),
    remedies: fc.uniqueArray(remedyId, { maxLength: 2 }),
  }),
  { maxLength: 10 },
);

/** Small hospitals at random: places, assets, what gives way, what passes and what takes it away. */
export const landscapes: fc.Arbitrary<Landscape> = fc.record({
  places: fc.constant([...Array(PLACES).keys()].map((n) => ({ id: `p${n}`, name: `place ${n}` }))),
  assets: fc.tuple(
    ...[...Array(ASSETS).keys()].map((n) =>
      fc.record({
        id: fc.constant(`a${n}`),
        name: fc.constant(`asset ${n}`),
        places: fc.uniqueArray(place, { maxLength: 2 }),
        services: fc.uniqueArray(service, { maxLength: 2 }),
        target: fc.constant(n >= ASSETS / 2),
      }),
    ),
  ),
  openings,
  conduits: fc.array(
    fc.record({
      from: place,
      to: place,
      service: maybeService,
      ground: fc.constantFrom(...reachGrounds),
      because: fc.constant('Passes.'),
      remedy: fc.option(remedyId),
    }),
    { maxLength: 6 },
  ),
  contacts: fc.array(fc.record({ from: assetId, to: assetId, service, because: fc.constant('Seen.') }), {
    maxLength: 4,
  }),
  footholds: fc.array(
    fc.oneof(
      fc.record({
        kind: fc.constant('internet' as const),
        asset: assetId,
        because: fc.constant('In.'),
        remedies: fc.constant([]),
      }),
      fc.record({
        kind: fc.constant('guest' as const),
        place,
        because: fc.constant('In.'),
        remedies: fc.uniqueArray(remedyId, { maxLength: 1 }),
      }),
    ),
    { maxLength: 2 },
  ),
  remedies: fc
    .array(fc.integer({ min: 1, max: 3 }), { minLength: REMEDIES, maxLength: REMEDIES })
    .map((efforts) =>
      efforts.map((effort, n) => ({ id: `r${n}`, kind: 'patch' as const, text: '.', assets: 1, effort })),
    ),
});
