import type { Landscape, PathAsset, Remedy } from '../landscape.ts';
import { networkOf } from './conduits.ts';
import { findingOpening } from './finding-openings.ts';
import { footholdsOf, INTERNET } from './footholds.ts';
import { patches, weaknessOpenings } from './weakness-openings.ts';
import { type Hospital, type HospitalAsset, OUTSIDE_CLASS } from './words.ts';

/** A hospital as it is known → what attack paths are looked for in. Targets are what patients' lives hang on. */
export function landscapeOf(hospital: Hospital): Landscape {
  const known = new Map(hospital.assets.map((asset) => [asset.id, asset]));
  const network = networkOf(known, hospital.conversations);
  const { footholds, contacts, remedies } = footholdsOf(known, hospital.conversations);
  const found = hospital.findings.flatMap((finding) => {
    const asset = known.get(finding.asset);
    return asset === undefined ? [] : (findingOpening(finding, asset) ?? []);
  });
  const inside = hospital.assets.filter((asset) => asset.class !== OUTSIDE_CLASS);
  return {
    places: network.places,
    assets: [...inside.map((asset) => pathAsset(asset, network.placesOf.get(asset.id)!)), theInternet],
    openings: [...found.map(({ opening }) => opening), ...weaknessOpenings(hospital.weaknesses, known)],
    conduits: network.conduits,
    contacts: [...network.contacts, ...contacts],
    footholds,
    remedies: distinct([
      ...network.remedies,
      ...remedies,
      ...found.map(({ remedy }) => remedy),
      ...patches(hospital.weaknesses, known),
    ]),
  };
}

const theInternet: PathAsset = {
  id: INTERNET,
  name: 'the internet',
  places: [],
  services: [],
  target: false,
};

const pathAsset = (asset: HospitalAsset, places: readonly string[]): PathAsset => ({
  id: asset.id,
  name: asset.name,
  places,
  services: asset.services,
  target: asset.criticality === 'life-critical',
});

const distinct = (remedies: readonly Remedy[]): Remedy[] => [
  ...new Map(remedies.map((remedy) => [remedy.id, remedy])).values(),
];
