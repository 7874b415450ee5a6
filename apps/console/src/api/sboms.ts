import type {
  componentListResponse,
  componentProductsResponse,
  SbomAdded,
  sbomFindingsResponse,
  sbomListResponse,
  sbomPartsResponse,
} from '@wardline/model';
import { post } from './client.ts';

export type { ComponentRow, SbomDifferencesAnswer, SbomFinding, SbomRow } from '@wardline/model';

type Parsed<S extends { parse: (input: unknown) => unknown }> = ReturnType<S['parse']>;

export type ComponentList = Parsed<typeof componentListResponse>;
export type ComponentProducts = Parsed<typeof componentProductsResponse>;
export type SbomList = Parsed<typeof sbomListResponse>;
export type SbomParts = Parsed<typeof sbomPartsResponse>;
export type SbomFindings = Parsed<typeof sbomFindingsResponse>;

export interface NewSbom {
  name: string;
  text: string;
  vendor?: string | undefined;
  model?: string | undefined;
  software?: string | undefined;
}

/** @throws Error with the first fault and its place where the document is refused */
export async function addSbom(sbom: NewSbom, reason: string): Promise<void> {
  const { faults, outcome } = await post<SbomAdded>('/sboms', { ...sbom, reason });
  const [fault] = faults;
  if (outcome === 'refused') throw new Error([fault?.place, fault?.message].filter(Boolean).join(': '));
}
